/** Verdicts on random virtual WANs, against what becomes of single packets in them. */
import fc from 'fast-check';
import { addressRange } from '../../../../review/model/addresses';
import { buildAzureModel } from '../../../../review/model/azure/azure-model';
import type { Traffic } from '../../../../review/model/traffic';
import { trace } from '../../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../../review/paths/verdict';
import { buildGraph } from '../../../../review/plan/build-graph';
import { parsePlan } from '../../../../review/plan/load';
import { asPlan, type Resources } from '../../as-plan';
import { ADDRESSES, ANY, APPLIANCE, HUBS, NETWORKS, RANGES, waysOf, type Branch, type Connection, type Hub, type HubName, type Label, type RouteMap, type Subnet, type TableRoute, type UserRoute, type Wan, type Way } from './wan';

const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 3): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const prefix = often('0.0.0.0/0', fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '10.0.0.0/8'), 1);
/** Now and then one that the plan does not tell. */
const hidden = fc.oneof({ weight: 12, arbitrary: prefix }, { weight: 1, arbitrary: fc.constant(ANY) });
const tableRoutes = fc.uniqueArray(fc.record<TableRoute>({ prefix: hidden, to: fc.constantFrom('firewall', 'firewall', 'nva') }), { selector: (route) => route.prefix, maxLength: 2 });
const hub: fc.Arbitrary<Hub> = fc.record({
  firewall: fc.constantFrom('none', 'drops', 'names', 'names', 'passes'), intent: fc.constantFrom<Hub['intent']>([], [], ['Internet'], ['PrivateTraffic'], ['Internet', 'PrivateTraffic']),
  routes: fc.record({ default: tableRoutes, red: tableRoutes }), labels: often<readonly Label[]>([], fc.constantFrom<readonly Label[]>(['blue'], ['default']), 1),
  branch: often<Branch>('nothing', fc.constantFrom('vpn', 'express route', 'users', 'bgp'), 4),
});
const map: fc.Arbitrary<RouteMap | undefined> = often<RouteMap | undefined>(undefined, fc.record<RouteMap>({ matches: fc.constantFrom('Contains', 'Equals', 'NotContains', 'NotEquals', 'everything'), prefix, makes: fc.oneof(fc.constantFrom('nothing', 'a longer path'), prefix) }), 6);
const connection = (hubs: readonly HubName[]): fc.Arbitrary<Connection> => fc.record({
  hub: fc.constantFrom(...hubs), secured: often(true, fc.boolean()), associated: often('default', fc.constant('red'), 2), propagates: often(true, fc.constant(false)),
  statics: fc.uniqueArray(hidden, { maxLength: 2 }), teaches: fc.constantFrom<Connection['teaches']>(['default'], ['red'], ['default', 'red'], [], []),
  labels: fc.constantFrom<readonly Label[]>([], ['default'], ['blue'], ['none'], ['blue', 'default']), maps: fc.record({ inbound: map, outbound: map }),
});
const subnet: fc.Arbitrary<Subnet> = fc.record({
  routes: fc.option(fc.uniqueArray(fc.record<UserRoute>({ prefix, to: fc.constantFrom('Internet', 'None', 'VirtualNetworkGateway') }), { selector: (route) => route.prefix, maxLength: 2 }), { nil: undefined, freq: 2 }),
  learns: often(true, fc.constant(false)), publicAddress: fc.boolean(), defaultOutbound: often(false, fc.constant(true)),
});
const wans = fc.record<Wan>({
  isOne: often(true, fc.constant(false)), isElsewhere: often(false, fc.constant(true)), hubs: fc.record({ near: hub, away: hub }), subnets: fc.record({ app: subnet, nva: subnet }), forwards: often(true, fc.constant(false)),
  connections: fc.record({ app: fc.option(connection(['near']), { nil: undefined, freq: 12 }), nva: fc.option(connection(HUBS), { nil: undefined, freq: 4 }) }),
}).map(taken);

/** What Azure takes: no route and no intent for a firewall that is not there, with an intent no other table, and statics of the appliance's network alone. */
function taken(wan: Wan): Wan {
  const hubs = Object.fromEntries(HUBS.map((name) => {
    const own = wan.hubs[name];
    const intent = own.firewall === 'none' ? [] : own.intent;
    const { nva } = wan.connections;
    const isForced = intent.length === 1 && intent[0] === 'PrivateTraffic';
    const kept = (routes: readonly TableRoute[]) => routes.filter(({ to }) => (to === 'firewall' ? own.firewall !== 'none' : intent.length === 0 && nva !== undefined && (nva.hub === name || wan.isOne)));
    return [name, { ...own, intent, branch: own.branch === 'bgp' && nva?.hub !== name ? 'nothing' : own.branch, routes: { default: intent.length === 0 || isForced ? kept(own.routes.default) : [], red: intent.length === 0 ? kept(own.routes.red) : [] } }];
  })) as unknown as Wan['hubs'];
  const joined = (each: Connection | undefined, isAppliance: boolean): Connection | undefined => each && { ...each, statics: isAppliance ? each.statics : [], ...(hubs[each.hub].intent.length > 0 ? { associated: 'default' as const, teaches: ['default' as const], labels: [] } : {}) };
  return { ...wan, hubs, connections: { app: joined(wan.connections.app, false), nva: joined(wan.connections.nva, true) } };
}

/** Of all packets: none that storage answers on, which a machine calls without any address; a group refuses those. */
const PORT = 8443;

const ref = (type: string, name: string, attribute = 'id'): string => `\${${type}.${name}.${attribute}}`;
const at = { resource_group_name: 'rg', location: 'westeurope' };

/** A value that is known after the apply at the earliest. */
const told = (prefix: string): string | readonly string[] => (prefix === ANY ? '${data.http.prefixes.response_headers}' : [prefix]);

function written({ isOne, isElsewhere, hubs, connections, subnets, forwards }: Wan): { readonly resource: Resources } {
  const resource: Resources = {};
  const add = (type: string, name: string, values: object) => { (resource[type] ??= {})[name] = { name, ...at, ...values }; };
  const tableOf = (name: HubName, table: 'default' | 'red') => (table === 'default' ? ref('azurerm_virtual_hub', name, 'default_route_table_id') : ref('azurerm_virtual_hub_route_table', name));
  const wanOf = (name: HubName): string => {
    const wan = name === 'near' || isOne ? 'one' : 'two';
    if (isElsewhere) return `/subscriptions/x/resourceGroups/rg/providers/Microsoft.Network/virtualWans/${wan}`;
    add('azurerm_virtual_wan', wan, {});
    return ref('azurerm_virtual_wan', wan);
  };
  for (const name of HUBS) {
    const { firewall, intent, routes, branch, labels } = hubs[name];
    add('azurerm_virtual_hub', name, { virtual_wan_id: wanOf(name), address_prefix: name === 'near' ? '10.100.0.0/23' : '10.101.0.0/23' });
    if (firewall !== 'none') {
      add('azurerm_firewall_policy', name, {});
      if (firewall !== 'drops') add('azurerm_firewall_policy_rule_collection_group', name, {
        firewall_policy_id: ref('azurerm_firewall_policy', name), priority: 100,
        ...(firewall === 'passes' ? { network_rule_collection: [{ name: 'all', priority: 100, action: 'Allow', rule: [{ name: 'all', source_addresses: ['*'], destination_addresses: ['*'], destination_ports: [String(PORT)], protocols: ['TCP'] }] }] }
          : { application_rule_collection: [{ name: 'names', priority: 100, action: 'Allow', rule: [{ name: 'names', source_addresses: ['*'], destination_fqdns: ['a.example.com'], protocols: [{ type: 'Https', port: PORT }] }] }] }),
      });
      add('azurerm_firewall', name, { sku_name: 'AZFW_Hub', sku_tier: 'Standard', firewall_policy_id: ref('azurerm_firewall_policy', name), virtual_hub: [{ virtual_hub_id: ref('azurerm_virtual_hub', name), public_ip_count: 1 }] });
    }
    if (intent.length > 0) add('azurerm_virtual_hub_routing_intent', name, { virtual_hub_id: ref('azurerm_virtual_hub', name), routing_policy: intent.map((each) => ({ name: each, destinations: [each], next_hop: ref('azurerm_firewall', name) })) });
    const route = (own: readonly TableRoute[]) => own.map(({ prefix: destination, to }, index) => ({ name: `r${index}`, destinations_type: 'CIDR', destinations: told(destination), next_hop_type: 'ResourceId', next_hop: to === 'firewall' ? ref('azurerm_firewall', name) : ref('azurerm_virtual_hub_connection', 'nva') }));
    if (intent.length === 0) add('azurerm_virtual_hub_route_table', name, { virtual_hub_id: ref('azurerm_virtual_hub', name), labels: [...labels], route: route(routes.red) });
    for (const [index, each] of route(routes.default).entries()) add('azurerm_virtual_hub_route_table_route', `${name}-${index}`, { route_table_id: tableOf(name, 'default'), ...each });
    addBranch(branch, name, add);
  }
  for (const name of NETWORKS) {
    const { routes, learns, publicAddress, defaultOutbound } = subnets[name];
    add('azurerm_virtual_network', name, { address_space: [RANGES[name]] });
    add('azurerm_subnet', name, { virtual_network_name: ref('azurerm_virtual_network', name, 'name'), address_prefixes: [RANGES[name].replace('0.0/16', '1.0/24')], default_outbound_access_enabled: defaultOutbound });
    if (routes) {
      add('azurerm_route_table', name, { bgp_route_propagation_enabled: learns, route: routes.map((each, index) => ({ name: `r${index}`, address_prefix: each.prefix, next_hop_type: each.to })) });
      add('azurerm_subnet_route_table_association', name, { subnet_id: ref('azurerm_subnet', name), route_table_id: ref('azurerm_route_table', name) });
    }
    if (publicAddress) add('azurerm_public_ip', name, { sku: 'Standard', allocation_method: 'Static' });
    add('azurerm_network_security_group', name, { security_rule: [{ name: 'no-storage', priority: 100, direction: 'Outbound', access: 'Deny', protocol: 'Tcp', source_port_range: '*', source_address_prefix: '*', destination_address_prefix: 'Internet', destination_port_ranges: ['22', '80', '443', '445', '2049'] }] });
    add('azurerm_subnet_network_security_group_association', name, { subnet_id: ref('azurerm_subnet', name), network_security_group_id: ref('azurerm_network_security_group', name) });
    add('azurerm_network_interface', name, { ip_forwarding_enabled: name === 'nva' && forwards, ip_configuration: [{ name: 'a', subnet_id: ref('azurerm_subnet', name), ...(name === 'nva' ? { private_ip_address: APPLIANCE } : {}), ...(publicAddress ? { public_ip_address_id: ref('azurerm_public_ip', name) } : {}) }] });
    const own = connections[name];
    if (!own) continue;
    const isIntent = hubs[own.hub].intent.length > 0;
    for (const way of ['inbound', 'outbound'] as const) if (own.maps[way]) add('azurerm_route_map', `${name}-${way}`, mapOf(own.maps[way], own.hub));
    add('azurerm_virtual_hub_connection', name, {
      virtual_hub_id: ref('azurerm_virtual_hub', own.hub), remote_virtual_network_id: ref('azurerm_virtual_network', name), internet_security_enabled: own.secured,
      routing: [{
        ...Object.fromEntries((['inbound', 'outbound'] as const).flatMap((way) => (own.maps[way] ? [[`${way}_route_map_id`, ref('azurerm_route_map', `${name}-${way}`)]] : []))),
        ...(isIntent ? {} : { associated_route_table_id: tableOf(own.hub, own.associated), propagated_route_table: [{ labels: [...own.labels], route_table_ids: own.teaches.map((table) => tableOf(own.hub, table)) }] }),
        ...(own.statics.length === 0 ? {} : { static_vnet_propagate_static_routes_enabled: own.propagates, static_vnet_route: own.statics.map((each, index) => ({ name: `s${index}`, address_prefixes: told(each), next_hop_ip_address: APPLIANCE })) }),
      }],
    });
  }
  return { resource };
}

type Add = (type: string, name: string, values: object) => void;

function addBranch(branch: Branch, hub: HubName, add: Add): void {
  const at = { virtual_hub_id: ref('azurerm_virtual_hub', hub) };
  if (branch === 'vpn') add('azurerm_vpn_gateway', hub, at);
  if (branch === 'express route') add('azurerm_express_route_gateway', hub, { ...at, scale_units: 1 });
  if (branch === 'users') add('azurerm_point_to_site_vpn_gateway', hub, { ...at, scale_unit: 1 });
  if (branch === 'bgp') add('azurerm_virtual_hub_bgp_connection', hub, { ...at, peer_asn: 65514, peer_ip: APPLIANCE, virtual_network_connection_id: ref('azurerm_virtual_hub_connection', 'nva') });
}

function mapOf({ matches, prefix, makes }: RouteMap, hub: HubName): object {
  const action = makes === 'nothing' ? { type: 'Drop' } : makes === 'a longer path' ? { type: 'Add', parameter: [{ as_path: ['64512'] }] } : { type: 'Replace', parameter: [{ route_prefix: [makes] }] };
  return { virtual_hub_id: ref('azurerm_virtual_hub', hub), rule: [{ name: 'r', next_step_if_matched: 'Terminate', ...(matches === 'everything' ? {} : { match_criterion: [{ match_condition: matches, route_prefix: [prefix] }] }), action: [action] }] };
}

function isIn(flows: readonly Traffic[], to: string): boolean {
  const address = addressRange(to)!.range[0];
  return flows.some(({ boxes }) => boxes.some(({ protocol, ports, destinations }) => protocol === 'tcp' && ports.some(([from, last]) => from <= BigInt(PORT) && BigInt(PORT) <= last) && destinations.some(([from, last]) => from <= address && address <= last)));
}

/** Whether a verdict says of each packet what is true. */
function judge({ kind, openTraffic = [], doubtfulTraffic = [] }: Verdict, fates: readonly (readonly [string, readonly Way[]])[]): readonly ['right' | 'missed' | 'alarm' | 'doubt', string] {
  for (const [to, ways] of fates) {
    if (ways.some(({ isNamed }) => !isNamed) && !isIn([...openTraffic, ...doubtfulTraffic], to)) return ['missed', `${to} ${JSON.stringify(ways)} ${kind}`];
    if (ways.length > 0 && kind === 'none') return ['missed', `${to} ${JSON.stringify(ways)} ${kind}`];
    if (isIn(openTraffic, to) && !ways.some(({ isNamed }) => !isNamed)) return ['alarm', `${to} ${JSON.stringify(ways)} ${kind}`];
  }
  return [kind === 'unknown' && !fates.some(([, ways]) => ways.some(({ isNamed, isSure }) => !isNamed && !isSure)) ? 'doubt' : 'right', ''];
}

const FORMS: Readonly<Record<string, (stack: { readonly resource: Resources }) => readonly [object, string]>> = { 'a stack': (stack) => [stack, 'cdk.tf.json'], 'a first plan': ({ resource }) => [asPlan(resource), 'plan.json'], 'a plan of what exists': ({ resource }) => [asPlan(resource, true), 'plan.json'] };

function verdict(wan: Wan, form: keyof typeof FORMS, spoil: (resource: Resources) => void = () => undefined): Verdict {
  const stack = written(wan);
  spoil(stack.resource);
  // In what exists everything is known.
  const [document, name] = FORMS[form === 'a plan of what exists' && JSON.stringify(wan).includes(`"${ANY}"`) ? 'a first plan' : form]!(stack);
  return verdictOf(trace(buildAzureModel(buildGraph(parsePlan(JSON.stringify(document), name))).places.find(({ id }) => id === 'azurerm_network_interface.app')!, 4));
}

function judged(wan: Wan, form: keyof typeof FORMS, spoil?: (resource: Resources) => void) {
  return judge(verdict(wan, form, spoil), ADDRESSES.map((to) => [to, waysOf(wan, to)] as const));
}

test('what gets out of a random virtual WAN is told, and what does not is not called open', () => {
  const seen: Record<string, number> = {};
  fc.assert(fc.property(wans, fc.constantFrom(...Object.keys(FORMS)), (wan, form) => {
    const [kind, detail] = judged(wan, form);
    seen[kind] = (seen[kind] ?? 0) + 1;
    if (kind === 'missed' || kind === 'alarm') throw new Error(`${form}: ${kind}: ${detail}`);
  }), { seed: 20261127, numRuns: 200 });
  // A default table may have routes that no resource of the plan makes.
  expect(seen['doubt']).toBeLessThan(80);
});

test.each<[string, (resource: Resources) => void]>([
  ['that a connection secures the internet', (resource) => Object.values(resource['azurerm_virtual_hub_connection'] ?? {}).forEach((each) => void (each['internet_security_enabled'] = false))],
  ['routing intents', (resource) => { delete resource['azurerm_virtual_hub_routing_intent']; for (const each of Object.values(resource['azurerm_virtual_hub_connection'] ?? {})) each['internet_security_enabled'] = false; }],
  ['what a firewall lets through', (resource) => { delete resource['azurerm_firewall_policy_rule_collection_group']; }],
  ['branches', (resource) => { for (const type of ['azurerm_vpn_gateway', 'azurerm_express_route_gateway', 'azurerm_virtual_hub_bgp_connection']) delete resource[type]; }],
  ['labels', (resource) => Object.values(resource['azurerm_virtual_hub_connection'] ?? {}).forEach((each) => each['routing'].forEach((own: any) => { if (own.propagated_route_table) own.propagated_route_table[0].labels = ['none']; }))],
  ['that hubs belong to one virtual WAN', (resource) => { for (const each of Object.values(resource['azurerm_virtual_hub'] ?? {})) delete each['virtual_wan_id']; }],
  ['route maps', (resource) => { for (const each of Object.values(resource['azurerm_route_map'] ?? {})) each['rule'] = []; }],
  ['routes that a connection hands on', (resource) => Object.values(resource['azurerm_virtual_hub_connection'] ?? {}).forEach((each) => each['routing'].forEach((own: Record<string, unknown>) => delete own['static_vnet_route']))],
  ['routes of tables', (resource) => { for (const each of Object.values(resource['azurerm_virtual_hub_route_table'] ?? {})) each['route'] = []; }],
])('a review that does not see %s is caught', (_, spoil) => {
  expect(fc.sample(wans, { seed: 2, numRuns: 300 }).some((wan) => judged(wan, 'a stack', spoil)[0] === 'missed')).toBe(true);
});
