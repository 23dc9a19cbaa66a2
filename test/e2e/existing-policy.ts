/** The policy for a VPC that somebody else made. */
import { stringify } from 'yaml';

export const ZONE = 'us-east-1a';
export const RANGE = '10.70.0.0/16';

/** A subnet as the policy names it. */
export interface NamedSubnet {
  readonly id: string;
  readonly cidr: string;
}

export interface ExistingVpc {
  readonly vpcId: string;
  readonly internetGatewayId: string;
  readonly logBucket: string;
  /** By segment. */
  readonly subnets: Readonly<Record<string, NamedSubnet>>;
}

/** The policy for such a network. */
export function existingPolicy({ vpcId, internetGatewayId, logBucket, subnets }: ExistingVpc, emptyDefaults = false): string {
  return stringify({
    organization: 'acme',
    allow: [{ host: 'api.stripe.com', from: ['payments'], owner: 'payments-team', reason: 'card capture' }],
    segments: [
      { name: 'edge', tier: 'public', accepts: [{ from: 'internet', ports: [443] }] },
      { name: 'payments', tier: 'private', accepts: [{ from: 'edge', ports: [8443] }] },
      { name: 'ledger', tier: 'data', accepts: [{ from: 'payments', ports: [5432] }] },
    ],
    privateServices: ['secrets', 'container-registry', 'object-storage'],
    environments: [{
      name: 'theirs',
      deletionProtection: false,
      aws: {
        region: 'us-east-1', zones: [ZONE], cidr: RANGE,
        logs: { destination: 's3', bucket: `arn:aws:s3:::${logBucket}` },
        existingNetwork: {
          vpcId, internetGatewayId, freeCidr: '10.70.240.0/24', emptyDefaults,
          subnets: Object.fromEntries(Object.entries(subnets).map(([name, subnet]) => [name, { [ZONE]: subnet }])),
        },
      },
    }],
  });
}
