/** Cloud NAT: which subnets it gives a way to the internet. https://cloud.google.com/nat/docs/overview */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { GoogleNetwork, GoogleSubnet, Networks } from './networks';
import { baseName, hiddenAt, hiddenBlockAt, inSameProject, regionOf, textAt, textsAt } from './reading';

export interface GoogleNat {
  readonly address: string;
  readonly resource: Resource;
  readonly networks: readonly GoogleNetwork[];
  /** Of these the ones that it most likely serves. Absent: all alike. */
  readonly likely?: readonly GoogleNetwork[];
  readonly region?: string;
  /** IPv4 of every subnet of the network in the region. */
  readonly servesAll: boolean;
  readonly subnets: readonly GoogleSubnet[];
  /** Of both kinds those of whose primary range it serves nothing, as where it is for pods alone. */
  readonly withoutPrimary: ReadonlySet<GoogleSubnet>;
  /** Those that it may serve, too: the plan does not tell which of them. */
  readonly candidates: readonly GoogleSubnet[];
  /** IPv6 to IPv4 addresses on the internet. */
  readonly nat64: 'none' | 'all' | 'unknown' | readonly GoogleSubnet[];
  /** Why it may serve others. */
  readonly unknown?: string;
}

export function nats(graph: ResourceGraph, networks: Networks): readonly GoogleNat[] {
  return graph.ofType('google_compute_router_nat').flatMap((resource) => {
    // Private NAT leads to other networks; the other endpoint types serve proxies, not machines.
    if (textAt(resource, 'type') === 'PRIVATE') return [];
    const endpoints = textsAt(resource, 'endpoint_types').values;
    if (endpoints.length > 0 && !endpoints.includes('ENDPOINT_TYPE_VM') && hiddenAt(resource, 'endpoint_types') === undefined) return [];
    const references = resource.references('router', { types: ['google_compute_router'] });
    const routers = { targets: inSameProject(resource, references.targets), likely: inSameProject(resource, references.likely) };
    const region = regionOf(resource, graph) ?? routers.targets.map((router) => regionOf(router, graph)).find((each) => each !== undefined);
    // Those for proxies and published services have nothing that a NAT could serve.
    const isNear = (subnet: GoogleSubnet) => subnet.canHoldMachines && (region === undefined || subnet.region === undefined || subnet.region === baseName(region));
    const listed = resource.elements('subnetwork').map((path) => ({ named: networks.subnetsAt(resource, [...path, 'name']).filter(isNear), hidden: hiddenAt(resource, [...path, 'name']), isOfPrimary: servesPrimary(resource, path) }));
    const ofPrimary = new Set(listed.filter(({ isOfPrimary }) => isOfPrimary).flatMap(({ named: each }) => each));
    const subnets = certainOf(listed.map(({ named: each }) => each));
    const candidates = [...new Set(listed.flatMap(({ named: each }) => each))].filter((subnet) => !subnets.includes(subnet));
    const unnamed = listed.find(({ named: each, hidden }) => hidden !== undefined && each.some(({ isForeign }) => isForeign))?.hidden;
    const mode = textAt(resource, 'source_subnetwork_ip_ranges_to_nat');
    const named = routers.targets.flatMap((router) => networks.namedAt(router, 'network'));
    const likely = named.length < 2 ? [] : [...new Set((routers.likely.length > 0 ? routers.likely : routers.targets).flatMap((router) => networks.likelyAt(router, 'network') ?? networks.namedAt(router, 'network')))];
    const mode64 = textAt(resource, 'source_subnetwork_ip_ranges_to_nat64');
    const unknown = hiddenAt(resource, 'source_subnetwork_ip_ranges_to_nat')
      ?? (mode === 'LIST_OF_SUBNETWORKS' ? hiddenBlockAt(resource, 'subnetwork') ?? unnamed : undefined)
      ?? (named.length === 0 && subnets.length + candidates.length === 0 ? `${resource.address}: its router is not in the plan` : undefined);
    return [{
      address: resource.address,
      resource,
      networks: named.length > 0 ? [...new Set(named)] : [...new Set([...subnets, ...candidates].flatMap((subnet) => subnet.networks))],
      ...(likely.length > 0 && likely.length < new Set(named).size ? { likely } : {}),
      ...(region === undefined ? {} : { region: baseName(region) }),
      servesAll: mode !== undefined && mode !== 'LIST_OF_SUBNETWORKS',
      subnets,
      candidates,
      withoutPrimary: new Set(unknown === undefined ? [...subnets, ...candidates].filter((subnet) => !ofPrimary.has(subnet)) : []),
      nat64: hiddenAt(resource, 'source_subnetwork_ip_ranges_to_nat64') !== undefined || (mode64 === 'LIST_OF_IPV6_SUBNETWORKS' && hiddenBlockAt(resource, 'nat64_subnetwork') !== undefined) ? 'unknown' : mode64 === 'ALL_IPV6_SUBNETWORKS' ? 'all' : mode64 === 'LIST_OF_IPV6_SUBNETWORKS'
        ? resource.elements('nat64_subnetwork').flatMap((path) => networks.subnetsAt(resource, [...path, 'name']))
        : 'none',
      ...(unknown === undefined ? {} : { unknown }),
    } satisfies GoogleNat];
  });
}

/** https://cloud.google.com/nat/docs/nat-product-interactions#specify-subnet-ranges-nat */
function servesPrimary(resource: Resource, entry: AttributePath): boolean {
  const { values, unknown } = textsAt(resource, [...entry, 'source_ip_ranges_to_nat']);
  return values.length === 0 || unknown !== undefined || values.some((range) => range !== 'LIST_OF_SECONDARY_IP_RANGES');
}

/**
 * Of what each entry may name, the subnets that are taken to be meant: an entry's only one, or all of
 * the plan's where there is an entry for each. Some of them may still be of subnets from elsewhere.
 */
function certainOf(listed: readonly (readonly GoogleSubnet[])[]): readonly GoogleSubnet[] {
  const alike = new Map<string, { readonly own: readonly GoogleSubnet[]; entries: number }>();
  for (const subnets of listed) {
    const planned = subnets.filter(({ isForeign }) => !isForeign);
    const own = planned.length > 0 ? planned : subnets;
    const key = own.map(({ address }) => address).join('\n');
    const known = alike.get(key);
    if (known) known.entries += 1;
    else alike.set(key, { own, entries: 1 });
  }
  return [...new Set([...alike.values()].flatMap(({ own, entries }) => (entries >= own.length ? own : [])))];
}

/** Whether a NAT serves a machine in one of these subnets; `undefined` when the plan does not tell. @param isOfPrimary whether it has addresses of the primary range alone */
export function serves(nat: GoogleNat, network: GoogleNetwork, subnets: readonly GoogleSubnet[], family: 4 | 6, isOfPrimary = false): boolean | undefined {
  if (isOfPrimary && family === 4 && !nat.servesAll && subnets.length > 0 && subnets.every((subnet) => nat.withoutPrimary.has(subnet))) return false;
  const isServed = servesIn(nat, network, subnets, family);
  return isServed === true && nat.likely?.includes(network) === false ? undefined : isServed;
}

function servesIn(nat: GoogleNat, network: GoogleNetwork, subnets: readonly GoogleSubnet[], family: 4 | 6): boolean | undefined {
  if (nat.networks.length > 0 && !nat.networks.includes(network)) return false;
  const near = subnets.filter(({ region }) => nat.region === undefined || region === undefined || region === nat.region);
  if (subnets.length > 0 && near.length === 0) return false;
  if (family === 6) {
    if (nat.nat64 === 'none') return false;
    if (nat.nat64 === 'unknown') return undefined;
    return nat.nat64 === 'all' || near.some((subnet) => (nat.nat64 as readonly GoogleSubnet[]).includes(subnet));
  }
  if (nat.servesAll) return nat.networks.length > 0 ? true : undefined;
  if (near.some((subnet) => nat.subnets.includes(subnet))) return true;
  if (near.some((subnet) => nat.candidates.includes(subnet))) return undefined;
  // A subnet that the plan does not have may be any of the network's.
  return nat.unknown === undefined && subnets.length > 0 && !near.some(({ isForeign }) => isForeign) ? false : undefined;
}
