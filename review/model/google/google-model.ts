/** Google Cloud's part of the review: from the graph of a plan to a network, its places and the facts that checks read. */
import { groupBy } from '../../group-by';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Outcome } from '../network-model';
import { intersect, isEmpty } from '../ranges';
import { EVERYWHERE } from '../addresses';
import { both, except, isNothing, traffic as trafficOf, type Traffic } from '../traffic';
import { PUBLIC } from './api-ranges';
import { clusters } from './clusters';
import { dnsOf, type GoogleDns } from './dns';
import type { FirewallRule } from './firewall-rule';
import { classicRules, firewallPolicies, stagesOf, type FirewallPolicy, type Stage } from './firewall-stages';
import { Hierarchy } from './hierarchy';
import { hostedServices } from './hosted-services';
import { internalRelays } from './internal-relays';
import { machines, type Workload } from './machines';
import { managedMachines } from './managed-machines';
import { inNetwork } from './by-network';
import { endpointsSharedWith, neighboursOf, servicesSharedWith, type Neighbours } from './neighbours';
import { withTagsByName } from './named-tags';
import { nats, type GoogleNat } from './nats';
import { Networks, type GoogleNetwork, type GoogleSubnet } from './networks';
import { lentAddresses } from './passthrough-balancers';
import { policiesElsewhere } from './policies-elsewhere';
import type { Interface } from './interfaces';
import { callerOf, isNear, listeningPorts, PacketWays, proxyHop, type Terrain } from './packet-way';
import { standInPlace, workloadPlace, type GooglePlace } from './places';
import { publishedRelays } from './published-relays';
import { webProxies, type Relay, type WebProxy } from './proxies';
import { announcers, impliedRoutes, importedRoutes, isHandedOn, peerings, policyRoutes, writtenRoutes, type GoogleRoute, type NextHop, type Peering, type PolicyRoute } from './routes';
import { segmentTags, type SegmentTag } from './segments';
import { serverless } from './serverless';
import { standIns, type StandIn } from './stand-ins';
import { tagsInForce } from './tag-scopes';
import { inspectedZones } from './url-filters';

/** What a Google Cloud plan builds, as the checks read it. */
export interface GoogleModel {
  readonly cloud: 'google';
  readonly graph: ResourceGraph;
  readonly places: readonly GooglePlace[];
  readonly networks: readonly GoogleNetwork[];
  readonly subnets: readonly GoogleSubnet[];
  readonly policies: readonly FirewallPolicy[];
  /** In Google's order, by network. */
  readonly stages: ReadonlyMap<GoogleNetwork, readonly Stage[]>;
  readonly classicRules: ReadonlyMap<GoogleNetwork, readonly FirewallRule[]>;
  /** Written, implied and imported, by network. */
  readonly routes: ReadonlyMap<GoogleNetwork, readonly GoogleRoute[]>;
  readonly policyRoutes: readonly PolicyRoute[];
  readonly peerings: readonly Peering[];
  readonly nats: readonly GoogleNat[];
  readonly proxies: readonly WebProxy[];
  readonly workloads: readonly Workload[];
  readonly tags: readonly SegmentTag[];
  readonly dns: GoogleDns;
  /** By network those in which its endpoints of Private Service Connect answer, too. */
  readonly endpointsSharedWith: ReadonlyMap<GoogleNetwork, readonly GoogleNetwork[]>;
  /** The same of services in networks that are peered with it. */
  readonly servicesSharedWith: ReadonlyMap<GoogleNetwork, readonly GoogleNetwork[]>;
}

/** Builds the model of a plan; a plan without Google resources gives one without places. Throws nothing on odd plans. */
export function buildGoogleModel(graph: ResourceGraph): GoogleModel {
  const networks = new Networks(graph);
  const lent = lentAddresses(graph);
  const written = writtenRoutes(graph, networks);
  const peers = peerings(graph, networks);
  const announcing = announcers(graph, networks, peers);
  const handsOn = (network: GoogleNetwork) => announcing.has(network) || written.some((route) => route.network === network && isHandedOn(route) && isPublicRoute(route));
  const tagged = tagsInForce(graph, networks);
  const made = withTagsByName([...machines(graph, networks, lent), ...clusters(graph, networks, lent), ...managedMachines(graph, networks), ...serverless(graph, networks), ...hostedServices(graph, networks, handsOn)], graph);
  const workloads = tagged ? made.map((workload) => ({ ...workload, interfaces: workload.interfaces.map(tagged) })) : made;
  const policies = firewallPolicies(graph, networks);
  const classic = classicRules(graph, networks);
  const own = [...written, ...impliedRoutes(networks), ...defaultNetworkRoute(networks)];
  const routes = groupBy([...own, ...importedRoutes(peers, own)], ({ network }) => network);
  const hierarchy = new Hierarchy(graph);
  const inspects = inspectedZones(graph, networks);
  const associated = [...policies, ...policiesElsewhere(graph, networks, policies)];
  const stages = new Map(networks.networks.map((network) => [network, stagesOf(network, associated, classic.get(network) ?? [], hierarchy, inspects.get(network))]));
  const proxies = webProxies(graph, networks);
  const direct = [...proxies, ...internalRelays(graph, networks)];
  const relays = [...direct, ...publishedRelays(graph, networks, direct)];
  const tags = segmentTags(graph);
  const parts = {
    networks,
    routes,
    policyRoutes: policyRoutes(graph, networks),
    nats: nats(graph, networks),
    announcers: announcing,
  };

  const byResource = new Map(workloads.map((workload) => [workload.resource, workload]));
  // Networks use the same addresses.
  const byIp = groupBy(workloads.flatMap((workload) => workload.interfaces.flatMap(({ ips, networks: own }) => ips.map((ip) => ({ ip, own, workload })))), ({ ip }) => ip);
  const neighbours = relays.length === 0 ? new Map() as Neighbours : neighboursOf(graph, networks, peers);
  const proxyAt = (ip: string | undefined, network: GoogleNetwork): Relay | undefined => {
    if (ip === undefined || relays.length === 0) return undefined;
    const near = [network, ...(neighbours.get(network) ?? []).map((each) => each.network)];
    return near.flatMap((each) => inNetwork(relays, each)).find(({ addresses }) => addresses.includes(ip));
  };
  const passOn = (nextHop: NextHop, traffic: Traffic, network: GoogleNetwork, caller: Interface, doubt: string): readonly Outcome[] => {
    if (nextHop.kind !== 'machine' && nextHop.kind !== 'load-balancer') return [];
    // Of several that may be meant, none guards.
    const proxy = nextHop.isHidden ? undefined : relays.find(({ resource }) => nextHop.targets.includes(resource)) ?? proxyAt(nextHop.ip, network);
    if (proxy) {
      const { guard, unknown, isRefused } = proxy.servedTo(callerOf(caller, proxy.networks.includes(network)));
      const refusal = !isNear(caller, proxy) ? 'is of another region' : isRefused ? 'lets nothing through for it' : undefined;
      if (refusal !== undefined) return [{ kind: 'blocked', traffic, reason: `${proxy.label} ${refusal}` }];
      // A proxy ends connections that it listens for: nothing else goes on.
      const listened = trafficOf(traffic.family, listeningPorts(proxy).map((each) => ({ protocol: 'tcp', ports: each, destinations: EVERYWHERE[traffic.family] })));
      const [taken, left] = [both(traffic, listened), except(traffic, listened)];
      return [
        ...(isNothing(taken) ? [] : [{ kind: 'next' as const, to: proxyHop(proxy, unknown), traffic: taken, guard }]),
        ...(isNothing(left) ? [] : [{ kind: 'blocked' as const, traffic: left, reason: `${proxy.label} does not listen for it` }]),
      ];
    }
    const found = nextHop.targets.flatMap((target: Resource) => byResource.get(target) ?? []);
    const machine = found.length > 0 ? found : nextHop.ip === undefined ? [] : (byIp.get(nextHop.ip) ?? []).filter(({ own }) => own.includes(network)).map(({ workload }) => workload);
    const passed = machine.flatMap((workload) => workload.interfaces.flatMap((from) => ways.of(from).flatMap((way) => way.forward(traffic, doubt))));
    return nextHop.isHidden ? [...passed, { kind: 'unknown', traffic, reason: doubt }] : passed;
  };
  const terrain: Terrain = { ...parts, stages, proxies: relays, neighbours, passOn };
  const ways: PacketWays = new PacketWays(terrain);

  const inUse = new Set(workloads.flatMap(({ interfaces }) => interfaces.flatMap((from) => (from.doubt === undefined ? from.networks : []))));
  const carried = new Set(workloads.flatMap(({ interfaces }) => interfaces.flatMap(({ carrier }) => [...carrier.secureTags.sure])));
  // A segment of the policy that is empty today is still one that somebody asks about, and not gone because another has its first machine.
  const isEmptySegment = (standIn: StandIn): boolean => standIn.tags.some(({ network }) => network !== undefined) && !standIn.tags.some(({ address }) => carried.has(address));
  const standing = networks.networks
    // Of a network from elsewhere, subnets that the plan makes are places, too: what becomes of them is not known.
    .filter((network) => (!network.isForeign || networks.subnetsOf(network).some((subnet) => subnet.resource?.mode === 'managed')) && (!inUse.has(network) || tags.some(({ network: its }) => its === network.name)))
    .flatMap((network) => standIns(network, networks.subnetsOf(network).filter(({ likely }) => likely === undefined || likely.includes(network)), {
      rules: (stages.get(network) ?? []).flatMap(({ rules }) => rules),
      routes: routes.get(network) ?? [],
      policyRoutes: parts.policyRoutes.filter((route) => route.networks.includes(network)),
      tags,
    }).filter((standIn) => !inUse.has(network) || isEmptySegment(standIn)).map((standIn) => (tagged ? { ...standIn, from: tagged(standIn.from), ...(standIn.perhaps ? { perhaps: tagged(standIn.perhaps) } : {}) } : standIn)));
  const places = [
    ...workloads.map((workload) => workloadPlace(workload, ways, tags)),
    ...distinctStandIns(standing).map((standIn) => standInPlace(standIn, ways)),
  ];
  return {
    cloud: 'google', graph, places, networks: networks.networks, subnets: networks.subnets, policies, stages, classicRules: classic, routes,
    policyRoutes: parts.policyRoutes, peerings: peers, nats: parts.nats, proxies, workloads, tags, dns: dnsOf(graph, networks), endpointsSharedWith: endpointsSharedWith(graph, networks),
    servicesSharedWith: servicesSharedWith(graph, networks),
  };
}

function isPublicRoute({ range, family }: GoogleRoute): boolean {
  return !isEmpty(intersect([range], PUBLIC[family]));
}

/** Everybody knows the default network's route, although no plan has it. */
function defaultNetworkRoute(networks: Networks): readonly GoogleRoute[] {
  return networks.networks.filter(({ isDefault }) => isDefault).map((network) => ({
    address: network.address, label: '0.0.0.0/0 -> default-internet-gateway, made by Google', network, family: 4 as const, range: [0n, 2n ** 32n - 1n] as const,
    destination: '0.0.0.0/0', priority: 1000, tags: { sure: new Set<string>(), could: new Set<string>(), maybe: new Set<string>() }, nextHop: { kind: 'internet-gateway' as const }, isImplied: true,
  }));
}

/** A subnet that may be in one of two networks stands in once. */
function distinctStandIns<T extends { readonly subnet: GoogleSubnet }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((each) => [each.subnet, each])).values()];
}
