/** What the firewall policy lets machines of each segment reach, and be reached by. */
import type { Fault, ObservationSubject, SynthesizedStack } from '../observation';
import { decide, isAnyPort, type Ports, type Rule } from './firewall';
import { proxiedHosts } from './options';
import { podRanges, privatePlaces, type PrivatePlace } from './private-places';
import { API_RANGES, FRONT_ENDS, IAP, isPrivate, overlap, rangeOf, resourcesOf, within } from './reading';

export interface Reach {
  readonly hosts: readonly string[];
  readonly peers: readonly string[];
  readonly internetPorts: readonly string[];
  /** Whether something leaves that no rule names. */
  readonly open: boolean;
  /** Of the hosts, those that need a route and a NAT. */
  readonly direct: readonly string[];
}

interface Claim { readonly caller: string; readonly callee: string; readonly ports: readonly Ports[]; readonly rule: string }
type Report = (id: string, where: string, detail: string) => void;

export function readReach(stack: SynthesizedStack, subject: ObservationSubject, rules: readonly Rule[]): { reach: ReadonlyMap<string, Reach>; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const report: Report = (id, where, detail) => faults.push({ id, where, detail });
  const tags = new Map(resourcesOf(stack, 'google_tags_tag_value').map(({ address, config }) => [config.short_name as string, address]));
  const segmentOfTag = new Map([...tags].map(([segment, address]) => [address, segment]));

  // Where accounts tell segments apart, no tag is there; a stranger runs as another account.
  const byAccount = rules.some(({ accounts }) => accounts.length > 0) && tags.size === 0;
  const stranger = byAccount ? 'stranger@' : undefined;
  // A machine without a tag belongs to no segment: nothing may be allowed to it, either way.
  for (const direction of ['EGRESS', 'INGRESS'] as const) {
    for (const rule of decide(rules, stranger, direction, '0.0.0.0/0').allows) {
      report('rule-without-target', rule.address, `${direction.toLowerCase()} is allowed to machines without a tag`);
    }
  }
  for (const rule of rules.filter((each) => each.action !== 'deny')) {
    if (rule.tags.length > 1) report('rule-targets-several-segments', rule.address, rule.tags.join(', '));
    for (const tag of [...rule.tags, ...rule.fromTags]) {
      if (!segmentOfTag.has(tag)) report('unknown-tag', rule.address, `${tag} is no segment of this network`);
    }
  }

  const claims: Claim[] = [];
  const accepts: Claim[] = [];
  const places = privatePlaces(stack, subject);
  const own = new Map<string, Seen>();
  for (const { name, cidrs } of subject.segments) {
    const tag = byAccount ? accountOf(stack, name) : tags.get(name);
    if (!tag) report('segment-tag-missing', name, 'no tag value has the name of the segment');
    const seen: Seen = { hosts: new Set<string>(), internetPorts: new Set<string>(), open: false, callsProxy: false };
    own.set(name, seen);

    const ipv4 = decide(rules, tag, 'EGRESS', '0.0.0.0/0');
    const ipv6 = decide(rules, tag, 'EGRESS', '::/0');
    if (ipv4.passes) {
      seen.open = true;
      report('firewall-default-pass', name, 'no rule denies 0.0.0.0/0, so the implied rule allows it');
    }
    if (ipv6.passes) {
      seen.open = true;
      report('ipv6-egress-open', name, 'no rule denies ::/0, so the implied rule allows it');
    }
    for (const rule of ipv4.allows) readEgress(rule, name, subject, places, claims, seen, report);
    if (seen.callsProxy) {
      const behind = proxiedHosts(stack, name, [...cidrs, ...podRanges(stack, cidrs)]);
      if (behind.length === 0) report('proxy-without-hosts', name, 'it may call the proxy, which lets it reach nothing');
      seen.proxied = behind;
    }
    for (const rule of decide(rules, tag, 'INGRESS', '0.0.0.0/0').allows) {
      readIngress(rule, name, subject, places, segmentOfTag, accepts, seen.internetPorts, report);
    }
  }

  const peers = agreedPeers(claims, accepts, report);
  return {
    faults,
    reach: new Map([...own].map(([name, { hosts, internetPorts, open, proxied }]) => [name, {
      hosts: [...new Set([...hosts, ...(proxied ?? [])])].sort(),
      direct: [...hosts].sort(),
      peers: [...(peers.get(name) ?? [])].sort(),
      internetPorts: [...internetPorts].sort(),
      open,
    }])),
  };
}

interface Seen { readonly hosts: Set<string>; readonly internetPorts: Set<string>; open: boolean; callsProxy: boolean; proxied?: readonly string[] }

/** The account that a segment's machines run as, as the stack publishes it. */
function accountOf(stack: SynthesizedStack, segment: string): string | undefined {
  return (stack.output?.group_ids?.value as Record<string, string[]> | undefined)?.[segment]?.[0];
}

function readEgress(
  rule: Rule,
  segment: string,
  subject: ObservationSubject,
  places: readonly PrivatePlace[],
  claims: Claim[],
  seen: Seen,
  report: Report,
): void {
  const wide = (detail: string) => {
    seen.open = true;
    report('wide-firewall-rule', rule.address, `${segment}: ${detail}`);
  };
  if (rule.toRanges.length === 0 && rule.toFqdns.length === 0) wide('no destination');
  if (rule.opaque) wide('a destination that cannot be read');
  const anyPort = rule.ports.some(isAnyPort);
  for (const host of rule.toFqdns) {
    if (anyPort) wide(`any port of ${host}`);
    if (host.includes('*')) report('fqdn-wildcard', rule.address, host);
    for (const ports of rule.ports) seen.hosts.add(`${protocolOf(rule, segment, ports)} ${host}:${portText(ports)}`);
  }
  for (const range of rule.toRanges) {
    const callee = subject.segments.find(({ cidrs }) => cidrs.some((cidr) => within(range, cidr)));
    const numbers = rangeOf(range);
    const place = places.find((each) => each.range === range && (each.kind === 'pods' || each.segment === undefined || each.segment === segment));
    if (!numbers) wide(range);
    else if (place?.kind === 'pods') claims.push({ caller: segment, callee: place.segment!, ports: rule.ports, rule: rule.address });
    else if (place) {
      if (place.kind === 'proxy') seen.callsProxy = true;
      if (anyPort || (place.port !== undefined && rule.ports.some(({ protocol, from, to }) => protocol !== 'tcp' || from !== place.port || to !== place.port))) {
        report(TOO_MANY_PORTS[place.kind], rule.address, `${segment} reaches ${range} on more ports than it has`);
      }
    }
    else if (API_RANGES.some((api) => within(range, api))) {
      if (rule.ports.some(({ protocol, from, to }) => protocol !== 'tcp' || from !== 443 || to !== 443)) {
        report('endpoint-rule-wide', rule.address, `${segment} reaches the APIs on more than tcp/443`);
      }
    } else if (callee) claims.push({ caller: segment, callee: callee.name, ports: rule.ports, rule: rule.address });
    else if (numbers.prefix < 8) wide(range);
    else if (overlap(range, subject.cidr) || isPrivate(range)) {
      report('segment-reach-too-wide', rule.address, `${segment} may send to ${range}, which is not one segment`);
    } else {
      if (anyPort) wide(`any port of ${range}`);
      for (const ports of rule.ports) seen.hosts.add(`${ports.protocol} ${range.includes('/') ? range : `${range}/32`}:${portText(ports)}`);
    }
  }
}

const TOO_MANY_PORTS = {
  apis: 'endpoint-rule-wide', published: 'published-service-wide', services: 'published-service-wide', proxy: 'proxy-rule-wide', 'control-plane': 'control-plane-wide',
} as const;

/** Google cannot tell tls from http; the rule's name says which one the policy meant. */
function protocolOf(rule: Rule, segment: string, { protocol }: Ports): string {
  if (protocol !== 'tcp') return protocol;
  return rule.name.startsWith(`${segment}-http-`) ? 'http' : 'tls';
}

function readIngress(
  rule: Rule,
  segment: string,
  subject: ObservationSubject,
  places: readonly PrivatePlace[],
  segmentOfTag: ReadonlyMap<string, string>,
  accepts: Claim[],
  internetPorts: Set<string>,
  report: Report,
): void {
  const accept = (caller: string) => accepts.push({ caller, callee: segment, ports: rule.ports, rule: rule.address });
  for (const tag of rule.fromTags) accept(segmentOfTag.get(tag) ?? tag);
  if (rule.fromTags.length === 0 && rule.fromRanges.length === 0) report('wide-ingress', rule.address, `${segment} accepts anything`);
  if (rule.opaque) report('wide-ingress', rule.address, `${segment} accepts a source that cannot be read`);
  for (const range of rule.fromRanges) {
    const caller = subject.segments.find(({ cidrs }) => cidrs.some((cidr) => within(range, cidr)));
    const everywhere = (rangeOf(range)?.prefix ?? 0) < 8;
    const place = places.find((each) => each.range === range && (each.kind === 'pods' || each.segment === segment));
    if (caller) accept(caller.name);
    else if (place?.kind === 'pods') accept(place.segment!);
    else if (place?.kind === 'control-plane') {
      if (rule.ports.some(isAnyPort)) report('control-plane-wide', rule.address, `${segment} accepts any port from its control plane`);
    }
    else if (within(range, IAP)) {
      if (rule.ports.some(({ protocol, from, to }) => protocol !== 'tcp' || from !== to)) {
        report('session-access-wide', rule.address, `${segment} accepts sessions on more than single tcp ports`);
      }
    } else if (everywhere || FRONT_ENDS.some((front) => within(range, front))) {
      for (const ports of rule.ports) internetPorts.add(`${ports.protocol}/${portText(ports)}`);
      if (!everywhere && rule.ports.some(isAnyPort)) report('health-check-wide', rule.address, `${segment} accepts any port from ${range}`);
      // Machines have no public address, so whatever comes over tcp comes from Google's front ends.
      if (everywhere && rule.ports.some(({ protocol }) => protocol !== 'udp')) {
        report('wide-ingress', rule.address, `${segment} accepts ${range}`);
      }
    } else report('unexpected-ingress', rule.address, `${segment} accepts ${range}`);
  }
}

/**
 * What both sides let through. A side that allows more than the other is a mistake on one of them,
 * even while the other still holds: it is the second lock of the same door.
 */
function agreedPeers(claims: readonly Claim[], accepts: readonly Claim[], report: Report): ReadonlyMap<string, Set<string>> {
  const peers = new Map<string, Set<string>>();
  const pairOf = ({ caller, callee }: Claim) => `${caller} to ${callee}`;
  for (const pair of new Set([...claims, ...accepts].map(pairOf))) {
    const out = claims.filter((claim) => pairOf(claim) === pair);
    const into = accepts.filter((accept) => pairOf(accept) === pair);
    const [outPorts, intoPorts] = [out, into].map((side) => [...new Set(side.flatMap(({ ports }) => ports).map(protocolAndPorts))].sort().join(', '));
    if (outPorts !== intoPorts) {
      report('segment-sides-disagree', [...out, ...into][0]!.rule, `${pair}: out on ${outPorts || 'nothing'}, in on ${intoPorts || 'nothing'}`);
    }
    for (const agreed of out.flatMap((claim) => into.flatMap((accept) => common(claim.ports, accept.ports)))) {
      const { caller, callee } = out[0]!;
      if (!peers.has(caller)) peers.set(caller, new Set());
      peers.get(caller)!.add(`${callee} ${protocolAndPorts(agreed)}`);
    }
  }
  return peers;
}

function common(out: readonly Ports[], into: readonly Ports[]): readonly Ports[] {
  return out.flatMap((one) => into.flatMap((other) => {
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    if (from > to || (one.protocol !== other.protocol && one.protocol !== 'all' && other.protocol !== 'all')) return [];
    return [{ protocol: one.protocol === 'all' ? other.protocol : one.protocol, from, to }];
  }));
}

function protocolAndPorts(ports: Ports): string {
  return `${ports.protocol}/${portText(ports)}`;
}

function portText({ from, to }: Ports): string {
  return from === to ? `${from}` : `${from}-${to}`;
}
