/**
 * What the stateful rules of a firewall policy do with the packets that reach them.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
import { cidrsOf, INTERNET, type Family } from '../addresses';
import { refusedBelow } from '../host-names';
import type { AllowedHost } from '../network-model';
import { size, type Ranges } from '../ranges';
import { ALL_PORTS, both, either, except, isNothing, traffic, type Traffic } from '../traffic';
import { compact } from './compact';
import { variablesOf } from './firewall-variables';
import type { AwsFirewall, AwsFirewallPolicy, GroupUse } from './firewalls';
import type { AwsRuleGroup, DomainList } from './rule-groups';
import { flowOf, hasOption, optionOf, type Signature } from './suricata';
import { nameOf } from './suricata-names';
import { isPlain, reachOf, sourceMatch, wholly, type Variables } from './suricata-reach';

/** Packets that pass, each only to the hosts beside them. */
export interface NamedPass {
  readonly traffic: Traffic;
  readonly hosts: readonly AllowedHost[];
}

/** Packets that perhaps pass. */
export interface DoubtfulPass {
  readonly traffic: Traffic;
  readonly reason: string;
}

/** Larger sets of addresses are no allowlist: nobody knows who is behind all of them. */
const MOST_ADDRESSES = 2n ** 24n;

/** One group of a policy, and what its variables stand for. */
interface Group {
  readonly group: AwsRuleGroup;
  /** Whether the group is in the policy, and its actions are its own. */
  readonly isSure: boolean;
  readonly variables: Variables;
}

/** The rules of a policy, in their order, for the packets of one source. */
export class StatefulRules {
  private readonly family: Family;
  private readonly open: Traffic[] = [];
  private readonly named = new Map<string, { traffic: Traffic; hosts: AllowedHost[] }>();
  private readonly doubtful: DoubtfulPass[] = [];
  /** Dropped by the rules before, of the groups whose place is known. */
  private cut: Traffic;
  /** Dropped by groups whose place is not known: it holds for what no rule passes. */
  private cutBefore: Traffic;
  /** Where nothing of a protocol gets through, whatever name it shows. */
  private readonly closed: Record<'tls' | 'http', Traffic>;
  /** First packets of connections: which of them rules drop, and which they let go before. */
  private firstCut: Traffic;
  private readonly handshakes: Traffic[] = [];
  /** Names that rules drop before those that follow are asked. */
  private readonly refused: { readonly host: string; readonly protocol: AllowedHost['protocol']; readonly stopped: Traffic }[] = [];
  /** Connections that pass as a whole once somebody answers. */
  private readonly answered: { readonly reach: Traffic; readonly group: AwsRuleGroup; readonly unknown?: string }[] = [];

  /**
   * @param source the addresses that packets come from; undefined when the plan does not know
   * @param all the packets that reach the stateful engine
   */
  constructor(private readonly firewall: AwsFirewall, private readonly policy: AwsFirewallPolicy, private readonly source: Ranges | undefined, private readonly all: Traffic) {
    this.family = all.family;
    this.cut = this.cutBefore = this.firstCut = this.nothing();
    this.closed = { tls: this.nothing(), http: this.nothing() };
  }

  read(): { readonly open: Traffic; readonly named: readonly NamedPass[]; readonly doubtful: readonly DoubtfulPass[] } {
    for (const use of this.policy.stateful) this.readGroup(use);
    const dropsRest = this.policy.strict && this.policy.statefulDefaults.some((action) => action.startsWith('aws:drop'));
    // In action order passes come first, whatever their place.
    if (!dropsRest) this.open.push(except(this.all, either(this.family, [this.cutBefore, this.cut])));
    if (this.answered.length > 0) this.passAnswered(this.firstPackets(dropsRest));
    if (dropsRest) this.passForgotten();
    return { open: either(this.family, this.open), named: [...this.named.values()], doubtful: this.doubtful };
  }

  private passAnswered(first: Traffic): void {
    for (const { reach, group, unknown } of this.answered) {
      const own = both(reach, first);
      if (isNothing(own)) continue;
      if (unknown !== undefined) this.doubtful.push({ traffic: own, reason: unknown });
      else this.passAddresses(group, own);
    }
  }

  /**
   * Of a connection that is quiet until the firewall forgets it, rules are asked without what came before: no name is known any more,
   * and only drops that need none, and `aws:drop_strict`, still hold.
   * https://docs.aws.amazon.com/network-firewall/latest/developerguide/stream-exception-policy.html
   */
  private passForgotten(): void {
    const { address, streamException, statefulDefaults } = this.policy;
    if (streamException !== 'CONTINUE' || statefulDefaults.includes('aws:drop_strict')) return;
    const left = both(except(this.all, this.firstCut), everythingTcp(this.family));
    if (!isNothing(left)) this.doubtful.push({ traffic: left, reason: `${address} has stream_exception_policy CONTINUE: what a connection says after the firewall has forgotten it meets no rule by name` });
  }

  /** What may ask for a connection: all defaults but `aws:drop_strict` let a handshake happen. */
  private firstPackets(dropsRest: boolean): Traffic {
    const left = dropsRest && this.policy.statefulDefaults.includes('aws:drop_strict') ? this.nothing() : except(this.all, this.firstCut);
    return either(this.family, [left, ...this.handshakes]);
  }

  private readGroup({ group, possible }: GroupUse): void {
    if (!group) return;
    // A group that may come first is not cut by the drops of others.
    if (this.policy.orderUnknown) {
      this.cutBefore = either(this.family, [this.cutBefore, this.cut]);
      this.cut = this.nothing();
    }
    const read: Group = { group, isSure: possible !== true, variables: variablesOf(this.firewall, this.policy, group, this.family) };
    for (const list of group.lists) this.readList(list, read);
    for (const line of unreadPasses(group)) this.doubtful.push({ traffic: this.all, reason: `${group.address} has a line that this review cannot read: ${line.slice(0, 80)}` });
    for (const signature of group.signatures.flatMap(bothWays)) this.readSignature(signature, read);
  }

  private readList(list: DomainList, { group, isSure, variables }: Group): void {
    const { some, all } = sourceMatch('$HOME_NET', this.source, variables, this.family);
    if (!some) return;
    const reach = this.notCut(both(this.all, everythingTcp(this.family)));
    if (!list.allows) {
      if (all && isSure) for (const protocol of list.protocols) for (const host of list.targets) this.refused.push({ host, protocol, stopped: reach });
      return;
    }
    for (const protocol of list.protocols) {
      const left = this.policy.strict && !this.policy.orderUnknown ? except(reach, this.closed[protocol]) : reach;
      if (isNothing(left)) continue;
      for (const host of list.targets) this.allow({ host, protocol, ports: portNumbers(left), rule: group.address }, left);
    }
  }

  private readSignature(signature: Signature, { group, isSure, variables }: Group): void {
    if (signature.action === 'alert' || signature.action === 'other') return this.readBypass(signature, group, variables);
    if (signature.action === 'pass' && isOfWholeFlow(signature)) this.readAnswers(signature, group, variables);
    const match = sourceMatch(signature.source, this.source, variables, this.family);
    if (!match.some || isReplyOnly(signature)) return;
    const { traffic: whole, widened } = reachOf(signature, variables, this.family);
    if (signature.action === 'pass' && isHandshakeOnly(signature)) this.handshakes.push(this.notCut(both(this.all, both(whole, everythingTcp(this.family)))));
    const reach = this.notCut(both(this.all, isHandshakeOnly(signature) ? withoutTcp(whole) : whole));
    if (isNothing(reach)) return;
    if (signature.action === 'pass') this.pass(signature, group, reach, widened);
    else if (match.all && !widened && isSure) this.drop(signature, wholly(signature, reach, variables));
  }

  /**
   * No rule is asked about a connection after one with `bypass` has matched. Whether AWS's engine does so, it does not say.
   * https://docs.suricata.io/en/suricata-7.0.10/rules/bypass-keyword.html
   */
  private readBypass(signature: Signature, group: AwsRuleGroup, variables: Variables): void {
    if (!hasOption(signature, 'bypass') || !sourceMatch(signature.source, this.source, variables, this.family).some) return;
    const reach = this.notCut(both(this.all, reachOf(signature, variables, this.family).traffic));
    if (!isNothing(reach)) this.doubtful.push({ traffic: reach, reason: `${group.address} lets go unlooked at what '${signature.text.slice(0, 80)}' matches (bypass)` });
  }

  /** What comes back to the addresses that a pass leads to: it passes what was asked, too. */
  private readAnswers(signature: Signature, group: AwsRuleGroup, variables: Variables): void {
    const asked = turned(signature);
    const match = sourceMatch(asked.source, this.source, variables, this.family);
    const { traffic: whole, widened } = reachOf(asked, variables, this.family);
    const reach = both(this.all, both(whole, everythingTcp(this.family)));
    if (!match.some || isNothing(reach)) return;
    this.answered.push({ reach, group, ...(widened ? { unknown: `${group.address}: a variable of '${signature.text}' has no known value` } : {}) });
  }

  private drop(signature: Signature, stopped: Traffic): void {
    const { protocol } = signature;
    if (isPlain(signature) && !this.policy.orderUnknown && !flowOf(signature).includes('established')) this.firstCut = compact(either(this.family, [this.firstCut, stopped]));
    if (isPlain(signature)) this.cut = compact(either(this.family, [this.cut, stopped]));
    else if ((protocol === 'tls' || protocol === 'http') && closesProtocol(signature)) this.closed[protocol] = compact(either(this.family, [this.closed[protocol], stopped]));
    const name = nameOf(signature);
    if (name.kind === 'host' && name.loose === undefined && isOfOneName(signature)) this.refused.push({ host: name.host, protocol: name.protocol, stopped });
  }

  private pass(signature: Signature, group: AwsRuleGroup, reach: Traffic, widened: boolean): void {
    const name = nameOf(signature);
    if (name.kind === 'host') {
      this.allow({ host: name.host, protocol: name.protocol, ports: portNumbers(reach), rule: group.address }, reach);
    } else if (name.kind === 'unreadable') {
      this.doubtful.push({ traffic: reach, reason: `${group.address}: ${name.reason}` });
    } else if (widened) {
      this.doubtful.push({ traffic: reach, reason: `${group.address}: a variable of '${signature.text}' has no known value` });
    } else if (hasOption(signature, 'app-layer-protocol')) {
      this.open.push(reach);
    } else {
      this.passAddresses(group, reach);
    }
  }

  /** By nothing but addresses: of few, they are the list. */
  private passAddresses(group: AwsRuleGroup, reach: Traffic): void {
    if (!isAddressList(reach)) {
      this.open.push(reach);
      return;
    }
    const addresses = [...new Set(reach.boxes.flatMap((box) => cidrsOf(box.destinations, reach.family)))];
    for (const address of addresses) this.allow({ host: address, protocol: 'any', ports: portNumbers(reach), rule: group.address }, reach);
  }

  private allow(allowed: AllowedHost, reach: Traffic): void {
    const isOrdered = this.policy.strict && !this.policy.orderUnknown;
    const refused = isOrdered ? this.refused.filter(({ protocol, stopped }) => protocol === allowed.protocol && isNothing(except(reach, stopped))) : [];
    const host = refused.length > 0 ? { ...allowed, ...refusedBelow(allowed.host, refused.map((each) => each.host)) } : allowed;
    const key = `${host.protocol} ${boxKey(reach)}`;
    const known = this.named.get(key);
    if (known) known.hosts.push(host);
    else this.named.set(key, { traffic: reach, hosts: [host] });
  }

  /** In strict order what an earlier rule drops is gone; in action order passes come first. */
  private notCut(reach: Traffic): Traffic {
    return this.policy.strict ? except(reach, this.cut) : reach;
  }

  private nothing(): Traffic {
    return traffic(this.family, []);
  }
}

const WHATEVER_NAME = new Set(['flow', 'msg', 'sid', 'rev', 'noalert', 'ssl_state', 'http.host', 'bsize']);

const OF_A_NAME = new Set(['tls.sni', 'http.host', 'content', 'startswith', 'endswith', 'nocase', 'dotprefix', 'flow', 'msg', 'sid', 'rev', 'priority', 'metadata', 'classtype']);

/** Whether it holds for whatever shows a name, in capitals, too. Of HTTP the engine compares small letters. */
function isOfOneName({ protocol, options }: Signature): boolean {
  const contents = options.filter(({ name }) => name === 'content');
  return options.every(({ name }) => OF_A_NAME.has(name)) && contents.length === 1 && (protocol === 'http' || options.some(({ name }) => name === 'nocase'));
}

/** Drops every ClientHello, or every request with a host, on its ports. */
function closesProtocol(signature: Signature): boolean {
  const every = signature.protocol === 'tls' ? optionOf(signature, 'ssl_state') === 'client_hello' : hasOption(signature, 'http.host') && optionOf(signature, 'bsize') === '>0';
  return every && signature.options.every(({ name }) => WHATEVER_NAME.has(name));
}

function isAddressList(reach: Traffic): boolean {
  return reach.boxes.every((box) => size(box.destinations) <= MOST_ADDRESSES && box.destinations.length <= 1_000);
}

/** `<>` is two signatures: what it lets in from an address, it lets out to it. */
function bothWays(signature: Signature): readonly Signature[] {
  return signature.bidirectional ? [signature, turned(signature)] : [signature];
}

export function turned(signature: Signature): Signature {
  const { source, sourcePorts, destination, destinationPorts } = signature;
  return { ...signature, source: destination, sourcePorts: destinationPorts, destination: source, destinationPorts: sourcePorts };
}

/**
 * Without `flow`, and with nothing that looks into a packet, it is asked of the first packet in each direction, and what it
 * says holds for the whole connection.
 * https://docs.suricata.io/en/suricata-7.0.10/rules/rule-types.html
 */
export function isOfWholeFlow(signature: Signature): boolean {
  return isPlain(signature) && !hasOption(signature, 'flow');
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
