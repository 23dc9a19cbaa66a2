/** What a construct is handed by an app of somebody's own, and AWS would refuse, or take for something else. */
import { AwsEgressControl, type AwsEgressControlProps } from '../../../blueprints/aws/egress-control';
import { AwsSegmentedNetwork, type AwsSegmentedNetworkProps } from '../../../blueprints/aws/segmented-network';
import { BlueprintError } from '../../../blueprints/blueprint-error';
import { addressesOf, allow, awsPolicy, environmentOf, synthesize } from './policies';

const policy = awsPolicy('[]', '[{ name: app, tier: private }, { name: jobs, tier: private }]', '[]');
const { region, zones } = environmentOf(policy);
const NETWORK: AwsSegmentedNetworkProps = { name: 'acme-test', region, zones, account: '111122223333', segments: policy.segments, rules: [], addresses: addressesOf(policy) };
const EGRESS: AwsEgressControlProps = {
  name: 'acme-test',
  rules: [{ ...allow('api.stripe.com'), segments: ['app'] }],
  segments: [
    { name: 'app', cidrs: ['10.20.16.0/24'], subnets: [{ zone: 'us-east-1a', cidr: '10.20.16.0/24' }] },
    { name: 'jobs', cidrs: ['10.20.20.0/24'], subnets: [{ zone: 'us-east-1a', cidr: '10.20.20.0/24' }] },
  ],
  vpcId: 'vpc-1', vpcCidr: '10.20.0.0/16', internetGatewayId: 'igw-1',
  zones: [{ name: 'us-east-1a', firewallCidr: '10.20.4.0/24', natCidr: '10.20.0.0/24' }],
};

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
    return [];
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}
const network = (change: Partial<AwsSegmentedNetworkProps>) => problemsOf(() => synthesize((stack) => new AwsSegmentedNetwork(stack, 'network', { ...NETWORK, ...change })));
const egress = (change: Partial<AwsEgressControlProps>) => problemsOf(() => synthesize((stack) => new AwsEgressControl(stack, 'egress', { ...EGRESS, ...change })));
const [zone] = EGRESS.zones as [(typeof EGRESS.zones)[number]];
const [app, jobs] = EGRESS.segments as [(typeof EGRESS.segments)[number], (typeof EGRESS.segments)[number]];

test('sound props have no problem', () => {
  expect([network({}), egress({})]).toEqual([[], []]);
});

test('a network says everything at once', () => {
  const addresses = { ...NETWORK.addresses, segmentIn: () => '10.20.16.0/30' };
  expect(network({ name: 'acme prod', region: 'us_east', account: 'prod', addresses })).toEqual([
    expect.stringContaining("aws: the name 'acme prod'"),
    expect.stringContaining("aws: 'us_east' is no region of aws"),
    ...zones.map((each) => expect.stringContaining(`'${each.name}' is no zone of us_east`)),
    expect.stringContaining("'prod' is no account; write its twelve digits"),
    ...Array(zones.length * 2).fill(expect.stringContaining('is too small')),
    ...Array(zones.length * 2 - 1).fill(expect.stringContaining('overlaps 10.20.16.0/30')),
  ]);
});

test('a range that is added to the network is not in it', () => {
  expect(network({ secondaryCidrs: { app: '10.20.64.0/20' } })).toEqual([expect.stringContaining('overlaps 10.20.0.0/16 of the network')]);
});

test.each<readonly [string, Partial<AwsEgressControlProps>, string]>([
  ['a segment with the addresses of another has its hosts', { segments: [{ ...app, cidrs: ['10.20.0.0/16'] }, jobs] }, "overlaps 10.20.0.0/16 of 'app'"],
  ['a segment with every address', { segments: [{ ...app, cidrs: ['0.0.0.0/0'] }, jobs] }, 'is not a private range'],
  ['a segment with text that would end a rule', { segments: [{ ...app, cidrs: ['any any -> any any ('] }, jobs] }, 'is not an IPv4 block'],
  ['a segment twice', { segments: [app, jobs, { ...jobs, cidrs: ['10.20.21.0/24'] }] }, "'jobs' is the name of two segments"],
  ['a firewall outside of the network', { zones: [{ ...zone, firewallCidr: '10.21.0.0/24' }] }, "not in 10.20.0.0/16, the network's own"],
  ['a firewall among workloads', { zones: [{ ...zone, firewallCidr: '10.20.16.0/28' }] }, "overlaps 10.20.16.0/24 of 'app'"],
  ['everything as its own: no address would be outside', { homeNet: ['10.20.0.0/16', '0.0.0.0/0'] }, "the block of homeNet, '0.0.0.0/0', is not a private range"],
  ['a firewall in too small a subnet', { zones: [{ ...zone, firewallCidr: '10.20.4.0/29' }] }, 'at most a /28'],
])('an egress control refuses %s', (_, change, part) => {
  expect(egress(change).join('\n')).toContain(part);
});
