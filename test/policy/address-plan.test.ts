import { INFRASTRUCTURE, planAddresses, subnet } from '../../blueprints/policy/address-plan';
import { parseBlock, type Block } from '../../blueprints/policy/cidr';
import { CLOUDS, type Cloud, type CloudEnvironment, type Policy } from '../../blueprints/policy/model';
import { policyOf } from './policies';

const ZONES = ['a', 'b', 'c', 'd'];

function policyWith(count: number, zones = 4, cidr = '10.32.0.0/16'): Policy {
  const segments = Array.from({ length: count }, (_, index) => `  - { name: s${index}, tier: private }\n`).join('');
  return policyOf(`organization: acme\nsegments:\n${segments}environments:\n  - name: prod\n    aws: { region: us-east-1, zones: ${zones}, cidr: ${cidr} }\n`);
}

function environment<C extends Cloud>(cloud: C, cidr: string): CloudEnvironment & { cloud: C } {
  return { cloud, region: 'x', cidr };
}

function block(text: string): Block {
  const parsed = parseBlock(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
  return parsed.block;
}

function inOrder(blocks: readonly string[]): Block[] {
  return blocks.map(block).sort((a, b) => a.first - b.first);
}

function overlapping(blocks: readonly string[]): string[] {
  const sorted = inOrder(blocks);
  return sorted.flatMap((each, index) => (index && each.first <= sorted[index - 1]!.last ? [`${sorted[index - 1]!.text} ${each.text}`] : []));
}

describe.each(CLOUDS)('the address plan of a full network on %s', (cloud) => {
  describe.each(['10.32.0.0/16', '10.32.16.0/20', '172.16.0.0/12'])('%s', (cidr) => {
    const policy = policyWith(60);
    const plan = planAddresses(policy, environment(cloud, cidr));
    const roles = INFRASTRUCTURE[cloud];
    const whole = [...policy.segments.map(({ name }) => plan.segment(name)), ...roles.map((role) => plan.infrastructure(role))];
    const zones = ZONES.map((name, slot) => ({ name, slot }));

    it('cuts all of it into blocks that share nothing', () => {
      expect(whole).toHaveLength(64);
      expect(overlapping(whole)).toEqual([]);
      const [first, last] = [inOrder(whole)[0]!, inOrder(whole).at(-1)!];
      expect([first.first, last.last]).toEqual([block(cidr).first, block(cidr).last]);
    });

    it('cuts each block into zones that share nothing and stay inside', () => {
      const parts = [
        ...policy.segments.map(({ name }) => zones.map((zone) => plan.segmentIn(name, zone))),
        ...roles.map((role) => zones.map((zone) => plan.infrastructureIn(role, zone))),
      ];
      expect(overlapping(parts.flat())).toEqual([]);
      parts.forEach((each, index) => {
        const sorted = inOrder(each);
        expect([sorted[0]!.first, sorted[3]!.last]).toEqual([block(whole[index]!).first, block(whole[index]!).last]);
      });
    });

    it('is large enough for Azure Firewall (/26) and for AWS subnets (/28)', () => {
      expect(Math.max(...whole.map((each) => block(each).prefix))).toBeLessThanOrEqual(26);
      expect(block(plan.segmentIn('s0', zones[3]!)).prefix).toBeLessThanOrEqual(28);
    });

    it.each([[[]], [[0]], [[1, 2]], [[0, 3]], [[0, 1, 2, 3]]])('without %j: exactly the rest, in as few blocks as can be', (left) => {
      const out = left.map((index) => roles[index]!);
      const rest = plan.without(out);
      const all = inOrder([...rest, ...out.map((role) => plan.infrastructure(role))]);
      expect(overlapping(all.map(({ text }) => text))).toEqual([]);
      expect(all.reduce((sum, { first, last }) => sum + last - first + 1, 0)).toBe(block(cidr).last - block(cidr).first + 1);
      // Two blocks that could be one would be neighbours of one size, the first on an even place.
      const sorted = inOrder(rest);
      const joinable = sorted.filter((each, index) => {
        const next = sorted[index + 1];
        const size = each.last - each.first + 1;
        return next && next.prefix === each.prefix && next.first === each.last + 1 && each.first % (2 * size) === 0;
      });
      expect(joinable).toEqual([]);
    });
  });
});

describe('the address plan', () => {
  it('moves nothing when a zone is added', () => {
    const plans = [1, 2, 3, 4].map((count) => {
      const policy = policyWith(3, count);
      const { aws } = policy.environments[0]!;
      return policy.segments.map(({ name }) => aws!.zones.map((zone) => planAddresses(policy, aws!).segmentIn(name, zone)));
    });
    plans.slice(0, 3).forEach((plan, index) => plan.forEach((zones, segment) => expect(plans[index + 1]![segment]!.slice(0, zones.length)).toEqual(zones)));
  });

  it('moves nothing when segments are added, with a lock', () => {
    const text = (count: number) => `organization: acme\nsegments:\n${Array.from({ length: count }, (_, index) => `  - { name: s${index}, tier: data }\n`).join('')}environments: [{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }]\n`;
    const slots = (policy: Policy) => new Map(policy.segments.map(({ name, slot }) => [name, slot]));
    let before = policyOf(text(1));
    for (let count = 2; count <= 60; count++) {
      const lock = { version: 1, segments: Object.fromEntries(slots(before)), zones: {} } as const;
      const after = policyOf(text(count), lock);
      for (const [name, slot] of slots(before)) expect(slots(after).get(name)).toBe(slot);
      before = after;
    }
  });

  it('says which names there are', () => {
    const plan = planAddresses(policyWith(1), environment('aws', '10.0.0.0/16'));
    expect(() => plan.segment('nobody')).toThrow("no segment 'nobody'");
    expect(() => plan.infrastructure('gateway' as 'nat')).toThrow("no infrastructure block 'gateway' on aws; there are nat, firewall, endpoints, transit");
  });

  it('counts from the start of the block', () => {
    expect([subnet('10.20.0.0/16', 6, 0), subnet('10.20.0.0/16', 6, 5), subnet('10.20.0.0/16', 6, 63)]).toEqual(['10.20.0.0/22', '10.20.20.0/22', '10.20.252.0/22']);
  });
});
