/**
 * Names of the internet behind endpoints of VPC Lattice: a resource gateway calls them for whoever may call the endpoint, past
 * the routes and firewalls of the caller's own network, and by those of the gateway's.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/resource-gateway.html
 */
import { INTERNET } from '../addresses';
import type { Guard, Hop, Outcome } from '../network-model';
import { rangesOf } from '../ranges';
import { ALL_PORTS, both, traffic, type Traffic } from '../traffic';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { doubtfully } from './doubt';
import { calls, filtersOf, type EndpointFilters } from './endpoint-callers';
import { EndpointConnections } from './endpoint-connections';
import type { Start } from './forwarders';
import type { Gateways } from './gateways';
import type { Groups } from './groups';
import { asksOwnResolver, type LatticeHost } from './lattice';
import type { Networks } from './networks';
import type { AwsPlace } from './places';
import { answersOf, leadsOf, type Answer } from './private-answers';
import { textAt } from './read';
import { hop } from './router';
import type { Transits } from './transit';

export interface LatticeParts {
  readonly graph: ResourceGraph;
  readonly gateways: Gateways;
  readonly groups: Groups;
  readonly networks: Networks;
  readonly transits: Transits;
}

/** An endpoint with such names, and what becomes of what is sent there. */
interface Relay extends EndpointFilters {
  readonly forward: Hop['forward'];
}

/** The places, each with what the endpoints call for it that it reaches. */
export function withLatticeHosts(places: readonly AwsPlace[], parts: LatticeParts, starts: ReadonlyMap<Resource, readonly Start[]>): readonly AwsPlace[] {
  const { gateways, groups, networks, transits } = parts;
  const asked = resolverOf(parts);
  const relays = gateways.endpoints.flatMap((endpoint): readonly Relay[] => {
    const hosts = endpoint.lattice?.hosts ?? [];
    if (hosts.length === 0) return [];
    return [{ ...filtersOf(endpoint, (network) => groups.defaultOf(network)), forward: (flow) => hosts.flatMap((host) => called(host, endpoint.address, flow, starts, asked)) }];
  });
  if (relays.length === 0) return places;
  const connected = new EndpointConnections<Relay>({ network: (resource) => networks.of(resource), transit: (resource) => transits.of(resource) }, relays);
  return places.map((place) => {
    const { subnet, start } = place;
    const near = subnet?.network ? [...relays.filter(({ sample: { network } }) => network === undefined || network === subnet.network), ...connected.from(subnet)] : [];
    const reached = near.filter((relay) => calls(place, relay));
    return reached.length === 0 ? place : { ...place, start: hop(start.address, start.kind, start.label, (flow) => [...start.forward(flow), ...reached.flatMap(({ forward }) => forward(flow))]) };
  });
}

/** What the resolver of a gateway's network says of a name. */
type Resolver = (name: string, gateway: Resource) => 'inside' | 'out' | undefined;

function resolverOf({ graph, networks }: LatticeParts): Resolver {
  const zones = { graph, find: { network: (resource: Resource) => networks.of(resource) } };
  let answers: readonly Answer[] | undefined;
  // Every place that calls asks, and all of them the same.
  const known = new Map<Resource, Map<string, ReturnType<Resolver>>>();
  return (name, gateway) => {
    let byName = known.get(gateway);
    if (!byName) known.set(gateway, (byName = new Map()));
    if (!byName.has(name)) {
      const [network] = networks.at(gateway, 'vpc_id').likely;
      byName.set(name, network && leadsOf(name, network.address, (answers ??= answersOf(zones, [])), zones));
    }
    return byName.get(name);
  };
}

function called(host: LatticeHost, endpoint: string, flow: Traffic, starts: ReadonlyMap<Resource, readonly Start[]>, asked: Resolver): readonly Outcome[] {
  const { name, ports, configuration, gateways } = host;
  const wanted = ports.length > 0 ? rangesOf(ports.map((port) => [BigInt(port), BigInt(port)])) : ALL_PORTS;
  const sent = both(flow, traffic(flow.family, [{ protocol: 'tcp', ports: wanted, destinations: INTERNET[flow.family] }]));
  const guard: Guard = { control: configuration.address, hosts: [{ host: name, protocol: 'any', ports, rule: configuration.address }] };
  const ways = gateways.flatMap((gateway) => (starts.get(gateway) ?? []).map(({ own }) => ({ gateway, to: own })));
  const relay = hop(endpoint, 'proxy', name, (own): readonly Outcome[] => (ways.length === 0
    ? [{ kind: 'unknown', traffic: own, reason: `the resource gateway that calls ${name} for ${configuration.address} is not in the plan` }]
    : ways.flatMap(({ gateway, to }): readonly Outcome[] => {
      const says = asksOwnResolver(gateway) ? asked(name, gateway) : undefined;
      // What the plan shows to be inside is, where the gateway surely asks there; what nobody out there has is nowhere else.
      if (says === 'inside' && (host.inside !== undefined || textAt(gateway, 'resource_config_dns_resolution') === 'IN_VPC')) return [];
      if (says === 'out' || host.inside === undefined) return [{ kind: 'next', to, traffic: own, guard }];
      return host.inside === 'private' && asksOwnResolver(gateway) ? [doubtfully(to, own, `which address ${name} has, only the resolver of the network of ${gateway.address} says`)] : [];
    })));
  return [{ kind: 'next', to: relay, traffic: sent }];
}
