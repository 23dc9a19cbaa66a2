/** `@` in a firewall rule: addresses that are kept in a list of their own. */
import { review } from './reviewed';
import { ref, soundStack, WORLD, type Stack } from '../sound-stack';

function changed(edit: (resource: Stack['resource'], stack: Stack) => void) {
  const stack = soundStack();
  edit(stack.resource, stack);
  return review(stack);
}

describe('a set of addresses that is kept elsewhere', () => {
  const partners = (edit: (resource: Stack['resource'], stack: Stack) => void, text = 'pass tcp any any -> @PARTNERS 443 (flow:to_server; sid:1;)') => changed((resource, stack) => {
    resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source = { rules_string: text };
    resource.aws_ec2_managed_prefix_list = { partners: { name: 'partners', entry: [{ cidr: '151.101.1.0/24' }] } };
    resource.aws_ec2_managed_prefix_list_entry = { more: { prefix_list_id: ref('aws_ec2_managed_prefix_list', 'partners'), cidr: '151.101.64.0/24' } };
    resource.aws_networkfirewall_rule_group!.main!.rule_group.reference_sets = { ip_set_references: [{ key: 'PARTNERS', ip_set_reference: [{ reference_arn: ref('aws_ec2_managed_prefix_list', 'partners', 'arn') }] }] };
    edit(resource, stack);
  }).at('aws_instance.app');
  const reference = (resource: Stack['resource']) => resource.aws_networkfirewall_rule_group!.main!.rule_group.reference_sets.ip_set_references[0];

  test('is the entries of a prefix list', () => {
    expect(partners(() => undefined)).toMatchObject({ kind: 'allowlisted', hosts: [{ host: '151.101.1.0/24', ports: [443] }, { host: '151.101.64.0/24', ports: [443] }] });
    expect(partners((resource) => resource.aws_ec2_managed_prefix_list!.partners!.entry.push({ cidr: '0.0.0.0/1' }))).toMatchObject({ kind: 'open' });
    expect(partners((resource, stack) => {
      stack.data = { aws_ec2_managed_prefix_list: { partners: { name: 'partners', entries: [{ cidr: '198.51.101.0/24', description: '' }] } } };
      reference(resource).ip_set_reference[0].reference_arn = '${data.aws_ec2_managed_prefix_list.partners.arn}';
    })).toMatchObject({ kind: 'allowlisted', hosts: [{ host: '198.51.101.0/24' }] });
  });

  test('closes what a drop says of it', () => {
    expect(partners((resource) => resource.aws_ec2_managed_prefix_list!.partners!.entry.push({ cidr: WORLD }), 'drop tcp any any -> @PARTNERS any (flow:to_server; sid:1;)\npass tcp any any -> any 443 (flow:to_server; sid:2;)')).toMatchObject({ kind: 'none' });
    expect(partners(() => undefined, 'drop tcp any any -> @PARTNERS any (flow:to_server; sid:1;)\npass tcp any any -> any 443 (flow:to_server; sid:2;)')).toMatchObject({ kind: 'open' });
  });

  test.each<[string, (resource: Stack['resource'], stack: Stack) => void]>([
    ['in another plan', (resource) => void (reference(resource).ip_set_reference[0].reference_arn = 'arn:aws:ec2:us-east-1:111122223333:prefix-list/pl-0123456789abcdef0')],
    ['a resource group', (resource) => void (reference(resource).ip_set_reference[0].reference_arn = 'arn:aws:resource-groups:us-east-1:111122223333:group/partners')],
    ['under another name', (resource) => void (reference(resource).key = 'OTHERS')],
    ['partly not known', (resource) => resource.aws_ec2_managed_prefix_list!.partners!.entry.push({ cidr: '${var.partner}' })],
    ['not there at all', (resource) => void delete resource.aws_networkfirewall_rule_group!.main!.rule_group.reference_sets],
  ])('is not known where it is %s', (_, edit) => expect(partners(edit)).toMatchObject({ kind: 'unknown', reasons: [expect.stringContaining('has no known value')] }));
});
