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
])('caught: %s', (_, rule, mutate) => {
  const stack = made.stack('aws-prod');
  mutate(stack.resource!);
  expect(review(stack, made.policy).rules).toContain(rule);
});
