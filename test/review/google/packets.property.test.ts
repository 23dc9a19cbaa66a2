/** Sets of packets against one packet at a time: firewall rules and routes as Google's pages describe them. */
import fc from 'fast-check';
import { addressRange } from '../../../review/model/addresses';
import { everythingToInternet, type Traffic } from '../../../review/model/traffic';
import { review, stack } from './reviewing';

interface Rule { readonly priority: number; readonly deny: boolean; readonly ranges: readonly string[]; readonly port?: number; readonly tag?: string; readonly goto?: boolean }
interface Route { readonly range: string; readonly priority: number; readonly tag?: string; readonly blackHole: boolean }

const RANGES = ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.0.0/16', '9.0.0.0/8', '64.0.0.0/3', '151.0.0.0/8'];
const PACKETS = ['8.8.8.8', '8.9.0.1', '9.9.9.9', '70.1.2.3', '151.101.1.1', '200.1.1.1'].flatMap((to) => [443, 53].map((port) => ({ to: (addressRange(to) as { range: readonly [bigint, bigint] }).range[0], port: BigInt(port) })));

const range = fc.constantFrom(...RANGES);
const tag = fc.option(fc.constantFrom('a', 'b'), { nil: undefined });
const classicRule: fc.Arbitrary<Rule> = fc.record({ priority: fc.integer({ min: 1, max: 6 }), deny: fc.boolean(), ranges: fc.uniqueArray(range, { minLength: 1, maxLength: 3 }), port: fc.option(fc.constantFrom(443, 53), { nil: undefined }), tag }) as fc.Arbitrary<Rule>;
const route: fc.Arbitrary<Route> = fc.record({ range, priority: fc.integer({ min: 1, max: 3 }), tag, blackHole: fc.boolean() }) as fc.Arbitrary<Route>;

/** What Google's pages say, for one packet: classic rules by priority, deny first, then the policy, then the implied allow. */
function isAllowed(classic: readonly Rule[], policy: readonly Rule[], carried: string | undefined, packet: { to: bigint; port: bigint }): boolean {
  const matches = (rule: Rule) => (rule.tag === undefined || rule.tag === carried)
    && (rule.port === undefined || BigInt(rule.port) === packet.port)
    && rule.ranges.some((text) => contains(text, packet.to));
  const first = [...classic].sort((a, b) => a.priority - b.priority || Number(b.deny) - Number(a.deny)).find(matches);
  if (first) return !first.deny;
  const second = policy.find(matches);
  return !second || second.goto === true || !second.deny;
}

function contains(text: string, address: bigint): boolean {
  const { range: [from, to] } = addressRange(text) as { range: readonly [bigint, bigint] };
  return address >= from && address <= to;
}

function holds(traffic: Traffic, { to, port }: { to: bigint; port: bigint }): boolean {
  return traffic.boxes.some((box) => box.protocol === 'tcp' && box.ports.some(([from, last]) => port >= from && port <= last) && box.destinations.some(([from, last]) => to >= from && to <= last));
}

function machine(tags: readonly string[]): Record<string, unknown> {
  return { name: 'm', zone: 'r-a', tags, network_interface: [{ subnetwork: '${google_compute_subnetwork.s.id}', access_config: [{}] }] };
}

const NETWORK = {
  google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true } },
  google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', region: 'r', ip_cidr_range: '10.0.0.0/24' } },
};

test('the firewall decides on sets as on single packets', () => {
  fc.assert(fc.property(fc.array(classicRule, { maxLength: 6 }), fc.array(classicRule, { maxLength: 5 }), fc.boolean(), tag, (classic, rules, goesOn, carried) => {
    const policy = rules.map((rule, index) => ({ ...rule, tag: undefined, priority: index, goto: goesOn && index === 0 }));
    const layer = (rule: Rule, name: string) => [{ [name]: rule.port === undefined ? 'all' : 'tcp', ...(rule.port === undefined ? {} : { ports: [String(rule.port)] }) }];
    const { model } = review(stack({
      ...NETWORK,
      google_compute_instance: { m: machine(carried === undefined ? [] : [carried]) },
      google_compute_firewall: Object.fromEntries(classic.map((rule, index) => [`f${index}`, {
        name: `f${index}`, network: '${google_compute_network.n.name}', direction: 'EGRESS', priority: rule.priority, destination_ranges: rule.ranges,
        [rule.deny ? 'deny' : 'allow']: layer(rule, 'protocol'), ...(rule.tag === undefined ? {} : { target_tags: [rule.tag] }),
      }])),
      google_compute_network_firewall_policy: { p: { name: 'p' } },
      google_compute_network_firewall_policy_association: { p: { name: 'p', attachment_target: '${google_compute_network.n.id}', firewall_policy: '${google_compute_network_firewall_policy.p.name}' } },
      google_compute_network_firewall_policy_rule: Object.fromEntries(policy.map((rule, index) => [`r${index}`, {
        firewall_policy: '${google_compute_network_firewall_policy.p.name}', priority: index, action: rule.goto ? 'goto_next' : rule.deny ? 'deny' : 'allow', direction: 'EGRESS',
        match: { dest_ip_ranges: rule.ranges, layer4_configs: layer(rule, 'ip_protocol') },
      }])),
    }));
    const way = model.places[0]?.ways[0];
    const decisions = way?.decisions(everythingToInternet(4)) ?? [];
    for (const packet of PACKETS) {
      const through = decisions.some((decision) => decision.kind === 'allow' && holds(decision.traffic, packet));
      expect({ packet, through }).toEqual({ packet, through: isAllowed(classic, policy, carried, packet) });
    }
  }), { numRuns: 200 });
});

test('the longest prefix wins, then the lowest priority, among the routes that a machine sees', () => {
  fc.assert(fc.property(fc.array(route, { maxLength: 6 }), tag, (routes, carried) => {
    const { model } = review(stack({
      ...NETWORK,
      google_compute_instance: { m: machine(carried === undefined ? [] : [carried]) },
      google_compute_route: Object.fromEntries(routes.map((each, index) => [`r${index}`, {
        name: `r${index}`, network: '${google_compute_network.n.id}', dest_range: each.range, priority: each.priority,
        ...(each.blackHole ? { next_hop_vpn_tunnel: 'tunnel' } : { next_hop_gateway: 'default-internet-gateway' }), ...(each.tag === undefined ? {} : { tags: [each.tag] }),
      }])),
    }));
    const outcomes = model.places[0]?.ways[0]?.wayOut.forward(everythingToInternet(4), undefined) ?? [];
    const size = (text: string) => { const { range: [from, to] } = addressRange(text) as { range: readonly [bigint, bigint] }; return to - from; };
    for (const packet of PACKETS) {
      const seen = routes.map((each, index) => ({ ...each, index })).filter((each) => (each.tag === undefined || each.tag === carried) && contains(each.range, packet.to));
      const narrow = seen.filter((each) => seen.every((other) => size(each.range) <= size(other.range)));
      const best = narrow.filter((each) => narrow.every((other) => each.priority <= other.priority)).map(({ index }) => `google_compute_route.r${index}`).sort();
      const taken = outcomes.flatMap((outcome) => (outcome.kind === 'next' && holds(outcome.traffic, packet) ? [outcome.to.address] : [])).sort();
      expect({ packet, taken }).toEqual({ packet, taken: best });
    }
  }), { numRuns: 200 });
});
