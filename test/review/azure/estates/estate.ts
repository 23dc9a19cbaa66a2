/** A hub, a spoke and another network as values of their own that no provider knows: what the evaluator walks and the documents write down. */
export const NETWORKS = ['spoke', 'hub', 'other'] as const;
export type NetworkName = (typeof NETWORKS)[number];
export const RANGES: Readonly<Record<NetworkName, readonly [v4: string, v6: string]>> = { spoke: ['10.1.0.0/16', 'fd01::/48'], hub: ['10.2.0.0/16', 'fd02::/48'], other: ['10.3.0.0/16', 'fd03::/48'] };

/** Each interface has a subnet of its own, which is called like it. */
export const INTERFACES = ['app', 'trust', 'untrust', 'far'] as const;
export type InterfaceName = (typeof INTERFACES)[number];
/** The appliance in the hub has two interfaces. */
export const MACHINES = { app: ['app'], appliance: ['trust', 'untrust'], far: ['far'] } as const satisfies Record<string, readonly InterfaceName[]>;
export type MachineName = keyof typeof MACHINES;
export const NETWORK_OF: Readonly<Record<InterfaceName, NetworkName>> = { app: 'spoke', trust: 'hub', untrust: 'hub', far: 'other' };
export const SUBNETS: Readonly<Record<InterfaceName | 'firewall' | 'management' | 'gateway' | 'relay', readonly [v4: string, v6?: string]>> = {
  app: ['10.1.1.0/24', 'fd01:0:0:1::/64'], trust: ['10.2.1.0/24', 'fd02:0:0:1::/64'], untrust: ['10.2.2.0/24', 'fd02:0:0:2::/64'], far: ['10.3.1.0/24', 'fd03:0:0:1::/64'],
  relay: ['10.3.2.0/24'], firewall: ['10.2.0.0/26'], management: ['10.2.0.64/26'], gateway: ['10.2.0.128/27'],
};
export const ADDRESSES: Readonly<Record<InterfaceName | 'firewall' | 'balancer' | 'nobody' | 'nowhere', readonly [v4: string, v6: string]>> = {
  app: ['10.1.1.4', 'fd01:0:0:1::4'], trust: ['10.2.1.4', 'fd02:0:0:1::4'], untrust: ['10.2.2.4', 'fd02:0:0:2::4'], far: ['10.3.1.4', 'fd03:0:0:1::4'],
  firewall: ['10.2.0.4', 'fd02::4'], balancer: ['10.2.1.100', 'fd02:0:0:1::100'], nobody: ['10.2.1.99', 'fd02:0:0:1::99'], nowhere: ['10.99.0.4', 'fd99::4'],
};

/** An application gateway in the other network, before a host on the internet: whoever calls it calls that. */
export const RELAY = { address: '10.3.2.10', host: 'relay.example.com', port: 443 } as const;

export interface Rule {
  readonly direction: 'Outbound' | 'Inbound';
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly protocol: '*' | 'Tcp' | 'Udp' | 'Icmp';
  readonly source: string;
  readonly destination: string;
  readonly ports: string;
}

export type Hop = 'Internet' | 'None' | 'VnetLocal' | 'VirtualNetworkGateway' | keyof typeof ADDRESSES;

export interface Route {
  readonly prefix: string;
  readonly to: Hop;
}

export interface Table {
  readonly routes: readonly Route[];
  readonly propagates: boolean;
}

export interface Interface {
  readonly table: Table | undefined;
  /** Of the subnet and of the interface itself. */
  readonly groups: readonly [subnet: readonly Rule[] | undefined, own: readonly Rule[] | undefined];
  readonly nat: boolean;
  readonly defaultOutbound: boolean;
  /** A service endpoint for storage. */
  readonly storage: 'none' | 'any account' | 'listed accounts';
  readonly forwards: boolean;
  readonly publicAddress: boolean;
  readonly publicAddress6: boolean;
  readonly pool: 'none' | 'outbound rule' | 'rule' | 'rule without source translation';
}

/** One half: how its own network sees the other one. */
export interface Half {
  readonly access: boolean;
  readonly forwarded: boolean;
  readonly transit: boolean;
  readonly remoteGateways: boolean;
  /** Joins single subnets alone: those of machines, and not that of the firewall. */
  readonly subnetsAlone: boolean;
}

export const PAIRS = ['spoke-hub', 'other-hub', 'spoke-other'] as const;
export type Pair = (typeof PAIRS)[number];

export interface FirewallRule {
  readonly layer: 'network' | 'application';
  readonly isParent: boolean;
  /** Of its group of collections. */
  readonly group: 100 | 200;
  /** Of its collection. */
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly source: string;
  /** Addresses of a network rule, a name of an application rule. */
  readonly destination: string;
  readonly port: number;
}

export interface Firewall {
  readonly publicAddress: boolean;
  readonly nat: boolean;
  /** With a management subnet it may be led elsewhere. */
  readonly managed: boolean;
  readonly table: Table | undefined;
  readonly rules: readonly FirewallRule[];
}

/** A security admin rule, which is asked before all groups. */
export interface AdminRule {
  readonly direction: 'Outbound' | 'Inbound';
  readonly priority: number;
  readonly access: 'Allow' | 'AlwaysAllow' | 'Deny';
  readonly protocol: 'Any' | 'Tcp' | 'Udp' | 'Icmp';
  readonly source: string;
  readonly destination: string;
  /** Undefined: all. */
  readonly ports: string | undefined;
}

/** What a Virtual Network Manager does to the networks of its group. */
export interface Manager {
  readonly members: readonly NetworkName[];
  readonly rules: readonly AdminRule[];
  readonly routes: readonly Route[];
  /** As spokes of the hub, which may be joined with one another, or all alike. */
  readonly joins: 'nothing' | 'spokes' | 'spokes and one another' | 'all';
  readonly usesGateway: boolean;
  /** Without a deployment, or with one elsewhere, a configuration is not in effect. */
  readonly deployed: Readonly<Record<'SecurityAdmin' | 'Connectivity' | 'Routing', 'here' | 'elsewhere' | 'nowhere'>>;
}

export interface Estate {
  readonly dual: boolean;
  readonly manager: Manager | undefined;
  readonly interfaces: Readonly<Record<InterfaceName, Interface>>;
  /** There and back; the first network of a pair is the one that looks there. */
  readonly peerings: Readonly<Record<Pair, readonly [Half | undefined, Half | undefined]>>;
  readonly firewall: Firewall;
  /** Of the hub: what it learns is not known, or listed. */
  readonly gateway: 'none' | 'express route' | 'vpn that learns' | 'route server' | readonly string[];
  /** Before the appliance: takes every port, or that of TLS. */
  readonly balancer: 'all ports' | 'tcp 443';
  readonly relay: boolean;
}

export interface Packet {
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
  /** Whether somebody's storage account stands at this address. */
  readonly isStorage: boolean;
}
