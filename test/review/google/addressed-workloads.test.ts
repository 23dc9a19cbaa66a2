/** Random machines and services of both families: what the review says of each packet against what becomes of it. */
import { AddressedPackets, PACKETS, WORKLOADS } from './addressed-packets';
import { addressedWorkloads } from './addressed-workloads';
import { withHidden } from './hiding';
import { holds } from './holding';
import { asStack, asState, type Part } from './random-networks';
import { verdictsOf } from './reviewing';

/** @param shown what the review reads */
function compare(parts: readonly Part[], shown: unknown) {
  const { verdicts } = verdictsOf(shown);
  const walk = new AddressedPackets(parts);
  const [missed, alarms]: [string[], string[]] = [[], []];
  let out = 0;
  for (const workload of parts.filter(({ type }) => WORKLOADS.includes(type))) {
    for (const { family, to } of PACKETS) {
      const { openTraffic = [], doubtfulTraffic = [] } = verdicts.find((verdict) => verdict.family === family && verdict.place.id === `${workload.type}.${workload.name}`)!;
      const isTold = [openTraffic, doubtfulTraffic].map((flows) => holds(flows, { to, protocol: 'tcp', port: 443 }));
      const getsOut = walk.getsOut(workload, { family, to });
      if (getsOut) out += 1;
      if (getsOut && !isTold.includes(true)) missed.push(`${workload.name} to ${to}`);
      if (!getsOut && isTold.includes(true)) alarms.push(`${workload.name} to ${to}`);
    }
  }
  return { missed, alarms, out };
}

test.each([['a synthesized stack', asStack, 0], ['a state', asState, 10_000]])('workloads get out, by whichever address, as %s is said to let them', (_, form, first) => {
  let out = 0;
  for (let seed = first; seed < first + 200; seed += 1) {
    const parts = addressedWorkloads(seed);
    const seen = compare(parts, form(parts));
    expect({ seed, missed: seen.missed, alarms: seen.alarms }).toEqual({ seed, missed: [], alarms: [] });
    out += seen.out;
  }
  expect(out).toBeGreaterThan(400);
});

test('what is not known of addresses closes nothing', () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const parts = addressedWorkloads(seed);
    expect({ seed, missed: compare(parts, asStack(withHidden(parts, seed, ({ type }) => type !== 'google_compute_instance_group'))).missed }).toEqual({ seed, missed: [] });
  }
});

const only = (part: Part, key: string, value?: unknown): Part => ({ ...part, values: { ...part.values, [key]: value } });

test.each<[string, (part: Part) => Part | undefined]>([
  ['balancers', (part) => (part.type === 'google_compute_forwarding_rule' ? undefined : part)],
  ['NAT', (part) => (part.type === 'google_compute_router_nat' ? undefined : part)],
  ['NAT64', (part) => (part.type === 'google_compute_router_nat' ? only(only(part, 'source_subnetwork_ip_ranges_to_nat64'), 'nat64_subnetwork', []) : part)],
  ['public IPv6', (part) => (part.values.ipv6_access_type === 'EXTERNAL' ? only(part, 'ipv6_access_type', 'INTERNAL') : part)],
  ['services', (part) => (part.values.vpc_connector ? only(part, 'vpc_connector_egress_settings', 'ALL_TRAFFIC') : part)],
  ['for whom rules are', (part) => (part.type === 'google_compute_firewall' ? only(part, 'target_tags') : part)],
])('a review that does not see %s is caught', (_, see) => {
  const isCaught = (seed: number): boolean => {
    const parts = addressedWorkloads(seed);
    return compare(parts, asStack(parts.flatMap((part) => see(part) ?? []))).missed.length > 0;
  };
  expect(Array.from({ length: 400 }, (__, seed) => seed).some(isCaught)).toBe(true);
});

const to = (name: string) => ({ ref: `google_${name}`, attr: 'id' });
const part = (type: string, name: string, values: object): Part => ({ type: `google_${type}`, name, values: { name, ...values } });
const kindOf = (parts: readonly Part[], id: string, family: 4 | 6) => verdictsOf(asStack(parts)).verdicts.find((verdict) => verdict.family === family && verdict.place.id === id)!.kind;

test('a connector with a range stands in a subnet that nobody lists', () => {
  const kind = (nat: object) => kindOf([
    part('compute_network', 'n', { auto_create_subnetworks: false }),
    part('compute_subnetwork', 's', { network: to('compute_network.n'), region: 'r2', ip_cidr_range: '10.0.0.0/24' }),
    part('vpc_access_connector', 'c', { region: 'r1', network: to('compute_network.n'), ip_cidr_range: '10.8.0.0/28' }),
    part('cloudfunctions_function', 'f', { region: 'r1', vpc_connector: to('vpc_access_connector.c'), vpc_connector_egress_settings: 'ALL_TRAFFIC' }),
    part('compute_router', 'r', { network: to('compute_network.n') }),
    part('compute_router_nat', 'nat', { router: to('compute_router.r'), ...nat }),
  ], 'google_cloudfunctions_function.f', 4);
  // Also in a region where the network has no other subnet.
  expect(kind({ region: 'r1', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' })).toBe('open');
  expect(kind({ region: 'r2', source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES' })).toBe('none');
  expect(kind({ region: 'r1', source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: to('compute_subnetwork.s'), source_ip_ranges_to_nat: ['ALL_IP_RANGES'] }] })).toBe('none');
});

test('a rule for all that is behind NAT64 lists nothing', () => {
  const kind = (range: string) => kindOf([
    part('compute_network', 'n', { auto_create_subnetworks: false }),
    part('compute_subnetwork', 's', { network: to('compute_network.n'), region: 'r', stack_type: 'IPV6_ONLY', ipv6_access_type: 'INTERNAL' }),
    part('compute_instance', 'app', { zone: 'r-a', network_interface: [{ subnetwork: to('compute_subnetwork.s'), stack_type: 'IPV6_ONLY' }] }),
    part('compute_router', 'r', { network: to('compute_network.n') }),
    part('compute_router_nat', 'nat', { router: to('compute_router.r'), region: 'r', source_subnetwork_ip_ranges_to_nat64: 'ALL_IPV6_SUBNETWORKS' }),
    part('compute_route', 'out', { network: to('compute_network.n'), dest_range: '::/0', next_hop_gateway: 'default-internet-gateway' }),
    part('compute_firewall', 'deny', { network: to('compute_network.n'), direction: 'EGRESS', priority: 100, deny: [{ protocol: 'all' }], destination_ranges: ['::/0'] }),
    part('compute_firewall', 'allow', { network: to('compute_network.n'), direction: 'EGRESS', priority: 1, allow: [{ protocol: 'all' }], destination_ranges: [range] }),
  ], 'google_compute_instance.app', 6);
  expect(['64:ff9b::/96', '64:ff9b::808:808/128'].map(kind)).toEqual(['open', 'allowlisted']);
});

test('which machines a pool lists may not be known', () => {
  const kind = (instances: readonly unknown[]) => kindOf([
    part('compute_network', 'n', { auto_create_subnetworks: false }),
    part('compute_subnetwork', 's', { network: to('compute_network.n'), region: 'r', ip_cidr_range: '10.0.0.0/24' }),
    part('compute_instance', 'app', { zone: 'r-a', network_interface: [{ subnetwork: to('compute_subnetwork.s') }] }),
    part('compute_target_pool', 'p', { region: 'r', instances }),
    part('compute_forwarding_rule', 'f', { region: 'r', target: to('compute_target_pool.p') }),
  ], 'google_compute_instance.app', 4);
  expect([[], ['${var.machine}'], [to('compute_instance.app')]].map(kind)).toEqual(['none', 'unknown', 'open']);
});
