/** What several checks ask of the model, in one place. */
import { append } from '../../append';
import type { Verdict } from '../../paths/verdict';
import type { Family } from '../addresses';
import { includes, size, union, unionOf, type Ranges } from '../ranges';
import type { Place } from '../network-model';
import type { AwsAcl } from './acls';
import type { AwsGroup, AwsGroupRule } from './groups';
import type { AwsNetwork } from './networks';
import type { AwsModel } from './model';
import type { AwsPlace } from './places';
import { rangesIn } from './prefix-lists';
import { everyOf, onlyOf } from './read';
import type { AwsRoute, AwsRouteTable } from './route-tables';
import type { RouteTargetKind } from './route-target';
import type { AwsSubnet } from './subnets';

/** Addresses that a network may use inside: private, shared and link-local ones, not those for documentation. */
const INSIDE: Readonly<Record<Family, Ranges>> = {
  4: rangesIn(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'], 4),
  6: rangesIn(['fc00::/7', 'fe80::/10'], 6),
};

/** Targets that can bring a packet to the internet, directly or by way of a control. */
const OUTWARD: ReadonlySet<RouteTargetKind> = new Set(['internet-gateway', 'egress-only-gateway', 'carrier-gateway', 'nat', 'firewall', 'endpoint', 'interface']);

/** True when a route takes addresses that are not of its own network or of any private one. */
export function leaves(route: AwsRoute, table: AwsRouteTable): boolean {
  if (route.possible !== undefined || !OUTWARD.has(route.target.kind)) return false;
  // Of several kinds that one expression may mean, only the likely one is ground for a finding.
  if (route.target.resources.likely.length === 0 && route.target.resources.others.length > 0) return false;
  if (route.prefixes.length === 0) return route.unknown !== undefined;
  return route.prefixes.some(({ family, range }) => !includes(insideOf(table.network, family), [range]));
}

const insides = new WeakMap<AwsNetwork, Readonly<Record<Family, Ranges>>>();

/** What is inside for a network: all that may be, and its own ranges. */
function insideOf(network: AwsNetwork | undefined, family: Family): Ranges {
  if (!network) return INSIDE[family];
  let found = insides.get(network);
  if (!found) insides.set(network, (found = { 4: union(INSIDE[4], network.ranges[4]), 6: union(INSIDE[6], network.ranges[6]) }));
  return found[family];
}

/** Kept: a dozen checks ask for each subnet's. */
export function leavingRoutes(table: AwsRouteTable | undefined): readonly AwsRoute[] {
  if (!table) return [];
  let leaving = leavingOf.get(table);
  if (!leaving) leavingOf.set(table, (leaving = table.routes.filter((route) => leaves(route, table))));
  return leaving;
}

const leavingOf = new WeakMap<AwsRouteTable, readonly AwsRoute[]>();

/** The table that certainly is the subnet's. */
export function tableOf(subnet: AwsSubnet): AwsRouteTable | undefined {
  return onlyOf(subnet.tables);
}

/** Whether a route covers all of some addresses. */
export function covers(route: AwsRoute, family: Family, addresses: Ranges): boolean {
  return includes(unionOf(route.prefixes.filter((prefix) => prefix.family === family).map(({ range }) => [range])), addresses);
}

/** Computed once per model: checks that looked through all places for each subnet would take their product. */
export function perModel<T>(compute: (model: AwsModel) => T): (model: AwsModel) => T {
  const kept = new WeakMap<AwsModel, { readonly value: T }>();
  return (model) => {
    let found = kept.get(model);
    if (!found) kept.set(model, (found = { value: compute(model) }));
    return found.value;
  };
}

/** Subnets that hold firewall endpoints, and those that hold NAT gateways. */
export const plumbingOf = perModel((model): { readonly firewall: ReadonlySet<AwsSubnet>; readonly nat: ReadonlySet<AwsSubnet> } => ({
  firewall: new Set(model.firewalls.flatMap((firewall) => firewall.subnets)),
  nat: new Set(model.nats.flatMap((nat) => everyOf(nat.subnet))),
}));

/** Places by the group that they carry. */
export const placesByGroup = perModel((model): ReadonlyMap<string, readonly AwsPlace[]> => {
  const found = new Map<string, AwsPlace[]>();
  for (const place of model.places) for (const group of place.groups) append(found, group.address, place);
  return found;
});

/** Rules that are known to be of some group: what else they may be of instead is no ground for a finding. */
export const ownedRules = perModel((model): ReadonlySet<string> => new Set(model.groups.flatMap(({ rules }) => rules.flatMap((rule) => (rule.inline || rule.possible !== undefined ? [] : [rule.address])))));

export const placesBySubnet = perModel((model): ReadonlyMap<AwsSubnet, readonly AwsPlace[]> => {
  const found = new Map<AwsSubnet, AwsPlace[]>();
  for (const place of model.places) if (place.subnet) append(found, place.subnet, place);
  return found;
});

/** Places in a subnet, by its network; those of subnets whose network the plan does not tell under `undefined`. */
export const placesByNetwork = perModel((model): ReadonlyMap<AwsNetwork | undefined, readonly AwsPlace[]> => {
  const found = new Map<AwsNetwork | undefined, AwsPlace[]>();
  for (const place of model.places) if (place.subnet) append(found, place.subnet.network, place);
  return found;
});

export const subnetsByNetwork = perModel((model): ReadonlyMap<AwsNetwork | undefined, readonly AwsSubnet[]> => {
  const found = new Map<AwsNetwork | undefined, AwsSubnet[]>();
  for (const subnet of model.subnets) append(found, subnet.network, subnet);
  return found;
});

/** Subnets by each ACL that they may have. */
export const subnetsByAcl = perModel((model): ReadonlyMap<AwsAcl, readonly AwsSubnet[]> => {
  const found = new Map<AwsAcl, AwsSubnet[]>();
  for (const subnet of model.subnets) for (const acl of new Set(subnet.acls)) append(found, acl, subnet);
  return found;
});

/** Verdicts by place and family. */
export class VerdictIndex {
  private readonly found: ReadonlyMap<Place, readonly Verdict[]>;

  constructor(verdicts: readonly Verdict[]) {
    let found = indexed.get(verdicts);
    if (!found) {
      const byPlace = new Map<Place, Verdict[]>();
      for (const verdict of verdicts) append(byPlace, verdict.place, verdict);
      indexed.set(verdicts, (found = byPlace));
    }
    this.found = found;
  }

  of(place: AwsPlace, family: Family): Verdict | undefined {
    return this.found.get(place)?.find((verdict) => verdict.family === family);
  }
}

const indexed = new WeakMap<readonly Verdict[], ReadonlyMap<Place, readonly Verdict[]>>();

/** `tcp/443 to 0.0.0.0/0, ::/0` */
export function ruleText(rule: AwsGroupRule): string {
  const everything = rule.protocol === undefined || rule.protocol === '-1';
  const ports = rule.fromPort === undefined ? '' : rule.fromPort === rule.toPort ? `/${rule.fromPort}` : `/${rule.fromPort}-${rule.toPort ?? '?'}`;
  const peers = [...rule.cidrs, ...rule.prefixLists.map((list) => list.service ?? list.address), ...rule.groups];
  return `${everything ? 'everything' : `${rule.protocol}${ports}`} ${rule.direction === 'egress' ? 'to' : 'from'} ${peers.join(', ') || 'unknown addresses'}`;
}

/** True for so many public addresses that nobody knows who is behind them: more than a /8, or an IPv6 /32. */
export function isWorldly(addresses: Ranges, family: Family): boolean {
  return size(addresses) > (family === 4 ? 2n ** 24n : 2n ** 96n);
}

/** Groups with the segment of our own blueprints. */
export function isSegmentGroup(group: AwsGroup): boolean {
  return group.segment !== undefined;
}

/** Workloads that hold data and never need to call out. */
export function isDataStore(place: AwsPlace): boolean {
  return /^aws_(db_instance|rds_cluster|docdb_cluster|neptune_cluster|redshift_cluster|elasticache_cluster|elasticache_replication_group|opensearch_domain)$/.test(place.workload?.resource.type ?? '');
}

export { INSIDE };
