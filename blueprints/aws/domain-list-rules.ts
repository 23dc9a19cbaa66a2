/**
 * Allow rules as AWS's own domain lists, for teams that read and keep those.
 *
 * AWS makes the signatures from a list by itself: `.example.com` is the apex and everything below
 * it, any port counts, and nothing is recorded. What a list cannot say stands in signatures around
 * it: before the lists which segment, protocol and port may pass at all, and a record of every
 * name; behind them the floor. Rules by address stay signatures.
 *
 * Each segment has lists of its own: `$HOME_NET` of a list's group is the segment. That moves
 * `$HOME_NET` of this group only; `$EXTERNAL_NET` stays what the policy says.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html
 */
import type { AllowRule } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';
import { numberByContent } from './content-id';
import { allowSignatures, floorSignatures, type FirewallSource, type Signature, type SignatureSet } from './firewall-rules';
import { beyondQuota, capacityFor, numbered, shardRules, type RuleShard, type ShardedRules } from './rule-shards';

/** Behind the rules by address, before and among the lists. */
const PRIORITY = { gate: 1_000, lists: { from: 2_000, size: 5_000 } } as const;
/** Of a policy. https://docs.aws.amazon.com/network-firewall/latest/developerguide/quotas.html */
const MOST_GROUPS = 20;
/** Parts of the floor that have to come before a list, which looks at neither ports nor strangers. */
const BEFORE_LISTS = /^floor (data$|port |stranger$)/;

/** The groups of one policy, and what does not fit, in words with the way out. */
export function shardDomainLists(rules: readonly AllowRule[], sources: readonly FirewallSource[]): ShardedRules {
  const addresses = rules.filter((rule) => rule.protocol === 'tcp');
  const floor = floorSignatures(rules, sources);
  const before = floor.signatures.filter(({ key }) => BEFORE_LISTS.test(key));
  const gate: SignatureSet = { key: 'gate', signatures: [...before, ...sources.flatMap((source) => gateSignatures(source, rulesOf(rules, source.name)))] };
  const behind: SignatureSet = { key: 'floor', signatures: floor.signatures.filter(({ key }) => !BEFORE_LISTS.test(key)) };

  const allow = allowSignatures(addresses, sources);
  const { shards: cut } = shardRules(allow, behind, [gate]);
  const byAddress = cut.filter(({ role, lines }) => role !== 'floor' && lines.length > 0);
  const lines = numbered([...allow, behind, gate])(gate);
  const shards: RuleShard[] = [
    ...byAddress,
    { role: 'gate', priority: PRIORITY.gate, lines, capacity: capacityFor(lines.length) },
    ...lists(rules, sources),
    ...cut.filter(({ role }) => role === 'floor'),
  ];
  return { shards, problems: [...beyondQuota(shards), ...tooMany(shards)] };
}

/** What of a segment may reach a list: its protocols on their ports; and a record, which a list does not make. */
function gateSignatures({ name, cidrs }: FirewallSource, rules: readonly AllowRule[]): readonly Signature[] {
  const from = bracketed(cidrs);
  return PROTOCOLS.flatMap(({ protocol, match }): readonly Signature[] => {
    const ports = [...new Set(rules.filter((rule) => rule.protocol === protocol).flatMap((rule) => rule.ports))].sort((a, b) => a - b);
    if (ports.length === 0) return [];
    return [
      {
        key: `gate ${protocol} ${name}`,
        header: `drop ${protocol} ${from} any -> any !${bracketed(ports)}`,
        options: [`msg:"egress denied: ${protocol} on a port that no rule names for it, from ${name}"`, 'flow:to_server,established', ...match],
      },
      {
        key: `gate record ${protocol} ${name}`,
        header: `alert ${protocol} ${from} any -> $EXTERNAL_NET ${bracketed(ports)}`,
        options: [`msg:"egress asked: ${protocol} from ${name}"`, 'flow:to_server,established', ...match],
      },
    ];
  });
}

const PROTOCOLS = [
  { protocol: 'tls', target: 'TLS_SNI', match: ['ssl_state:client_hello'] },
  { protocol: 'http', target: 'HTTP_HOST', match: ['http.host', 'bsize:>0'] },
] as const;

/** One list for each segment and protocol that has hosts. */
function lists(rules: readonly AllowRule[], sources: readonly FirewallSource[]): readonly RuleShard[] {
  const wanted = sources.flatMap((source) => PROTOCOLS.flatMap(({ protocol, target }) => {
    const own = rulesOf(rules, source.name).filter((rule) => rule.protocol === protocol);
    const targets = [...new Set(own.map(({ host }) => (host.kind === 'exact' ? host.domain : `.${host.domain}`)))].sort(compare);
    return targets.length === 0 ? [] : [{ role: `${protocol}-${source.name}`, source, target, targets }];
  }));
  const priorities = numberByContent(wanted.map(({ role }) => role), PRIORITY.lists);
  return wanted
    .map(({ role, source, target, targets }): RuleShard => ({
      role,
      priority: priorities.get(role)!,
      lines: [],
      list: { targetType: target, targets, homeNet: [...source.cidrs].sort(compare) },
      // A list takes one for each name, and up to two besides.
      capacity: capacityFor(targets.length + 2),
    }))
    .sort((a, b) => a.priority - b.priority);
}

function tooMany(shards: readonly RuleShard[]): readonly string[] {
  return shards.length > MOST_GROUPS
    ? [`aws: domain lists need ${shards.length} rule groups, two for a segment with tls and http, and a policy takes ${MOST_GROUPS}; leave out 'rules: domain-lists', or give hosts to fewer segments`]
    : [];
}

function bracketed(items: readonly (string | number)[]): string {
  return items.length === 1 ? String(items[0]) : `[${[...new Set(items)].join(',')}]`;
}
