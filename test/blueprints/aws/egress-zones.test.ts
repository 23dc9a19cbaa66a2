import { servingZones } from '../../../blueprints/aws/egress-zones';
import { createStack } from '../../../stacks/aws';
import { AwsEgressControl } from '../../../blueprints/aws/egress-control';
import { App } from 'cdktf';
import { policyOf } from '../../fixtures/stacks';
import { withAwsOptions } from '../../fixtures/aws-options';
import { allow, synthesize } from './policies';

const zone = (letter: string) => ({ name: `us-east-1${letter}`, slot: letter.charCodeAt(0) - 97 });
const ZONES = ['c', 'a', 'b'].map(zone);

test('every zone has its own way out unless told otherwise', () => {
  expect(servingZones(ZONES)).toEqual({ 'us-east-1a': 'us-east-1a', 'us-east-1b': 'us-east-1b', 'us-east-1c': 'us-east-1c' });
});

test('a zone without a way out is given to another, and one that comes moves none', () => {
  const served = servingZones(ZONES, ['us-east-1c', 'us-east-1a']);
  expect(served).toEqual({ 'us-east-1a': 'us-east-1a', 'us-east-1b': 'us-east-1c', 'us-east-1c': 'us-east-1c' });
  expect(servingZones([...ZONES, zone('d')], ['us-east-1c', 'us-east-1a'])).toMatchObject(served);
});

test('a zone with an endpoint that is sent to another is refused: replies would come back by its own', () => {
  const props = {
    name: 'acme', rules: [allow('api.stripe.com')], vpcId: 'vpc-1', vpcCidr: '10.20.0.0/16', internetGatewayId: 'igw-1',
    segments: [{ name: 'payments', cidrs: ['10.20.16.0/24'], subnets: [{ zone: 'us-east-1a', cidr: '10.20.16.0/24' }] }],
    zones: ['a', 'b'].map((letter, index) => ({ name: `us-east-1${letter}`, firewallCidr: `10.20.4.${index * 16}/28`, natCidr: `10.20.0.${index * 16}/28` })),
    servedBy: { 'us-east-1a': 'us-east-1b' },
  };
  expect(() => synthesize((stack) => new AwsEgressControl(stack, 'egress', props))).toThrow(/us-east-1a has a firewall endpoint and is served by us-east-1b/);
});

test('npm start says who shares, what it saves and what it risks', () => {
  const { policy } = policyOf(withAwsOptions({ egressZones: 1 }));
  const { summary } = createStack(new App({ stackTraces: false }), policy, policy.environments[0]!);
  const risk = summary.residualRisks.find(({ id }) => id === 'shared-egress-zone');
  expect(risk).toMatchObject({ segments: ['payments', 'platform'], summary: expect.stringMatching(/us-east-1b, us-east-1c leave by .* us-east-1a/) });
  expect(summary.segments.find(({ name }) => name === 'payments')!.wayOut).toBe('firewall endpoint and NAT gateway in us-east-1a, internet gateway');
  expect(summary.cost!.items.find(({ id }) => id === 'firewall-endpoint')).toMatchObject({ quantity: 1 });
  expect(summary.cost!.tradeOffs).toHaveLength(1);
});
