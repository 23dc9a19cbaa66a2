import { createHash } from 'node:crypto';
import type { App } from 'cdktf';
import { AzureEgressControl } from '../blueprints/azure/egress-control';
import { storageAccountName } from '../blueprints/azure/names';
import { AzurePrivateEndpoints, type PrivateEndpointTarget } from '../blueprints/azure/private-endpoints';
import { endpointPorts, needsNoEndpoint } from '../blueprints/azure/private-services';
import { sessionAccessElsewhere } from '../blueprints/azure/residual-risks';
import { AzureSegmentedNetwork } from '../blueprints/azure/segmented-network';
import { AzureSpokeAttachment } from '../blueprints/azure/spoke-attachment';
import { AzureTrafficLogs } from '../blueprints/azure/traffic-logs';
import { planAddresses } from '../blueprints/policy/address-plan';
import { allowRulesFor, privateServicesFor, type AzureEnvironment, type Environment, type Policy } from '../blueprints/policy/model';
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

  constructor(app: App, policy: Policy, environment: Environment) {
    super(app, `azure-${environment.name}`);
    const azure = environment.azure;
    if (!azure) throw new Error(`environment '${environment.name}' has no azure part`);
    const { organization } = policy;
    const name = `${organization}-${environment.name}`;
    const location = azure.region;
    const rules = allowRulesFor(policy, 'azure');
    const asked = privateServicesFor(policy, 'azure');
    const services = asked.filter((service) => !needsNoEndpoint(service));
    const addresses = planAddresses(policy, azure);
    const tags = { organization, environment: environment.name };
    const { deletionProtection } = environment;

    configureBackend(this, organization, policy.state);
    configureAzure(this, azure, { organization, environmentName: environment.name });

    this.logs = new AzureTrafficLogs(this, 'logs', {
      name,
      location,
      tags,
      deletionProtection,
      storageAccountName: storageAccountName(name, 'logs', azure.subscription),
      replication: azure.zones.length > 1 ? 'ZRS' : 'LRS',
    });
    const { flowLogs } = this.logs;
    this.egress = new AzureEgressControl(this, 'egress', {
      name,
      location,
      tags,
      flowLogs,
      deletionProtection,
      rules,
      segments: policy.segments.map((segment) => ({ name: segment.name, slot: segment.slot, cidrs: [addresses.segment(segment.name)] })),
      hubAddressSpace: [addresses.infrastructure('firewall'), addresses.infrastructure('firewall-management'), addresses.infrastructure('gateway')],
      firewallSubnetCidr: addresses.infrastructure('firewall'),
      zones: azure.zones.map((zone) => zone.name),
    });
    const { hubNetwork, privateAddress } = this.egress;
    this.network = new AzureSegmentedNetwork(this, 'network', {
      name,
      location,
      tags,
      flowLogs,
      rules,
      segments: policy.segments,
      addresses,
      endpointPorts: endpointPorts(services, location),
      ...(privateAddress ? { egressNextHop: privateAddress, dnsServers: [privateAddress] } : {}),
    });
    const { virtualNetwork } = this.network;
    if (hubNetwork) {
      this.attachment = new AzureSpokeAttachment(this, 'attachment', {
        name,
        hub: { id: hubNetwork.id, name: hubNetwork.name, resourceGroupName: hubNetwork.resourceGroupName },
        spoke: { id: virtualNetwork.id, name: virtualNetwork.name, resourceGroupName: virtualNetwork.resourceGroupName },
        after: this.network.ready,
      });
    }
    this.endpoints = new AzurePrivateEndpoints(this, 'endpoints', {
      name,
      location,
      tags,
      services,
      subnetId: this.network.endpointSubnet.subnet.id,
      networkIds: { spoke: virtualNetwork.id, ...(hubNetwork ? { hub: hubNetwork.id } : {}) },
      targets: this.privateTargets(services.map((service) => service.name), azure.privateEndpoints),
      logWorkspaces: [{ name: 'traffic', resourceId: this.logs.workspace.id }],
      after: this.attachment ? [this.attachment.toSpoke] : this.network.ready,
    });

    const parts = {
      network: this.network,
      egress: this.egress,
      endpoints: this.endpoints,
      ...(this.egress.firewall ? { firewallId: this.egress.firewall.id } : {}),
      wayOut: 'peering -> Azure Firewall -> public address',
    };
    this.publish(parts);
    this.summary = {
      stack: this.node.id,
      cloud: 'azure',
      environment: environment.name,
      region: location,
      cidr: azure.cidr,
      segments: summarizeSegments(parts),
      privateServices: [...new Set(this.endpoints.endpoints.map(({ service }) => service.name))],
      residualRisks: [
        ...this.egress.residualRisks,
        ...(services.length < asked.length ? [sessionAccessElsewhere(policy.segments.map((segment) => segment.name))] : []),
      ],
    };
  }

  /** What the policy names, and the archive of the flow logs that this stack makes itself. */
  private privateTargets(services: readonly string[], resources: AzureEnvironment['privateEndpoints']): Record<string, readonly PrivateEndpointTarget[]> {
    const targets = Object.fromEntries(Object.entries(resources).map(([service, ids]) => [service, ids.map(targetOf)]));
    if (!services.includes('object-storage')) return targets;
    const archive: PrivateEndpointTarget = { name: 'flow-logs', resourceId: this.logs.archive.id };
    return { ...targets, 'object-storage': [...(targets['object-storage'] ?? []), archive] };
  }
}

/** Named after the resource; the hash keeps apart two of one name in different groups. */
function targetOf(resourceId: string): PrivateEndpointTarget {
  const name = (resourceId.split('/').at(-1) as string).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 31);
  const hash = createHash('sha256').update(resourceId.toLowerCase()).digest('hex').slice(0, 8);
  return { name: `${name}-${hash}`, resourceId };
}

/** See `StackModule`. */
export function createStack(app: App, policy: Policy, environment: Environment): AzureStack {
  return new AzureStack(app, policy, environment);
}
