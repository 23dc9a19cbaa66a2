import { Construct } from 'constructs';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet, type SubnetConfig } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcIpv4CidrBlockAssociation } from '@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association';
import { BlueprintError } from '../blueprint-error';
import type { LogDestination } from '../egress-control';
import { subnet as subnetOf, ZONE_BITS } from '../policy/address-plan';
import type { AwsGatewayEndpoints } from '../policy/aws-gateway-endpoints';
import type { ExistingNetwork } from '../policy/existing-network';
import type { PrivateService, Segment, Zone } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';
import type { ISegmentedNetwork, NetworkSegment, SegmentedNetworkProps } from '../segmented-network';
import { aclEntries, DEFAULT_ACL_ENTRIES, type AclEntry } from './acl-entries';
import { AwsEmptiedDefaults } from './emptied-defaults';
import { endpointNeeds } from '../policy/aws-endpoint-catalog';
import { AwsExistingVpc } from './existing-vpc';
import { AwsFlowLogs } from './flow-logs';
import { gatewayPlan, gatewayProblems, type PlannedGateway } from './gateway-plan';
import { DEFAULT_RULES_PER_GROUP } from './group-rules';
import { inlineRouteTable } from './inline-routes';
import type { AwsLogTarget } from './log-target';
import { aclPlan, networkProblems } from './network-plan';
import { endpointRoomProblems, placeProblems } from './place-problems';
import { AwsServicePrefixList } from './prefix-list';
import { AwsSegmentGroups } from './segment-groups';
import { AwsTierAcl } from './tier-acl';

/** What an AWS network needs; see `SegmentedNetworkProps` for the rest. */
export interface AwsSegmentedNetworkProps extends SegmentedNetworkProps<'aws'> {
  readonly region: string;
  /** The zones in use; each segment gets a subnet in each. */
  readonly zones: readonly Zone[];
  /** Twelve digits, or a reference to them. */
  readonly account: string;
  /**
   * The services that get private endpoints: the network makes subnets and a group for them, and
   * opens the segments' groups towards that group.
   *
   * @default - none
   */
  readonly privateServices?: readonly PrivateService[];
  /**
   * Which segments reach S3 and DynamoDB by a gateway endpoint, and on which addresses.
   *
   * @default - those with hosts, beside an interface endpoint for every segment
   */
  readonly gatewayEndpoints?: AwsGatewayEndpoints;
  /**
   * A VPC and subnets of somebody else's, which are then read and not made; `addresses` has their blocks.
   *
   * @default - the VPC and its subnets are made
   */
  readonly existing?: ExistingNetwork;
  /**
   * Ranges that are added to the VPC, by the segment that they belong to: addresses for pods. Each is
   * cut into four, one part for each zone slot; /16 to /26.
   *
   * @default - none
   */
  readonly secondaryCidrs?: Readonly<Record<string, string>>;
  /** How long flow logs are kept. @default - 365 days */
  readonly logRetentionDays?: number;
  /** A KMS key that CloudWatch Logs may use. @default - the key that CloudWatch Logs owns */
  readonly logKeyArn?: string;
  /** Where flow logs are delivered. @default - a log group in CloudWatch Logs */
  readonly logTarget?: AwsLogTarget;
  /** The account's quota of entries per ACL and direction; at most 40. @default - 20, as AWS sets it */
  readonly aclEntries?: number;
  /** The account's quota of rules per group and direction. @default - 60, as AWS sets it */
  readonly rulesPerGroup?: number;
}

/** A subnet and the zone it lies in. */
export interface ZonalSubnet {
  readonly zone: string;
  readonly cidr: string;
  readonly id: string;
  /** Whether it lies in a range that was added to the VPC. @default - false */
  readonly secondary?: boolean;
}

/** A segment of an AWS network. */
export interface AwsNetworkSegment extends NetworkSegment {
  /** Sorted by zone; those in a secondary range last. */
  readonly subnets: readonly ZonalSubnet[];
  /** Those in a secondary range, sorted by zone. `subnetIds` has the others. */
  readonly secondarySubnetIds: readonly string[];
  /** Where its default route has to lead: nowhere, to the internet gateway, or to the egress control. */
  readonly defaultRoute: 'none' | 'internet-gateway' | 'egress-control';
  /** What its route tables say of it, where its subnets are somebody else's and cannot: `tier`. */
  readonly tableTags?: Readonly<Record<string, string>>;
}

/**
 * A VPC cut into segments, with no route but the local one.
 *
 * It makes subnets, security groups, network ACLs, flow logs and, where some segment needs it,
 * the internet gateway. Routes come from `AwsSegmentRoutes`: until then every subnet hangs on the
 * main route table, which is empty, so a network without routes is a network without a way out.
 */
export class AwsSegmentedNetwork extends Construct implements ISegmentedNetwork {
  /** Absent when the network is somebody else's. */
  readonly vpc?: Vpc;
  /** Made when a segment accepts the internet or has allowed hosts, and the network is not somebody else's. */
  readonly internetGateway?: InternetGateway;
  /** Of the one that is made, or of the existing network's. */
  readonly internetGatewayId?: string;
  readonly groups: AwsSegmentGroups;
  /** Absent when those of an existing network are left as they are. */
  readonly defaults?: AwsEmptiedDefaults;
  readonly flowLogs: AwsFlowLogs;
  /** By segment. */
  readonly acls: ReadonlyMap<string, AwsTierAcl>;
  /** Where interface endpoints go: one per zone, with a route table of their own that has no route. */
  readonly endpointSubnets: readonly ZonalSubnet[];
  readonly segments: readonly AwsNetworkSegment[];
  /** The gateway endpoints that its groups and ACLs are made for, sorted by service. */
  readonly gateways: readonly PlannedGateway[];
  /** The prefix list of each gateway endpoint, by service. */
  readonly prefixLists: ReadonlyMap<string, AwsServicePrefixList>;
  /** Ranges that were added to the VPC, sorted. */
  readonly secondaryCidrs: readonly string[];
  readonly logDestinations: readonly LogDestination[];
  readonly networkId: string;

  private readonly existing?: AwsExistingVpc;

  /** @throws BlueprintError with every segment that cannot be built as it is written. */
  constructor(scope: Construct, id: string, private readonly props: AwsSegmentedNetworkProps) {
    super(scope, id);
    const { name, region, rules, addresses, account } = props;
    const segments = [...props.segments].sort((a, b) => compare(a.name, b.name));
    const hasHosts = rules.length > 0;
    const services = props.privateServices ?? [];
    const choice = { services, segments, rules, asked: props.gatewayEndpoints };
    this.gateways = gatewayPlan(choice);
    const interfaceCount = endpointNeeds(services, this.gateways).filter((need) => need.kind === 'interface').length;
    const interfaces = interfaceCount > 0;
    this.secondaryCidrs = Object.values(props.secondaryCidrs ?? {}).sort(compare);
    const context = { vpcCidr: addresses.cidr, secondaryCidrs: this.secondaryCidrs, segments, rules, endpoints: interfaces, gateways: this.gateways };
    const fences = aclPlan(context);
    const problems = [...[...placeProblems(props), ...endpointRoomProblems(interfaceCount, props), ...gatewayProblems(choice)].map((message) => ({ message })), ...networkProblems(context, fences, {
      aclEntries: props.aclEntries ?? DEFAULT_ACL_ENTRIES,
      rulesPerGroup: props.rulesPerGroup ?? DEFAULT_RULES_PER_GROUP,
    })];
    if (problems.length > 0) throw new BlueprintError(this, problems);

    if (props.existing) {
      this.existing = new AwsExistingVpc(this, 'existing', { vpcId: props.existing.vpcId, cidr: addresses.cidr });
      this.internetGatewayId = props.existing.internetGatewayId && this.existing.internetGateway(props.existing.internetGatewayId).id;
    }
    this.vpc = this.existing ? undefined : new Vpc(this, 'vpc', {
      cidrBlock: addresses.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      // An IPv6 range would be a second network that none of these rules speak of.
      assignGeneratedIpv6CidrBlock: false,
      tags: { Name: name },
    });
    this.networkId = (this.vpc ?? this.existing!.vpc).id;
    this.defaults = this.emptied();
    this.flowLogs = new AwsFlowLogs(this, 'flow-logs', {
      name, region, account, vpcId: this.networkId, retentionDays: props.logRetentionDays ?? 365, keyArn: props.logKeyArn, target: props.logTarget,
    });
    this.logDestinations = [{ kind: 'flow', id: this.flowLogs.destination }];
    if (this.vpc && (hasHosts || segments.some(acceptsInternet))) {
      this.internetGateway = new InternetGateway(this, 'internet-gateway', { vpcId: this.vpc.id, tags: { Name: name } });
      this.internetGatewayId = this.internetGateway.id;
    }
    this.prefixLists = new Map(this.gateways.map((gateway) => [gateway.service, new AwsServicePrefixList(this, `prefix-list-${gateway.service}`, region, gateway)]));
    const prefixListIds = new Map([...this.prefixLists].map(([service, { id: list }]) => [service, list]));
    this.groups = new AwsSegmentGroups(this, 'groups', { ...context, name, vpcId: this.networkId, prefixListIds });
    const made = segments.map((segment, index) => this.segment(segment, fences[index]!.entries));
    this.segments = made.map(({ segment }) => segment);
    this.acls = new Map(made.map(({ segment, acl }) => [segment.name, acl]));
    this.endpointSubnets = interfaces ? this.makeEndpointSubnets() : [];
  }

  /** What the network was born with, taken over and emptied; of somebody else's only when asked to. */
  private emptied(): AwsEmptiedDefaults | undefined {
    const { name, existing } = this.props;
    if (this.vpc) return new AwsEmptiedDefaults(this, 'defaults', { name, vpcId: this.vpc.id, networkAclId: this.vpc.defaultNetworkAclId, routeTableId: this.vpc.defaultRouteTableId });
    if (!existing?.emptyDefaults || !this.existing) return undefined;
    return new AwsEmptiedDefaults(this, 'defaults', { name, vpcId: this.networkId, networkAclId: this.existing.defaultNetworkAclId, routeTableId: this.existing.vpc.mainRouteTableId, hasOtherSubnets: true });
  }

  private segment(segment: Segment, entries: readonly AclEntry[]): { readonly segment: AwsNetworkSegment; readonly acl: AwsTierAcl } {
    const scope = new Construct(this, `segment-${segment.name}`);
    const { name, tier } = segment;
    const subnets = this.existing ? this.existingSubnets(scope, name, this.existing) : this.subnets(scope, name, (zone) => this.props.addresses.segmentIn(name, zone), { segment: name, tier });
    const added = this.secondarySubnets(scope, name, { segment: name, tier });
    const hosts = rulesOf(this.props.rules, name).length > 0;
    const all = [...subnets, ...added];
    const acl = new AwsTierAcl(scope, 'acl', { name: `${this.props.name}-${name}`, vpcId: this.networkId, entries, subnetIds: all.map((subnet) => subnet.id) });
    const made: AwsNetworkSegment = {
      name,
      tier,
      subnets: all,
      cidrs: all.map((subnet) => subnet.cidr),
      subnetIds: subnets.map((subnet) => subnet.id),
      secondarySubnetIds: added.map((subnet) => subnet.id),
      groupIds: [this.groups.membership.get(name)!.id, this.groups.rules.get(name)!.id],
      defaultRoute: acceptsInternet(segment) ? 'internet-gateway' : hosts ? 'egress-control' : 'none',
      ...(this.existing ? { tableTags: { tier } } : {}),
    };
    return { segment: made, acl };
  }

  private existingSubnets(scope: Construct, segment: string, vpc: AwsExistingVpc): readonly ZonalSubnet[] {
    const { zones, addresses, existing } = this.props;
    return [...zones].sort((a, b) => compare(a.name, b.name)).map((zone) => {
      const cidr = addresses.segmentIn(segment, zone);
      const given = { id: existing!.subnets[segment]![zone.name]!.id, cidr, zone: zone.name };
      return { zone: zone.name, cidr, id: vpc.subnet(scope, `subnet-${zone.name}`, given).id };
    });
  }

  /** The range of a segment's own that is added to the VPC, cut for its zones. */
  private secondarySubnets(scope: Construct, segment: string, tags: Record<string, string>): readonly ZonalSubnet[] {
    const { secondaryCidrs = {} } = this.props;
    // A segment may be named as a property that every object has: `constructor`.
    const cidrBlock = Object.hasOwn(secondaryCidrs, segment) ? secondaryCidrs[segment] : undefined;
    if (!cidrBlock) return [];
    const association = new VpcIpv4CidrBlockAssociation(scope, 'secondary-cidr', { vpcId: this.networkId, cidrBlock });
    const cidrIn = (zone: Zone) => subnetOf(cidrBlock, ZONE_BITS, zone.slot);
    return this.subnets(scope, `${segment}-secondary`, cidrIn, tags, { idPrefix: 'secondary-subnet', dependsOn: [association] }).map((subnet) => ({ ...subnet, secondary: true }));
  }

  private makeEndpointSubnets(): readonly ZonalSubnet[] {
    const { name, addresses } = this.props;
    const scope = new Construct(this, 'endpoints');
    // A zone that goes: the endpoints have to let go of their subnet before AWS deletes it.
    const subnets = this.subnets(scope, 'endpoints', (zone) => addresses.infrastructureIn('endpoints', zone), {}, { lifecycle: { createBeforeDestroy: true } });
    const table = inlineRouteTable(scope, 'table', { vpcId: this.networkId, route: [], tags: { Name: `${name}-endpoints` } });
    for (const subnet of subnets) {
      new RouteTableAssociation(scope, `association-${subnet.zone}`, { subnetId: subnet.id, routeTableId: table.id });
    }
    new AwsTierAcl(scope, 'acl', {
      name: `${name}-endpoints`,
      vpcId: this.networkId,
      entries: aclEntries('endpoints', [addresses.cidr, ...this.secondaryCidrs]),
      subnetIds: subnets.map((subnet) => subnet.id),
    });
    return subnets;
  }

  private subnets(scope: Construct, purpose: string, cidrIn: (zone: Zone) => string, tags: Record<string, string>, { idPrefix = 'subnet', ...more }: { readonly idPrefix?: string } & Pick<SubnetConfig, 'dependsOn' | 'lifecycle'> = {}): readonly ZonalSubnet[] {
    return [...this.props.zones].sort((a, b) => compare(a.name, b.name)).map((zone) => {
      const cidr = cidrIn(zone);
      const subnet = new Subnet(scope, `${idPrefix}-${zone.name}`, {
        vpcId: this.networkId,
        availabilityZone: zone.name,
        cidrBlock: cidr,
        // Also in public segments: a load balancer brings its own addresses, a workload needs none.
        mapPublicIpOnLaunch: false,
        assignIpv6AddressOnCreation: false,
        tags: { Name: `${this.props.name}-${purpose}-${zone.name}`, ...tags },
        ...more,
      });
      return { zone: zone.name, cidr, id: subnet.id };
    });
  }
}

function acceptsInternet(segment: Segment): boolean {
  return segment.accepts.some((accept) => accept.from === 'internet');
}
