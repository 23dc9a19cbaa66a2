/** Routes, NAT and addresses: which segments' packets can get to the internet at all. */
import type { Fault, ObservationSubject, SynthesizedStack } from '../observation';
import { API_RANGES, listOf, reference, references, resourcesOf, within, type Resource } from './reading';

/** The segments that see a route to the internet, given that the network's own tags are carried as told. */
export function readRoutes(
  stack: SynthesizedStack,
  subject: ObservationSubject,
  hasHosts: (segment: string) => boolean,
): { routed: ReadonlySet<string>; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const routed = new Set<string>();
  const ways: Resource[] = [];
  const published = (stack.output?.egress_network_tags?.value ?? {}) as Record<string, string>;

  for (const route of resourcesOf(stack, 'google_compute_route')) {
    const { dest_range: range, next_hop_gateway: gateway, tags } = route.config;
    if (API_RANGES.some((api) => within(String(range), api)) && gateway) continue;
    if (!gateway) {
      faults.push({ id: 'unexpected-next-hop', where: route.address, detail: `${range} leads to a machine, tunnel or load balancer` });
      continue;
    }
    ways.push(route);
    if (listOf(tags).length === 0) {
      faults.push({ id: 'internet-route-without-tag', where: route.address, detail: `${range} is a way out for every machine` });
    }
    const names = listOf(tags).length > 0
      ? listOf(tags).map((tag) => segmentOfNetworkTag(tag, published, subject))
      : subject.segments.map(({ name }) => name);
    for (const name of names) {
      if (name === undefined) {
        faults.push({ id: 'internet-route-unknown-tag', where: route.address, detail: listOf(tags).join(', ') });
      } else {
        routed.add(name);
        if (!hasHosts(name)) faults.push({ id: 'data-internet-route', where: name, detail: `${route.address} shows it the internet gateway` });
      }
    }
  }

  // A granted host without a route is how a rule that was meant for another segment looks.
  for (const { name } of subject.segments.filter((segment) => hasHosts(segment.name) && !routed.has(segment.name))) {
    faults.push({ id: 'host-without-way-out', where: name, detail: 'a rule grants it a host and no route leads there' });
  }

  const nats = resourcesOf(stack, 'google_compute_router_nat');
  const translated = nats.flatMap(({ config }) => listOf(config.subnetwork).map(({ name }) => reference(name)));
  for (const segment of subject.segments) {
    const subnets = resourcesOf(stack, 'google_compute_subnetwork').filter(({ config }) => segment.cidrs.includes(config.ip_cidr_range));
    if (subnets.length === 0) faults.push({ id: 'segment-subnet-missing', where: segment.name, detail: segment.cidrs.join(', ') });
    else if (hasHosts(segment.name) && !subnets.some(({ address }) => translated.includes(address))) {
      faults.push({ id: 'host-without-way-out', where: segment.name, detail: 'a rule grants it a host and no NAT serves its subnet' });
    }
  }
  faults.push(...nats.flatMap((nat) => natFaults(stack, nat, subject, hasHosts)));
  faults.push(...orderFaults(stack, [...ways, ...nats, ...resourcesOf(stack, 'google_network_services_gateway')]));
  faults.push(...addressFaults(stack, nats));
  return { routed, faults };
}

function segmentOfNetworkTag(tag: string, published: Record<string, string>, subject: ObservationSubject): string | undefined {
  const told = Object.keys(published).find((segment) => published[segment] === tag);
  return told ?? subject.segments.find(({ name }) => tag === `${subject.name}-${name}-egress`)?.name;
}

function natFaults(stack: SynthesizedStack, nat: Resource, subject: ObservationSubject, hasHosts: (segment: string) => boolean): readonly Fault[] {
  const { config, address: where } = nat;
  const faults: Fault[] = [];
  if (config.source_subnetwork_ip_ranges_to_nat !== 'LIST_OF_SUBNETWORKS') {
    faults.push({ id: 'nat-for-all-subnets', where, detail: String(config.source_subnetwork_ip_ranges_to_nat) });
  }
  const subnets = new Map(resourcesOf(stack, 'google_compute_subnetwork').map((subnet) => [subnet.address, subnet]));
  for (const { name } of listOf(config.subnetwork)) {
    const range = subnets.get(reference(name) ?? '')?.config.ip_cidr_range;
    const segment = subject.segments.find(({ cidrs }) => cidrs.includes(range))?.name;
    if (!segment || !hasHosts(segment)) faults.push({ id: 'nat-for-segment-without-hosts', where, detail: `${segment ?? name} may reach no host` });
  }
  if (config.log_config?.enable !== true || config.log_config?.filter !== 'ALL') {
    faults.push({ id: 'nat-logs-missing', where, detail: 'not every translation is recorded' });
  }
  if (config.nat_ip_allocate_option !== 'MANUAL_ONLY' || listOf(config.nat_ips).length === 0) {
    faults.push({ id: 'nat-automatic-addresses', where, detail: 'partners cannot know where traffic comes from' });
  }
  if (config.enable_endpoint_independent_mapping === true) {
    faults.push({ id: 'nat-endpoint-independent-mapping', where, detail: 'any outside address may answer on a mapped port' });
  }
  return faults;
}

/** A way out that is made before the denies, or outlives them, is a way out for everything. */
function orderFaults(stack: SynthesizedStack, ways: readonly Resource[]): readonly Fault[] {
  const closing = [
    ...resourcesOf(stack, 'google_compute_network_firewall_policy_association'),
    ...resourcesOf(stack, 'google_compute_network_firewall_policy_rule').filter(({ config }) => config.action === 'deny' && config.direction === 'EGRESS' && listOf(config.match?.dest_ip_ranges).length > 0),
  ].map(({ address }) => address);
  return ways.flatMap(({ address, config }) => {
    const missing = closing.filter((each) => !listOf(config.depends_on).includes(each));
    return missing.length > 0 || closing.length < 3
      ? [{ id: 'way-out-before-deny', where: address, detail: `does not depend on ${missing.join(', ') || 'both denies and an association'}` }]
      : [];
  });
}

/** A machine with an address of its own goes around the NAT and its records. */
function addressFaults(stack: SynthesizedStack, nats: readonly Resource[]): readonly Fault[] {
  const translated = new Set(nats.flatMap(({ config }) => references(config.nat_ips)));
  const loose = resourcesOf(stack, 'google_compute_address')
    .filter(({ address, config }) => config.address_type !== 'INTERNAL' && !translated.has(address));
  const machines = ['google_compute_instance', 'google_compute_instance_template', 'google_compute_region_instance_template']
    .flatMap((type) => resourcesOf(stack, type))
    .filter(({ config }) => listOf(config.network_interface).some((nic) => listOf(nic.access_config).length + listOf(nic.ipv6_access_config).length > 0));
  return [...loose, ...machines].map(({ address }) => ({ id: 'external-address', where: address, detail: 'a public address that is not the NAT\'s' }));
}
