/** Which segment may call which, as firewall policy rules; pure data. */
import type { GoogleDenies } from '../policy/google-model';
import type { AcceptRule, Segment } from '../policy/model';
import { portText, type CallingSegment, type Destination, type FirewallRule, type Layer4 } from './firewall-rule';
import { DENY_COUNTRIES, DENY_IPV4, DENY_IPV6, DENY_THREATS, peerEgressPriority, peerIngressPriority, singlePriority } from './priorities';

/**
 * Where Google's proxies and health checks for external application load balancers come from.
 * https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges
 */
export const GOOGLE_FRONT_ENDS: readonly string[] = ['130.211.0.0/22', '35.191.0.0/16'];

/** Clients of a passthrough load balancer keep their own addresses. */
export const EVERYWHERE: readonly string[] = ['0.0.0.0/0'];

/** Where a segment's packets come from and go to. */
export type SegmentPlace = Omit<CallingSegment, 'segment'>;

/** The address ranges that stand for `internet` in `accepts`, per protocol. */
export interface InternetSources {
  readonly tcp: readonly string[];
  readonly udp: readonly string[];
}

/**
 * Both ends of every `accepts`.
 *
 * The callee knows its caller by secure tag. The caller knows its callee by CIDR, because an
 * egress rule takes no tag as destination; the callee's own rule still asks for the caller's tag.
 * Pods have addresses of their own, and are of their nodes' segment.
 */
export function segmentationRules(
  segments: readonly Segment[],
  placeOf: (segment: string) => SegmentPlace,
  internet: InternetSources,
): readonly FirewallRule[] {
  const slots = new Map(segments.map(({ name, slot }) => [name, slot]));
  return segments.flatMap((callee) => {
    const callers = [...new Set(callee.accepts.map(({ from }) => from))].filter((from) => from !== 'internet');
    return [
      ...internetIngress(callee, internet),
      ...callers.flatMap((caller) => {
        const callerSlot = slots.get(caller);
        // The loader refuses unknown callers; without a slot there is no tag to let in either.
        if (callerSlot === undefined) return [];
        const layer4 = layer4Of(callee.accepts.filter(({ from }) => from === caller));
        const pair = `${caller}-to-${callee.name}`;
        const to = placeOf(callee.name);
        return [
          {
            id: `out-${pair}`,
            priority: peerEgressPriority(callerSlot, callee.slot),
            action: 'allow',
            direction: 'EGRESS',
            ruleName: `out-${pair}`,
            description: `${caller} may call ${callee.name}`,
            target: caller,
            to: { ranges: [to.subnetRange, ...to.podRanges].sort() },
            layer4,
          },
          {
            id: `in-${pair}`,
            priority: peerIngressPriority(callee.slot, callerSlot),
            action: 'allow',
            direction: 'INGRESS',
            ruleName: `in-${pair}`,
            description: `${callee.name} accepts ${caller}`,
            target: callee.name,
            from: { segment: caller, ...placeOf(caller) },
            layer4,
          },
        ] satisfies FirewallRule[];
      }),
    ];
  });
}

/**
 * What ends every evaluation of an outgoing connection, for every machine, tagged or not.
 *
 * Without them Google's implied rule lets everything out. A rule holds one address family, so
 * IPv6 needs its own. There is no such rule for ingress: Google's implied deny does that, and an
 * ingress deny here would stand before the classic rules that GKE makes for its control plane.
 * https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules
 */
export const DENY_ALL_EGRESS: readonly FirewallRule[] = [
  denyEgress('deny-all-ipv4', DENY_IPV4, '0.0.0.0/0'),
  denyEgress('deny-all-ipv6', DENY_IPV6, '::/0'),
];

/**
 * Denies in front of every allow: an allowed name that leads to such an address is not reached.
 * They narrow what hosts may be, and are no substitute for the denies at the end.
 * https://cloud.google.com/firewall/docs/firewall-policies-rule-details#threat-intelligence-fw-policy
 */
export function optionalDenies({ threatLists, countries }: GoogleDenies): readonly FirewallRule[] {
  const deny = (id: string, priority: number, what: string, to: Destination): FirewallRule => ({
    id, priority, action: 'deny', direction: 'EGRESS', ruleName: id, description: `Nothing leaves for ${what}`, to, layer4: [{ ipProtocol: 'all' }],
  });
  return [
    ...(threatLists.length > 0 ? [deny('deny-threats', DENY_THREATS, "addresses on Google's threat lists", { threatLists: threatLists.map((list) => `iplist-${list}`) })] : []),
    ...(countries.length > 0 ? [deny('deny-countries', DENY_COUNTRIES, countries.join(', ').slice(0, 150), { countries })] : []),
  ];
}

function denyEgress(id: string, priority: number, range: string): FirewallRule {
  return {
    id,
    priority,
    action: 'deny',
    direction: 'EGRESS',
    ruleName: id,
    description: `Nothing leaves for ${range} that no rule above allows`,
    to: { ranges: [range] },
    layer4: [{ ipProtocol: 'all' }],
  };
}

function internetIngress(callee: Segment, sources: InternetSources): readonly FirewallRule[] {
  const accepted = callee.accepts.filter(({ from }) => from === 'internet');
  return layer4Of(accepted).flatMap((layer4) => {
    if (layer4.ipProtocol === 'all') return [];
    const id = `in-internet-${layer4.ipProtocol}-to-${callee.name}`;
    return [{
      id,
      priority: singlePriority(callee.slot, `internet-${layer4.ipProtocol}`),
      action: 'allow',
      direction: 'INGRESS',
      ruleName: id,
      description: `${callee.name} accepts the internet over ${layer4.ipProtocol}`,
      target: callee.name,
      from: { ranges: sources[layer4.ipProtocol] },
      layer4: [layer4],
    } satisfies FirewallRule];
  });
}

/** One entry per protocol, ports in the canonical order of the policy. */
function layer4Of(accepts: readonly AcceptRule[]): readonly Layer4[] {
  return (['tcp', 'udp'] as const).flatMap((ipProtocol) => {
    const ranges = accepts.filter(({ protocol }) => protocol === ipProtocol).flatMap(({ ports }) => ports);
    const ports = [...new Map(ranges.map((range) => [portText(range), range])).values()]
      .sort((a, b) => a.from - b.from || a.to - b.to)
      .map(portText);
    return ports.length > 0 ? [{ ipProtocol, ports }] : [];
  });
}
