/** What a network's firewall does with the packets of one machine. */
import type { Guard, AllowedHost } from '../network-model';
import { addressesOf, cidrsOf, EVERYWHERE, type Family } from '../addresses';
import { includes, intersect, isEmpty } from '../ranges';
import { ALL_PORTS, both, either, except, isNothing, joined, leftBehind, repacked, towards, traffic as trafficOf, type Traffic } from '../traffic';
import { NOT_APIS, PUBLIC } from './api-ranges';
import { addressesIn, ruleTraffic, type Callers, type FirewallRule } from './firewall-rule';
import { listedRules, type Stage } from './firewall-stages';
import { eitherMatch, hasKeys, keysText, matchKeys, NO, YES, type Keys, type Match } from './keys';
import { isTold, portNumbers } from './layer4';
import type { UrlFilter } from './url-filters';

/** What rules ask about a machine. */
export interface Carrier {
  readonly networkTags: Keys;
  readonly secureTags: Keys;
  readonly accounts: Keys;
  readonly region?: string;
  /** True where the plan does not tell the region. Without one it is otherwise that of the provider's configuration. */
  readonly isRegionHidden?: true;
  /** What it may send from: its own address, where that is known, else its subnets' ranges; absent where some are not known. */
  readonly cidrs?: readonly string[];
  /** True for what may send from addresses that are not its own. */
  readonly forwards?: true;
  /** True for what is never handed to a firewall endpoint, whatever a rule says. */
  readonly isUninspected?: true;
}

export function carrierText({ networkTags, secureTags, accounts, region, isRegionHidden, isUninspected, forwards }: Carrier): string {
  return [networkTags, secureTags, accounts].map(keysText).join(';') + (region ?? (isRegionHidden ? '?' : '')) + (isUninspected ? '-' : '') + (forwards ? '>' : '');
}

/** A part of the traffic and what decides on it. */
export interface Decision {
  readonly kind: 'allow' | 'deny';
  readonly traffic: Traffic;
  /** Absent: Google's implied rule. */
  readonly rule?: FirewallRule;
  /** Of rules by host name or listed address, together. */
  readonly guard?: Guard;
  readonly stage?: Stage;
  /** Why it may be otherwise. */
  readonly doubt?: string;
}

/** Whether a rule is meant for a machine's packets. */
export function targets(rule: FirewallRule, carrier: Carrier, family: Family = 4): Match {
  const wanted = [[rule.networkTags, carrier.networkTags], [rule.secureTags, carrier.secureTags], [rule.accounts, carrier.accounts]] as const;
  const asked = wanted.filter(([keys]) => hasKeys(keys));
  const meant = asked.length === 0 ? YES : eitherMatch(asked.map(([keys, carried]) => matchKeys(keys, carried)));
  if (!rule.callers || meant.kind === 'no') return meant;
  const calling = forging(rule, callsFrom(rule, rule.callers, carrier, family), carrier);
  return calling.kind === 'yes' ? meant : calling;
}

/** Whether its addresses are among those that the rule is for. Which IPv6 addresses it has nobody knows. */
function callsFrom({ address }: FirewallRule, { ranges, unknown }: Callers, { cidrs }: Carrier, family: Family): Match {
  const sources = addressesOf(ranges, family);
  if (includes(sources, EVERYWHERE[family])) return YES;
  if (unknown !== undefined) return { kind: 'unknown', reason: `${address}: for which source addresses it is, is not known` };
  if (isEmpty(sources)) return NO;
  const own = family === 4 && cidrs ? addressesOf(cidrs, 4) : [];
  if (isEmpty(own)) return { kind: 'unknown', reason: `${address} is for some source addresses, and which the machine has is not known` };
  if (includes(sources, own)) return YES;
  return isEmpty(intersect(sources, own)) ? NO : { kind: 'unknown', reason: `${address} is for a part of the addresses of its subnet` };
}

/**
 * What a machine forwards may have any source: it may be what an allow for others is for, and gets past a deny for the
 * machine's own addresses. What the machine sends with these is decided all the same.
 */
function forging({ address, action, callers }: FirewallRule, calling: Match, { forwards }: Carrier): Match {
  const isForAll = callers === undefined || callers.ranges.includes('0.0.0.0/0') || callers.ranges.includes('::/0');
  if (!forwards || isForAll || calling.kind !== (action === 'deny' ? 'yes' : 'no')) return calling;
  return { kind: 'unknown', reason: `${address} is for some source addresses, and what the machine forwards may have any` };
}

interface Flow {
  readonly traffic: Traffic;
  readonly doubt?: string;
  /** Why it may have been stopped already. What a list of hosts bounds it bounds all the same. */
  readonly mayBeOver?: string;
  /** Where a rule by name led it on: it is for these hosts alone, whichever addresses they have. */
  readonly named?: Guard;
  /** From so many boxes on it is looked whether they could be fewer. */
  readonly repackFrom?: number;
}

/** Follows traffic through the stages, rule by rule; the first that matches decides. */
export function decide(stages: readonly Stage[], carrier: Carrier, traffic: Traffic): readonly Decision[] {
  const decisions: Decision[] = [];
  let flows: readonly Flow[] = [{ traffic }];
  for (const stage of stages) {
    const isThere = holdsWhere(stage, carrier);
    if (isThere.kind === 'no') continue;
    const passed = new StagePassage(isThere.kind === 'unknown' && stage.doubt === undefined ? { ...stage, doubt: isThere.reason } : stage, carrier, decisions);
    flows = merged(traffic.family, passed.pass(flows));
  }
  for (const { traffic: left, doubt, mayBeOver, named } of flows) decisions.push({ kind: 'allow', traffic: left, ...guardOf(named), ...doubtOf(doubt ?? (named ? undefined : mayBeOver)) });
  return decisions.filter((decision) => !isNothing(decision.traffic));
}

/** Whether the stage is for the region of the machine. */
function holdsWhere({ address, scope }: Stage, { region, isRegionHidden }: Carrier): Match {
  if (!scope) return YES;
  if (scope.region !== undefined && region !== undefined) return scope.region === region ? YES : NO;
  // Who writes none gets that of the provider's configuration.
  if (scope.region === region && !scope.isRegionHidden && !isRegionHidden) return YES;
  return { kind: 'unknown', reason: `whether ${address} is for the region of the machine is not known` };
}

/** At most one flow without doubt, one that may be over, and one with doubt, and of each one for hosts by name: the first doubt speaks for all. */
function merged(family: Family, flows: readonly Flow[]): readonly Flow[] {
  if (flows.length === 1) return isNothing((flows[0] as Flow).traffic) ? [] : flows;
  const kinds = new Map<number, Flow[]>();
  for (const flow of flows) {
    const kind = (flow.doubt !== undefined ? 4 : flow.mayBeOver !== undefined ? 2 : 0) + (flow.named ? 0 : 1);
    const others = kinds.get(kind);
    if (others) others.push(flow);
    else kinds.set(kind, [flow]);
  }
  return [...kinds].sort(([a], [b]) => a - b).map(([, list]) => list)
    .map((list) => (list.length === 1 ? (list[0] as Flow) : { ...(list[0] as Flow), ...namedOf(together(list)), traffic: either(family, list.map((flow) => flow.traffic)) }))
    .filter((flow) => !isNothing(flow.traffic));
}

/** All hosts that one of the flows is for. */
function together(flows: readonly Flow[]): Guard | undefined {
  const guards = [...new Set(flows.flatMap(({ named }) => named ?? []))];
  const [first] = guards;
  return first && (guards.length === 1 ? first : { control: first.control, hosts: inOrder(guards.flatMap(({ hosts }) => hosts)) });
}

/** The packets that an allow means for certain, may mean, and may mean where its destinations are not known; and why it may not hold. */
interface Reach {
  readonly sure: Traffic;
  readonly possible: Traffic;
  anywhere(): Traffic;
  readonly doubt: string | undefined;
  /** The same, but for whom it is meant: whoever that is, by name it lets nothing else through. */
  readonly nameDoubt?: string | undefined;
}

class StagePassage {
  private readonly onward: Flow[] = [];
  private readonly hosts: { traffic: Traffic; hosts: readonly AllowedHost[]; rule: FirewallRule; doubt?: string }[] = [];

  constructor(private readonly stage: Stage, private readonly carrier: Carrier, private readonly decisions: Decision[]) {}

  pass(start: readonly Flow[]): readonly Flow[] {
    let flows = start;
    const family = start[0]?.traffic.family ?? 4;
    for (const rule of this.stage.rules) {
      if (flows.length === 0) break;
      if (rule.isDisabled || (rule.direction !== 'EGRESS' && !rule.isDirectionHidden)) continue;
      const own = targets(rule, this.carrier, family);
      if (own.kind === 'no') continue;
      if (own.kind === 'yes' && this.leadsOnAnyway(rule)) {
        flows = flows.map((flow) => this.leadOn(rule, flow));
        continue;
      }
      const match = this.stage.kind === 'policy' && this.stage.doubt !== undefined ? doubted(this.stage.doubt) : own;
      flows = merged((flows[0] as Flow).traffic.family, flows.flatMap((flow) => this.apply(rule, match, flow))).map(repackedFlow);
    }
    this.giveHosts();
    return [...this.onward, ...flows];
  }

  /** Whether the stage holds is in doubt, and a rule leads on to the next one: there the packet gets either way. */
  private leadsOnAnyway({ action, doubt, peers, layer4 }: FirewallRule): boolean {
    const isKnown = peers.fqdns.length + peers.opaque.length === 0 && peers.unknown === undefined && layer4.every(({ unknown }) => unknown === undefined);
    return action === 'goto_next' && this.stage.doubt !== undefined && (doubt === undefined || doubt === this.stage.doubt) && isKnown;
  }

  private leadOn(rule: FirewallRule, flow: Flow): Flow {
    const { family } = flow.traffic;
    const named = addressesIn(rule.peers, family);
    const meant = isEmpty(named) ? nothing(family) : ruleTraffic(rule, family, named, true);
    const led = both(flow.traffic, meant);
    if (isNothing(led)) return flow;
    this.onward.push({ ...flow, traffic: led });
    return { ...flow, traffic: leftBehind(flow.traffic, meant, led) };
  }

  /** What is left of a flow behind a rule. */
  private apply(rule: FirewallRule, match: Match, flow: Flow): readonly Flow[] {
    const { family } = flow.traffic;
    const named = addressesIn(rule.peers, family);
    const doubt = match.kind === 'unknown' ? match.reason : rule.doubt === undefined ? undefined : `${rule.address}: ${rule.doubt}`;
    const isSure = match.kind === 'yes' && doubt === undefined;
    const [mayBeMeant, isMeant] = isEmpty(named) ? [nothing(family), nothing(family)] : [ruleTraffic(rule, family, named, false), isSure ? ruleTraffic(rule, family, named, true) : nothing(family)];
    const possible = both(flow.traffic, mayBeMeant);
    const sure = !isSure ? nothing(family) : isTold(rule.layer4) ? possible : both(flow.traffic, isMeant);
    const left = () => leftBehind(flow.traffic, isMeant, sure);
    const toAny = () => ruleTraffic(rule, family, NOT_APIS[family], false);
    const anywhere = () => joined(both(flow.traffic, toAny()));

    if (rule.action === 'allow') {
      this.allow(rule, flow, { sure, possible, anywhere, doubt, nameDoubt: rule.doubt === undefined ? undefined : `${rule.address}: ${rule.doubt}` });
    } else if (rule.action === 'goto_next') {
      const isWide = rule.peers.opaque.length > 0 || rule.peers.unknown !== undefined;
      const listed = isWide || flow.named ? undefined : this.listed(rule, possible);
      const onward = withDoubt(flow, doubt ?? rule.peers.unknown);
      if (listed) this.onward.push({ ...onward, traffic: listed.traffic, named: { control: this.stage.address, hosts: listed.hosts } });
      this.onward.push({ ...onward, traffic: isWide ? anywhere() : listed ? except(possible, listed.traffic) : possible });
      if (rule.peers.fqdns.length > 0) {
        const named = flow.named ?? { control: this.stage.address, hosts: rule.peers.fqdns.map((host) => this.host(rule, host)) };
        this.onward.push({ ...withDoubt(flow, doubt), traffic: anywhere(), named });
      }
    } else {
      if (match.kind === 'could') return [flow];
      const hidden = doubt ?? rule.peers.unknown ?? rule.layer4.find(({ unknown }) => unknown !== undefined)?.unknown;
      this.decisions.push({ kind: 'deny', traffic: sure, rule, stage: this.stage, ...doubtOf(flow.doubt) });
      const rest = left();
      if (hidden === undefined) return [{ ...flow, traffic: rest }];
      // It may be stopped here: whatever becomes of it later is not certain.
      const asked = rule.peers.unknown === undefined ? mayBeMeant : toAny();
      const uncertain = both(rest, asked);
      return [{ ...flow, traffic: leftBehind(rest, asked, uncertain) }, { ...flow, mayBeOver: flow.mayBeOver ?? hidden, traffic: uncertain }];
    }
    return isNothing(sure) ? [flow] : [{ ...flow, traffic: left() }];
  }

  private allow(rule: FirewallRule, flow: Flow, { sure, possible, anywhere, doubt, nameDoubt }: Reach): void {
    const give = (traffic: Traffic, reason: string | undefined) => this.decisions.push({ kind: 'allow', traffic, rule, stage: this.stage, ...guardOf(flow.named), ...doubtOf(flow.doubt ?? (flow.named ? undefined : flow.mayBeOver) ?? reason) });
    if (flow.named) {
      // Whatever lets it through, it goes to one of its hosts.
      const isWide = rule.peers.fqdns.length + rule.peers.opaque.length > 0 || rule.peers.unknown !== undefined;
      give(isWide ? anywhere() : possible, doubt ?? rule.peers.unknown ?? rule.layer4.find(({ unknown }) => unknown !== undefined)?.unknown);
      return;
    }
    if (rule.names) {
      this.filter(rule, rule.names, flow, { possible, anywhere, doubt, nameDoubt }, give);
      return;
    }
    if (rule.peers.fqdns.length > 0) {
      this.hosts.push({ traffic: anywhere(), rule, ...doubtOf(flow.doubt ?? nameDoubt), hosts: rule.peers.fqdns.map((host) => this.host(rule, host)) });
    }
    if (rule.peers.opaque.length > 0) give(anywhere(), doubt);
    if (rule.peers.unknown !== undefined) give(anywhere(), rule.peers.unknown);
    const listed = this.listed(rule, possible);
    if (listed) this.hosts.push({ ...listed, rule, ...doubtOf(flow.doubt ?? nameDoubt) });
    const rest = listed ? except(possible, listed.traffic) : possible;
    // What the protocols and ports that are not known may let through.
    const hidden = doubt === undefined ? rule.layer4.find(({ unknown }) => unknown !== undefined)?.unknown : undefined;
    give(hidden === undefined ? rest : both(rest, sure), doubt);
    if (hidden !== undefined) give(except(rest, sure), hidden);
  }

  /** What of the packets goes to addresses that the rule lists one by one. */
  private listed(rule: FirewallRule, possible: Traffic): { readonly traffic: Traffic; readonly hosts: readonly AllowedHost[] } | undefined {
    const { family } = possible;
    const traffic = listedRules(this.stage, family).has(rule) ? towards(possible, PUBLIC[family]) : nothing(family);
    if (isNothing(traffic)) return undefined;
    return { traffic, hosts: cidrsOf(intersect(addressesIn(rule.peers, family), PUBLIC[family]), family).map((cidr) => this.host(rule, cidr)) };
  }

  /** Names are filtered in tcp alone: what else the rule lets through, it lets through, unless a firewall of one's own looks at all. */
  private filter(rule: FirewallRule, names: UrlFilter, flow: Flow, { possible, anywhere, doubt, nameDoubt }: Omit<Reach, 'sure'>, give: (traffic: Traffic, reason: string | undefined) => void): void {
    const { family } = flow.traffic;
    const isWide = rule.peers.fqdns.length + rule.peers.opaque.length > 0 || rule.peers.unknown !== undefined;
    const all = isWide ? anywhere() : possible;
    const filtered = names.isOfEveryProtocol ? all : both(all, trafficOf(family, [{ protocol: 'tcp', ports: ALL_PORTS, destinations: EVERYWHERE[family] }]));
    const hidden = rule.peers.unknown ?? rule.layer4.find(({ unknown }) => unknown !== undefined)?.unknown;
    const hosts = names.hosts.map((host) => this.host(rule, host));
    const reason = names.unknown ?? this.uninspected(rule);
    if (hosts.length === 0 && reason === undefined) this.decisions.push({ kind: 'deny', traffic: filtered, rule, stage: this.stage });
    else this.hosts.push({ traffic: filtered, rule, hosts, ...doubtOf(flow.doubt ?? nameDoubt ?? hidden ?? reason) });
    give(except(all, filtered), doubt ?? hidden);
  }

  /** Why nothing may filter the machine's packets. https://docs.cloud.google.com/run/docs/configuring/vpc-direct-vpc#limitations */
  private uninspected(rule: FirewallRule): string | undefined {
    const zones = [...this.stage.inspects ?? []];
    const { region, isUninspected } = this.carrier;
    if (isUninspected) return `${rule.address} filters by name, and no firewall endpoint inspects what Cloud Run sends`;
    const isNear = region === undefined ? zones.length > 0 : zones.some((zone) => zone.startsWith(`${region}-`));
    return isNear ? undefined : `${rule.address} filters by name, and no firewall endpoint of the network${region === undefined ? '' : ` in ${region}`} is in the plan`;
  }

  private host(rule: FirewallRule, host: string): AllowedHost {
    return { host, protocol: 'any', ports: portNumbers(rule.layer4), rule: rule.address };
  }

  /** All hosts of the stage are one list: a path per rule would tell no more. */
  private giveHosts(): void {
    for (const doubt of new Set(this.hosts.map((each) => each.doubt))) {
      const parts = this.hosts.filter((each) => each.doubt === doubt && !isNothing(each.traffic));
      const [first] = parts;
      if (!first) continue;
      const hosts = inOrder(parts.flatMap((part) => part.hosts));
      this.decisions.push({
        kind: 'allow',
        traffic: joined(either(first.traffic.family, distinct(parts.map(({ traffic }) => traffic)))),
        rule: first.rule,
        stage: this.stage,
        guard: { control: this.stage.kind === 'classic' ? first.rule.address : this.stage.address, hosts },
        ...doubtOf(doubt),
      });
    }
  }
}

function doubted(reason: string): Match {
  return { kind: 'unknown', reason };
}

/** A policy of thousands of blocks for one port leaves a box for each. Looked at is again what has doubled. */
function repackedFlow(flow: Flow): Flow {
  if (flow.traffic.boxes.length < (flow.repackFrom ?? WORTH_REPACKING)) return flow;
  const traffic = repacked(flow.traffic);
  return { ...flow, traffic, repackFrom: Math.max(WORTH_REPACKING, 2 * traffic.boxes.length) };
}

const WORTH_REPACKING = 64;

function withDoubt(flow: Flow, doubt: string | undefined): Flow {
  return flow.doubt !== undefined || doubt === undefined ? flow : { ...flow, doubt };
}

/** Each once. */
function inOrder(hosts: readonly AllowedHost[]): readonly AllowedHost[] {
  const unique = new Map(hosts.map((host) => [`${host.host} ${host.ports.join()} ${host.rule}`, host] as const));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, host]) => host);
}

function namedOf(named: Guard | undefined): { named?: Guard } {
  return named === undefined ? {} : { named };
}

function guardOf(guard: Guard | undefined): { guard?: Guard } {
  return guard === undefined ? {} : { guard };
}

function doubtOf(doubt: string | undefined): { doubt?: string } {
  return doubt === undefined ? {} : { doubt };
}

function nothing(family: Family): Traffic {
  return { family, boxes: [] };
}

/** A hundred rules for tcp/443 to any address are one box, not a hundred. */
function distinct(parts: readonly Traffic[]): readonly Traffic[] {
  const seen = new Map<string, Traffic>();
  for (const part of parts) {
    const key = part.boxes.map(({ protocol, ports, destinations }) => `${protocol} ${ports.flat().join()} ${destinations.flat().join()}`).join(';');
    if (!seen.has(key)) seen.set(key, part);
  }
  return [...seen.values()];
}
