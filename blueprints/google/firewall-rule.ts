import { ComputeNetworkFirewallPolicyRule } from '@cdktf/provider-google/lib/compute-network-firewall-policy-rule';
import type { Construct } from 'constructs';
import type { PortRange } from '../policy/model';

/** A protocol and its ports, as a firewall policy takes them. */
export interface Layer4 {
  readonly ipProtocol: 'tcp' | 'udp' | 'all';
  /** `443` or `8000-8100`, in the order of the policy. Absent for `all`. */
  readonly ports?: readonly string[];
}

/** One rule of the network firewall policy, before it knows any id that Google gives out. */
export interface FirewallRule {
  /** The construct id, unique in its scope and derived from content. */
  readonly id: string;
  readonly priority: number;
  readonly action: 'allow' | 'deny';
  readonly direction: 'INGRESS' | 'EGRESS';
  /** A short name for logs and the console. */
  readonly ruleName: string;
  readonly description: string;
  /** The segment that the rule holds for. Default: every machine in the network, tagged or not. */
  readonly target?: string;
  readonly layer4: readonly Layer4[];
  /** The other side; a rule names exactly one kind, because kinds widen each other. */
  readonly to?: { readonly ranges: readonly string[] } | { readonly fqdns: readonly string[] };
  readonly from?: { readonly ranges: readonly string[] } | { readonly segment: string };
}

/** A port range as Google writes it. */
export function portText({ from, to }: PortRange): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

/**
 * Puts a rule into a policy.
 *
 * Every rule is logged, allow or deny: a way out that leaves no record is not controlled.
 *
 * @param tagValues the secure tag value of each segment.
 */
export function addFirewallRule(
  scope: Construct,
  firewallPolicy: string,
  rule: FirewallRule,
  tagValues: ReadonlyMap<string, string>,
): ComputeNetworkFirewallPolicyRule {
  const { to, from } = rule;
  return new ComputeNetworkFirewallPolicyRule(scope, rule.id, {
    firewallPolicy,
    priority: rule.priority,
    action: rule.action,
    direction: rule.direction,
    ruleName: rule.ruleName,
    description: rule.description,
    enableLogging: true,
    disabled: false,
    ...(rule.target ? { targetSecureTags: [{ name: tagValueOf(tagValues, rule.target) }] } : {}),
    match: {
      layer4Configs: rule.layer4.map(({ ipProtocol, ports }) => ({ ipProtocol, ...(ports ? { ports: [...ports] } : {}) })),
      ...(to && 'ranges' in to ? { destIpRanges: [...to.ranges] } : {}),
      ...(to && 'fqdns' in to ? { destFqdns: [...to.fqdns] } : {}),
      ...(from && 'ranges' in from ? { srcIpRanges: [...from.ranges] } : {}),
      ...(from && 'segment' in from ? { srcSecureTags: [{ name: tagValueOf(tagValues, from.segment) }] } : {}),
    },
  });
}

/** A rule without its tag would hold for every machine, so a missing one is never left out. */
function tagValueOf(tagValues: ReadonlyMap<string, string>, segment: string): string {
  const value = tagValues.get(segment);
  if (!value) throw new Error(`google: no secure tag value for segment '${segment}'`);
  return value;
}

/** What Google counts a rule as against the quota: each range, name, tag, protocol and port. */
export function attributesOf(rule: FirewallRule): number {
  const side = (end: FirewallRule['to'] | FirewallRule['from']) => {
    if (!end) return 0;
    if ('ranges' in end) return end.ranges.length;
    return 'fqdns' in end ? end.fqdns.length : 1;
  };
  const layer4 = rule.layer4.reduce((sum, { ports }) => sum + 1 + (ports?.length ?? 0), 0);
  return (rule.target ? 1 : 0) + side(rule.to) + side(rule.from) + layer4;
}
