/** Random estates: mostly sound ones, with a few of the things that a hub and its spokes are got wrong by. */
import fc from 'fast-check';
import { INTERFACES, type Estate, type Firewall, type FirewallRule, type Half, type Hop, type AdminRule, type Interface, type InterfaceName, type Manager, type Route, type Rule, type Table } from './estate';

const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 3): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const seldom = often(false, fc.constant(true), 4);

const rule: fc.Arbitrary<Rule> = fc.record({
  direction: fc.constantFrom('Outbound', 'Outbound', 'Inbound'),
  priority: fc.integer({ min: 100, max: 130 }),
  access: fc.constantFrom('Allow', 'Allow', 'Deny'),
  protocol: fc.constantFrom('*', '*', 'Tcp', 'Udp', 'Icmp'),
  source: fc.constantFrom('*', '*', '10.1.1.0/24', '10.1.0.0/16', '10.2.1.4/32', '10.3.0.0/16', 'VirtualNetwork', 'fd01::/48'),
  destination: fc.constantFrom('*', 'Internet', 'VirtualNetwork', '0.0.0.0/0', '0.0.0.0/1', '8.0.0.0/8', '10.0.0.0/8', '2000::/3', '::/0'),
  ports: fc.constantFrom('*', '*', '443', '80-443', '8443'),
}).map((each) => (each.protocol === 'Icmp' ? { ...each, ports: '*' } : each));
const closing = (direction: Rule['direction']): Rule => ({ direction, priority: 4096, access: 'Deny', protocol: '*', source: '*', destination: '*', ports: '*' });
const opening = (direction: Rule['direction']): Rule => ({ direction, priority: 4000, access: 'Allow', protocol: '*', source: '*', destination: '*', ports: '*' });
const group = fc.tuple(fc.uniqueArray(rule, { maxLength: 3, selector: ({ priority, direction }) => `${direction} ${priority}` }), fc.constantFrom<readonly Rule[]>([], [closing('Outbound')], [closing('Outbound')], [opening('Outbound'), opening('Inbound')], [opening('Inbound')], [closing('Outbound'), opening('Inbound')])).map(([rules, last]): readonly Rule[] => [...rules, ...last]);

const table = (...hops: readonly Hop[]): fc.Arbitrary<Table> => fc.record({
  routes: fc.uniqueArray(fc.record<Route>({ prefix: often('0.0.0.0/0', fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '10.0.0.0/8', '10.3.0.0/16', '::/0', '::/0', '2000::/3'), 1), to: fc.constantFrom(...hops) }), { selector: ({ prefix }) => prefix, maxLength: 3 }).map((all) => all.map((each): Route => (each.prefix.includes(':') && ['firewall', 'balancer'].includes(each.to) ? { ...each, to: 'None' } : each))),
  propagates: often(false, fc.constant(true), 2),
});

const BEHIND: Readonly<Record<InterfaceName, readonly Hop[]>> = {
  app: ['Internet', 'None', 'VnetLocal', 'VirtualNetworkGateway', 'firewall', 'firewall', 'firewall', 'firewall', 'firewall', 'firewall', 'trust', 'trust', 'balancer', 'far', 'nobody', 'nowhere'],
  far: ['Internet', 'None', 'firewall', 'firewall', 'firewall', 'firewall', 'trust', 'balancer', 'VirtualNetworkGateway', 'app'],
  trust: ['Internet', 'None', 'firewall', 'far', 'untrust', 'VirtualNetworkGateway'],
  untrust: ['Internet', 'Internet', 'None', 'firewall', 'far', 'trust', 'VirtualNetworkGateway'],
};
const attached = (name: InterfaceName): fc.Arbitrary<Interface> => fc.record({
  table: fc.option(table(...BEHIND[name]), { nil: undefined, freq: name === 'app' || name === 'far' ? 8 : 2 }),
  groups: fc.tuple(fc.option(group, { nil: undefined, freq: 2 }), fc.option(group, { nil: undefined, freq: 2 })),
  nat: seldom, defaultOutbound: seldom, storage: often<Interface['storage']>('none', fc.constantFrom('any account', 'listed accounts'), 6),
  forwards: name === 'trust' ? often(true, fc.boolean()) : name === 'app' ? seldom : fc.boolean(),
  publicAddress: seldom, publicAddress6: seldom,
  pool: often<Interface['pool']>('none', fc.constantFrom('outbound rule', 'rule', 'rule without source translation'), 4),
});
const half: fc.Arbitrary<Half> = fc.record({ access: often(true, fc.constant(false), 5), forwarded: fc.boolean(), transit: often(true, fc.boolean()), remoteGateways: often(true, fc.boolean()), subnetsAlone: often(false, fc.constant(true), 8) });
const pair = (weight: number) => fc.tuple(fc.option(half, { nil: undefined, freq: weight }), fc.option(half, { nil: undefined, freq: weight }));

const firewallRule: fc.Arbitrary<FirewallRule> = fc.record({
  layer: fc.constantFrom('network', 'application', 'application'), isParent: seldom, group: fc.constantFrom(100, 200), priority: fc.integer({ min: 100, max: 120 }), access: often('Allow', fc.constant('Deny'), 2),
  source: fc.constantFrom('*', '*', '10.1.0.0/16', '10.1.0.0/16', '10.2.1.0/24', '10.3.0.0/16'), destination: fc.constantFrom('*', '8.8.8.8', '8.8.8.8', '10.0.0.0/8', '0.0.0.0/1', '128.0.0.0/1'), port: fc.constantFrom(443, 443, 8443),
}).chain((each) => fc.constantFrom('a.example.com', 'a.example.com', '*.example.com', '*', 'b.example.com').map((name): FirewallRule => (each.layer === 'network' ? each : { ...each, destination: name }) as FirewallRule));
const firewall: fc.Arbitrary<Firewall> = fc.record({
  publicAddress: often(true, fc.constant(false), 3), nat: seldom, managed: fc.boolean(), table: fc.option(table('Internet', 'Internet', 'None', 'trust', 'VirtualNetworkGateway', 'far'), { nil: undefined, freq: 2 }),
  rules: fc.uniqueArray(firewallRule, { minLength: 1, maxLength: 5, selector: ({ isParent, group: own, priority }) => `${isParent} ${own} ${priority}` }),
});

const estate = fc.record<Estate>({
  dual: fc.boolean(), manager: fc.constant(undefined), interfaces: fc.record(Object.fromEntries(INTERFACES.map((name) => [name, attached(name)]))) as fc.Arbitrary<Estate['interfaces']>,
  peerings: fc.record({ 'spoke-hub': pair(8), 'other-hub': pair(3), 'spoke-other': pair(2) }), firewall,
  gateway: often<Estate['gateway']>('none', fc.constantFrom<Estate['gateway']>('express route', 'route server', 'vpn that learns', ['192.168.0.0/16'], ['0.0.0.0/0'], ['8.0.0.0/8']), 2),
  balancer: fc.constantFrom('all ports', 'tcp 443'), relay: fc.boolean(),
});

/** What Azure would take: a network uses the gateway of one neighbour at most, which has one and lends it; a firewall that is led elsewhere has a management subnet. */
export function taken(made: Estate): Estate {
  const lends = made.gateway !== 'none';
  const peerings = Object.fromEntries(Object.entries(made.peerings).map(([pairName, [there, back]]) => {
    const isWithHub = pairName.endsWith('hub');
    const isLent = lends && isWithHub && there?.remoteGateways === true && back?.transit === true;
    const isAlone = there?.subnetsAlone === true && back?.subnetsAlone === true;
    return [pairName, [there && { ...there, remoteGateways: isLent, transit: false, subnetsAlone: isAlone }, back && { ...back, remoteGateways: false, transit: lends && isWithHub && back.transit, subnetsAlone: isAlone }]];
  })) as unknown as Estate['peerings'];
  return { ...made, peerings };
}

const deployment = often<Manager['deployed']['Routing']>('here', fc.constantFrom('elsewhere', 'nowhere'), 2);
const manager: fc.Arbitrary<Manager> = fc.record<Manager>({
  members: fc.subarray(['spoke', 'other', 'hub'] as const, { minLength: 1 }),
  rules: fc.uniqueArray(fc.record<AdminRule>({
    direction: fc.constantFrom('Outbound', 'Outbound', 'Outbound', 'Inbound'), priority: fc.integer({ min: 1, max: 30 }), access: fc.constantFrom('Allow', 'AlwaysAllow', 'Deny', 'Deny'), protocol: fc.constantFrom('Any', 'Any', 'Tcp', 'Udp', 'Icmp'),
    source: fc.constantFrom('*', '*', '10.1.0.0/16', '10.1.1.4/32', '10.3.0.0/16', 'VirtualNetwork', 'fd01::/48'), destination: fc.constantFrom('*', '*', 'Internet', '0.0.0.0/0', '0.0.0.0/1', '8.0.0.0/8', '2000::/3'), ports: fc.constantFrom(undefined, undefined, '443', '80-443', '8443'),
  }).map((each) => (each.protocol === 'Tcp' || each.protocol === 'Udp' ? each : { ...each, ports: undefined })), { maxLength: 3, selector: ({ priority }) => priority }),
  routes: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.uniqueArray(fc.record<Route>({ prefix: fc.constantFrom('0.0.0.0/0', '0.0.0.0/1', '8.0.0.0/8'), to: fc.constantFrom('Internet', 'None', 'VirtualNetworkGateway', 'trust', 'firewall') }), { selector: ({ prefix }) => prefix, minLength: 1, maxLength: 2 }) }),
  joins: fc.constantFrom('nothing', 'nothing', 'spokes', 'spokes and one another', 'all'), usesGateway: fc.boolean(),
  deployed: fc.record({ SecurityAdmin: deployment, Connectivity: deployment, Routing: deployment }),
});

/** Closed by one thing alone, so that what somebody puts on the networks from above decides. */
const focused = fc.record({ made: estate, managed: manager, closedBy: fc.constantFrom('groups', 'groups', 'nothing', 'the firewall', 'what is learned', 'routes'), isPeered: fc.boolean() }).map(({ made, managed, closedBy, isPeered }): Estate => {
  const own = made.interfaces;
  const closed = (name: 'app' | 'far'): Interface => ({
    ...own[name], defaultOutbound: false, storage: 'none', publicAddress: false, publicAddress6: false, pool: 'none', nat: !['the firewall', 'what is learned'].includes(closedBy),
    groups: closedBy === 'groups' ? [[closing('Outbound')], undefined] : [undefined, undefined],
    table: closedBy === 'the firewall' ? { routes: [{ prefix: '0.0.0.0/0', to: 'firewall' }], propagates: false } : closedBy === 'routes' ? { routes: [{ prefix: '0.0.0.0/0', to: 'None' }], propagates: false } : undefined,
  });
  const joined: Half = { access: true, forwarded: true, transit: true, remoteGateways: true, subnetsAlone: false };
  return {
    ...made, manager: managed, interfaces: { ...own, app: closed('app'), far: closed('far') }, gateway: closedBy === 'what is learned' ? 'route server' : 'none',
    peerings: { 'spoke-hub': isPeered ? [joined, joined] : [undefined, undefined], 'other-hub': [undefined, undefined], 'spoke-other': [undefined, undefined] },
  };
});

export const estates: fc.Arbitrary<Estate> = fc.oneof({ weight: 2, arbitrary: estate }, { weight: 1, arbitrary: focused }).map(taken);
