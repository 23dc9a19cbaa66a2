/** Kinds of plans that differ from `terraform plan` of something new, by the real plan of a fixture turned into each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { exitOf } from '../../../review/exit-code';
import { TODAY } from '../../fixtures/stacks';
import { findingLines } from '../../fixtures/segment-verdicts';

type Document = Record<string, any>;

const whole = readFileSync(join(__dirname, '../../fixtures/plans/aws-single-vpc.plan.json'), 'utf8');
const edited = (edit: (plan: Document) => void): string => {
  const plan = JSON.parse(whole) as Document;
  edit(plan);
  return JSON.stringify(plan);
};
const reviewed = (text: string) => review({ inputs: [parsePlan(text, 'plan.json')], today: TODAY });
const warnings = (text: string) => buildGraph(parsePlan(text, 'plan.json')).warnings;
const usual = reviewed(whole);

/** What applying the plan would leave in the state, as far as the plan knows. */
function applied(plan: Document): object {
  return { format_version: '1.0', terraform_version: '1.11.4', values: plan['planned_values'] };
}

test('a plan that destroys everything leaves nothing to judge, says so, and its diff only closes', () => {
  const text = edited((plan) => {
    plan['prior_state'] = applied(plan);
    for (const { change } of plan['resource_changes']) Object.assign(change, { actions: ['delete'], before: change.after, after: null, after_unknown: {} });
    delete plan['planned_values'];
  });
  const result = reviewed(text);
  expect(result.verdicts).toEqual([]);
  expect(result.findings).toEqual([]);
  expect(result.inputs[0]?.warnings).toContain('the plan destroys everything: nothing is left to judge');
  const changes = result.diff?.reach.map(({ change }) => change) ?? [];
  expect(changes).toContain('closed');
  expect(changes.filter((change) => change !== 'closed' && change !== 'became-known')).toEqual([]);
  expect(result.diff?.ways.every(({ change }) => change === 'removed')).toBe(true);
  expect(exitOf(result, { failOn: { newEgress: true } }).code).toBe(0);
});

test('a plan that changes nothing opens and closes nothing', () => {
  const result = reviewed(edited((plan) => {
    plan['prior_state'] = applied(plan);
    for (const { change } of plan['resource_changes']) Object.assign(change, { actions: ['no-op'], before: change.after });
  }));
  expect(result.verdicts.map(({ place, verdict }) => `${place} ${verdict}`)).toEqual(usual.verdicts.map(({ place, verdict }) => `${place} ${verdict}`));
});

test('an object that waits for its deletion is no place, and neither is what is replaced twice there', () => {
  const text = edited((plan) => {
    const machine = plan['resource_changes'].find(({ type }: Document) => type === 'aws_instance');
    plan['resource_changes'].push({ ...machine, deposed: 'aabbccdd', change: { actions: ['delete'], before: machine.change.after, after: null, after_unknown: {} } });
    Object.assign(machine, { action_reason: 'replace_by_triggers' });
    machine.change.actions = ['create', 'delete'];
  });
  expect(reviewed(text).verdicts).toEqual(usual.verdicts);
  expect(buildGraph(parsePlan(text, 'plan.json')).resources.find(({ actionReason }) => actionReason === 'replace_by_triggers')?.action).toBe('replace');
});

test('ephemeral resources and answers of queries are no part of the network', () => {
  const text = edited((plan) => {
    const machine = plan['resource_changes'].find(({ type }: Document) => type === 'aws_instance');
    for (const mode of ['ephemeral', 'list']) plan['resource_changes'].push({ ...structuredClone(machine), mode, address: `${mode}.${machine.address}`, name: mode });
  });
  expect(reviewed(text).verdicts).toEqual(usual.verdicts);
});

test('actions change what no plan shows, and that is said', () => {
  expect(warnings(edited((plan) => { plan['action_invocations'] = [{ address: 'action.aws_lambda_invoke.x', type: 'aws_lambda_invoke' }]; }))).toContain('the plan invokes an action: what they change is in no plan');
  expect(warnings(edited((plan) => { plan['deferred_action_invocations'] = [{}, {}]; }))).toContain('the plan invokes 2 actions: what they change is in no plan');
  expect(warnings(whole)).toEqual([]);
});

test('commands that run where the plan is applied change what no plan shows, and that is said', () => {
  const withCommands = (...names: readonly string[]) => edited((plan) => {
    for (const name of names) plan['configuration'].root_module.resources.push({ address: `null_resource.${name}`, mode: 'managed', type: 'null_resource', name, provisioners: [{ type: 'local-exec', expressions: { command: { constant_value: 'aws ec2 create-route' } } }] });
  });
  expect(warnings(withCommands('a'))).toContain('null_resource.a runs a command when it is made (local-exec): what that changes is in no plan');
  expect(warnings(withCommands('a', 'b', 'c'))).toContain('null_resource.a and 2 more run commands when they are made (local-exec): what these change is in no plan');
  const stack = parsePlan(JSON.stringify({ resource: { null_resource: { a: { provisioner: [{ 'local-exec': { command: 'true' } }] } } } }), 'cdk.tf.json');
  expect(buildGraph(stack).warnings).toContain('null_resource.a runs a command when it is made (local-exec): what that changes is in no plan');
});

test('OpenTofu names another registry, and nothing else differs', () => {
  const result = reviewed(whole.replaceAll('registry.terraform.io', 'registry.opentofu.org').replace('"terraform_version":"1.11.4"', '"terraform_version":"1.10.6"'));
  expect(result.verdicts).toEqual(usual.verdicts);
  expect(findingLines(result)).toEqual(findingLines(usual));
});

test.each(['1.0', '1.1', '1.2'])('format version %s', (version) => {
  expect(reviewed(edited((plan) => { plan['format_version'] = version; })).verdicts).toEqual(usual.verdicts);
});

test('a newer minor version is read, with a warning; another major one is refused', () => {
  expect(reviewed(edited((plan) => { plan['format_version'] = '1.9'; })).inputs[0]?.warnings.join()).toMatch(/1\.9/);
  expect(() => parsePlan(edited((plan) => { plan['format_version'] = '2.0'; }), 'plan.json')).toThrow(/2\.0/);
});

test('a raw state file is refused with the way out', () => {
  expect(() => parsePlan('{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"x","outputs":{},"resources":[]}', 'terraform.tfstate')).toThrow(/raw state file; run `terraform show -json/);
});
