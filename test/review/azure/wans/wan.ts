/**
 * Two hubs of a virtual WAN with connected networks as plain data, and what may become of single packets in them by Azure's
 * own rules, one hop after the other. It shares no code with the review: what both say is compared.
 *
 * https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
 * https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies
 * https://learn.microsoft.com/azure/virtual-wan/scenario-route-through-nva
 * https://learn.microsoft.com/azure/virtual-wan/route-maps-about
 * https://learn.microsoft.com/azure/virtual-wan/about-internet-routing#forced-tunnel
 */
export const HUBS = ['near', 'away'] as const;
export type HubName = (typeof HUBS)[number];

/** `app` and `nva` are connected with the near hub or the other one; in `nva` stands an appliance. */
export const NETWORKS = ['app', 'nva'] as const;
export type NetworkName = (typeof NETWORKS)[number];
export const RANGES: Readonly<Record<NetworkName, string>> = { app: '10.1.0.0/16', nva: '10.8.0.0/16' };
export const APPLIANCE = '10.8.1.4';

export type Target = 'firewall' | 'nva';
/** Of a route whose prefix the plan does not tell. */
export const ANY = '?';
export interface TableRoute {
  readonly prefix: string;
  readonly to: Target;
}

export interface Hub {
  /** `drops`: there is one that lets nothing through. */
  readonly firewall: 'none' | 'drops' | 'names' | 'passes';
  /** What a routing intent sends to it; an intent needs a firewall. */
  readonly intent: readonly ('Internet' | 'PrivateTraffic')[];
  /** Static routes of the default table, and of one more. With an intent for private traffic the default one may send more prefixes to the firewall. */
  readonly routes: Readonly<Record<'default' | 'red', readonly TableRoute[]>>;
  /** Labels of the other table; the default one has that of its name. */
  readonly labels: readonly Label[];
  /** What may announce whatever it likes, but for the gateway of users, which knows their addresses alone; `bgp` is the appliance, which speaks with the hub itself. */
  readonly branch: Branch;
}

export type Label = 'default' | 'blue' | 'none';
export type Branch = 'nothing' | 'vpn' | 'express route' | 'users' | 'bgp';

/** One rule of a route map: for prefixes in one or like one, of which it makes others, or nothing. */
export interface RouteMap {
  readonly matches: 'Contains' | 'Equals' | 'NotContains' | 'NotEquals' | 'everything';
  readonly prefix: string;
  readonly makes: 'nothing' | 'a longer path' | string;
}

export interface Connection {
  readonly hub: HubName;
  readonly secured: boolean;
  readonly associated: 'default' | 'red';
  /** Routes to the appliance that the connection of its network hands on to these tables. */
  readonly statics: readonly string[];
  readonly propagates: boolean;
  readonly teaches: readonly ('default' | 'red')[];
  /** Labels whose tables it teaches in any hub of the WAN; with none it teaches the default ones. */
  readonly labels: readonly Label[];
  /** For what it tells the hub, and for what the hub tells it. */
  readonly maps: { readonly inbound?: RouteMap | undefined; readonly outbound?: RouteMap | undefined };
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
  /** Both hubs belong to it. */
  readonly isOne: boolean;
  /** It is made by another plan. */
  readonly isElsewhere: boolean;
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
  if (prefix === ANY) return 33;
  const [base = '', bits = '32'] = prefix.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size) ? Number(bits) : -1;
}

interface Learned {
  readonly prefix: string;
  readonly to: Target | 'branch';
  readonly hub: HubName;
  /** It names the appliance itself, and not the connection of its network. */
  readonly isDirect?: boolean;
}

const isWithin = (prefix: string, other: string): boolean => prefix === ANY || within(prefix.split('/')[0]!, other) >= 0 && Number(prefix.split('/')[1]) >= Number(other.split('/')[1]);

function isMatch({ matches, prefix: given }: RouteMap, prefix: string): boolean {
  if (matches === 'everything') return true;
  const isNamed = matches.endsWith('Equals') ? prefix === given : isWithin(prefix, given);
  return isNamed !== matches.startsWith('Not');
}

/** What a map makes of a route: whether Azure changes a static one is not written, so that both may be. */
function mapped<T extends { readonly prefix: string }>(map: RouteMap | undefined, route: T): readonly T[] {
  if (!map || map.makes === 'a longer path' || !isMatch(map, route.prefix)) return [route];
  const made = map.makes === 'nothing' ? [] : [{ ...route, prefix: map.makes }];
  return route.prefix === ANY ? [route, ...made] : made;
}

/** Whether the appliance's connection teaches a table of a hub. */
function teaches({ hubs, isOne }: Wan, nva: Connection, hub: HubName, table: 'default' | 'red'): boolean {
  if (nva.hub === hub && nva.teaches.includes(table)) return true;
  const labels = nva.labels.length === 0 ? ['default'] : nva.labels;
  return (nva.hub === hub || isOne) && (table === 'default' ? ['default'] : hubs[hub].labels).some((label) => label !== 'none' && labels.includes(label as Label));
}

/** What a network may learn from its hub: several of one prefix where Azure or somebody else chooses. */
function learned(wan: Wan, own: Connection): readonly Learned[] {
  const { isOne, hubs, connections: { nva } } = wan;
  const hub = hubs[own.hub];
  const joined = (other: HubName) => other === own.hub || isOne;
  const statics = (table: 'default' | 'red'): readonly Learned[] => {
    if (!nva || !nva.propagates || !joined(nva.hub) || !teaches(wan, nva, own.hub, table)) return [];
    const told = [...nva.statics, ...nva.statics.flatMap((prefix) => mapped(nva.maps.inbound, { prefix }).map((route) => route.prefix))];
    // The way to everywhere stays with its hub.
    return told.filter((prefix) => prefix !== WORLD || nva.hub === own.hub).map((prefix) => ({ prefix, to: 'nva', hub: own.hub, isDirect: true }));
  };
  const isBranched = HUBS.some((other) => joined(other) && !['nothing', 'users'].includes(hubs[other].branch));
  const announced = (prefixes: readonly string[]): readonly Learned[] => (isBranched ? prefixes.map((prefix) => ({ prefix, to: 'branch', hub: own.hub })) : []);
  const tabled = (table: 'default' | 'red') => hub.routes[table].map(({ prefix, to }): Learned => ({ prefix, to, hub: own.hub }));
  const all = ((): readonly Learned[] => {
    if (hub.intent.length === 0) return [...tabled(own.associated), ...statics(own.associated), ...announced(['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'])];
    const toFirewall = (prefix: string): Learned => ({ prefix, to: 'firewall', hub: own.hub });
    const rest = [...statics('default'), ...announced(['0.0.0.0/1', '128.0.0.0/1'])];
    // An intent for private traffic teaches private prefixes alone, and takes what goes to the others to its firewall.
    return [...tabled('default'), ...(hub.intent.includes('Internet') ? [toFirewall(WORLD)] : announced([WORLD])), ...(hub.intent.includes('PrivateTraffic') ? [] : rest)];
  })();
  return all;
}

/** What it knows then, without and with what a route map makes of it. */
function taughtTo(wan: Wan, own: Connection): readonly (readonly Learned[])[] {
  const all = learned(wan, own);
  const variants = own.maps.outbound ? [all, all.flatMap((route) => mapped(own.maps.outbound, route))] : [all];
  return variants.map((routes) => routes.filter(({ prefix }) => prefix !== WORLD || own.secured));
}

/** @param from where the packet is, and as what it was let through */
export function waysOf(wan: Wan, to: string, from: NetworkName = 'app', state: Way = { isSure: true, isNamed: false }, seen: ReadonlySet<NetworkName> = new Set()): readonly Way[] {
  if (seen.has(from)) return [];
  const connection = wan.connections[from];
  const variants = connection ? taughtTo(wan, connection) : [[]];
  return variants.flatMap((routes) => waysBy(wan, to, from, { ...state, isSure: state.isSure && variants.length === 1 }, routes, seen));
}

function waysBy(wan: Wan, to: string, from: NetworkName, state: Way, all: readonly Learned[], seen: ReadonlySet<NetworkName>): readonly Way[] {
  const connection = wan.connections[from];
  const { routes, learns, publicAddress, defaultOutbound } = wan.subnets[from];
  const own = (routes ?? []).filter(({ prefix }) => within(to, prefix) >= 0);
  const taught = routes === undefined || learns ? all.filter(({ prefix }) => within(to, prefix) >= 0) : [];
  const bestOwn = Math.max(-1, ...own.map(({ prefix }) => within(to, prefix)));
  const ways: Way[] = [];
  const lead = ({ to: target, hub, isDirect }: Learned, isSure: boolean) => {
    if (target === 'branch') ways.push({ ...state, isSure: false });
    else if (target === 'firewall') ways.push(...behindFirewall(wan, hub, { ...state, isSure: state.isSure && isSure }));
    else ways.push(...behindAppliance(wan, to, isDirect ?? false, { ...state, isSure: false }, new Set([...seen, from])));
  };
  // Whoever announces may do so or not, and a prefix that nobody knows may be any.
  const [possible, known] = [true, false].map((isPossible) => taught.filter(({ to: target, prefix }) => (target === 'branch' || prefix === ANY) === isPossible));
  for (const route of possible!.filter(({ prefix }) => within(to, prefix) > bestOwn)) lead(route, false);
  const bestTaught = Math.max(-1, ...known!.map(({ prefix }) => within(to, prefix)));
  const isSure = state.isSure && possible!.length === 0;
  if (bestOwn >= 0 && bestOwn >= bestTaught) {
    const [route] = own.filter(({ prefix }) => within(to, prefix) === bestOwn);
    if (route!.to === 'Internet' && (publicAddress || defaultOutbound)) ways.push({ ...state, isSure });
    if (route!.to === 'VirtualNetworkGateway' && connection) ways.push({ ...state, isSure: false });
    return ways;
  }
  if (bestTaught < 0) return publicAddress || defaultOutbound ? [...ways, { ...state, isSure }] : ways;
  const best = known!.filter(({ prefix }) => within(to, prefix) === bestTaught);
  for (const route of best) lead(route, best.every((other) => other.to === route.to));
  return ways;
}

function behindFirewall({ hubs }: Wan, hub: HubName, state: Way): readonly Way[] {
  const { firewall } = hubs[hub];
  return firewall === 'none' || firewall === 'drops' ? [] : [{ ...state, isNamed: state.isNamed || firewall === 'names' }];
}

/** Behind the hub stands the connection of the network with the appliance, whose own route says the appliance. */
function behindAppliance(wan: Wan, to: string, isDirect: boolean, state: Way, seen: ReadonlySet<NetworkName>): readonly Way[] {
  const { nva } = wan.connections;
  if (!nva || !wan.forwards || (!isDirect && !nva.statics.some((prefix) => within(to, prefix) >= 0))) return [];
  return waysOf(wan, to, 'nva', state, seen);
}

/** One of each kind that any route of a random estate tells from others. */
export const ADDRESSES = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '200.7.7.7'] as const;
