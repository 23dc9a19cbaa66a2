/**
 * Where a packet goes that the firewall lets out: the longest prefix among subnet routes, peers'
 * ranges, endpoints and the static routes that the machine's network tags show it.
 * https://cloud.google.com/vpc/docs/routes
 */
import type { SynthesizedStack } from '../../observation';
import { API_RANGES, listOf, reference, references, resourcesOf, type Resource } from '../reading';
import { covers, isIpv6, prefixOf } from './addresses';
import type { Machine, Packet } from './world';

interface Route { readonly range: string; readonly priority: number; readonly leads: (machine: Machine, packet: Packet) => string }

export class Routing {
  private readonly subnets: readonly Resource[];
  /** Those that every machine sees. */
  private readonly common: readonly Route[];
  private readonly seen = new Map<string, readonly Route[]>();
  private readonly nats: readonly Resource[];

  constructor(private readonly stack: SynthesizedStack, private readonly network: Resource) {
    this.nats = resourcesOf(stack, 'google_compute_router_nat');
    this.subnets = resourcesOf(stack, 'google_compute_subnetwork').filter(({ config }) => reference(config.network) === network.address);
    const local = this.subnets.flatMap((subnet): Route[] => [subnet.config.ip_cidr_range, ...listOf(subnet.config.secondary_ip_range).map((each) => each.ip_cidr_range)]
      .map((range) => ({ range, priority: 0, leads: () => 'local' })));
    this.common = [...local, ...this.endpoints(), ...this.peers(), ...this.kept()];
  }

  /** In words: `none`, `nat`, `gateway` (a route without an address to leave from), or what is there. */
  way(machine: Machine, packet: Packet): string {
    const subnet = this.subnets.find(({ address }) => address === machine.subnet);
    if (isIpv6(packet.to) && (subnet?.config.stack_type ?? 'IPV4_ONLY') === 'IPV4_ONLY') return 'no ipv6';
    const routes = this.routesOf(machine).filter(({ range }) => covers(range, packet.to));
    const best = [...routes].sort((a, b) => prefixOf(b.range) - prefixOf(a.range) || a.priority - b.priority)[0];
    return best ? best.leads(machine, packet) : 'none';
  }

  private routesOf(machine: Machine): readonly Route[] {
    const key = machine.networkTags.join();
    let routes = this.seen.get(key);
    if (!routes) this.seen.set(key, (routes = [...this.common, ...this.written(machine)]));
    return routes;
  }

  /** Addresses of the network that stand for something else. */
  private endpoints(): readonly Route[] {
    const at = (value: unknown): string | undefined => {
      const made = ['google_compute_address', 'google_compute_global_address'].flatMap((type) => resourcesOf(this.stack, type)).find(({ address }) => address === reference(value));
      return made?.config.address;
    };
    const rules = ['google_compute_forwarding_rule', 'google_compute_global_forwarding_rule'].flatMap((type) => resourcesOf(this.stack, type));
    return [
      ...rules.flatMap(({ config }): Route[] => {
        const address = at(config.ip_address);
        const isPrivate = config.load_balancing_scheme === '';
        if (address === undefined) return [];
        return [{ range: `${address}/32`, priority: 0, leads: () => (isPrivate ? (['vpc-sc', 'all-apis'].includes(config.target) ? `google apis (${config.target})` : `published ${String(config.target).split('/').at(-1)}`) : 'load balancer') }];
      }),
      ...resourcesOf(this.stack, 'google_network_services_gateway').flatMap(({ config }) => listOf(config.addresses)
        .map((address): Route => ({ range: `${address}/32`, priority: 0, leads: (_, { port }) => (listOf(config.ports).includes(port) ? 'proxy' : 'proxy, wrong port') }))),
    ];
  }

  /** What a peered network has; that of Google's services has a default route of its own, unless it is told not to. */
  private peers(): readonly Route[] {
    const services = resourcesOf(this.stack, 'google_service_networking_connection').flatMap(({ config }) => references(config.reserved_peering_ranges).flatMap((name): Route[] => {
      const range = resourcesOf(this.stack, 'google_compute_global_address').find(({ address }) => address === name)?.config;
      const closed = resourcesOf(this.stack, 'google_service_networking_vpc_service_controls').some((each) => each.config.enabled === true && reference(each.config.network) === reference(config.network));
      return range ? [{ range: `${range.address}/${range.prefix_length}`, priority: 0, leads: () => (closed ? 'google services' : 'google services, which reach the internet') }] : [];
    }));
    const others = resourcesOf(this.stack, 'google_compute_network_peering').map(({ config }): Route => ({ range: '172.16.0.0/12', priority: 0, leads: () => `peer ${config.peer_network}` }));
    return [...services, ...others];
  }

  private written(machine: Machine): readonly Route[] {
    return resourcesOf(this.stack, 'google_compute_route')
      .filter(({ config }) => reference(config.network) === this.network.address)
      .filter(({ config }) => listOf(config.tags).length === 0 || listOf(config.tags).some((tag) => machine.networkTags.includes(tag)))
      .map(({ config }) => ({
        range: config.dest_range,
        priority: config.priority ?? 1000,
        leads: (from, packet) => (config.next_hop_gateway ? this.gateway(from, packet) : `machine ${config.next_hop_ip ?? config.next_hop_ilb ?? config.next_hop_instance}`),
      }));
  }

  /** A network begins with a default route for everybody. */
  private kept(): readonly Route[] {
    return this.network.config.delete_default_routes_on_create === true ? [] : [{ range: '0.0.0.0/0', priority: 1000, leads: (machine, packet) => this.gateway(machine, packet) }];
  }

  private gateway(machine: Machine, { to }: Packet): string {
    const subnet = this.subnets.find(({ address }) => address === machine.subnet);
    if (API_RANGES.some((range) => covers(range, to))) return subnet?.config.private_ip_google_access === true ? 'google apis' : 'gateway, no private access';
    if (machine.isPublic) return 'own address';
    const nat = this.nats.find(({ config }) => config.source_subnetwork_ip_ranges_to_nat !== 'LIST_OF_SUBNETWORKS'
      || listOf(config.subnetwork).some(({ name }) => reference(name) === machine.subnet));
    if (!nat) return 'gateway';
    const { config } = nat;
    return [
      'nat',
      ...(config.log_config?.enable === true && config.log_config.filter === 'ALL' ? [] : ['not all recorded']),
      ...(config.nat_ip_allocate_option === 'MANUAL_ONLY' ? [] : ['from any address']),
      ...(config.enable_endpoint_independent_mapping === true ? ['open to strangers'] : []),
    ].join(', ');
  }
}
