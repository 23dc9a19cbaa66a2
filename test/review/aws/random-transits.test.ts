/** Verdicts on random transit gateways with firewalls, VPN and Connect, against what becomes of single packets. */
import fc from 'fast-check';
import type { Verdict } from '../../../review/paths/verdict';
import { asPlan } from '../as-plan';
import type { Stack } from '../sound-stack';
import { judge, verdictIn, type Word } from './judged-packets';
import type { Fate } from './single-packets';
import { estates, written } from './transit-estates';
import { ADDRESSES, fateOf } from './transit-packets';

const READ_AS = ['cdk.tf.json', 'first plan', 'known plan'] as const;

function verdictAs({ resource }: Stack, readAs: (typeof READ_AS)[number]): Verdict {
  return verdictIn(JSON.stringify(readAs === 'cdk.tf.json' ? { resource } : asPlan(resource, readAs === 'known plan')));
}

function compare(spoil: (resource: Stack['resource']) => void = () => undefined, numRuns = 200) {
  const seen = { right: 0, missed: 0, alarm: 0, doubt: 0 };
  const fates: Record<Fate, number> = { open: 0, perhaps: 0, named: 0, none: 0 };
  fc.assert(fc.property(estates, fc.constantFrom(...READ_AS), (estate, readAs) => {
    const stack = written(estate);
    spoil(stack.resource);
    const verdict = verdictAs(stack, readAs);
    const words = new Set(ADDRESSES.map((to): Word => {
      const fate = fateOf(estate, to);
      fates[fate] += 1;
      return judge(verdict, to, fate);
    }));
    seen[(['missed', 'alarm', 'doubt'] as const).find((word) => words.has(word)) ?? 'right'] += 1;
  }), { seed: 1, numRuns });
  return { ...seen, fates };
}

test('every packet that gets out by a random transit gateway with firewalls is told, and no other', () => {
  const { missed, alarm, doubt, fates } = compare();
  expect([missed, alarm, doubt]).toEqual([0, 0, 0]);
  for (const fate of ['open', 'perhaps', 'named', 'none'] as const) expect([fate, fates[fate] > 40]).toEqual([fate, true]);
});

test.each<[string, (resource: Stack['resource']) => void]>([
  ['references to prefix lists', (resource) => void (resource.aws_ec2_transit_gateway_prefix_list_reference = {})],
  ['what is announced', (resource) => void (resource.aws_vpn_connection!.office!.static_routes_only = true, resource.aws_ec2_transit_gateway_route_table_propagation = {})],
  ['what the attached firewall passes', (resource) => void (resource.aws_networkfirewall_rule_group!.attached!.rule_group.rules_source.rules_string = 'drop ip any any -> any any (sid:1;)')],
  ['the second network', (resource) => Object.values(resource.aws_route_table!).forEach((table) => void (table.route = table.route.filter(({ nat_gateway_id = '' }: { nat_gateway_id?: string }) => !nat_gateway_id.includes('egress'))))],
  ['what the endpoint in the first network hands on', (resource) => void (resource.aws_route_table!.endpoint!.route = [])],
])('a review that does not see %s is caught', (_, spoil) => {
  expect(compare(spoil, 120).missed).toBeGreaterThan(0);
});
