/**
 * What answers behind an endpoint of VPC Lattice: one resource, or the members of a service network.
 * https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-network-associations.html
 * https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { isSet, textAt } from './read';

/** What joins a network to a service network without an endpoint of its own. */
export const NETWORK_ASSOCIATION = 'aws_vpclattice_service_network_vpc_association';

export interface LatticeTarget {
  /** Names, addresses and services that the plan puts behind it. */
  readonly names: readonly string[];
  /** What is not made in this plan, and may be shared by another account. */
  readonly foreign?: string;
  /** Names of the internet that resource gateways of the plan call for whoever may call it. */
  readonly hosts: readonly LatticeHost[];
}

export interface LatticeHost {
  readonly name: string;
  /** Sorted; empty means every port. */
  readonly ports: readonly number[];
  /** The resource configuration that says so. */
  readonly configuration: Resource;
  readonly gateways: readonly Resource[];
  /** Set for a name that public DNS does not have, or answers with private addresses: only the resolver of a network may answer it otherwise. */
  readonly inside?: 'private' | 'aws';
}

const CONFIGURATION = 'aws_vpclattice_resource_configuration';
const NAMED = ['resource_configuration_arn', 'service_network_arn', 'service_network_identifier'] as const;
/** By which a service network has its members. */
const MEMBERS: Readonly<Record<string, string>> = { aws_vpclattice_service_network_service_association: 'service_identifier', aws_vpclattice_service_network_resource_association: 'resource_configuration_identifier' };
const GATEWAY = 'resource_gateway_identifier';
const DEFINED = ['dns_resource[0].domain_name', 'ip_resource[0].ip_address', 'arn_resource[0].arn'].map((path) => `resource_configuration_definition[0].${path}`);

/** Undefined for what is no endpoint of Lattice. */
export function latticeTarget(graph: ResourceGraph, endpoint: Resource): LatticeTarget | undefined {
  const path = NAMED.find((each) => isSet(endpoint, each));
  if (path === undefined) return undefined;
  const text = textAt(endpoint, path);
  const led = madeHere(endpoint, path);
  if (led.length === 0) return { names: [], hosts: [], foreign: text ?? `what ${endpoint.address} leads to` };
  if (path === 'resource_configuration_arn') return { names: sorted(led.flatMap((each) => definedBy(graph, each))), hosts: led.flatMap((each) => hostsOf(graph, each)) };
  const joins = led.flatMap((network) => graph.referrers(network, Object.keys(MEMBERS))).filter(({ path: [name] }) => name === 'service_network_identifier').map(({ resource }) => resource);
  const members = joins.map((join) => ({ join, named: MEMBERS[join.type] as string })).map(({ join, named }) => ({ text: textAt(join, named) ?? join.address, made: madeHere(join, named) }));
  const foreign = members.find(({ made }) => made.length === 0)?.text;
  const names = members.flatMap(({ text: name, made }) => (made.length === 0 ? [name] : made.flatMap((each) => (each.type === CONFIGURATION ? definedBy(graph, each) : [each.address]))));
  const configurations = new Set(members.flatMap(({ made }) => made.filter(({ type }) => type === CONFIGURATION)));
  return { names: sorted(names), hosts: [...configurations].flatMap((each) => hostsOf(graph, each)), ...(foreign === undefined ? {} : { foreign }) };
}

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

function madeHere(resource: Resource, path: string): readonly Resource[] {
  return resource.references(path).targets.filter((target) => target !== resource && target.mode === 'managed');
}

/** Itself and those of its group. */
function within(graph: ResourceGraph, configuration: Resource): readonly Resource[] {
  return [configuration, ...graph.referrers(configuration, [CONFIGURATION]).filter(({ path }) => path[0] === 'resource_configuration_group_id').map(({ resource }) => resource)];
}

/** What a configuration says that it is. */
function definedBy(graph: ResourceGraph, configuration: Resource): readonly string[] {
  return within(graph, configuration).flatMap((each) => DEFINED.flatMap((path) => textAt(each, path) ?? []));
}

/** Names that are no hosts of the internet. */
const PRIVATE = /\.(internal|local)$/;

/** Of databases and balancers of AWS, that have private addresses unless somebody wants otherwise. */
const OF_AWS = /^internal-[^.]+\.[a-z0-9-]+\.elb\.amazonaws\.com$|\.(rds|cache|redshift|docdb|neptune)\.amazonaws\.com$|\.(memorydb|kafka)\.[a-z0-9-]+\.amazonaws\.com$/;

/**
 * Whether a gateway asks the resolver of its network for names, and not public DNS; what the plan does not tell may.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/resource-gateway.html#resource-config-dns-resolution
 */
export function asksOwnResolver(gateway: Resource): boolean {
  const path = 'resource_config_dns_resolution';
  return textAt(gateway, path) === 'IN_VPC' || (gateway.unknownAt(path) !== undefined && gateway.isConfigured(path));
}

/**
 * A gateway calls what DNS answers for a name.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/resource-configuration.html#resource-definition
 */
function hostsOf(graph: ResourceGraph, configuration: Resource): readonly LatticeHost[] {
  return within(graph, configuration).flatMap((each) => {
    const name = textAt(each, DEFINED[0] as string)?.toLowerCase().replace(/\.$/, '');
    // What the plan makes is judged where it stands.
    const isOwn = each.references(DEFINED[0] as string).targets.some(({ mode }) => mode === 'managed');
    if (name === undefined || isOwn || !name.includes('.')) return [];
    const inside = PRIVATE.test(name) ? 'private' : OF_AWS.test(name) ? 'aws' : undefined;
    const holder = isSet(each, GATEWAY) ? each : configuration;
    const gateways = holder.references(GATEWAY, { types: ['aws_vpclattice_resource_gateway'] }).targets.filter(({ mode }) => mode === 'managed');
    if (inside !== undefined && !gateways.some(asksOwnResolver) && (inside === 'aws' || gateways.length > 0)) return [];
    const ranges = each.elements('port_ranges').map((path) => textAt(each, path) ?? '');
    const ports = ranges.length > 0 && ranges.every((range) => /^\d+$/.test(range)) ? ranges.map(Number).sort((a, b) => a - b) : [];
    return [{ name, ports, configuration: each, gateways, ...(inside === undefined ? {} : { inside }) }];
  });
}
