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

test.each([
  ['a subnet of 16 addresses', '', 'cidr: 10.20.0.0/20', /12 interface endpoints need an address each in 10\.20\.0\.128\/28 of us-east-1a, which has 11; give the environment a larger cidr/],
  ['the next size', '', 'cidr: 10.20.0.0/19', undefined],
  ['one endpoint less', '', 'cidr: 10.20.0.0/20', undefined],
  ['a network that is there', 'existingNetwork: { vpcId: vpc-0a1b2c3d4e5f60718, freeCidr: 10.20.240.0/24, subnets: { a: { us-east-1a: { id: subnet-0a1b2c3d4e5f60718, cidr: 10.20.0.0/24 } } } }', 'cidr: 10.20.0.0/16', /12 interface endpoints .* 10\.20\.240\.128\/28 .* a larger freeCidr/],
])('interface endpoints and the room that they have: %s', (what, more, cidr, message) => {
  // Nine for a cluster, three for sessions.
  const presets = what === 'one endpoint less' ? 'privateServices: [kubernetes, "aws:ssm", "aws:ssmmessages"]' : 'privateServices: [kubernetes, session-access]';
  const result = load(`organization: acme\nsegments: [{ name: a, tier: private }]\n${presets}\nenvironments: [{ name: test, aws: { region: us-east-1, zones: 1, ${cidr}${more ? `, ${more}` : ''} } }]\n`);
  const make = () => awsStack((result as Extract<typeof result, { ok: true }>).policy);
  if (message) expect(make).toThrow(message);
  else expect(Object.values<any>(make().resource!.aws_vpc_endpoint!)).toHaveLength(what === 'one endpoint less' ? 11 : 12);
});

test('rules per group that leave the nodes of a cluster too few groups', () => {
  const codes = (rules: number, nodes: string) => {
    const result = load(`organization: acme\nsegments: [{ name: a, tier: private, pods: [{ name: web, labels: { app: web } }] }]\nprivateServices: [kubernetes, container-registry, object-storage]\nenvironments: [{ name: test, aws: { region: us-east-1, cidr: 10.20.0.0/16, rulesPerGroup: ${rules}, cluster: { cni: vpc-cni, system: a${nodes} } } }]\n`);
    return (result.ok ? [] : result.problems).filter(({ path }) => path.endsWith('rulesPerGroup')).map(({ code }) => code);
  };
  const nodes = ', nodes: { machine: m7i.large, role: "arn:aws:iam::123456789012:role/nodes" }';
  expect([codes(334, nodes), codes(333, nodes), codes(500, '')]).toEqual([['too-many-rules-for-nodes'], [], []]);
});
