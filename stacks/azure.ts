import { createHash } from 'node:crypto';
import type { App } from 'cdktf';
import { AzureEgressControl } from '../blueprints/azure/egress-control';
import { resolvableDomains, storageNames } from '../blueprints/azure/dns-names';
import { AzureDnsPolicy } from '../blueprints/azure/dns-policy';
import { AzureKubernetesCluster } from '../blueprints/azure/kubernetes-cluster';
import { addOnHosts, KUBERNETES_TAG, KUBERNETES_TAG_HOSTS } from '../blueprints/policy/azure-kubernetes-hosts';
import { resourceIdParts, storageAccountName } from '../blueprints/azure/names';
import { AzurePrivateEndpoints, type PrivateEndpointTarget } from '../blueprints/azure/private-endpoints';
import { endpointPorts, needsNoEndpoint } from '../blueprints/policy/azure-private-services';
import { endpointsElsewhere, sessionAccessElsewhere, spokeNotMadeHere, storageByServiceEndpoint } from '../blueprints/azure/residual-risks';
import { AzureSegmentedNetwork } from '../blueprints/azure/segmented-network';
import { AzureSpokeAttachment } from '../blueprints/azure/spoke-attachment';
import { AzureTrafficLogs } from '../blueprints/azure/traffic-logs';
import { commonRisks } from '../blueprints/common-risks';
import { planAddresses } from '../blueprints/policy/address-plan';
import { allowRulesFor, privateServicesFor, type AzureEnvironment, type Environment, type Policy } from '../blueprints/policy/model';
import { compare } from '../blueprints/policy/rules';
import { configureAzure } from '../providers/azure';
import { configureBackend } from '../providers/backend';
import { EgressStack, summarizeSegments, type StackSummary } from './egress-stack';

/** One environment on Azure: a spoke with the segments, and a hub when some host is allowed. */
export class AzureStack extends EgressStack {
  readonly summary: StackSummary;
  readonly logs: AzureTrafficLogs;
  readonly egress: AzureEgressControl;
  readonly network: AzureSegmentedNetwork;
  readonly attachment?: AzureSpokeAttachment;
  readonly endpoints: AzurePrivateEndpoints;
  /** Absent unless the policy asks for it. */
  readonly dns?: AzureDnsPolicy;
  /** Absent unless the policy asks for it. */
  readonly kubernetes?: AzureKubernetesCluster;

  constructor(app: App, policy: Policy, environment: Environment) {
    super(app, `azure-${environment.name}`);
    const azure = environment.azure;
    if (!azure) throw new Error(`environment '${environment.name}' has no azure part`);
    const { organization } = policy;
    const name = `${organization}-${environment.name}`;
    const location = azure.region;
    const rules = allowRulesFor(policy, 'azure', environment.name);
    const asked = privateServicesFor(policy, 'azure');
    const services = asked.filter((service) => !needsNoEndpoint(service));
    const addresses = planAddresses(policy, azure);
    const tags = { organization, environment: environment.name };
    const { deletionProtection } = environment;

    configureBackend(this, organization, policy.state);
    configureAzure(this, azure, { organization, environmentName: environment.name, deletionProtection });

    this.logs = new AzureTrafficLogs(this, 'logs', {
      name,
      location,
      tags,
      deletionProtection,
      storageAccountName: storageAccountName(name, 'logs', azure.subscription),
      replication: azure.zones.length > 1 ? 'ZRS' : 'LRS',
      retentionDays: azure.logs.retentionDays,
      analyticsMinutes: azure.logs.analyticsMinutes,
      queryFromInternet: azure.logs.queryFromInternet,
      ...(azure.logs.workspace ? { existingWorkspace: azure.logs.workspace } : {}),
    });
    const { flowLogs } = this.logs;
    this.egress = new AzureEgressControl(this, 'egress', {
      name,
      location,
      tags,
      flowLogs,
      deletionProtection,
      rules,
      segments: policy.segments.map((segment) => ({
        name: segment.name, slot: segment.slot, cidrs: [azure.spoke?.subnets[segment.name]?.cidr ?? addresses.segment(segment.name)],
      })),
      hubAddressSpace: [addresses.infrastructure('firewall'), addresses.infrastructure('firewall-management'), addresses.infrastructure('gateway')],
      firewallSubnetCidr: addresses.infrastructure('firewall'),
      managementSubnetCidr: addresses.infrastructure('firewall-management'),
      firewall: azure.firewall,
      namesAreFiltered: azure.dnsPolicy?.mode === 'deny',
      ...(azure.hub ? { hub: azure.hub } : {}),
      ...(azure.kubernetes ? { cluster: { segment: azure.kubernetes.segment, ...addOnHosts(azure.kubernetes.addOns, location) } } : {}),
      zones: azure.zones.map((zone) => zone.name),
    });
    const { hubNetwork, privateAddress, dnsServers } = this.egress;
    this.network = new AzureSegmentedNetwork(this, 'network', {
      name,
      location,
      tags,
      flowLogs,
      rules,
      segments: policy.segments,
      addresses,
      endpointPorts: endpointPorts(services, location),
      ...(privateAddress ? { egressNextHop: privateAddress, dnsServers } : {}),
      ...(azure.hub ? { dnsServerCidrs: dnsServers.map((server) => `${server}/32`) } : {}),
      segmentsWithoutMetadata: azure.withoutMetadata,
      ...(azure.spoke ? { existing: azure.spoke } : {}),
      ...(azure.kubernetes ? { cluster: { ...azure.kubernetes, ports: clusterPorts(azure) } } : {}),
      ...(azure.serviceEndpoints ? { serviceEndpoints: azure.serviceEndpoints } : {}),
    });
    const spoke = this.network.peered;
    const hub = hubNetwork ? { id: hubNetwork.id, name: hubNetwork.name, resourceGroupName: hubNetwork.resourceGroupName }
      : this.egress.protectedSegments.length > 0 && azure.hub?.network ? existingNetwork(azure.hub.network) : undefined;
    if (hub) {
      this.attachment = new AzureSpokeAttachment(this, 'attachment', {
        name,
        hub,
        spoke,
        hubIsOurs: !azure.hub?.network || sameSubscription(azure.hub.network, azure.subscription),
        after: this.network.ready,
      });
    }
    const resolvers = { spoke: spoke.id, ...(hub && dnsServers.length > 0 ? { hub: hub.id } : {}) };
    this.endpoints = new AzurePrivateEndpoints(this, 'endpoints', {
      name,
      location,
      tags,
      services,
      subnetId: this.network.endpointSubnet.subnetId,
      networkIds: resolvers,
      targets: this.privateTargets(services.map((service) => service.name), azure.privateEndpoints),
      logWorkspaces: [{ name: 'traffic', resourceId: flowLogs.workspaceResourceId }],
      after: this.attachment ? [this.attachment.ready] : this.network.ready,
    });
    this.logs.unlockBefore(this.endpoints.privateEndpoints);
    if (azure.dnsPolicy) {
      this.dns = new AzureDnsPolicy(this, 'dns', {
        name,
        location,
        tags,
        mode: azure.dnsPolicy.mode,
        domains: resolvableDomains(rules, [...this.endpoints.zones.keys()], [...azure.dnsPolicy.alsoResolve, ...this.clusterHosts(azure), ...storageNames(azure.serviceEndpoints?.storageAccounts ?? [])]),
        networkIds: resolvers,
        workspaceId: flowLogs.workspaceResourceId,
      });
    }
    if (azure.kubernetes) {
      this.kubernetes = new AzureKubernetesCluster(this, 'kubernetes', {
        name,
        location,
        tags,
        options: azure.kubernetes,
        subnetId: this.network.segmentSubnets.get(azure.kubernetes.segment)!.subnetId,
        networkId: spoke.id,
        privateZoneId: this.endpoints.zones.get(`privatelink.${location}.azmk8s.io`)!.id,
        zones: azure.zones.map((zone) => zone.name),
        workspaceId: flowLogs.workspaceResourceId,
        after: [
          ...this.network.ready, ...this.egress.ruleGroups, ...this.endpoints.links,
          ...(this.attachment ? [this.attachment.ready] : []), ...(this.dns ? [this.dns.deployment] : []),
        ],
      });
    }

    const parts = {
      network: this.network,
      egress: this.egress,
      endpoints: this.endpoints,
      ...(this.dns ? { dns: this.dns } : {}),
      ...(this.egress.firewallId ? { firewallId: this.egress.firewallId } : {}),
      wayOut: wayOut(azure),
    };
    this.publish(parts);
    this.summary = {
      stack: this.node.id,
      cloud: 'azure',
      environment: environment.name,
      region: location,
      cidr: azure.cidr,
      segments: summarizeSegments(parts).map((segment) => (segment.name === azure.kubernetes?.segment
        ? { ...segment, hosts: [...segment.hosts, `${KUBERNETES_TAG}:443 (tag)`, ...addOnWords(azure)] } : segment)),
      privateServices: [...new Set(this.endpoints.endpoints.map(({ service }) => service.name))],
      residualRisks: [
        ...this.egress.residualRisks,
        ...(azure.spoke ? [spokeNotMadeHere(policy.segments.map((segment) => segment.name))] : []),
        ...(azure.serviceEndpoints ? [storageByServiceEndpoint(azure.serviceEndpoints.segments)] : []),
        ...endpointsElsewhere([...Object.values(azure.privateEndpoints).flat(), ...(azure.serviceEndpoints?.storageAccounts ?? [])], azure.subscription, policy.segments.map((segment) => segment.name)),
        ...(services.length < asked.length ? [sessionAccessElsewhere(policy.segments.map((segment) => segment.name))] : []),
        ...commonRisks('azure', policy.segments, []),
      ].sort((a, b) => compare(a.id, b.id)),
    };
  }

  /** Names that a cluster's nodes resolve. */
  private clusterHosts({ kubernetes, region }: AzureEnvironment): readonly string[] {
    if (!kubernetes) return [];
    const { http, tls } = addOnHosts(kubernetes.addOns, region);
    return [...KUBERNETES_TAG_HOSTS, ...http, ...tls];
  }

  /** What the policy names, and the archive of the flow logs that this stack makes itself. */
  private privateTargets(services: readonly string[], resources: AzureEnvironment['privateEndpoints']): Record<string, readonly PrivateEndpointTarget[]> {
    const targets = Object.fromEntries(Object.entries(resources).map(([service, ids]) => [service, ids.map(targetOf)]));
    if (!services.includes('object-storage')) return targets;
    const archive: PrivateEndpointTarget = { name: 'flow-logs', resourceId: this.logs.archive.id };
    return { ...targets, 'object-storage': [...(targets['object-storage'] ?? []), archive] };
  }
}

/** Ports of what a cluster reaches: its platform's, and those of its add-ons. */
function clusterPorts({ kubernetes, region }: AzureEnvironment): readonly number[] {
  return addOnHosts(kubernetes?.addOns ?? [], region).http.length > 0 ? [80, 443] : [443];
}

/** What a cluster's add-ons reach, in the words of the table. */
function addOnWords({ kubernetes, region }: AzureEnvironment): readonly string[] {
  const { http, tls } = addOnHosts(kubernetes?.addOns ?? [], region);
  return [...http.map((host) => `${host}:80 (http)`), ...tls.map((host) => `${host}:443`)];
}

function existingNetwork(id: string) {
  const { name, resourceGroupName } = resourceIdParts(id);
  return { id, name, resourceGroupName };
}

function sameSubscription(id: string, subscription: string): boolean {
  return resourceIdParts(id).subscription.toLowerCase() === subscription;
}

function wayOut({ hub, firewall }: AzureEnvironment): string {
  if (hub) return "peering -> the hub's firewall";
  const last = firewall.forcedTunnel ? firewall.forcedTunnel : firewall.natAddresses.length > 0 ? 'NAT gateway' : 'public address';
  return `peering -> Azure Firewall -> ${last}`;
}

/** Named after the resource; the hash keeps apart two of one name in different groups. */
function targetOf(resourceId: string): PrivateEndpointTarget {
  const name = (resourceId.split('/').at(-1) as string).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '').slice(0, 31).replace(/-+$/, '');
  const hash = createHash('sha256').update(resourceId.toLowerCase()).digest('hex').slice(0, 8);
  return { name: `${name}-${hash}`, resourceId };
}

/** See `StackModule`. */
export function createStack(app: App, policy: Policy, environment: Environment): AzureStack {
  return new AzureStack(app, policy, environment);
}
