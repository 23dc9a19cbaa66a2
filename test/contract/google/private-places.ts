/** Private destinations that are no segment: endpoints, the proxy, peered services, clusters. */
import type { ObservationSubject, SynthesizedStack } from '../observation';
import { listOf, reference, references, resourcesOf, type Resource } from './reading';

export type PlaceKind = 'apis' | 'published' | 'proxy' | 'services' | 'control-plane' | 'pods';

export interface PrivatePlace {
  readonly kind: PlaceKind;
  readonly range: string;
  /** The only port that it takes. */
  readonly port?: number;
  /** The one segment that it is for. */
  readonly segment?: string;
}

export function privatePlaces(stack: SynthesizedStack, subject: ObservationSubject): readonly PrivatePlace[] {
  const addressOf = (value: unknown): string | undefined => ['google_compute_address', 'google_compute_global_address']
    .flatMap((type) => resourcesOf(stack, type)).find(({ address }) => address === reference(value))?.config.address;
  const told = (stack.output?.kubernetes_ranges?.value ?? {}) as Record<string, { master_ipv4_cidr_block: string }>;
  return [
    ...forwardingRules(stack).flatMap(({ config }): PrivatePlace[] => {
      const address = addressOf(config.ip_address);
      if (address === undefined) return [];
      const isApis = isApiTarget(config.target);
      return [{ kind: isApis ? 'apis' : 'published', range: `${address}/32`, ...(isApis ? { port: 443 } : {}) }];
    }),
    ...resourcesOf(stack, 'google_network_services_gateway').flatMap(({ config }) => listOf(config.addresses)
      .map((address): PrivatePlace => ({ kind: 'proxy', range: `${address}/32`, port: Number(listOf(config.ports)[0]) }))),
    ...resourcesOf(stack, 'google_service_networking_connection').flatMap(({ config }) => references(config.reserved_peering_ranges).flatMap((name): PrivatePlace[] => {
      const range = resourcesOf(stack, 'google_compute_global_address').find(({ address }) => address === name)?.config;
      return range ? [{ kind: 'services', range: `${range.address}/${range.prefix_length}` }] : [];
    })),
    ...Object.entries(told).map(([segment, { master_ipv4_cidr_block: range }]): PrivatePlace => ({ kind: 'control-plane', range, port: 443, segment })),
    ...subject.segments.flatMap(({ name, cidrs }) => podRanges(stack, cidrs).map((range): PrivatePlace => ({ kind: 'pods', range, segment: name }))),
  ];
}

/** The pods' ranges of a segment. */
export function podRanges(stack: SynthesizedStack, cidrs: readonly string[]): readonly string[] {
  return resourcesOf(stack, 'google_compute_subnetwork').filter(({ config }) => cidrs.includes(config.ip_cidr_range))
    .flatMap(({ config }) => listOf(config.secondary_ip_range).filter((each) => each.range_name === 'pods').map((each) => String(each.ip_cidr_range)));
}

export function forwardingRules(stack: SynthesizedStack): readonly Resource[] {
  return ['google_compute_forwarding_rule', 'google_compute_global_forwarding_rule'].flatMap((type) => resourcesOf(stack, type));
}

export function isApiTarget(target: unknown): boolean {
  return target === 'vpc-sc' || target === 'all-apis';
}

/** A subnet that nothing but addresses of services is in: no segment's, and no NAT serves it. */
export function isEndpointSubnet(stack: SynthesizedStack, subnet: Resource): boolean {
  const users = [...resourcesOf(stack, 'google_network_services_gateway'), ...resourcesOf(stack, 'google_compute_address')]
    .filter(({ config }) => reference(config.subnetwork) === subnet.address);
  return users.length > 0;
}
