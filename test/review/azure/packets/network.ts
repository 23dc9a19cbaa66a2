/** Small random networks, as values of their own that no provider knows: what the oracle walks and the documents write down. */
import fc from 'fast-check';

export interface Rule {
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly ports: string;
  /** A resource of its own, and not in the group's block. */
  readonly isBeside: boolean;
}

export interface Route {
  readonly prefix: string;
  readonly hop: 'Internet' | 'None' | 'VnetLocal' | 'firewall' | 'appliance';
  readonly isBeside: boolean;
}

export interface FirewallRule {
  readonly layer: 'network' | 'application';
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly source: string;
  /** Addresses of a network rule, names of an application rule. */
  readonly destination: string;
  readonly port: number;
}

export interface Network {
  readonly hasIpv6: boolean;
  readonly group: readonly Rule[] | undefined;
  readonly ownGroup: readonly Rule[] | undefined;
  readonly routes: readonly Route[] | undefined;
  readonly firewall: readonly FirewallRule[];
  readonly hasDefaultOutbound: boolean;
  readonly hasNat: boolean;
  readonly hasPublicAddress: boolean;
  readonly hasStaticAddress: boolean;
  readonly forwards: boolean;
  readonly isMember: boolean;
}

/** In the address of a source: members of the application security group. */
export const MEMBERS = 'members';
export const ADDRESS = '10.0.1.4';

const byPriority = <T extends { readonly priority: number }>(rules: fc.Arbitrary<T>, maxLength: number) => fc.uniqueArray(rules, { maxLength, selector: ({ priority }) => priority });

const DESTINATIONS = ['*', 'Internet', 'VirtualNetwork', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.8.8/32', '2000::/3', '10.0.0.0/8'];
const ruleTo = (...destinations: readonly string[]): fc.Arbitrary<Rule> => fc.record({
  priority: fc.integer({ min: 100, max: 130 }),
  access: fc.constantFrom('Allow', 'Deny'),
  protocol: fc.constantFrom('*', '*', 'Tcp', 'Udp', 'Icmp'),
  source: fc.constantFrom('*', '*', '10.0.1.0/24', '10.0.1.0/25', '10.0.1.4/32', '10.0.9.0/24', 'VirtualNetwork', '0.0.0.0/0', MEMBERS),
  destination: fc.constantFrom(...destinations),
  ports: fc.constantFrom('*', '*', '443', '80-443', '1-442'),
  isBeside: fc.boolean(),
});
const groupOf = (rule: fc.Arbitrary<Rule>) => byPriority(rule, 4).chain((rules) => fc.boolean().map((isClosed): readonly Rule[] => (isClosed ? [...rules, { priority: 4096, access: 'Deny', protocol: '*', source: '*', destination: '*', ports: '*', isBeside: false }] : rules)));
const route: fc.Arbitrary<Route> = fc.record({
  prefix: fc.constantFrom('0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.8.8/32', '::/0'),
  hop: fc.constantFrom('Internet', 'None', 'VnetLocal', 'firewall', 'firewall', 'appliance'),
  isBeside: fc.boolean(),
});
const firewallRule: fc.Arbitrary<FirewallRule> = fc.oneof(
  fc.record({ layer: fc.constant('network' as const), priority: fc.integer({ min: 100, max: 120 }), access: fc.constantFrom('Allow' as const, 'Deny' as const), source: fc.constantFrom('*', '10.0.1.0/24', '10.0.9.0/24'), destination: fc.constantFrom('*', '8.8.8.8', '0.0.0.0/1', '10.0.0.0/8'), port: fc.constantFrom(443, 80) }),
  fc.record({ layer: fc.constant('application' as const), priority: fc.integer({ min: 100, max: 120 }), access: fc.constantFrom('Allow' as const, 'Deny' as const), source: fc.constantFrom('*', '10.0.1.0/24', '10.0.9.0/24'), destination: fc.constantFrom('a.example.com', '*.example.com', '*'), port: fc.constant(443) }),
);

export const networks: fc.Arbitrary<Network> = fc.record({
  hasIpv6: fc.boolean(),
  // By the tag of a service the group of the subnet alone is followed.
  group: fc.option(groupOf(fc.oneof({ weight: 4, arbitrary: ruleTo(...DESTINATIONS, 'Storage') }, { weight: 1, arbitrary: ruleTo('Storage').map((rule) => ({ ...rule, protocol: '*', source: '*' })) })), { nil: undefined, freq: 6 }),
  ownGroup: fc.option(groupOf(ruleTo(...DESTINATIONS)), { nil: undefined, freq: 2 }),
  routes: fc.option(fc.uniqueArray(route, { maxLength: 3, selector: ({ prefix }) => prefix }), { nil: undefined, freq: 5 }),
  firewall: byPriority(firewallRule, 4),
  hasDefaultOutbound: fc.boolean(),
  hasNat: fc.boolean(),
  hasPublicAddress: fc.boolean(),
  hasStaticAddress: fc.boolean(),
  forwards: fc.boolean(),
  isMember: fc.boolean(),
})
  // What a group says of storage alone tells most where nothing else is reached.
  .map((network) => (!network.isMember && network.group?.some(({ destination }) => destination === 'Storage') ? { ...network, hasNat: false, hasPublicAddress: false, hasDefaultOutbound: false } : network));
