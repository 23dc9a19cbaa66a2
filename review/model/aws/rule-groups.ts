/**
 * Rule groups of Network Firewall in all the forms that they are written in: Suricata text, rules
 * of five values, domain lists, and stateless rules.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-groups.html
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { PrefixLists } from './prefix-lists';
import { isSet, numberAt, textAt, textsAt } from './read';
import { actionOf, parseOption, parseSignatures, type Signature, type SignatureOption } from './suricata';
import type { Variables } from './suricata-reach';

export interface DomainList {
  readonly allows: boolean;
  /** `.example.com` is the name and everything below it; `example.com` is itself. */
  readonly targets: readonly string[];
  readonly protocols: readonly ('tls' | 'http')[];
}

export interface StatelessRule {
  readonly priority: number;
  readonly action: 'pass' | 'drop' | 'forward';
  /** Empty means any. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly ports: readonly { readonly from: number; readonly to: number }[];
  /** Numbers of protocols; empty means any. */
  readonly protocols: readonly number[];
  /** True when it looks at flags or source ports, too, so that it takes less than it seems. */
  readonly narrower: boolean;
  /** True when it is not all known, so that it may take less than it seems, or after others. */
  readonly hidden: boolean;
}

export interface AwsRuleGroup {
  readonly address: string;
  readonly resource: Resource;
  readonly strict: boolean;
  readonly signatures: readonly Signature[];
  /** Lines that are no signatures. */
  readonly unread: readonly string[];
  readonly lists: readonly DomainList[];
  readonly stateless: readonly StatelessRule[];
  readonly variables: Variables;
  /** True when the rules are text, so that alerts can stand before passes. */
  readonly isText: boolean;
  /** Why the rules are not all known. */
  readonly unknown?: string;
}

const GROUP: AttributePath = ['rule_group', 0];
const SOURCE: AttributePath = [...GROUP, 'rules_source', 0];

const read = new WeakMap<Resource, AwsRuleGroup>();

export function ruleGroupOf(resource: Resource, lists: PrefixLists): AwsRuleGroup {
  let found = read.get(resource);
  if (!found) read.set(resource, (found = compute(resource, lists)));
  return found;
}

function compute(resource: Resource, lists: PrefixLists): AwsRuleGroup {
  const text = textAt(resource, [...SOURCE, 'rules_string']) ?? textAt(resource, 'rules');
  const parsed = parseSignatures(text ?? '');
  // Which sets there are; a value of one that is not known is another matter.
  const sets = ['ip_sets', 'port_sets'].map((name) => [...GROUP, 'rule_variables', 0, name]).flatMap((path) => [path, ...resource.elements(path).map((element) => [...element, 'key'])]);
  const unnamed = [[...GROUP, 'rule_variables'], ...sets].find((path) => isSet(resource, path) && resource.unknownAt(path) !== undefined);
  // Who writes `rules` writes no `rule_group`, which the provider fills in once the group is there.
  const isWhole = textAt(resource, 'rules') !== undefined && !resource.isConfigured(['rule_group']);
  const hidden = isWhole ? undefined : unnamed ?? [[...SOURCE, 'rules_string'], [...SOURCE, 'stateful_rule'], [...SOURCE, 'rules_source_list'], [...SOURCE, 'stateless_rules_and_custom_actions'], ['rules'], ['rule_group']]
    .find((path) => isSet(resource, path) && (path.length > 1 ? resource.hasUnknown(path) : resource.unknownAt(path) !== undefined));
  return {
    address: resource.address,
    resource,
    strict: textAt(resource, [...GROUP, 'stateful_rule_options', 0, 'rule_order']) === 'STRICT_ORDER',
    signatures: [...parsed.signatures, ...resource.elements([...SOURCE, 'stateful_rule']).map((path) => fiveValues(resource, path))],
    unread: parsed.unread,
    lists: resource.elements([...SOURCE, 'rules_source_list']).map((path) => domainList(resource, path)),
    stateless: resource.elements([...SOURCE, 'stateless_rules_and_custom_actions', 0, 'stateless_rule']).map((path) => statelessRule(resource, path)),
    variables: withReferences(variablesAt(resource, [...GROUP, 'rule_variables', 0]), resource, lists),
    isText: text !== undefined,
    ...(hidden === undefined ? {} : { unknown: `the rules of ${resource.address} are not known: ${resource.unknownAt(hidden) ?? 'a part of them is known after apply'}` }),
  };
}

/** https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_Header.html */
function fiveValues(resource: Resource, path: AttributePath): Signature {
  const header = (name: string) => textAt(resource, [...path, 'header', 0, name]) ?? 'ANY';
  const options = resource.elements([...path, 'rule_option']).map((option): SignatureOption => {
    const settings = textsAt(resource, [...option, 'settings']);
    const keyword = textAt(resource, [...option, 'keyword']) ?? '';
    return parseOption(settings.length === 0 ? keyword : `${keyword}:${settings.join(',')}`);
  });
  const action = textAt(resource, [...path, 'action']) ?? '';
  return {
    action: actionOf(action),
    protocol: header('protocol').toLowerCase(),
    source: header('source'),
    sourcePorts: header('source_port'),
    bidirectional: header('direction').toUpperCase() === 'ANY',
    destination: header('destination'),
    destinationPorts: header('destination_port'),
    options,
    text: `${action} ${header('protocol')} ${header('source')} ${header('direction').toUpperCase() === 'ANY' ? '<>' : '->'} ${header('destination')} ${header('destination_port')}`,
  };
}

function domainList(resource: Resource, path: AttributePath): DomainList {
  const types = textsAt(resource, [...path, 'target_types']);
  return {
    allows: textAt(resource, [...path, 'generated_rules_type']) === 'ALLOWLIST',
    targets: textsAt(resource, [...path, 'targets']).map((target) => target.toLowerCase()),
    protocols: [...(types.includes('HTTP_HOST') ? ['http' as const] : []), ...(types.includes('TLS_SNI') ? ['tls' as const] : [])],
  };
}

function statelessRule(resource: Resource, path: AttributePath): StatelessRule {
  const match: AttributePath = [...path, 'rule_definition', 0, 'match_attributes', 0];
  const actions = textsAt(resource, [...path, 'rule_definition', 0, 'actions']);
  // Of a list that is not all known any of it may be meant.
  const known = <T>(name: string, read: (element: AttributePath) => T | readonly T[]): readonly T[] => (resource.hasUnknown([...match, name]) ? [] : resource.elements([...match, name]).flatMap(read));
  const addresses = (block: string) => known(block, (element) => textAt(resource, [...element, 'address_definition']) ?? []);
  const protocols = resource.hasUnknown([...match, 'protocols']) ? undefined : resource.valueAt([...match, 'protocols']);
  return {
    priority: numberAt(resource, [...path, 'priority']) ?? 0,
    action: statelessAction(actions),
    sources: addresses('source'),
    destinations: addresses('destination'),
    ports: known('destination_port', (element) => {
      const from = numberAt(resource, [...element, 'from_port']) ?? 0;
      return { from, to: numberAt(resource, [...element, 'to_port']) ?? from };
    }),
    protocols: Array.isArray(protocols) ? protocols.map(Number).filter(Number.isFinite) : [],
    narrower: resource.elements([...match, 'tcp_flag']).length > 0 || resource.elements([...match, 'source_port']).length > 0,
    hidden: resource.hasUnknown([...path, 'rule_definition']) || resource.hasUnknown([...path, 'priority']),
  };
}

/** Custom actions only write metrics; the standard one beside them decides. */
export function statelessAction(actions: readonly string[]): StatelessRule['action'] {
  if (actions.includes('aws:pass')) return 'pass';
  return actions.includes('aws:drop') ? 'drop' : 'forward';
}

/**
 * IP sets that are kept elsewhere and named with an `@`: entries of prefix lists. What a resource group holds is in no plan.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-groups-ip-set-references.html
 */
function withReferences({ addresses, ports }: Variables, resource: Resource, lists: PrefixLists): Variables {
  const references = resource.elements([...GROUP, 'reference_sets', 0, 'ip_set_references']);
  if (references.length === 0) return { addresses, ports };
  const all = new Map(addresses);
  for (const path of references) {
    const key = textAt(resource, [...path, 'key']);
    const found = lists.at(resource, [...path, 'ip_set_reference', 0, 'reference_arn']);
    // Of several lists that may be meant nobody knows which.
    const isKnown = found.length === 1 && found.every(({ unknown, service, ranges }) => unknown === undefined && (service === undefined || ranges !== undefined));
    if (key !== undefined) all.set(`@${key.toUpperCase()}`, isKnown ? found.flatMap((list) => list.ranges ?? list.cidrs) : ['$UNKNOWN']);
  }
  return { addresses: all, ports };
}

/** IP sets and port sets of a group or a policy. */
export function variablesAt(resource: Resource, path: AttributePath): Variables {
  const sets = (block: string, inner: string) => new Map(resource.elements([...path, block]).flatMap((element) => {
    const key = textAt(resource, [...element, 'key']);
    const definition = [...element, inner, 0, 'definition'];
    // One name without a value makes the whole of unknown extent.
    return key === undefined ? [] : [[key.toUpperCase(), [...textsAt(resource, definition), ...(resource.hasUnknown(definition) ? ['$UNKNOWN'] : [])]] as const];
  }));
  return { addresses: new Map([...sets('ip_sets', 'ip_set'), ...sets('rule_variables', 'ip_set')]), ports: sets('port_sets', 'port_set') };
}
