/** Which hosts a segment may reach, as firewall policy rules; pure data. */
import type { AllowRule, Protocol } from '../policy/model';
import { compare, rulesOf, segmentsWithHosts } from '../policy/rules';
import { contentHashHex } from './content-hash';
import type { FirewallRule } from './firewall-rule';
import { hostBlocks, hostPriority } from './priorities';
import { shard } from './shards';

/**
 * The most names in one rule.
 * https://cloud.google.com/firewall/docs/fqdn-objects-overview
 */
export const FQDNS_PER_RULE = 100;
/** Google takes 5,000; fewer keep a rule readable in a plan. */
export const RANGES_PER_RULE = 1_000;

/** The rules of all segments, and the groups of hosts that no number of rules holds. */
export interface HostRules {
  readonly rules: readonly FirewallRule[];
  readonly problems: readonly string[];
}

/**
 * Turns the allowlist into rules: per segment, protocol and list of ports, one rule for each shard.
 *
 * `tls` and `http` become FQDN rules on tcp; `tcp` becomes a rule for the rule's addresses.
 */
export function hostRules(rules: readonly AllowRule[], slotOf: (segment: string) => number): HostRules {
  const problems: string[] = [];
  const rendered = segmentsWithHosts(rules).flatMap((segment) => {
    const groups = hostGroups(rulesOf(rules, segment));
    const blocks = hostBlocks(groups.map(({ key }) => key));
    return groups.flatMap((group) => {
      const byAddress = group.protocol === 'tcp';
      const shards = shard(group.destinations, byAddress ? RANGES_PER_RULE : FQDNS_PER_RULE);
      if (!shards) {
        problems.push(`google: '${segment}' may reach ${group.destinations.length} destinations on tcp/${group.ports.join(',')}, more than 256 rules hold; split the segment`);
        return [];
      }
      return shards.map(({ label, place, items }): FirewallRule => {
        const name = `${segment}-${group.key}-${label}`;
        return {
          id: `hosts-${name}`,
          priority: hostPriority(slotOf(segment), blocks.get(group.key) ?? 0, place),
          action: 'allow',
          direction: 'EGRESS',
          ruleName: name,
          description: `${segment} may reach ${byAddress ? 'these addresses' : 'these hosts'} on tcp/${group.ports.join(',')}`.slice(0, 200),
          target: segment,
          to: byAddress ? { ranges: items } : { fqdns: items },
          layer4: [{ ipProtocol: 'tcp', ports: group.ports.map(String) }],
        };
      });
    });
  });
  return { rules: rendered, problems };
}

/** Hosts that share protocol and ports. */
export interface HostGroup {
  /** `tls-443`, part of construct ids; a long list of ports is hashed. */
  readonly key: string;
  readonly protocol: Protocol;
  readonly ports: readonly number[];
  readonly destinations: readonly string[];
}

/** The hosts of one segment by protocol and list of ports: a port of one is not opened for another. */
export function hostGroups(rules: readonly AllowRule[]): readonly HostGroup[] {
  const groups = new Map<string, { protocol: Protocol; ports: readonly number[]; destinations: string[] }>();
  for (const { protocol, ports, host, addresses } of rules) {
    const key = `${protocol}-${portsKey(ports)}`;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { protocol, ports, destinations: [] }));
    if (protocol === 'tcp') group.destinations.push(...addresses);
    else group.destinations.push(host.text);
  }
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((a, b) => compare(a.key, b.key));
}

function portsKey(ports: readonly number[]): string {
  return ports.length <= 3 ? ports.join('-') : `ports-${contentHashHex(ports.join())}`;
}
