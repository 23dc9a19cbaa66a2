import { TerraformStack, type App } from 'cdktf';
import type { Construct } from 'constructs';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { AwsSegmentRoutes } from '../../../blueprints/aws/segment-routes';
import { AwsSegmentedNetwork } from '../../../blueprints/aws/segmented-network';
import { EgressControlBase, type EgressControlProps, type LogDestination, type ResidualRisk } from '../../../blueprints/egress-control';
import { planAddresses } from '../../../blueprints/policy/address-plan';
import { loadPolicyFile } from '../../../blueprints/policy/load';
import { allowRulesFor, type Policy } from '../../../blueprints/policy/model';
import { formatProblems } from '../../../blueprints/policy/problems';
import { lockPath, writeLock } from '../../../blueprints/policy/slots';

export interface ApplianceEgressControlProps extends EgressControlProps {
  readonly vpcId: string;
  /** The hub's endpoint service: `com.amazonaws.vpce.us-east-1.vpce-svc-…`. */
  readonly serviceName: string;
  /** By zone, the block of the subnet that its endpoint stands in. */
  readonly endpointCidrs: Readonly<Record<string, string>>;
}

/** The hosts of the policy, enforced by an appliance that a hub's team runs behind a Gateway Load Balancer. */
export class ApplianceEgressControl extends EgressControlBase {
  /** By zone: where default routes lead. */
  readonly endpointIds: Readonly<Record<string, string>> = {};
  readonly logDestinations: readonly LogDestination[] = [];
  readonly egressAddresses: readonly string[] = [];
  readonly residualRisks: readonly ResidualRisk[];

  constructor(scope: Construct, id: string, props: ApplianceEgressControlProps) {
    // What cannot be enforced is refused here, with the rule's place in the policy file.
    super(scope, id, props, ({ host, protocol }) => (protocol === 'tls' ? undefined : `aws: the appliance reads server names only; allow '${host.text}' over tls`));
    this.residualRisks = [{
      id: 'hub-rules-elsewhere',
      summary: "The hub's team writes the list of hosts that the appliance lets through.",
      mitigation: 'Compare its list with the policy on every change.',
      segments: this.protectedSegments,
    }];
    // Without a host there is no way out, and nothing to make.
    if (this.protectedSegments.length === 0) return;
    this.endpointIds = Object.fromEntries(Object.entries(props.endpointCidrs).map(([zone, cidrBlock]) => {
      const subnet = new Subnet(this, `subnet-${zone}`, { vpcId: props.vpcId, availabilityZone: zone, cidrBlock, tags: { Name: `${props.name}-egress-${zone}` } });
      const endpoint = new VpcEndpoint(this, `endpoint-${zone}`, { vpcId: props.vpcId, serviceName: props.serviceName, vpcEndpointType: 'GatewayLoadBalancer', subnetIds: [subnet.id] });
      return [zone, endpoint.id];
    }));
  }
}

/** Reads the policy file and keeps its lock file, as the stacks here do. */
export function readPolicy(file: string): Policy {
  const loaded = loadPolicyFile(file);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems).join('\n'));
  if (loaded.lockChanged) writeLock(lockPath(file), loaded.lock);
  return loaded.policy;
}

/** One environment of the policy: our network and routes, their way out. */
export class OwnStack extends TerraformStack {
  constructor(app: App, id: string, policy: Policy, serviceName: string) {
    super(app, id);
    const [stage] = policy.environments;
    const environment = stage?.aws;
    if (!environment) throw new Error('the first environment has no aws part');
    const { region, zones } = environment;
    const account = environment.account ?? '111122223333';
    new AwsProvider(this, 'aws', { region, allowedAccountIds: [account] });

    const name = `${policy.organization}-own`;
    const rules = allowRulesFor(policy, 'aws', stage.name);
    const addresses = planAddresses(policy, environment);
    const network = new AwsSegmentedNetwork(this, 'network', { name, region, zones, account, rules, addresses, segments: policy.segments });
    const egress = new ApplianceEgressControl(this, 'egress', {
      name,
      rules,
      segments: network.segments,
      vpcId: network.networkId,
      serviceName,
      endpointCidrs: Object.fromEntries(zones.map((zone) => [zone.name, addresses.infrastructureIn('firewall', zone)])),
    });
    new AwsSegmentRoutes(this, 'routes', {
      name, vpcId: network.networkId, internetGatewayId: network.internetGatewayId, segments: network.segments, egressEndpointIds: egress.endpointIds,
    });
  }
}
