/** Our stack in a VPC that somebody else made: segments are known by their route tables, addresses by what is asked for. */
import { withExistingNetwork } from '../../fixtures/aws-existing';
import { synthesized, type Synthesized } from '../../fixtures/stacks';
import { review } from './reviewed';

let made: Synthesized;
beforeAll(async () => {
  made = await synthesized(withExistingNetwork());
});

test('no finding, and the right verdict per segment', () => {
  const { findings, verdicts } = review(made.stack('aws-prod'), made.policy);
  expect(findings).toEqual([]);
  const kinds = (segment: string) => [...new Set(verdicts.filter(({ place }) => place.segment === segment).map(({ kind }) => kind))];
  expect(Object.fromEntries(['payments', 'platform', 'ledger', 'reporting', 'edge'].map((segment) => [segment, kinds(segment)]))).toEqual({
    payments: ['allowlisted'], platform: ['allowlisted'], ledger: ['none'], reporting: ['none'], edge: ['none'],
  });
});

test.each<[string, string, (resource: Record<string, Record<string, any>>) => void]>([
  ['a way around the firewall', 'internet-route-bypasses-firewall', (resource) => {
    const table = Object.values(resource.aws_route_table!).find((body) => body.tags?.segment === 'payments')!;
    table.route = [{ cidr_block: '0.0.0.0/0', nat_gateway_id: `\${aws_nat_gateway.${Object.keys(resource.aws_nat_gateway!)[0]}.id}` }];
  }],
  ['replies around the firewall', 'missing-return-route', (resource) => {
    const table = Object.values(resource.aws_route_table!).find((body) => body.route.some((route: any) => route.gateway_id) && body.route.some((route: any) => route.vpc_endpoint_id))!;
    table.route = table.route.filter((route: any) => !route.vpc_endpoint_id);
  }],
  ['a data segment with a way out', 'data-internet-route', (resource) => {
    const tables = Object.values(resource.aws_route_table!);
    tables.find((body) => body.tags?.segment === 'ledger')!.route = [{ cidr_block: '0.0.0.0/0', nat_gateway_id: `\${aws_nat_gateway.${Object.keys(resource.aws_nat_gateway!)[0]}.id}` }];
  }],
  ['names that nobody filters', 'dns-unfiltered', (resource) => void delete resource.aws_route53_resolver_firewall_rule_group_association],
  ['names that no rule refuses', 'dns-unfiltered', (resource) => {
    const rules = resource.aws_route53_resolver_firewall_rule!;
    delete rules[Object.keys(rules).find((name) => name.includes('everything'))!];
  }],
  ['flows that nobody records', 'flow-logs-missing', (resource) => void delete resource.aws_flow_log],
  ['endpoints that the internet may call', 'acl-open-to-internet', (resource) => void (Object.entries(resource.aws_network_acl!).find(([name]) => name.includes('endpoints'))![1].ingress[0].cidr_block = '0.0.0.0/0')],
  ['endpoints that may call the internet', 'acl-open-to-internet', (resource) => void (Object.entries(resource.aws_network_acl!).find(([name]) => name.includes('endpoints'))![1].egress[0].cidr_block = '0.0.0.0/0')],
  ['queries that are recorded elsewhere', 'log-sent-elsewhere', (resource) => void (Object.values(resource.aws_route53_resolver_query_log_config!)[0]!.destination_arn = 'arn:aws:s3:::theirs')],
  ['an allowed host that is answered here', 'host-answered-here', (resource) => {
    resource.aws_route53_zone = { own: { name: 'stripe.com', vpc: [{ vpc_id: 'vpc-00000000000000001' }] } };
    resource.aws_route53_record = { api: { zone_id: '${aws_route53_zone.own.zone_id}', name: 'api', type: 'A', records: ['8.8.4.4'] } };
  }],
])('caught: %s', (_, rule, mutate) => {
  const stack = made.stack('aws-prod');
  mutate(stack.resource!);
  expect(review(stack, made.policy).rules).toContain(rule);
});

test('without the policy nobody knows what else is in a network that exists, and what the plan gives it is judged', () => {
  const rulesOf = (type: string) => {
    const stack = made.stack('aws-prod');
    const names = Object.keys(stack.resource![type]!);
    delete stack.resource![type]![names.find((name) => name.includes('everything')) ?? names[0]!];
    return review(stack).findings.filter(({ rule }) => rule !== 'wildcard-host').map(({ rule, severity, confidence }) => [rule, severity, confidence].join());
  };
  expect(['aws_flow_log', 'aws_route53_resolver_firewall_rule_group_association', 'aws_route53_resolver_firewall_rule'].map(rulesOf)).toEqual([[], [], ['dns-unfiltered,low,possible']]);
});

test('the default group is the policy\'s business where it wants that emptied', async () => {
  const emptied = await synthesized(withExistingNetwork({ emptyDefaults: true }));
  const stack = emptied.stack('aws-prod');
  expect(review(stack, emptied.policy).findings).toEqual([]);
  delete stack.resource!.aws_default_security_group;
  expect(review(stack, emptied.policy).rules).toEqual(['default-group-not-empty']);
});
