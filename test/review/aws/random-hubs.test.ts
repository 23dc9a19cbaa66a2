/** Verdicts on random networks around a transit gateway, against what becomes of single packets in them. */
import fc from 'fast-check';
import { addressRange } from '../../../review/model/addresses';
import { buildAwsModel } from '../../../review/model/aws/model';
import type { Traffic } from '../../../review/model/traffic';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { endpointIn, line, ref, soundStack, WORLD, type Stack } from '../sound-stack';
import { ADDRESSES, fateOf, NETWORKS, RANGES, TABLES, ZONES, type Fate, type Hub, type Network, type NetworkName, type Route, type Tables, type Target, type TransitRoute, type Zone } from './hub-packets';

type Resources = Stack['resource'];

const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const cidr = often(WORLD, fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.8.0/24', '10.0.0.0/8', '10.2.0.0/16'));
const towards = (...targets: readonly Target[]) => fc.uniqueArray(fc.record<Route>({ cidr, to: fc.constantFrom(...targets) }), { selector: (route) => route.cidr, minLength: 1, maxLength: 3 }).map((all) => all);
const tables = (routes: readonly Target[], behind: readonly Target[]): fc.Arbitrary<Tables> => fc.record({
  routes: towards(...routes), behindNat: towards('internet', 'internet', 'internet', ...behind), behindFirewall: towards('nat', 'nat', 'nat of the other zone', 'internet', ...behind),
});
const network = (routes: readonly Target[], behind: readonly Target[]): fc.Arbitrary<Network> => fc.record({
  attached: often<readonly Zone[]>(ZONES, fc.constantFrom<readonly Zone[]>(['a'], ['b'], []), 3), applianceMode: fc.boolean(), privateNat: often(false, fc.boolean(), 4),
  zones: fc.tuple(tables(routes, behind), tables(routes, behind), fc.boolean()).map(([a, b, alike]) => ({ a, b: alike ? a : b })),
});
const transitRoutes = fc.uniqueArray(fc.record<TransitRoute>({ cidr, to: fc.constantFrom('egress', 'egress', 'egress', 'other', 'other', 'far', 'far', 'spoke', 'blackhole') }), { selector: (route) => route.cidr, minLength: 1, maxLength: 3 });
const follows = fc.option(fc.constantFrom(...TABLES), { nil: undefined, freq: 3 });

const hubs: fc.Arbitrary<Hub> = fc.record({
  networks: fc.record({
    spoke: network(['transit', 'transit', 'transit', 'internet', 'peering'], []),
    egress: network(['firewall', 'firewall', 'firewall of the other zone', 'nat', 'nat', 'nat of the other zone', 'internet', 'transit', 'peering'], ['firewall', 'firewall of the other zone', 'transit']),
    other: network(['nat', 'transit', 'transit', 'internet'], ['transit']),
    far: network(['nat', 'nat', 'transit', 'internet'], ['transit']),
  }),
  byDefault: fc.boolean(), follows: fc.record({ spoke: follows, egress: follows, other: follows, far: follows }),
  teaches: fc.uniqueArray(fc.tuple(fc.constantFrom('spoke', 'egress', 'other'), fc.constantFrom(...TABLES)), { selector: String, maxLength: 4 }),
  routes: fc.record({ red: transitRoutes, blue: transitRoutes, default: transitRoutes, far: transitRoutes }),
  isPublic: often(false, fc.constant(true), 3), firewall: fc.constantFrom('drops', 'names', 'names', 'passes'),
});

const HUB = ref('aws_ec2_transit_gateway', 'hub');
const FAR = ref('aws_ec2_transit_gateway', 'far');
const PEERING = ref('aws_ec2_transit_gateway_peering_attachment', 'main');
const attachment = (name: NetworkName) => ref('aws_ec2_transit_gateway_vpc_attachment', name);
const tableId = (table: keyof Hub['routes']) => (table === 'default' ? ref('aws_ec2_transit_gateway', 'hub', 'association_default_route_table_id') : ref('aws_ec2_transit_gateway_route_table', table));
const target = (own: NetworkName, zone: Zone, to: Target) => {
  const other = zone === 'a' ? 'b' : 'a';
  const nat = (at: Zone) => ({ nat_gateway_id: ref('aws_nat_gateway', `${own}-${at}`) });
  const firewall = (at: Zone) => ({ vpc_endpoint_id: endpointIn(`us-east-1${at}`) });
  return {
    internet: { gateway_id: ref('aws_internet_gateway', own) }, nat: nat(zone), firewall: firewall(zone), 'nat of the other zone': nat(other), 'firewall of the other zone': firewall(other),
    transit: { transit_gateway_id: own === 'far' ? FAR : HUB }, peering: { vpc_peering_connection_id: ref('aws_vpc_peering_connection', 'main') },
  }[to];
};

const WITHOUT_DEFAULT = { default_route_table_association: 'disable', default_route_table_propagation: 'disable' };

function written({ networks, byDefault, follows: followed, teaches, routes, isPublic, firewall }: Hub): Stack {
  const { resource: sound } = soundStack();
  const pick = (...types: readonly string[]) => Object.fromEntries(types.map((type) => [type, sound[type]!]));
  const resource: Resources = {
    ...pick('aws_networkfirewall_rule_group', 'aws_networkfirewall_firewall_policy', 'aws_networkfirewall_firewall'),
    aws_vpc: {}, aws_subnet: {}, aws_route_table: {}, aws_route_table_association: {}, aws_internet_gateway: {}, aws_eip: {}, aws_nat_gateway: {},
    aws_ec2_transit_gateway: { hub: byDefault ? {} : WITHOUT_DEFAULT, far: WITHOUT_DEFAULT },
    aws_ec2_transit_gateway_peering_attachment: { main: { transit_gateway_id: HUB, peer_transit_gateway_id: FAR, peer_region: 'us-east-1' } },
    aws_ec2_transit_gateway_route_table: { ...Object.fromEntries(TABLES.map((name) => [name, { transit_gateway_id: HUB }])), far: { transit_gateway_id: FAR } },
    aws_ec2_transit_gateway_vpc_attachment: {}, aws_ec2_transit_gateway_route_table_association: {}, aws_ec2_transit_gateway_route_table_propagation: {}, aws_ec2_transit_gateway_route: {},
    aws_vpc_peering_connection: { main: { vpc_id: ref('aws_vpc', 'spoke'), peer_vpc_id: ref('aws_vpc', 'egress'), auto_accept: true } },
    aws_security_group: { app: { vpc_id: ref('aws_vpc', 'spoke'), ingress: [], egress: [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] })] } },
    aws_instance: { app: { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'spoke-attachment-a'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: isPublic } },
  };
  for (const [at, name] of NETWORKS.entries()) {
    const { attached, applianceMode, privateNat, zones } = networks[name];
    resource.aws_vpc![name] = { cidr_block: RANGES[name] };
    resource.aws_internet_gateway![name] = { vpc_id: ref('aws_vpc', name) };
    for (const [index, zone] of ZONES.entries()) {
      const { routes: own, behindNat, behindFirewall } = zones[zone];
      for (const [kind, [subnet, table]] of Object.entries({ attachment: own, nat: behindNat, firewall: behindFirewall }).entries()) {
        const id = `${name}-${subnet}-${zone}`;
        resource.aws_subnet![id] = { vpc_id: ref('aws_vpc', name), cidr_block: `10.${at + 1}.${index * 10 + kind}.0/24`, availability_zone: `us-east-1${zone}` };
        resource.aws_route_table![id] = { vpc_id: ref('aws_vpc', name), route: table.map((route) => ({ cidr_block: route.cidr, ...target(name, zone, route.to) })) };
        resource.aws_route_table_association![id] = { subnet_id: ref('aws_subnet', id), route_table_id: ref('aws_route_table', id) };
      }
      resource.aws_eip![`${name}-${zone}`] = { domain: 'vpc' };
      resource.aws_nat_gateway![`${name}-${zone}`] = { subnet_id: ref('aws_subnet', `${name}-nat-${zone}`), ...(privateNat ? { connectivity_type: 'private' } : { allocation_id: ref('aws_eip', `${name}-${zone}`, 'allocation_id') }) };
    }
    if (attached.length === 0) continue;
    const follow = name === 'far' ? 'far' : followed[name];
    resource.aws_ec2_transit_gateway_vpc_attachment![name] = {
      transit_gateway_id: name === 'far' ? FAR : HUB, vpc_id: ref('aws_vpc', name), subnet_ids: attached.map((zone) => ref('aws_subnet', `${name}-attachment-${zone}`)), ...(applianceMode ? { appliance_mode_support: 'enable' } : {}),
      ...(byDefault && follow && name !== 'far' ? { transit_gateway_default_route_table_association: false } : {}),
    };
    if (follow) resource.aws_ec2_transit_gateway_route_table_association![name] = { transit_gateway_attachment_id: attachment(name), transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', follow) };
  }
  for (const [name, table] of teaches) {
    if (networks[name].attached.length > 0) resource.aws_ec2_transit_gateway_route_table_propagation![`${name}-${table}`] = { transit_gateway_attachment_id: attachment(name), transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', table) };
  }
  for (const table of [...TABLES, 'far' as const, ...(byDefault ? ['default' as const] : [])]) {
    for (const [at, route] of routes[table].entries()) {
      resource.aws_ec2_transit_gateway_route![`${table}-${at}`] = {
        destination_cidr_block: route.cidr, transit_gateway_route_table_id: tableId(table),
        ...(route.to === 'blackhole' ? { blackhole: true } : { transit_gateway_attachment_id: (table === 'far') === (route.to === 'far') ? attachment(route.to) : PEERING }),
      };
    }
  }
  const associate = (name: string, table: keyof Hub['routes']) => { resource.aws_ec2_transit_gateway_route_table_association![name] = { transit_gateway_attachment_id: PEERING, transit_gateway_route_table_id: tableId(table) }; };
  associate('there', 'far');
  if (followed.far) associate('here', followed.far);
  const wall = resource.aws_networkfirewall_firewall!.main!;
  Object.assign(wall, { vpc_id: ref('aws_vpc', 'egress'), subnet_mapping: ZONES.map((zone) => ({ subnet_id: ref('aws_subnet', `egress-firewall-${zone}`) })) });
  resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source.rules_string = {
    drops: 'drop ip any any -> any any (sid:1;)', names: 'pass tls any any -> any any (tls.sni; content:"a.example.com"; startswith; endswith; sid:1;)\ndrop ip any any -> any any (sid:2;)', passes: 'pass ip any any -> any any (sid:1;)',
  }[firewall];
  return { resource };
}

/** What every hub has, so that the plan tells everything: the sender is attached, each attachment has a table, and no route leads to what is not attached. */
function told(hub: Hub): Hub {
  const { spoke, egress, other, far } = hub.follows;
  const networks = { ...hub.networks, spoke: { ...hub.networks.spoke, attached: hub.networks.spoke.attached.includes('a') ? hub.networks.spoke.attached : ['a' as const] } };
  const real = (table: keyof Hub['routes']) => hub.routes[table].filter(({ to }) => to === 'blackhole' || (table === 'far') !== (to === 'far') || networks[to].attached.length > 0);
  const routes = { red: real('red'), blue: real('blue'), default: real('default'), far: real('far') };
  return { ...hub, networks, routes, follows: hub.byDefault ? hub.follows : { spoke: spoke ?? 'red', egress: egress ?? 'blue', other: other ?? 'blue', far: far ?? 'blue' } };
}

function isIn(flows: readonly Traffic[], to: string): boolean {
  const address = addressRange(to)!.range[0];
  return flows.some(({ boxes }) => boxes.some((box) => box.destinations.some(([from, last]) => from <= address && address <= last)));
}

/** Whether a verdict says of each packet what is true: what gets out is told, as certain or as a doubt, and an open way is one for some packet. */
function judge({ kind, openTraffic = [], doubtfulTraffic = [] }: Verdict, fates: readonly (readonly [string, Fate])[]): 'right' | 'missed' | 'alarm' | 'doubt' {
  if (fates.some(([to, fate]) => fate === 'open' && !isIn([...openTraffic, ...doubtfulTraffic], to))) return 'missed';
  if (kind === 'none' && fates.some(([, fate]) => fate === 'named')) return 'missed';
  if (fates.some(([to, fate]) => fate !== 'open' && isIn(openTraffic, to))) return 'alarm';
  return kind === 'unknown' ? 'doubt' : 'right';
}

function compare(spoil: (resource: Resources) => void = () => undefined, numRuns = 400) {
  const seen = { right: 0, missed: 0, alarm: 0, doubt: 0, open: 0, named: 0 };
  fc.assert(fc.property(hubs.map(told), (hub) => {
    const stack = written(hub);
    spoil(stack.resource);
    const place = buildAwsModel(buildGraph(parsePlan(JSON.stringify(stack), 'cdk.tf.json'))).places.find(({ id }) => id === 'aws_instance.app')!;
    const fates = ADDRESSES.map((to) => [to, fateOf(hub, to)] as const);
    seen[judge(verdictOf(trace(place, 4)), fates)] += 1;
    for (const fate of ['open', 'named'] as const) if (fates.some(([, own]) => own === fate)) seen[fate] += 1;
  }), { seed: 1, numRuns });
  return seen;
}

test('every packet that gets out of random networks around a transit gateway is told', () => {
  const { missed, alarm, doubt, open, named } = compare();
  expect([missed, alarm]).toEqual([0, 0]);
  expect([open > 40, named > 2]).toEqual([true, true]);
  // AWS keeps packets in their zone; that it does so in each case is not relied on.
  expect(doubt).toBeLessThan(16);
});

test.each<[string, (resource: Resources) => void]>([
  ['the static routes', (resource) => void (resource.aws_ec2_transit_gateway_route = {})],
  ['the second zone', (resource) => Object.values(resource.aws_ec2_transit_gateway_vpc_attachment!).forEach((each) => void (each.subnet_ids = each.subnet_ids.slice(0, 1)))],
  ['what the firewall passes', (resource) => void (resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source.rules_string = 'drop ip any any -> any any (sid:1;)')],
])('a review that does not see %s is caught', (_, spoil) => {
  expect(compare(spoil, 300).missed).toBeGreaterThan(0);
});

/** From the spoke by the transit gateway to the network with the way out: there to the firewall, behind it to NAT. */
const guardedTables: Tables = { routes: [{ cidr: WORLD, to: 'firewall' }], behindFirewall: [{ cidr: WORLD, to: 'nat' }], behindNat: [{ cidr: WORLD, to: 'internet' }] };
const onward: Tables = { ...guardedTables, routes: [{ cidr: WORLD, to: 'transit' }] };
const unguarded: Tables = { ...guardedTables, routes: [{ cidr: WORLD, to: 'nat' }] };
const twice = (zone: Tables): Network['zones'] => ({ a: zone, b: zone });
const PLAIN = { attached: ZONES, applianceMode: false, privateNat: false };
const GUARDED: Hub = {
  networks: { spoke: { ...PLAIN, zones: twice(onward) }, egress: { ...PLAIN, zones: twice(guardedTables) }, other: { ...PLAIN, zones: twice(unguarded) }, far: { ...PLAIN, zones: twice(unguarded) } },
  byDefault: false, follows: { spoke: 'red', egress: 'blue', other: 'blue', far: 'blue' }, teaches: [], routes: { red: [{ cidr: WORLD, to: 'egress' }], blue: [], default: [], far: [] }, isPublic: false, firewall: 'names',
};
const verdictIn = (hub: Hub) => verdictOf(trace(buildAwsModel(buildGraph(parsePlan(JSON.stringify(written(hub)), 'cdk.tf.json'))).places.find(({ id }) => id === 'aws_instance.app')!, 4)).kind;
const withNetwork = (hub: Hub, name: NetworkName, own: Partial<Network>): Hub => ({ ...hub, networks: { ...hub.networks, [name]: { ...hub.networks[name], ...own } } });

test('in appliance mode flows of one zone come out in the other, too', () => {
  const half = withNetwork(GUARDED, 'egress', { zones: { a: guardedTables, b: unguarded } });
  expect([GUARDED, half, withNetwork(half, 'egress', { applianceMode: true })].map(verdictIn)).toEqual(['allowlisted', 'unknown', 'open']);
});

test('a packet that a firewall let out in another zone is handed on there', () => {
  // Behind the firewall in zone b the transit gateway leads on to the other network, which leads out in zone b alone.
  const crossing: Tables = { ...guardedTables, routes: [{ cidr: WORLD, to: 'firewall of the other zone' }], behindFirewall: [{ cidr: WORLD, to: 'transit' }] };
  const hub = withNetwork(withNetwork({ ...GUARDED, routes: { ...GUARDED.routes, blue: [{ cidr: WORLD, to: 'other' }] } }, 'egress', { zones: twice(crossing) }), 'other', { zones: { a: { ...unguarded, routes: [] }, b: unguarded } });
  expect(verdictIn(hub)).toBe('allowlisted');
  expect(verdictIn({ ...hub, firewall: 'passes' })).toBe('open');
});

test('a packet that passes two networks follows the table of each', () => {
  // By the other network to that with the firewall, and by its table back, into the second zone.
  const around: Hub = { ...GUARDED, byDefault: true, follows: { ...GUARDED.follows, egress: undefined }, routes: { ...GUARDED.routes, red: [{ cidr: WORLD, to: 'other' }], blue: [{ cidr: WORLD, to: 'egress' }], default: [{ cidr: WORLD, to: 'spoke' }] } };
  const hub = withNetwork(withNetwork(withNetwork(around, 'other', { zones: twice(onward) }), 'egress', { zones: twice(onward) }), 'spoke', { applianceMode: true, zones: { a: onward, b: unguarded } });
  expect(verdictIn(hub)).toBe('open');
  expect(verdictIn({ ...hub, follows: { ...hub.follows, egress: 'blue' } })).toBe('none');
});
