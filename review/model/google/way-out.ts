/** From an interface to the internet: routes by longest prefix, then NAT or a public address. */
import { addressesOf, EVERYWHERE } from '../addresses';
import type { Hop, Outcome } from '../network-model';
import { APIS, NAT64, NOT_APIS } from './api-ranges';
import { inNetwork, inNoNetwork } from './by-network';
import { includes, intersect, isEmpty, subtract, type Ranges } from '../ranges';
import { both, either, everythingTo, except, isNothing, towards, type Traffic } from '../traffic';
import type { Having, Interface } from './interfaces';
import { matchKeys, hasKeys, YES, type Match } from './keys';
import { serves, type GoogleNat } from './nats';
import { networkText, rangesOfAll, type GoogleNetwork, type Networks } from './networks';
import type { GoogleRoute, NextHop, PolicyRoute } from './routes';

/** What routes lead through, and who passes packets on. */
export interface Surroundings {
  readonly networks: Networks;
  readonly routes: ReadonlyMap<GoogleNetwork, readonly GoogleRoute[]>;
  readonly policyRoutes: readonly PolicyRoute[];
  readonly nats: readonly GoogleNat[];
  readonly announcers: ReadonlyMap<GoogleNetwork, string>;
  /** Sends packets on from the machines that a next hop names; empty when they are not in the plan. */
  passOn(nextHop: NextHop, traffic: Traffic, network: GoogleNetwork, from: Interface, doubt: string): readonly Outcome[];
}

/** Of which routes: those to the default internet gateway, those to anything else, or whichever is the best. */
export type Taken = 'gateway' | 'beside' | 'any';

/** Routes with what they match, the longest prefix first. */
interface Group {
  readonly ranges: Ranges;
  readonly routes: readonly { readonly route: GoogleRoute; readonly match: Match }[];
}

function isForEverybody({ source }: Pick<PolicyRoute, 'source'>, family: 4 | 6): boolean {
  return includes(addressesOf([source], family), EVERYWHERE[family]);
}

const locals = new WeakMap<GoogleNetwork, Map<4 | 6, Ranges>>();

export class WayOut {
  private readonly groups = new Map<4 | 6, readonly Group[]>();
  private readonly hops = new Map<string, Hop>();

  constructor(private readonly from: Interface, private readonly network: GoogleNetwork, private readonly around: Surroundings) {}

  /** Routes that the interface sees for certain, most specific first. */
  seen(family: 4 | 6): readonly GoogleRoute[] {
    return this.groupsOf(family).flatMap(({ routes }) => routes.filter(({ match, route }) => match.kind === 'yes' && route.doubt === undefined).map(({ route }) => route));
  }

  /**
   * `doubt`: why the traffic may not even get here. `isBounded`: it goes to listed hosts at most, so that nothing is
   * hidden by following it along whatever route or NAT may be there. `taken`: only what such routes get is told.
   */
  forward(traffic: Traffic, doubt: string | undefined, isBounded = false, taken: Taken = 'any'): readonly Outcome[] {
    if (this.network.isForeign) {
      return [{ kind: 'unknown', traffic, reason: `${networkText(this.network)} is not in the plan` }];
    }
    const outcomes: Outcome[] = [];
    let left = traffic;
    // What one of them leads back to the other routes no later one takes.
    let returned: Traffic = { family: left.family, boxes: [] };
    let [before, priority] = [left, -1];
    // What forwards may forge the source of its packets: those no policy-based route takes that is for some sources.
    let forged: Traffic = this.from.forwards === true ? left : { family: left.family, boxes: [] };
    const forgery = doubt ?? `what ${this.from.address} forwards may have any address as its source`;
    for (const { route, match } of this.policyRoutes()) {
      // Which of several with one priority is taken Google does not say.
      if (route.priority !== priority) [before, priority] = [left, route.priority];
      const asked = this.policyTraffic(route, left.family);
      const part = both(before, asked);
      const isMeant = this.isCaller(route, left.family);
      const besides = except(both(forged, asked), part);
      if (isMeant === 'no' || (isNothing(part) && isNothing(besides))) continue;
      const isSure = match.kind === 'yes' && isMeant === 'yes' && route.unknown === undefined;
      if (isSure && isForEverybody(route, left.family)) forged = except(forged, asked);
      if (route.nextHop && !isNothing(besides) && taken !== 'gateway') outcomes.push({ kind: 'next', to: this.hop(route.address, `policy-based route to ${route.destination}`, route.nextHop, forgery), traffic: besides });
      if (isNothing(part)) continue;
      if (!route.nextHop) {
        returned = either(left.family, [returned, part]);
        if (isSure) left = except(left, part);
        continue;
      }
      if (taken !== 'gateway') outcomes.push({ kind: 'next', to: this.hop(route.address, `policy-based route to ${route.destination}`, route.nextHop, doubt ?? (isSure ? undefined : route.unknown)), traffic: part });
      if (isSure) left = except(left, part);
    }
    if (!isNothing(returned)) left = either(left.family, [except(left, returned), returned]);
    outcomes.push(...this.byRoutes(left, doubt, isBounded, taken));
    // A public address or a NAT serves none but the machine's own: https://cloud.google.com/vpc/docs/ip-addresses, https://cloud.google.com/nat/docs/nat-product-interactions
    const astray = except(forged, left);
    if (!isNothing(astray) && taken !== 'gateway') outcomes.push(...this.byRoutes(astray, forgery, isBounded, 'beside').filter(({ kind }) => kind === 'next' || kind === 'unknown'));
    return outcomes;
  }

  /** By routes of the network, the longest prefix first. */
  private byRoutes(traffic: Traffic, doubt: string | undefined, isBounded: boolean, taken: Taken): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    let left = traffic;
    const local = this.local(traffic.family);
    const inside = towards(left, local);
    if (!isNothing(inside)) outcomes.push({ kind: 'elsewhere', traffic: inside, where: `network ${this.network.name}` });
    if (!isEmpty(local)) left = towards(left, subtract(EVERYWHERE[traffic.family], local));
    // What neighbours announce may be more specific than any route that is written. The addresses of Google's APIs nobody announces.
    const announced = this.around.announcers.get(this.network);
    const mayBeAnnounced = announced === undefined ? undefined : towards(left, NOT_APIS[left.family]);
    if (announced !== undefined && mayBeAnnounced && !isNothing(mayBeAnnounced) && taken !== 'gateway') outcomes.push({ kind: 'unknown', traffic: mayBeAnnounced, reason: announced });
    for (const { ranges, routes } of this.groupsOf(left.family)) {
      const part = towards(left, ranges);
      if (isNothing(part)) continue;
      const returning = routes.find(({ route }) => this.isOwn(route.nextHop));
      const sure = routes.filter(({ route, match }) => match.kind === 'yes' && route.doubt === undefined && !this.isOwn(route.nextHop));
      const best = sure.reduce((least, { route }) => Math.min(least, route.priority), Infinity);
      for (const { route, match } of routes) {
        if (route.priority > best || this.isOwn(route.nextHop) || !isTaken(route.nextHop, taken)) continue;
        const isFollowed = route.isLikely === true || (isBounded && route.isLikely !== undefined);
        const isPast = returning !== undefined && returning.route.priority <= route.priority;
        const reason = doubt ?? (isFollowed ? undefined : route.doubt) ?? (match.kind === 'unknown' ? match.reason : undefined) ?? (isPast ? `whether ${returning.route.address} holds for ${this.from.address}, to which it leads, is not in the plan` : undefined);
        outcomes.push({ kind: 'next', to: this.hop(route.address, route.label, route.nextHop, reason), traffic: part });
      }
      if (sure.length > 0) left = towards(left, subtract(EVERYWHERE[left.family], ranges));
    }
    if (!isNothing(left) && announced === undefined) outcomes.push({ kind: 'blocked', traffic: left, reason: `network ${this.network.name} has no route for it` });
    return outcomes;
  }

  /** Whether anything but the internet gateway may get some of the packets. */
  leadsBeside(family: 4 | 6): boolean {
    return this.around.announcers.has(this.network) || this.policyRoutes().some(({ route }) => route.nextHop !== undefined)
      || this.groupsOf(family).some(({ routes }) => routes.some(({ route }) => isTaken(route.nextHop, 'beside')));
  }

  /** The addresses of the network itself, the same for all ways in it. */
  private local(family: 4 | 6): Ranges {
    let byFamily = locals.get(this.network);
    if (!byFamily) locals.set(this.network, (byFamily = new Map()));
    let local = byFamily.get(family);
    if (!local) byFamily.set(family, (local = addressesOf(this.around.networks.subnetsOf(this.network).filter(({ isHybrid, networks }) => !isHybrid && networks.length === 1).flatMap(({ cidrs }) => cidrs), family)));
    return local;
  }

  private policyRoutes(): readonly { readonly route: PolicyRoute; readonly match: Match }[] {
    return inNetwork(this.around.policyRoutes, this.network)
      .map((route) => ({ route, match: hasKeys(route.tags) ? matchKeys(route.tags, this.from.carrier.networkTags) : YES }))
      .filter(({ match }) => match.kind !== 'no')
      .sort((a, b) => a.route.priority - b.route.priority);
  }

  /** The packets that a policy-based route takes. */
  private policyTraffic({ destination, protocol }: PolicyRoute, family: 4 | 6): Traffic {
    const all = everythingTo(family, addressesOf([destination], family));
    return protocol === undefined ? all : { family, boxes: all.boxes.filter((box) => box.protocol === protocol) };
  }

  /** Whether the packets of the interface have a source that the route is for. What forwards may choose one. */
  private isCaller({ source }: PolicyRoute, family: 4 | 6): 'yes' | 'no' | 'maybe' {
    const sources = addressesOf([source], family);
    if (isForEverybody({ source }, family)) return 'yes';
    const { subnets, carrier } = this.from;
    const own = addressesOf((family === 4 ? carrier.cidrs ?? rangesOfAll(subnets).cidrs : subnets.flatMap(({ cidrs }) => cidrs)) ?? [], family);
    if (isEmpty(own)) return 'maybe';
    return includes(sources, own) ? 'yes' : isEmpty(intersect(sources, own)) && this.from.forwards !== true ? 'no' : 'maybe';
  }

  private groupsOf(family: 4 | 6): readonly Group[] {
    let groups = this.groups.get(family);
    if (!groups) this.groups.set(family, (groups = this.group(family)));
    return groups;
  }

  private group(family: 4 | 6): readonly Group[] {
    const byRange = new Map<string, { ranges: Ranges; size: bigint; routes: { route: GoogleRoute; match: Match }[] }>();
    for (const route of this.around.routes.get(this.network) ?? []) {
      if (route.family !== family) continue;
      const match = hasKeys(route.tags) ? matchKeys(route.tags, this.from.carrier.networkTags) : YES;
      if (match.kind === 'no') continue;
      const key = route.isForAny ? 'any' : route.range.join();
      const group = byRange.get(key) ?? { ranges: [route.range], size: route.isForAny ? -1n : route.range[1] - route.range[0], routes: [] };
      group.routes.push({ route, match });
      byRange.set(key, group);
    }
    // What is followed last is told first where two ways are alike.
    for (const { routes } of byRange.values()) routes.sort((a, b) => Number(a.route.isLikely === true) - Number(b.route.isLikely === true));
    return [...byRange.values()].sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0));
  }

  /** Whether a route leads to the machine itself: what Google does with the machine's own packets then it does not say. */
  private isOwn(nextHop: NextHop): boolean {
    if (nextHop.kind === 'machine' && nextHop.isHidden) return false;
    const names = machineNames(nextHop);
    return names.includes(this.from.address) || this.from.ips.some((ip) => names.includes(ip));
  }

  private hop(address: string, label: string, nextHop: NextHop, doubt: string | undefined): Hop {
    const key = [address, label, doubt ?? ''].join('\n');
    let hop = this.hops.get(key);
    if (!hop) {
      const kind = 'route' as const;
      this.hops.set(key, (hop = { address, kind, label, forward: (traffic) => this.through(address, nextHop, traffic, doubt) }));
    }
    return hop;
  }

  private through(address: string, nextHop: NextHop, traffic: Traffic, doubt: string | undefined): readonly Outcome[] {
    switch (nextHop.kind) {
      case 'internet-gateway': return this.gateway(traffic, doubt);
      case 'tunnel': return [{ kind: 'unknown', traffic, reason: `what lies behind ${nextHop.name} is not in the plan` }];
      case 'unknown': return [{ kind: 'unknown', traffic, reason: nextHop.reason }];
      case 'machine':
      case 'load-balancer': {
        const name = nextHop.targets[0]?.address ?? nextHop.ip ?? 'the next hop';
        const reason = doubt ?? (nextHop.isHidden ? `which next hop ${address} leads to is not known before the plan is applied` : `what ${name} lets through is not in the plan`);
        const passed = this.around.passOn(nextHop, traffic, this.network, this.from, reason);
        return passed.length > 0 ? passed : [{ kind: 'unknown', traffic, reason }];
      }
    }
  }

  private gateway(traffic: Traffic, doubt: string | undefined): readonly Outcome[] {
    const apis = towards(traffic, APIS[traffic.family]);
    const rest = isNothing(apis) ? traffic : towards(traffic, NOT_APIS[traffic.family]);
    return [
      ...(isNothing(rest) ? [] : this.beyond(rest, doubt)),
      ...(isNothing(apis) ? [] : [{ kind: 'elsewhere' as const, traffic: apis, where: 'the private addresses of Google\'s APIs' }]),
    ];
  }

  /** Past the gateway, with whatever address the packet gets. */
  private beyond(rest: Traffic, doubt: string | undefined): readonly Outcome[] {
    const { family } = rest;
    const outcomes: Outcome[] = [];
    const own = family === 4 ? this.from.publicIpv4 : this.from.publicIpv6;
    if (own !== 'no') {
      const reason = doubt ?? unknownOf(own);
      outcomes.push({ kind: 'next', traffic: rest, to: this.end('gateway', this.from.address, 'public address of its own', reason) });
      if (own === 'yes') return outcomes;
    }
    const lent = (this.from.lent ?? []).filter((each) => each.family === undefined || each.family === family);
    for (const { address, what, doubt: why } of lent) {
      outcomes.push({ kind: 'next', traffic: rest, to: this.end('gateway', address, what, doubt ?? why) });
    }
    const possible = [...inNetwork(this.around.nats, this.network), ...inNoNetwork(this.around.nats)].map((nat) => ({ nat, isServed: serves(nat, this.network, this.from.subnets, family, this.from.isOfPrimary) })).filter(({ isServed }) => isServed !== false);
    // Beside one that serves it the others lead nowhere else.
    const sure = possible.filter(({ isServed, nat }) => isServed === true && nat.unknown === undefined);
    const translators = sure.length > 0 && family === 4 ? sure : possible;
    for (const { nat, isServed } of translators) {
      const reason = doubt ?? (isServed === undefined ? nat.unknown ?? `whether ${nat.address} serves it is not in the plan` : undefined);
      outcomes.push({ kind: 'next', traffic: family === 4 ? rest : towards(rest, NAT64), to: this.end('nat', nat.address, undefined, reason) });
    }
    if (translators.length + lent.length === 0 && own === 'no') outcomes.push(this.nowhere(rest));
    // Of a network that no plan makes everybody knows the route, and nobody which NAT somebody gave it.
    if (this.network.isDefault && family === 4) outcomes.push({ kind: 'unknown', traffic: rest, reason: 'whether a NAT serves the default network is not in the plan' });
    return outcomes;
  }

  /** With private access Google's APIs answer at their public addresses, and nobody else does. */
  private nowhere(traffic: Traffic): Outcome {
    return this.from.subnets.some(({ hasPrivateAccess }) => hasPrivateAccess)
      ? { kind: 'elsewhere', traffic, where: 'Google\'s APIs at most: it has no public address, and no NAT serves it' }
      : { kind: 'blocked', traffic, reason: 'it has no public address, and no NAT serves it' };
  }

  private end(kind: 'gateway' | 'nat', address: string, label: string | undefined, doubt: string | undefined): Hop {
    const key = [kind, address, doubt ?? ''].join('\n');
    let hop = this.hops.get(key);
    if (!hop) {
      const outcome = (traffic: Traffic): Outcome => (doubt === undefined ? { kind: 'internet', traffic } : { kind: 'unknown', traffic, reason: doubt });
      this.hops.set(key, (hop = { address, kind, ...(label === undefined ? {} : { label }), forward: (traffic) => [outcome(traffic)] }));
    }
    return hop;
  }
}

function isTaken({ kind }: NextHop, taken: Taken): boolean {
  return taken === 'any' || kind === 'unknown' || (kind === 'internet-gateway') === (taken === 'gateway');
}

/** Terraform addresses, and the internal address, of the machines that a next hop may be. */
export function machineNames(nextHop: NextHop): readonly string[] {
  return nextHop.kind === 'machine' ? [...nextHop.targets.map(({ address }) => address), ...(nextHop.ip === undefined ? [] : [nextHop.ip])] : [];
}

function unknownOf(having: Having): string | undefined {
  return typeof having === 'object' ? having.unknown : undefined;
}
