/** A plan is of one environment: what the policy asks for in another is not agreed here. */
import { parse, stringify } from 'yaml';
import { fixture, policyOf, synthesized } from '../../fixtures/stacks';
import { review } from './reviewed';

/** The full policy with `prod` and `dev` on AWS, each with options of its own. */
function text(prod: object, dev: object): string {
  const policy = parse(fixture('full'));
  const [{ aws }] = policy.environments;
  policy.environments = [{ name: 'prod', aws: { ...aws, ...prod } }, { name: 'dev', aws: { ...aws, cidr: '10.21.0.0/16', ...dev } }];
  return stringify(policy);
}

test.each([
  ['tls-inspection-scope-wide', { firewall: { tlsInspection: { certificateAuthority: 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000', segments: ['payments'] } } }],
  ['dns-host-not-in-policy', { privateZones: ['corp.example.com'] }],
  ['firewall-zone-missing', { egressZones: 1 }],
])('%s: agreed where it is asked for, and in no other environment', async (rule, option) => {
  const stack = (await synthesized(text(option, {}))).stack('aws-prod');
  const rules = (policy: string) => review(stack, policyOf(policy).policy).rules;
  expect(rules(text(option, {}))).not.toContain(rule);
  expect(rules(text({}, option))).toContain(rule);
});

describe('ranges of a gateway endpoint', () => {
  const ranges = (...own: readonly string[]) => ({ gatewayEndpoints: { s3: { ranges: own } } });
  const [listed, foreign] = ['52.216.0.0/15', '151.100.0.0/16'];

  test('are those of the environment: another one may not widen them', async () => {
    const stack = (await synthesized(text(ranges(listed, foreign), {}))).stack('aws-prod');
    const rules = (policy: string) => review(stack, policyOf(policy).policy).rules;
    expect(rules(text(ranges(listed, foreign), {}))).not.toContain('acl-open-to-internet');
    expect(rules(text(ranges(listed), ranges(listed, foreign)))).toContain('acl-open-to-internet');
    // One that names none: the list is one for the region.
    expect(rules(text({}, ranges(listed)))).toContain('acl-open-to-internet');
  });
});

test('the name of an address that only another environment may reach is resolved without need', async () => {
  const policy = parse(text({}, {}));
  policy.allow.push({ host: 'transfer.partner.com', from: ['payments'], protocol: 'tcp', ports: [2222], addresses: ['151.101.2.0/24'], environments: ['dev'], owner: 'x', reason: 'y' });
  const built = await synthesized(stringify(policy));
  const found = (name: string) => {
    const stack = built.stack(`aws-${name}`);
    for (const list of Object.values(stack.resource!.aws_route53_resolver_firewall_domain_list!)) if (list.domains.includes('api.stripe.com.')) list.domains = [...new Set([...list.domains, 'transfer.partner.com.'])];
    return review(stack, built.policy).findings.filter(({ rule }) => rule === 'dns-host-not-in-policy').map(({ message }) => message);
  };
  expect(found('dev')).toEqual([]);
  expect(found('prod')).toEqual([expect.stringContaining('transfer.partner.com')]);
});
