import { Construct } from 'constructs';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import type { RouteTableRoute } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { BlueprintError } from '../blueprint-error';
import { EgressControlBase, type EgressControlProps, type LogDestination, type ProtectedSegment, type ResidualRisk } from '../egress-control';
import type { AllowRule, AwsTlsInspection } from '../policy/model';
import { compare } from '../policy/rules';
import { blockProblems, NARROWEST_SUBNET, prefixProblems } from '../policy/sound-network';
import { aclEntries, DEFAULT_ACL_ENTRIES, tooManyEntries } from './acl-entries';
import { allowSignatures, floorSignatures } from './firewall-rules';
import { inlineRouteTable } from './inline-routes';
import { AwsInspectionFirewall, type FirewallLog } from './inspection-firewall';
import { shardDomainLists } from './domain-list-rules';
import type { AwsLogTarget } from './log-target';
import { residualRisks, sharedZoneRisks } from './residual-risks';
import { shardRules } from './rule-shards';
import { AwsTierAcl } from './tier-acl';
import { inspectionProblems, inspectionScopes } from './tls-inspection';

/** A zone in which allowed traffic leaves. */
export interface EgressZone {
  /** `us-east-1a` */
  readonly name: string;
  /** The subnet of the firewall endpoint; at least a /28. */
  readonly firewallCidr: string;
  /** The subnet of the NAT gateway; at least a /28. */
  readonly natCidr: string;
}

/** A segment whose traffic the control decides on. */
export interface AwsProtectedSegment extends ProtectedSegment {
  /** The part of its addresses that lies in each zone: where the zone's replies go back to. */
  readonly subnets: readonly { readonly zone: string; readonly cidr: string }[];
}

/** What the egress control needs: ids and CIDRs, so that it can stand in a hub of its own. */
export interface AwsEgressControlProps extends EgressControlProps {
  readonly segments: readonly AwsProtectedSegment[];
  readonly vpcId: string;
  /** The VPC's CIDR: the other side of the firewall and NAT subnets' ACL. */
  readonly vpcCidr: string;
  /** Ranges that were added to the VPC, such as those of pods. @default - none */
  readonly secondaryCidrs?: readonly string[];
  /** Required when a rule allows a host. */
  readonly internetGatewayId?: string;
  /** Each zone of a protected segment has to be among them, or to be served by one of them. */
  readonly zones: readonly EgressZone[];
  /**
   * By zone of the workloads: the zone whose firewall endpoint and NAT gateway it leaves by.
   *
   * @default - each its own; one that leaves by another depends on it and pays for the crossing
   */
  readonly servedBy?: Readonly<Record<string, string>>;
  /**
   * What the firewall takes for inside. Everything outside is where allow rules may lead.
   *
   * @default - the VPC's CIDRs; a firewall that serves other VPCs or sites has to list theirs
   */
  readonly homeNet?: readonly string[];
  /** Whether AWS refuses to delete the firewall or to change its subnets and policy. @default - true */
  readonly deletionProtection?: boolean;
  /**
   * Whether a DNS firewall filters the resolver of these segments (`AwsDnsFirewall`); its own risks
   * then take the place of `dns-tunnelling`.
   *
   * @default - false
   */
  readonly resolverFiltered?: boolean;
  /** How long the firewall's logs are kept. @default - 365 days */
  readonly logRetentionDays?: number;
  /** A KMS key that CloudWatch Logs may use. @default - the key that CloudWatch Logs owns */
  readonly logKeyArn?: string;
  /** Where the firewall's logs are delivered. @default - log groups in CloudWatch Logs */
  readonly logTarget?: AwsLogTarget;
  /**
   * How hosts become rules: generated signatures, which hold exactly what the policy says, or
   * AWS's domain lists, whose semantics are then among the residual risks.
   *
   * @default - suricata
   */
  readonly ruleFormat?: 'suricata' | 'domain-lists';
  /** TLS that the firewall opens, and for whom. @default - none */
  readonly tlsInspection?: AwsTlsInspection;
  /** Seconds of silence after which the firewall forgets a connection, 60 to 6,000. @default - 350, as AWS sets it */
  readonly tcpIdleTimeoutSeconds?: number;
  /** A KMS key for the firewall, its policy and its rules. @default - a key that AWS owns */
  readonly firewallKeyArn?: string;
  /** The account's quota of entries per ACL and direction; at most 40. @default - 20, as AWS sets it */
  readonly aclEntries?: number;
  /** The account's quota of routes per table; at most 1,000. @default - 500, as AWS sets it */
  readonly routesPerTable?: number;
}

/** Routes that one table takes unless the account has asked for more. */
const DEFAULT_ROUTES_PER_TABLE = 500;

/**
 * The one way out: firewall endpoint, NAT gateway and internet gateway, in the workload's zone.
 *
 * The firewall stands before the NAT gateway, so that it sees which segment a packet comes from;
 * replies come back through the same endpoint by a route per segment in the NAT subnet's table.
 * With no rule it makes nothing at all.
 */
export class AwsEgressControl extends EgressControlBase {
  readonly logDestinations: readonly LogDestination[];
  readonly residualRisks: readonly ResidualRisk[];
  readonly egressAddresses: readonly string[];
  /** Absent when no host is allowed. */
  readonly inspection?: AwsInspectionFirewall;
  /** By zone. */
  readonly natGateways: Readonly<Record<string, NatGateway>>;
  /** By zone of the workloads, the firewall's VPC endpoint that serves it: the next hop for protected segments. */
  readonly endpointIds: Readonly<Record<string, string>>;

  /** @throws BlueprintError with everything that cannot be enforced or does not fit AWS's quotas. */
  constructor(scope: Construct, id: string, private readonly props: AwsEgressControlProps) {
    super(scope, id, props, cannotEnforce);
    this.residualRisks = [
      ...residualRisks(this.rules, props.segments.map((segment) => segment.name), { ...props, inspected: props.tlsInspection?.segments }),
      ...sharedZoneRisks(props.servedBy ?? {}, this.protectedSegments),
    ].sort((a, b) => compare(a.id, b.id));
    if (this.rules.length === 0) {
      this.logDestinations = [];
      this.egressAddresses = [];
      this.natGateways = {};
      this.endpointIds = {};
      return;
    }

    const zones = [...props.zones].sort((a, b) => compare(a.name, b.name));
    const guarded = props.segments.filter((segment) => this.protectedSegments.includes(segment.name));
    const inspection = props.tlsInspection;
    const sources = guarded.map(({ name, cidrs }) => ({ name, cidrs, inspected: inspection?.segments.includes(name) ?? false }));
    const { shards, problems } = props.ruleFormat === 'domain-lists'
      ? shardDomainLists(this.rules, sources)
      : shardRules(allowSignatures(this.rules, sources), floorSignatures(this.rules, sources));
    const ports = [{ protocol: 'tcp' as const, ports: this.rules.flatMap((rule) => rule.ports).map((port) => ({ from: port, to: port })) }];
    const entries = aclEntries('transit', [props.vpcCidr, ...(props.secondaryCidrs ?? [])], ports);
    const all = [...problems, ...(inspection ? inspectionProblems(inspection, this.rules, props.segments.map(({ name }) => name)) : []), ...misfits(props, zones, guarded), ...excessEntries(entries, props.aclEntries ?? DEFAULT_ACL_ENTRIES)];
    if (all.length > 0) throw new BlueprintError(this, all.map((message) => ({ message })));

    const subnets = zones.map((zone) => ({
      zone,
      firewall: this.subnet('firewall', zone.name, zone.firewallCidr),
      nat: this.subnet('nat', zone.name, zone.natCidr),
    }));
    for (const role of ['firewall', 'nat'] as const) {
      new AwsTierAcl(this, `acl-${role}`, {
        name: `${props.name}-${role}`, vpcId: props.vpcId, entries, subnetIds: subnets.map((subnet) => subnet[role].id),
      });
    }
    const firewall = new AwsInspectionFirewall(this, 'inspection', {
      name: props.name,
      vpcId: props.vpcId,
      subnetIds: subnets.map((subnet) => subnet.firewall.id),
      shards,
      homeNet: [...(props.homeNet ?? [props.vpcCidr, ...(props.secondaryCidrs ?? [])])].sort(compare),
      deletionProtection: props.deletionProtection ?? true,
      logRetentionDays: props.logRetentionDays ?? 365,
      logKeyArn: props.logKeyArn,
      logTarget: props.logTarget,
      tcpIdleTimeoutSeconds: props.tcpIdleTimeoutSeconds,
      ...(inspection ? { tlsInspection: { ...inspection, scopes: inspectionScopes(inspection, this.rules, sources) } } : {}),
      keyArn: props.firewallKeyArn,
    });
    this.inspection = firewall;
    this.endpointIds = Object.fromEntries(Object.entries(wayOutOf(zones, props.servedBy)).map(([zone, serving]) => [zone, firewall.endpointIn(serving)]));
    const gateways = subnets.map(({ zone, nat, firewall }) => this.wayOut(zone.name, nat, firewall, guarded));
    this.natGateways = Object.fromEntries(zones.map((zone, index) => [zone.name, gateways[index]!.gateway]));
    this.egressAddresses = gateways.map(({ address }) => address.publicIp);
    this.logDestinations = Object.entries(firewall.logDestinations).map(([log, id]) => ({ kind: `firewall-${log as FirewallLog}`, id }));
  }

  /** One zone: workload -> endpoint -> (firewall subnet) -> NAT -> (NAT subnet) -> internet gateway, and back. */
  private wayOut(zone: string, nat: Subnet, firewall: Subnet, guarded: readonly AwsProtectedSegment[]): { gateway: NatGateway; address: Eip } {
    const { name, internetGatewayId, zones, servedBy } = this.props;
    const serving = wayOutOf(zones, servedBy);
    const replies = guarded
      .flatMap((segment) => segment.subnets.filter((subnet) => serving[subnet.zone] === zone))
      .map(({ cidr }): RouteTableRoute => ({ cidrBlock: cidr, vpcEndpointId: this.endpointIds[zone]! }))
      .sort((a, b) => compare(a.cidrBlock!, b.cidrBlock!));
    const association = this.table('nat', zone, nat, [{ cidrBlock: '0.0.0.0/0', gatewayId: internetGatewayId! }, ...replies]);
    const address = new Eip(this, `address-${zone}`, { domain: 'vpc', tags: { Name: `${name}-egress-${zone}` } });
    const gateway = new NatGateway(this, `nat-gateway-${zone}`, {
      subnetId: nat.id,
      allocationId: address.allocationId,
      connectivityType: 'public',
      tags: { Name: `${name}-egress-${zone}` },
      // Its subnet's routes first: it needs the internet gateway, and must not pass replies around the firewall.
      dependsOn: [association],
    });
    this.table('firewall', zone, firewall, [{ cidrBlock: '0.0.0.0/0', natGatewayId: gateway.id }]);
    return { gateway, address };
  }

  private subnet(role: 'firewall' | 'nat', zone: string, cidrBlock: string): Subnet {
    const { name, vpcId } = this.props;
    return new Subnet(this, `${role}-subnet-${zone}`, {
      vpcId,
      availabilityZone: zone,
      cidrBlock,
      mapPublicIpOnLaunch: false,
      assignIpv6AddressOnCreation: false,
      tags: { Name: `${name}-${role}-${zone}` },
      // A zone that goes: the firewall has to let go of its subnet before AWS deletes it.
      ...(role === 'firewall' ? { lifecycle: { createBeforeDestroy: true } } : {}),
    });
  }

  private table(role: 'firewall' | 'nat', zone: string, subnet: Subnet, route: RouteTableRoute[]): RouteTableAssociation {
    const { name, vpcId } = this.props;
    const table = inlineRouteTable(this, `${role}-table-${zone}`, { vpcId, route, tags: { Name: `${name}-${role}-${zone}` } });
    return new RouteTableAssociation(this, `${role}-association-${zone}`, { subnetId: subnet.id, routeTableId: table.id });
  }
}

function cannotEnforce(rule: AllowRule): string | undefined {
  return rule.protocol === 'tcp' && rule.addresses.length === 0
    ? `aws: '${rule.host.text}' is allowed over tcp, where no name travels; list its addresses, or allow it as tls or http`
    : undefined;
}

/** By zone of the workloads, the zone that it leaves by. */
function wayOutOf(zones: readonly EgressZone[], servedBy: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(zones.map(({ name }) => [name, name])), ...servedBy };
}

/** Whether its subnets lie in the network, and beside those of the segments. */
function placement({ name, vpcCidr, segments, homeNet = [] }: AwsEgressControlProps, zones: readonly EgressZone[]): readonly string[] {
  const own = zones.flatMap((zone) => [
    { owner: `the firewall in ${zone.name}`, cidr: zone.firewallCidr },
    { owner: `the nat gateway in ${zone.name}`, cidr: zone.natCidr },
  ]);
  const others = segments.flatMap((segment) => segment.cidrs.map((cidr) => ({ owner: `'${segment.name}'`, cidr })));
  return [...new Set([
    ...prefixProblems('aws', name),
    ...blockProblems(own, { within: [vpcCidr], narrowest: NARROWEST_SUBNET.aws }),
    ...blockProblems([...own, ...others]),
    // These may overlap: a site and a network in it.
    ...homeNet.flatMap((cidr) => blockProblems([{ owner: 'homeNet', cidr }])),
  ])].map((problem) => `aws: ${problem}`);
}

function misfits(props: AwsEgressControlProps, zones: readonly EgressZone[], guarded: readonly AwsProtectedSegment[]): readonly string[] {
  const known = new Set(zones.map((zone) => zone.name));
  const serving = wayOutOf(zones, props.servedBy);
  const replies = Math.max(0, ...zones.map(({ name }) => guarded.flatMap((segment) => segment.subnets).filter(({ zone }) => serving[zone] === name).length));
  const quota = props.routesPerTable ?? DEFAULT_ROUTES_PER_TABLE;
  return [
    ...placement(props, zones),
    ...(props.internetGatewayId ? [] : ['aws: hosts are allowed and there is no internet gateway; pass internetGatewayId, in a policy file under existingNetwork']),
    ...guarded.flatMap((segment) => segment.subnets
      .filter((subnet) => !known.has(serving[subnet.zone] ?? ''))
      .map((subnet) => `aws: '${segment.name}' has a subnet in ${subnet.zone}, where there is no firewall endpoint; add the zone, or say in 'servedBy' which one it leaves by`)),
    ...Object.entries(props.servedBy ?? {})
      .filter(([zone, other]) => known.has(zone) && other !== zone)
      .map(([zone, other]) => `aws: ${zone} has a firewall endpoint and is served by ${other}; a reply would come back by another than the request left by`),
    ...(replies + 1 > quota
      ? [`aws: a nat subnet's table needs ${replies + 1} routes, and ${quota} fit; raise the quota and set 'routesPerTable'`]
      : []),
  ];
}

function excessEntries(entries: ReturnType<typeof aclEntries>, quota: number): readonly string[] {
  const excess = tooManyEntries(entries, quota);
  return excess
    ? [`aws: the network acl of the firewall and nat subnets needs ${excess}; allow neighbouring ports, which share an entry, or raise the quota (at most 40) and set 'aclEntries'`]
    : [];
}
