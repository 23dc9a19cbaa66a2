/** What the rules of a firewall tell its sources apart by: subnets are many, and what rules say of sources is little. */
import type { Family } from '../addresses';
import { intersect, isEmpty, size, type Ranges } from '../ranges';
import type { AwsFirewall, AwsFirewallPolicy } from './firewalls';
import { variablesOf } from './firewall-variables';
import { rangesIn } from './prefix-lists';
import type { AwsRuleGroup, StatelessRule } from './rule-groups';
import { isOfWholeFlow } from './stateful-rules';
import { addressSet, matchOf, type SourceMatch } from './suricata-reach';

export function statelessMatch({ sources }: StatelessRule, source: Ranges | undefined, family: Family): SourceMatch {
  if (sources.length === 0) return { some: true, all: true };
  const shared = source && intersect(source, rangesIn(sources, family));
  return !shared || !source ? { some: true, all: false } : { some: !isEmpty(shared), all: !isEmpty(shared) && size(shared) === size(source) };
}

type Asker = (source: Ranges | undefined) => SourceMatch;

const askers = new WeakMap<AwsFirewall, Partial<Record<Family, readonly Asker[]>>>();

/** The same text for sources that every rule treats alike. */
export function sourceKind(firewall: AwsFirewall, policy: AwsFirewallPolicy, source: Ranges | undefined, family: Family): string {
  let known = askers.get(firewall);
  if (!known) askers.set(firewall, (known = {}));
  const all = (known[family] ??= [...statelessAskers(policy, family), ...policy.stateful.flatMap(({ group }) => (group ? statefulAskers(firewall, policy, group, family) : []))]);
  return all.map((ask) => {
    const { some, all: whole } = ask(source);
    // No addresses at all are all of them in any set, and none.
    return `${some ? 's' : ''}${whole ? 'a' : ''},`;
  }).join('');
}

function statelessAskers(policy: AwsFirewallPolicy, family: Family): readonly Asker[] {
  const rules = new Map(policy.stateless.flatMap(({ group }) => group?.stateless ?? []).map((rule) => [rule.sources.join(), rule]));
  return [...rules.values()].map((rule): Asker => (source) => statelessMatch(rule, source, family));
}

/** Of what answers, and of both ways, the destination is asked as well. */
function statefulAskers(firewall: AwsFirewall, policy: AwsFirewallPolicy, group: AwsRuleGroup, family: Family): readonly Asker[] {
  const texts = new Set(group.signatures.flatMap((signature) => [signature.source, ...(signature.bidirectional || (signature.action === 'pass' && isOfWholeFlow(signature)) ? [signature.destination] : [])]));
  if (group.lists.length > 0) texts.add('$HOME_NET');
  const variables = variablesOf(firewall, policy, group, family);
  return [...texts].filter((text) => text.toLowerCase() !== 'any').map((text): Asker => {
    const set = addressSet(text, variables, family);
    return (source) => matchOf(set, source);
  });
}
