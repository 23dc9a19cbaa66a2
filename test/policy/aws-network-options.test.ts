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
