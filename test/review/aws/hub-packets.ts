/**
 * Networks around a transit gateway as plain data, and what becomes of single packets in them by AWS's own rules, one
 * hop after the other. It shares no code with the review: what both say is compared.
 *
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 */
export const NETWORKS = ['spoke', 'egress', 'other'] as const;
export type NetworkName = (typeof NETWORKS)[number];
export const RANGES: Readonly<Record<NetworkName, string>> = { spoke: '10.1.0.0/16', egress: '10.2.0.0/16', other: '10.3.0.0/16' };

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

export interface TransitRoute {
  readonly cidr: string;
  readonly to: NetworkName | 'blackhole';
}

export interface Network {
  /** The zones in which its attachment has a subnet. */
  readonly attached: readonly Zone[];
  /** Whether flows that come in are spread over these zones. */
  readonly applianceMode: boolean;
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
  /** The table that an attachment follows; without one, the default table or none. */
  readonly follows: Readonly<Record<NetworkName, TableName | undefined>>;
  readonly teaches: readonly (readonly [NetworkName, TableName])[];
  readonly routes: Readonly<Record<TableName | 'default', readonly TransitRoute[]>>;
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
  readonly network: NetworkName;
  readonly zone: Zone;
  readonly subnet: 'attachment' | 'nat' | 'firewall';
  /** The network whose internet gateway knows a public address for its source. */
  readonly publicIn: NetworkName | undefined;
  readonly named: boolean;
}

const OTHER: Readonly<Record<Zone, Zone>> = { a: 'b', b: 'a' };

/** All that may become of a packet: a transit gateway may choose among zones. */
export function fateOf(hub: Hub, to: string): Fate {
  const open: State[] = [{ network: 'spoke', zone: 'a', subnet: 'attachment', publicIn: hub.isPublic ? 'spoke' : undefined, named: false }];
  const seen = new Set<string>();
  const ends = new Set<Fate>();
  for (let at = open.pop(); at; at = open.pop()) {
    const key = JSON.stringify(at);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = step(hub, at, to);
    if (typeof next === 'string') ends.add(next);
    else open.push(...next);
  }
  return ends.has('open') ? 'open' : ends.has('named') ? 'named' : 'none';
}

function step(hub: Hub, at: State, to: string): Fate | readonly State[] {
  const network = hub.networks[at.network];
  const tables = network.zones[at.zone];
  // The local route: inside the network, and not on the internet.
  if (within(to, RANGES[at.network]) >= 0) return 'none';
  const route = longest({ attachment: tables.routes, nat: tables.behindNat, firewall: tables.behindFirewall }[at.subnet], to);
  const zone = route?.to.endsWith('other zone') ? OTHER[at.zone] : at.zone;
  switch (route?.to) {
    case 'internet': return at.publicIn === at.network ? (at.named ? 'named' : 'open') : 'none';
    case 'nat': case 'nat of the other zone': return [{ ...at, zone, subnet: 'nat', publicIn: at.network }];
    case 'firewall': case 'firewall of the other zone': return hub.firewall === 'drops' ? 'none' : [{ ...at, zone, subnet: 'firewall', named: at.named || hub.firewall === 'names' }];
    case 'transit': {
      // Only where the attachment has a subnet in the zone does the transit gateway take anything from it.
      const next = network.attached.includes(at.zone) ? beyondTransit(hub, at.network, to) : undefined;
      if (!next) return 'none';
      const { attached, applianceMode } = hub.networks[next];
      const entered = !applianceMode && attached.includes(at.zone) ? [at.zone] : attached;
      return entered.map((each) => ({ ...at, network: next, zone: each, subnet: 'attachment' }));
    }
    // A peering carries to addresses of the other network only; of those none is on the internet.
    default: return 'none';
  }
}

function beyondTransit({ networks, byDefault, follows, teaches, routes }: Hub, from: NetworkName, to: string): NetworkName | undefined {
  const table = follows[from] ?? (byDefault ? 'default' : undefined);
  if (!table) return undefined;
  const taught = NETWORKS.filter((each) => networks[each].attached.length > 0 && (table === 'default' ? byDefault : teaches.some(([teacher, own]) => teacher === each && own === table)));
  // Of equal prefixes the static one counts.
  const found = longest([...routes[table], ...taught.map((each): TransitRoute => ({ cidr: RANGES[each], to: each }))], to);
  return found === undefined || found.to === 'blackhole' || networks[found.to].attached.length === 0 ? undefined : found.to;
}

/** One of each kind that any route of a random hub tells from others. */
export const ADDRESSES = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '129.1.1.1', '200.7.7.7'] as const;
