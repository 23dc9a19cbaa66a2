/** A packet at a firewall: passed unlooked at, passed to listed hosts, dropped; and out again by the endpoint's own subnet. */
import { limitedHosts } from '../../paths/limited-hosts';
import type { Guard, Hop, Outcome } from '../network-model';
import { both, either, except, type Traffic } from '../traffic';
import type { Resource } from '../../plan/resource-graph';
import { compact } from './compact';
import { chosen, doubtfully } from './doubt';
import { fateOf, isSearching } from './fate';
import type { FirewallDecision } from './firewall-decision';
import { portNumbers } from './stateful-rules';
import type { AwsFirewall } from './firewalls';
import { everyOf, type Choice } from './read';
import type { Router, Source } from './router';
import type { AwsSubnet } from './subnets';

/** Where packets come out again, and how they go on from there. */
export interface Exits<T> {
  readonly choice: Choice<T>;
  readonly leave: (exit: T, source: Source) => Hop;
}

/** @param zone the zone whose endpoint the route names, where the plan says it. */
export function firewallHop(resource: Resource, zone: string | undefined, source: Source, router: Router): Hop {
  return inspectionHop(resource, zone === undefined ? undefined : `endpoint in ${zone}`, (firewall) => ({
    choice: endpointSubnets(firewall, zone, source),
    leave: (subnet: AwsSubnet, behind) => router.leave(subnet, behind),
  }), source, router);
}

/** @param label tells apart the ways on which packets come to the firewall, as far as they make a difference */
export function inspectionHop<T>(resource: Resource, label: string | undefined, exits: (firewall: AwsFirewall) => Exits<T>, source: Source, router: Router): Hop {
  return router.keep(source, `${resource.address} ${label ?? ''}`, () => ({
    address: resource.address,
    kind: 'firewall',
    ...(label === undefined ? {} : { label }),
    forward: (flow) => {
      const firewall = router.firewalls.of(resource);
      if (!firewall) return [{ kind: 'unknown', traffic: flow, reason: `${resource.address} is not in the plan` }];
      return inspected(firewall, router.decision(firewall, source, flow.family), exits(firewall), source, flow, router);
    },
  }));
}

function inspected<T>(firewall: AwsFirewall, decision: FirewallDecision, exits: Exits<T>, source: Source, flow: Traffic, router: Router): readonly Outcome[] {
  const { choice, leave } = exits;
  const open = compact(both(flow, decision.open));
  const shut = except(flow, decision.open);
  const passes = decision.named.map((pass) => ({ pass, own: both(shut, pass.traffic) })).filter(({ own }) => own.boxes.length > 0);
  const hosts = passes.flatMap(({ pass, own }) => {
    const ports = portNumbers(own);
    return limitedHosts(pass.hosts.map((host) => ({ ...host, ports })), own);
  }).sort((a, b) => compare(`${a.host} ${a.protocol} ${a.ports.join()}`, `${b.host} ${b.protocol} ${b.ports.join()}`));
  const named = compact(either(flow.family, passes.map(({ own }) => own)));
  const doubtful = decision.doubtful.flatMap(({ traffic, reason }): readonly Outcome[] => {
    const own = both(shut, traffic);
    if (own.boxes.length === 0) return [];
    const behind = everyOf(choice).map((exit) => doubtfully(leave(exit, source), own, reason, source.guarded));
    return choice.unknown === undefined ? behind : [...behind, { kind: 'unknown', traffic: own, reason: choice.unknown }];
  });
  return [
    ...(open.boxes.length > 0 ? chosen(choice, open, (exit) => leave(exit, source), source.guarded) : []),
    ...(hosts.length > 0 ? guardedWays({ control: firewall.address, hosts }, exits, source, named, router) : []),
    ...doubtful,
    { kind: 'blocked', traffic: except(shut, named), reason: decision.reason },
  ];
}

/** Whatever the endpoint, the same list bounds what comes out of it: one way out says as much as all. */
function guardedWays<T>(guard: Guard, { choice, leave }: Exits<T>, source: Source, flow: Traffic, router: Router): readonly Outcome[] {
  const behind = guard.hosts.some(({ host }) => host === '*') ? source : router.guarded(source);
  const ways = everyOf(choice).map((exit) => leave(exit, behind));
  const [first] = ways;
  if (!first) return chosen(choice, flow, (exit) => leave(exit, behind));
  if (isSearching()) return ways.map((to): Outcome => ({ kind: 'next', to, traffic: flow, guard }));
  const isWay = (way: Hop) => {
    const { leaks, controls } = fateOf(way, flow);
    return leaks || controls.size > 0;
  };
  // One that leads to the same firewall again gets out by the others, if at all.
  const isOnward = (way: Hop) => isWay(way) && !fateOf(way, flow).controls.has(guard.control);
  return [{ kind: 'next', to: ways.find(isOnward) ?? ways.find(isWay) ?? first, traffic: flow, guard }];
}

/** Where packets come out again: the endpoint of the zone, as far as the plan says which. */
function endpointSubnets(firewall: AwsFirewall, zone: string | undefined, source: Source): Choice<AwsSubnet> {
  const { subnets, subnetsUnknown } = firewall;
  const unknown = subnets.length === 0 ? { unknown: subnetsUnknown ?? `the subnets of ${firewall.address} are not in the plan` } : {};
  const wanted = zone ?? source.zone;
  const same = subnets.filter((subnet) => wanted !== undefined && subnet.zone === wanted);
  if (zone !== undefined && same.length > 0) return { likely: same, others: [] };
  return { likely: same.length > 0 ? same : subnets, others: same.length > 0 ? subnets.filter((subnet) => !same.includes(subnet)) : [], ...unknown, widened: `the plan does not say which endpoint of ${firewall.address} the route means` };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
