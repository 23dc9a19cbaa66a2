/** What a plan does not have and its synthesized stack does: lifecycles. And what of providers is read at all. */
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { soundStack } from '../sound-stack';

const FIREWALL = 'aws_networkfirewall_firewall.main';
const stackText = (lifecycle: object) => {
  const stack = soundStack();
  stack.resource.aws_networkfirewall_firewall!.main!.lifecycle = lifecycle;
  return JSON.stringify(stack);
};

/** A plan that makes the firewall and nothing else. */
const planText = (addresses: readonly string[] = [FIREWALL]) => JSON.stringify({
  format_version: '1.2',
  resource_changes: addresses.map((address) => ({
    address, mode: 'managed', type: 'aws_networkfirewall_firewall', name: 'main', provider_name: 'registry.terraform.io/hashicorp/aws',
    change: { actions: ['create'], before: null, after: { name: 'main', delete_protection: true, subnet_change_protection: true, firewall_policy_change_protection: true }, after_unknown: { id: true } },
  })),
  configuration: { provider_config: { aws: { name: 'aws', expressions: { region: { constant_value: 'us-east-1' }, access_key: { constant_value: 'AKIA' }, profile: { constant_value: null } } } }, root_module: {} },
});

const protection = (text: string, synthesized?: string) => {
  const input = parsePlan(text, 'plan.json');
  const pair = synthesized === undefined ? {} : { synthesized: new Map([[input, parsePlan(synthesized, 'cdk.tf.json')]]) };
  return review({ inputs: [input], today: TODAY, ...pair }).findings.filter(({ rule }) => rule === 'protection-off').map(({ message }) => message);
};

test('a plan alone tells no lifecycle, and nobody is accused of it', () => {
  expect(buildGraph(parsePlan(planText(), 'plan.json')).byAddress(FIREWALL)?.lifecycle).toBeUndefined();
  expect(protection(planText())).toEqual([]);
});

test('a plan beside its synthesized stack has the lifecycle of that', () => {
  expect(protection(planText(), stackText({ prevent_destroy: true }))).toEqual([]);
  expect(protection(planText(), stackText({}))).toEqual([`${FIREWALL} has prevent_destroy off`]);
});

test('every instance has the lifecycle of the one block', () => {
  const graph = buildGraph(parsePlan(planText([`${FIREWALL}["a.b"]`]), 'plan.json'), { synthesized: parsePlan(stackText({ prevent_destroy: true }), 'cdk.tf.json') });
  expect(graph.resources.map(({ lifecycle }) => lifecycle)).toEqual([{ preventDestroy: true, createBeforeDestroy: false }]);
});

test('a lifecycle may be a list of blocks', () => {
  const of = (lifecycle: any) => buildGraph(parsePlan(stackText(lifecycle), 'cdk.tf.json')).byAddress(FIREWALL)?.lifecycle;
  expect(of([{ prevent_destroy: true }, { create_before_destroy: true }])).toEqual({ preventDestroy: true, createBeforeDestroy: true });
  expect(of('broken')).toEqual({ preventDestroy: false, createBeforeDestroy: false });
});

test('of providers only the names of their settings are kept', () => {
  const file = parsePlan(planText(), 'plan.json');
  expect([...buildGraph(file).providerSettings!]).toEqual([['aws', ['access_key', 'region']]]);
  expect(JSON.stringify(file)).not.toContain('AKIA');
  const stack = { provider: { aws: [{ region: 'x' }, { alias: 'west', secret_key: 'S3CRET' }] }, resource: { aws_vpc: { main: {} } } };
  expect([...buildGraph(parsePlan(JSON.stringify(stack), 'cdk.tf.json')).providerSettings!]).toEqual([['aws', ['region']], ['aws.west', ['alias', 'secret_key']]]);
  expect(buildGraph(parsePlan('{"format_version":"1.0","values":{}}', 'state.json')).providerSettings).toBeUndefined();
});
