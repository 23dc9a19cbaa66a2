/** The policy's warnings of AWS quotas count what is made. */
import { load } from '../../policy/policies';
import { awsStack } from './policies';

test('subnets and route tables are as many as the warning says', () => {
  const segments = Array.from({ length: 60 }, (_, index) => `\n  - { name: s${index}, tier: private }`).join('');
  const hosts = '[{ host: api.stripe.com, from: [s0], owner: o, reason: r }]';
  const text = `organization: acme\nallow: ${hosts}\nsegments: ${segments}\nprivateServices: [secrets]\nenvironments: [{ name: test, aws: { region: us-east-1, zones: 4, cidr: 10.20.0.0/16 } }]\n`;
  const result = load(text);
  const said = Object.fromEntries((result.ok ? result.warnings : []).flatMap(({ message }) => [...message.matchAll(/needs (\d+) (subnets|route tables)/g)].map(([, count, what]) => [what!, Number(count)])));
  const { policy } = result as Extract<typeof result, { ok: true }>;
  const { aws_subnet: subnets, aws_route_table: tables } = awsStack(policy).resource as Record<string, object>;
  // The main table comes with the network.
  expect(said).toEqual({ subnets: Object.keys(subnets!).length, 'route tables': Object.keys(tables!).length + 1 });
});

test('a quota of rules that was raised is said in the policy file', () => {
  const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
  const segments = names.map((name) => `\n  - { name: ${name}, tier: private${name === 's0' ? `, accepts: [${names.map((from) => `{ from: ${from}, ports: [80, 443] }`).join(', ')}]` : ''} }`).join('');
  const stack = (more: string) => {
    const result = load(`organization: acme\nsegments: ${segments}\nenvironments: [{ name: test, aws: { region: us-east-1, cidr: 10.20.0.0/16${more} } }]\n`);
    if (!result.ok) throw new Error(result.problems.map(({ code, path }) => `${code} ${path}`).join());
    return awsStack(result.policy);
  };
  expect(() => stack('')).toThrow(/group of 's0' needs 80 ingress rules, and 60 fit.*'rulesPerGroup'/);
  expect(Object.keys(stack(', rulesPerGroup: 100').resource!)).toContain('aws_security_group');
  expect(() => stack(', rulesPerGroup: 5000')).toThrow('bad-number environments[0].aws.rulesPerGroup');
});
