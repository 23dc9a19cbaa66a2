/** What egress rules do, as a text: the same for rules that are alike. */
import { cidrsOf, INTERNET } from '../addresses';
import { intersect } from '../ranges';
import { addressesIn, type FirewallRule } from './firewall-rule';
import { keysText } from './keys';

const texts = [new WeakMap<readonly FirewallRule[], string>(), new WeakMap<readonly FirewallRule[], string>()] as const;

/** Of rules in their order; with `isPublic`, what they do with packets to the internet. */
export function rulesText(rules: readonly FirewallRule[], isPublic: boolean): string {
  const kept = texts[isPublic ? 1 : 0];
  let text = kept.get(rules);
  if (text === undefined) kept.set(rules, (text = rules.map((rule) => ruleText(rule, isPublic)).filter((each) => each !== '').join('\n')));
  return text;
}

export function ruleText(rule: FirewallRule, isPublic: boolean): string {
  const { peers, layer4, callers, names } = rule;
  if (rule.isDisabled || (rule.direction !== 'EGRESS' && !rule.isDirectionHidden)) return '';
  const ranges = ([4, 6] as const).map((family) => cidrsOf(isPublic ? intersect(addressesIn(peers, family), INTERNET[family]) : addressesIn(peers, family), family));
  if (ranges.every((list) => list.length === 0) && peers.fqdns.length + peers.opaque.length === 0 && peers.unknown === undefined) return '';
  return JSON.stringify([
    rule.action, rule.doubt, [rule.networkTags, rule.secureTags, rule.accounts, rule.networks, peers.tags].map(keysText),
    layer4.map(({ protocol, ports, knownPorts, unknown }) => [protocol, ports.join(';'), knownPorts?.join(';'), unknown]),
    ranges, peers.fqdns, peers.opaque, peers.unknown, callers, names,
  ]);
}
