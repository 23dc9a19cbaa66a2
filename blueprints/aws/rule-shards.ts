/**
 * Signatures spread over rule groups, within the quotas of one firewall policy.
 *
 * A set of signatures falls into a bucket by the hash of its key, and the number of buckets is a
 * power of two that follows the total size. So a new host changes the text of one group and the
 * address of none; only when the total doubles past a threshold are the groups cut anew.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html
 */
import { hash32, numberByContent } from './content-id';
import { signatureText, type SignatureSet } from './firewall-rules';

/** The content of a rule group that AWS makes signatures from. */
export interface RuleList {
  readonly targetType: 'TLS_SNI' | 'HTTP_HOST';
  /** `api.stripe.com`, or `.docker.io` for the apex and everything below. Sorted. */
  readonly targets: readonly string[];
  /** `$HOME_NET` of this group: the only source that a list knows. */
  readonly homeNet: readonly string[];
}

/** One rule group: its lines and its size, which AWS fixes when the group is made. */
export interface RuleShard {
  /** `allow-1of4`, `floor`. */
  readonly role: string;
  /** Position in the strict order. */
  readonly priority: number;
  readonly lines: readonly string[];
  /** Instead of lines. */
  readonly list?: RuleList;
  /** The most signatures that the group will ever hold, with head-room, in steps. */
  readonly capacity: number;
}

/** What one firewall policy takes. */
export const QUOTAS = {
  /** Stateful capacity of a policy, and of one group. */
  capacity: 30_000,
  /** Bytes of rules in one group. */
  groupBytes: 2_000_000,
  /** Characters of one rule. */
  ruleLength: 8_192,
} as const;

/** Half of what a group takes, so that a group can grow a good while in place. */
const TARGET_BYTES = QUOTAS.groupBytes / 2;
/** With the floor, 17 of the 20 stateful groups that a policy takes. */
const MOST_BUCKETS = 16;
const FLOOR_PRIORITY = 10_000;
/** Numbers below a million are by custom left to the engine and its rule sets. */
const SIDS = { from: 1_000_000, size: 2_000_000_000 } as const;

/** The groups of one policy, and what does not fit, in words with the way out. */
export interface ShardedRules {
  readonly shards: readonly RuleShard[];
  readonly problems: readonly string[];
}

/** Renders sets of one policy: a SID may occur once in all of them. */
export function numbered(sets: readonly SignatureSet[]): (set: SignatureSet) => readonly string[] {
  const sids = numberByContent(sets.flatMap((set) => set.signatures.map((signature) => signature.key)), SIDS);
  return (set) => set.signatures.map((signature) => signatureText(signature, sids.get(signature.key)!));
}

/**
 * Cuts the allow sets into buckets and puts the floor last.
 *
 * @param others sets of the same policy that stand in groups of their own.
 */
export function shardRules(allow: readonly SignatureSet[], floor: SignatureSet, others: readonly SignatureSet[] = []): ShardedRules {
  const linesOf = numbered([...allow, floor, ...others]);
  const rendered = allow.map((set) => ({ bits: hash32(set.key), lines: linesOf(set) }));

  const bytes = rendered.reduce((sum, { lines }) => sum + size(lines), 0);
  let buckets = 1;
  while (buckets < MOST_BUCKETS && bytes / buckets > TARGET_BYTES) buckets *= 2;

  const contents: string[][] = Array.from({ length: buckets }, () => []);
  for (const { bits, lines } of rendered) contents[bits % buckets]!.push(...lines);
  const shards: RuleShard[] = [
    ...contents.map((lines, bucket) => shard(`allow-${bucket + 1}of${buckets}`, 100 + bucket, lines)),
    shard('floor', FLOOR_PRIORITY, linesOf(floor)),
  ];
  return { shards, problems: beyondQuota(shards) };
}

/** Room for a tenth more, in steps that grow with the group: a step replaces it, anything less does not. */
export function capacityFor(signatures: number): number {
  const wanted = Math.ceil(signatures * 1.1);
  const step = wanted < 1_000 ? 100 : wanted < 5_000 ? 500 : 1_000;
  return Math.max(1, Math.ceil(wanted / step)) * step;
}

function shard(role: string, priority: number, lines: readonly string[]): RuleShard {
  return { role, priority, lines, capacity: capacityFor(lines.length) };
}

/** What of these groups is beyond AWS's quotas. */
export function beyondQuota(shards: readonly RuleShard[]): readonly string[] {
  const capacity = shards.reduce((sum, { capacity: own }) => sum + own, 0);
  const long = shards.flatMap(({ lines }) => lines).filter((line) => line.length > QUOTAS.ruleLength);
  const full = shards.filter(({ lines }) => size(lines) > QUOTAS.groupBytes);
  return [
    ...(capacity > QUOTAS.capacity
      ? [`aws: the allow rules need a firewall capacity of ${capacity}, and one policy takes ${QUOTAS.capacity}; use wildcards, or split the segments over two environments`]
      : []),
    ...long.map((line) => `aws: a firewall rule takes ${QUOTAS.ruleLength} characters, and '${line.slice(0, 60)}…' has ${line.length}; list fewer segments, ports or addresses in one rule`),
    ...full.map(({ role }) => `aws: rule group '${role}' is larger than the ${QUOTAS.groupBytes} bytes that AWS takes; use wildcards, or name fewer segments and addresses per rule`),
  ];
}

function size(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}
