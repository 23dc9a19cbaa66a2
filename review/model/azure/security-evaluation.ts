/**
 * What a security group lets through: the rule with the lowest priority that matches decides.
 *
 * One side of a connection is ours (a subnet, an interface), the other is remote. The remote side
 * is what a `Traffic`'s destinations are here, in both directions.
 */
import { EVERYWHERE, INTERNET, type Family } from '../addresses';
import { packetsOf, protocolNumber, type Packets } from '../ip-protocols';
import { includes, intersect, isEmpty, rangesOf, type Ranges } from '../ranges';
import { ALL_PORTS, both, either, everythingTo, except, IP_PROTOCOLS, isNothing, joined, taggedService, traffic, type Box, type Traffic } from '../traffic';
import { matchAddresses, type NetworkSpace } from './address-match';
import { isEverything } from './address-match';
import type { Pointed, Texts } from './read';
import type { Direction, Rules, SecurityRule } from './security-group';
import type { Resource } from '../../plan/resource-graph';

/** Our side of a connection. */
export interface LocalSide {
  /** Undefined where they are not known. */
  readonly addresses: Readonly<Record<Family, Ranges>> | undefined;
  /** Its application security groups: `untold` where the plan does not tell, undefined for what stands for all that could be there. */
  readonly memberships: Memberships;
  readonly space: NetworkSpace;
}

export type Memberships = ReadonlySet<Resource> | 'untold' | undefined;

/** What one rule decides of all traffic. */
export interface Decision {
  readonly rule: SecurityRule;
  readonly traffic: Traffic;
  /** Why it may not be so. Only allows are listed with a doubt. */
  readonly doubt?: string;
}

const MOST_APART = 16;

export interface Evaluation {
  readonly allowed: readonly Decision[];
  readonly denied: readonly Decision[];
}

const kept = new WeakMap<Rules, Map<string, Evaluation>>();

/** Once for all subnets and interfaces that the rules do not tell apart. */
export function evaluate(group: Rules, direction: Direction, local: LocalSide, family: Family): Evaluation {
  let known = kept.get(group);
  if (!known) kept.set(group, (known = new Map()));
  const sides = group.rules.map((rule) => ownSideOf(rule, direction, local, family));
  const key = [direction, family, spaceText(local.space), ...sides.map(({ certain, possible, unknown }) => `${certain ? 'c' : possible ? 'p' : 'n'}${unknown ?? ''}`)].join('\n');
  let found = known.get(key);
  if (!found) known.set(key, (found = compute(group, direction, local, family, sides)));
  return found;
}

const spaceTexts = new WeakMap<NetworkSpace, string>();

function spaceText(space: NetworkSpace): string {
  let text = spaceTexts.get(space);
  if (text === undefined) spaceTexts.set(space, (text = [space.local, space.reachable].flatMap((side) => [side[4].join(';'), side[6].join(';')]).concat(space.unknown ?? '').join(' ')));
  return text;
}

function compute(group: Rules, direction: Direction, local: LocalSide, family: Family, sides: readonly OwnSide[]): Evaluation {
  const allowed: Decision[] = [];
  const denied: Decision[] = [];
  let left = everythingTo(family, EVERYWHERE[family]);
  if (group.unknown !== undefined) {
    const hidden: SecurityRule = { ...(group.rules[0] as SecurityRule), name: 'a rule that is not known', builtIn: false };
    allowed.push({ rule: hidden, traffic: left, doubt: group.unknown });
  }
  let most = MOST_APART;
  for (const [index, rule] of group.rules.entries()) {
    if (rule.direction !== undefined && rule.direction !== direction) continue;
    const reach = reachOf(rule, direction, local, family, sides[index]);
    const decided = both(left, reach.certain);
    if (rule.access !== 'Deny') {
      const isSure = rule.access === 'Allow' && rule.direction !== undefined;
      const doubt = reach.doubt ?? (isSure ? undefined : `what rule '${rule.name}' of ${group.address} does is not known`);
      const possible = both(left, reach.possible);
      if (doubt === undefined) {
        if (!isNothing(possible)) allowed.push({ rule, traffic: possible });
      } else {
        if (isSure && reach.doubt !== undefined && rule.doubt === undefined && !isNothing(both(left, reach.known))) allowed.push({ rule, traffic: both(left, reach.known) });
        if (!isNothing(possible)) allowed.push({ rule, traffic: possible, doubt });
      }
      if (!isSure || rule.doubt !== undefined) continue;
    } else {
      if (rule.direction === undefined || rule.doubt !== undefined) continue;
      if (!isNothing(decided)) denied.push({ rule, traffic: decided });
    }
    left = except(left, reach.certain);
    if (isNothing(left)) break;
    // To join them takes as long as to cut them, and is worth it where they have become many.
    if (left.boxes.length > most) {
      left = joined(left);
      most = Math.max(MOST_APART, 2 * left.boxes.length);
    }
  }
  return { allowed, denied };
}

/** Everything that an evaluation lets through, doubts included. */
export function allowedTraffic(evaluation: Evaluation, family: Family, withDoubts = true): Traffic {
  return joined(either(family, evaluation.allowed.filter(({ doubt }) => withDoubts || doubt === undefined).map((each) => each.traffic)));
}

export interface Reach {
  /** What it holds for in any case. */
  readonly certain: Traffic;
  /** What it may hold for, by what is known of it. */
  readonly known: Traffic;
  /** The same, and what is not known. */
  readonly possible: Traffic;
  readonly doubt?: string;
}

/** The packets of one rule, from or to our side. */
export function reachOf(rule: SecurityRule, direction: Direction, local: LocalSide, family: Family, own = ownSideOf(rule, direction, local, family)): Reach {
  const outward = direction === 'Outbound';
  const prefixes = outward ? rule.destinations : rule.sources;
  const members = outward ? rule.destinationGroups : rule.sourceGroups;
  const remote = matchAddresses(prefixes, family, local.space);
  // Members are interfaces of the network: private addresses, which are somewhere in its space.
  const plain = members.isSet ? rangesOf([...remote.plain, ...local.space.local[family]]) : remote.plain;
  const ports = portsOf(rule.ports);
  const anyPort = includes(ports.known, ALL_PORTS);
  const boxesTo = (destinations: Ranges, open: boolean): readonly Box[] => packetsFor(rule, family).flatMap((packets): Box[] => {
    const { protocol } = packets;
    if (protocol === 'tcp' || protocol === 'udp') return [{ protocol, ports: open && ports.unknown !== undefined ? ALL_PORTS : ports.known, destinations }];
    // A rule for such a protocol alone may hold, whatever ports it names beside.
    return anyPort || (open && (ports.unknown !== undefined || !isAny(rule))) ? [{ ...packets, destinations }] : [];
  });
  const boxes = (destinations: Ranges, open: boolean): Traffic => traffic(family, boxesTo(destinations, open));
  const mayBe = (open: boolean): Traffic => traffic(family, [...boxesTo(plain, open), ...tagged(remote.tags, plain, boxesTo(INTERNET[family], open), family)]);
  const doubt = rule.doubt ?? remote.unknown ?? ports.unknown ?? own.unknown ?? (rule.protocol === undefined ? `the protocol of rule '${rule.name}' is not known` : undefined);
  const isCertain = own.certain && rule.protocol !== undefined && (isAny(rule) || protocolNumber(rule.protocol) !== undefined) && rule.sourcePorts.unknown === undefined
    && (rule.sourcePorts.items.length === 0 || rule.sourcePorts.items.some((port) => port === '*' || port === '0-65535'));
  const nothing: Traffic = { family, boxes: [] };
  return {
    certain: isCertain ? boxes(remote.certain, false) : nothing,
    known: own.possible ? mayBe(false) : nothing,
    possible: own.possible || own.unknown !== undefined ? remote.unknown === undefined ? mayBe(true) : boxes(EVERYWHERE[family], true) : nothing,
    ...(doubt === undefined ? {} : { doubt }),
  };
}

/**
 * What a rule lets through to service tags: to whoever answers there, and nobody else. Without that a rule for one service
 * would let everything through, and a change that really does so would open nothing.
 */
export function tagged(tags: readonly string[], plain: Ranges, anywhere: readonly Box[], family: Family): readonly Box[] {
  return includes(plain, INTERNET[family]) ? [] : tags.flatMap((tag) => anywhere.map((box) => ({ ...box, service: taggedService(tag) })));
}

interface OwnSide {
  readonly certain: boolean;
  readonly possible: boolean;
  readonly unknown?: string;
}

function ownSideOf(rule: SecurityRule, direction: Direction, local: LocalSide, family: Family): OwnSide {
  const outward = direction === 'Outbound';
  return ownSide(outward ? rule.sources : rule.destinations, outward ? rule.sourceGroups : rule.destinationGroups, local, family);
}

/** Whether a rule's prefixes take in our side, surely or perhaps. */
function ownSide(prefixes: Texts, members: Pointed, local: LocalSide, family: Family): OwnSide {
  if (members.isSet) {
    const held = local.memberships;
    if (held === undefined) return { certain: false, possible: true };
    if (held === 'untold') return { certain: false, possible: false, unknown: 'which application security groups it is in is not known' };
    const isMember = members.targets.some((group) => held.has(group));
    // One of several groups, which may be another one.
    const unsure = members.unknown ?? (members.exact || !isMember || members.targets.every((group) => held.has(group)) ? undefined : 'which application security group a rule is for is not known');
    return { certain: isMember && members.exact, possible: isMember && unsure === undefined, ...(unsure === undefined ? {} : { unknown: unsure }) };
  }
  const match = matchAddresses(prefixes, family, local.space);
  const unknown = match.unknown === undefined ? {} : { unknown: match.unknown };
  if (prefixes.items.some((prefix) => isEverything(prefix) && !prefix.includes('/'))) return { certain: true, possible: true };
  const addresses = local.addresses?.[family];
  // A rule for the other family takes in no address of this one, whichever it is.
  if (addresses === undefined || isEmpty(addresses)) return { certain: includes(match.certain, EVERYWHERE[family]), possible: !isEmpty(match.possible) || match.unknown !== undefined, ...unknown };
  // What it holds for in any case, nothing that is not known takes away.
  if (includes(match.certain, addresses)) return { certain: true, possible: true };
  return { certain: false, possible: !isEmpty(intersect(match.possible, addresses)), ...unknown };
}

function isAny({ protocol }: SecurityRule): boolean {
  return protocol === undefined || protocol === '*' || protocol === 'any';
}

/** `icmp` is that of either family. */
function packetsFor(rule: SecurityRule, family: Family): readonly Packets[] {
  const { protocol = '*' } = rule;
  if (isAny(rule)) return IP_PROTOCOLS.map((each) => ({ protocol: each, ports: ALL_PORTS }));
  return [/^icmp(v6)?$/.test(protocol) ? { protocol: 'icmp', ports: ALL_PORTS } : packetsOf(protocolNumber(protocol), family)];
}

export function portsOf(texts: Texts): { known: Ranges; unknown?: string } {
  const known = rangesOf(texts.items.flatMap((item): [bigint, bigint][] => {
    if (item === '*') return [[0n, 65535n]];
    const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(item.trim());
    return match ? [[BigInt(match[1] as string), BigInt(match[2] ?? (match[1] as string))]] : [];
  }));
  const odd = texts.items.find((item) => item !== '*' && !/^\d{1,5}(\s*-\s*\d{1,5})?$/.test(item.trim()));
  const unknown = texts.unknown ?? (odd === undefined ? undefined : `'${odd}' is no port range`);
  return { known, ...(unknown === undefined ? {} : { unknown }) };
}
