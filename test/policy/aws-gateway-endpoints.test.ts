import { readFileSync } from 'node:fs';
import { formatProblems } from '../../blueprints/policy/problems';
import { load, policyOf } from './policies';

function withGateways(gateways: string, segments = '{ name: edge, tier: public, accepts: [{ from: internet, ports: [443] }] }, { name: app, tier: private }, { name: store, tier: data }'): string {
  return `organization: acme
allow: []
segments: [${segments}]
privateServices: [object-storage, aws:dynamodb]
environments:
  - name: prod
    aws: { region: us-east-1, cidr: 10.20.0.0/16, gatewayEndpoints: ${gateways} }
`;
}

test('ranges and segments are sorted, and what is not written is not there', () => {
  const { aws } = policyOf(withGateways('{ s3: { ranges: [52.216.0.0/15, 3.5.0.0/19], segments: [store, app] }, dynamodb: { ranges: [52.94.0.0/22], interfaceEndpoint: true } }')).environments[0]!;
  expect(aws!.gatewayEndpoints).toEqual({
    s3: { ranges: ['3.5.0.0/19', '52.216.0.0/15'], segments: ['app', 'store'] },
    dynamodb: { ranges: ['52.94.0.0/22'], interfaceEndpoint: true },
  });
});

const BAD: readonly (readonly [name: string, gateways: string, codes: readonly string[], part: string])[] = [
  ['a service without a gateway endpoint', '{ sqs: { ranges: [52.94.0.0/22] } }', ['unknown-key'], 'dynamodb, s3'],
  ['no ranges', '{ s3: {} }', ['missing-field'], 'ranges'],
  ['an empty list', '{ s3: { ranges: [] } }', ['empty-list'], 'at least one'],
  ['everything', '{ s3: { ranges: [0.0.0.0/0] } }', ['address-not-public'], 'copy the entries'],
  ['a private range', '{ s3: { ranges: [10.0.0.0/12] } }', ['address-not-public'], 'not a public range'],
  ['a range that no service has', '{ s3: { ranges: [52.0.0.0/8] } }', ['address-too-wide'], '16777216 addresses'],
  ['an address in a range', '{ s3: { ranges: [52.217.0.0/15] } }', ['cidr-host-bits'], "write '52.216.0.0/15'"],
  ['a range twice', '{ s3: { ranges: [3.5.0.0/19, 3.5.0.0/19] } }', ['listed-twice'], 'keep one'],
  ['a segment twice', '{ s3: { ranges: [3.5.0.0/19], segments: [app, app] } }', ['listed-twice'], 'keep one'],
  ['an unknown segment', '{ s3: { ranges: [3.5.0.0/19], segments: [stor] } }', ['unknown-segment'], "did you mean 'store'"],
  ['a public segment', '{ s3: { ranges: [3.5.0.0/19], segments: [edge] } }', ['gateway-not-closed'], 'past the policy of the endpoint'],
  ['several at once', '{ s3: { ranges: [8.0.0.0/8], segments: [edge] }, dynamodb: { ranges: [127.0.0.0/24], segments: [x] } }', ['address-not-public', 'address-too-wide', 'unknown-segment', 'gateway-not-closed'], 'not a public range'],
];

test.each(BAD)('refused: %s', (_, gateways, codes, part) => {
  const result = load(withGateways(gateways));
  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.problems.map(({ code }) => code).sort()).toEqual([...codes].sort());
  expect(formatProblems(result.problems).join('\n')).toContain(part);
  const page = readFileSync('docs/policy.md', 'utf8');
  for (const { code } of result.problems) expect(page).toContain(`\`${code}\``);
});

test('a policy of public segments has nobody to serve', () => {
  const result = load(withGateways('{ s3: { ranges: [3.5.0.0/19] } }', '{ name: edge, tier: public, accepts: [{ from: internet, ports: [443] }] }'));
  expect(result.ok ? [] : result.problems.map(({ code }) => code)).toContain('gateway-for-nobody');
});

test('whom the interface endpoint would be taken away from is said', () => {
  const warned = (gateways: string) => {
    const result = load(withGateways(gateways));
    return result.ok ? result.warnings.filter(({ code }) => code === 'segment-without-service').map(({ message }) => message) : [result.problems];
  };
  expect(warned('{ s3: { ranges: [3.5.0.0/19], segments: [app], interfaceEndpoint: false } }')).toEqual([expect.stringContaining('leaves edge, store without')]);
  expect(warned('{ s3: { ranges: [3.5.0.0/19], segments: [app] } }')).toEqual([]);
});
