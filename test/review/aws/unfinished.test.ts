/** Terraform stopped with an error: what it did not come to may open anything, and nothing of the plan is applied. */
import { parsePlan } from '../../../review/plan/load';
import { exitOf } from '../../../review/exit-code';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { changePlan } from '../change-plan';
import { line, soundStack, WORLD } from '../sound-stack';
import { oneMachine } from './one-machine';

type Json = any;

const sound = soundStack().resource;
const judged = (plan: Json) => review({ inputs: [parsePlan(JSON.stringify(plan), 'plan.json')], today: TODAY });
const kinds = (plan: Json) => [...new Set(judged(plan).verdicts.map(({ verdict }) => verdict))].sort();
const errored = (plan: Json): Json => ({ ...plan, errored: true, applyable: false, complete: false });

test('nothing is closed, and the review fails', () => {
  const plan = changePlan(sound, sound);
  expect(kinds(plan)).not.toContain('unknown');
  expect(kinds(errored(plan))).toEqual(['unknown']);
  expect(exitOf(judged(errored(plan)), { failOn: { newEgress: false } })).toMatchObject({ code: 1, reasons: [expect.stringMatching(/unknown/)] });
  expect(exitOf(judged(plan), { failOn: { newEgress: false } }).code).toBe(0);
});

const open = oneMachine([line({ cidr_blocks: [WORLD] })]);

test('says why, and what is open stays so', () => {
  for (const { reasons } of judged(errored(changePlan(sound, sound))).verdicts) expect(reasons).toContainEqual(expect.stringMatching(/terraform stopped with an error/));
  expect(kinds(errored(changePlan(open, open)))).toEqual(['open']);
});

test('a way out that it takes away has not gone', () => {
  const changes = (plan: Json) => judged(plan).diff?.reach.map(({ change }) => change);
  expect(changes(changePlan(open, oneMachine([])))).toEqual(['closed']);
  expect(changes(errored(changePlan(open, oneMachine([]))))).toEqual(['became-unknown', 'perhaps-closed']);
});

test('one that holds nothing to judge passes no review', () => {
  const nothing = (more: object): Json => ({ format_version: '1.2', terraform_version: '1.11.4', configuration: { provider_config: { google: { name: 'google' } }, root_module: {} }, ...more });
  expect(exitOf(judged(nothing({})))).toMatchObject({ code: 0 });
  const result = judged(nothing({ errored: true, applyable: false, complete: false }));
  expect(result.verdicts.map(({ place, verdict, cloud }) => [place, verdict, cloud])).toEqual([['what Terraform did not come to', 'unknown', 'google']]);
  expect(exitOf(result)).toMatchObject({ code: 1, reasons: [expect.stringMatching(/unknown/)] });
  expect(exitOf(judged(errored(changePlan({}, { aws_eip: { other: { domain: 'vpc' } } }))))).toMatchObject({ code: 1 });
});
