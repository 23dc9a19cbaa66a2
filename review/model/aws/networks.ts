/** VPCs: those of the plan, those that it reads, and those that it only names. */
import { append } from '../../append';
import { rangesIn } from './prefix-lists';
import type { Family } from '../addresses';
import { includes, union, unionOf, type Ranges } from '../ranges';
import type { PathLike } from '../../plan/attribute-path';
import { awsRegionOf } from '../../plan/aws-region';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { choose, everyOf, flagAt, isSet, onlyOf, textAt, type Choice } from './read';

export interface AwsNetwork {
  /** Its Terraform address; of a VPC outside of the plan, its id. */
  readonly address: string;
  readonly resource?: Resource;
  /** True when the plan makes or adopts it, so that its defaults are the plan's business. */
  readonly managed: boolean;
  /** The default VPC of an account has an internet gateway, and a route to it in its main table. */
  readonly isDefault: boolean;
  readonly cidrs: readonly string[];
  readonly ranges: Readonly<Record<Family, Ranges>>;
  /** True when it has, or may have, an IPv6 range. */
  readonly ipv6: boolean;
}

const TYPES = ['aws_vpc', 'aws_default_vpc'];
/** What stands in a network by its subnet. */
const STANDING: ReadonlySet<string> = new Set(['aws_nat_gateway', 'aws_network_interface', 'aws_instance']);

export class Networks {
  readonly all: readonly AwsNetwork[];
  private readonly byResource = new Map<Resource, AwsNetwork>();
  private readonly foreign = new Map<string, AwsNetwork>();
  private readonly holders = new Map<Resource, AwsNetwork | undefined>();

  constructor(private readonly graph: ResourceGraph) {
    const more = secondCidrs(graph);
    const managed = TYPES.flatMap((type) => graph.ofType(type));
    const read = graph.ofType('aws_vpc', 'data');
    for (const resource of [...managed, ...read]) this.byResource.set(resource, networkOf(resource, more.get(resource) ?? []));
    this.all = managed.map((resource) => this.byResource.get(resource) as AwsNetwork);
  }

  of(resource: Resource): AwsNetwork | undefined {
    return this.byResource.get(resource);
  }

  /** The networks that may hand out what an attribute names. In a state the thing has that id itself, and says its network apart. */
  ownersOf(resource: Resource, path: PathLike): readonly AwsNetwork[] {
    return resource.references(path, { types: TYPES }).likely.flatMap((target) => this.of(target) ?? []);
  }

  /**
   * The network in which all of these stand, as far as the plan leaves no doubt and makes it itself. AWS refuses to join
   * a table or an ACL to a subnet, a group to a machine, and a route to a gateway, of another network.
   * https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html
   */
  holding(resources: readonly Resource[]): AwsNetwork | undefined {
    const [first, ...rest] = resources;
    const network = first && this.holderOf(first);
    return network && rest.every((each) => this.holderOf(each) === network) ? network : undefined;
  }

  /** What may be joined to something in this network: all but what stands in another. */
  fits(network: AwsNetwork | undefined): ((target: Resource) => boolean) | undefined {
    return network && ((target) => (this.holderOf(target) ?? network) === network);
  }

  private holderOf(resource: Resource): AwsNetwork | undefined {
    if (!this.holders.has(resource)) {
      this.holders.set(resource, undefined);
      this.holders.set(resource, this.holder(resource));
    }
    return this.holders.get(resource);
  }

  private holder(resource: Resource): AwsNetwork | undefined {
    if (resource.type === 'aws_vpc') return resource.mode === 'data' ? undefined : this.of(resource);
    if (resource.mode === 'data') return undefined;
    if (STANDING.has(resource.type)) return isSet(resource, 'subnet_id') ? this.holding(everyOf(choose(resource, 'subnet_id', (target) => target, { types: ['aws_subnet', 'aws_default_subnet'] }))) : undefined;
    const around = resource.type === 'aws_subnet' ? this.around(resource) : [];
    const network = resource.type === 'aws_subnet' ? (around.length === 1 ? around[0] : undefined) : onlyOf(this.at(resource, 'vpc_id'));
    return network?.resource?.type === 'aws_vpc' && network.managed ? network : undefined;
  }

  /** Where a subnet is, or may be: first the most likely. A default subnet is in the default VPC of its account and region. */
  around(subnet: Resource): readonly AwsNetwork[] {
    if (subnet.type === 'aws_default_subnet') return this.defaultsAround(subnet);
    const { likely, others } = this.at(subnet, 'vpc_id');
    return withAddresses([...likely, ...others], textAt(subnet, 'cidr_block'));
  }

  /** Those that the plan adopts in that account and region; where it is not certain to be one of these, also the one that AWS made. */
  private defaultsAround(subnet: Resource): readonly AwsNetwork[] {
    const regionOf = (resource: Resource) => awsRegionOf(resource, this.graph.providerRegions) ?? zoneRegion(resource);
    const region = regionOf(subnet);
    const id = textAt(subnet, 'vpc_id');
    const found = this.all.flatMap(({ isDefault, resource }, at) => {
      if (!isDefault || !resource) return [];
      const own = id === undefined ? undefined : textAt(resource, 'id');
      if (own !== undefined) return own === id ? [{ at, isSure: true }] : [];
      const other = regionOf(resource);
      return resource.providerConfig !== subnet.providerConfig || (region !== undefined && other !== undefined && region !== other) ? [] : [{ at, isSure: region === other && (region !== undefined || !(subnet.isConfigured('region') || resource.isConfigured('region'))) }];
    });
    const networks = found.map(({ at }) => this.all[at] as AwsNetwork);
    return found.some(({ isSure }) => isSure) ? networks : [...networks, this.defaultOf(`${subnet.providerConfig ?? subnet.provider}${region === undefined ? '' : ` in ${region}`}`)];
  }

  /** The default VPC of an account that no plan shows. */
  private defaultOf(provider: string): AwsNetwork {
    const key = `the default VPC of ${provider}`;
    let network = this.foreign.get(key);
    if (!network) this.foreign.set(key, (network = { address: key, managed: false, isDefault: true, cidrs: [], ranges: { 4: [], 6: [] }, ipv6: false }));
    return network;
  }

  /** The networks that an attribute may mean; an id of no resource is a network of its own. */
  at(resource: Resource, path: PathLike): Choice<AwsNetwork> {
    if (!isSet(resource, path)) return { likely: [], others: [] };
    const found = choose(resource, path, (target) => this.of(target), { types: TYPES });
    const id = textAt(resource, path);
    if (found.likely.length > 0 || id === undefined) return found;
    let network = this.foreign.get(id);
    if (!network) this.foreign.set(id, (network = { address: id, managed: false, isDefault: false, cidrs: [], ranges: { 4: [], 6: [] }, ipv6: true }));
    return { likely: [network], others: [] };
  }
}

/** `us-east-1a` is in `us-east-1`. */
function zoneRegion(subnet: Resource): string | undefined {
  return /^(.*\d)[a-z]$/.exec(textAt(subnet, 'availability_zone') ?? '')?.[1];
}

/** Of networks that a subnet may be in, those that have its addresses, as far as both are known. */
function withAddresses(networks: readonly AwsNetwork[], cidr: string | undefined): readonly AwsNetwork[] {
  if (networks.length < 2 || cidr === undefined) return networks;
  const own = rangesIn([cidr], 4);
  const found = networks.filter(({ ranges }) => ranges[4].length === 0 || includes(unionOf(ranges[4].map((range) => [range])), own));
  return found.length > 0 ? found : networks;
}

function networkOf(resource: Resource, more: readonly string[]): AwsNetwork {
  const cidrs = [...['cidr_block', 'ipv6_cidr_block'].flatMap((name) => textAt(resource, name) ?? []), ...more];
  const ranges = { 4: rangesIn(cidrs, 4), 6: rangesIn(cidrs, 6) };
  // Modules name the range itself and leave it empty, so that it is not known before the apply. It needs a pool: without one there is none.
  const isGenerated = flagAt(resource, 'assign_generated_ipv6_cidr_block') ?? isSet(resource, 'assign_generated_ipv6_cidr_block');
  const asks = isGenerated || isSet(resource, 'ipv6_ipam_pool_id') || more.includes('::/0');
  const isData = resource.mode === 'data';
  return {
    address: resource.address,
    resource,
    managed: !isData,
    isDefault: resource.type === 'aws_default_vpc' || (isData && flagAt(resource, 'default') === true),
    cidrs: cidrs.filter((cidr) => cidr !== '::/0'),
    ranges,
    ipv6: asks || union(ranges[6]).length > 0 || textAt(resource, 'ipv6_cidr_block') !== undefined || isData,
  };
}

/** Ranges that were added to a network later. `::/0` stands for an IPv6 range that AWS picks. */
function secondCidrs(graph: ResourceGraph): ReadonlyMap<Resource, readonly string[]> {
  const found = new Map<Resource, string[]>();
  for (const [type, attribute] of [['aws_vpc_ipv4_cidr_block_association', 'cidr_block'], ['aws_vpc_ipv6_cidr_block_association', 'ipv6_cidr_block']] as const) {
    for (const association of graph.ofType(type)) {
      const cidr = textAt(association, attribute) ?? (attribute === 'ipv6_cidr_block' ? '::/0' : undefined);
      if (cidr === undefined) continue;
      for (const network of association.references('vpc_id', { types: TYPES }).targets) append(found, network, cidr);
    }
  }
  return found;
}
