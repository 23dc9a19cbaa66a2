import { ComputeGlobalAddress } from '@cdktf/provider-google/lib/compute-global-address';
import { ServiceNetworkingConnection } from '@cdktf/provider-google/lib/service-networking-connection';
import { ServiceNetworkingVpcServiceControls } from '@cdktf/provider-google/lib/service-networking-vpc-service-controls';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { ResidualRisk } from '../egress-control';
import type { PrivateServicesAccess } from '../policy/google-model';
import { addFirewallRule, attributesOfAll, identitiesOf, type FirewallRule, type SegmentIdentity } from './firewall-rule';
import { nameProblems, resourceName } from './names';
import { singlePriority } from './priorities';

/** What Private Services Access needs. */
export interface GooglePrivateServicesAccessProps extends PrivateServicesAccess {
  readonly name: string;
  readonly project: string;
  readonly networkId: string;
  /** The network's bare name: what removes the producer's route takes no id. */
  readonly networkName: string;
  readonly firewallPolicy: string;
  readonly segments: readonly ({ readonly name: string; readonly slot: number } & SegmentIdentity)[];
  /** The block that Google makes the services' subnets from. */
  readonly cidr: string;
}

const SERVICE = 'servicenetworking.googleapis.com';

/**
 * Services that Google runs in a network of its own, peered with this one: Cloud SQL, Memorystore.
 *
 * That network has a default route of its own, so what runs there could reach the internet
 * although nothing here can. VPC Service Controls for the connection removes it, and points the
 * network's names of Google's APIs at the restricted address.
 * https://cloud.google.com/service-infrastructure/docs/enabling-private-services-access
 * https://cloud.google.com/sdk/gcloud/reference/services/vpc-peerings/enable-vpc-service-controls
 *
 * @throws BlueprintError for too long names.
 */
export class GooglePrivateServicesAccess extends Construct {
  readonly range: ComputeGlobalAddress;
  readonly connection: ServiceNetworkingConnection;
  readonly closedProducer: ServiceNetworkingVpcServiceControls;
  readonly ruleAttributes: number;
  readonly residualRisks: readonly ResidualRisk[];

  constructor(scope: Construct, id: string, props: GooglePrivateServicesAccessProps) {
    super(scope, id);
    const { name, networkId, cidr } = props;
    const problems = nameProblems([resourceName(name, 'service-networking')]);
    if (problems.length > 0) throw new BlueprintError(this, problems);
    const [address, prefix] = cidr.split('/') as [string, string];
    this.range = new ComputeGlobalAddress(this, 'range', {
      name: resourceName(name, 'service-networking'),
      addressType: 'INTERNAL',
      purpose: 'VPC_PEERING',
      network: networkId,
      address,
      prefixLength: Number(prefix),
    });
    this.connection = new ServiceNetworkingConnection(this, 'connection', {
      network: networkId,
      service: SERVICE,
      reservedPeeringRanges: [this.range.name],
    });
    this.closedProducer = new ServiceNetworkingVpcServiceControls(this, 'closed-producer', {
      network: props.networkName,
      service: SERVICE,
      project: props.project,
      enabled: true,
      dependsOn: [this.connection],
    });

    const slots = new Map(props.segments.map((segment) => [segment.name, segment.slot]));
    const rules = [...props.from].sort().map((segment): FirewallRule => ({
      id: `services-access-${segment}`,
      priority: singlePriority(slots.get(segment)!, 'private-services-access'),
      action: 'allow',
      direction: 'EGRESS',
      ruleName: `out-${segment}-to-service-networking`,
      description: `${segment} may call services in Google's peered network`,
      target: segment,
      to: { ranges: [cidr] },
      layer4: [{ ipProtocol: 'tcp', ports: props.ports.map(String) }],
    }));
    const identities = identitiesOf(props.segments);
    for (const rule of rules) addFirewallRule(this, props.firewallPolicy, rule, identities);
    this.ruleAttributes = attributesOfAll(rules);
    this.residualRisks = [{
      id: 'peered-services-share-a-range',
      summary: "a segment that may call one service in Google's peered network may call every other one there on the same ports, and its own password is what keeps it out",
      mitigation: 'prefer services over Private Service Connect (publishedServices), where each has an address of its own',
      segments: [...props.from].sort(),
    }];
  }
}
