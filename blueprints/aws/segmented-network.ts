import { Construct } from 'constructs';
import { DataAwsEc2ManagedPrefixList } from '@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { BlueprintError } from '../blueprint-error';
import type { LogDestination } from '../egress-control';
import type { PrivateService, Segment, Zone } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';
import type { ISegmentedNetwork, NetworkSegment, SegmentedNetworkProps } from '../segmented-network';
import { aclEntries, DEFAULT_ACL_ENTRIES, type AclEntry } from './acl-entries';
import { AwsEmptiedDefaults } from './emptied-defaults';
import { endpointNeeds, serviceName } from './endpoint-catalog';
import { AwsFlowLogs } from './flow-logs';
import { DEFAULT_RULES_PER_GROUP } from './group-rules';
import type { AwsLogTarget } from './log-target';
import { aclPlan, networkProblems } from './network-plan';
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
}

/** A segment of an AWS network. */
export interface AwsNetworkSegment extends NetworkSegment {
  /** Sorted by zone. */
  readonly subnets: readonly ZonalSubnet[];
  /** Where its default route has to lead: nowhere, to the internet gateway, or to the egress control. */
  readonly defaultRoute: 'none' | 'internet-gateway' | 'egress-control';
}

/**
 * A VPC cut into segments, with no route but the local one.
 *
 * It makes subnets, security groups, network ACLs, flow logs and, where some segment needs it,
 * the internet gateway. Routes come from `AwsSegmentRoutes`: until then every subnet hangs on the
 * main route table, which is empty, so a network without routes is a network without a way out.
 */
export class AwsSegmentedNetwork extends Construct implements ISegmentedNetwork {
  readonly vpc: Vpc;
  /** Present when a segment accepts the internet or has allowed hosts. */
  readonly internetGateway?: InternetGateway;
  readonly groups: AwsSegmentGroups;
  readonly defaults: AwsEmptiedDefaults;
  readonly flowLogs: AwsFlowLogs;
  /** By segment. */
  readonly acls: ReadonlyMap<string, AwsTierAcl>;
  /** Where interface endpoints go: one per zone, with a route table of their own that has no route. */
  readonly endpointSubnets: readonly ZonalSubnet[];
  readonly segments: readonly AwsNetworkSegment[];
  readonly logDestinations: readonly LogDestination[];

  /** @throws BlueprintError with every segment that cannot be built as it is written. */
  constructor(scope: Construct, id: string, private readonly props: AwsSegmentedNetworkProps) {
    super(scope, id);
    const { name, region, rules, addresses, account } = props;
    const segments = [...props.segments].sort((a, b) => compare(a.name, b.name));
    const hasHosts = rules.length > 0;
    const needs = endpointNeeds(props.privateServices ?? [], hasHosts);
    const interfaces = needs.some((need) => need.kind === 'interface');
    const gateways = needs.filter((need) => need.kind === 'gateway');
    const context = { vpcCidr: addresses.cidr, segments, rules, endpoints: interfaces, gatewayEndpoints: gateways.length > 0 };
    const fences = aclPlan(context);
    const problems = networkProblems(context, fences, {
      aclEntries: props.aclEntries ?? DEFAULT_ACL_ENTRIES,
      rulesPerGroup: props.rulesPerGroup ?? DEFAULT_RULES_PER_GROUP,
    });
    if (problems.length > 0) throw new BlueprintError(this, problems);

    this.vpc = new Vpc(this, 'vpc', {
      cidrBlock: addresses.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      // An IPv6 range would be a second network that none of these rules speak of.
      assignGeneratedIpv6CidrBlock: false,
      tags: { Name: name },
    });
    this.defaults = new AwsEmptiedDefaults(this, 'defaults', { name, vpc: this.vpc });
    this.flowLogs = new AwsFlowLogs(this, 'flow-logs', {
      name, region, account, vpcId: this.vpc.id, retentionDays: props.logRetentionDays ?? 365, keyArn: props.logKeyArn, target: props.logTarget,
    });
    this.logDestinations = [{ kind: 'flow', id: this.flowLogs.destination }];
    if (hasHosts || segments.some(acceptsInternet)) {
      this.internetGateway = new InternetGateway(this, 'internet-gateway', { vpcId: this.vpc.id, tags: { Name: name } });
    }
    this.groups = new AwsSegmentGroups(this, 'groups', {
      ...context,
      name,
      vpcId: this.vpc.id,
      gatewayPrefixListIds: gateways.map((need) => new DataAwsEc2ManagedPrefixList(this, `prefix-list-${need.name}`, {
        name: serviceName(region, need.name),
      }).id),
    });
    const made = segments.map((segment, index) => this.segment(segment, fences[index]!.entries));
    this.segments = made.map(({ segment }) => segment);
    this.acls = new Map(made.map(({ segment, acl }) => [segment.name, acl]));
    this.endpointSubnets = interfaces ? this.makeEndpointSubnets() : [];
  }

  get networkId(): string {
    return this.vpc.id;
  }

  private segment(segment: Segment, entries: readonly AclEntry[]): { readonly segment: AwsNetworkSegment; readonly acl: AwsTierAcl } {
    const scope = new Construct(this, `segment-${segment.name}`);
    const { name, tier } = segment;
    const subnets = this.subnets(scope, name, (zone) => this.props.addresses.segmentIn(name, zone), { segment: name, tier });
    const hosts = rulesOf(this.props.rules, name).length > 0;
    const subnetIds = subnets.map((subnet) => subnet.id);
    const acl = new AwsTierAcl(scope, 'acl', { name: `${this.props.name}-${name}`, vpcId: this.vpc.id, entries, subnetIds });
    const made: AwsNetworkSegment = {
      name,
      tier,
      subnets,
      cidrs: subnets.map((subnet) => subnet.cidr),
      subnetIds,
      groupIds: [this.groups.membership.get(name)!.id, this.groups.rules.get(name)!.id],
      defaultRoute: acceptsInternet(segment) ? 'internet-gateway' : hosts ? 'egress-control' : 'none',
    };
    return { segment: made, acl };
  }

  private makeEndpointSubnets(): readonly ZonalSubnet[] {
    const { name, addresses } = this.props;
    const scope = new Construct(this, 'endpoints');
    const subnets = this.subnets(scope, 'endpoints', (zone) => addresses.infrastructureIn('endpoints', zone), {});
    const table = new RouteTable(scope, 'table', { vpcId: this.vpc.id, route: [], tags: { Name: `${name}-endpoints` } });
    for (const subnet of subnets) {
      new RouteTableAssociation(scope, `association-${subnet.zone}`, { subnetId: subnet.id, routeTableId: table.id });
    }
    new AwsTierAcl(scope, 'acl', {
      name: `${name}-endpoints`,
      vpcId: this.vpc.id,
      entries: aclEntries('endpoints', addresses.cidr),
      subnetIds: subnets.map((subnet) => subnet.id),
    });
    return subnets;
  }

  private subnets(scope: Construct, purpose: string, cidrIn: (zone: Zone) => string, tags: Record<string, string>): readonly ZonalSubnet[] {
    return [...this.props.zones].sort((a, b) => compare(a.name, b.name)).map((zone) => {
      const cidr = cidrIn(zone);
      const subnet = new Subnet(scope, `subnet-${zone.name}`, {
        vpcId: this.vpc.id,
        availabilityZone: zone.name,
        cidrBlock: cidr,
        // Also in public segments: a load balancer brings its own addresses, a workload needs none.
        mapPublicIpOnLaunch: false,
        assignIpv6AddressOnCreation: false,
        tags: { Name: `${this.props.name}-${purpose}-${zone.name}`, ...tags },
      });
      return { zone: zone.name, cidr, id: subnet.id };
    });
  }
}

function acceptsInternet(segment: Segment): boolean {
  return segment.accepts.some((accept) => accept.from === 'internet');
}
