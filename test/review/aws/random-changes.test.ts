/** What a change of a random network opens, against single packets before and after it. */
import fc from 'fast-check';
import { parsePlan } from '../../../review/plan/load';
import { newEgress } from '../../../review/report/new-egress';
import type { EgressDiff } from '../../../review/result';
import { review } from '../../../review/review';
import { changePlan } from '../change-plan';
import { endpointIn, ref } from '../sound-stack';
import { fateOf, PACKETS, type Fate, type SmallNetwork } from './packets';
import { networks, part, written, type Resources } from './small-networks';

const ENDPOINT = 'vpce-0123456789abcdef0';

/** As it exists, with the firewall's endpoint. */
function existing(network: SmallNetwork): Resources {
  const text = JSON.stringify(written(network).resource).replaceAll(JSON.stringify(endpointIn('us-east-1a')).slice(1, -1), ENDPOINT);
  const resource = JSON.parse(text) as Resources;
  resource.aws_networkfirewall_firewall!.main!.firewall_status = [{ sync_states: [{ availability_zone: 'us-east-1a', attachment: [{ endpoint_id: ENDPOINT, subnet_id: ref('aws_subnet', 'firewall') }] }] }];
  return resource;
}

/** One network, and another that differs from it in some things or in all. */
const changes = fc.tuple(networks, networks, fc.subarray(Object.keys(part) as (keyof SmallNetwork)[], { minLength: 1 }), fc.boolean())
  .map(([before, other, some, isAll]) => ({ before, after: isAll ? other : { ...before, ...Object.fromEntries(some.map((name) => [name, other[name]])) } as SmallNetwork }));

const RANKS: Readonly<Record<Fate, number>> = { none: 0, named: 1, open: 2 };

interface Seen {
  told: number;
  missed: number;
  alarm: number;
  silent: number;
}

/** @param spoil what the diff is made to overlook */
function compare(spoil: (diff: EgressDiff) => EgressDiff = (diff) => diff, numRuns = 250): Seen {
  const seen: Seen = { told: 0, missed: 0, alarm: 0, silent: 0 };
  fc.assert(fc.property(changes, ({ before, after }) => {
    const plan = changePlan(existing(before), existing(after));
    const { diff } = review({ inputs: [{ ...parsePlan(JSON.stringify(plan), 'plan.json'), name: 'plan' }], today: '2026-11-27' });
    const isNew = newEgress(spoil(diff as EgressDiff)).length > 0;
    const gains = PACKETS.map((packet) => ({ from: fateOf(before, packet), to: fateOf(after, packet) })).filter(({ from, to }) => RANKS[to] > RANKS[from]);
    const isClear = gains.some(({ to }) => to === 'open') || (gains.length > 0 && PACKETS.every((packet) => fateOf(before, packet) === 'none'));
    if (isClear) seen[isNew ? 'told' : 'missed'] += 1;
    else if (gains.length === 0) seen[isNew ? 'alarm' : 'silent'] += 1;
  }), { seed: 11, numRuns });
  return seen;
}

test('a change that lets a packet out is new egress', () => {
  const { told, missed, alarm, silent } = compare();
  expect(missed).toBe(0);
  expect([told > 50, silent > 80]).toEqual([true, true]);
  expect(alarm).toBeLessThan(5);
});

test.each<[string, (diff: EgressDiff) => EgressDiff]>([
  ['what opens', (diff) => ({ ...diff, reach: diff.reach.filter(({ change }) => change !== 'became-open') })],
  ['hosts', (diff) => ({ ...diff, reach: diff.reach.filter(({ change }) => change !== 'opened') })],
])('a diff that does not see %s is caught', (_, spoil) => {
  expect(compare(spoil, 120).missed).toBeGreaterThan(0);
});
