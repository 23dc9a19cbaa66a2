/**
 * Where each rule stands in the firewall policy.
 *
 * A rule's priority is also its identity at Google, so it may depend on nothing but the rule's own
 * content: a rule that comes or goes must not move another. Each segment owns ten million
 * priorities, found by its slot, which it keeps for life. The order between segments means
 * nothing, because each rule targets one segment; only the two denies must come last.
 *
 * https://cloud.google.com/firewall/docs/firewall-policies-rule-details#priority
 */
import { contentHash } from './content-hash';

/** Priorities that belong to one segment. */
export const SEGMENT_SPACE = 10_000_000;
/** Denies that stand before every allow: in front of the first segment's space, which begins at slot 4. */
export const DENY_THREATS = 1_000_000;
/** See `DENY_THREATS`. */
export const DENY_COUNTRIES = 1_000_001;
/** The terminal denies: behind every segment's space, and one priority each because a rule holds one family. */
export const DENY_IPV4 = 2_000_000_000;
/** See `DENY_IPV4`. */
export const DENY_IPV6 = 2_000_000_001;

const PEER_EGRESS = 1_000;
const PEER_INGRESS = 2_000;
const PUBLISHED = 10_000;
const HOSTS = 1_000_000;
/** One block per protocol and port list; a shard's place in it is its place in the tree of shards. */
const BLOCK = 1_000;
const BLOCKS = (SEGMENT_SPACE - HOSTS) / BLOCK;

/** A segment's one rule of a kind. */
export type SingleRule = (typeof SINGLE)[number];
/** The place in this list is part of a priority: new kinds go to its end. */
const SINGLE = [
  'private-services', 'session-access', 'internet-tcp', 'internet-udp', 'web-proxy', 'private-services-access', 'control-plane',
  'cluster-out', 'cluster-in', 'webhooks', 'health-checks', 'passthrough-health-checks', 'iap',
] as const;

/** The priority of a rule that a segment has at most once. */
export function singlePriority(slot: number, rule: SingleRule): number {
  return slot * SEGMENT_SPACE + SINGLE.indexOf(rule);
}

/** The priority of the rule that lets a caller out to a callee; one per pair. */
export function peerEgressPriority(callerSlot: number, calleeSlot: number): number {
  return callerSlot * SEGMENT_SPACE + PEER_EGRESS + calleeSlot;
}

/** The priority of the rule that lets a caller in to a callee; one per pair. */
export function peerIngressPriority(calleeSlot: number, callerSlot: number): number {
  return calleeSlot * SEGMENT_SPACE + PEER_INGRESS + callerSlot;
}

/**
 * The priority of the rule that lets a segment call a published service, by the service's place
 * among its endpoints: one address, one priority.
 */
export function publishedPriority(slot: number, place: number): number {
  return slot * SEGMENT_SPACE + PUBLISHED + place;
}

/**
 * Gives each group of hosts of one segment (`tls-443`) its own block of priorities, by hash.
 *
 * Two groups that hash alike are told apart in the order of their keys; with 9,000 blocks and a
 * handful of port lists per segment that is a one in a thousand case.
 */
export function hostBlocks(groups: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  const blocks = new Map<string, number>();
  for (const group of [...new Set(groups)].sort()) {
    let block = contentHash(group) % BLOCKS;
    while (taken.has(block)) block = (block + 1) % BLOCKS;
    taken.add(block);
    blocks.set(group, block);
  }
  return blocks;
}

/** The priority of one shard of a group of hosts. */
export function hostPriority(slot: number, block: number, shardPlace: number): number {
  return slot * SEGMENT_SPACE + HOSTS + block * BLOCK + shardPlace;
}
