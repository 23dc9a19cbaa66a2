/** Which AWS services a policy's private services stand for. */
import { AWS_ENDPOINT_PRESETS, type AwsEndpointPreset } from './aws-endpoint-presets';
import type { NeutralService, PrivateService } from './model';
import { compare } from './rules';

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
 * ECR keeps image layers in S3, so both need it.
 */
const CATALOG: Readonly<Record<NeutralService, readonly string[]>> = {
  'container-registry': ['ecr.api', 'ecr.dkr', 's3'],
  database: ['dynamodb', 'rds'],
  kubernetes: AWS_ENDPOINT_PRESETS.eks.services,
  logs: ['logs'],
  metrics: ['monitoring'],
  'object-storage': ['s3'],
  queue: ['sqs'],
  secrets: ['kms', 'secretsmanager'],
  'session-access': AWS_ENDPOINT_PRESETS.ssm.services,
};

/**
 * Services whose interface endpoint cannot answer to the usual name: clients have to be told the
 * endpoint's own. AWS refuses `private_dns_enabled` for them.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-streams.html
 */
const WITHOUT_PRIVATE_DNS: ReadonlySet<string> = new Set(['dynamodb', 'dynamodb-streams']);

/** The sets of an environment as services by AWS's names. */
export function presetServices(presets: readonly AwsEndpointPreset[]): readonly PrivateService[] {
  const names = presets.flatMap((preset): readonly string[] => AWS_ENDPOINT_PRESETS[preset].services);
  return [...new Set(names)].sort(compare).map((name) => ({ name, cloud: 'aws' }));
}

/** A service that has a gateway endpoint, and whether its interface endpoint stays. */
export interface GatewayKind {
  readonly service: string;
  readonly interfaceEndpoint: boolean;
}

/** AWS's short names of what a list of services needs, each once, sorted. */
export function serviceNames(services: readonly PrivateService[]): readonly string[] {
  return [...new Set(services.flatMap(awsNames))].sort(compare);
}

/**
 * The endpoints for a list of services: each once, sorted by name and kind.
 *
 * While an interface endpoint of S3 stands, the usual regional names lead to it, and the gateway
 * catches what private DNS does not cover: the global `<bucket>.s3.amazonaws.com`, and all names of
 * DynamoDB. See docs/adr/0006-gateway-endpoints.md.
 *
 * @param gateways the services with a gateway endpoint.
 */
export function endpointNeeds(services: readonly PrivateService[], gateways: readonly GatewayKind[]): readonly EndpointNeed[] {
  const wanted = new Map<string, PrivateService[]>();
  for (const service of services) {
    for (const name of awsNames(service)) wanted.set(name, [...(wanted.get(name) ?? []), service]);
  }
  return [...wanted.keys()].sort(compare).flatMap((name) => {
    const by = distinct([...wanted.get(name)!].sort((a, b) => compare(a.name, b.name)));
    const gateway = gateways.find(({ service }) => service === name);
    const kinds: readonly EndpointNeed['kind'][] = gateway ? ['gateway', ...(gateway.interfaceEndpoint ? ['interface' as const] : [])] : ['interface'];
    return kinds.map((kind) => ({ name, kind, services: by }));
  });
}

/** Whether the service's usual name can lead to its interface endpoint. */
export function hasPrivateDns(name: string): boolean {
  return !WITHOUT_PRIVATE_DNS.has(name);
}

function distinct(services: readonly PrivateService[]): readonly PrivateService[] {
  return services.filter((service, index) => services.findIndex((other) => other.name === service.name && other.cloud === service.cloud) === index);
}

/** The full name of a service: `com.amazonaws.us-east-1.s3`. A name that is full already stays. */
export function serviceName(region: string, name: string): string {
  return name.startsWith('com.amazonaws.') ? name : `com.amazonaws.${region}.${name}`;
}

function awsNames(service: PrivateService): readonly string[] {
  return service.cloud ? [service.name] : (CATALOG[service.name as NeutralService] ?? [service.name]);
}
