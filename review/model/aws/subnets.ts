/** Subnets with what applies to them: route table, ACL, zone, and whether they hand out public addresses. */
import { append } from '../../append';
import type { Family } from '../addresses';
import type { Ranges } from '../ranges';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsAcl, Acls } from './acls';
import { givesIpv6 } from './ipv6-addresses';
import type { AwsNetwork, Networks } from './networks';
import { rangesIn } from './prefix-lists';
import { certain, choose, everyOf, flagAt, isFound, isSet, joined, numberAt, onceNeeded, possible, tagAt, textAt, type Choice, type ChoiceOptions } from './read';
import type { AwsRouteTable, RouteTables } from './route-tables';

export type Tier = 'public' | 'private' | 'data';

export interface AwsSubnet {
  readonly address: string;
  readonly resource: Resource;
  readonly network?: AwsNetwork;
  /** All that it may be in; one, where the plan tells. */
  readonly networks: readonly AwsNetwork[];
  readonly cidrs: readonly string[];
  /** Undefined where the plan does not know them. */
  readonly ranges: Readonly<Record<Family, Ranges | undefined>>;
  readonly families: readonly Family[];
  readonly zone?: string;
  readonly tables: Choice<AwsRouteTable>;
  /** Every ACL that it may have; the default one when none is said. */
  readonly acls: readonly AwsAcl[];
  /** Why it may have none of these, but one that lets everything through. */
  readonly aclUnknown?: string;
  /** What an instance gets that does not say; undefined when not known. */
  readonly publicOnLaunch?: boolean;
  /** Whether an instance gets an IPv6 address that asks for none. */
  readonly givesIpv6: boolean;
  readonly segment?: string;
  readonly tier?: Tier;
  /** True when other accounts may place workloads there. */
  readonly isLent: boolean;
  /** Why what stands there may have another way, past groups and routes. */
  readonly localInterfaces?: string;
}

const SUBNETS = ['aws_subnet', 'aws_default_subnet'];
const SHARES = [['aws_ram_resource_association', 'resource_arn'], ['aws_ram_resource_share_associations_exclusive', 'resource_arns']] as const;
const TABLES = { types: ['aws_route_table', 'aws_default_route_table', 'aws_vpc', 'aws_default_vpc'], handedOut: /route_table/ };

export class Subnets {
  readonly all: readonly AwsSubnet[];
  private readonly byResource = new Map<Resource, AwsSubnet>();
  private readonly shared = new Set<Resource>();
  /** Subnets that certainly have a table of their own, be it one of several. */
  private readonly placed = new Set<Resource>();
  /** Tables of subnets that only the apply finds. */
  private readonly loose: Choice<AwsRouteTable>[] = [];

  constructor(graph: ResourceGraph, private readonly networks: Networks, private readonly tables: RouteTables, private readonly acls: Acls) {
    const associations = new Map<Resource, Choice<AwsRouteTable>[]>();
    const crowds = new Map<string, { readonly subnets: readonly Resource[]; count: number }>();
    for (const association of graph.ofType('aws_route_table_association')) {
      if (!isSet(association, 'subnet_id')) continue;
      const subnets = choose(association, 'subnet_id', (target) => target, { types: SUBNETS, fits: joinable(networks, association, 'route_table_id', TABLES) });
      const table = choose(association, 'route_table_id', (target) => tables.of(target), { ...TABLES, fits: joinable(networks, association, 'subnet_id', { types: SUBNETS }) });
      const isOfPlan = everyOf(subnets).some(({ mode }) => mode === 'managed');
      if (!isOfPlan && isFound(association, 'subnet_id', SUBNETS)) this.loose.push(possible(table, `${association.address}: the plan does not say which subnet is meant`));
      this.count(subnets, crowds);
      let asPossible: Choice<AwsRouteTable> | undefined;
      for (const subnet of everyOf(subnets)) {
        // Of several subnets that may be meant, the table is only a possibility for those that most likely are not.
        const isMeant = subnets.likely.includes(subnet) && (subnets.others.length > 0 || subnets.likely.length === 1);
        append(associations, subnet, isMeant ? table : (asPossible ??= { ...table, likely: [], others: everyOf(table), widened: subnets.widened ?? `${association.address}: the plan does not say which subnet is meant` }));
      }
    }
    // A subnet takes one table, so that as many associations as there are subnets for them leave none to the main table.
    for (const { subnets, count } of crowds.values()) if (count >= subnets.filter((subnet) => !this.placed.has(subnet)).length) subnets.forEach((subnet) => this.placed.add(subnet));
    // Tables by Cloud Control, as the older aws-ia/vpc makes them beside subnets of this provider.
    for (const association of graph.ofType('awscc_ec2_subnet_route_table_association')) {
      const table: Choice<AwsRouteTable> = { likely: [], others: [], unknown: `the table of ${association.address} is not read by this review` };
      for (const subnet of association.references('subnet_id', { types: SUBNETS }).targets) append(associations, subnet, table);
    }
    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
    for (const [type, attribute] of SHARES) for (const share of graph.ofType(type)) for (const subnet of share.references(attribute, { types: SUBNETS }).targets) this.shared.add(subnet);
    const made = SUBNETS.flatMap((type) => graph.ofType(type)).map((resource) => this.read(resource, associations.get(resource)));
    // Subnets that the plan only reads: their filters and routes are somebody else's.
    const read = graph.ofType('aws_subnet', 'data').map((resource) => this.read(resource, associations.get(resource)));
    // One that gets its routes here is as good as made here.
    this.all = [...made, ...read.filter(({ resource }) => associations.has(resource))];
  }

  private count({ likely, others, unknown }: Choice<Resource>, crowds: Map<string, { readonly subnets: readonly Resource[]; count: number }>): void {
    const subnets = [...likely, ...others];
    if (subnets.length === 1 && unknown === undefined) return void this.placed.add(subnets[0] as Resource);
    // What may be somewhere else leaves one of these without.
    if (unknown !== undefined || subnets.some(({ mode }) => mode === 'data')) return;
    const key = subnets.map(({ address }) => address).sort().join(' ');
    const crowd = crowds.get(key) ?? { subnets, count: 0 };
    crowds.set(key, { ...crowd, count: crowd.count + 1 });
  }

  of(resource: Resource): AwsSubnet | undefined {
    return this.byResource.get(resource);
  }

  private read(resource: Resource, associated: readonly Choice<AwsRouteTable>[] | undefined): AwsSubnet {
    const isDefault = resource.type === 'aws_default_subnet';
    const networks = this.networks.around(resource);
    const [network] = networks;
    const { acls, unknown: aclUnknown } = this.acls.on(resource, networks);
    const cidrs = ['cidr_block', 'ipv6_cidr_block'].flatMap((name) => textAt(resource, name) ?? []);
    const hasIpv6 = isSet(resource, 'ipv6_cidr_block') || isSet(resource, 'ipv6_netmask_length') || flagAt(resource, 'assign_ipv6_address_on_creation') === true;
    const isNative = flagAt(resource, 'ipv6_native') === true;
    const zone = textAt(resource, 'availability_zone') ?? textAt(resource, 'availability_zone_id');
    const publicOnLaunch = isDefault ? (flagAt(resource, 'map_public_ip_on_launch') ?? true) : launch(resource);
    const tables = this.tablesOf(resource, networks, associated);
    // A subnet that is read has whatever tags its owner gave it; its route table says whose it is here.
    const tagged = resource.mode === 'data' && tables.likely.length === 1 ? tables.likely[0]!.resource : undefined;
    const segment = tagAt(resource, 'segment') ?? (tagged && tagAt(tagged, 'segment'));
    const tier = tierOf(tagAt(resource, 'tier') ?? (tagged && tagAt(tagged, 'tier')));
    // https://docs.aws.amazon.com/outposts/latest/server-userguide/local-network-interface.html
    const hasLocal = (numberAt(resource, 'enable_lni_at_device_index') ?? 0) > 0;
    const subnet: AwsSubnet = {
      address: resource.address,
      resource,
      ...(network ? { network } : {}),
      networks,
      cidrs,
      ranges: { 4: rangeAt(resource, 'cidr_block', 4), 6: rangeAt(resource, 'ipv6_cidr_block', 6) },
      families: [...(isNative ? [] : [4 as const]), ...(hasIpv6 || isNative ? [6 as const] : [])],
      ...(zone === undefined ? {} : { zone }),
      tables,
      isLent: this.shared.has(resource),
      givesIpv6: givesIpv6(resource),
      acls,
      ...(aclUnknown === undefined ? {} : { aclUnknown }),
      ...(publicOnLaunch === undefined ? {} : { publicOnLaunch }),
      ...(segment === undefined ? {} : { segment }),
      ...(tier === undefined ? {} : { tier }),
      ...(hasLocal ? { localInterfaces: `interfaces in ${resource.address} may be local ones of an Outpost, for which no groups and no routes hold` } : {}),
    };
    this.byResource.set(resource, subnet);
    return subnet;
  }

  private tablesOf(resource: Resource, networks: readonly AwsNetwork[], associated: readonly Choice<AwsRouteTable>[] | undefined): Choice<AwsRouteTable> {
    // AWS leads those that it makes itself out by the table that it makes with them.
    const isOfDefault = flagAt(resource, 'default_for_az') === true && networks.length === 1 && networks[0]?.isDefault === true;
    if (resource.mode === 'data' && !associated && !isOfDefault) return { likely: [], others: [], unknown: `the route table of ${resource.address} is not in the plan` };
    const choice = joined(associated ?? []);
    const isPlaced = this.placed.has(resource);
    if (isPlaced && choice.likely.length === 0 && choice.others.length === 1 && choice.unknown === undefined) return certain(...choice.others);
    if (isPlaced || (choice.others.length === 0 && choice.unknown !== undefined)) return choice;
    const main: Choice<AwsRouteTable> = networks.length > 0 ? joined(networks.map((network) => this.tables.mainOf(network))) : { likely: [], others: [], unknown: `the network of ${resource.address} is not in the plan` };
    // No association is certain to be its own, so its network's main table is as possible as those.
    // A subnet with a table of its own takes no other.
    if (choice.likely.length > 0) return joined([choice, possible(main, `the plan does not say whether ${resource.address} has a table of its own`)]);
    return associated ? joined([main, choice]) : this.loose.length > 0 ? joined([main, ...this.loose]) : main;
  }
}

/** What may be joined to what another attribute names. */
function joinable(networks: Networks, association: Resource, path: string, options: ChoiceOptions): ChoiceOptions['fits'] {
  return onceNeeded(() => networks.fits(networks.holding(everyOf(choose(association, path, (target) => target, options)))));
}

function rangeAt(resource: Resource, attribute: string, family: Family): Ranges | undefined {
  const text = textAt(resource, attribute);
  return text === undefined ? undefined : rangesIn([text], family);
}

function launch(resource: Resource): boolean | undefined {
  return isSet(resource, 'map_public_ip_on_launch') ? flagAt(resource, 'map_public_ip_on_launch') : false;
}

export function tierOf(text: string | undefined): Tier | undefined {
  return text === 'public' || text === 'private' || text === 'data' ? text : undefined;
}

/** Whether every table that a subnet may have leads a service to its gateway endpoint. */
export function leadsToGateway({ tables }: AwsSubnet, service: string): boolean {
  return tables.likely.length > 0 && everyOf(tables).every((table) => table.gatewayServices.has(service));
}
