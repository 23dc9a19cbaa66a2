import { TerraformOutput, type App } from 'cdktf';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { awsCost } from '../blueprints/aws/cost';
import { AwsDnsFirewall } from '../blueprints/aws/dns-firewall';
import { servingZones } from '../blueprints/aws/egress-zones';
import { presetServices } from '../blueprints/policy/aws-endpoint-catalog';
import { AwsEgressControl } from '../blueprints/aws/egress-control';
import { endpointRisks } from '../blueprints/aws/endpoint-risks';
import { commonRisks } from '../blueprints/common-risks';
import { existingNetworkRisk } from '../blueprints/aws/existing-vpc';
import { gatewayRisks } from '../blueprints/aws/gateway-plan';
import { AwsPrivateEndpoints } from '../blueprints/aws/private-endpoints';
import { AwsPublicAccessBlock } from '../blueprints/aws/public-access-block';
import { AwsRecords } from '../blueprints/aws/records';
import { AwsSegmentRoutes } from '../blueprints/aws/segment-routes';
import { AwsSegmentedNetwork } from '../blueprints/aws/segmented-network';
import { planAddresses } from '../blueprints/policy/address-plan';
import { allowRulesFor, privateServicesFor, type AwsEnvironment, type Environment, type Policy } from '../blueprints/policy/model';
import { compare } from '../blueprints/policy/rules';
import { configureAws } from '../providers/aws';
import { configureBackend } from '../providers/backend';
import { EgressStack, summarizeSegments, type StackSummary } from './egress-stack';

/** One environment on AWS. */
export class AwsStack extends EgressStack {
  readonly records: AwsRecords;
  readonly network: AwsSegmentedNetwork;
  readonly egress: AwsEgressControl;
  readonly routes: AwsSegmentRoutes;
  readonly endpoints: AwsPrivateEndpoints;
  readonly dns: AwsDnsFirewall;
  /** Present when the policy asks for it. */
  readonly publicAccessBlock?: AwsPublicAccessBlock;
  readonly summary: StackSummary;

  /** @throws BlueprintError when the policy cannot be built on AWS. */
  constructor(app: App, policy: Policy, { name: environmentName, deletionProtection }: Environment, environment: AwsEnvironment) {
    super(app, `aws-${environmentName}`);
    const { organization } = policy;
    const { region, zones } = environment;
    configureBackend(this, organization, policy.state);
    configureAws(this, environment, { organization, environmentName });

    const name = `${organization}-${environmentName}`;
    const rules = allowRulesFor(policy, 'aws', environmentName);
    const services = [...privateServicesFor(policy, 'aws'), ...presetServices(environment.endpointPresets ?? [])];
    const addresses = planAddresses(policy, environment);
    const account = environment.account ?? new DataAwsCallerIdentity(this, 'account', {}).accountId;

    this.records = new AwsRecords(this, 'records', { name, region, account, logs: environment.logs, kmsKey: environment.kmsKey, deletionProtection });
    const logging = this.records.props;

    this.network = new AwsSegmentedNetwork(this, 'network', {
      ...logging, name, region, zones, account, rules, addresses, segments: policy.segments, privateServices: services, secondaryCidrs: environment.secondaryCidrs, existing: environment.existingNetwork,
      gatewayEndpoints: environment.gatewayEndpoints, aclEntries: environment.aclEntries, rulesPerGroup: environment.rulesPerGroup,
    });
    const vpcId = this.network.networkId;
    const internetGatewayId = this.network.internetGatewayId;
    const egressZones = environment.egressZones ?? zones.map((zone) => zone.name);
    this.egress = new AwsEgressControl(this, 'egress', {
      ...logging,
      firewallKeyArn: logging.logKeyArn,
      ruleFormat: environment.firewall?.rules,
      tcpIdleTimeoutSeconds: environment.firewall?.tcpIdleTimeoutSeconds,
      tlsInspection: environment.firewall?.tlsInspection,
      aclEntries: environment.aclEntries,
      name,
      rules,
      vpcId,
      vpcCidr: environment.cidr,
      secondaryCidrs: this.network.secondaryCidrs,
      internetGatewayId,
      deletionProtection,
      resolverFiltered: true,
      segments: this.network.segments,
      servedBy: environment.egressZones && servingZones(zones, egressZones),
      zones: zones.filter((zone) => egressZones.includes(zone.name)).map((zone) => ({
        name: zone.name,
        firewallCidr: addresses.infrastructureIn('firewall', zone),
        natCidr: addresses.infrastructureIn('nat', zone),
      })),
    });
    this.routes = new AwsSegmentRoutes(this, 'routes', {
      name, vpcId, internetGatewayId, segments: this.network.segments, egressEndpointIds: this.egress.endpointIds,
    });
    this.endpoints = new AwsPrivateEndpoints(this, 'endpoints', {
      name,
      region,
      vpcId,
      account,
      services,
      organizationId: environment.organizationId,
      readableBuckets: environment.readableBuckets,
      subnetIds: this.network.endpointSubnets.map((subnet) => subnet.id),
      groupIds: this.network.groups.endpoints ? [this.network.groups.endpoints.id] : [],
      gateways: this.network.gateways.map(({ service, interfaceEndpoint, segments }) => ({
        service, interfaceEndpoint, routeTableIds: segments.flatMap((segment) => this.routes.tableIds[segment] ?? []),
      })),
    });

    this.dns = new AwsDnsFirewall(this, 'dns', {
      ...logging,
      name,
      region,
      rules,
      services,
      deletionProtection,
      privateZones: environment.privateZones,
      redirection: environment.dnsRedirection,
      vpcs: [{ name: 'network', id: vpcId }],
      segments: policy.segments.map((segment) => segment.name),
    });

    if (environment.blockPublicAccess) {
      this.publicAccessBlock = new AwsPublicAccessBlock(this, 'public-access-block', {
        name, vpcId, deletionProtection, mode: environment.blockPublicAccess, segments: this.network.segments,
      });
    }

    const parts = {
      network: this.network,
      egress: this.egress,
      endpoints: this.endpoints,
      dns: this.dns,
      firewallId: this.egress.inspection?.firewall.id,
      wayOut: `firewall endpoint and NAT gateway ${environment.egressZones ? `in ${environment.egressZones.join(', ')}` : 'of the zone'}, internet gateway`,
    };
    this.publish(parts);
    const secondary = this.network.segments.filter((segment) => segment.secondarySubnetIds.length > 0);
    if (secondary.length > 0) {
      new TerraformOutput(this, 'secondary_subnet_ids', {
        value: Object.fromEntries(secondary.map((segment) => [segment.name, [...segment.secondarySubnetIds]])),
        description: 'Subnets in secondary ranges, for pods, by segment',
      });
    }
    if (Object.keys(this.endpoints.ownNames).length > 0) {
      new TerraformOutput(this, 'endpoint_names', {
        value: this.endpoints.ownNames,
        description: "By service: the name of the endpoint that clients have to be told, as the service's usual name does not lead to it",
      });
    }
    const { existingNetwork } = environment;
    const names = policy.segments.map((segment) => segment.name);
    const foreign = existingNetwork ? [existingNetworkRisk(existingNetwork.vpcId, existingNetwork.emptyDefaults, names)] : [];
    const beside = endpointRisks({
      segments: names, endpoints: this.endpoints.endpoints.length > 0, readableBuckets: environment.readableBuckets ?? [], organization: environment.organizationId !== undefined,
    });
    const sessions = this.endpoints.vpcEndpoints.has('interface-ssmmessages') ? names : [];
    this.summary = {
      stack: this.node.id,
      cloud: 'aws',
      environment: environmentName,
      region,
      cidr: environment.cidr,
      segments: summarizeSegments(parts),
      privateServices: [...new Set(this.endpoints.endpoints.map(({ service }) => service.name))],
      residualRisks: [...this.egress.residualRisks, ...this.dns.residualRisks, ...(this.publicAccessBlock?.residualRisks ?? []), ...gatewayRisks(this.network.gateways, rules), ...foreign, ...beside, ...commonRisks('aws', policy.segments, sessions)].sort((a, b) => compare(a.id, b.id)),
      cost: awsCost({
        zones: zones.length,
        egressZones: egressZones.length,
        interfaceEndpoints: [...this.endpoints.vpcEndpoints.keys()].filter((key) => key.startsWith('interface-')).length,
        firewall: this.egress.inspection !== undefined,
        nat: this.egress.egressAddresses.length > 0,
        internetGateway: internetGatewayId !== undefined,
        dnsFirewall: true,
        tlsInspection: this.egress.inspection?.tlsInspection !== undefined,
      }),
    };
  }
}

/** Makes the AWS stack of an environment. @throws Error when the environment has no AWS part. */
export function createStack(app: App, policy: Policy, environment: Environment): AwsStack {
  if (!environment.aws) throw new Error(`environment '${environment.name}' has no aws part`);
  return new AwsStack(app, policy, environment, environment.aws);
}
