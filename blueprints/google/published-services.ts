import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address';
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { PublishedService } from '../policy/google-model';
import type { GoogleEndpointSubnet } from './endpoint-subnet';
import { addFirewallRule, attributesOfAll, identitiesOf, idProblems, type FirewallRule, type SegmentIdentity } from './firewall-rule';
import { nameProblems, resourceName } from './names';
import { publishedPriority } from './priorities';

/** What endpoints of published services need. */
export interface GooglePublishedServicesProps {
  readonly name: string;
  readonly region: string;
  readonly networkId: string;
  readonly firewallPolicy: string;
  readonly services: readonly PublishedService[];
  readonly segments: readonly ({ readonly name: string; readonly slot: number } & SegmentIdentity)[];
  /** Where the endpoints' addresses come from. */
  readonly subnet: GoogleEndpointSubnet;
}

/**
 * Endpoints of services that others publish over Private Service Connect: each one address, which
 * only the named segments may call, on the named ports. The producer sees no address of ours.
 * https://cloud.google.com/vpc/docs/configure-private-service-connect-services
 *
 * @throws BlueprintError when two services fall on one address, and for too long names.
 */
export class GooglePublishedServices extends Construct {
  /** By name: what clients call. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly endpoints: ReadonlyMap<string, ComputeForwardingRule>;
  readonly ruleAttributes: number;

  constructor(scope: Construct, id: string, props: GooglePublishedServicesProps) {
    super(scope, id);
    const { name, region, networkId, subnet } = props;
    const services = [...props.services].sort((a, b) => (a.name < b.name ? -1 : 1));
    const wanted = new Map(services.flatMap((service) => (service.address === undefined ? [] : [[service.name, service.address]])));
    const { places, problems } = subnet.placesOf(services.map((service) => service.name), wanted);
    const nameOf = (service: PublishedService) => resourceName(name, 'psc', service.name);
    const found = [...problems.map((message) => ({ message })), ...nameProblems(services.map(nameOf))];
    if (found.length > 0) throw new BlueprintError(this, found);

    this.addresses = Object.fromEntries(services.map((service) => [service.name, subnet.addressAt(places.get(service.name)!)]));
    this.endpoints = new Map(services.map((service) => {
      const address = new ComputeAddress(this, `address-${service.name}`, {
        name: nameOf(service),
        region,
        addressType: 'INTERNAL',
        subnetwork: subnet.subnetwork.id,
        address: this.addresses[service.name]!,
      });
      return [service.name, new ComputeForwardingRule(this, `endpoint-${service.name}`, {
        name: nameOf(service),
        region,
        network: networkId,
        ipAddress: address.id,
        target: service.attachment,
        // Has to be there and empty: the provider's default is EXTERNAL.
        loadBalancingScheme: '',
      })];
    }));

    const slots = new Map(props.segments.map((segment) => [segment.name, segment.slot]));
    const rules = services.flatMap((service) => service.from.map((segment): FirewallRule => ({
      id: `published-${segment}-to-${service.name}`,
      priority: publishedPriority(slots.get(segment)!, places.get(service.name)!),
      action: 'allow',
      direction: 'EGRESS',
      ruleName: `out-${segment}-to-psc-${service.name}`,
      description: `${segment} may call the published service ${service.name}`,
      target: segment,
      to: { ranges: [`${this.addresses[service.name]}/32`] },
      layer4: [{ ipProtocol: 'tcp', ports: service.ports.map(String) }],
    })));
    const alike = idProblems(rules);
    if (alike.length > 0) throw new BlueprintError(this, alike);
    const identities = identitiesOf(props.segments);
    for (const rule of rules) addFirewallRule(this, props.firewallPolicy, rule, identities);
    this.ruleAttributes = attributesOfAll(rules);
  }
}
