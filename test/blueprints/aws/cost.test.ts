/** What an AWS network costs before traffic: the arithmetic, and that it counts what is built. */
import { App, Testing } from 'cdktf';
import { awsCost, type AwsCostProps } from '../../../blueprints/aws/cost';
import { LIST_PRICES, LOOKED_UP } from '../../../blueprints/aws/list-prices';
import { cents, HOURS_PER_MONTH, totalOf } from '../../../blueprints/cost';
import { createStack } from '../../../stacks/aws';
import type { SynthesizedStack } from '../../contract/observation';
import { awsPolicy, bodies } from './policies';

const OPEN: AwsCostProps = { zones: 3, interfaceEndpoints: 11, firewall: true, nat: true, internetGateway: true };
const CLOSED: AwsCostProps = { zones: 3, interfaceEndpoints: 0, firewall: false, nat: false, internetGateway: false };

const step = (props: AwsCostProps, id: string) => awsCost(props).steps.find((one) => one.id === id)?.monthlyUsd;
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

test('the example of three zones and eleven interface endpoints', () => {
  expect(awsCost(OPEN)).toMatchObject({
    monthlyUsd: 1116.9,
    items: [
      { id: 'firewall-endpoint', quantity: 3, monthlyUsd: 865.05 },
      { id: 'interface-endpoint', quantity: 33, monthlyUsd: 240.9 },
      { id: 'nat-gateway', quantity: 3, monthlyUsd: 0, note: expect.stringContaining('waives the $0.045 an hour') },
      { id: 'public-address', quantity: 3, monthlyUsd: 10.95 },
    ],
  });
});

describe.each([1, 2, 3])('from %s zones', (zones) => {
  test.each([
    ['everything', OPEN],
    ['a firewall elsewhere', { ...OPEN, firewall: false }],
    ['endpoints alone', { ...CLOSED, interfaceEndpoints: 5 }],
  ])('one more costs what the step says: %s', (_, props) => {
    const here = { ...props, zones };
    expect(step(here, 'zone')).toBe(cents(awsCost({ ...props, zones: zones + 1 }).monthlyUsd - awsCost(here).monthlyUsd));
  });

  test('one more interface endpoint costs what the step says', () => {
    const here = { ...OPEN, zones };
    expect(step(here, 'interface-endpoint')).toBe(cents(awsCost({ ...here, interfaceEndpoints: 12 }).monthlyUsd - awsCost(here).monthlyUsd));
  });

  test('the total is the sum of the items', () => {
    const cost = awsCost({ ...OPEN, zones });
    expect(cost.monthlyUsd).toBe(totalOf(cost.items));
  });
});

test('a NAT gateway is waived beside a firewall endpoint, and paid for without one', () => {
  const alone = awsCost({ ...OPEN, firewall: false });
  expect(alone.items).toContainEqual(expect.objectContaining({ id: 'nat-gateway', quantity: 3, monthlyUsd: 98.55 }));
  expect(alone.usage).toContainEqual(expect.objectContaining({ id: 'nat-traffic', usd: 0.045 }));
  expect(awsCost(OPEN).usage).toContainEqual(expect.objectContaining({ id: 'nat-traffic', usd: 0, note: expect.stringContaining('$0.045') }));
});

test('a closed network costs its logs and nothing else', () => {
  const cost = awsCost(CLOSED);
  expect(cost).toMatchObject({ monthlyUsd: 0, items: [], steps: [] });
  expect(ids(cost.usage)).toEqual(['log-ingestion', 'log-storage']);
});

test('DNS queries are priced only where something filters them', () => {
  expect(ids(awsCost(OPEN).usage)).not.toContain('dns-firewall-queries');
  expect(awsCost({ ...OPEN, dnsFirewall: true }).usage).toContainEqual(expect.objectContaining({ id: 'dns-firewall-queries', usd: 0.6, unit: 'million queries' }));
});

test('one zone is a trade-off that is told, not a bargain', () => {
  expect(awsCost({ ...OPEN, zones: 1 }).tradeOffs).toEqual([expect.stringMatching(/^one zone: when it fails/)]);
  expect(awsCost(OPEN).tradeOffs).toEqual([]);
  expect(awsCost({ ...OPEN, tlsInspection: true }).tradeOffs).toEqual([expect.stringMatching(/^tls inspection: .*not in this sum; see https:/)]);
});

describe('the table of list prices', () => {
  test('has a day, and it travels with every estimate', () => {
    expect(LOOKED_UP).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Number.isNaN(Date.parse(LOOKED_UP))).toBe(false);
    expect(awsCost(CLOSED)).toMatchObject({ pricesOf: LOOKED_UP, priceRegion: 'us-east-1' });
  });

  test.each(Object.entries(LIST_PRICES))('%s is above 0 and says where AWS publishes it', (_, price) => {
    expect(price.usd).toBeGreaterThan(0);
    expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\/.+\/$/);
    expect(awsCost(OPEN).sources).toContain(price.source);
  });
});

describe('in a stack', () => {
  function build(allow: string, segments: string, services: string, zones: number) {
    const policy = awsPolicy(allow, segments, services, zones);
    const stack = createStack(new App({ stackTraces: false }), policy, policy.environments[0]!);
    return { cost: stack.summary.cost!, json: JSON.parse(Testing.synth(stack)) as SynthesizedStack };
  }
  const quantity = (cost: { items: readonly { id: string; quantity: number }[] }, id: string) => cost.items.find((item) => item.id === id)?.quantity ?? 0;

  const SEGMENTS = '[{ name: payments, tier: private }, { name: ledger, tier: data }]';
  const ALLOW = '[{ host: api.stripe.com, from: [payments], owner: team, reason: test }]';

  test.each([
    ['hosts and services, one zone', ALLOW, '[object-storage, secrets]', 1],
    ['hosts and services, three zones', ALLOW, '[object-storage, secrets, logs]', 3],
    ['hosts alone', ALLOW, '[]', 2],
    ['services alone', '[]', '[container-registry]', 2],
    ['nothing', '[]', '[]', 2],
  ])('it counts what is built: %s', (_, allow, services, zones) => {
    const { cost, json } = build(allow, SEGMENTS, services, zones);
    const interfaces = bodies(json, 'aws_vpc_endpoint').filter((endpoint) => endpoint.vpc_endpoint_type === 'Interface');
    expect(cost.items.map(({ id }) => [id, quantity(cost, id)])).toEqual([
      ['firewall-endpoint', bodies(json, 'aws_networkfirewall_firewall').flatMap((firewall) => firewall.subnet_mapping).length],
      ['interface-endpoint', interfaces.flatMap((endpoint) => endpoint.subnet_ids).length],
      ['nat-gateway', bodies(json, 'aws_nat_gateway').length],
      ['public-address', bodies(json, 'aws_eip').length],
    ].filter(([, count]) => count !== 0));
  });

  test('without an allowed host there is no firewall, and no traffic price for one', () => {
    const { cost } = build('[]', SEGMENTS, '[container-registry]', 2);
    expect(ids(cost.items)).toEqual(['interface-endpoint']);
    expect(ids(cost.usage)).toEqual(['interface-traffic', 'dns-firewall-queries', 'dns-firewall-names', 'log-ingestion', 'log-storage']);
  });

  test('an hour of everything, times the hours of a month', () => {
    const { cost } = build(ALLOW, SEGMENTS, '[]', 2);
    expect(cost.monthlyUsd).toBe(cents(2 * (0.395 + 0.005) * HOURS_PER_MONTH));
  });
});

test('a way out in one of three zones: what it saves, what it risks, and what one more would cost', () => {
  const shared = { ...OPEN, egressZones: 1 };
  const cost = awsCost(shared);
  expect(cost.monthlyUsd).toBe(532.9);
  expect(step(shared, 'zone')).toBe(cents(awsCost({ ...shared, zones: 4 }).monthlyUsd - cost.monthlyUsd));
  expect(step(shared, 'egress-zone')).toBe(cents(awsCost({ ...OPEN, egressZones: 2 }).monthlyUsd - cost.monthlyUsd));
  expect(cost.tradeOffs).toEqual([expect.stringMatching(/^a way out in 1 of 3 zones: .*\$0\.01 a GB in each direction/)]);
  expect(cost.usage).toContainEqual(expect.objectContaining({ id: 'cross-zone-traffic', usd: 0.01 }));
  expect(ids(awsCost(OPEN).steps)).toEqual(['zone', 'interface-endpoint']);
  // With neither firewall nor NAT there is nothing to share.
  expect(awsCost({ ...CLOSED, egressZones: 1 }).tradeOffs).toEqual([]);
});
