/**
 * Names of the internet behind endpoints of VPC Lattice: a resource gateway calls them for whoever may call the endpoint, past
 * the routes and firewalls of the caller's own network, and by those of the gateway's.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/resource-gateway.html
 */
import { INTERNET } from '../addresses';
import type { Guard, Hop, Outcome } from '../network-model';
import { rangesOf } from '../ranges';
import { ALL_PORTS, both, traffic, type Traffic } from '../traffic';
import type { Resource } from '../../plan/resource-graph';
import { calls, filtersOf, type EndpointFilters } from './endpoint-callers';
import { EndpointConnections } from './endpoint-connections';
import type { Start } from './forwarders';
import type { Gateways } from './gateways';
import type { Groups } from './groups';
import type { LatticeHost } from './lattice';
import type { Networks } from './networks';
import type { AwsPlace } from './places';
import { hop } from './router';
import type { Transits } from './transit';

export interface LatticeParts {
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
export function withLatticeHosts(places: readonly AwsPlace[], { gateways, groups, networks, transits }: LatticeParts, starts: ReadonlyMap<Resource, readonly Start[]>): readonly AwsPlace[] {
  const relays = gateways.endpoints.flatMap((endpoint): readonly Relay[] => {
    const hosts = endpoint.lattice?.hosts ?? [];
    if (hosts.length === 0) return [];
    return [{ ...filtersOf(endpoint, (network) => groups.defaultOf(network)), forward: (flow) => hosts.flatMap((host) => called(host, endpoint.address, flow, starts)) }];
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

function called({ name, ports, configuration, gateways }: LatticeHost, endpoint: string, flow: Traffic, starts: ReadonlyMap<Resource, readonly Start[]>): readonly Outcome[] {
  const asked = ports.length > 0 ? rangesOf(ports.map((port) => [BigInt(port), BigInt(port)])) : ALL_PORTS;
  const sent = both(flow, traffic(flow.family, [{ protocol: 'tcp', ports: asked, destinations: INTERNET[flow.family] }]));
  const guard: Guard = { control: configuration.address, hosts: [{ host: name, protocol: 'any', ports, rule: configuration.address }] };
  const ways = gateways.flatMap((gateway) => starts.get(gateway) ?? []).map(({ own }) => own);
  const relay = hop(endpoint, 'proxy', name, (own): readonly Outcome[] => (ways.length === 0
    ? [{ kind: 'unknown', traffic: own, reason: `the resource gateway that calls ${name} for ${configuration.address} is not in the plan` }]
    : ways.map((to) => ({ kind: 'next', to, traffic: own, guard }))));
  return [{ kind: 'next', to: relay, traffic: sent }];
}
