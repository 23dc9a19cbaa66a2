/**
 * What a firewall policy does with the packets of one source: which pass unlooked at, which pass
 * by name, and which are dropped.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
import { INTERNET, type Family } from '../addresses';
import { packetsOf } from '../ip-protocols';
import { intersect, type Ranges } from '../ranges';
import { ALL_PORTS, both, either, everythingTo, except, IP_PROTOCOLS, isNothing, ports as portRange, traffic, type Traffic } from '../traffic';
import { compact } from './compact';
import type { AwsFirewall, AwsFirewallPolicy } from './firewalls';
import { rangesIn } from './prefix-lists';
import { statelessAction, type StatelessRule } from './rule-groups';
import { statelessMatch } from './source-kinds';
import { StatefulRules, type DoubtfulPass, type NamedPass } from './stateful-rules';

/** Everything a policy lets one source do; what is in none of these is dropped. */
export interface FirewallDecision {
  /** Dropped before the stateful engine sees it. */
  readonly statelessDrop: Traffic;
  /** Passed before the stateful engine sees it, or by a rule or default that looks at no name. */
  readonly open: Traffic;
  readonly named: readonly NamedPass[];
  readonly doubtful: readonly DoubtfulPass[];
  /** Why the rest does not pass. */
  readonly reason: string;
}

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
  const stateful = new StatefulRules(firewall, policy, source, left).read();
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
    const { some, all } = statelessMatch(rule, source, family);
    const matched = both(left, statelessTraffic(rule, family));
    if (!some || isNothing(matched)) continue;
    // Something that drops or hands on less than it seems leaves the rest to the rules behind it.
    const decided = isSure && !rule.narrower && !rule.hidden && all ? matched : traffic(family, []);
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
  if (rule.protocols.length === 0 && rule.ports.length === 0) return everythingTo(family, destinations);
  const packets = rule.protocols.length === 0 ? IP_PROTOCOLS.map((protocol) => ({ protocol, ports: ALL_PORTS })) : rule.protocols.map((number) => packetsOf(number, family));
  return traffic(family, packets.flatMap((own) => (rule.ports.length > 0 && (own.protocol === 'tcp' || own.protocol === 'udp')
    ? rule.ports.map(({ from, to }) => ({ protocol: own.protocol, ports: portRange(from, to), destinations }))
    : [{ ...own, destinations }])));
}
