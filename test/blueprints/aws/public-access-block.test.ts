import { AwsPublicAccessBlock, type AwsPublicAccessBlockProps } from '../../../blueprints/aws/public-access-block';
import { bodies, synthesize } from './policies';

const subnets = [{ zone: 'us-east-1a', id: 'subnet-a' }, { zone: 'us-east-1b', id: 'subnet-b' }];
const edge = { name: 'edge', subnets, defaultRoute: 'internet-gateway' as const };
const payments = { name: 'payments', subnets: [], defaultRoute: 'egress-control' as const };
const ledger = { name: 'ledger', subnets: [], defaultRoute: 'none' as const };

const made = (segments: AwsPublicAccessBlockProps['segments'], over: Partial<AwsPublicAccessBlockProps> = {}) => synthesize((stack) => (
  new AwsPublicAccessBlock(stack, 'block', { name: 'acme', vpcId: 'vpc-1', mode: 'account', segments, ...over })));
const exclusions = (stack: ReturnType<typeof made>) => bodies(stack, 'aws_vpc_block_public_access_exclusion').map(({ vpc_id, subnet_id, internet_gateway_exclusion_mode }) => [vpc_id ?? subnet_id, internet_gateway_exclusion_mode]);

test.each([
  ['nothing that meets the internet', [ledger], []],
  ['public segments alone: their subnets', [ledger, edge], [['subnet-a', 'allow-bidirectional'], ['subnet-b', 'allow-bidirectional']]],
  ['hosts alone: the network, outwards', [ledger, payments], [['vpc-1', 'allow-egress']]],
  ['both: the network, both ways', [payments, edge], [['vpc-1', 'allow-bidirectional']]],
] as const)('excluded for %s', (_, segments, expected) => {
  expect(exclusions(made(segments))).toEqual(expected);
});

test('subnets in a range of the segment\'s own are excluded beside the others of their zone', () => {
  const ranged = { ...edge, subnets: [...subnets, { zone: 'us-east-1a', id: 'subnet-c', secondary: true }] };
  expect(exclusions(made([ranged])).map(([id]) => id).sort()).toEqual(['subnet-a', 'subnet-b', 'subnet-c']);
});

test('the switch comes after what it would cut, and a destroy of it is refused until protection is off', () => {
  const [options] = bodies(made([payments]), 'aws_vpc_block_public_access_options');
  expect(options).toMatchObject({ internet_gateway_block_mode: 'block-bidirectional', lifecycle: { prevent_destroy: true } });
  expect(options.depends_on).toEqual([expect.stringMatching(/^aws_vpc_block_public_access_exclusion\./)]);
  expect(bodies(made([payments], { deletionProtection: false }), 'aws_vpc_block_public_access_options')[0]).not.toHaveProperty('lifecycle');
});

test('where somebody else has the switch, only exclusions are made', () => {
  const stack = made([payments], { mode: 'exclusions' });
  expect(bodies(stack, 'aws_vpc_block_public_access_options')).toEqual([]);
  expect(exclusions(stack)).toHaveLength(1);
});
