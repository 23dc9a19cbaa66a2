/**
 * Real plans with something broken or missing: a review never throws, its reports can be written,
 * and what is not known closes no way. `FUZZ=2000` breaks more; the seed is fixed, so a failure repeats.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlan, PlanInputError } from '../../review/plan/load';
import { jsonReport } from '../../review/report/json';
import { markdownReport } from '../../review/report/markdown';
import { sarifReport } from '../../review/report/sarif';
import { textReport } from '../../review/report/text';
import type { PlaceVerdict, ReviewResult } from '../../review/result';
import { review } from '../../review/review';
import { TODAY } from '../fixtures/stacks';
import { Dice } from './dice';
import { knowledgeOf, mutilate, partsOf, tangle, type Document, type Knowledge } from './mutilated-plans';

const RUNS = Number(process.env['FUZZ'] ?? 15);
const PLANS = ['aws-single-vpc', 'azure-platforms', 'google-policies'];
const SEED = 20261126;

const read = (name: string): Document => JSON.parse(readFileSync(join(__dirname, '../fixtures/plans', `${name}.plan.json`), 'utf8'));
const reviewed = (plan: Document): ReviewResult => review({ inputs: [parsePlan(JSON.stringify(plan), 'plan.json')], today: TODAY });

describe.each(PLANS)('%s', (name) => {
  const whole = JSON.stringify(read(name));

  test('broken anywhere, it is refused in words or reviewed to the end', () => {
    const dice = new Dice(SEED);
    for (let run = 0; run < RUNS; run += 1) {
      const plan = JSON.parse(whole) as Document;
      const done = Array.from({ length: 1 + dice.below(3) }, () => (dice.below(10) === 0 ? tangle(plan, dice) : mutilate(plan, dice)));
      try {
        const result = reviewed(plan);
        for (const report of [jsonReport(result), textReport(result, { color: false, width: 100 }), markdownReport(result, { target: 'comment' }), JSON.stringify(sarifReport(result))]) expect(report).not.toContain('\u001b[31m');
      } catch (error) {
        if (!(error instanceof PlanInputError)) throw new Error(done.join('; '), { cause: error });
      }
    }
    expect(({} as any).polluted).toBeUndefined();
  });

  test('whatever is forgotten, no way closes', () => {
    const plan = JSON.parse(whole) as Document;
    const [configuration, ...values] = knowledgeOf(plan);
    closesNothing(plan, [configuration!, ...someOf(values, RUNS)].filter((each) => !MEANS_NOTHING.test(each.what)));
  });
});

test('nor does it where a part of a block is forgotten', () => {
  const plan = read('aws-single-vpc');
  closesNothing(plan, someOf(partsOf(plan, 'aws_'), RUNS * 4));
});

function someOf(all: readonly Knowledge[], most: number): readonly Knowledge[] {
  const dice = new Dice(SEED);
  return most >= all.length ? all : Array.from({ length: most }, () => dice.of(all));
}

function closesNothing(plan: Document, knowledge: readonly Knowledge[]): void {
  const before = reviewed(plan).verdicts.filter(({ verdict }) => verdict !== 'none');
  expect(before.length).toBeGreaterThan(0);
  for (const { what, forget } of knowledge) {
    const restore = forget();
    const after = reviewed(plan).verdicts;
    restore();
    // A place whose number or subnet is no longer known may go by another name; its resource is the same.
    const closed = before.filter((way) => !after.some((now) => now.family === way.family && resourceOf(now) === resourceOf(way) && isAsOpen(now, way)));
    expect({ what, closed: closed.map(({ place, family, verdict }) => `${place} IPv${family} was ${verdict}`) }).toEqual({ what, closed: [] });
  }
}

/** An unknown inline list of a group is how a plan says that nobody wrote one: such a group starts empty, and `group-rules-unmanaged` reports it. */
const MEANS_NOTHING = /^aws_security_group\.\w+\.(egress|ingress)$/;

/** Less knowledge makes less certain: what was open may be unknown, and nothing gets better than that. */
function isAsOpen(now: PlaceVerdict, before: PlaceVerdict): boolean {
  return now.verdict === 'open' || now.verdict === 'unknown' || (now.verdict === 'allowlisted' && before.verdict === 'allowlisted');
}

function resourceOf({ place }: PlaceVerdict): string {
  return place.replace(/ .*$/, '').replace(/\.subnet\[.*$/, '');
}
