/** What a change of a random hub and its spokes opens, against single packets before and after it. */
import fc from 'fast-check';
import { buildAzureModel } from '../../../../review/model/azure/azure-model';
import { trace } from '../../../../review/paths/trace';
import { verdictOf } from '../../../../review/paths/verdict';
import { buildGraph } from '../../../../review/plan/build-graph';
import { parsePlan, type PlanFile } from '../../../../review/plan/load';
import type { ReachChange } from '../../../../review/result';
import { review } from '../../../../review/review';
import { TODAY } from '../../../fixtures/stacks';
import { changes, FORMS, resourcesOf, written, type Change, type Machine, type Side } from './changes';
import { judge, type Judged } from './told';

const file = (document: object, name: string): PlanFile => ({ ...parsePlan(JSON.stringify(document), name), name });
const verdicts = (side: Side) => (machine: Machine, family: 4 | 6) => {
  const { places } = buildAzureModel(buildGraph(file({ resource: resourcesOf(side) }, 'cdk.tf.json')));
  return verdictOf(trace(places.find(({ id }) => id === machine.address)!, family));
};

/** @param spoil what the diff is made to overlook */
function judged(change: Change, form: (typeof FORMS)[number], spoil: (each: ReachChange) => readonly ReachChange[] = (each) => [each]): readonly Judged[] {
  const { plan, base } = written(change, form);
  const { diff } = review({ inputs: [file(plan, 'plan.json')], ...(base ? { base: [file(base, 'base.json')] } : {}), today: TODAY });
  return judge(change, diff!.reach.flatMap(spoil), { before: verdicts(change.before), after: verdicts(change.after) });
}

test('what a random change of an estate lets out is told of the machine that it lets out, and nothing else is', () => {
  const seen: Record<string, number> = {};
  fc.assert(fc.property(changes, fc.constantFrom(...FORMS), (change, form) => {
    for (const { kind, detail } of judged(change, form)) {
      seen[kind] = (seen[kind] ?? 0) + 1;
      if (kind === 'missed' || kind === 'alarm' || kind === 'wrongly closed') throw new Error(`${kind}: ${detail}`);
    }
  }), { seed: 20261127, numRuns: 100 });
  expect([seen['told']! > 10, seen['silent']! > 200]).toEqual([true, true]);
  // What verdicts over-approximate: appliances that lead nowhere, relays that a firewall keeps its callers from.
  expect([(seen['hidden'] ?? 0) < 6, (seen['wide'] ?? 0) < 20]).toEqual([true, true]);
});

test.each<[string, (each: ReachChange) => readonly ReachChange[]]>([
  ['what opens', (each) => (each.change === 'became-open' ? [] : [each])],
  ['hosts', (each) => (each.change === 'opened' ? [] : [each])],
  ['doubts', (each) => (each.change === 'became-unknown' ? [] : [each])],
  ['more than one place', ({ places, ...each }) => [{ ...each, ...(places ? { places: places.slice(1) } : {}) }]],
])('a diff that does not see %s is caught', (_, spoil) => {
  expect(fc.sample(changes, { seed: 7, numRuns: 60 }).some((change) => judged(change, 'one plan', spoil).some(({ kind }) => kind === 'missed'))).toBe(true);
});
