/** What an account of AWS has without asking, and environments that need more. */
import { load } from './policies';

const policy = (environments: readonly string[], segments = 1) => `organization: acme
allow: [{ host: a.acme.com, from: [s0], owner: o, reason: r }]
segments: [${Array.from({ length: segments }, (_, index) => `{ name: s${index}, tier: private }`).join(', ')}]
environments: [${environments.map((aws, index) => `{ name: e${index}, aws: { region: us-east-1, cidr: 10.${index}.0.0/16${aws} } }`).join(', ')}]
`;
const warned = (text: string) => {
  const result = load(text);
  return result.ok ? result.warnings.filter(({ code }) => code === 'quota-likely').map(({ path, message }) => `${path} ${message}`) : result.problems;
};

test('one environment of three zones fits', () => {
  expect(warned(policy(['']))).toEqual([]);
});

test('two of one account pass the addresses that it has; of two accounts they do not', () => {
  expect(warned(policy(['', '']))).toEqual(['environments[1].aws needs, with e0, 6 Elastic IP addresses in us-east-1, and an account has 5 unless it was given more']);
  expect(warned(policy([', account: "111122223333"', ', account: "444455556666"']))).toEqual([]);
  expect(warned(policy(['', ', egressZones: 2']))).toEqual([]);
  expect(warned(policy(['', '']).replace('a.acme.com, from', 'a.acme.com, clouds: [google], from'))).toEqual([]);
});

test('what is passed is told once, by the environment that passes it', () => {
  expect(warned(policy(Array.from({ length: 7 }, () => ', egressZones: 1')))).toEqual([
    expect.stringContaining('environments[5].aws needs, with e0, e1, e2, e3, e4, 6 Elastic IP addresses'),
    expect.stringContaining('environments[5].aws needs, with e0, e1, e2, e3, e4, 6 VPCs'),
    expect.stringContaining('environments[5].aws needs, with e0, e1, e2, e3, e4, 6 firewalls'),
  ]);
});

test('many segments in four zones pass what a network has', () => {
  expect(warned(policy([', zones: 4, egressZones: 1'], 50))).toEqual([
    'environments[0].aws needs 210 route tables, and a VPC has 200 unless it was given more',
    'environments[0].aws needs 212 subnets, and a VPC has 200 unless it was given more',
  ]);
});
