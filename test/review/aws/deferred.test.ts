/** What Terraform defers is made by a later apply: until then it closes nothing, and what it will open counts already. */
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import type { Resources } from '../as-plan';
import { changePlan } from '../change-plan';
import { line, ref, WORLD } from '../sound-stack';

type Json = any;

const vpc_id = ref('aws_vpc', 'main');
const ACL: Resources = { aws_network_acl: { app: { vpc_id, subnet_ids: [ref('aws_subnet', 'app')], ingress: [], egress: [] } } };
const RULE: Resources = { aws_vpc_security_group_egress_rule: { out: { security_group_id: ref('aws_security_group', 'app'), ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: WORLD } } };

const network = (egress: readonly object[], more: Resources = {}): Resources => ({
  aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
  aws_internet_gateway: { main: { vpc_id } },
  aws_subnet: { app: { vpc_id, cidr_block: '10.0.1.0/24' } },
  aws_route_table: { app: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] } },
  aws_route_table_association: { app: { subnet_id: ref('aws_subnet', 'app'), route_table_id: ref('aws_route_table', 'app') } },
  aws_security_group: { app: { vpc_id, ingress: [], egress } },
  aws_instance: { app: { subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: true } },
  ...more,
}) as Resources;
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
  const plan = changePlan(network(OPEN), network(OPEN, ACL));
  expect(judged([file(plan)])).toEqual(['none', false]);
  expect(judged([file(deferring(plan, 'aws_network_acl'))])).toEqual(['open', true]);
});

test('and so it is in several files of one network', () => {
  const plan = deferring(changePlan(network(OPEN), network(OPEN, ACL)), 'aws_network_acl');
  expect(judged([file(plan, 'network.json'), file(changePlan({}, { aws_eip: { other: { domain: 'vpc' } } }), 'other.json')], true)).toEqual(['open', true]);
});

test('what opens a way counts', () => {
  const plan = changePlan(network([]), network([], RULE));
  expect(judged([file(plan)])).toEqual(['open', true]);
  expect(judged([file(deferring(plan, 'aws_vpc_security_group_egress_rule'))])).toEqual(['open', true]);
});

test('what changes nothing of it does not matter', () => {
  expect(judged([file(deferring(changePlan(network([]), network([], ACL)), 'aws_network_acl'))])).toEqual(['none', false]);
});
