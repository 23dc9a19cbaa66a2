/** Reads a synthesized Google stack the way Google would treat it: policy order, implied rules, routes, NAT, DNS. */
import { apiFaults, dnsFaults, networkFaults, ruleFaults, tagFaults } from './google/controls';
import { associatedPolicy, rulesOfPolicy } from './google/firewall';
import { optionFaults } from './google/options';
import { isEndpointSubnet } from './google/private-places';
import { readReach } from './google/reach';
import { reference, resourcesOf } from './google/reading';
import { readRoutes } from './google/way-out';
import type { Fault, Observe, WayOut } from './observation';

export { mutations } from './google/mutations';

export const observe: Observe = (stack, subject) => {
  const [network, ...others] = resourcesOf(stack, 'google_compute_network');
  if (!network) throw new Error('no google_compute_network in the stack');
  const faults: Fault[] = others.map(({ address: where }) => ({ id: 'second-network', where, detail: 'a machine with an interface in each goes around the policy' }));

  const policy = associatedPolicy(stack, network.address);
  if (!policy) faults.push({ id: 'policy-unassociated', where: network.address, detail: 'no firewall policy holds for the network' });
  const rules = policy ? rulesOfPolicy(stack, policy) : [];
  const reach = readReach(stack, subject, rules);
  const routes = readRoutes(stack, subject, (segment) => (reach.reach.get(segment)?.direct.length ?? 0) > 0);
  faults.push(
    ...networkFaults(stack, network),
    ...ruleFaults(rules),
    ...tagFaults(stack, network.address),
    ...reach.faults,
    ...routes.faults,
    ...dnsFaults(stack, network.address),
    ...apiFaults(stack, network.address, rules),
    ...optionFaults(stack, subject, rules),
    ...strays(stack, network.address, subject.segments.flatMap(({ cidrs }) => cidrs)),
  );

  const classicWins = network.config.network_firewall_policy_enforcement_order !== 'BEFORE_CLASSIC_FIREWALL';
  const wayOut = (name: string): WayOut => {
    const { open, hosts, direct } = reach.reach.get(name)!;
    // What only the proxy lets through needs no route.
    if (!routes.routed.has(name)) return hosts.length > direct.length && !open && !classicWins ? 'controlled' : 'none';
    if (open || classicWins) return 'open';
    return hosts.length > 0 ? 'controlled' : 'replies';
  };
  return {
    faults,
    segments: Object.fromEntries(subject.segments.map(({ name }) => {
      const { hosts, peers, internetPorts } = reach.reach.get(name)!;
      return [name, { wayOut: wayOut(name), hosts, peers, internetPorts }];
    })),
  };
};

/** Subnets of no segment, and parts that belong to another network than the one that is looked at. */
function strays(stack: Parameters<Observe>[0], network: string, cidrs: readonly string[]): readonly Fault[] {
  const subnets = resourcesOf(stack, 'google_compute_subnetwork')
    .filter((subnet) => !cidrs.includes(subnet.config.ip_cidr_range) && subnet.config.purpose !== 'REGIONAL_MANAGED_PROXY' && !isEndpointSubnet(stack, subnet))
    .map(({ address: where }) => ({ id: 'subnet-of-no-segment', where, detail: 'no segment has this range' }));
  const elsewhere = ['google_compute_subnetwork', 'google_compute_route', 'google_compute_router']
    .flatMap((type) => resourcesOf(stack, type))
    .filter(({ config }) => reference(config.network) !== network)
    .map(({ address: where }) => ({ id: 'part-of-another-network', where, detail: 'does not belong to the network of this stack' }));
  return [...subnets, ...elsewhere];
}
