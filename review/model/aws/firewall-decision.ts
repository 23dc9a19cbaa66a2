/**
 * What a firewall policy does with the packets of one source: which pass unlooked at, which pass
 * by name, and which are dropped.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
import { cidrsOf, INTERNET, type Family } from '../addresses';
import type { AllowedHost } from '../network-model';
import { intersect, isEmpty, size, type Ranges } from '../ranges';
import { ALL_PORTS, both, either, everythingTo, except, isNothing, ports as portRange, traffic, type IpProtocol, type Traffic } from '../traffic';
import { compact } from './compact';
import type { AwsFirewall, AwsFirewallPolicy } from './firewalls';
import { rangesIn } from './prefix-lists';
import { statelessAction, type AwsRuleGroup, type StatelessRule } from './rule-groups';
import { flowOf, hasOption, optionOf, type Signature } from './suricata';
import { nameOf } from './suricata-names';
import { isPlain, reachOf, sourceMatch, wholly, type Variables } from './suricata-reach';

/** Packets that pass, each only to the hosts beside them. */
export interface NamedPass {
  readonly traffic: Traffic;
  readonly hosts: readonly AllowedHost[];
}

/** Everything a policy lets one source do; what is in none of these is dropped. */
export interface FirewallDecision {
  /** Dropped before the stateful engine sees it. */
  readonly statelessDrop: Traffic;
  /** Passed before the stateful engine sees it, or by a rule or default that looks at no name. */
  readonly open: Traffic;
  readonly named: readonly NamedPass[];
  readonly doubtful: readonly { readonly traffic: Traffic; readonly reason: string }[];
  /** Why the rest does not pass. */
  readonly reason: string;
}

/** Larger sets of addresses are no allowlist: nobody knows who is behind all of them. */
const MOST_ADDRESSES = 2n ** 24n;

/** The addresses that packets come from; undefined when the plan does not know. */
export function decide(firewall: AwsFirewall, source: Ranges | undefined, family: Family): FirewallDecision {
  const everything = everythingTo(family, INTERNET[family]);
  const nothing = traffic(family, []);
  const { policy } = firewall;
  if (!policy) {
    return { statelessDrop: nothing, open: nothing, named: [], doubtful: [{ traffic: everything, reason: firewall.policyUnknown ?? 'the firewall has no policy' }], reason: 'no policy' };
  }
  const stateless = statelessPart(policy, source, family);
  const left = except(everything, either(family, [stateless.pass, stateless.drop]));
  const stateful = statefulPart(firewall, policy, source, family, left);
  const unknown = [policy.unknown, ...[...policy.stateful, ...policy.stateless].map((use) => use.unknown ?? use.group?.unknown)].find((reason) => reason !== undefined);
  return {
    statelessDrop: stateless.drop,
    open: compact(either(family, [stateless.pass, stateful.open])),
    named: stateful.named,
    doubtful: [...stateful.doubtful, ...(unknown === undefined ? [] : [{ traffic: either(family, [left, stateless.perhaps]), reason: unknown }])],
    reason: `no rule of ${policy.address} lets it through, and ${policy.statefulDefaults.find((action) => action.startsWith('aws:drop')) ?? 'a rule'} drops it`,
  };
}

function statelessPart(policy: AwsFirewallPolicy, source: Ranges | undefined, family: Family): { readonly pass: Traffic; readonly perhaps: Traffic; readonly drop: Traffic } {
  let left = everythingTo(family, INTERNET[family]);
  const pass: Traffic[] = [];
  const drop: Traffic[] = [];
  const perhaps: Traffic[] = [];
  const rules = policy.stateless.flatMap((use) => [...(use.group?.stateless ?? [])].sort((a, b) => a.priority - b.priority).map((rule) => ({ rule, isSure: use.possible !== true })));
  for (const { rule, isSure } of rules) {
    const own = rule.sources.length === 0 ? undefined : rangesIn(rule.sources, family);
    const some = own === undefined || source === undefined || !isEmpty(intersect(own, source));
    const whole = own === undefined || (source !== undefined && isEmpty(intersect(source, own)) === false && size(intersect(source, own)) === size(source));
    const matched = both(left, statelessTraffic(rule, family));
    if (!some || isNothing(matched)) continue;
    // Something that drops or hands on less than it seems leaves the rest to the rules behind it.
    const decided = isSure && !rule.narrower && !rule.hidden && whole ? surelyMatched(rule, matched) : traffic(family, []);
    if (rule.action === 'pass') (rule.hidden ? perhaps : pass).push(matched);
    else if (rule.action === 'drop') drop.push(decided);
    left = except(left, decided);
  }
  const action = statelessAction(policy.statelessDefaults);
  // https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-default-actions.html: fragments of UDP have their own default.
  if (statelessAction(policy.fragmentDefaults) === 'pass') pass.push(traffic(family, left.boxes.filter((box) => box.protocol === 'udp')));
  if (action === 'pass') pass.push(left);
  if (action === 'drop') drop.push(left);
  return { pass: either(family, pass), perhaps: either(family, perhaps), drop: either(family, drop) };
}

function statelessTraffic(rule: StatelessRule, family: Family): Traffic {
  const destinations = rule.destinations.length === 0 ? INTERNET[family] : intersect(rangesIn(rule.destinations, family), INTERNET[family]);
  const protocols: readonly IpProtocol[] = rule.protocols.length === 0 ? ['tcp', 'udp', 'icmp', 'other']
    : [...new Set(rule.protocols.map((number): IpProtocol => (number === 6 ? 'tcp' : number === 17 ? 'udp' : number === 1 || number === 58 ? 'icmp' : 'other')))];
  return traffic(family, protocols.flatMap((protocol) => (rule.ports.length === 0 || protocol === 'icmp' || protocol === 'other'
    ? [{ protocol, ports: ALL_PORTS, destinations }]
    : rule.ports.map(({ from, to }) => ({ protocol, ports: portRange(from, to), destinations })))));
}

/** `other` is many protocols, of which a number is one, and each family has its own number of ICMP. */
function surelyMatched({ protocols }: StatelessRule, { family, boxes }: Traffic): Traffic {
  return protocols.length === 0 ? { family, boxes } : traffic(family, boxes.filter(({ protocol }) => (protocol === 'icmp' ? protocols.includes(family === 4 ? 1 : 58) : protocol !== 'other')));
}

interface StatefulPart {
  readonly open: Traffic;
  readonly named: readonly NamedPass[];
  readonly doubtful: FirewallDecision['doubtful'];
}

function statefulPart(firewall: AwsFirewall, policy: AwsFirewallPolicy, source: Ranges | undefined, family: Family, all: Traffic): StatefulPart {
  const open: Traffic[] = [];
  const doubtful: { traffic: Traffic; reason: string }[] = [];
  const named = new Map<string, { traffic: Traffic; hosts: AllowedHost[] }>();
  const allow = (host: AllowedHost, reach: Traffic): void => {
    const key = `${host.protocol} ${boxKey(reach)}`;
    const known = named.get(key);
    if (known) known.hosts.push(host);
    else named.set(key, { traffic: reach, hosts: [host] });
  };
  let cut = traffic(family, []);
  let cutBefore = cut;
  // Where nothing of a protocol gets through, whatever name it shows.
  const closed = { tls: traffic(family, []), http: traffic(family, []) };
  for (const { group, possible } of policy.stateful) {
    if (!group) continue;
    // A group that may come first is not cut by the drops of others.
    if (policy.orderUnknown) {
      cutBefore = either(family, [cutBefore, cut]);
      cut = traffic(family, []);
    }
    const variables = variablesOf(firewall, policy, group, family);
    for (const list of group.lists) {
      const match = sourceMatch('$HOME_NET', source, variables, family);
      if (!list.allows || !match.some) continue;
      const reach = except(both(all, everythingTcp(family)), policy.strict ? cut : traffic(family, []));
      if (isNothing(reach)) continue;
      for (const protocol of list.protocols) {
        const left = policy.strict && !policy.orderUnknown ? except(reach, closed[protocol]) : reach;
        if (isNothing(left)) continue;
        for (const host of list.targets) allow({ host, protocol, ports: portNumbers(left), rule: group.address }, left);
      }
    }
    for (const line of unreadPasses(group)) doubtful.push({ traffic: all, reason: `${group.address} has a line that this review cannot read: ${line.slice(0, 80)}` });
    for (const signature of group.signatures.flatMap(bothWays)) {
      if (signature.action === 'alert' || signature.action === 'other') continue;
      const match = sourceMatch(signature.source, source, variables, family);
      if (!match.some || isReplyOnly(signature)) continue;
      const { traffic: whole, widened } = reachOf(signature, variables, family);
      const spoken = isHandshakeOnly(signature) ? withoutTcp(whole) : whole;
      const reach = policy.strict ? except(both(all, spoken), cut) : both(all, spoken);
      if (isNothing(reach)) continue;
      if (signature.action !== 'pass') {
        if (!match.all || widened || possible === true) continue;
        const stopped = wholly(signature, reach, variables);
        if (isPlain(signature)) cut = compact(either(family, [cut, stopped]));
        else if ((signature.protocol === 'tls' || signature.protocol === 'http') && closesProtocol(signature)) closed[signature.protocol] = compact(either(family, [closed[signature.protocol], stopped]));
        continue;
      }
      pass(signature, group, reach, widened, { open, doubtful, allow });
    }
  }
  cut = either(family, [cutBefore, cut]);
  const dropsRest = policy.strict && policy.statefulDefaults.some((action) => action.startsWith('aws:drop'));
  // In action order passes come first, whatever their place.
  if (!dropsRest) open.push(except(all, cut));
  return { open: either(family, open), named: [...named.values()], doubtful };
}

interface Passed {
  readonly open: Traffic[];
  readonly doubtful: { traffic: Traffic; reason: string }[];
  readonly allow: (host: AllowedHost, reach: Traffic) => void;
}

function pass(signature: Signature, group: AwsRuleGroup, reach: Traffic, widened: boolean, { open, doubtful, allow }: Passed): void {
  const name = nameOf(signature);
  if (name.kind === 'host') {
    allow({ host: name.host, protocol: name.protocol, ports: portNumbers(reach), rule: group.address }, reach);
  } else if (name.kind === 'unreadable') {
    doubtful.push({ traffic: reach, reason: `${group.address}: ${name.reason}` });
  } else if (widened) {
    doubtful.push({ traffic: reach, reason: `${group.address}: a variable of '${signature.text}' has no known value` });
  } else if (!hasOption(signature, 'app-layer-protocol') && isAddressList(reach)) {
    const addresses = [...new Set(reach.boxes.flatMap((box) => cidrsOf(box.destinations, reach.family)))];
    for (const address of addresses) allow({ host: address, protocol: 'any', ports: portNumbers(reach), rule: group.address }, reach);
  } else {
    open.push(reach);
  }
}

const WHATEVER_NAME = new Set(['flow', 'msg', 'sid', 'rev', 'noalert', 'ssl_state', 'http.host', 'bsize']);

/** Drops every ClientHello, or every request with a host, on its ports. */
function closesProtocol(signature: Signature): boolean {
  const every = signature.protocol === 'tls' ? optionOf(signature, 'ssl_state') === 'client_hello' : hasOption(signature, 'http.host') && optionOf(signature, 'bsize') === '>0';
  return every && signature.options.every(({ name }) => WHATEVER_NAME.has(name));
}

function isAddressList(reach: Traffic): boolean {
  return reach.boxes.every((box) => size(box.destinations) <= MOST_ADDRESSES && box.destinations.length <= 1_000);
}

/** Variables of the policy hold for every group, and a group's own go before them. */
export function variablesOf(firewall: AwsFirewall, policy: AwsFirewallPolicy, group: AwsRuleGroup, family: Family = 4): Variables {
  // Whether AWS takes the IPv6 range of the firewall's VPC, too, is not said anywhere.
  const home = policy.homeNet ?? (family === 6 ? ['$UNKNOWN'] : firewall.network?.cidrs ?? []);
  const { addresses, ports } = group.variables;
  const base = new Map<string, readonly string[]>(home.length > 0 ? [['HOME_NET', home]] : []);
  const own = addresses.get('HOME_NET');
  // Whether a group's own HOME_NET changes what is outside of it is not said anywhere: where that matters, nobody knows what is.
  const isWide = own !== undefined && !addresses.has('EXTERNAL_NET') && ([4, 6] as const).some((family) => !isEmpty(intersect(rangesIn(own, family), INTERNET[family])));
  if (isWide && home.join() !== own.join()) base.set('EXTERNAL_NET', ['$UNKNOWN']);
  return { addresses: new Map([...base, ...addresses]), ports };
}

/** `<>` is two signatures: what it lets in from an address, it lets out to it. */
function bothWays(signature: Signature): readonly Signature[] {
  if (!signature.bidirectional) return [signature];
  const { source, sourcePorts, destination, destinationPorts } = signature;
  return [signature, { ...signature, source: destination, sourcePorts: destinationPorts, destination: source, destinationPorts: sourcePorts }];
}

/** Lines that may let something through; a line that this review cannot read, AWS perhaps can. */
function unreadPasses(group: AwsRuleGroup): readonly string[] {
  return group.unread.filter((line) => !/^(alert|drop|reject\w*)\s/i.test(line));
}

function isReplyOnly(signature: Signature): boolean {
  const flow = flowOf(signature);
  return flow.includes('to_client') || flow.includes('from_server');
}

/** Of TCP it lets a connection open and nothing more; the verdict falls on what is said in it. Other protocols say something at once. */
function isHandshakeOnly(signature: Signature): boolean {
  return flowOf(signature).includes('not_established');
}

function withoutTcp({ family, boxes }: Traffic): Traffic {
  return traffic(family, boxes.filter((box) => box.protocol !== 'tcp'));
}

function everythingTcp(family: Family): Traffic {
  return traffic(family, [{ protocol: 'tcp', ports: ALL_PORTS, destinations: INTERNET[family] }]);
}

function boxKey({ boxes }: Traffic): string {
  return boxes.map((box) => `${box.protocol} ${box.ports.join(';')} ${box.destinations.join(';')}`).join('|');
}

/** The ports of a pass, as a list; empty when it is every port, or too many to list. */
export function portNumbers({ boxes }: Traffic): readonly number[] {
  const own = boxes.flatMap((box) => (box.protocol === 'tcp' || box.protocol === 'udp' ? box.ports : ALL_PORTS));
  if (own.reduce((sum, [from, to]) => sum + (to - from + 1n), 0n) > 1_024n) return [];
  return [...new Set(own.flatMap(([from, to]) => Array.from({ length: Number(to - from) + 1 }, (_, index) => Number(from) + index)))].sort((a, b) => a - b);
}
