import type { NetworkWatcherFlowLog } from '@cdktf/provider-azurerm/lib/network-watcher-flow-log';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { SubnetServiceEndpointStoragePolicy } from '@cdktf/provider-azurerm/lib/subnet-service-endpoint-storage-policy';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import { VirtualNetworkDnsServers } from '@cdktf/provider-azurerm/lib/virtual-network-dns-servers';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { LogDestination } from '../egress-control';
import type { AzureServiceEndpointOptions, AzureSpokeOptions } from '../policy/azure-options';
import type { Segment } from '../policy/model';
import { segmentsWithHosts } from '../policy/rules';
import type { ISegmentedNetwork, NetworkSegment, SegmentedNetworkProps } from '../segmented-network';
import { FilteredSubnet, type DefaultRoute } from './filtered-subnet';
import { recordFlows, type FlowLogDestination } from './flow-log';
import { resourceIdParts } from './names';
import { placeProblems } from './place-problems';
import { endpointSubnetRules, segmentRules, type SecurityRule, type SecurityRuleContext } from './security-rules';
import type { PeeredNetwork } from './spoke-attachment';

/** Addresses and ports in the rules of one security group. https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#networking-limits */
const ADDRESSES_AND_PORTS = 4_000;

/** What the network needs on Azure. */
export interface AzureSegmentedNetworkProps extends SegmentedNetworkProps<'azure'> {
  readonly location: string;
  readonly flowLogs: FlowLogDestination;
  /**
   * Private address of the firewall that segments with hosts send everything to.
   *
   * @default - none: required as soon as a rule names a segment
   */
  readonly egressNextHop?: string;
  /** @default - Azure's own resolver */
  readonly dnsServers?: readonly string[];
  /**
   * Blocks that hold `dnsServers`: their addresses may be unknown until deployed, and rules need them now.
   *
   * @default - the block of the firewall's subnet
   */
  readonly dnsServerCidrs?: readonly string[];
  /** TCP ports of the private endpoints. @default [443] */
  readonly endpointPorts?: readonly number[];
  /**
   * A network and subnets that exist: they get security groups and routes, and nothing else of
   * them changes but the DNS servers.
   *
   * @default - none: they are made
   */
  readonly existing?: AzureSpokeOptions;
  /** A cluster's segment and its pods' block: its nodes talk to each other freely, and it has a way out. @default - none */
  readonly cluster?: {
    readonly segment: string;
    readonly podCidr: string;
    /** TCP ports on which it reaches its platform and its add-ons. @default [443] */
    readonly ports?: readonly number[];
  };
  /** Storage by a service endpoint with a policy. Not possible with `existing`. @default - none */
  readonly serviceEndpoints?: AzureServiceEndpointOptions;
  /** Segments whose machines may not ask the instance metadata service. @default - none */
  readonly segmentsWithoutMetadata?: readonly string[];
  /** @default - everything of the environment that is not the hub's */
  readonly addressSpace?: readonly string[];
  /** @default - a resource group of its own, `<name>-network` */
  readonly resourceGroupName?: string;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A virtual network with one subnet per segment, each with a security group that ends in a deny
 * and a route table of its own.
 *
 * Azure routes between all subnets of a network, past any firewall; the security groups are what
 * separates segments. The subnet is the segment's identity, so rules name the segments' CIDRs:
 * a workload cannot get in by joining a group, nor fall out by leaving one.
 *
 * @throws BlueprintError when a rule needs a way out and no next hop is given, when a group
 * would exceed Azure's limits, and with every segment, block or place that the policy file may not hold.
 */
export class AzureSegmentedNetwork extends Construct implements ISegmentedNetwork {
  readonly networkId: string;
  readonly segments: readonly NetworkSegment[];
  readonly logDestinations: readonly LogDestination[];
  /** Absent when the resource group was given. */
  readonly resourceGroup?: ResourceGroup;
  /** Absent when the network existed. */
  readonly virtualNetwork?: VirtualNetwork;
  /** The network as one end of a peering. */
  readonly peered: PeeredNetwork;
  /** Absent without service endpoints. */
  readonly storagePolicy?: SubnetServiceEndpointStoragePolicy;
  /** Subnet, group and route table by segment, sorted by name. */
  readonly segmentSubnets: ReadonlyMap<string, FilteredSubnet>;
  /** For private endpoints. */
  readonly endpointSubnet: FilteredSubnet;
  readonly flowLog: NetworkWatcherFlowLog;
  /** What has to exist before the network is peered or used. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: AzureSegmentedNetworkProps) {
    super(scope, id);
    const { name, location, addresses, egressNextHop, dnsServers = [] } = props;
    const tags = { ...props.tags };
    const { existing, cluster } = props;
    const hosted = new Set([...segmentsWithHosts(props.rules), ...(cluster ? [cluster.segment] : [])]);
    const cidrOf = (segment: string) => existing?.subnets[segment]?.cidr ?? addresses.segment(segment);
    const context: SecurityRuleContext = {
      segments: props.segments,
      rules: props.rules,
      cidrOf,
      endpoints: { cidr: existing?.privateEndpoints.cidr ?? addresses.infrastructure('endpoints'), ports: props.endpointPorts ?? [443] },
      resolverCidrs: dnsServers.length === 0 ? [] : props.dnsServerCidrs ?? [addresses.infrastructure('firewall')],
      segmentsWithoutMetadata: props.segmentsWithoutMetadata ?? [],
      storageSegments: props.serviceEndpoints?.segments ?? [],
      ...(cluster ? { cluster: { ...cluster, ports: cluster.ports ?? [443] } } : {}),
    };
    const rules = new Map(props.segments.map((segment) => [segment.name, segmentRules(segment, context)]));
    this.check(props, hosted, rules);

    if (!props.resourceGroupName) this.resourceGroup = new ResourceGroup(this, 'resources', { name: `${name}-network`, location, tags });
    const resourceGroupName = props.resourceGroupName ?? this.resourceGroup!.name;
    if (!existing) {
      this.virtualNetwork = new VirtualNetwork(this, 'network', {
        name: `${name}-spoke`,
        location,
        resourceGroupName,
        addressSpace: [...(props.addressSpace ?? addresses.without(['firewall', 'firewall-management', 'gateway']))],
        // An empty list says "Azure's resolver"; leaving it out would keep whatever was set before.
        dnsServers: [...dnsServers],
        tags,
      });
    }
    this.peered = existing
      ? { id: existing.network, ...pick(resourceIdParts(existing.network)) }
      : { id: this.virtualNetwork!.id, name: this.virtualNetwork!.name, resourceGroupName };
    this.networkId = this.peered.id;
    if (props.serviceEndpoints) {
      // https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview
      this.storagePolicy = new SubnetServiceEndpointStoragePolicy(this, 'storage-policy', {
        name: `${name}-storage`,
        location,
        resourceGroupName,
        definition: [{ name: 'accounts', service: 'Microsoft.Storage', serviceResources: [...props.serviceEndpoints.storageAccounts] }],
        tags,
        // The subnets let go of it first.
        lifecycle: { createBeforeDestroy: true },
      });
    }

    const subnet = (role: string, cidr: string, securityRules: readonly SecurityRule[], defaultRoute: DefaultRoute, existingSubnetId: string | undefined, more: Record<string, string> = {}) =>
      new FilteredSubnet(this, role, {
        name: `${name}-${role}`,
        subnetName: role,
        cidr,
        location,
        resourceGroupName,
        virtualNetworkName: this.peered.name,
        securityRules,
        defaultRoute,
        workspaceId: props.flowLogs.workspaceResourceId,
        ...(existingSubnetId ? { existingSubnetId } : {}),
        ...(more['segment'] && context.storageSegments.includes(more['segment']) ? { storagePolicyId: this.storagePolicy!.id } : {}),
        tags: { ...tags, ...more },
      });
    this.segmentSubnets = new Map(props.segments.map((segment) => [
      segment.name,
      subnet(`segment-${segment.name}`, cidrOf(segment.name), rules.get(segment.name)!,
        defaultRoute(segment, hosted.has(segment.name) ? egressNextHop : undefined), existing?.subnets[segment.name]?.id, { segment: segment.name, tier: segment.tier }),
    ]));
    this.endpointSubnet = subnet('private-endpoints', context.endpoints.cidr, endpointSubnetRules(context), { nextHop: 'None' }, existing?.privateEndpoints.id);
    this.ready = [...this.segmentSubnets.values(), this.endpointSubnet].map(({ ready }) => ready);
    if (existing) {
      this.ready = [...this.ready, new VirtualNetworkDnsServers(this, 'dns-servers', { virtualNetworkId: existing.network, dnsServers: [...dnsServers], dependsOn: [...this.ready] })];
    }

    this.segments = props.segments.map((segment): NetworkSegment => {
      const { subnetId, securityGroup } = this.segmentSubnets.get(segment.name)!;
      return {
        name: segment.name,
        tier: segment.tier,
        cidrs: [cidrOf(segment.name)],
        subnetIds: [subnetId],
        groupIds: [securityGroup.id],
      };
    });
    this.flowLog = recordFlows(this, 'flows', {
      name: `${name}-spoke`,
      location,
      virtualNetworkId: this.networkId,
      destination: props.flowLogs,
      tags,
    });
    this.logDestinations = [{ kind: 'flow', id: props.flowLogs.workspaceResourceId }];
  }

  private check(props: AzureSegmentedNetworkProps, hosted: ReadonlySet<string>, rules: ReadonlyMap<string, readonly SecurityRule[]>): void {
    const problems = [
      ...placeProblems(props),
      ...(props.existing && props.serviceEndpoints
        ? [{ message: "azure: service endpoints belong to subnets that exist already; set them there, with a service endpoint policy, or drop 'serviceEndpoints'" }]
        : []),
      ...(hosted.size > 0 && !props.egressNextHop
        ? [{ message: `azure: ${[...hosted].map((segment) => `'${segment}'`).join(', ')} may reach hosts, and no 'egressNextHop' leads there; give the private address of the firewall` }]
        : []),
      ...[...rules].flatMap(([segment, list]) => {
        const size = list.reduce((sum, rule) => sum + rule.sources.length + rule.destinations.length + rule.ports.length, 0);
        return size <= ADDRESSES_AND_PORTS ? []
          : [{ message: `azure: the rules of '${segment}' name ${size} addresses and ports, and a security group takes ${ADDRESSES_AND_PORTS}; list larger blocks or fewer ports` }];
      }),
    ];
    if (problems.length > 0) throw new BlueprintError(this, problems);
  }
}

const pick = ({ name, resourceGroupName }: { readonly name: string; readonly resourceGroupName: string }) => ({ name, resourceGroupName });

/** Only answers leave a segment with callers on the internet by its route: its group lets no connection out. */
function defaultRoute(segment: Segment, nextHop: string | undefined): DefaultRoute {
  if (segment.accepts.some(({ from }) => from === 'internet')) return { nextHop: 'Internet' };
  return nextHop === undefined ? { nextHop: 'None' } : { nextHop: 'VirtualAppliance', address: nextHop };
}
