/** What a synthesized Azure stack lets traffic do; see `azure/` for how Azure decides. */
import type { Observation, ObservationSubject, Observe, SynthesizedStack } from './observation';
import { holds, isCidr, isPublic, parseBlock } from './azure/addresses';
import { controlFaults } from './azure/controls';
import { FirewallReader } from './azure/firewall';
import { mutations } from './azure/mutations';
import { placesOf, serviceSubnets, type Place } from './azure/places';
import { peersOf, serviceFaults, SegmentReach, type AddFault } from './azure/reach';
import { StackReader, texts } from './azure/reader';
import { ownRules } from './azure/security-groups';

export { mutations };

export const observe: Observe = (stack: SynthesizedStack, subject: ObservationSubject): Observation => {
  const reader = new StackReader(stack);
  const faults = new Map<string, Observation['faults'][number]>();
  const add: AddFault = (id, where, detail) => {
    if (!faults.has(`${id} ${where}`)) faults.set(`${id} ${where}`, { id, where, detail });
  };
  const [resource] = reader.all('azurerm_firewall');
  const firewall = resource && new FirewallReader(reader, resource, subject.segments.map(({ cidrs }) => parseBlock(cidrs[0]!)));
  const firewallFaults = firewall?.faults() ?? [];
  const permissive = firewallFaults.some(({ id }) => ['wide-firewall-rule', 'firewall-default-pass', 'firewall-dnat'].includes(id));
  const networks = reader.all('azurerm_virtual_network').flatMap(({ config }) => texts(config.address_space)).filter(isCidr).map(parseBlock);
  const places = placesOf(reader, subject, firewall);
  const services = serviceSubnets(reader);

  const segments = Object.fromEntries(places.map((place) => {
    const reach = new SegmentReach(place, networks);
    const internetPorts = reach.internetPorts();
    const leaks = reach.leaks();
    for (const leak of leaks.filter((each) => !each.covered)) add('wide-group-egress', place.name, `the group lets ${leak.ports} out, which no host uses`);
    const wayOut = reach.wayOut({ reader, firewall: resource, permissive, accepting: internetPorts.length > 0, leaking: leaks.length > 0 }, add);
    const peers = peersOf(reach, places, networks, add);
    serviceFaults(reach, services, networks, add);
    structureFaults(place, reader, subject, add);
    const hosts = wayOut === 'none' || wayOut === 'replies' ? [] : reach.hosts();
    return [place.name, { wayOut, hosts, peers, internetPorts }];
  }));
  for (const { id, where, detail } of [...firewallFaults, ...controlFaults(reader, subject, resource)]) add(id, where, detail);
  return { segments, faults: [...faults.values()] };
};

/** Rules that are wrong whatever they decide: wider than a subnet, or without a last word. */
function structureFaults({ name, rules }: Place, reader: StackReader, subject: ObservationSubject, add: AddFault): void {
  const subnets = reader.all('azurerm_subnet').flatMap(({ config }) => texts(config.address_prefixes));
  const known = [...subject.segments.flatMap(({ cidrs }) => cidrs), ...subnets].filter(isCidr).map(parseBlock);
  for (const rule of ownRules(rules).filter(({ allow }) => allow)) {
    for (const peer of rule.direction === 'Outbound' ? rule.destinations : rule.sources) {
      const outside = ['Internet', 'AzureLoadBalancer'].includes(peer) || (isCidr(peer) && isPublic(parseBlock(peer).first) && isPublic(parseBlock(peer).last));
      if (!outside && !(isCidr(peer) && known.some((each) => holds(each, parseBlock(peer))))) add('segment-reach-too-wide', name, `a rule allows ${peer}`);
    }
    if (!['tcp', 'udp'].includes(rule.protocol)) add('segment-reach-too-wide', name, `a rule allows protocol ${rule.protocol}`);
    if (rule.byMembership) add('segment-reach-too-wide', name, 'a rule names groups of interfaces, whose members nothing here limits');
  }
  const probing = (rule: Place['rules'][number]) => rule.direction === 'Inbound' && rule.allow && rule.sources.includes('AzureLoadBalancer');
  const served = ownRules(rules).filter((rule) => rule.direction === 'Inbound' && rule.allow && rule.protocol === 'tcp' && !probing(rule)).flatMap(({ ports }) => ports);
  for (const { from, to } of ownRules(rules).filter(probing).flatMap(({ ports }) => ports)) {
    for (let port = from; port <= to; port++) {
      if (!served.some((range) => range.from <= port && port <= range.to)) add('health-probe-too-wide', name, `probes on ${from}-${to}, where nothing is served`);
    }
  }
  for (const direction of ['Inbound', 'Outbound']) {
    const final = ownRules(rules).find((rule) => rule.direction === direction && !rule.allow && rule.protocol === '*' && rule.sources.includes('*')
      && rule.destinations.includes('*') && rule.ports.some(({ from, to }) => from <= 0 && to === 65535));
    if (!final) add('nsg-final-deny-missing', `${name} ${direction.toLowerCase()}`, "Azure's built-in rules decide");
  }
}
