/** A change of capacity replaces a rule group; what that means only a plan tells, and no stack. */
import { review } from './reviewed';

test('rule-group-replaced-in-place: a replacement that keeps the name', () => {
  const change = { actions: ['delete', 'create'], before: { name: 'hosts', capacity: 100 }, after: { name: 'hosts', capacity: 200 }, after_unknown: {}, before_sensitive: {}, after_sensitive: {} };
  const plan = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: [{ address: 'aws_networkfirewall_rule_group.hosts', mode: 'managed', type: 'aws_networkfirewall_rule_group', name: 'hosts', provider_name: 'registry.terraform.io/hashicorp/aws', change }], configuration: { root_module: {} } };
  expect(review(plan).rules).toEqual(['rule-group-replaced-in-place']);
  change.after.name = 'hosts-200';
  expect(review(plan).rules).toEqual([]);
});
