import { readFileSync } from 'node:fs';
import { formatProblems } from '../../blueprints/policy/problems';
import { load, policyOf } from './policies';

/** A policy whose `aws` has more; the options stand on line 6. */
function withAws(more: string, rest = ''): string {
  return `organization: acme
allow: [{ host: api.acme.com, from: [app], owner: x, reason: x }]
segments: [{ name: app, tier: private }, { name: jobs, tier: private }, { name: store, tier: data }]
environments:
  - name: prod
    aws: { region: us-east-1, cidr: 10.20.0.0/16, ${more} }
${rest}`;
}

const aws = (more: string) => policyOf(withAws(more)).environments[0]!.aws!;

test('without options nothing is added to the model but where logs go', () => {
  expect(Object.keys(aws('zones: 3')).sort()).toEqual(['cidr', 'cloud', 'logs', 'region', 'zones']);
});

test('lists are sorted, and what is not written is not there', () => {
  expect(aws('endpointPresets: [ssm, eks], readableBuckets: [b-bucket, a-bucket], privateZones: [z.example.com, a.example.com], organizationId: o-a1b2c3d4e5, dnsRedirection: inspect')).toMatchObject({
    endpointPresets: ['eks', 'ssm'],
    readableBuckets: ['a-bucket', 'b-bucket'],
    privateZones: ['a.example.com', 'z.example.com'],
    organizationId: 'o-a1b2c3d4e5',
    dnsRedirection: 'inspect',
  });
});

test('a number of egress zones takes the first; all of them are the default', () => {
  expect(aws('zones: [us-east-1c, us-east-1b], egressZones: 1').egressZones).toEqual(['us-east-1b']);
  expect(aws('zones: 2, egressZones: [us-east-1b]').egressZones).toEqual(['us-east-1b']);
  expect(aws('zones: 2, egressZones: 2')).not.toHaveProperty('egressZones');
});

test('the shared space may be used again by another environment, private space not', () => {
  const two = (range: string) => withAws(`secondaryCidrs: { app: ${range} }`, `  - name: dev\n    aws: { region: us-east-1, cidr: 10.30.0.0/16, secondaryCidrs: { jobs: ${range} } }\n`);
  expect(load(two('100.64.0.0/16')).ok).toBe(true);
  const result = load(two('10.99.0.0/16'));
  expect(result.ok ? [] : result.problems.map(({ code }) => code)).toEqual(['cidr-overlap']);
});

describe('a block of public access', () => {
  const two = (one: string, other: string) => {
    const result = load(withAws(one, `  - name: dev\n    aws: { region: us-east-1, cidr: 10.30.0.0/16, ${other} }\n`));
    return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);
  };

  test('is switched by one environment of an account and region', () => {
    expect(two('blockPublicAccess: account', 'blockPublicAccess: exclusions')).toEqual([]);
    expect(two('blockPublicAccess: account', 'blockPublicAccess: account')).toEqual(['public-access-block-twice environments[1].aws.blockPublicAccess']);
    expect(two('blockPublicAccess: account, account: "111122223333"', 'blockPublicAccess: account, account: "444455556666"')).toEqual([]);
  });

  test('does not cut off another environment that says nothing of it', () => {
    expect(two('blockPublicAccess: account', 'zones: 2')).toEqual(['public-access-blocked environments[1].aws']);
    expect(two('zones: 2', 'blockPublicAccess: account')).toEqual(['public-access-blocked environments[0].aws']);
    expect(two('blockPublicAccess: exclusions', 'zones: 2')).toEqual([]);
  });
});

describe('a network that is there', () => {
  const subnets = (cidr = 24) => `{ app: { us-east-1a: { id: subnet-0000000a, cidr: 10.20.0.0/${cidr} } }, jobs: { us-east-1a: { id: subnet-0000000b, cidr: 10.20.1.0/24 } }, store: { us-east-1a: { id: subnet-0000000c, cidr: 10.20.2.0/24 } } }`;
  const existing = (more: string, given = subnets(), free = '10.20.240.0/24') => `zones: 1, existingNetwork: { vpcId: vpc-0000000a, freeCidr: ${free}, subnets: ${given}${more} }`;
  const problems = (options: string) => {
    const result = load(withAws(options));
    return result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path.replace('environments[0].aws.', '')}`);
  };

  test('is taken as it is, and its defaults are left alone unless asked', () => {
    expect(aws(existing(', internetGatewayId: igw-0000000a')).existingNetwork).toMatchObject({
      vpcId: 'vpc-0000000a', internetGatewayId: 'igw-0000000a', freeCidr: '10.20.240.0/24', emptyDefaults: false,
      subnets: { app: { 'us-east-1a': { id: 'subnet-0000000a', cidr: '10.20.0.0/24' } } },
    });
  });

  test.each([
    ['a segment without a subnet', existing('', '{ app: { us-east-1a: { id: subnet-0000000a, cidr: 10.20.0.0/24 } }, jobs: { us-east-1a: { id: subnet-0000000b, cidr: 10.20.1.0/24 } } }'), ['existing-subnet-missing existingNetwork.subnets']],
    ['a zone without a subnet', existing('').replace('zones: 1', 'zones: 2'), ['existing-subnet-missing existingNetwork.subnets.app', 'existing-subnet-missing existingNetwork.subnets.jobs', 'existing-subnet-missing existingNetwork.subnets.store']],
    ['subnets that overlap', existing('', subnets(23)), ['existing-overlap existingNetwork.subnets.jobs.us-east-1a.cidr']],
    ['a free block with a subnet in it', existing('', subnets(), '10.20.0.0/22'), ['existing-overlap existingNetwork.subnets.app.us-east-1a.cidr', 'existing-overlap existingNetwork.subnets.jobs.us-east-1a.cidr', 'existing-overlap existingNetwork.subnets.store.us-east-1a.cidr']],
    ['a free block of another network', existing('', subnets(), '10.21.0.0/24'), ['outside-of-network existingNetwork.freeCidr']],
    ['a small free block', existing('', subnets(), '10.20.240.0/25'), ['free-too-small existingNetwork.freeCidr']],
    ['ids of something else', existing('').replace('vpc-0000000a', 'igw-0000000a'), ['bad-format existingNetwork.vpcId']],
    ['a range that is added', `${existing('')}, secondaryCidrs: { app: 100.64.0.0/16 }`, ['secondary-in-existing secondaryCidrs']],
  ])('refused: %s', (_, options, expected) => {
    expect(problems(options)).toEqual(expected);
    const page = readFileSync('docs/policy.md', 'utf8');
    for (const line of expected) expect(page).toContain(`\`${line.split(' ')[0]}\``);
  });
});

/** Options, the codes that they have, and a part of the first line. */
const BAD: readonly (readonly [name: string, options: string, codes: readonly string[], part: string])[] = [
  ['an unknown preset', 'endpointPresets: [ekz]', ['unknown-value'], "did you mean 'eks'"],
  ['no preset', 'endpointPresets: []', ['empty-list'], 'at least one'],
  ['a preset twice', 'endpointPresets: [eks, eks]', ['listed-twice'], "'eks': is listed twice"],
  ['an organization of another kind', 'organizationId: acme', ['bad-format'], "write it like 'o-a1b2c3d4e5'"],
  ['a bucket by its ARN', 'readableBuckets: ["arn:aws:s3:::a"]', ['bad-format'], 'no ARN'],
  ['every bucket', 'readableBuckets: ["*"]', ['bad-format'], 'no star'],
  ['a zone with a star', 'privateZones: ["*.example.com"]', ['bad-zone-name'], 'no star'],
  ['a public suffix as a zone', 'privateZones: [co.uk]', ['zone-public-suffix'], "'corp.example.co.uk'"],
  ['another redirection', 'dnsRedirection: follow', ['unknown-value'], 'trust, inspect'],
  ['more egress zones than zones', 'zones: 2, egressZones: 3', ['too-many-egress-zones'], 'more than the 2 zones'],
  ['no egress zone', 'egressZones: 0', ['bad-zones'], '1 to 4'],
  ['an egress zone that is not used', 'zones: 2, egressZones: [us-east-1c]', ['zone-not-used'], 'zones: us-east-1a, us-east-1b'],
  ['an egress zone twice', 'egressZones: [us-east-1a, us-east-1a]', ['duplicate-zone'], 'twice'],
  ['a secondary range for nobody', 'secondaryCidrs: { pods: 100.64.0.0/16 }', ['unknown-segment'], 'segments: app, jobs, store'],
  ['a secondary range that AWS does not add', 'secondaryCidrs: { app: 172.20.0.0/16 }', ['secondary-not-addable'], 'take it from 100.64.0.0/10 or 10.0.0.0/8'],
  ['a public secondary range', 'secondaryCidrs: { app: 8.8.0.0/16 }', ['secondary-not-addable'], 'as AWS demands'],
  ['a secondary range that is too wide', 'secondaryCidrs: { app: 100.64.0.0/15 }', ['secondary-size'], '/16 to /26'],
  ['a secondary range that is too narrow', 'secondaryCidrs: { app: 100.64.0.0/27 }', ['secondary-size'], 'at least a /28'],
  ['a secondary range in the primary one', 'secondaryCidrs: { app: 10.20.128.0/20 }', ['cidr-overlap', 'secondary-overlap'], 'overlaps 10.20.0.0/16'],
  ['two secondary ranges that overlap', 'secondaryCidrs: { app: 100.64.0.0/16, jobs: 100.64.1.0/24 }', ['secondary-overlap'], "100.64.0.0/16 of 'app'"],
  ['an address in a block', 'secondaryCidrs: { app: 100.64.0.1/16 }', ['cidr-host-bits'], "write '100.64.0.0/16'"],
  ['a domain in which others have domains, as a zone', 'privateZones: [eu.org]', ['zone-public-suffix'], "'corp.example.eu.org'"],
  ['several at once', 'endpointPresets: [eks, eks], privateZones: [com, com], dnsRedirection: no', ['listed-twice', 'bad-zone-name', 'bad-zone-name', 'unknown-value'], 'listed twice'],
];

test.each(BAD)('refused: %s', (_, options, codes, part) => {
  const result = load(withAws(options));
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.problems.map(({ code }) => code)).toEqual(codes);
  expect(formatProblems(result.problems)[0]).toContain(part);
  const page = readFileSync('docs/policy.md', 'utf8');
  for (const { code } of result.problems) expect(page).toContain(`\`${code}\``);
});

test('every option is on the page of the policy', () => {
  const schema = JSON.parse(readFileSync('docs/egress.schema.json', 'utf8'));
  const fields = Object.keys(schema.properties.environments.items.properties.aws.properties);
  const options = fields.filter((field) => !['region', 'zones', 'cidr', 'account'].includes(field));
  const page = readFileSync('docs/policy.md', 'utf8');
  expect(options.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});
