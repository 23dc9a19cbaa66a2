import { Firewall } from '@cdktf/provider-azurerm/lib/firewall';
import type { FirewallPolicy } from '@cdktf/provider-azurerm/lib/firewall-policy';
import type { FirewallPolicyRuleCollectionGroup } from '@cdktf/provider-azurerm/lib/firewall-policy-rule-collection-group';
import type { IpGroup } from '@cdktf/provider-azurerm/lib/ip-group';
import { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
import type { NatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
import type { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import type { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import type { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import type { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import { EgressControlBase, type EgressControlProps, type LogDestination, type ProtectedSegment, type ResidualRisk } from '../egress-control';
import { tierProblems, type AzureFirewallOptions, type AzureHubOptions } from '../policy/azure-options';
import { uniqueSorted } from '../policy/rules';
import { lockAgainstDeletion } from './deletion-lock';
import { makeFirewallPolicy } from './firewall-policy';
import { cannotEnforce } from './firewall-rules';
import { recordFlows, type FlowLogDestination } from './flow-log';
import { FIREWALL_SUBNET, FIREWALL_SUBNET_PREFIX, makeHubNetwork, needsManagementSubnet, type HubNetwork } from './hub-network';
import { residualRisks } from './residual-risks';
import { hubPlaceProblems } from './place-problems';
import { addRuleGroups, type ClusterHosts } from './rule-groups';

/** The structured logs that tell what was decided and why. https://learn.microsoft.com/azure/firewall/monitor-firewall-reference */
const LOG_CATEGORIES = [
  'AZFWApplicationRule',
  'AZFWDnsQuery',
  'AZFWFqdnResolveFailure',
  'AZFWIdpsSignature',
  'AZFWNatRule',
  'AZFWNetworkRule',
  'AZFWThreatIntel',
];

/** A segment whose traffic the firewall decides on. */
export interface AzureProtectedSegment extends ProtectedSegment {
  /** The segment's slot in the address plan, 4..63: it fixes the priority of its rules for life. */
  readonly slot: number;
}

/** What the egress control needs on Azure. */
export interface AzureEgressControlProps extends EgressControlProps {
  readonly segments: readonly AzureProtectedSegment[];
  readonly location: string;
  readonly hubAddressSpace: readonly string[];
  /** /26 or larger, inside `hubAddressSpace`. */
  readonly firewallSubnetCidr: string;
  /** Likewise; for Basic and for forced tunnelling. @default - none */
  readonly managementSubnetCidr?: string;
  readonly flowLogs: FlowLogDestination;
  /** Zones of the firewall and its public addresses; none for regions without. @default ['1', '2', '3'] */
  readonly zones?: readonly string[];
  /** Tier, threat intelligence, public addresses and so on. @default - Standard, denying, one public address named `egress` */
  readonly firewall?: Partial<AzureFirewallOptions>;
  /**
   * A firewall that exists, to be used instead of one of its own. With its policy, the rules are
   * written into it; without, its team has to.
   *
   * @default - none
   */
  readonly hub?: AzureHubOptions;
  /** What a cluster in a segment reaches. @default - no cluster */
  readonly cluster?: ClusterHosts;
  /** Whether a DNS security policy denies other names. @default false */
  readonly namesAreFiltered?: boolean;
  /** @default - a resource group of its own, `<name>-egress` */
  readonly resourceGroupName?: string;
  /** @default true */
  readonly deletionProtection?: boolean;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A hub network with an Azure Firewall that lets through the allowed hosts and nothing else, or
 * the same rules in a firewall that exists.
 *
 * It knows the spokes by their segments' CIDRs only. `privateAddress` is the next hop for a spoke
 * and `dnsServers` its resolvers; `AzureSpokeAttachment` connects one. Without any rule, nothing
 * is made.
 *
 * @throws BlueprintError for rules that Azure Firewall cannot enforce or that exceed its limits,
 * and for options that the tier does not have.
 */
export class AzureEgressControl extends EgressControlBase {
  override readonly protectedSegments: readonly string[];
  readonly logDestinations: readonly LogDestination[];
  readonly residualRisks: readonly ResidualRisk[];
  readonly egressAddresses: readonly string[];
  readonly resourceGroup?: ResourceGroup;
  readonly hubNetwork?: VirtualNetwork;
  readonly firewallSubnet?: Subnet;
  readonly managementSubnet?: Subnet;
  readonly natGateway?: NatGateway;
  readonly publicAddresses: readonly PublicIp[] = [];
  readonly policy?: FirewallPolicy;
  /** The last group denies everything; the others are sorted by segment. */
  readonly ruleGroups: readonly FirewallPolicyRuleCollectionGroup[] = [];
  /** The addresses that the rules of a segment hold for, by its name. */
  readonly sources: ReadonlyMap<string, IpGroup> = new Map();
  readonly firewall?: Firewall;
  readonly diagnostics?: MonitorDiagnosticSetting;
  /** Id of the firewall that decides, made here or not. Absent when nothing may leave. */
  readonly firewallId?: string;
  /** Next hop for spokes. A token until deployed. */
  readonly privateAddress?: string;
  /** What a spoke asks for names. Empty: Azure's own resolver. */
  readonly dnsServers: readonly string[] = [];

  constructor(scope: Construct, id: string, props: AzureEgressControlProps) {
    super(scope, id, props, cannotEnforce);
    this.protectedSegments = uniqueSorted([...this.protectedNames(), ...(props.cluster ? [props.cluster.segment] : [])]);
    const options = withDefaults(props.firewall ?? {});
    this.residualRisks = residualRisks({
      rules: this.rules,
      segments: props.segments.map(({ name }) => name),
      protectedSegments: this.protectedSegments,
      options,
      namesAreFiltered: props.namesAreFiltered ?? false,
      ...(props.hub ? { hub: props.hub } : {}),
      ...(props.cluster ? { cluster: props.cluster } : {}),
    });
    this.logDestinations = [];
    this.egressAddresses = [];
    if (this.protectedSegments.length === 0) return;

    const { name, location, hub, zones = ['1', '2', '3'] } = props;
    const tags = { ...props.tags };
    this.check(props, options);
    const makesSomething = !hub || hub.policy !== undefined;
    if (!props.resourceGroupName && makesSomething) this.resourceGroup = new ResourceGroup(this, 'resources', { name: `${name}-egress`, location, tags });
    // Azure wants the firewall, its network and its addresses in one resource group.
    const resourceGroupName = props.resourceGroupName ?? this.resourceGroup?.name ?? '';
    const addRules = (policyId: string, sharedFrom?: number) => addRuleGroups(this, {
      name, location, resourceGroupName, policyId, rules: this.rules, segments: props.segments, tags,
      opensTls: !hub && options.tlsInspection !== undefined,
      ...(props.cluster ? { cluster: props.cluster } : {}),
      ...(sharedFrom === undefined ? {} : { sharedFrom }),
    });
    if (hub) {
      if (hub.policy) ({ groups: this.ruleGroups, sources: this.sources } = addRules(hub.policy, hub.firstPriority));
      this.firewallId = hub.firewall;
      this.privateAddress = hub.privateAddress;
      this.dnsServers = hub.dnsServers;
      return;
    }

    const made = makeHubNetwork(this, {
      name, location, resourceGroupName, zones, options, tags,
      addressSpace: props.hubAddressSpace,
      firewallSubnetCidr: props.firewallSubnetCidr,
      ...(props.managementSubnetCidr ? { managementSubnetCidr: props.managementSubnetCidr } : {}),
    });
    this.hubNetwork = made.network;
    this.firewallSubnet = made.subnet;
    if (made.management) this.managementSubnet = made.management.subnet;
    if (made.natGateway) this.natGateway = made.natGateway;
    this.publicAddresses = made.publicAddresses;
    this.egressAddresses = made.egressAddresses;
    this.policy = makeFirewallPolicy(this, { name, location, resourceGroupName, options, tags });
    ({ groups: this.ruleGroups, sources: this.sources } = addRules(this.policy.id));
    this.firewall = new Firewall(this, 'firewall', {
      name: `${name}-egress`,
      location,
      resourceGroupName,
      skuName: 'AZFW_VNet',
      skuTier: options.tier,
      // The policy, not the firewall, sets threat intelligence.
      firewallPolicyId: this.policy.id,
      ...addressing(made),
      ...(zones.length > 0 ? { zones: [...zones] } : {}),
      tags,
      // It starts with its rules complete, the deny included; and Azure refuses changes to a
      // policy while a firewall is taking it up.
      dependsOn: [...this.ruleGroups, ...made.ready],
    });
    this.firewallId = this.firewall.id;
    this.privateAddress = this.firewall.ipConfiguration.get(0).privateIpAddress;
    // A Basic firewall answers no questions.
    this.dnsServers = options.tier === 'Basic' ? [] : [this.privateAddress];
    this.diagnostics = this.record(props, this.firewall, this.hubNetwork);
    const { workspaceResourceId } = props.flowLogs;
    this.logDestinations = [
      ...(this.dnsServers.length > 0 ? [{ kind: 'dns' as const, id: workspaceResourceId }] : []),
      { kind: 'firewall', id: workspaceResourceId },
    ];
    if (props.deletionProtection ?? true) {
      lockAgainstDeletion(this, 'firewall-lock', { name: `${name}-egress`, resourceId: this.firewall.id, dependsOn: [this.diagnostics] });
    }
  }

  private protectedNames(): readonly string[] {
    return this.rules.flatMap(({ segments }) => segments);
  }

  private record({ name, location, flowLogs, tags = {} }: AzureEgressControlProps, firewall: Firewall, network: VirtualNetwork): MonitorDiagnosticSetting {
    const diagnostics = new MonitorDiagnosticSetting(this, 'diagnostics', {
      name: `${name}-egress`,
      targetResourceId: firewall.id,
      logAnalyticsWorkspaceId: flowLogs.workspaceResourceId,
      // One table per kind of record; the old shared table cuts fields off.
      logAnalyticsDestinationType: 'Dedicated',
      enabledLog: LOG_CATEGORIES.map((category) => ({ category })),
      enabledMetric: [{ category: 'AllMetrics' }],
    });
    recordFlows(this, 'flows', { name: `${name}-hub`, location, virtualNetworkId: network.id, destination: flowLogs, tags });
    return diagnostics;
  }

  private check(props: AzureEgressControlProps, options: AzureFirewallOptions): void {
    if (props.hub) return;
    const { publicAddresses: names } = options;
    const problems = [
      ...hubPlaceProblems(props),
      ...tierProblems({ ...options, ...props.firewall }).map(({ option, message, fix }) => `azure: firewall.${option} ${message}; ${fix}`),
      ...subnetProblem(FIREWALL_SUBNET, props.firewallSubnetCidr),
      ...(!needsManagementSubnet(options) ? []
        : props.managementSubnetCidr ? subnetProblem('AzureFirewallManagementSubnet', props.managementSubnetCidr)
          : ["azure: this firewall is managed over a subnet of its own, and no 'managementSubnetCidr' is given; name a /26 in the hub"]),
      ...(names.length === 0 || new Set(names).size < names.length
        ? [`azure: publicAddresses is [${names.join(', ')}] and has to name at least one address, none twice`]
        : []),
    ];
    if (problems.length > 0) throw new BlueprintError(this, problems.map((message) => ({ message })));
  }
}

function withDefaults(given: Partial<AzureFirewallOptions>): AzureFirewallOptions {
  const tier = given.tier ?? 'Standard';
  return {
    tier,
    threatIntelligence: tier === 'Basic' ? 'alert' : 'deny',
    publicAddresses: ['egress'],
    natAddresses: [],
    dnsServers: [],
    ...(tier === 'Premium' ? { intrusionDetection: 'deny' as const } : {}),
    ...given,
    threatIntelligenceAllowlist: uniqueSorted(given.threatIntelligenceAllowlist ?? []),
  };
}

function subnetProblem(name: string, cidr: string): readonly string[] {
  return Number(cidr.split('/')[1]) <= FIREWALL_SUBNET_PREFIX ? []
    : [`azure: ${name} is ${cidr} and has to be /${FIREWALL_SUBNET_PREFIX} or larger; give the environment a larger cidr`];
}

/** The first configuration has the subnet; with forced tunnelling it has no public address. */
function addressing({ publicAddresses, subnet, management }: HubNetwork) {
  const configurations = publicAddresses.map((address, index) => ({
    name: address.node.id,
    publicIpAddressId: address.id,
    ...(index === 0 ? { subnetId: subnet.id } : {}),
  }));
  return {
    ipConfiguration: configurations.length > 0 ? configurations : [{ name: 'private', subnetId: subnet.id }],
    ...(management ? { managementIpConfiguration: { name: 'management', subnetId: management.subnet.id, publicIpAddressId: management.address.id } } : {}),
  };
}
