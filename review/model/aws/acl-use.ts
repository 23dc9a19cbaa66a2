/** What the groups behind a network ACL exchange with the internet, to hold the ACL against. */
import { append } from '../../append';
import type { AwsEnvironment, Policy } from '../../../blueprints/policy/model';
import { INTERNET, type Family } from '../addresses';
import { isEmpty, type Ranges } from '../ranges';
import { either, ports, towards, traffic, type Traffic } from '../traffic';
import type { AwsAcl } from './acls';
import { isWorldly, leavingRoutes, perModel, placesByNetwork, placesBySubnet, plumbingOf, subnetsByAcl } from './facts';
import type { AwsEndpoint } from './gateways';
import { groupEgress, namedTraffic, type AwsGroup } from './groups';
import type { AwsModel } from './model';
import type { AwsPlace } from './places';
import { plannedEnvironments } from './planned-environments';
import { rangesIn, type AwsPrefixList } from './prefix-lists';
import { ruleTraffic } from './protocols';
import { everyOf } from './read';
import type { AwsSubnet } from './subnets';

/** An ACL with what stands behind it. */
export interface GuardedAcl {
  readonly acl: AwsAcl;
  readonly subnets: readonly AwsSubnet[];
  readonly places: readonly AwsPlace[];
  readonly groups: readonly AwsGroup[];
}

/** The ACLs that somebody made, with a place behind them. */
export const guardedAcls = perModel((model): readonly GuardedAcl[] => {
  const byPlace = placesBySubnet(model);
  return model.acls.filter((acl) => !acl.isDefault).flatMap((acl): readonly GuardedAcl[] => {
    const subnets = subnetsByAcl(model).get(acl) ?? [];
    const places = subnets.flatMap((subnet) => byPlace.get(subnet) ?? []);
    return places.length === 0 ? [] : [{ acl, subnets, places, groups: [...new Set(places.flatMap((place) => place.groups))] }];
  });
});

/** The ACLs of subnets with nothing but firewall endpoints and NAT gateways, with the places whose packets pass there. */
export const transitAcls = perModel((model): readonly GuardedAcl[] => {
  const made = model.acls.filter((acl) => !acl.isDefault);
  if (made.length === 0) return [];
  const { firewall, nat } = plumbingOf(model);
  const own = placesBySubnet(model);
  const passing = new Map([...placesByNetwork(model)].map(([network, places]) => [network, places.filter(({ subnet }) => subnet !== undefined && leavesBy(subnet))]));
  return made.flatMap((acl): readonly GuardedAcl[] => {
    const subnets = subnetsByAcl(model).get(acl) ?? [];
    const places = passing.get(subnets[0]?.network) ?? [];
    const isTransit = subnets.every((subnet) => (firewall.has(subnet) || nat.has(subnet)) && !own.has(subnet));
    return subnets.length === 0 || places.length === 0 || !isTransit ? [] : [{ acl, subnets, places, groups: [...new Set(places.flatMap((place) => place.groups))] }];
  });
});

/** The ACLs of subnets with nothing but interface endpoints, which open no connection. */
export const endpointAcls = perModel((model): readonly GuardedAcl[] => {
  const holding = new Map<AwsSubnet, AwsEndpoint[]>();
  for (const endpoint of model.endpoints) {
    if (endpoint.kind === 'interface' && endpoint.subnets.others.length === 0) for (const subnet of endpoint.subnets.likely) append(holding, subnet, endpoint);
  }
  if (holding.size === 0) return [];
  const { firewall, nat } = plumbingOf(model);
  const crossed = new Set(model.transits.flatMap(({ attachments }) => attachments.flatMap(({ namedSubnets }) => namedSubnets)));
  const byPlace = placesBySubnet(model);
  return model.acls.filter((acl) => !acl.isDefault).flatMap((acl): readonly GuardedAcl[] => {
    const subnets = subnetsByAcl(model).get(acl) ?? [];
    const isForThese = subnets.length > 0 && subnets.every((subnet) => holding.has(subnet) && ![byPlace, firewall, nat, crossed].some((others) => others.has(subnet)));
    return isForThese ? [{ acl, subnets, places: [], groups: [...new Set(subnets.flatMap((subnet) => holding.get(subnet) ?? []).flatMap(({ groups }) => everyOf(groups)))] }] : [];
  });
});

/** Whether its packets leave by way of something, and not at an internet gateway of their own. */
function leavesBy(subnet: AwsSubnet): boolean {
  return everyOf(subnet.tables).some((table) => leavingRoutes(table).some(({ target }) => target.kind !== 'internet-gateway'));
}

/** What groups let in and out; sources of callers stand where destinations stand. */
export interface AclUse {
  readonly out: Traffic;
  readonly callers: Traffic;
  /** To AWS services by their prefix lists: as the rule says, to whatever addresses, and as far as anybody says which those are. */
  readonly services: readonly { readonly service: string; readonly rule: Traffic; readonly traffic: Traffic; readonly ranges?: Ranges }[];
}

export function aclUse({ acl, groups }: GuardedAcl, family: Family, model: AwsModel, policy?: Policy): AclUse {
  const egress = groups.map((group) => groupEgress(group, family));
  const written = writtenRanges(acl, family);
  return {
    out: either(family, egress.flatMap(({ certain, doubtful }) => [certain, ...doubtful.map(({ traffic: own }) => own)])),
    callers: either(family, groups.map((group) => callersOf(group, family))),
    services: egress.flatMap(({ services }) => services.map(({ service, list, traffic: own }) => {
      const ranges = rangesOfList(list, family, model, policy);
      return { service, rule: own, traffic: towards(own, ranges ?? written), ...(ranges ? { ranges } : {}) };
    })),
  };
}

/** Answers: to the ports from which systems open connections, from wherever the calls went. */
export function repliesTo(calls: Traffic, from = 1024, to = 65535): Traffic {
  return traffic(calls.family, calls.boxes.flatMap(({ protocol, destinations }) => (protocol === 'tcp' || protocol === 'udp' ? [{ protocol, ports: ports(from, to), destinations }] : [])));
}

function callersOf(group: AwsGroup, family: Family): Traffic {
  return either(family, group.rules.filter((rule) => rule.direction === 'ingress').map((rule) => (rule.unknown !== undefined || rule.possible !== undefined || rule.prefixLists.length > 0
    ? ruleTraffic(family, rule.protocol, rule.fromPort, rule.toPort, INTERNET[family])
    : namedTraffic(rule, family, INTERNET[family]))));
}

/**
 * What the plan has read, or what the policy says: in the plan's own environment, whose list another one may not
 * widen; where that names none, in any of the region, as the list of a service is one for all of it.
 */
function rangesOfList({ service, region, ranges }: AwsPrefixList, family: Family, model: AwsModel, policy: Policy | undefined): Ranges | undefined {
  if (ranges) return rangesIn(ranges, family);
  const listed = (environments: readonly AwsEnvironment[]) => environments.filter((aws) => region === undefined || aws.region === region)
    .flatMap(({ gatewayEndpoints = {} }) => Object.entries(gatewayEndpoints).filter(([name]) => name === service).flatMap(([, gateway]) => gateway.ranges));
  const own = listed(plannedEnvironments(model, policy));
  const all = own.length > 0 ? own : listed((policy?.environments ?? []).flatMap(({ aws }) => aws ?? []));
  return all.length > 0 ? rangesIn(all, family) : undefined;
}

/** Addresses of an ACL's entries, but for entries that are half of the world. */
function writtenRanges(acl: AwsAcl, family: Family): Ranges {
  return rangesIn(acl.entries.flatMap(({ cidr }) => {
    const own = cidr === undefined ? [] : rangesIn([cidr], family);
    return cidr === undefined || isEmpty(own) || isWorldly(own, family) ? [] : [cidr];
  }), family);
}
