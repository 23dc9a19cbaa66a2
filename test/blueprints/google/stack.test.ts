import { parse, stringify } from 'yaml';
import { fixture } from '../../fixtures/stacks';
import { googleStack } from './stack';

describe('the google stack', () => {
  test('shuffling the lists of the policy changes not one byte', () => {
    const policy = parse(fixture('full'));
    policy.allow.reverse();
    policy.segments.reverse();
    policy.privateServices.reverse();
    for (const segment of policy.segments) segment.accepts?.reverse();
    expect(googleStack(stringify(policy)).text).toBe(googleStack().text);
  });

  test('what a team builds on is an output, under the names that every cloud uses', () => {
    const { output } = googleStack().stack();
    expect(Object.keys(output!).sort()).toEqual([
      'egress_addresses', 'egress_network_tags', 'endpoint_ids', 'firewall_id', 'group_ids', 'log_destinations', 'network_id', 'segment_tag_key', 'subnet_ids',
    ]);
    expect(output!.egress_network_tags!.value).toEqual({ payments: 'acme-prod-payments-egress', platform: 'acme-prod-platform-egress' });
    expect(output!.group_ids!.value.ledger).toEqual([expect.stringMatching(/^\$\{google_tags_tag_value\..*tag-ledger.*\.id\}$/)]);
  });

  test('the summary tells what was built', () => {
    const { summary } = googleStack().construct;
    expect(summary.segments.find(({ name }) => name === 'ledger')).toEqual({ name: 'ledger', tier: 'data', hosts: [], wayOut: 'none' });
    expect(summary.segments.find(({ name }) => name === 'payments')).toMatchObject({ wayOut: expect.stringContaining('Cloud NAT') });
    const risks = summary.residualRisks.map(({ id }) => id);
    expect(risks).toEqual([...risks].sort());
    // Of options that the policy does not take, no risk remains.
    for (const id of ['account-is-identity', 'existing-network', 'perimeter-dry-run']) expect(risks).not.toContain(id);
  });

  test('fifty segments and ten thousand hosts have rules of their own priorities', () => {
    const policy = parse(fixture('full'));
    policy.segments = Array.from({ length: 50 }, (_, index) => ({ name: `s${index}`, tier: 'private', accepts: [{ from: `s${(index + 1) % 50}`, ports: [8443] }] }));
    policy.allow = Array.from({ length: 10_000 }, (_, index) => ({ host: `h${index}.example.com`, from: [`s${index % 50}`], owner: 'x', reason: 'x' }));
    const { stack } = googleStack(stringify(policy));
    const rules = Object.values(stack().resource!.google_compute_network_firewall_policy_rule!);
    expect(new Set(rules.map(({ priority }) => priority)).size).toBe(rules.length);
    expect(rules.flatMap(({ match }) => match.dest_fqdns ?? [])).toHaveLength(10_000);
  });
});
