/** Private addresses that stand for something else than a machine: endpoints, proxies, peered services, control planes. */
import type { Resource } from '../../plan/resource-graph';
import { addressesOf, addressRange } from '../addresses';
import { intersect, isEmpty, subtract, type Ranges } from '../ranges';
import type { FirewallRule } from './firewall-rule';
import type { GoogleModel } from './google-model';
import { layer4Text } from './layer4';
import type { GoogleNetwork } from './networks';
import { hiddenAt, numberAt, textAt } from './reading';
import { PUBLISHERS } from './served-by';

/** Endpoints of the bundles of Google's APIs. */
export const GLOBAL = 'google_compute_global_forwarding_rule';
const FORWARDING = ['google_compute_forwarding_rule', GLOBAL];
const ADDRESSES = ['google_compute_address', 'google_compute_global_address'];
const BUNDLES = new Set(['vpc-sc', 'all-apis']);

/** Endpoints of Private Service Connect: of Google's APIs, or of a published service. */
export interface ServiceEndpoint {
  readonly resource: Resource;
  /** As CIDRs; empty where the plan does not tell. */
  readonly ranges: readonly string[];
  /** `vpc-sc`, `all-apis`, or the service attachment; absent where the plan does not tell. */
  readonly target?: string;
  readonly isApis: boolean;
}

/** https://cloud.google.com/vpc/docs/private-service-connect */
export function serviceEndpoints(model: GoogleModel): readonly ServiceEndpoint[] {
  return FORWARDING.flatMap((type) => model.graph.ofType(type)).flatMap((resource): ServiceEndpoint[] => {
    const target = textAt(resource, 'target');
    if (target === undefined ? !isHiddenEndpoint(resource) : !BUNDLES.has(target) && !target.includes('serviceAttachments')) return [];
    // Endpoints of the APIs alone are global.
    const isApis = target === undefined ? resource.type === GLOBAL : BUNDLES.has(target);
    const made = resource.references('ip_address', { types: ADDRESSES }).targets.flatMap((address) => textAt(address, 'address') ?? []);
    const own = textAt(resource, 'ip_address');
    const addresses = made.length > 0 ? made : own === undefined ? [] : [own];
    const ranges = addresses.filter((address) => addressRange(address) !== undefined).map((address) => (address.includes('/') ? address : `${address}/32`));
    return [{ resource, isApis, ranges, ...(target === undefined ? {} : { target }) }];
  });
}

/** One whose target is told by what is not made yet: only endpoints have no scheme, or lead to what is published. https://cloud.google.com/vpc/docs/configure-private-service-connect-services */
function isHiddenEndpoint(resource: Resource): boolean {
  if (resource.mode !== 'managed' || hiddenAt(resource, 'target') === undefined) return false;
  return resource.valueAt('load_balancing_scheme') === '' || resource.references('target', { types: PUBLISHERS }).targets.length > 0;
}

/** Endpoints of one API in one region, which is the same one for everybody. https://cloud.google.com/vpc/docs/about-accessing-regional-google-apis-endpoints */
export function regionalEndpoints(model: GoogleModel): readonly ServiceEndpoint[] {
  return model.graph.ofType('google_network_connectivity_regional_endpoint').map((resource) => {
    const own = textAt(resource, 'address');
    const made = resource.references('address', { types: ADDRESSES }).targets.flatMap((address) => textAt(address, 'address') ?? []);
    const ranges = (made.length > 0 ? made : own === undefined ? [] : [own]).filter((address) => addressRange(address) !== undefined).map((address) => `${address}/32`);
    return { resource, target: textAt(resource, 'target_google_api') ?? 'an API of Google', isApis: true, ranges };
  });
}

/** Addresses of the network's own that serve Google's APIs. */
export function ownApiRanges(model: GoogleModel): readonly string[] {
  return serviceEndpoints(model).filter(({ isApis }) => isApis).flatMap(({ ranges }) => ranges);
}

/** Everything private that a segment may be let call although it is no segment. */
export function privateRanges(model: GoogleModel): Ranges {
  const reserved = model.graph.ofType('google_compute_global_address').filter((resource) => textAt(resource, 'purpose') === 'VPC_PEERING').flatMap((resource) => {
    const [address, prefix] = [textAt(resource, 'address'), numberAt(resource, 'prefix_length')];
    return address === undefined || prefix === undefined ? [] : [`${address}/${prefix}`];
  });
  const planes = model.graph.ofType('google_container_cluster').flatMap((cluster) => textAt(cluster, ['private_cluster_config', 0, 'master_ipv4_cidr_block']) ?? []);
  const proxies = model.proxies.flatMap(({ addresses }) => addresses.map((address) => (address.includes('/') ? address : `${address}/32`)));
  return addressesOf([...[...serviceEndpoints(model), ...regionalEndpoints(model)].flatMap(({ ranges }) => ranges), ...reserved, ...planes, ...proxies], 4);
}

/** True for a range that is one of these as a whole. */
export function isPrivatePlace(places: Ranges, range: string): boolean {
  const known = addressRange(range);
  return known?.family === 4 && subtract([known.range], places).length === 0;
}

/** A rule for HTTPS to a /28 of no subnet: how a control plane looks where the cluster is in another plan. */
export function isControlPlane(model: GoogleModel, network: GoogleNetwork, rule: FirewallRule, range: string): boolean {
  const known = addressRange(range);
  const local = addressesOf(model.subnets.filter((subnet) => subnet.networks.includes(network)).flatMap(({ cidrs }) => cidrs), 4);
  return known?.family === 4 && range.endsWith('/28') && isEmpty(intersect([known.range], local)) && rule.layer4.every((layer4) => layer4Text(layer4) === 'tcp/443');
}
