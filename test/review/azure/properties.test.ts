/** Routes and groups against references that are too simple to be wrong. */
import fc from 'fast-check';
import { INTERNET } from '../../../review/model/addresses';
import { longestPrefix, type Prefixed } from '../../../review/model/azure/longest-prefix';
import { evaluate, allowedTraffic } from '../../../review/model/azure/security-evaluation';
import { securityGroups } from '../../../review/model/azure/security-group';
import { NO_SPACE } from '../../../review/model/azure/address-match';
import { intersect, isEmpty } from '../../../review/model/ranges';
import { towards } from '../../../review/model/traffic';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';

const ALL: readonly [bigint, bigint][] = [[0n, 2n ** 32n - 1n]];

function cidr(first: number, length: number): string {
  const base = length === 0 ? 0 : Math.floor(first / 2 ** (32 - length)) * 2 ** (32 - length);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${length}`;
}

const anyCidr = fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(32)).map(([first, length]) => ({ text: cidr(first, length), length, first: BigInt(Math.floor(first / 2 ** (32 - length)) * 2 ** (32 - length)), size: 2n ** BigInt(32 - length) }));
const holds = ({ first, size }: { first: bigint; size: bigint }, address: bigint) => first <= address && address < first + size;

test('the longest prefix takes an address; of equals the user\'s, then the gateway\'s', () => {
  const origins = ['user', 'gateway', 'system'] as const;
  fc.assert(fc.property(fc.array(fc.tuple(anyCidr, fc.constantFrom(...origins)), { maxLength: 12 }), fc.nat(2 ** 32 - 1), (routes, seed) => {
    const given = routes.map(([block, origin], id) => ({ prefix: block.text, origin, id, block }));
    const shares = longestPrefix<Prefixed & { id: number }>(given, 4, ALL);
    const probes = [BigInt(seed), ...given.flatMap(({ block }) => [block.first, block.first + block.size - 1n])];
    for (const address of probes) {
      const [best] = given.filter(({ block }) => holds(block, address)).sort((a, b) => b.block.length - a.block.length || origins.indexOf(a.origin) - origins.indexOf(b.origin) || a.id - b.id);
      const taken = shares.filter(({ addresses }) => !isEmpty(intersect(addresses, [[address, address]])));
      expect(taken.map(({ route }) => route.id)).toEqual(best ? [best.id] : []);
    }
  }), { numRuns: 300 });
});

test('the first rule by priority that matches decides', () => {
  const anyRule = fc.record({ priority: fc.integer({ min: 100, max: 130 }), allow: fc.boolean(), block: anyCidr, protocol: fc.constantFrom('Tcp', 'Udp', '*'), from: fc.integer({ min: 1, max: 1000 }), width: fc.nat(500) });
  fc.assert(fc.property(fc.uniqueArray(anyRule, { maxLength: 8, selector: ({ priority }) => priority }), fc.nat(2 ** 32 - 1), fc.integer({ min: 1, max: 1600 }), (rules, seed, port) => {
    const security_rule = rules.map(({ priority, allow, block, protocol, from, width }) => ({
      name: `r${priority}`, priority, direction: 'Outbound', access: allow ? 'Allow' : 'Deny', protocol, source_port_range: '*', source_address_prefix: '*',
      destination_address_prefix: block.text, destination_port_range: `${from}-${from + width}`,
    }));
    const graph = buildGraph(parsePlan(JSON.stringify({ resource: { azurerm_network_security_group: { g: { name: 'g', security_rule } } } }), 'x'));
    const [group] = [...securityGroups(graph).groups.values()];
    const allowed = allowedTraffic(evaluate(group!, 'Outbound', { addresses: undefined, memberships: undefined, space: NO_SPACE }, 4), 4);
    for (const address of [BigInt(seed), ...rules.flatMap(({ block }) => [block.first, block.first + block.size])]) {
      if (address >= 2n ** 32n) continue;
      for (const protocol of ['tcp', 'udp'] as const) {
        const [decider] = rules.filter((rule) => holds(rule.block, address) && (rule.protocol === '*' || rule.protocol.toLowerCase() === protocol) && rule.from <= port && port <= rule.from + rule.width).sort((a, b) => a.priority - b.priority);
        const expected = decider ? decider.allow : !isEmpty(intersect(INTERNET[4], [[address, address]]));
        const passes = towards(allowed, [[address, address]]).boxes.some((box) => box.protocol === protocol && !isEmpty(intersect(box.ports, [[BigInt(port), BigInt(port)]])));
        expect(passes).toBe(expected);
      }
    }
  }), { numRuns: 200 });
});
