/**
 * Networks around a transit gateway as plain data, and what becomes of single packets in them by AWS's own rules, one
 * hop after the other. It shares no code with the review: what both say is compared.
 *
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
/** The last one is attached to a second transit gateway, which is peered with the first. */
export const NETWORKS = ['spoke', 'egress', 'other', 'far'] as const;
export type NetworkName = (typeof NETWORKS)[number];
export const RANGES: Readonly<Record<NetworkName, string>> = { spoke: '10.1.0.0/16', egress: '10.2.0.0/16', other: '10.3.0.0/16', far: '10.4.0.0/16' };

export const TABLES = ['red', 'blue'] as const;
export type TableName = (typeof TABLES)[number];

export interface Route {
  readonly cidr: string;
  readonly to: Target;
}
/** A NAT gateway and a firewall's endpoint stand in a zone, and a subnet may use those of the other one. */
export type Target = 'internet' | 'nat' | 'firewall' | 'transit' | 'peering' | 'nat of the other zone' | 'firewall of the other zone';

export const ZONES = ['a', 'b'] as const;
export type Zone = (typeof ZONES)[number];

/** A route to a network at the other transit gateway leads into the peering. */
export interface TransitRoute {
  readonly cidr: string;
  readonly to: NetworkName | 'blackhole';
}

export interface Network {
  /** The zones in which its attachment has a subnet. */
  readonly attached: readonly Zone[];
  /** Whether flows that come in are spread over these zones. */
  readonly applianceMode: boolean;
  /** Whether its NAT gateways have private addresses alone. */
  readonly privateNat: boolean;
  readonly zones: Readonly<Record<Zone, Tables>>;
}

/** In each zone there is a subnet for the attachment, one for a NAT gateway and one for a firewall's endpoint. */
export interface Tables {
  /** Of the attachment's subnet; in zone a of the spoke the machine stands in it. */
  readonly routes: readonly Route[];
  readonly behindNat: readonly Route[];
  readonly behindFirewall: readonly Route[];
}

export interface Hub {
  readonly networks: Readonly<Record<NetworkName, Network>>;
  /** Whether the transit gateway has a table that attachments follow and teach, unless told otherwise. */
  readonly byDefault: boolean;
  /** The table that an attachment follows, and that of the peering with `far`; without one, the default table or none. */
  readonly follows: Readonly<Record<NetworkName, TableName | undefined>>;
  readonly teaches: readonly (readonly [Exclude<NetworkName, 'far'>, TableName])[];
  /** The second transit gateway has one table, for its network and for the peering. */
  readonly routes: Readonly<Record<TableName | 'default' | 'far', readonly TransitRoute[]>>;
  readonly isPublic: boolean;
  /** Of the one firewall, which stands in the network for the way out. */
  readonly firewall: 'drops' | 'names' | 'passes';
}

/** A packet that gets out by name gets there only where its sender shows a name that is listed. */
export type Fate = 'open' | 'named' | 'none';

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** How long the prefix is, where the address is in it. */
function within(address: string, cidr: string): number {
  const [base = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size) ? Number(bits) : -1;
}

function longest<R extends { readonly cidr: string }>(routes: readonly R[], to: string): R | undefined {
  const best = Math.max(-1, ...routes.map(({ cidr }) => within(to, cidr)));
  return best < 0 ? undefined : routes.find(({ cidr }) => within(to, cidr) === best);
}

/** Where a packet is, and what was done with it. */
interface State {
  readonly at: { readonly network: NetworkName; readonly subnet: 'attachment' | 'nat' | 'firewall' } | { readonly table: TableName | 'default' | 'far' };
  /** Behind a peering no zone is kept. */
  readonly zone: Zone | undefined;
  /** The network whose internet gateway knows a public address for its source. */
  readonly publicIn: NetworkName | undefined;
  readonly named: boolean;
}

const OTHER: Readonly<Record<Zone, Zone>> = { a: 'b', b: 'a' };

/** All that may become of a packet: a transit gateway may choose among zones. */
export function fateOf(hub: Hub, to: string): Fate {
  const open: State[] = [{ at: { network: 'spoke', subnet: 'attachment' }, zone: 'a', publicIn: hub.isPublic ? 'spoke' : undefined, named: false }];
  const seen = new Set<string>();
  const ends = new Set<Fate>();
  for (let state = open.pop(); state; state = open.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = 'table' in state.at ? handedOn(hub, state.at.table, state, to) : step(hub, state.at, state, to);
    if (typeof next === 'string') ends.add(next);
    else open.push(...next);
  }
  return ends.has('open') ? 'open' : ends.has('named') ? 'named' : 'none';
}

function step(hub: Hub, { network: name, subnet }: Extract<State['at'], { network: NetworkName }>, state: State, to: string): Fate | readonly State[] {
  const network = hub.networks[name];
  const here = state.zone ?? 'a';
  const tables = network.zones[here];
  // The local route: inside the network, and not on the internet.
  if (within(to, RANGES[name]) >= 0) return 'none';
  const route = longest({ attachment: tables.routes, nat: tables.behindNat, firewall: tables.behindFirewall }[subnet], to);
  const zone = route?.to.endsWith('other zone') ? OTHER[here] : here;
  switch (route?.to) {
    case 'internet': return state.publicIn === name ? (state.named ? 'named' : 'open') : 'none';
    case 'nat': case 'nat of the other zone': return [{ ...state, zone, at: { network: name, subnet: 'nat' }, publicIn: network.privateNat ? undefined : name }];
    case 'firewall': case 'firewall of the other zone': return hub.firewall === 'drops' ? 'none' : [{ ...state, zone, at: { network: name, subnet: 'firewall' }, named: state.named || hub.firewall === 'names' }];
    case 'transit': {
      // Only where the attachment has a subnet in the zone does the transit gateway take anything from it.
      const table = name === 'far' ? 'far' : hub.follows[name] ?? (hub.byDefault ? 'default' : undefined);
      return network.attached.includes(here) && table ? [{ ...state, at: { table } }] : 'none';
    }
    // A peering of networks carries to addresses of the other network only; of those none is on the internet.
    default: return 'none';
  }
}

function handedOn({ networks, byDefault, follows, teaches, routes }: Hub, table: TableName | 'default' | 'far', state: State, to: string): Fate | readonly State[] {
  const taught = NETWORKS.filter((each) => networks[each].attached.length > 0 && each !== 'far' && (table === 'default' ? byDefault : teaches.some(([teacher, own]) => teacher === each && own === table)));
  // Of equal prefixes the static one counts.
  const found = longest([...routes[table], ...taught.map((each): TransitRoute => ({ cidr: RANGES[each], to: each }))], to);
  if (found === undefined || found.to === 'blackhole') return 'none';
  if (table === 'far' && found.to !== 'far') {
    const back = follows.far ?? (byDefault ? 'default' : undefined);
    return back ? [{ ...state, zone: undefined, at: { table: back } }] : 'none';
  }
  if (table !== 'far' && found.to === 'far') return [{ ...state, zone: undefined, at: { table: 'far' } }];
  const { attached, applianceMode } = networks[found.to];
  const entered = !applianceMode && state.zone !== undefined && attached.includes(state.zone) ? [state.zone] : attached;
  return entered.length === 0 ? 'none' : entered.map((zone) => ({ ...state, zone, at: { network: found.to as NetworkName, subnet: 'attachment' } }));
}

/** One of each kind that any route of a random hub tells from others. */
export const ADDRESSES = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '129.1.1.1', '200.7.7.7'] as const;
