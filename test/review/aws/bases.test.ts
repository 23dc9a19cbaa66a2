/** Which file an input is compared with. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { exitOf, parseFailOn } from '../../../review/exit-code';
import { diffLines } from '../../fixtures/segment-verdicts';
import { TODAY } from '../../fixtures/stacks';
import { soundStack } from '../sound-stack';

const full = (): object => soundStack();
/** The same network, which lets nothing out. */
function closed(): object {
  const stack = soundStack();
  stack.resource.aws_route_table!.app!.route = [];
  return stack;
}

const file = (stack: object, name: string, stackName?: string): PlanFile => ({ ...parsePlan(JSON.stringify(stack), name), ...(stackName === undefined ? {} : { stack: stackName }) });
const compared = (inputs: readonly PlanFile[], base: readonly PlanFile[]) => review({ inputs, base, today: TODAY });
const opened = (result: ReturnType<typeof compared>) => (diffLines(result) ?? []).filter((line) => line.startsWith('opened'));

test('the same file names in two folders belong together', () => {
  const result = compared([file(full(), 'head/a.json'), file(closed(), 'head/b.json')], [file(closed(), 'main/b.json'), file(full(), 'main/a.json')]);
  expect(opened(result)).toEqual([]);
  expect(result.notices).toEqual([]);
});

test('a stack, and the plan of it, have the same name', () => {
  expect(opened(compared([file(full(), 'x.json', 'aws-prod'), file(full(), 'y.json', 'aws-lab')], [file(full(), 'plans/aws-prod.json'), file(full(), 'plans/aws-lab.json')]))).toEqual([]);
});

test('one and one belong together, whatever they are called', () => {
  expect(opened(compared([file(full(), 'after.json')], [file(closed(), 'before.json')]))).toEqual(['opened app tls api.example.com:443 IPv4']);
});

test('what nothing fits is new: the gate sees all that it opens', () => {
  const result = compared([file(closed(), 'head/a.json'), file(full(), 'head/new.json')], [file(closed(), 'main/a.json'), file(closed(), 'main/gone.json')]);
  expect(opened(result)).toEqual(['opened app tls api.example.com:443 IPv4']);
  expect(result.notices).toEqual(['head/new.json: no file of --base has its name, so it counts as new', 'main/gone.json: nothing that is reviewed has the name of this file of --base']);
  expect(exitOf(result, { failOn: parseFailOn('new-egress')! }).code).toBe(1);
});

test('two bases of one name are no answer', () => {
  const result = compared([file(full(), 'head/a.json'), file(full(), 'head/c.json')], [file(full(), 'x/a.json'), file(full(), 'y/a.json')]);
  expect(result.notices).toHaveLength(4);
});

test('one base of several inputs is no answer either: what one of them opened before, another one opens now', () => {
  const result = compared([file(closed(), 'prod/plan.json'), file(full(), 'lab/plan.json')], [file(full(), 'main/plan.json')]);
  expect(result.notices).toEqual(['prod/plan.json: main/plan.json of --base has the name of several inputs, so it counts as new', 'lab/plan.json: main/plan.json of --base has the name of several inputs, so it counts as new']);
  expect(exitOf(result, { failOn: parseFailOn('new-egress')! }).code).toBe(1);
});
