/**
 * A core network of Cloud WAN as plain data, and what becomes of single packets by AWS's own rules, one hop after the
 * other. It shares no code with the review: what both say is compared.
 *
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policies-json.html
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-route-evaluation.html
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policy-network-actions-routes.html
 * https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policy-service-insertion.html
 */
import { best, within, type Fate } from './single-packets';
export const SEGMENTS = ['red', 'blue', 'green'] as const;
export type Segment = (typeof SEGMENTS)[number];
/** The one network function group. */
export const GROUP = 'inspection';
export type Domain = Segment | typeof GROUP;

export const ATTACHMENTS = ['spoke', 'egress', 'inspect', 'remote'] as const;
export type Attachment = (typeof ATTACHMENTS)[number];
export type Network = Exclude<Attachment, 'remote'>;
export const REMOTES = ['site-to-site-vpn', 'connect', 'direct-connect-gateway', 'transit-gateway-route-table'] as const;

/** In the machine's network its own subnet, in the others that of the attachment; and behind each a firewall's and a NAT gateway's. */
export const SUBNETS = ['spoke', 'spoke-nat', 'egress', 'egress-firewall', 'egress-nat', 'inspect', 'inspect-firewall', 'inspect-nat'] as const;
export type SubnetName = (typeof SUBNETS)[number];
export type Target = 'core' | 'internet' | 'nat' | 'firewall';

export interface Route {
  readonly to: string;
  readonly target: Target;
}

export interface Condition {
  readonly type: 'any' | 'tag-value' | 'tag-exists' | 'attachment-type';
  readonly operator: 'equals' | 'not-equals' | 'contains' | 'begins-with';
  readonly key: 'segment' | 'team';
  readonly value: string;
}

export interface Rule {
  readonly number: number;
  readonly logic: 'and' | 'or';
  readonly conditions: readonly Condition[];
  readonly then: Domain | 'by tag';
}

export type Shared = '*' | readonly Segment[] | { readonly except: readonly Segment[] };
export type Action =
  | { readonly kind: 'route'; readonly segment: Segment; readonly to: string; readonly target: Attachment | 'blackhole' }
  | { readonly kind: 'share'; readonly segment: Segment; readonly with: Shared }
  | { readonly kind: 'send-to'; readonly segment: Segment }
  | { readonly kind: 'send-via'; readonly segment: Segment; readonly to: '*' | readonly Segment[] };

export type Firewall = 'drops' | 'names' | 'passes';

export interface Estate {
  readonly routes: Readonly<Record<SubnetName, readonly Route[]>>;
  readonly isPublic: boolean;
  readonly firewalls: Readonly<Record<'egress' | 'inspect', Firewall>>;
  readonly segments: Readonly<Record<Segment, { readonly isolated: boolean; readonly denies: readonly Segment[] }>>;
  readonly tags: Readonly<Record<Attachment, Readonly<Record<string, string>>>>;
  readonly remote: (typeof REMOTES)[number];
  readonly rules: readonly Rule[];
  readonly actions: readonly Action[];
}

const RANGES: Readonly<Record<Network, string>> = { spoke: '10.1.0.0/16', egress: '10.2.0.0/16', inspect: '10.3.0.0/16' };

function fits({ type, operator, key, value }: Condition, tags: Readonly<Record<string, string>>, kind: string): boolean {
  if (type === 'any') return true;
  if (type === 'tag-exists') return key in tags;
  const own = type === 'tag-value' ? tags[key] : kind;
  if (own === undefined) return false;
  return { equals: own === value, 'not-equals': own !== value, contains: own.includes(value), 'begins-with': own.startsWith(value) }[operator];
}

/** Where the first rule that fits puts an attachment. */
export function domainOf({ rules, tags, remote }: Estate, attachment: Attachment): Domain | undefined {
  const kind = attachment === 'remote' ? remote : 'vpc';
  const holds = (condition: Condition) => fits(condition, tags[attachment], kind);
  const first = [...rules].sort((a, b) => a.number - b.number).find(({ logic, conditions }) => (logic === 'and' ? conditions.every(holds) : conditions.some(holds)));
  if (first?.then !== 'by tag') return first?.then;
  return SEGMENTS.find((segment) => segment === tags[attachment].segment);
}

function isSharedWith(shared: Shared, owner: Segment, other: Segment): boolean {
  if (owner === other) return false;
  if (shared === '*') return true;
  return 'except' in shared ? !shared.except.includes(other) : shared.includes(other);
}

const meets = (to: '*' | readonly Segment[], other: Segment): boolean => to === '*' || to.includes(other);

/** How what the remote attachment announces comes to a segment: not at all, as it is, or through the group. */
function announced({ segments, actions }: Estate, here: Segment, there: Segment): 'no' | 'directly' | 'through the group' {
  const isVia = actions.some((action) => action.kind === 'send-via' && ((action.segment === here && meets(action.to, there)) || (action.segment === there && meets(action.to, here))));
  if (isVia) return 'through the group';
  if (here === there) return segments[here].isolated ? 'no' : 'directly';
  if (segments[here].denies.includes(there)) return 'no';
  return actions.some((action) => action.kind === 'share' && ((action.segment === here && isSharedWith(action.with, here, there)) || (action.segment === there && isSharedWith(action.with, there, here)))) ? 'directly' : 'no';
}

/** Whose routes the group knows: those of all segments whose packets it sees. */
const seenByGroup = ({ actions }: Estate, segment: Segment): boolean => actions.some((action) => ((action.kind === 'send-via' || action.kind === 'send-to') && action.segment === segment) || (action.kind === 'send-via' && meets(action.to, segment)));

/** What the plan leaves open: what the remote side announces, and, as AWS does not say it, whether static routes are redirected to the group and known to it. */
interface World {
  readonly learnt: readonly string[];
  readonly static: boolean;
}

interface State {
  readonly at: SubnetName | { readonly from: Network };
  readonly isPublic: boolean;
  readonly named: boolean;
}

const networkOf = (subnet: SubnetName): Network => subnet.split('-')[0] as Network;

/** Where a core network may hand a packet on to; a group without an attachment here may have some in another plan. */
function handedOn(estate: Estate, from: Network, to: string, { learnt, static: isRedirected }: World): readonly (Attachment | 'blackhole')[] | 'perhaps' {
  const domain = domainOf(estate, from);
  const there = domainOf(estate, 'remote');
  const functions = ATTACHMENTS.filter((each) => domainOf(estate, each) === GROUP);
  if (domain === undefined) return [];
  if (domain === GROUP) {
    const known = estate.actions.flatMap((action): readonly (readonly [string, number, Attachment])[] => (isRedirected && action.kind === 'route' && action.target !== 'blackhole' && seenByGroup(estate, action.segment) ? [[action.to, 0, action.target]] : []));
    const all = known.filter(([cidr]) => within(to, cidr) >= 0).map(([, , target]) => target);
    return [...all.filter((each) => domainOf(estate, each) !== undefined), ...(there !== undefined && there !== GROUP && seenByGroup(estate, there) && learnt.some((cidr) => within(to, cidr) >= 0) ? ['remote' as const] : [])];
  }
  const routes = estate.actions.flatMap((action): readonly (readonly [string, number, Attachment | 'blackhole' | 'group'])[] => {
    if (action.kind !== 'route' || action.segment !== domain) return action.kind === 'send-to' && action.segment === domain ? [['0.0.0.0/0', 0, 'group']] : [];
    const target = action.target === 'blackhole' ? undefined : domainOf(estate, action.target);
    const isVia = isRedirected && target !== undefined && target !== GROUP && announced(estate, domain, target) === 'through the group';
    return [[action.to, 0, isVia ? 'group' : action.target]];
  });
  const way = there === undefined || there === GROUP ? 'no' : announced(estate, domain, there);
  // Nothing is carried to what waits for a segment.
  const found = best<Attachment | 'blackhole' | 'group'>([...routes, ...(way === 'no' ? [] : learnt.map((cidr) => [cidr, 100, way === 'directly' ? 'remote' as const : 'group' as const] as const))], to);
  if (found === 'group') return functions.length > 0 ? functions : 'perhaps';
  return found === undefined || (found !== 'blackhole' && domainOf(estate, found) === undefined) ? [] : [found];
}

const behind = (firewall: Firewall, state: State): readonly State[] => (firewall === 'drops' ? [] : [{ ...state, named: state.named || firewall === 'names' }]);

/** Where it may be next, or how it gets out. */
function step(estate: Estate, state: State, to: string, world: World): readonly State[] | 'open' | 'perhaps' {
  if (typeof state.at === 'object') {
    const next = handedOn(estate, state.at.from, to, world);
    if (next === 'perhaps' || next.includes('remote')) return 'perhaps';
    return next.flatMap((each) => (each === 'blackhole' || each === 'remote' ? [] : [{ ...state, at: each }]));
  }
  const own = networkOf(state.at);
  if (within(to, RANGES[own]) >= 0) return [];
  switch (best(estate.routes[state.at].map((route) => [route.to, 0, route.target] as const), to)) {
    // A public address is one in the network where the machine stands, and in that of its NAT gateway.
    case 'core': return [{ ...state, at: { from: own }, isPublic: false }];
    case 'internet': return state.isPublic ? 'open' : [];
    case 'nat': return [{ ...state, at: `${own}-nat`, isPublic: true }];
    case 'firewall': return own === 'spoke' ? [] : behind(estate.firewalls[own], { ...state, at: `${own}-firewall` });
    default: return [];
  }
}

/** All that may become of it in one of these worlds. */
function fatesIn(estate: Estate, to: string, world: World): ReadonlySet<Fate> {
  const fates = new Set<Fate>();
  const seen = new Set<string>();
  const waiting: State[] = [{ at: 'spoke', isPublic: estate.isPublic, named: false }];
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = step(estate, state, to, world);
    if (typeof next === 'string') fates.add(state.named ? 'named' : next);
    else if (next.length === 0) fates.add('none');
    else waiting.push(...next);
  }
  return fates;
}

export function fateOf(estate: Estate, to: string): Fate {
  const worlds = [[], ['0.0.0.0/0'], [`${to}/32`]].flatMap((learnt) => [false, true].map((isStatic) => fatesIn(estate, to, { learnt, static: isStatic })));
  if (worlds.every((fates) => fates.size === 1 && fates.has('open'))) return 'open';
  if (worlds.some((fates) => fates.has('open') || fates.has('perhaps'))) return 'perhaps';
  return worlds.some((fates) => fates.has('named')) ? 'named' : 'none';
}

/** One of each kind that any route of a random estate tells from others. */
export const ADDRESSES = ['1.1.1.1', '8.8.8.8', '9.9.9.9', '129.1.1.1'] as const;
