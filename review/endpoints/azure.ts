/**
 * Which places reach which private endpoints: packets are followed from the place through its groups,
 * routes and firewalls to the subnet of the endpoints, whose group counts where it is made to.
 * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
 *
 * Service endpoints of a subnet are beside them: more specific routes to public addresses of a service,
 * that a packet takes once its groups let it out.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
 */
import { groupBy } from '../group-by';
import type { Resource } from '../plan/resource-graph';
import { Steps, trace } from '../paths/trace';
import type { HopKind, Place } from '../model/network-model';
import { privateServices, type EndpointClass, type PrivateEndpoint, type PrivateServices } from './private-services';
import type { Family } from '../model/addresses';
import { OUTSIDE } from '../model/azure/address-match';
import { intersect, isEmpty, rangesOf, unionOf, type Ranges } from '../model/ranges';
import { ALL_PORTS, either, isNothing, towards, traffic, type Traffic } from '../model/traffic';
import type { AzureModel } from '../model/azure/azure-model';
import type { AzureNetwork } from '../model/azure/network';
import { joinsSubnets } from '../model/azure/peered';
import type { PrivateEndpoint as AzureEndpoint } from '../model/azure/services';
import { servicePorts } from '../model/azure/service-ports';
import { servedBy } from '../model/azure/served-by';
import type { AzureSubnet } from '../model/azure/subnet';
import { isLimitedToAccounts } from '../model/azure/storage-endpoints';
import type { SubnetView } from '../model/azure/subnet-view';
import type { Topology } from '../model/azure/topology';
import { areConnected } from '../model/azure/virtual-wan';
import type { Workload } from '../model/azure/workload';

interface AzureEndpointClass extends EndpointClass {
  /** Undefined where the plan does not tell. */
  readonly view?: SubnetView;
  /** Of a subnet's service endpoints, which nobody else gets to. */
  readonly servicesOf?: AzureSubnet;
}

export function azurePrivateServices(model: AzureModel): PrivateServices {
  const { workloads, views, privateEndpoints } = model;
  const viewOf = new Map(views.map((view) => [view.subnet.resource, view]));
  const bySubnet = groupBy(privateEndpoints, ({ subnet }) => (subnet.targets.length === 1 ? viewOf.get(subnet.targets[0] as Resource) : undefined));
  const classes = [...bySubnet].map(([view, endpoints]): AzureEndpointClass => ({ endpoints: endpoints.map((endpoint) => drawn(endpoint, view)), ...(view ? { view } : {}) }));
  const services = model.subnets.filter(({ serviceEndpoints: { items, unknown } }) => items.length > 0 || unknown !== undefined).map((servicesOf): AzureEndpointClass => ({ endpoints: [drawnServices(servicesOf)], servicesOf }));
  const servicesIn = new Map(services.map((each) => [each.servicesOf, each]));
  const byNetwork = groupBy(classes, ({ view }) => view?.subnet.network);
  const subnets = new Map(model.subnets.map((subnet) => [subnet.address, subnet]));
  const subnetsOf = ({ addresses }: Place): readonly AzureSubnet[] => addresses.flatMap((address) => subnets.get(address) ?? []);
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  return privateServices<Place, AzureEndpointClass>({
    classes: [...classes, ...services],
    callerOf: (place) => {
      const own = subnetsOf(place);
      return own.length === 0 ? undefined : callerText(place, own, byId.get(place.id));
    },
    near: (place) => {
      const own = subnetsOf(place);
      const ofSubnets = own.flatMap((subnet) => servicesIn.get(subnet) ?? []);
      if (own.some(({ network }) => !network)) return [...classes, ...ofSubnets];
      const networks = new Set(own.flatMap(({ network }) => (network ? [...nearby(network, model)] : [])));
      return [...[undefined, ...networks].flatMap((network) => byNetwork.get(network) ?? []), ...ofSubnets];
    },
    reaches: (place, { view, servicesOf }) => (servicesOf ? place.families.some((family) => leavesGroups(place, servicesOf, family)) : !view || place.families.some((family) => arrives(place, subnetsOf(place), view, family, model))),
  });
}

/** Machines of one subnet that carry the same groups and have no address of their own known are alike. */
function callerText({ id }: Place, subnets: readonly AzureSubnet[], workload: Workload | undefined): string {
  if (!workload) return id;
  const { groups, memberships, privateAddresses, forwards } = workload;
  if (groups.unknown !== undefined || forwards || privateAddresses.length > 0 || (memberships?.size ?? 1) > 0) return id;
  return JSON.stringify([subnets.map(({ address }) => address), groups.candidates.map(({ address }) => address), groups.mayBeNone]);
}

/** Its own network, its peers, and theirs: a hub between two spokes may pass packets on. And those of the same virtual WAN. */
function nearby(network: AzureNetwork, { networks, hubs }: Topology): ReadonlySet<AzureNetwork> {
  const peersOf = (one: AzureNetwork) => one.peerings.flatMap(({ remote }) => remote.targets.flatMap((target) => networks.get(target) ?? []));
  const peers = peersOf(network);
  const connected = hubs.connected.has(network.resource) ? [...networks.values()].filter((other) => areConnected(hubs, network.resource, other.resource)) : [];
  return new Set([network, ...peers, ...peers.flatMap(peersOf), ...connected]);
}

/** Groups of an interface are asked by the trace; those of the endpoints' subnet here. */
function arrives(place: Place, from: readonly AzureSubnet[], view: SubnetView, family: Family, model: Topology): boolean {
  const { subnet } = view;
  const to = subnet.addresses[family];
  if (isEmpty(to)) return subnet.cidrs.unknown !== undefined || (family === 4 && subnet.exists === true);
  const sent = followed(place, traffic(family, [{ protocol: 'tcp', ports: ALL_PORTS, destinations: to }]), from, subnet, model);
  if (isNothing(sent) || !GROUP_COUNTS.has(subnet.endpointNetworkPolicies ?? '')) return !isNothing(sent);
  const accepted = view.allowed('Inbound', family);
  if (!accepted) return true;
  const callers = unionOf(from.map(({ addresses }) => addresses[family]));
  // Our side and the other one: what is sent goes to the endpoints, what is accepted comes from the callers.
  const portsIn = portsOf(isEmpty(callers) ? accepted : towards(accepted, callers));
  return !isEmpty(intersect(portsOf(sent), portsIn));
}

/** Whether groups let the place call a port of the services at public addresses. Routes and firewalls are not asked: the endpoint's own route comes before theirs. */
function leavesGroups(place: Place, { serviceEndpoints: { items, unknown } }: AzureSubnet, family: Family): boolean {
  const open = unknown === undefined ? unionOf(items.map(servicePorts)) : ALL_PORTS;
  const call = traffic(family, [{ protocol: 'tcp', ports: open, destinations: OUTSIDE[family] }]);
  const { unknown: lost, blocked, arrivals } = trace(place, family, new Steps(), call);
  return [...lost, ...arrivals, ...blocked.filter(({ elsewhere, path }) => elsewhere || BEHIND_GROUPS.has(path.at(-1)?.kind ?? 'group'))].some(({ traffic: part }) => !isNothing(part));
}

/** One for all of a subnet: they share the subnet's groups. */
function drawnServices(subnet: AzureSubnet): PrivateEndpoint {
  const { items, unknown } = subnet.serviceEndpoints;
  const isLimited = isLimitedToAccounts(subnet);
  return {
    address: subnet.address,
    label: items.length > 0 ? [...items].sort().join(', ') : 'service endpoints',
    kind: 'endpoint',
    serves: isLimited ? { kind: 'own', why: 'its policies list the accounts that it leads to' }
      : { kind: unknown === undefined || items.length > 0 ? 'anybody' : 'unknown', why: unknown ?? "a service endpoint leads to everybody's accounts of the service" },
    ...(subnet.network ? { network: subnet.network.address } : {}),
  };
}

const GROUP_COUNTS: ReadonlySet<string> = new Set(['Enabled', 'NetworkSecurityGroupEnabled']);
const ROUTES_COUNT: ReadonlySet<string> = new Set(['Enabled', 'RouteTableEnabled']);

/**
 * What of the traffic gets to the subnet of the endpoints, or may. Unless the subnet says otherwise an
 * endpoint is a route of its own in its network and the peers, more specific than any that could lead
 * to a firewall: there only groups stop a packet.
 */
function followed(place: Place, call: Traffic, from: readonly AzureSubnet[], subnet: AzureSubnet, { hubs }: Topology): Traffic {
  const { unknown, blocked, arrivals } = trace(place, call.family, new Steps(), call);
  // In a network that is not known, nobody knows the routes either.
  const isLost = from.some(({ network }) => !network) || !subnet.network;
  // Behind a firewall without a route table of its own every way counts as one to the internet; private addresses are in a peer.
  const passed = arrivals.filter(({ path }) => isLost || path.some(({ kind }) => kind === 'firewall'));
  const leads = (test: (network: AzureNetwork, to: AzureNetwork) => boolean) => from.some(({ network }) => network !== undefined && subnet.network !== undefined && test(network, subnet.network));
  // What hubs of a virtual WAN teach of one another's networks comes before wider routes, wherever these lead.
  const bypassesRoutes = isLost || leads((network, to) => areConnected(hubs, network.resource, to.resource)) || (!ROUTES_COUNT.has(subnet.endpointNetworkPolicies ?? '') && from.some((each) => joinsSubnets(each, subnet, call.family)));
  const arrived = blocked.filter(({ elsewhere, path }) => elsewhere || (bypassesRoutes && BEHIND_GROUPS.has(path.at(-1)?.kind ?? 'group')));
  return either(call.family, [...unknown, ...arrived, ...passed].map((end) => end.traffic));
}

const BEHIND_GROUPS: ReadonlySet<HopKind> = new Set(['route', 'firewall', 'gateway', 'nat', 'provider-default']);

function portsOf({ boxes }: Traffic): Ranges {
  return rangesOf(boxes.filter(({ protocol }) => protocol === 'tcp').flatMap(({ ports }) => ports));
}

function drawn({ address, subresources, resource }: AzureEndpoint, view: SubnetView | undefined): PrivateEndpoint {
  const network = view?.subnet.network?.address;
  return { address, label: subresources.items.join(', ') || resource.name, kind: 'endpoint', serves: servedBy(resource), ...(network === undefined ? {} : { network }) };
}
