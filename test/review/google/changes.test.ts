/** What a change of a random network opens, against single packets before and after it. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import type { ReachChange } from '../../../review/result';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { changeOf, FORMS, written } from './changes';
import { asStack, type Part } from './random-networks';
import { verdictsOf } from './reviewing';
import { ESTATES, judge, type Estate, type Judged, type Verdicts } from './told';

const file = (document: object, name: string): PlanFile => ({ ...parsePlan(JSON.stringify(document), name), name });

function said(parts: readonly Part[]): Verdicts {
  let all: ReturnType<typeof verdictsOf>['verdicts'] | undefined;
  return (machine, family) => (all ??= verdictsOf(asStack(parts)).verdicts).find((verdict) => verdict.family === family && verdict.place.id === machine);
}

/** @param spoil what the diff is made to overlook */
function judged(estate: Estate, seed: number, spoil: (each: ReachChange) => readonly ReachChange[] = (each) => [each]): readonly Judged[] {
  const change = changeOf(estate.make, seed);
  const { plan, base } = written(change, FORMS[seed % FORMS.length]!);
  const { diff } = review({ inputs: [file(plan, 'plan.json')], ...(base ? { base: [file(base, 'base.json')] } : {}), today: TODAY });
  return judge(estate, change, diff!.reach.flatMap(spoil), { before: said(change.before), after: said(change.after) });
}

test.each(Object.entries(ESTATES))('what a random change of %s lets out is told of the machine that it lets out', (_, estate) => {
  const seen: Record<string, number> = {};
  for (let seed = 0; seed < 45; seed += 1) {
    for (const { kind, detail } of judged(estate, seed)) {
      seen[kind] = (seen[kind] ?? 0) + 1;
      expect({ seed, kind, detail }).not.toMatchObject({ kind: expect.stringMatching(/missed|wrongly closed/) });
    }
  }
  expect([seen['told']! > 2, seen['silent']! > 50]).toEqual([true, true]);
  // What verdicts over-approximate, and packets that are not sent here.
  expect((seen['hidden'] ?? 0) + (seen['wide'] ?? 0)).toBeLessThan(20);
  expect(seen['alarm'] ?? 0).toBeLessThan(4);
});

test.each<[string, string, (each: ReachChange) => readonly ReachChange[]]>([
  ['what opens', 'ordered rules', (each) => (each.change === 'became-open' ? [] : [each])],
  ['doubts', 'joined networks', (each) => (each.change === 'became-unknown' ? [] : [each])],
  ['more than one place', 'ordered rules', ({ places, ...each }) => [{ ...each, ...(places ? { places: places.slice(1) } : {}) }]],
])('a diff that does not see %s is caught', (_, name, spoil) => {
  expect(Array.from({ length: 60 }, (__, seed) => seed).some((seed) => judged(ESTATES[name]!, seed, spoil).some(({ kind }) => kind === 'missed'))).toBe(true);
});
