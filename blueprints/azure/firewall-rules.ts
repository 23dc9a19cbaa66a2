/**
 * The allow rules as Azure Firewall's rule collections, as plain data.
 *
 * Azure Firewall looks at network rules before application rules, so a broad network rule would
 * make every host list meaningless: there is one only where the policy lists addresses.
 * https://learn.microsoft.com/azure/firewall/rule-processing
 */
import type { AllowRule } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';

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
  /** Bytes of one group. */
  groupBytes: 2_000_000,
  /** Sources times destinations over all network rules. */
  networkPairs: 20_000,
  /** Application rules stop here; network rules go to 65535. */
  applicationPort: 64_000,
} as const;

/** The last group and collection: nothing comes after it. */
export const DENY_ALL_PRIORITY = 65_000;

/** The group of a segment keeps its place for as long as the segment keeps its slot. */
export function groupPriority(slot: number): number {
  return 1_000 + slot * 100;
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

/** Which limits of a firewall policy the collections would break, with the way out. */
export function limitProblems(collections: ReadonlyMap<string, SegmentCollections>): readonly string[] {
  const problems: string[] = [];
  const groups = collections.size + 1;
  if (groups > FIREWALL_LIMITS.groups) {
    problems.push(`azure: ${collections.size} segments with hosts need ${groups} rule collection groups and a firewall policy takes ${FIREWALL_LIMITS.groups}; join segments that reach the same hosts`);
  }
  let pairs = 0;
  for (const [segment, collection] of collections) {
    const bytes = JSON.stringify(collection).length;
    if (bytes > FIREWALL_LIMITS.groupBytes) {
      problems.push(`azure: the hosts of '${segment}' make ${bytes} bytes of rules and a rule collection group takes ${FIREWALL_LIMITS.groupBytes}; use wildcards or split the segment`);
    }
    pairs += new Set(collection.network.flatMap(({ addresses }) => addresses)).size;
  }
  if (pairs > FIREWALL_LIMITS.networkPairs) {
    problems.push(`azure: ${pairs} pairs of segment and address over tcp, and a firewall takes ${FIREWALL_LIMITS.networkPairs}; list larger blocks or use tls`);
  }
  return problems;
}
