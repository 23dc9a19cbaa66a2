/**
 * A proxy, or a balancer before hosts on the internet, that a service attachment publishes: whoever may call an
 * endpoint of it, in whatever network, reaches what it reaches.
 * https://cloud.google.com/secure-web-proxy/docs/deploy-psc-service-attachment
 */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressRange } from '../addresses';
import { groupsBehind } from './internal-relays';
import { rangesOfAll, type Networks } from './networks';
import { maybeAt, type Relay } from './proxies';
import { baseName, nameOf, textAt } from './reading';

const ATTACHMENT = ['google_compute_service_attachment'];
const PUBLISHED = ['google_network_services_gateway', 'google_compute_forwarding_rule'];
const ADDRESSES = ['google_compute_address'];

export function publishedRelays(graph: ResourceGraph, networks: Networks, relays: readonly Relay[]): readonly Relay[] {
  if (relays.length === 0) return [];
  const behind = new Map(graph.ofType('google_compute_service_attachment').map((attachment) => {
    const targets = attachment.references('target_service', { types: PUBLISHED }).targets;
    return [attachment, relays.filter(({ resource }) => targets.includes(resource))] as const;
  }));
  if ([...behind.values()].every((served) => served.length === 0)) return [];
  return graph.ofType('google_compute_forwarding_rule').flatMap((endpoint) => {
    const groups = groupsBehind(endpoint).flatMap((group) => group.references('psc_target_service', { types: ATTACHMENT }).targets);
    const published = new Set([...endpoint.references('target', { types: ATTACHMENT }).targets, ...groups]);
    return [...published].flatMap((attachment) => (behind.get(attachment) ?? []).map((relay) => seenFrom(endpoint, relay, networks, rangesOfAll(attachment.elements('nat_subnets').flatMap((path) => networks.subnetsAt(attachment, path))).cidrs ?? [])));
  });
}

/** @param ranges the attachment's own, by which the proxy sees whoever calls: https://cloud.google.com/vpc/docs/about-vpc-hosted-services#psc-subnets */
function seenFrom(endpoint: Resource, { servedTo, ports, everyPort, portsUnknown, label }: Relay, networks: Networks, ranges: readonly string[]): Relay {
  const own = networks.namedAt(endpoint, 'network');
  const subnets = networks.subnetsAt(endpoint, 'subnetwork');
  const isGlobal = ['allow_psc_global_access', 'allow_global_access'].some((path) => maybeAt(endpoint, path));
  const region = isGlobal ? undefined : textAt(endpoint, 'region');
  return {
    address: endpoint.address,
    label: `${label}, published to ${nameOf(endpoint)}`,
    resource: endpoint,
    networks: own.length > 0 ? own : [...new Set(subnets.flatMap((subnet) => subnet.networks))],
    ...(region === undefined ? {} : { region: baseName(region) }),
    addresses: addressesOf(endpoint),
    ports,
    ...(everyPort ? { everyPort } : {}),
    ...(portsUnknown === undefined ? {} : { portsUnknown }),
    servedTo: ({ secureTags, accounts }) => servedTo({ ranges, secureTags, accounts, isSeen: false }),
  };
}

/** Empty where the plan does not tell: then it may be called at any. */
function addressesOf(endpoint: Resource): readonly string[] {
  const own = textAt(endpoint, 'ip_address');
  const made = endpoint.references('ip_address', { types: ADDRESSES }).targets.map((address) => textAt(address, 'address'));
  return [...(made.length > 0 ? made : [own])].flatMap((text) => (text !== undefined && addressRange(text) !== undefined ? [text] : []));
}
