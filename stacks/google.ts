import { TerraformOutput, type App } from 'cdktf';
import { endpointAddresses, GoogleEndpointSubnet } from '../blueprints/google/endpoint-subnet';
import { commonRisks } from '../blueprints/common-risks';
import { publishedRisks, tokenRisks } from '../blueprints/google/api-risks';
import { GoogleEgressControl } from '../blueprints/google/egress-control';
import { GoogleExternalAddressGuardrail } from '../blueprints/google/external-address-guardrail';
import { POD_RANGE, SERVICE_RANGE } from '../blueprints/google/kubernetes-rules';
import { GoogleLogBucket } from '../blueprints/google/log-bucket';
import { GooglePrivateEndpoints } from '../blueprints/google/private-endpoints';
import { isSessionAccess } from '../blueprints/policy/google-private-services';
import { GooglePrivateServicesAccess } from '../blueprints/google/private-services-access';
import { GooglePublishedServices } from '../blueprints/google/published-services';
import { proxiedDeniesRisk } from '../blueprints/google/residual-risks';
import { checkRuleAttributes } from '../blueprints/google/rule-attributes';
import { GoogleSegmentedNetwork } from '../blueprints/google/segmented-network';
import { GoogleServicePerimeter } from '../blueprints/google/service-perimeter';
import { GoogleSharedVpc } from '../blueprints/google/shared-vpc';
import { planAddresses } from '../blueprints/policy/address-plan';
import { allowRulesFor, privateServicesFor, type Environment, type GoogleEnvironment, type Policy, type PrivateService } from '../blueprints/policy/model';
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
    const rules = allowRulesFor(policy, 'google', environment.name);
    const services = privateServicesFor(policy, 'google');
    configureBackend(this, organization, policy.state);
    configureGoogle(this, google, { organization, environmentName: environment.name });

    const addresses = planAddresses(policy, google);
    this.network = new GoogleSegmentedNetwork(this, 'network', {
      name,
      project,
      region,
      segments: policy.segments,
      rules,
      addresses,
      ...(google.network ? { existingNetwork: google.network } : {}),
      ...(google.serviceAccounts ? { serviceAccounts: google.serviceAccounts } : {}),
      ...(google.deny ? { denied: google.deny } : {}),
      ...(google.accepts ? { presets: google.accepts } : {}),
      ...(google.gke ? { clusters: google.gke } : {}),
    });
    const { segments, networkId } = this.network;
    const firewallPolicy = this.network.firewallPolicy.name;
    const shared = { name, project, region, networkId, firewallPolicy, segments };
    const endpointBlocks = endpointAddresses(addresses);
    const perimeter = google.perimeter ? (google.perimeter.enforced ? 'enforced' as const : 'dry-run' as const) : 'none' as const;
    const subnet = google.secureWebProxy || google.publishedServices
      ? new GoogleEndpointSubnet(this, 'endpoint-subnet', { name, region, networkId, cidr: endpointBlocks.subnet })
      : undefined;

    this.egress = new GoogleEgressControl(this, 'egress', {
      ...shared,
      rules,
      opensAfter: this.network.closedBy,
      ...(google.nat ? { natAddresses: google.nat.addresses, natPorts: { min: google.nat.minPorts, ...(google.nat.dynamicPorts ? { max: google.nat.maxPorts } : {}) } } : {}),
      ...(google.secureWebProxy && subnet ? {
        secureWebProxy: { ...google.secureWebProxy, address: subnet.proxyAddress, subnetId: subnet.subnetwork.id, proxyOnlyCidr: addresses.infrastructure('proxy-only') },
      } : {}),
    });
    this.endpoints = new GooglePrivateEndpoints(this, 'endpoints', {
      ...shared,
      services,
      perimeter,
      ...(google.apis === 'private-service-connect' ? { privateServiceConnect: endpointBlocks.apis } : {}),
    });
    const published = google.publishedServices && subnet
      ? new GooglePublishedServices(this, 'published-services', { ...shared, services: google.publishedServices, subnet })
      : undefined;
    const access = google.privateServicesAccess
      ? new GooglePrivateServicesAccess(this, 'private-services-access', { ...shared, ...google.privateServicesAccess, networkName: this.network.networkName, cidr: addresses.infrastructure('service-networking') })
      : undefined;
    checkRuleAttributes(this, google.ruleAttributeQuota, [
      { of: 'hosts', count: this.egress.ruleAttributes },
      { of: 'segments', count: this.network.ruleAttributes },
      { of: 'private services', count: this.endpoints.ruleAttributes + (published?.ruleAttributes ?? 0) + (access?.ruleAttributes ?? 0) },
    ]);
    this.makeProjectOptions(name, google, services);

    const parts = {
      network: this.network,
      egress: this.egress,
      endpoints: this.endpoints,
      firewallId: this.network.firewallPolicy.id,
      wayOut: (segment: string) => (google.secureWebProxy?.segments.includes(segment)
        ? 'firewall policy -> Secure Web Proxy -> internet'
        : 'firewall policy -> default route by network tag -> Cloud NAT -> internet'),
    };
    this.publish(parts);
    this.publishForMachines(published);

    const sessions = services.some(isSessionAccess)
      ? policy.segments.map((segment) => segment.name)
      : (google.accepts ?? []).filter(({ from }) => from === 'iap').flatMap(({ to }) => to);
    this.summary = {
      stack: this.node.id,
      cloud: 'google',
      environment: environment.name,
      region,
      cidr: google.cidr,
      segments: summarizeSegments(parts),
      privateServices: [...new Set(this.endpoints.endpoints.map(({ service }) => service.name))],
      residualRisks: [...this.network.residualRisks, ...this.egress.residualRisks, ...this.endpoints.residualRisks, ...(access?.residualRisks ?? []),
        ...(google.deny && google.secureWebProxy && this.egress.webProxy ? [proxiedDeniesRisk(google.secureWebProxy.segments)] : []),
        ...tokenRisks(perimeter, policy.segments.map((segment) => segment.name)), ...publishedRisks(google.publishedServices ?? []), ...commonRisks('google', policy.segments, sessions)]
        .sort((x, y) => compare(x.id, y.id)),
    };
  }

  /** What concerns the project and not the network's traffic. */
  private makeProjectOptions(name: string, google: GoogleEnvironment, privateServices: readonly PrivateService[]): void {
    const { project, region } = google;
    if (google.perimeter) new GoogleServicePerimeter(this, 'perimeter', { ...google.perimeter, name, project, privateServices });
    if (google.denyExternalAddresses) new GoogleExternalAddressGuardrail(this, 'external-addresses', { project });
    if (google.logs) {
      const logs = new GoogleLogBucket(this, 'logs', { ...google.logs, name, project, region });
      new TerraformOutput(this, 'log_bucket', { value: logs.bucketName, description: 'Log bucket that keeps what the network records' });
    }
    if (google.sharedVpc) {
      const subnets = new Map(this.network.segments.map((segment) => [segment.name, segment.subnetIds[0]!]));
      new GoogleSharedVpc(this, 'shared-vpc', { ...google.sharedVpc, project, region, subnets });
    }
  }

  /** What whoever makes machines has to know. */
  private publishForMachines(published: GooglePublishedServices | undefined): void {
    const output = (id: string, description: string, value: unknown) => new TerraformOutput(this, id, { value, description });
    if (this.network.tagKey) output('segment_tag_key', 'Key of the secure tags: a machine carries it with the value of its segment (group_ids)', this.network.tagKey.id);
    output('egress_network_tags', 'Network tag that shows a machine the default route, by segment; it grants no host', this.egress.networkTags);
    if (this.egress.webProxy) output('web_proxy', 'Address and port of the web proxy, for HTTPS_PROXY; use the name of its certificate', this.egress.webProxy.endpoint);
    if (published) output('published_service_addresses', 'Addresses of published services by name', published.addresses);
    if (this.network.clusters.length > 0) {
      output('kubernetes_ranges', 'What a private cluster has to be made with, by segment', Object.fromEntries(this.network.clusters.map(({ segment, controlPlane }) => [segment, {
        master_ipv4_cidr_block: controlPlane, cluster_secondary_range_name: POD_RANGE, services_secondary_range_name: SERVICE_RANGE,
      }])));
    }
  }
}

/** @throws Error when the environment names no Google project; BlueprintError when the policy cannot be built. */
export function createStack(app: App, policy: Policy, environment: Environment): GoogleStack {
  if (!environment.google) throw new Error(`environment '${environment.name}' has no google part`);
  return new GoogleStack(app, policy, environment, environment.google);
}
