/**
 * What a pod's policies leave of a call: tier by tier, and in a tier rule by rule, as the first that
 * matches decides.
 *
 * Where the input does not say whether a rule is for this call, an allow is and a deny is not.
 */
import { INTERNET, type Family } from '../addresses';
import { includes, intersect, isEmpty, subtract, unionOf, type Ranges } from '../ranges';
import { FAMILIES, rangesIn } from './blocks';
import type { ClusterPolicy, PolicyRule, RulePeer } from './policies';
import { ANY_PORT, commonSpans, withoutSpans, type PortSpan } from './ports';
import { isEmpty as isEverything } from './selectors';
import type { PodIdentity } from './workloads';

/** The rules of one tier for one pod in one direction. */
export interface Tier {
  readonly name: ClusterPolicy['tier'];
  readonly order: number;
  /** In the order in which they count. Denies are those alone that are certain to be for the pod. */
  readonly rules: readonly PolicyRule[];
  /** Whether what no rule matches is refused; else the next tier decides, and at last it is let through. */
  readonly isClosed: boolean;
}

/** In the order in which they are asked. */
export interface RulesOfPod {
  readonly tiers: readonly Tier[];
  /** Whether some tier refuses what nothing allows. */
  readonly isClosed: boolean;
}

export const NO_RULES: RulesOfPod = { tiers: [], isClosed: false };

/** Whom a call goes to, or comes from. */
export type OtherSide =
  | { readonly kind: 'pods'; readonly pods: PodIdentity }
  /** `anyOf`: one of these addresses, and nobody knows which. */
  | { readonly kind: 'addresses'; readonly family: Family; readonly ranges: Ranges; readonly anyOf?: true }
  /** Every pod of the cluster. */
  | { readonly kind: 'cluster' }
  | { readonly kind: 'entity'; readonly entity: string };

/** Whether pods are among those that a peer stands for: `maybe` where their namespace's labels are not known. */
export type Membership = (peer: RulePeer, rule: PolicyRule, pods: PodIdentity) => 'yes' | 'maybe' | 'no';

/** What goes through: ports, and of addresses, which. */
export interface Passed {
  readonly spans: readonly PortSpan[];
  /** Of these, what no tier decides: it goes through as well. */
  readonly undecided: readonly PortSpan[];
  readonly ranges?: Ranges;
}

export function passed({ tiers }: RulesOfPod, side: OtherSide, isMember: Membership): Passed {
  let left: readonly PortSpan[] = ANY_PORT;
  let ranges = side.kind === 'addresses' ? side.ranges : undefined;
  const through: PortSpan[] = [];
  for (const { rules, isClosed } of tiers) {
    const next: PortSpan[] = [];
    for (const rule of rules) {
      const how = coverOf(rule, side, ranges, isMember);
      if (rule.action !== 'deny') {
        if (how !== 'none') (rule.action === 'allow' ? through : next).push(...commonSpans(left, rule.ports));
        if (how === 'all') left = withoutSpans(left, rule.ports);
      } else if (how === 'all') left = withoutSpans(left, rule.ports);
      else if (side.kind === 'addresses' && ranges && left.length > 0 && through.length + next.length === 0 && withoutSpans(left, rule.ports).length === 0) {
        // A deny of every port, before anything got through, takes its addresses away.
        ranges = subtract(ranges, blocksOf(rule.peers, side.family));
        if (isEmpty(ranges)) left = [];
      }
    }
    left = isClosed ? next : [...left, ...next];
    if (left.length === 0) break;
  }
  return { spans: [...through, ...left], undecided: left, ...(ranges ? { ranges } : {}) };
}

/** `all`: for certain the whole of the other side; `maybe`: it could be, which is enough for an allow. */
export function coverOf(rule: PolicyRule, side: OtherSide, ranges: Ranges | undefined, isMember: Membership): 'all' | 'maybe' | 'none' {
  const { peers, uncertain } = rule;
  const all = uncertain === true ? 'maybe' : 'all';
  let found: 'maybe' | 'none' = 'none';
  for (const peer of peers) {
    const answer = coverOfPeer(peer, rule, side, isMember);
    if (answer === 'all') return all;
    if (answer === 'maybe') found = 'maybe';
  }
  if (side.kind !== 'addresses' || !ranges) return found;
  const blocks = blocksOf(peers, side.family);
  return includes(blocks, ranges) ? all : side.anyOf && !isEmpty(intersect(blocks, ranges)) ? 'maybe' : found;
}

/** What peers say by address. */
export function blocksOf(peers: readonly RulePeer[], family: Family): Ranges {
  return unionOf(peers.map((peer) => (peer.kind === 'block' ? rangesIn(peer, family) : [])));
}

function coverOfPeer(peer: RulePeer, rule: PolicyRule, side: OtherSide, isMember: Membership): 'all' | 'maybe' | 'none' {
  if (peer.kind === 'anything') return 'all';
  if (peer.kind === 'hidden') return 'maybe';
  // Pods have addresses, too: what is passed on by these is not refused by labels afterwards.
  if (peer.kind === 'block' && rule.action === 'pass' && (side.kind === 'pods' || side.kind === 'cluster')) return FAMILIES.some((family) => !includes(INTERNET[family], rangesIn(peer, family))) ? 'maybe' : 'none';
  const entity = peer.kind === 'entity' ? peer.entity : undefined;
  if (entity === 'all') return 'all';
  switch (side.kind) {
    case 'pods': {
      if (entity === 'cluster') return 'all';
      if (peer.kind !== 'pods') return 'none';
      const membership = isMember(peer, rule, side.pods);
      return membership === 'yes' ? 'all' : membership === 'maybe' ? 'maybe' : 'none';
    }
    case 'cluster':
      return entity === 'cluster' || (peer.kind === 'pods' && peer.vague !== true && isEverything(peer.namespaces) && (peer.pods === undefined || isEverything(peer.pods))) ? 'all' : 'none';
    case 'addresses':
      return entity === 'world' || entity === `world-ipv${side.family}` ? (includes(INTERNET[side.family], side.ranges) ? 'all' : 'maybe') : 'none';
    case 'entity':
      return entity === side.entity || (entity === 'world' && side.entity.startsWith('world')) || (entity === 'cluster' && !side.entity.startsWith('world') && side.entity !== 'all') ? 'all' : 'none';
  }
}

/** The internet, a family at a time. */
export const WORLD = FAMILIES.map((family) => ({ kind: 'addresses' as const, family, ranges: INTERNET[family] }));
