/** Which AWS services a policy's private services stand for. */
import type { NeutralService, PrivateService } from '../policy/model';
import { compare } from '../policy/rules';

/** One VPC endpoint to make. */
export interface EndpointNeed {
  /** AWS's short name: `ecr.api`. */
  readonly name: string;
  /** `interface` has an address in each zone; `gateway` is a route, and free of charge. */
  readonly kind: 'interface' | 'gateway';
  /** What asked for it, sorted by name. */
  readonly services: readonly PrivateService[];
}

/**
 * What a workload needs to use each service with no other way out.
 *
 * ECR keeps image layers in S3, so both need it. The Kubernetes list is the one for private EKS
 * clusters: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
const CATALOG: Readonly<Record<NeutralService, readonly string[]>> = {
  'container-registry': ['ecr.api', 'ecr.dkr', 's3'],
  database: ['dynamodb', 'rds'],
  kubernetes: ['ec2', 'ecr.api', 'ecr.dkr', 'eks', 'eks-auth', 'elasticloadbalancing', 'logs', 's3', 'sts'],
  logs: ['logs'],
  metrics: ['monitoring'],
  'object-storage': ['s3'],
  queue: ['sqs'],
  secrets: ['kms', 'secretsmanager'],
  'session-access': ['ec2messages', 'ssm', 'ssmmessages'],
};

/** What has a gateway endpoint; DynamoDB's interface endpoint has no private DNS, so it has only that. */
const GATEWAYS: Readonly<Record<string, readonly EndpointNeed['kind'][]>> = {
  dynamodb: ['gateway'],
  s3: ['gateway', 'interface'],
};

/**
 * The endpoints for a list of services: each once, sorted by name and kind.
 *
 * A gateway endpoint leads to public addresses, and only segments with allowed hosts exchange
 * packets with those (a network ACL cannot name a prefix list). So S3 always has an interface
 * endpoint, and the gateway beside it catches the names that private DNS does not cover, such as
 * the global `<bucket>.s3.amazonaws.com`.
 *
 * @param gateways whether some segment can use a gateway endpoint at all.
 */
export function endpointNeeds(services: readonly PrivateService[], gateways: boolean): readonly EndpointNeed[] {
  const wanted = new Map<string, PrivateService[]>();
  for (const service of services) {
    for (const name of awsNames(service)) wanted.set(name, [...(wanted.get(name) ?? []), service]);
  }
  return [...wanted.keys()].sort(compare).flatMap((name) => {
    const by = [...wanted.get(name)!].sort((a, b) => compare(a.name, b.name));
    const kinds = GATEWAYS[name] ?? (['interface'] as const);
    return kinds.filter((kind) => gateways || kind !== 'gateway').map((kind) => ({ name, kind, services: by }));
  });
}

/** The services asked for by AWS's own name that get no endpoint at all. */
export function withoutEndpoint(services: readonly PrivateService[], needs: readonly EndpointNeed[]): readonly string[] {
  const made = new Set(needs.map((need) => need.name));
  return services.filter((service) => service.cloud && !made.has(service.name)).map((service) => service.name);
}

/** The full name of a service: `com.amazonaws.us-east-1.s3`. A name that is full already stays. */
export function serviceName(region: string, name: string): string {
  return name.startsWith('com.amazonaws.') ? name : `com.amazonaws.${region}.${name}`;
}

function awsNames(service: PrivateService): readonly string[] {
  return service.cloud ? [service.name] : (CATALOG[service.name as NeutralService] ?? [service.name]);
}
