/**
 * Which places reach Google's APIs and managed services privately: by a route to the addresses of
 * the APIs, at an endpoint of Private Service Connect in a network, or in a network of Google's that
 * is peered with theirs.
 *
 * Asked is the place's firewall, rule by rule, and its routes. Whether the service behind an endpoint
 * accepts the project is not in a plan. https://cloud.google.com/vpc/docs/private-service-connect
 */
import { groupBy } from '../group-by';
import type { Resource } from '../plan/resource-graph';
import { addressesOf, type Family } from '../model/addresses';
import { privateServices, type EndpointClass, type PrivateEndpoint, type PrivateServices } from './private-services';
import { includes, isEmpty, subtract, unionOf, type Ranges } from '../model/ranges';
import { ALL_PORTS, ports, traffic, type Traffic } from '../model/traffic';
import { API_RANGES, APIS } from '../model/google/api-ranges';
import { targets } from '../model/google/firewall-decision';
import type { FirewallRule } from '../model/google/firewall-rule';
import type { GoogleModel } from '../model/google/google-model';
import type { GoogleNetwork } from '../model/google/networks';
import type { PacketWay } from '../model/google/packet-way';
import type { GooglePlace } from '../model/google/places';
import { peeredServices, type PeeredService } from '../model/google/peered-services';
import { GLOBAL, regionalEndpoints, serviceEndpoints, type ServiceEndpoint } from '../model/google/private-endpoints';
import { baseName } from '../model/google/reading';
import type { GoogleRoute } from '../model/google/routes';
import { PUBLISHERS, servedByApis, servedByAttachment } from '../model/google/served-by';
import type { Served } from '../model/served';

interface GoogleEndpointClass extends EndpointClass {
  /** Undefined where the plan does not tell: then any network's places are asked. */
  readonly network?: GoogleNetwork | 'elsewhere';
  /** Networks in which it answers besides. */
  readonly sharedWith?: readonly GoogleNetwork[];
  /** What a caller sends: the APIs answer on 443, a published service on any port. */
  readonly call: Traffic;
  /** The route that leads there; absent for an address of the network itself. */
  readonly route?: GoogleRoute;
}

export function googlePrivateServices(model: GoogleModel): PrivateServices {
  const classes = [...serviceEndpoints(model).map((endpoint) => published(endpoint, model)), ...regionalEndpoints(model).map((endpoint) => regional(endpoint, model)), ...routesToApis(model), ...peeredServices(model).map((service) => peered(service, model))];
  const byNetwork = groupBy(classes.flatMap((each) => [each.network, ...each.sharedWith ?? []].map((network) => ({ network, each }))), ({ network }) => network);
  const ids = new Map<PacketWay, number>();
  const idOf = (way: PacketWay): number => ids.get(way) ?? ids.set(way, ids.size).size - 1;
  return privateServices<GooglePlace, GoogleEndpointClass>({
    classes,
    callerOf: ({ ways }) => (ways.length === 0 ? undefined : ways.map(idOf).join()),
    near: ({ networks }) => [...new Set([undefined, ...networks].flatMap((network) => (byNetwork.get(network) ?? []).map(({ each }) => each)))],
    reaches: ({ ways }, endpoints) => ways.some((way) => (endpoints.network === undefined || way.network === endpoints.network || endpoints.sharedWith?.includes(way.network)) && calls(way, endpoints, model)),
  });
}

function calls(way: PacketWay, { call, route }: GoogleEndpointClass, model: GoogleModel): boolean {
  if (way.network.isForeign) return true;
  const isAllowed = call.boxes.length === 0 || way.decisions(call).some(({ kind }) => kind === 'allow') || mayAllow(way, model);
  if (!isAllowed || !route) return isAllowed;
  // Without a public address the APIs answer only where the subnet has private access.
  const hasAccess = way.from.publicIpv4 !== 'no' || way.from.subnets.length === 0 || way.from.subnets.some(({ hasPrivateAccess }) => hasPrivateAccess);
  return hasAccess && (route.doubt !== undefined || way.wayOut.seen(route.family).includes(route));
}

/** A rule whose addresses are not known may be for these. */
function mayAllow({ network, from }: PacketWay, model: GoogleModel): boolean {
  return hiddenRules(model, network).some((rule) => targets(rule, from.carrier).kind !== 'no');
}

const hidden = new WeakMap<GoogleNetwork, readonly FirewallRule[]>();

function hiddenRules({ stages }: GoogleModel, network: GoogleNetwork): readonly FirewallRule[] {
  let rules = hidden.get(network);
  if (!rules) hidden.set(network, (rules = (stages.get(network) ?? []).flatMap((stage) => stage.rules.filter(({ action, direction, isDisabled, peers }) => action === 'allow' && direction === 'EGRESS' && !isDisabled && peers.unknown !== undefined))));
  return rules;
}

/** In a peered network, to which every place of ours has a route: a rule has to let the place call it. */
function peered({ resource, label, network, ranges, ports: open, isEndpoint }: PeeredService, model: GoogleModel): GoogleEndpointClass {
  const own = network === undefined || network === 'elsewhere' ? undefined : network;
  const sharedWith = own && (isEndpoint ? model.endpointsSharedWith : model.servicesSharedWith).get(own);
  const known = addressesOf(ranges, 4);
  // Without a range that is known it may be any private one that no subnet has.
  const local = addressesOf(model.subnets.filter(({ networks }) => own !== undefined && networks.includes(own)).flatMap(({ cidrs }) => cidrs), 4);
  const to = isEmpty(known) ? subtract(PRIVATE, local) : known;
  return {
    endpoints: [drawn(resource.address, label, PEERED, own)],
    ...(network ? { network } : {}),
    ...(sharedWith ? { sharedWith } : {}),
    call: traffic(4, [{ protocol: 'tcp', ports: open.length === 0 ? ALL_PORTS : unionOf(open.map((port) => ports(port))), destinations: to }]),
  };
}

/** A peered network of Google's is made for one project, and holds nothing of others. */
const PEERED: Served = { kind: 'own', why: 'its network is peered for services of this project alone' };

const PRIVATE = addressesOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], 4);

/** At an address in the network: a rule has to let the place call it, and no route is needed. */
function published(endpoint: ServiceEndpoint, model: GoogleModel): GoogleEndpointClass {
  const { target, isApis, resource } = endpoint;
  const named = target ?? resource.references('target', { types: PUBLISHERS }).targets[0]?.address ?? 'a published service';
  return isApis
    ? atAddress(endpoint, target === undefined ? 'Google APIs' : `Google APIs (${target})`, servedByApis(target === undefined ? undefined : target === 'vpc-sc', model), model)
    : atAddress(endpoint, baseName(named), servedByAttachment(endpoint), model);
}

function regional(endpoint: ServiceEndpoint, model: GoogleModel): GoogleEndpointClass {
  const api = endpoint.target ?? 'an API of Google';
  return atAddress(endpoint, api, { kind: 'anybody', why: `it serves ${api}, and projects of everybody` }, model);
}

function atAddress({ resource, isApis, ranges }: ServiceEndpoint, label: string, serves: Served, model: GoogleModel): GoogleEndpointClass {
  const network = networkOf(resource, model);
  // The one for all APIs stays in its network.
  const sharedWith = resource.type === GLOBAL || !network ? undefined : model.endpointsSharedWith.get(network);
  const known = addressesOf(ranges, 4);
  const subnets = resource.references('subnetwork', { types: ['google_compute_subnetwork'] }).targets;
  const within = addressesOf(model.subnets.filter((subnet) => subnet.resource && subnets.includes(subnet.resource)).flatMap(({ primary }) => primary ?? []), 4);
  return {
    endpoints: [drawn(resource.address, label, serves, network)],
    ...(network ? { network } : {}),
    ...(sharedWith ? { sharedWith } : {}),
    call: tcp(4, isEmpty(known) ? within : known, isApis),
  };
}

function networkOf(resource: Resource, model: GoogleModel): GoogleNetwork | undefined {
  const named = resource.references('network', { types: ['google_compute_network'] }).targets;
  const subnets = resource.references('subnetwork', { types: ['google_compute_subnetwork'] }).targets;
  const through = model.subnets.filter((subnet) => subnet.resource && subnets.includes(subnet.resource)).flatMap(({ networks }) => networks);
  const found = [...new Set([...model.networks.filter((network) => network.resource && named.includes(network.resource)), ...through])];
  return found.length === 1 ? found[0] : undefined;
}

/** Routes written for the addresses of the APIs alone; a default route is a way to the internet, which is judged as one. */
function routesToApis(model: GoogleModel): readonly GoogleEndpointClass[] {
  return [...model.routes].flatMap(([network, routes]) => routes.filter(({ family, range }) => includes(APIS[family], [range])).map((route): GoogleEndpointClass => ({
    endpoints: [drawn(route.address, `Google APIs (${vipOf(route)})`, servedByApis(vipOf(route) === 'restricted', model), network)],
    network,
    call: tcp(route.family, [route.range], true),
    route,
  })));
}

/** `restricted.googleapis.com` or `private.googleapis.com`, by the addresses. */
function vipOf({ range, family }: GoogleRoute): string {
  return API_RANGES.findIndex((each) => includes(addressesOf([each], family), [range])) % 2 === 0 ? 'restricted' : 'private';
}

function tcp(family: Family, destinations: Ranges, isApis: boolean): Traffic {
  return traffic(family, [{ protocol: 'tcp', ports: isApis ? ports(443) : ALL_PORTS, destinations }]);
}

function drawn(address: string, label: string, serves: Served, network: GoogleNetwork | undefined): PrivateEndpoint {
  return { address, label, kind: 'endpoint', serves, ...(network ? { network: network.address } : {}) };
}
