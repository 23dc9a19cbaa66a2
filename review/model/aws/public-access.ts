/**
 * VPC Block Public Access: in its account and region nothing passes an internet gateway or an egress-only one, whatever
 * routes and groups say, but in what is excluded.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
 */
import { awsRegionOf } from '../../plan/aws-region';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { AwsNetwork, Networks } from './networks';
import { everyOf, isFound, textAt } from './read';

const NETWORKS = ['aws_vpc', 'aws_default_vpc'];
const SUBNETS = ['aws_subnet', 'aws_default_subnet'];

export class PublicAccessBlocks {
  /** Those that let nothing out; the other mode is for what comes in, and lets NAT gateways through. */
  private readonly blocks: readonly Resource[];
  /** Networks of which something is excluded; undefined where that may be any. */
  private readonly exempt: ReadonlySet<AwsNetwork> | undefined;

  constructor(private readonly graph: ResourceGraph, networks: Networks) {
    this.blocks = graph.ofType('aws_vpc_block_public_access_options').filter((options) => textAt(options, 'internet_gateway_block_mode') === 'block-bidirectional');
    this.exempt = this.blocks.length === 0 ? new Set() : excluded(graph, networks);
  }

  /**
   * What stops packets at the gateways of a network. Where part of it is excluded, none: whether the subnet of a NAT gateway
   * or of whoever sends by it has to be is not said.
   */
  of(network: AwsNetwork | undefined): Resource | undefined {
    if (this.blocks.length === 0 || !network?.managed || this.exempt?.has(network) !== false) return undefined;
    const { resource } = network;
    if (!resource) return undefined;
    return this.blocks.find((options) => options.providerConfig === resource.providerConfig && this.isSameRegion(options, resource));
  }

  /** Where neither says one, that of their provider block; a region that is said and not known may be any. */
  private isSameRegion(options: Resource, network: Resource): boolean {
    const [one, other] = [options, network].map((each) => awsRegionOf(each, this.graph.providerRegions));
    return one === other && (one !== undefined || !(options.isConfigured('region') || network.isConfigured('region')));
  }
}

function excluded(graph: ResourceGraph, networks: Networks): ReadonlySet<AwsNetwork> | undefined {
  const found = new Set<AwsNetwork>();
  for (const exclusion of graph.ofType('aws_vpc_block_public_access_exclusion')) {
    // What a search finds during the apply may be any network of the plan.
    if (isFound(exclusion, 'vpc_id', NETWORKS)) return undefined;
    const named = networks.at(exclusion, 'vpc_id');
    const subnets = exclusion.references('subnet_id', { types: SUBNETS });
    const own = [...everyOf(named), ...subnets.targets.flatMap((subnet) => networks.around(subnet))];
    // An id of nothing in the plan is that of something elsewhere.
    const isElsewhere = textAt(exclusion, 'subnet_id') !== undefined;
    if (own.length === 0 ? !isElsewhere : named.unknown !== undefined || subnets.unknown !== undefined) return undefined;
    for (const network of own) found.add(network);
  }
  return found;
}
