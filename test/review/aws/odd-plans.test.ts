/** Other people's plans: whatever is missing, wrong or unknown in one, a review of it ends with an answer. */
import fc from 'fast-check';
import { fixture, synthesized } from '../../fixtures/stacks';
import { review } from './reviewed';
import { soundStack } from '../sound-stack';

const ODD = [null, '', 0, -1, true, [], {}, [null], [[]], [{}], 'x', '${aws_vpc.none.id}', '${', '999.0.0.0/99', '::/0', '10.0.0.0/8-', 'any', { route: 1 }, Number.MAX_VALUE, '__proto__'];

/** Every place in a tree, as the object and the key. */
function places(node: any, found: [any, string][] = []): [any, string][] {
  if (typeof node !== 'object' || node === null) return found;
  for (const key of Object.keys(node)) {
    found.push([node, key]);
    places(node[key], found);
  }
  return found;
}

function spoil(stack: any, edits: readonly { at: number; odd: number }[]): void {
  for (const { at, odd } of edits) {
    const all = places(stack.resource);
    const [node, key] = all[at % all.length]!;
    if (odd === 0) delete node[key];
    else node[key] = structuredClone(ODD[odd % ODD.length]);
  }
}

const edits = fc.array(fc.record({ at: fc.nat(), odd: fc.nat({ max: ODD.length }) }), { minLength: 1, maxLength: 12 });

test('a small network with anything missing or replaced', () => {
  fc.assert(fc.property(edits, (list) => {
    const stack = soundStack();
    spoil(stack, list);
    review(stack);
  }), { numRuns: 400 });
});

test('our own stack with anything missing or replaced', async () => {
  const full = await synthesized(fixture('full'));
  fc.assert(fc.property(edits, (list) => {
    const stack = full.stack('aws-prod');
    spoil(stack, list);
    review(stack);
  }), { numRuns: 60 });
}, 120_000);

test('resources with no attribute at all', () => {
  const types = ['aws_vpc', 'aws_default_vpc', 'aws_subnet', 'aws_default_subnet', 'aws_route_table', 'aws_default_route_table', 'aws_route', 'aws_route_table_association', 'aws_main_route_table_association', 'aws_security_group', 'aws_default_security_group', 'aws_security_group_rule', 'aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule', 'aws_network_acl', 'aws_default_network_acl', 'aws_network_acl_rule', 'aws_network_acl_association', 'aws_nat_gateway', 'aws_internet_gateway', 'aws_egress_only_internet_gateway', 'aws_vpc_endpoint', 'aws_vpc_endpoint_route_table_association', 'aws_vpc_peering_connection', 'aws_ec2_transit_gateway', 'aws_ec2_transit_gateway_vpc_attachment', 'aws_ec2_transit_gateway_route_table', 'aws_ec2_transit_gateway_route', 'aws_ec2_managed_prefix_list', 'aws_ec2_managed_prefix_list_entry', 'aws_networkfirewall_firewall', 'aws_networkfirewall_firewall_policy', 'aws_networkfirewall_rule_group', 'aws_networkfirewall_logging_configuration', 'aws_route53_resolver_firewall_rule', 'aws_route53_resolver_firewall_rule_group_association', 'aws_instance', 'aws_network_interface', 'aws_launch_template', 'aws_autoscaling_group', 'aws_eks_cluster', 'aws_eks_node_group', 'aws_ecs_service', 'aws_lambda_function', 'aws_db_instance', 'aws_rds_cluster', 'aws_lb', 'aws_elb', 'aws_eip', 'aws_flow_log'];
  const { verdicts } = review({ resource: Object.fromEntries(types.map((type) => [type, { any: {} }])) });
  expect(verdicts.length).toBeGreaterThan(0);
});

test('a plan of nothing', () => {
  expect(review({ format_version: '1.2', terraform_version: '1.11.4', resource_changes: [], configuration: { root_module: {} } })).toMatchObject({ verdicts: [], findings: [] });
});

test('a plan where everything is known after apply is never a pass', () => {
  const change = (type: string) => ({ address: `${type}.a`, mode: 'managed', type, name: 'a', provider_name: 'registry.terraform.io/hashicorp/aws', change: { actions: ['create'], before: null, after: {}, after_unknown: { id: true, subnet_id: true, vpc_security_group_ids: true, route: true, vpc_id: true, route_table_id: true }, before_sensitive: false, after_sensitive: {} } });
  const { verdicts } = review({ format_version: '1.2', terraform_version: '1.11.4', resource_changes: ['aws_vpc', 'aws_subnet', 'aws_instance'].map(change) });
  expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['unknown']));
});
