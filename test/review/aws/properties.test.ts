/** The sets that verdicts are made of, against the plainest way to compute them. */
import fc from 'fast-check';
import { addressRange, EVERYWHERE, NOT_INTERNET } from '../../../review/model/addresses';
import { aclEgress, type AwsAcl } from '../../../review/model/aws/acls';
import { compact, isSame, recentLike, trafficKey } from '../../../review/model/aws/compact';
import { longestPrefix } from '../../../review/model/aws/longest-prefix';
import { prefixOf } from '../../../review/model/aws/prefix-lists';
import { addressSet } from '../../../review/model/aws/suricata-reach';
import { size, unionOf, type Ranges } from '../../../review/model/ranges';
import { both, everythingTo, except, IP_PROTOCOLS, ports, traffic, type Traffic } from '../../../review/model/traffic';
import { Dice } from '../dice';

const has = (set: Ranges, value: bigint) => set.some(([from, to]) => from <= value && value <= to);
const contains = ({ boxes }: Traffic, protocol: string, port: bigint, address: bigint) => boxes.some((box) => box.protocol === protocol && has(box.ports, port) && has(box.destinations, address));

const octets = fc.tuple(fc.constantFrom(10, 52, 54, 128, 200), fc.constantFrom(0, 1, 128), fc.constantFrom(0, 7), fc.constantFrom(0, 1));
const cidr = fc.tuple(octets, fc.integer({ min: 0, max: 32 })).map(([parts, bits]) => `${parts.join('.')}/${bits}`);
const address = octets.map((parts) => addressRange(parts.join('.'))!.range[0]);

test('the longest prefix takes an address, as a search through all routes says', () => {
  fc.assert(fc.property(fc.array(cidr, { maxLength: 8 }), fc.array(address, { minLength: 1, maxLength: 20 }), (cidrs, addresses) => {
    const routes = cidrs.map((text) => ({ text, prefixes: [prefixOf(text)!] }));
    const shares = longestPrefix(routes, 4, EVERYWHERE[4]);
    for (const each of addresses) {
      const matching = routes.filter(({ prefixes }) => has([prefixes[0]!.range], each));
      const longest = Math.max(...matching.map(({ prefixes }) => prefixes[0]!.bits));
      const expected = matching.filter(({ prefixes }) => prefixes[0]!.bits === longest);
      expect(shares.filter((share) => has(share.addresses, each)).map(({ route }) => route).sort()).toEqual(expected.sort());
    }
  }));
});

test('shares are inside of what was divided', () => {
  fc.assert(fc.property(fc.array(cidr, { maxLength: 6 }), cidr, address, (cidrs, within, each) => {
    const range = [prefixOf(within)!.range];
    const shares = longestPrefix(cidrs.map((text) => ({ prefixes: [prefixOf(text)!] })), 4, range);
    if (shares.some((share) => has(share.addresses, each))) expect(has(range, each)).toBe(true);
  }));
});

test('an ACL decides by the first entry that matches', () => {
  const entry = fc.record({ number: fc.integer({ min: 1, max: 50 }), action: fc.constantFrom('allow' as const, 'deny' as const), protocol: fc.constantFrom('-1', 'tcp', '17', '50'), fromPort: fc.integer({ min: 0, max: 600 }), width: fc.integer({ min: 0, max: 600 }), cidr });
  fc.assert(fc.property(fc.uniqueArray(entry, { maxLength: 6, selector: ({ number }) => number }), fc.constantFrom(...IP_PROTOCOLS), fc.integer({ min: 0, max: 1200 }), address, (entries, protocol, port, to) => {
    fc.pre(!has(NOT_INTERNET[4], to));
    const acl: AwsAcl = {
      address: 'acl', isDefault: false, implicit: false,
      entries: entries.map(({ width, ...each }) => ({ ...each, address: 'acl', direction: 'egress' as const, toPort: each.fromPort + width })).sort((a, b) => a.number - b.number),
    };
    const covers = (each: (typeof acl.entries)[number]) => {
      const own = { '-1': IP_PROTOCOLS, tcp: ['tcp'], 17: ['udp'], 50: ['other'] }[each.protocol!]!;
      const hasPorts = each.protocol === 'tcp' || each.protocol === '17';
      return own.includes(protocol) && (each.protocol !== '50' || port === 50) && (!hasPorts || (each.fromPort! <= port && port <= each.toPort!)) && has([prefixOf(each.cidr!)!.range], to);
    };
    expect(contains(aclEgress(acl, 4).certain, protocol, BigInt(port), to)).toBe(acl.entries.find(covers)?.action === 'allow');
  }));
});

const box = fc.record({ protocol: fc.constantFrom(...IP_PROTOCOLS), from: fc.integer({ min: 0, max: 20 }), width: fc.integer({ min: 0, max: 10 }), cidr }).map(({ protocol, from, width, cidr: text }) => ({
  protocol,
  ports: ports(from, from + width),
  destinations: [prefixOf(text)!.range] as Ranges,
}));

test('compacting changes no packet, and gives the same packets the same key', () => {
  fc.assert(fc.property(fc.array(box, { maxLength: 8 }), fc.constantFrom(...IP_PROTOCOLS), fc.integer({ min: 0, max: 40 }), address, (boxes, protocol, port, to) => {
    const flow = traffic(4, boxes);
    const small = compact(flow);
    expect(contains(small, protocol, BigInt(port), to)).toBe(contains(flow, protocol, BigInt(port), to));
    expect(trafficKey(traffic(4, [...boxes].reverse()))).toBe(trafficKey(flow));
    const twice = small.boxes.filter((each) => each.protocol === protocol && has(each.ports, BigInt(port)) && has(each.destinations, to));
    expect(twice.length).toBeLessThan(2);
  }));
});

test('lists of addresses with negations', () => {
  fc.assert(fc.property(fc.array(cidr, { minLength: 1, maxLength: 4 }), fc.array(cidr, { maxLength: 3 }), address, (wanted, unwanted, each) => {
    const inside = (texts: readonly string[]) => texts.some((text) => has([prefixOf(text)!.range], each));
    const set = addressSet(`[${[...wanted, ...unwanted.map((text) => `!${text}`)].join(',')}]`, { addresses: new Map(), ports: new Map() }, 4)!;
    expect(has(set, each)).toBe(inside(wanted) && !inside(unwanted));
  }));
});

test('compact traffic is the same as what has its key, in whatever order its boxes stand, and a remembered one is equal', () => {
  let alike = 0;
  fc.assert(fc.property(fc.array(box, { maxLength: 3 }), fc.array(box, { maxLength: 3 }), fc.boolean(), (own, others, isShuffled) => {
    const a = compact(traffic(4, own));
    const b = compact(isShuffled ? { family: 4, boxes: [...a.boxes].reverse() } : traffic(4, others));
    alike += isSame(a, b) ? 1 : 0;
    expect(isSame(a, b)).toBe(trafficKey(a) === trafficKey(b));
    expect(trafficKey(recentLike(b))).toBe(trafficKey(b));
  }), { numRuns: 500 });
  expect(alike).toBeGreaterThan(50);
});

test('what is let through by both, and what is left, is the same however often and in between what it is asked', () => {
  const made = fc.array(box, { maxLength: 3 }).map((boxes) => traffic(4, boxes));
  fc.assert(fc.property(fc.array(made, { minLength: 2, maxLength: 5 }), fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 30 }), fc.constantFrom(...IP_PROTOCOLS), fc.integer({ min: 0, max: 30 }), address, (all, pairs, protocol, port, to) => {
    const isIn = (each: Traffic) => contains(each, protocol, BigInt(port), to);
    for (const [i, j] of pairs) {
      const [a, b] = [all[i % all.length]!, all[j % all.length]!];
      expect([isIn(both(a, b)), isIn(except(a, b))]).toEqual([isIn(a) && isIn(b), isIn(a) && !isIn(b)]);
    }
  }));
});

test.each<[string, (dice: Dice, index: number) => { ports: Ranges; destinations: Ranges }, boolean]>([
  ['ports that overlap, each to a network of its own', (dice, index) => ({ ports: ports(index * 2, index * 2 + 4_000), destinations: block(1 + dice.below(200), index % 256) }), true],
  ['ports that overlap, to a few networks', (dice, index) => ({ ports: ports(index * 2, index * 2 + 400), destinations: block(10, dice.below(3)) }), false],
  ['ports of their own, to networks that overlap', (dice, index) => ({ ports: ports(index * 3), destinations: [prefixOf(`${dice.below(4) * 64}.0.0.0/${1 + dice.below(9)}`)!.range] as Ranges }), false],
])('many rules: %s', (_, make, isByAddresses) => {
  const dice = new Dice(5);
  const boxes = Array.from({ length: 400 }, (__, index) => ({ protocol: 'tcp' as const, ...make(dice, index) }));
  const flow = traffic(4, boxes);
  const small = compact(flow);
  const asked = everythingTo(4, block(10, 0, 8));
  const rest = [except(everythingTo(4, EVERYWHERE[4]), small), except(asked, small), except(asked, flow)];
  for (let probe = 0; probe < 400; probe += 1) {
    const { ports: [[port]], destinations: [[to]] } = boxes[dice.below(boxes.length)] as unknown as { ports: [[bigint]]; destinations: [[bigint]] };
    const [at, where] = [dice.chance(50) ? port : port + 1n, dice.chance(70) ? to : to + BigInt(dice.below(1 << 24))];
    const isIn = contains(flow, 'tcp', at, where);
    expect([small, ...rest].map((each) => contains(each, 'tcp', at, where))).toEqual([isIn, !isIn, ...[!isIn, !isIn].map((is) => is && has(block(10, 0, 8), where))]);
  }
  expect(trafficKey(traffic(4, [...boxes].reverse()))).toBe(trafficKey(flow));
  // Neither shares an address with another, or a port.
  const apart = (sets: readonly Ranges[]) => sets.reduce((sum, set) => sum + size(set), 0n) === size(unionOf(sets));
  expect([apart(small.boxes.map(({ destinations }) => destinations)), apart(small.boxes.map((each) => each.ports))]).toEqual([isByAddresses, !isByAddresses]);
  expect(small.boxes.reduce((sum, each) => sum + each.ports.length + each.destinations.length, 0)).toBeLessThan(4_000);
});

function block(first: number, second: number, bits = 16): Ranges {
  return [prefixOf(`${first}.${second}.0.0/${bits}`)!.range];
}
