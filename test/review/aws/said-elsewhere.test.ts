/** What another attribute or another resource says in the place of the usual one. */
import { asPlan } from '../as-plan';
import { ref, soundStack } from '../sound-stack';
import { changed, review } from './reviewed';

const TEXT = 'pass tls $HOME_NET any -> any 443 (tls.sni; content:"api.example.com"; startswith; endswith; nocase; flow:to_server; sid:1;)';

test('rules that are a text alone are known, though the provider fills in what it makes of them', () => {
  const { resource } = soundStack();
  const [name = ''] = Object.keys(resource.aws_networkfirewall_rule_group!);
  const group = resource.aws_networkfirewall_rule_group![name]!;
  delete group.rule_group;
  group.rules = TEXT;
  const plan = asPlan(resource);
  plan.resource_changes.find((each: { address: string }) => each.address === `aws_networkfirewall_rule_group.${name}`).change.after_unknown.rule_group = true;
  expect(review(plan).at('aws_instance.app')).toMatchObject({ kind: 'allowlisted', hosts: [{ host: 'api.example.com' }] });
});

test('private names of an endpoint may be switched by a resource of their own', () => {
  const rules = (own: boolean, other: boolean) => changed((resource) => {
    resource.aws_vpc_endpoint!.logs!.private_dns_enabled = own;
    resource.aws_vpc_endpoint_private_dns = { logs: { vpc_endpoint_id: ref('aws_vpc_endpoint', 'logs'), private_dns_enabled: other } };
  }).rules.includes('endpoint-private-dns-off');
  expect([rules(false, true), rules(true, false)]).toEqual([false, true]);
});

test('an instance that says nothing of its metadata does as its account says', () => {
  const rules = (instance: object, tokens: string) => changed((resource) => {
    delete resource.aws_instance!.app!.metadata_options;
    Object.assign(resource.aws_instance!.app!, instance);
    resource.aws_ec2_instance_metadata_defaults = { region: { http_tokens: tokens } };
  }).rules.includes('metadata-tokens-optional');
  expect(rules({}, 'required')).toBe(false);
  expect(rules({}, 'optional')).toBe(true);
  expect(rules({ metadata_options: { http_tokens: 'optional' } }, 'required')).toBe(true);
});

test('rules that are all named for a group leave none of a direction to chance', () => {
  const rules = (more: object) => changed((resource) => {
    delete resource.aws_security_group!.vault!.egress;
    Object.assign(resource, more);
  }).rules.includes('group-rules-unmanaged');
  expect(rules({})).toBe(true);
  expect(rules({ aws_vpc_security_group_rules_exclusive: { vault: { security_group_id: ref('aws_security_group', 'vault'), ingress_rule_ids: [], egress_rule_ids: [] } } })).toBe(false);
  expect(rules({ aws_vpc_security_group_rules_exclusive: { app: { security_group_id: ref('aws_security_group', 'app'), ingress_rule_ids: [], egress_rule_ids: [] } } })).toBe(true);
});
