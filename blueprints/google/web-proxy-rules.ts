/** Which hosts a segment may reach through a Secure Web Proxy, as URL lists and rules; pure data. */
import type { AllowRule } from '../policy/model';
import { rulesOf, segmentsWithHosts } from '../policy/rules';
import { hostGroups } from './host-rules';
import { hostBlocks, hostPriority } from './priorities';
import { shard } from './shards';

/** Entries of one list; few enough to read in a plan. */
export const HOSTS_PER_LIST = 100;

/** A list of hosts, and the rule that lets one segment reach them on some ports. */
export interface WebProxyRule {
  /** Unique in its scope and derived from content; list and rule share it. */
  readonly name: string;
  readonly segment: string;
  readonly priority: number;
  /** `api.stripe.com`, and `*.docker.io` for every name below `docker.io`, at any depth, but not itself. */
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
}

/**
 * Turns the allowlist into lists: per segment, protocol and ports, one for each shard.
 *
 * A list's `*.docker.io` matches what the policy's does: complete labels below the domain, any
 * number of them, never the domain itself.
 * https://cloud.google.com/secure-web-proxy/docs/url-list-syntax-reference
 */
export function webProxyRules(rules: readonly AllowRule[], slotOf: (segment: string) => number): { readonly rules: readonly WebProxyRule[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const rendered = segmentsWithHosts(rules).flatMap((segment) => {
    const groups = hostGroups(rulesOf(rules, segment));
    const blocks = hostBlocks(groups.map(({ key }) => key));
    return groups.flatMap(({ key, ports, destinations }): readonly WebProxyRule[] => {
      const shards = shard(destinations, HOSTS_PER_LIST);
      if (!shards) {
        problems.push(`google: '${segment}' may reach ${destinations.length} hosts on tcp/${ports.join(',')}, more than 256 url lists hold; split the segment`);
        return [];
      }
      return shards.map(({ label, place, items }) => ({
        name: `${segment}-${key}-${label}`, segment, priority: hostPriority(slotOf(segment), blocks.get(key) ?? 0, place), hosts: items, ports,
      }));
    });
  });
  return { rules: rendered, problems };
}

/**
 * The condition of a rule: the segment's addresses, the ports, and the list.
 *
 * Everything in it is known when planning, so that a plan shows who reaches what. A secure tag
 * would be known after apply only. Google drops packets with a forged source address.
 * https://cloud.google.com/secure-web-proxy/docs/cel-matcher-language-reference
 */
export function sessionMatcher(sourceRanges: readonly string[], ports: readonly number[], list: string): string {
  const sources = sourceRanges.map((range) => `inIpRange(source.ip, '${range}')`);
  const destinations = ports.map((port) => `destination.port == ${port}`);
  return [any(sources), any(destinations), `inUrlList(host(), '${list}')`].join(' && ');
}

function any(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.join(' || ')})`;
}
