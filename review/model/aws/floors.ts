/** What a strict policy drops by name, below its passes, and what it leaves to the default action. */
import { EVERYWHERE } from '../addresses';
import { intersect, isEmpty, subtract, union, unionOf, type Ranges } from '../ranges';
import { ALL_PORTS, either, except, traffic, type IpProtocol, type Traffic } from '../traffic';
import { variablesOf } from './firewall-variables';
import type { AwsFirewallPolicy } from './firewalls';
import type { AwsModel } from './model';
import { passRulesOf, type PassRule } from './pass-rules';
import { dropsFirstData, pastTheStream } from './past-the-stream';
import { flowOf, hasOption, optionOf, type Signature } from './suricata';
import { nameOf } from './suricata-names';
import { addressSet, isPlain, portSet, reachOf, sourceMatch, type Variables } from './suricata-reach';
import { decryptedBy } from './tls-inspection';

export interface Floor {
  readonly policy: AwsFirewallPolicy;
  readonly missing: readonly string[];
}

/** A rule, and what its variables stand for. */
interface Bound {
  readonly rule: Signature;
  readonly variables: Variables;
}

export function floorsOf(model: AwsModel): readonly Floor[] {
  const passes = passRulesOf(model);
  return model.policies
    // aws:drop_strict drops first packets, too; without a default drop another check speaks.
    .filter((policy) => policy.strict && policy.statefulDefaults.some((action) => action.startsWith('aws:drop_established')))
    .map((policy) => ({ policy, missing: missingIn(model, policy, passes.filter((pass) => pass.policy === policy)) }));
}

function missingIn(model: AwsModel, policy: AwsFirewallPolicy, passes: readonly PassRule[]): readonly string[] {
  const firewall = model.firewalls.find((each) => each.policy === policy);
  const rules = policy.stateful.flatMap(({ group }): readonly Bound[] => (group ? group.signatures
    .map((rule) => ({ rule, variables: firewall ? variablesOf(firewall, policy, group) : group.variables })) : []));
  const drops = rules.filter(({ rule: { action } }) => action === 'drop' || action === 'reject');
  const hasLists = policy.stateful.some(({ group }) => group?.lists.some((list) => list.allows));
  if (passes.length === 0 && !hasLists) return [];
  const sources = new Map(passes.flatMap((pass) => partsOf(pass.rule.source).map((part) => [part, pass.variables] as const)));
  const none = drops[0]?.variables ?? { addresses: new Map(), ports: new Map() };
  const listed = new Set<string>();
  for (const { group } of policy.stateful) {
    if (!group?.lists.some((list) => list.allows)) continue;
    // A list's own HOME_NET is the one source that it knows.
    const blocks = group.variables.addresses.get('HOME_NET') ?? ['$HOME_NET'];
    const text = blocks.length === 1 ? (blocks[0] as string) : `[${blocks.join(',')}]`;
    listed.add(text);
    if (!sources.has(text)) sources.set(text, none);
  }
  const missing = new Set<string>();
  const decrypted = decryptedBy(policy);
  for (const [text, variables] of sources) {
    const source = addressSet(text, variables, 4);
    const isDecrypted = !isEmpty(source ? intersect(source, decrypted) : decrypted);
    checkSource(source, rules, passes.filter((pass) => sourceMatch(pass.rule.source, source, pass.variables, 4).some), { isListed: listed.has(text), isDecrypted }, missing);
  }
  const dropped = drops.map(({ rule }) => rule);
  const isNarrow = passes.length > 0 && passes.every(({ rule }) => !/^(any|\$)/i.test(rule.source));
  if (isNarrow && !dropped.some((rule) => rule.source.startsWith('!') && isPlain(rule))) missing.add('sources that no rule names');
  // A list of IPv4 addresses, negated or not, says nothing of IPv6.
  if (isNarrow && !dropped.some((rule) => isPlain(rule) && rule.protocol.startsWith('ip') && (rule.source === '::/0' || (rule.source === 'any' && !hasOption(rule, 'ip_proto'))))) missing.add('ipv6');
  if (passes.length > 0 && !dropped.some(dropsFirstData)) missing.add('data outside of connections');
  return [...missing];
}

/** A rule for several segments, one at a time: each has drops of its own. */
function partsOf(source: string): readonly string[] {
  return /^\[[^[\]!]*\]$/.test(source) ? source.slice(1, -1).split(',').map((part) => part.trim()) : [source];
}

function checkSource(source: Ranges | undefined, rules: readonly Bound[], passes: readonly PassRule[], { isListed, isDecrypted }: { readonly isListed: boolean; readonly isDecrypted: boolean }, missing: Set<string>): void {
  const isDrop = ({ rule: { action } }: Bound): boolean => action === 'drop' || action === 'reject';
  const held = rules.filter(({ rule, variables }) => sourceMatch(rule.source, source, variables, 4).all);
  const mine = held.filter(isDrop);
  const plain = mine.filter(({ rule }) => isPlain(rule) && !flowOf(rule).includes('to_client'));
  // What is left over of a protocol list is dropped, but the record does not say what it was.
  const cutBy = (drop: readonly Bound[]) => either(4, drop.map(({ rule, variables }) => reachOf(rule, variables, 4).traffic));
  const cut = cutBy(plain.filter(({ rule }) => !hasOption(rule, 'ip_proto')));
  const isCut = (protocol: IpProtocol, ports: Ranges): boolean => except(whole(protocol, ports), cut).boxes.length === 0;
  if (!isCut('udp', ALL_PORTS)) missing.add('udp');
  if (!isCut('icmp', ALL_PORTS)) missing.add('icmp');
  if (except(whole('other', ALL_PORTS), cutBy(plain)).boxes.length > 0) missing.add('other ip protocols');
  const portsOf = (protocol: 'tls' | 'http') => union(...passes.filter(({ rule }) => {
    const name = nameOf(rule);
    return name.kind !== 'none' && name.protocol === protocol;
  }).map(({ rule, variables }) => portSet(rule.destinationPorts, variables) ?? ALL_PORTS), ...(isListed ? [gated(mine, protocol)] : []));
  const tls = portsOf('tls');
  const http = portsOf('http');
  const named = union(tls, http);
  if (isEmpty(named)) return;
  if (!isCut('tcp', subtract(ALL_PORTS, named))) missing.add('tcp to ports that no rule names');
  const reachesPorts = (fits: (rule: Signature) => boolean) => unionOf(mine.filter(({ rule }) => fits(rule)).map(({ rule, variables }) => portSet(rule.destinationPorts, variables) ?? []));
  const lacks = (ports: Ranges, fits: (rule: Signature) => boolean) => !isEmpty(subtract(ports, reachesPorts(fits))) && !isCut('tcp', intersect(ports, ALL_PORTS));
  if (lacks(named, (rule) => rule.options.some(({ name, value }) => name === 'app-layer-protocol' && value?.startsWith('!') === true))) missing.add('other protocols on allowed ports');
  if (lacks(tls, (rule) => rule.protocol === 'tls' && nameOf(rule).kind === 'none')) missing.add('server names that no rule allows');
  if (lacks(http, (rule) => rule.protocol === 'http' && looksAtEveryHost(rule) && !hasOption(rule, 'http.start'))) missing.add('http hosts that no rule allows');
  if (lacks(http, (rule) => rule.protocol === 'http' && looksAtEveryHost(rule) && !hasOption(rule, 'http.host'))) missing.add('http without a host');
  if (lacks(http, (rule) => rule.protocol === 'http2')) missing.add('http/2 without tls');
  // What was decrypted is HTTP to the rules, on ports where they name servers of TLS only.
  if (isDecrypted && lacks(tls, (rule) => rule.protocol === 'http' && looksAtEveryHost(rule) && !hasOption(rule, 'http.host'))) missing.add('http in decrypted tls');
  if (isDecrypted && lacks(tls, (rule) => rule.protocol === 'http2')) missing.add('http/2 in decrypted tls');
  if (lacks(named, (rule) => isLong(rule, 'client') && !hasOption(rule, 'flowbits'))) missing.add('streams without a name');
  if (lacks(named, (rule) => isLong(rule, 'client') && hasOption(rule, 'flowbits'))) missing.add('speech of no known protocol');
  // Whatever the action, a rule may note what a drop asks for.
  const onAll = ({ rule, variables }: Bound): boolean => isEmpty(subtract(named, portSet(rule.destinationPorts, variables) ?? []));
  for (const what of pastTheStream(held.filter(onAll).map(({ rule }) => rule))) missing.add(what);
  const greeted = rules.filter(isDrop).filter(({ rule, variables }) => isLong(rule, 'server') && sourceMatch(rule.destination, source, variables, 4).all);
  if (!isEmpty(subtract(named, unionOf(greeted.map(({ rule, variables }) => portSet(rule.sourcePorts, variables) ?? []))))) missing.add('servers that speak first');
}

/**
 * The ports that a domain list holds for: those that the drops of its protocol before it leave open.
 * Without such a drop that is every port, of which another check speaks.
 */
function gated(mine: readonly Bound[], protocol: 'tls' | 'http'): Ranges {
  const closed = mine.filter(({ rule }) => rule.protocol === protocol && rule.destinationPorts.startsWith('!') && !hasOption(rule, 'content'));
  return closed.length === 0 ? [] : subtract(ALL_PORTS, unionOf(closed.map(({ rule, variables }) => portSet(rule.destinationPorts, variables) ?? [])));
}

function isLong(rule: Signature, side: 'client' | 'server'): boolean {
  return optionOf(rule, 'stream_size')?.startsWith(side) === true;
}

function looksAtEveryHost(rule: Signature): boolean {
  return !hasOption(rule, 'content') || optionOf(rule, 'content')?.startsWith('!') === true;
}

function whole(protocol: IpProtocol, ports: Ranges): Traffic {
  return traffic(4, [{ protocol, ports, destinations: EVERYWHERE[4] }]);
}
