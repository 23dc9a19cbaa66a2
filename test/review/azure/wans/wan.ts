/**
 * Two hubs of a virtual WAN with connected networks as plain data, and what may become of single packets in them by Azure's
 * own rules, one hop after the other. It shares no code with the review: what both say is compared.
 *
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 * https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
 * https://learn.microsoft.com/azure/virtual-wan/scenario-route-through-nva
 */
export const HUBS = ['near', 'away'] as const;
export type HubName = (typeof HUBS)[number];

/** `app` and `nva` are connected with the near hub or the other one; in `nva` stands an appliance. */
export const NETWORKS = ['app', 'nva'] as const;
export type NetworkName = (typeof NETWORKS)[number];
export const RANGES: Readonly<Record<NetworkName, string>> = { app: '10.1.0.0/16', nva: '10.8.0.0/16' };
export const APPLIANCE = '10.8.1.4';

export type Target = 'firewall' | 'nva';
export interface TableRoute {
  readonly prefix: string;
  readonly to: Target;
}

export interface Hub {
  /** `drops`: there is one that lets nothing through. */
  readonly firewall: 'none' | 'drops' | 'names' | 'passes';
  /** What a routing intent sends to it; an intent needs a firewall. */
  readonly intent: readonly ('Internet' | 'PrivateTraffic')[];
  /** Static routes of the default table, and of one more. */
  readonly routes: Readonly<Record<'default' | 'red', readonly TableRoute[]>>;
  /** Something that may announce whatever it likes. */
  readonly branch: boolean;
}

export interface Connection {
  readonly hub: HubName;
  readonly secured: boolean;
  readonly associated: 'default' | 'red';
  /** Routes to the appliance that the connection of its network hands on to these tables. */
  readonly statics: readonly string[];
  readonly propagates: boolean;
  readonly teaches: readonly ('default' | 'red')[];
}

export interface UserRoute {
  readonly prefix: string;
  readonly to: 'Internet' | 'None' | 'VirtualNetworkGateway';
}

export interface Subnet {
  readonly routes: readonly UserRoute[] | undefined;
  readonly learns: boolean;
  readonly publicAddress: boolean;
  readonly defaultOutbound: boolean;
}

export interface Wan {
  readonly isOne: boolean;
  readonly hubs: Readonly<Record<HubName, Hub>>;
  readonly connections: Readonly<Record<NetworkName, Connection | undefined>>;
  readonly subnets: Readonly<Record<NetworkName, Subnet>>;
  readonly forwards: boolean;
}

export interface Way {
  readonly isSure: boolean;
  readonly isNamed: boolean;
}

const WORLD = '0.0.0.0/0';
const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** How long the prefix is, where the address is in it. */
function within(address: string, prefix: string): number {
  const [base = '', bits = '32'] = prefix.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size) ? Number(bits) : -1;
}

interface Learned {
  readonly prefix: string;
  readonly to: Target | 'branch';
  readonly hub: HubName;
}

/** What a network may learn from its hub: several of one prefix where Azure or somebody else chooses. */
function learned({ isOne, hubs, connections }: Wan, own: Connection): readonly Learned[] {
  const hub = hubs[own.hub];
  const joined = (other: HubName) => other === own.hub || isOne;
  const statics = (intoTable: 'default' | 'red'): readonly Learned[] => {
    const nva = connections.nva;
    if (!nva || !nva.propagates || !joined(nva.hub)) return [];
    // A table of another hub is taught by its labels; the default one has the same everywhere. The way to everywhere stays with its hub.
    if (!nva.teaches.includes(intoTable) && nva.hub === own.hub) return [];
    if (nva.hub !== own.hub && (intoTable !== 'default' || !nva.teaches.includes('default'))) return [];
    return nva.statics.filter((prefix) => prefix !== WORLD || nva.hub === own.hub).map((prefix) => ({ prefix, to: 'nva', hub: own.hub }));
  };
  const isBranched = HUBS.some((other) => joined(other) && hubs[other].branch);
  const announced = (prefixes: readonly string[]): readonly Learned[] => (isBranched ? prefixes.map((prefix) => ({ prefix, to: 'branch', hub: own.hub })) : []);
  const all = ((): readonly Learned[] => {
    if (hub.intent.length === 0) return [...hub.routes[own.associated].map(({ prefix, to }): Learned => ({ prefix, to, hub: own.hub })), ...statics(own.associated), ...(own.associated === 'default' ? announced(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1']) : [])];
    const toFirewall = (prefix: string): Learned => ({ prefix, to: 'firewall', hub: own.hub });
    const rest = [...statics('default'), ...announced(['0.0.0.0/1', '128.0.0.0/1'])];
    // An intent for private traffic teaches private prefixes alone, and takes what goes to the others to its firewall.
    return [...(hub.intent.includes('Internet') ? [toFirewall(WORLD)] : announced([WORLD])), ...(hub.intent.includes('PrivateTraffic') ? [] : rest)];
  })();
  return all.filter(({ prefix }) => prefix !== WORLD || own.secured);
}

/** @param from where the packet is, and as what it was let through */
export function waysOf(wan: Wan, to: string, from: NetworkName = 'app', state: Way = { isSure: true, isNamed: false }, seen: ReadonlySet<NetworkName> = new Set()): readonly Way[] {
  if (seen.has(from)) return [];
  const { routes, learns, publicAddress, defaultOutbound } = wan.subnets[from];
  const own = (routes ?? []).filter(({ prefix }) => within(to, prefix) >= 0);
  const connection = wan.connections[from];
  const taught = connection && (routes === undefined || learns) ? learned(wan, connection).filter(({ prefix }) => within(to, prefix) >= 0) : [];
  const bestOwn = Math.max(-1, ...own.map(({ prefix }) => within(to, prefix)));
  const bestTaught = Math.max(-1, ...taught.filter(({ to: target }) => target !== 'branch').map(({ prefix }) => within(to, prefix)));
  const ways: Way[] = [];
  // Whoever announces may do so or not.
  if (taught.some(({ to: target, prefix }) => target === 'branch' && within(to, prefix) > bestOwn)) ways.push({ ...state, isSure: false });
  if (bestOwn >= 0 && bestOwn >= bestTaught) {
    const [route] = own.filter(({ prefix }) => within(to, prefix) === bestOwn);
    if (route!.to === 'Internet' && (publicAddress || defaultOutbound)) ways.push(state);
    if (route!.to === 'VirtualNetworkGateway' && connection) ways.push({ ...state, isSure: false });
    return ways;
  }
  if (bestTaught < 0) return publicAddress || defaultOutbound ? [...ways, state] : ways;
  const best = taught.filter(({ to: target, prefix }) => target !== 'branch' && within(to, prefix) === bestTaught);
  for (const { to: target, hub } of best) {
    const isOnly = best.every((other) => other.to === target);
    if (target === 'firewall') ways.push(...behindFirewall(wan, hub, state).map((way) => ({ ...way, isSure: way.isSure && isOnly })));
    else ways.push(...behindAppliance(wan, to, { ...state, isSure: false }, new Set([...seen, from])));
  }
  return ways;
}

function behindFirewall({ hubs }: Wan, hub: HubName, state: Way): readonly Way[] {
  const { firewall } = hubs[hub];
  return firewall === 'none' || firewall === 'drops' ? [] : [{ ...state, isNamed: state.isNamed || firewall === 'names' }];
}

/** Behind the hub stands the connection of the network with the appliance, whose own route says the appliance. */
function behindAppliance(wan: Wan, to: string, state: Way, seen: ReadonlySet<NetworkName>): readonly Way[] {
  const { nva } = wan.connections;
  if (!nva || !wan.forwards || !nva.statics.some((prefix) => within(to, prefix) >= 0)) return [];
  return waysOf(wan, to, 'nva', state, seen);
}

/** One of each kind that any route of a random estate tells from others. */
export const ADDRESSES = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '200.7.7.7'] as const;
