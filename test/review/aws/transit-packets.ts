/**
 * A transit gateway with a firewall that is attached to it, and one in a network, as plain data, and what becomes of single
 * packets by AWS's own rules, one hop after the other. It shares no code with the review: what both say is compared.
 *
 * https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/tgw-firewall.html
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/vpc-endpoint-associations.html
 */
import { best, within, type Fate } from './single-packets';
export const LISTS = { google: ['8.0.0.0/8', '9.9.9.0/24'], halves: ['0.0.0.0/1', '128.0.0.0/1'] } as const;
export type ListName = keyof typeof LISTS;

/** Routes of subnets. The endpoint is one of the second network's firewall that stands in the first one. */
export type Target = 'transit' | 'internet' | 'nat' | 'firewall' | 'endpoint' | 'appliance';

export interface Route {
  readonly to: string;
  readonly target: Target;
}

export const ATTACHMENTS = ['spoke', 'egress', 'inspected', 'vpn', 'connect'] as const;
export type Attachment = (typeof ATTACHMENTS)[number];

export interface TransitRoute {
  /** A block, or the name of a prefix list. */
  readonly to: string;
  readonly target: Attachment | 'blackhole';
}

export const TABLES = ['red', 'blue'] as const;
export type TableName = (typeof TABLES)[number];

/** In the first network: the machine's, that of the endpoint, that of NAT. In the second: of the attachment, of the firewall, of NAT. */
export const SUBNETS = ['app', 'endpoint', 'spoke-nat', 'attachment', 'firewall', 'egress-nat'] as const;
export type SubnetName = (typeof SUBNETS)[number];

export type Firewall = 'drops' | 'names' | 'passes';

export interface Estate {
  readonly routes: Readonly<Record<SubnetName, readonly Route[]>>;
  readonly tables: Readonly<Record<TableName | 'default', readonly TransitRoute[]>>;
  /** Whether the transit gateway has a table that attachments follow and teach, unless told otherwise. */
  readonly byDefault: boolean;
  readonly follows: Readonly<Record<Attachment, TableName | undefined>>;
  readonly teaches: readonly (readonly [Attachment, TableName])[];
  readonly isPublic: boolean;
  /** Whether the VPN has static routes, so that nothing is learnt by it. */
  readonly isStatic: boolean;
  readonly firewalls: Readonly<Record<'attached' | 'hub', Firewall>>;
}

const RANGES = { spoke: '10.1.0.0/16', egress: '10.2.0.0/16' } as const;

/** What VPN and Connect announce, and which of two lists counts, the plan leaves open. */
interface World {
  readonly learnt: readonly string[];
  readonly lastListWins: boolean;
}

interface State {
  readonly at: SubnetName | { readonly from: Attachment };
  readonly isPublic: boolean;
  readonly named: boolean;
}

const networkOf = (subnet: SubnetName): 'spoke' | 'egress' => (['app', 'endpoint', 'spoke-nat'].includes(subnet) ? 'spoke' : 'egress');

/** Who was told by default is in the table that AWS makes. */
const followed = ({ follows, byDefault }: Estate, attachment: Attachment): TableName | 'default' | undefined => follows[attachment] ?? (byDefault ? 'default' : undefined);

function handedOn(estate: Estate, from: Attachment, to: string, { learnt, lastListWins }: World): Attachment | 'blackhole' | undefined {
  const table = followed(estate, from);
  if (!table) return undefined;
  const teachers = ATTACHMENTS.filter((each) => (table === 'default' ? estate.byDefault : estate.teaches.some(([teacher, own]) => teacher === each && own === table)));
  const taught = teachers.flatMap((each): readonly (readonly [string, number, Attachment])[] => {
    if (each === 'spoke' || each === 'egress') return [[RANGES[each], 200, each]];
    if (each === 'inspected' || (each === 'vpn' && estate.isStatic)) return [];
    return learnt.map((cidr) => [cidr, each === 'connect' ? 300 : 400, each] as const);
  });
  const written = estate.tables[table].flatMap(({ to: destination, target }, at) => {
    const isList = destination in LISTS;
    const blocks: readonly string[] = isList ? LISTS[destination as ListName] : [destination];
    return blocks.map((block) => [block, isList ? 100 + (lastListWins ? -at : at) : 0, target] as const);
  });
  return best<Attachment | 'blackhole'>([...written, ...taught], to);
}

/** Where it is next, or what has become of it. */
function step(estate: Estate, state: State, to: string, world: World): State | Fate {
  if (typeof state.at === 'object') {
    const next = handedOn(estate, state.at.from, to, world);
    switch (next) {
      case undefined: case 'blackhole': return 'none';
      case 'vpn': case 'connect': return 'perhaps';
      case 'inspected': return behind(estate.firewalls.attached, { ...state, at: { from: 'inspected' } });
      default: return { ...state, at: next === 'spoke' ? 'app' : 'attachment' };
    }
  }
  const own = networkOf(state.at);
  if (within(to, RANGES[own]) >= 0) return 'none';
  const target = best(estate.routes[state.at].map((route) => [route.to, 0, route.target] as const), to);
  switch (target) {
    case 'transit': return { ...state, at: { from: own } };
    case 'internet': return state.isPublic ? 'open' : 'none';
    case 'nat': return { ...state, at: `${own}-nat`, isPublic: true };
    case 'firewall': return own === 'egress' ? behind(estate.firewalls.hub, { ...state, at: 'firewall' }) : 'none';
    case 'endpoint': return own === 'spoke' ? behind(estate.firewalls.hub, { ...state, at: 'endpoint' }) : 'none';
    case 'appliance': return 'perhaps';
    default: return 'none';
  }
}

const behind = (firewall: Firewall, state: State): State | Fate => (firewall === 'drops' ? 'none' : { ...state, named: state.named || firewall === 'names' });

function fateIn(estate: Estate, to: string, world: World): Fate {
  let state: State = { at: 'app', isPublic: estate.isPublic, named: false };
  for (let hop = 0; hop < 30; hop += 1) {
    const before = state;
    const next = step(estate, state, to, world);
    if (typeof next === 'string') return next !== 'none' && state.named ? 'named' : next;
    // A public address is one in the network where the machine stands, and in that of its NAT gateway.
    const left = typeof before.at === 'string' && typeof next.at === 'object';
    state = left ? { ...next, isPublic: false } : next;
  }
  return 'none';
}

export function fateOf(estate: Estate, to: string): Fate {
  const worlds = [[], ['0.0.0.0/0'], [`${to}/32`]].flatMap((learnt) => [false, true].map((lastListWins) => ({ learnt, lastListWins })));
  const fates = worlds.map((world) => fateIn(estate, to, world));
  if (fates.every((fate) => fate === 'open')) return 'open';
  if (fates.some((fate) => fate === 'open' || fate === 'perhaps')) return 'perhaps';
  // Behind a control by name nothing is asked of what may be learnt.
  return fates.includes('none') ? 'none' : 'named';
}

/** One of each kind that any route of a random estate tells from others. */
export const ADDRESSES = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '129.1.1.1'] as const;
