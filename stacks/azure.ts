import type { App } from 'cdktf';
import { AzureEgressControl } from '../blueprints/azure/egress-control';
import { storageAccountName } from '../blueprints/azure/names';
import { AzurePrivateEndpoints, type PrivateEndpointTarget } from '../blueprints/azure/private-endpoints';
import { endpointPorts } from '../blueprints/azure/private-services';
import { AzureSegmentedNetwork } from '../blueprints/azure/segmented-network';
import { AzureSpokeAttachment } from '../blueprints/azure/spoke-attachment';
import { AzureTrafficLogs } from '../blueprints/azure/traffic-logs';
import { planAddresses } from '../blueprints/policy/address-plan';
import { allowRulesFor, privateServicesFor, type Environment, type Policy } from '../blueprints/policy/model';
import { configureAzure } from '../providers/azure';
import { configureBackend } from '../providers/backend';
import { EgressStack, summarizeSegments, type StackSummary } from './egress-stack';

/** What the policy file does not say. */
export interface AzureStackOptions {
  /** Resources that get a private endpoint, by the policy's name of the service. @default - none */
  readonly privateTargets?: Readonly<Record<string, readonly PrivateEndpointTarget[]>>;
}

/** One environment on Azure: a spoke with the segments, and a hub when some host is allowed. */
export class AzureStack extends EgressStack {
  readonly summary: StackSummary;
  readonly logs: AzureTrafficLogs;
  readonly egress: AzureEgressControl;
  readonly network: AzureSegmentedNetwork;
  readonly attachment?: AzureSpokeAttachment;
  readonly endpoints: AzurePrivateEndpoints;

  constructor(app: App, policy: Policy, environment: Environment, options: AzureStackOptions = {}) {
    super(app, `azure-${environment.name}`);
    const azure = environment.azure;
    if (!azure) throw new Error(`environment '${environment.name}' has no azure part`);
    const { organization } = policy;
    const name = `${organization}-${environment.name}`;
    const location = azure.region;
    const rules = allowRulesFor(policy, 'azure');
    const services = privateServicesFor(policy, 'azure');
    const addresses = planAddresses(policy, azure);
    const tags = { organization, environment: environment.name };

    configureBackend(this, organization, policy.state);
    configureAzure(this, azure, { organization, environmentName: environment.name });

    this.logs = new AzureTrafficLogs(this, 'logs', {
      name,
      location,
      tags,
      storageAccountName: storageAccountName(name, 'logs', azure.subscription),
      replication: azure.zones.length > 1 ? 'ZRS' : 'LRS',
    });
    const { flowLogs } = this.logs;
    this.egress = new AzureEgressControl(this, 'egress', {
      name,
      location,
      tags,
      flowLogs,
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
      targets: this.privateTargets(services.map((service) => service.name), options),
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
      residualRisks: this.egress.residualRisks,
    };
  }

  /** What the team gives, and the archive of the flow logs that this stack makes itself. */
  private privateTargets(services: readonly string[], { privateTargets = {} }: AzureStackOptions): Record<string, readonly PrivateEndpointTarget[]> {
    if (!services.includes('object-storage')) return { ...privateTargets };
    const archive: PrivateEndpointTarget = { name: 'flow-logs', resourceId: this.logs.archive.id };
    return { ...privateTargets, 'object-storage': [...(privateTargets['object-storage'] ?? []), archive] };
  }
}

/** See `StackModule`. */
export function createStack(app: App, policy: Policy, environment: Environment): AzureStack {
  return new AzureStack(app, policy, environment);
}
