/**
 * What a pod's policies leave of a call, in the order in which they are asked: the admin's rules by
 * priority, then the namespaced policies, whose allows add up and whose denies win, then the baseline.
 *
 * Where the input does not say whether a rule is for this call, an allow is and a deny is not.
 */
import { INTERNET, type Family } from '../addresses';
import { includes, isEmpty, subtract, union, type Ranges } from '../ranges';
import { FAMILIES, rangesIn } from './blocks';
import type { PolicyRule, RulePeer } from './policies';
import { isEmpty as isEverything } from './selectors';
import { ANY_PORT, commonSpans, withoutSpans, type PortSpan } from './ports';
import type { PodIdentity } from './workloads';

/** The rules of one pod in one direction. */
export interface RulesOfPod {
  /** In the order in which they count. */
  readonly admin: readonly PolicyRule[];
  readonly allows: readonly PolicyRule[];
  /** Those alone that are certain to be for the pod. */
  readonly denies: readonly PolicyRule[];
  readonly baseline: readonly PolicyRule[];
  /** Whether only what a namespaced policy allows goes through. */
  readonly isClosed: boolean;
}

export const NO_RULES: RulesOfPod = { admin: [], allows: [], denies: [], baseline: [], isClosed: false };

/** Whom a call goes to, or comes from. */
export type OtherSide =
  | { readonly kind: 'pods'; readonly pods: PodIdentity }
  | { readonly kind: 'addresses'; readonly family: Family; readonly ranges: Ranges }
  /** Every pod of the cluster. */
  | { readonly kind: 'cluster' }
  | { readonly kind: 'entity'; readonly entity: string };

/** Whether pods are among those that a peer stands for: `maybe` where their namespace's labels are not known. */
export type Membership = (peer: RulePeer, rule: PolicyRule, pods: PodIdentity) => 'yes' | 'maybe' | 'no';

/** What goes through: ports, and of addresses, which. */
export interface Passed {
  readonly spans: readonly PortSpan[];
  readonly ranges?: Ranges;
}

export function passed(rules: RulesOfPod, side: OtherSide, isMember: Membership): Passed {
  const state = { left: ANY_PORT, ranges: side.kind === 'addresses' ? side.ranges : undefined };
  const through: PortSpan[] = [];
  const later: PortSpan[] = [];
  const covers = (rule: PolicyRule) => coverOf(rule, side, state.ranges, isMember);
  const deny = (rule: PolicyRule): void => {
    if (covers(rule) === 'all') state.left = withoutSpans(state.left, rule.ports);
    // A deny of every port that is left takes its addresses away.
    else if (side.kind === 'addresses' && state.ranges && withoutSpans(state.left, rule.ports).length === 0) {
      state.ranges = subtract(state.ranges, union(...rule.peers.map((peer) => (peer.kind === 'block' ? rangesIn(peer, side.family) : []))));
      if (isEmpty(state.ranges)) state.left = [];
    }
  };
  for (const rule of rules.admin) {
    if (rule.action === 'deny') deny(rule);
    else {
      const how = covers(rule);
      if (how === 'none') continue;
      (rule.action === 'allow' ? through : later).push(...commonSpans(state.left, rule.ports));
      if (how === 'all') state.left = withoutSpans(state.left, rule.ports);
    }
  }
  state.left = [...state.left, ...later];
  for (const rule of rules.denies) deny(rule);
  if (rules.isClosed) {
    const allowed = rules.allows.filter((rule) => covers(rule) !== 'none').flatMap(({ ports }) => ports);
    through.push(...commonSpans(state.left, allowed));
  } else {
    for (const rule of rules.baseline) {
      if (rule.action === 'deny') deny(rule);
      else if (covers(rule) !== 'none') {
        through.push(...commonSpans(state.left, rule.ports));
        if (covers(rule) === 'all') state.left = withoutSpans(state.left, rule.ports);
      }
    }
    through.push(...state.left);
  }
  return { spans: through, ...(state.ranges ? { ranges: state.ranges } : {}) };
}

/** `all`: for certain the whole of the other side; `maybe`: it could be, which is enough for an allow. */
function coverOf({ peers, ...rule }: PolicyRule, side: OtherSide, ranges: Ranges | undefined, isMember: Membership): 'all' | 'maybe' | 'none' {
  const answers = peers.map((peer) => coverOfPeer(peer, { peers, ...rule }, side, isMember));
  const all = rule.uncertain === true ? 'maybe' : 'all';
  if (answers.includes('all')) return all;
  if (side.kind === 'addresses' && ranges) {
    const held = union(...peers.map((peer) => (peer.kind === 'block' ? rangesIn(peer, side.family) : [])));
    if (includes(held, ranges)) return all;
  }
  return answers.includes('maybe') ? 'maybe' : 'none';
}

function coverOfPeer(peer: RulePeer, rule: PolicyRule, side: OtherSide, isMember: Membership): 'all' | 'maybe' | 'none' {
  if (peer.kind === 'anything') return 'all';
  if (peer.kind === 'hidden') return 'maybe';
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
export const WORLD: readonly OtherSide[] = FAMILIES.map((family) => ({ kind: 'addresses', family, ranges: INTERNET[family] }));
