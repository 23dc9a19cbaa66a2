/** What remains possible through private endpoints, which no firewall stands before. */
import type { ResidualRisk } from '../egress-control';
import { compare } from '../policy/rules';

/** Whom and what the endpoints serve. */
export interface EndpointRiskContext {
  /** Names of all segments: each may call every endpoint. */
  readonly segments: readonly string[];
  /** Whether there is any endpoint. */
  readonly endpoints: boolean;
  /** Buckets of others that may be read, as the policy lists them. */
  readonly readableBuckets: readonly string[];
  /** Whether every account of the organization is served. */
  readonly organization: boolean;
}

/**
 * The risks of endpoints whose policies are those of `endpoint-policy.ts`, sorted by id.
 *
 * - A policy of an endpoint says whose resources are reached, and not what these do with what they are given.
 *   https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/building-a-data-perimeter-on-aws.html
 * - AWS promises to leave out of CloudTrail only calls that an endpoint's policy denies and that would have been allowed otherwise, so of
 *   credentials that may do nothing each call may be in their owner's log. https://docs.aws.amazon.com/kms/latest/developerguide/vpce-logging.html
 * - The addresses of link-local (metadata, time, DNS) are in reach of every instance whatever groups and ACLs say.
 *   https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export function endpointRisks({ segments, endpoints, readableBuckets, organization }: EndpointRiskContext): readonly ResidualRisk[] {
  const all = [...segments].sort(compare);
  const risks: readonly ResidualRisk[] = [
    {
      id: 'calls-recorded-elsewhere',
      summary: "An endpoint refuses credentials of another account, but AWS looks at the call first: what is refused may still be recorded, with its parameters and user agent, in the audit log of the account that the credentials are of.",
      mitigation: 'Record calls that endpoints refuse (CloudTrail, network activity events with VpceAccessDenied), alert on accounts that are not yours, and list no service that workloads do not call.',
      segments: endpoints ? all : [],
    },
    {
      id: 'instance-credentials',
      summary: "Every machine may ask the instance metadata service (169.254.169.254) for the credentials of its role, past groups, ACLs and firewall, and they work from anywhere on the internet.",
      mitigation: 'Require IMDSv2 with one hop, give roles little, and deny their use from outside of the network (aws:SourceVpc, or aws:EC2InstanceSourceVPC against aws:SourceVpc).',
      segments: all,
    },
    {
      id: 'readable-buckets',
      summary: `Objects of ${readableBuckets.join(', ')} may be read, and whoever owns such a bucket can see which were asked for, existing or not: a little data can leave in their names.`,
      mitigation: 'List no bucket but those of AWS and of your own organization.',
      segments: readableBuckets.length > 0 ? all : [],
    },
    {
      id: 'services-pass-on',
      summary: `Endpoints reach every resource of ${organization ? 'the organization' : 'this account'} that a role may use, and what such a resource does with data no network sees: a public bucket, a function outside of the network, a subscription to an address outside.`,
      mitigation: 'List no service that workloads do not call, give their roles named resources, and forbid public and outward resources by service and resource control policies.',
      segments: endpoints ? all : [],
    },
  ];
  return risks.filter((risk) => risk.segments.length > 0);
}
