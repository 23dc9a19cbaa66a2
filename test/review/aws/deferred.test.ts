/** What Terraform defers is made by a later apply: until then it closes nothing, and what it will open counts already. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import type { Resources } from '../as-plan';
import { changePlan } from '../change-plan';
import { line, ref, WORLD } from '../sound-stack';
import { oneMachine } from './one-machine';

type Json = any;

const vpc_id = ref('aws_vpc', 'main');
const ACL: Resources = { aws_network_acl: { app: { vpc_id, subnet_ids: [ref('aws_subnet', 'app')], ingress: [], egress: [] } } };
const RULE: Resources = { aws_vpc_security_group_egress_rule: { out: { security_group_id: ref('aws_security_group', 'app'), ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: WORLD } } };

const OPEN = [line({ cidr_blocks: [WORLD] })];

/** With what it creates of a type put off. */
function deferring(plan: Json, type: string): Json {
  const isLater = (each: Json) => each.type === type && each.change.actions[0] === 'create';
  const { resource_changes: changes } = plan;
  return { ...plan, complete: false, resource_changes: changes.filter((each: Json) => !isLater(each)), deferred_changes: changes.filter(isLater).map((resource_change: Json) => ({ reason: 'deferred_prereq', resource_change })) };
}
const file = (plan: Json, name = 'plan.json'): PlanFile => parsePlan(JSON.stringify(plan), name);
const judged = (inputs: readonly PlanFile[], together = false) => {
  const { verdicts, findings } = review({ inputs, today: TODAY, together });
  return [verdicts.find(({ place, family }) => place.endsWith('aws_instance.app') && family === 4)?.verdict, findings.some(({ rule }) => rule === 'open-egress')];
};

test('what closes the way closes it later', () => {
  const plan = changePlan(oneMachine(OPEN), oneMachine(OPEN, ACL));
  expect(judged([file(plan)])).toEqual(['none', false]);
  expect(judged([file(deferring(plan, 'aws_network_acl'))])).toEqual(['open', true]);
});

test('and so it is in several files of one network', () => {
  const plan = deferring(changePlan(oneMachine(OPEN), oneMachine(OPEN, ACL)), 'aws_network_acl');
  expect(judged([file(plan, 'network.json'), file(changePlan({}, { aws_eip: { other: { domain: 'vpc' } } }), 'other.json')], true)).toEqual(['open', true]);
});

test('what opens a way counts', () => {
  const plan = changePlan(oneMachine([]), oneMachine([], RULE));
  expect(judged([file(plan)])).toEqual(['open', true]);
  expect(judged([file(deferring(plan, 'aws_vpc_security_group_egress_rule'))])).toEqual(['open', true]);
});

test('what changes nothing of it does not matter', () => {
  expect(judged([file(deferring(changePlan(oneMachine([]), oneMachine([], ACL)), 'aws_network_acl'))])).toEqual(['none', false]);
});
