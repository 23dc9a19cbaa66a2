/** NAT gateways, and the endpoints that routes and workloads use. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { policyHolders, type PolicyHolder } from './endpoint-policies';
import type { Groups, AwsGroup } from './groups';
import { latticeTarget, NETWORK_ASSOCIATION, type LatticeTarget } from './lattice';
import type { AwsNetwork, Networks } from './networks';
import { choose, everyOf, flagAt, isSet, onlyOf, textAt, type Choice } from './read';
import type { AwsRouteTable, RouteTables } from './route-tables';
import { SERVICE_CONNECTIONS, strangerBehind } from './service-connections';
import type { AwsSubnet, Subnets } from './subnets';

export interface AwsNat {
  readonly address: string;
  readonly resource: Resource;
  readonly subnet: Choice<AwsSubnet>;
  /** False for a private one, which gives no public address. */
  readonly isPublic: boolean;
  /** True for one that stands in no subnet and has its own way to the internet gateway. */
  readonly regional: boolean;
  /** Of a regional one. */
  readonly network?: AwsNetwork;
}

export interface AwsEndpoint extends PolicyHolder {
  readonly address: string;
  readonly resource: Resource;
  readonly network?: AwsNetwork;
  readonly kind: 'gateway' | 'interface' | 'gateway-load-balancer' | 'other';
  /** `s3`, `ecr.api`; the whole name for services that are not AWS's. */
  readonly service?: string;
  readonly subnets: Choice<AwsSubnet>;
  readonly groups: Choice<AwsGroup>;
  /** True when it names groups at all; without, the VPC's default group applies. */
  readonly namesGroups: boolean;
  readonly tables: readonly AwsRouteTable[];
  /** Of an endpoint of VPC Lattice. */
  readonly lattice?: LatticeTarget;
  /** What an endpoint that a service makes leads to, which is not made in the plan. */
  readonly stranger?: string;
  /** Undefined when not known. */
  readonly privateDns?: boolean;
}

const SUBNETS = { types: ['aws_subnet', 'aws_default_subnet'] };

export class Gateways {
  readonly nats: readonly AwsNat[];
  readonly endpoints: readonly AwsEndpoint[];
  private readonly natOf = new Map<Resource, AwsNat>();
  private readonly endpointOf = new Map<Resource, AwsEndpoint>();
  private readonly policyHolders: ReadonlyMap<Resource, PolicyHolder>;

  constructor(private readonly graph: ResourceGraph, private readonly networks: Networks, private readonly subnets: Subnets, private readonly tables: RouteTables, private readonly groups: Groups) {
    this.nats = [...graph.ofType('aws_nat_gateway'), ...graph.ofType('aws_nat_gateway', 'data')].map((resource) => {
      const network = isSet(resource, 'vpc_id') ? onlyOf(networks.at(resource, 'vpc_id')) : undefined;
      const nat: AwsNat = {
        address: resource.address,
        resource,
        subnet: choose(resource, 'subnet_id', (target) => subnets.of(target), SUBNETS),
        isPublic: textAt(resource, 'connectivity_type') !== 'private',
        regional: textAt(resource, 'availability_mode') === 'regional',
        ...(network ? { network } : {}),
      };
      this.natOf.set(resource, nat);
      return nat;
    });
    this.policyHolders = policyHolders(graph);
    const own = graph.ofType('aws_vpc_endpoint').map((resource) => {
      const endpoint = this.endpoint(resource);
      this.endpointOf.set(resource, endpoint);
      return endpoint;
    });
    const elsewhere = graph.ofType('aws_vpc_endpoint_route_table_association').flatMap((resource) => this.elsewhere(resource));
    this.endpoints = [...own, ...elsewhere, ...graph.ofType(NETWORK_ASSOCIATION).map((resource) => this.association(resource)), ...Object.keys(SERVICE_CONNECTIONS).flatMap((type) => graph.ofType(type).flatMap((resource) => this.connection(resource)))];
  }

  nat(resource: Resource): AwsNat | undefined {
    return this.natOf.get(resource);
  }

  endpointAt(resource: Resource): AwsEndpoint | undefined {
    return this.endpointOf.get(resource);
  }

  private endpoint(resource: Resource): AwsEndpoint {
    const network = this.networks.at(resource, 'vpc_id').likely[0];
    const name = textAt(resource, 'service_name');
    // Which kind it is may be known later; a route leads to none but those in front of appliances.
    const kind = isSet(resource, 'vpc_endpoint_type') && resource.unknownAt('vpc_endpoint_type') !== undefined ? kindOfService(resource) : kindOf(textAt(resource, 'vpc_endpoint_type'));
    const standalone = (type: string, attribute: string) => this.graph.referrers(resource, [type]).filter(({ path }) => path[0] === 'vpc_endpoint_id').map((referrer) => choose(referrer.resource, attribute, (target) => target));
    const moreSubnets = standalone('aws_vpc_endpoint_subnet_association', 'subnet_id').flatMap((choice) => choice.likely.flatMap((target) => this.subnets.of(target) ?? []));
    const moreGroups = standalone('aws_vpc_endpoint_security_group_association', 'security_group_id').flatMap((choice) => choice.likely.flatMap((target) => this.groups.of(target) ?? []));
    const subnets = isSet(resource, 'subnet_ids') ? choose(resource, 'subnet_ids', (target) => this.subnets.of(target), SUBNETS) : { likely: [], others: [] };
    const groups = isSet(resource, 'security_group_ids') ? this.groups.at(resource, 'security_group_ids') : { likely: [], others: [] };
    const tables = isSet(resource, 'route_table_ids') ? resource.references('route_table_ids').targets.flatMap((target) => this.tables.of(target) ?? []) : [];
    const privateDns = privateDnsOf(resource, this.graph);
    const lattice = kind === 'other' ? latticeTarget(this.graph, resource) : undefined;
    return {
      address: resource.address,
      resource,
      ...(network ? { network } : {}),
      kind,
      ...(name === undefined ? {} : { service: serviceIn(name) }),
      subnets: { ...subnets, likely: [...subnets.likely, ...moreSubnets] },
      groups: { ...groups, likely: [...groups.likely, ...moreGroups] },
      namesGroups: isSet(resource, 'security_group_ids') || moreGroups.length > 0,
      tables,
      ...(lattice ? { lattice } : {}),
      ...(privateDns === undefined ? {} : { privateDns }),
      ...(this.policyHolders.get(resource) ?? { policyHolder: resource }),
    };
  }

  /** A gateway endpoint of another plan that a table of this one gets a route to; whom its policy serves is told where it is read. */
  private elsewhere(resource: Resource): readonly AwsEndpoint[] {
    const { targets } = resource.references('vpc_endpoint_id', { types: ['aws_vpc_endpoint'] });
    if (targets.some(({ mode }) => mode === 'managed')) return [];
    const read = targets.find((target) => isSet(target, 'policy') && textAt(target, 'service_name') !== undefined);
    const [table] = resource.references('route_table_id').targets.flatMap((target) => this.tables.of(target) ?? []);
    return [{
      address: resource.address,
      resource,
      ...(table?.network ? { network: table.network } : {}),
      kind: 'gateway',
      ...(read ? { service: serviceIn(textAt(read, 'service_name') as string) } : { stranger: textAt(resource, 'vpc_endpoint_id') ?? `what ${resource.address} names` }),
      subnets: { likely: [], others: [] },
      groups: { likely: [], others: [] },
      namesGroups: false,
      tables: table ? [table] : [],
      policyHolder: read ?? resource,
    }];
  }

  /** None to what the plan makes. */
  private connection(resource: Resource): readonly AwsEndpoint[] {
    const stranger = strangerBehind(resource);
    const connection = SERVICE_CONNECTIONS[resource.type];
    if (stranger === undefined || !connection) return [];
    const subnets = choose(resource, connection.subnets, (target) => this.subnets.of(target), SUBNETS);
    const network = this.networks.at(resource, 'vpc_id').likely[0] ?? everyOf(subnets)[0]?.network;
    const groups = isSet(resource, connection.groups) ? this.groups.at(resource, connection.groups) : { likely: [], others: [] };
    return [{ address: resource.address, resource, ...(network ? { network } : {}), kind: 'other', subnets, groups, namesGroups: isSet(resource, connection.groups), tables: [], stranger, policyHolder: resource }];
  }

  /** Its services answer at link-local addresses everywhere in the network. */
  private association(resource: Resource): AwsEndpoint {
    const [network] = this.networks.at(resource, 'vpc_identifier').likely;
    const groups = isSet(resource, 'security_group_ids') ? this.groups.at(resource, 'security_group_ids') : { likely: [], others: [] };
    const lattice = latticeTarget(this.graph, resource);
    return { address: resource.address, resource, ...(network ? { network } : {}), kind: 'other', subnets: { likely: [], others: [] }, groups, namesGroups: isSet(resource, 'security_group_ids'), tables: [], ...(lattice ? { lattice } : {}), policyHolder: resource };
  }
}

/** `s3` of `com.amazonaws.eu-west-1.s3`. */
export function serviceIn(name: string): string {
  return /^com\.amazonaws\.(?!vpce\.)[a-z0-9-]+\.(.+)$/.exec(name)?.[1] ?? name;
}

/** AWS makes a gateway endpoint when nobody says which kind. */
function kindOf(text: string | undefined): AwsEndpoint['kind'] {
  if (text === undefined || text === 'Gateway') return 'gateway';
  if (text === 'Interface') return 'interface';
  return text === 'GatewayLoadBalancer' ? 'gateway-load-balancer' : 'other';
}

/** Modules hand on the type of the service that they make, which only the apply tells; in front of what it is, says it as well. */
function kindOfService(endpoint: Resource): AwsEndpoint['kind'] {
  const { targets, exact } = endpoint.references('service_name', { types: ['aws_vpc_endpoint_service'] });
  return exact && targets.length === 1 && targets.every((service) => isSet(service, 'gateway_load_balancer_arns')) ? 'gateway-load-balancer' : 'other';
}

function privateDnsOf(resource: Resource, graph: ResourceGraph): boolean | undefined {
  if (flagAt(resource, 'dns_options[0].private_dns_only_for_inbound_resolver_endpoint') === true) return false;
  // What a resource of its own says comes last.
  const own = graph.referrers(resource, ['aws_vpc_endpoint_private_dns']).find(({ path }) => path[0] === 'vpc_endpoint_id');
  if (own) return flagAt(own.resource, 'private_dns_enabled');
  if (isSet(resource, 'private_dns_enabled')) return flagAt(resource, 'private_dns_enabled');
  return false;
}
