/**
 * The allow rules as Azure Firewall's rule collections, as plain data.
 *
 * Azure Firewall looks at network rules before application rules, so a broad network rule would
 * make every host list meaningless: there is one only where the policy lists addresses.
 * https://learn.microsoft.com/azure/firewall/rule-processing
 */
import type { AllowRule } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';
import { digest } from './names';

/** Hosts on one port: the server name of TLS (`Https`) or the Host header (`Http`). */
export interface ApplicationRule {
  readonly name: string;
  readonly type: 'Http' | 'Https';
  readonly port: number;
  readonly fqdns: readonly string[];
}

/** Addresses on one port. */
export interface NetworkRule {
  readonly name: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** What one segment may reach. */
export interface SegmentCollections {
  readonly application: readonly ApplicationRule[];
  readonly network: readonly NetworkRule[];
}

/** The limits of a policy. https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-firewall-limits */
export const FIREWALL_LIMITS = {
  /** Groups of rule collections in one policy. */
  groups: 60,
  /** Bytes of one group as rendered here: half of Azure's 2 MB, as its own form is wordier. */
  groupBytes: 1_000_000,
  /** Groups that the rules of one segment are spread over: so many fit between two slots. */
  shards: 64,
  /** Sources times destinations over all network rules. */
  networkPairs: 20_000,
  /** Application rules stop here; network rules go to 65535. */
  applicationPort: 64_000,
} as const;

/** The last group and collection: nothing comes after it. */
export const DENY_ALL_PRIORITY = 65_000;

/** Where the groups of a policy of our own begin. */
export const FIRST_PRIORITY = 1_000;

/** The group of a segment keeps its place for as long as the segment keeps its slot. */
export function groupPriority(slot: number, shard = 0, first = FIRST_PRIORITY): number {
  return first + slot * 100 + shard;
}

/** In somebody else's policy the deny comes right after the last slot, and holds for our segments only. */
export function sharedDenyPriority(first: number): number {
  return first + 64 * 100;
}

/** One label of a name; Azure takes `*` only as the first one. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Why Azure Firewall cannot enforce a rule as written, with the way out. */
export function cannotEnforce(rule: AllowRule): string | undefined {
  if (rule.protocol === 'tcp') {
    return rule.addresses.length > 0 ? undefined
      : `azure: '${rule.host.text}' over tcp has no addresses; no name travels on the wire, so list 'addresses' or use tls`;
  }
  const labels = rule.host.domain.split('.');
  if (rule.host.domain.length > 253 || labels.length < 2 || !labels.every((label) => LABEL.test(label))) {
    return `azure: '${rule.host.text}' is no name that application rules take; write a full name such as 'api.example.com' or '*.example.com'`;
  }
  const high = rule.ports.filter((port) => port > FIREWALL_LIMITS.applicationPort);
  return high.length === 0 ? undefined
    : `azure: port ${high.join(', ')} of '${rule.host.text}' is above ${FIREWALL_LIMITS.applicationPort}, where application rules end; use a lower port, or tcp with addresses`;
}

/**
 * What a segment may reach, folded into one rule per protocol and port.
 *
 * One rule per host would say the same, but a host added in the middle would then shift every
 * later rule in the plan, and 10,000 of them would not fit into one group.
 */
export function segmentCollections(rules: readonly AllowRule[], segment: string): SegmentCollections {
  const granted = rulesOf(rules, segment);
  const fold = (protocol: AllowRule['protocol'], what: (rule: AllowRule) => readonly string[]) => {
    const byPort = new Map<number, Set<string>>();
    for (const rule of granted) {
      if (rule.protocol !== protocol) continue;
      for (const port of rule.ports) {
        const values = byPort.get(port) ?? new Set();
        for (const value of what(rule)) values.add(value);
        byPort.set(port, values);
      }
    }
    return [...byPort].sort(([a], [b]) => a - b).map(([port, values]) => ({ port, values: [...values].sort(compare) }));
  };
  const hosts = (type: 'Http' | 'Https', protocol: 'http' | 'tls') =>
    fold(protocol, (rule) => [rule.host.text]).map(({ port, values }): ApplicationRule => ({ name: `${protocol}-${port}`, type, port, fqdns: values }));
  return {
    application: [...hosts('Http', 'http'), ...hosts('Https', 'tls')],
    network: fold('tcp', (rule) => rule.addresses).map(({ port, values }) => ({ name: `tcp-${port}`, port, addresses: values })),
  };
}

/** A part of what a segment may reach, small enough for one group. */
export interface CollectionShard {
  /** 0 for the first or only one; it is part of names and priorities. */
  readonly index: number;
  readonly collections: SegmentCollections;
}

/**
 * Spreads a segment's rules over as many groups as their size asks for.
 *
 * A hash of each host or address says which group it is in, and the number of groups doubles: a
 * host that comes or goes moves no other, but for the one that makes a group too large.
 */
export function shardsOf(collections: SegmentCollections, longest: number = FIREWALL_LIMITS.groupBytes): readonly CollectionShard[] {
  const hashes = new Map<string, number>();
  const hash = (value: string) => {
    let found = hashes.get(value);
    if (found === undefined) hashes.set(value, (found = parseInt(digest(value, 8), 16)));
    return found;
  };
  for (let count = 1; ; count *= 2) {
    const shards = Array.from({ length: count }, (_, index): CollectionShard => ({
      index,
      collections: count === 1 ? collections : part(collections, (value) => hash(value) % count === index),
    })).filter(({ collections: each }) => each.application.length + each.network.length > 0);
    if (count * 2 > FIREWALL_LIMITS.shards || shards.every((shard) => JSON.stringify(shard.collections).length <= longest)) return shards;
  }
}

function part({ application, network }: SegmentCollections, holds: (value: string) => boolean): SegmentCollections {
  return {
    application: application.map((rule) => ({ ...rule, fqdns: rule.fqdns.filter(holds) })).filter(({ fqdns }) => fqdns.length > 0),
    network: network.map((rule) => ({ ...rule, addresses: rule.addresses.filter(holds) })).filter(({ addresses }) => addresses.length > 0),
  };
}

/** What the name of a segment's group ends in. */
export function shardSuffix({ index }: CollectionShard): string {
  return index === 0 ? '' : `-${index}`;
}

/** Which limits of a firewall policy the collections would break, with the way out. */
export function limitProblems(collections: ReadonlyMap<string, readonly CollectionShard[]>): readonly string[] {
  const problems: string[] = [];
  const groups = [...collections.values()].reduce((sum, shards) => sum + shards.length, 1);
  if (groups > FIREWALL_LIMITS.groups) {
    problems.push(`azure: ${collections.size} segments with hosts need ${groups} rule collection groups and a firewall policy takes ${FIREWALL_LIMITS.groups}; join segments that reach the same hosts, or use wildcards`);
  }
  for (const [segment, shards] of collections) {
    // The second group of 'app' would be called like the first of 'app-1'.
    for (const other of shards.filter(({ index }) => index > 0).map((shard) => `${segment}${shardSuffix(shard)}`).filter((name) => collections.has(name))) {
      problems.push(`azure: the hosts of '${segment}' need more than one group of rules, and one would be called like that of '${other}'; use wildcards, or another name for one of the two segments`);
    }
  }
  let pairs = 0;
  for (const shards of collections.values()) {
    pairs += new Set(shards.flatMap(({ collections: each }) => each.network.flatMap(({ addresses }) => addresses))).size;
  }
  if (pairs > FIREWALL_LIMITS.networkPairs) {
    problems.push(`azure: ${pairs} pairs of segment and address over tcp, and a firewall takes ${FIREWALL_LIMITS.networkPairs}; list larger blocks or use tls`);
  }
  return problems;
}
