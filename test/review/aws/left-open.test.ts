/** What a plan leaves open closes nothing: one place each where that was held by no test. */
import { entry, line, ref, WORLD, type Stack } from '../sound-stack';
import { changed } from './reviewed';

type Resources = Stack['resource'];

const kind = (edit: (resource: Resources, stack: Stack) => void, place = 'aws_instance.app') => changed(edit).at(place).kind;
const policy = (resource: Resources) => resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy;
const group = (rules_string: string) => ({ type: 'STATEFUL', capacity: 100, rule_group: { rules_source: { rules_string }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } });
const either = (type: string, ...names: readonly [string, string]) => `\${var.first ? ${type}.${names[0]}.id : ${type}.${names[1]}.id}`;

test('of two rule groups that may be meant, neither drops for certain', () => {
  const referred = (arn: string) => kind((resource) => {
    Object.assign(resource.aws_networkfirewall_rule_group!, { shut: group('drop ip any any -> any any (sid:100;)'), ajar: group('alert ip any any -> any any (sid:101;)') });
    policy(resource).stateful_rule_group_reference = [{ priority: 1, resource_arn: arn }];
    policy(resource).stateful_default_actions = [];
  });
  expect(referred(ref('aws_networkfirewall_rule_group', 'shut', 'arn'))).toBe('none');
  expect(referred(either('aws_networkfirewall_rule_group', 'shut', 'ajar'))).toBe('open');
});

test('where nobody knows which group comes first, one that shuts a protocol leaves the names of another', () => {
  const listed = (priority: unknown) => kind((resource) => {
    Object.assign(resource.aws_networkfirewall_rule_group!, {
      shut: group('drop tls any any -> any any (ssl_state:client_hello; sid:100;)'),
      list: { type: 'STATEFUL', capacity: 10, rule_group: { rules_source: { rules_source_list: { generated_rules_type: 'ALLOWLIST', target_types: ['TLS_SNI'], targets: ['api.example.com'] } }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } },
    });
    policy(resource).stateful_rule_group_reference = [{ priority, resource_arn: ref('aws_networkfirewall_rule_group', 'shut', 'arn') }, { priority: 2, resource_arn: ref('aws_networkfirewall_rule_group', 'list', 'arn') }];
  });
  expect(listed(1)).toBe('none');
  expect(listed('${var.priority}')).toBe('allowlisted');
});

test('nor does a drop for a HOME_NET that nobody knows', () => {
  const variables = (policy_variables: unknown) => kind((resource) => {
    resource.aws_networkfirewall_rule_group!.main = group('drop ip $HOME_NET any -> any any (sid:100;)\npass ip any any -> any any (sid:101;)');
    policy(resource).policy_variables = policy_variables;
  });
  expect(variables(undefined)).toBe('none');
  expect(variables('${var.variables}')).toBe('open');
});

test('a subnet whose table nobody knows may get out', () => {
  expect(kind((resource) => void (resource.aws_route_table_association!.vault!.route_table_id = '${var.table}'), 'aws_instance.vault')).toBe('none');
  expect(kind((resource) => {
    resource.aws_route_table_association!.vault!.route_table_id = '${var.table}';
    resource.aws_security_group!.vault!.egress = [line({ cidr_blocks: [WORLD] })];
    resource.aws_network_acl!.vault!.egress = [entry({})];
  }, 'aws_instance.vault')).toBe('unknown');
});

test('a rule for addresses that nobody knows may be for any', () => {
  expect(kind((resource) => {
    resource.aws_security_group!.app!.egress = [line({ cidr_blocks: '${var.cidrs}' })];
  })).toBe('allowlisted');
  expect(kind((resource) => {
    resource.aws_security_group!.app!.egress = [];
    resource.aws_vpc_security_group_egress_rule = { app: { security_group_id: ref('aws_security_group', 'app'), ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: '${var.cidr}' } };
  })).toBe('allowlisted');
});
