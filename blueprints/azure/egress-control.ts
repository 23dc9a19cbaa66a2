import { Firewall } from '@cdktf/provider-azurerm/lib/firewall';
import { FirewallPolicy } from '@cdktf/provider-azurerm/lib/firewall-policy';
import type { FirewallPolicyRuleCollectionGroup } from '@cdktf/provider-azurerm/lib/firewall-policy-rule-collection-group';
import { MonitorDiagnosticSetting } from '@cdktf/provider-azurerm/lib/monitor-diagnostic-setting';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Subnet } from '@cdktf/provider-azurerm/lib/subnet';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import type { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import { EgressControlBase, type EgressControlProps, type LogDestination, type ProtectedSegment, type ResidualRisk } from '../egress-control';
import { lockAgainstDeletion } from './deletion-lock';
import { cannotEnforce } from './firewall-rules';
import { recordFlows, type FlowLogDestination } from './flow-log';
import { residualRisks } from './residual-risks';
import { addRuleGroups } from './rule-groups';

/** Azure calls the firewall's subnet by this name and no other. */
const FIREWALL_SUBNET = 'AzureFirewallSubnet';
/** Longest prefix that Azure takes for it. https://learn.microsoft.com/azure/firewall/firewall-faq */
const FIREWALL_SUBNET_PREFIX = 26;
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
  readonly flowLogs: FlowLogDestination;
  /** Zones of the firewall and its public addresses; none for regions without. @default ['1', '2', '3'] */
  readonly zones?: readonly string[];
  /** `Premium` adds intrusion prevention, set to deny. Basic has no DNS proxy and is refused. @default 'Standard' */
  readonly tier?: 'Standard' | 'Premium';
  /**
   * Names of the firewall's public addresses, which partners put on their allowlists; each gives
   * 2,496 ports per destination and firewall instance. Add at the end: the first one is bound to
   * the subnet.
   *
   * @default ['egress']
   */
  readonly publicAddressNames?: readonly string[];
  /** Names that Microsoft's threat feed must not block. @default - none */
  readonly threatIntelligenceAllowlist?: readonly string[];
  /** DNS servers that the firewall asks. @default - Azure's own resolver */
  readonly upstreamDnsServers?: readonly string[];
  /** @default - a resource group of its own, `<name>-egress` */
  readonly resourceGroupName?: string;
  /** @default true */
  readonly deletionProtection?: boolean;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A hub network with an Azure Firewall that lets through the allowed hosts and nothing else.
 *
 * It knows the spokes by their segments' CIDRs only. `privateAddress` is the next hop and the DNS
 * server for a spoke; `AzureSpokeAttachment` connects one. Without any rule, nothing is made.
 *
 * @throws BlueprintError for rules that Azure Firewall cannot enforce or that exceed its limits.
 */
export class AzureEgressControl extends EgressControlBase {
  readonly logDestinations: readonly LogDestination[];
  readonly residualRisks: readonly ResidualRisk[];
  readonly egressAddresses: readonly string[];
  readonly resourceGroup?: ResourceGroup;
  readonly hubNetwork?: VirtualNetwork;
  readonly firewallSubnet?: Subnet;
  readonly publicAddresses: readonly PublicIp[] = [];
  readonly policy?: FirewallPolicy;
  /** The last group denies everything; the others are sorted by segment. */
  readonly ruleGroups: readonly FirewallPolicyRuleCollectionGroup[] = [];
  readonly firewall?: Firewall;
  readonly diagnostics?: MonitorDiagnosticSetting;
  /** Next hop and DNS server for spokes. A token until deployed. */
  readonly privateAddress?: string;

  constructor(scope: Construct, id: string, props: AzureEgressControlProps) {
    super(scope, id, props, cannotEnforce);
    this.residualRisks = residualRisks(this.rules, props.segments.map(({ name }) => name));
    this.logDestinations = [];
    this.egressAddresses = [];
    if (this.protectedSegments.length === 0) return;

    const { name, location, tier = 'Standard', zones = ['1', '2', '3'] } = props;
    const tags = { ...props.tags };
    this.check(props);
    if (!props.resourceGroupName) this.resourceGroup = new ResourceGroup(this, 'resources', { name: `${name}-egress`, location, tags });
    // Azure wants the firewall, its network and its addresses in one resource group.
    const resourceGroupName = props.resourceGroupName ?? this.resourceGroup!.name;
    const zoned = zones.length > 0 ? { zones: [...zones] } : {};

    this.hubNetwork = new VirtualNetwork(this, 'network', {
      name: `${name}-hub`,
      location,
      resourceGroupName,
      addressSpace: [...props.hubAddressSpace],
      dnsServers: [],
      tags,
    });
    this.firewallSubnet = new Subnet(this, 'subnet', {
      name: FIREWALL_SUBNET,
      resourceGroupName,
      virtualNetworkName: this.hubNetwork.name,
      addressPrefixes: [props.firewallSubnetCidr],
      defaultOutboundAccessEnabled: false,
    });
    this.publicAddresses = (props.publicAddressNames ?? ['egress']).map((address) => new PublicIp(this, `address-${address}`, {
      name: `${name}-${address}`,
      location,
      resourceGroupName,
      sku: 'Standard',
      allocationMethod: 'Static',
      ...zoned,
      tags,
    }));
    const allowlist = props.threatIntelligenceAllowlist ?? [];
    this.policy = new FirewallPolicy(this, 'policy', {
      name: `${name}-egress`,
      location,
      resourceGroupName,
      sku: tier,
      threatIntelligenceMode: 'Deny',
      ...(allowlist.length > 0 ? { threatIntelligenceAllowlist: { fqdns: [...allowlist].sort() } } : {}),
      dns: { proxyEnabled: true, ...(props.upstreamDnsServers ? { servers: [...props.upstreamDnsServers] } : {}) },
      ...(tier === 'Premium' ? { intrusionDetection: { mode: 'Deny' } } : {}),
      tags,
    });
    this.ruleGroups = addRuleGroups(this, { policyId: this.policy.id, rules: this.rules, segments: props.segments });
    this.firewall = new Firewall(this, 'firewall', {
      name: `${name}-egress`,
      location,
      resourceGroupName,
      skuName: 'AZFW_VNet',
      skuTier: tier,
      // The policy, not the firewall, sets threat intelligence.
      firewallPolicyId: this.policy.id,
      ipConfiguration: this.publicAddresses.map((address, index) => ({
        name: address.node.id,
        publicIpAddressId: address.id,
        ...(index === 0 ? { subnetId: this.firewallSubnet!.id } : {}),
      })),
      ...zoned,
      tags,
      // It starts with its rules complete, the deny included; and Azure refuses changes to a
      // policy while a firewall is taking it up.
      dependsOn: [...this.ruleGroups],
    });
    this.privateAddress = this.firewall.ipConfiguration.get(0).privateIpAddress;
    this.egressAddresses = this.publicAddresses.map((address) => address.ipAddress);

    const { workspaceResourceId } = props.flowLogs;
    this.diagnostics = new MonitorDiagnosticSetting(this, 'diagnostics', {
      name: `${name}-egress`,
      targetResourceId: this.firewall.id,
      logAnalyticsWorkspaceId: workspaceResourceId,
      // One table per kind of record; the old shared table cuts fields off.
      logAnalyticsDestinationType: 'Dedicated',
      enabledLog: LOG_CATEGORIES.map((category) => ({ category })),
      enabledMetric: [{ category: 'AllMetrics' }],
    });
    recordFlows(this, 'flows', { name: `${name}-hub`, location, virtualNetworkId: this.hubNetwork.id, destination: props.flowLogs, tags });
    this.logDestinations = [
      { kind: 'dns', id: workspaceResourceId },
      { kind: 'firewall', id: workspaceResourceId },
    ];
    if (props.deletionProtection ?? true) {
      lockAgainstDeletion(this, 'firewall-lock', { name: `${name}-egress`, resourceId: this.firewall.id, dependsOn: [this.diagnostics] });
    }
  }

  private check(props: AzureEgressControlProps): void {
    const prefix = Number(props.firewallSubnetCidr.split('/')[1]);
    const names = props.publicAddressNames ?? ['egress'];
    const problems = [
      ...(prefix > FIREWALL_SUBNET_PREFIX
        ? [{ message: `azure: ${FIREWALL_SUBNET} is ${props.firewallSubnetCidr} and has to be /${FIREWALL_SUBNET_PREFIX} or larger; give the environment a larger cidr` }]
        : []),
      ...(names.length === 0 || new Set(names).size < names.length
        ? [{ message: `azure: publicAddressNames is [${names.join(', ')}] and has to name at least one address, none twice` }]
        : []),
    ];
    if (problems.length > 0) throw new BlueprintError(this, problems);
  }
}
