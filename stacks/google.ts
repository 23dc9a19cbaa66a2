import { TerraformOutput, type App } from 'cdktf';
import { GoogleEgressControl } from '../blueprints/google/egress-control';
import { GooglePrivateEndpoints } from '../blueprints/google/private-endpoints';
import { GoogleSegmentedNetwork } from '../blueprints/google/segmented-network';
import { planAddresses } from '../blueprints/policy/address-plan';
import { allowRulesFor, privateServicesFor, type Environment, type GoogleEnvironment, type Policy } from '../blueprints/policy/model';
import { compare } from '../blueprints/policy/rules';
import { configureBackend } from '../providers/backend';
import { configureGoogle } from '../providers/google';
import { EgressStack, summarizeSegments, type StackSummary } from './egress-stack';

/** One environment on Google Cloud: the network, its way out and its private endpoints. */
export class GoogleStack extends EgressStack {
  readonly network: GoogleSegmentedNetwork;
  readonly egress: GoogleEgressControl;
  readonly endpoints: GooglePrivateEndpoints;
  readonly summary: StackSummary;

  constructor(app: App, policy: Policy, environment: Environment, google: GoogleEnvironment) {
    super(app, `google-${environment.name}`);
    const { organization } = policy;
    const name = `${organization}-${environment.name}`;
    const { project, region } = google;
    const rules = allowRulesFor(policy, 'google');
    const services = privateServicesFor(policy, 'google');
    configureBackend(this, organization, policy.state);
    configureGoogle(this, google, { organization, environmentName: environment.name });

    this.network = new GoogleSegmentedNetwork(this, 'network', {
      name,
      project,
      region,
      segments: policy.segments,
      rules,
      addresses: planAddresses(policy, google),
    });
    const slots = new Map(policy.segments.map((segment) => [segment.name, segment.slot]));
    const segments = this.network.segments.map((segment) => ({
      name: segment.name,
      slot: slots.get(segment.name)!,
      tagValueId: segment.groupIds[0]!,
      cidrs: segment.cidrs,
      subnetIds: segment.subnetIds,
    }));
    const firewallPolicy = this.network.firewallPolicy.name;
    this.egress = new GoogleEgressControl(this, 'egress', {
      name,
      project,
      region,
      rules,
      segments,
      networkId: this.network.networkId,
      firewallPolicy,
      opensAfter: this.network.closedBy,
    });
    this.endpoints = new GooglePrivateEndpoints(this, 'endpoints', {
      name,
      services,
      segments,
      networkId: this.network.networkId,
      firewallPolicy,
    });

    const parts = {
      network: this.network,
      egress: this.egress,
      endpoints: this.endpoints,
      firewallId: this.network.firewallPolicy.id,
      wayOut: 'firewall policy -> default route by network tag -> Cloud NAT -> internet',
    };
    this.publish(parts);
    new TerraformOutput(this, 'segment_tag_key', {
      value: this.network.tagKey.id,
      description: 'Key of the secure tags: a machine carries it with the value of its segment (group_ids)',
    });
    new TerraformOutput(this, 'egress_network_tags', {
      value: this.egress.networkTags,
      description: 'Network tag that shows a machine the default route, by segment; it grants no host',
    });

    this.summary = {
      stack: this.node.id,
      cloud: 'google',
      environment: environment.name,
      region,
      cidr: google.cidr,
      segments: summarizeSegments(parts),
      privateServices: [...new Set(this.endpoints.endpoints.map(({ service }) => service.name))],
      residualRisks: [...this.egress.residualRisks, ...this.endpoints.residualRisks].sort((a, b) => compare(a.id, b.id)),
    };
  }
}

/** @throws Error when the environment names no Google project; BlueprintError when the policy cannot be built. */
export function createStack(app: App, policy: Policy, environment: Environment): GoogleStack {
  if (!environment.google) throw new Error(`environment '${environment.name}' has no google part`);
  return new GoogleStack(app, policy, environment, environment.google);
}
