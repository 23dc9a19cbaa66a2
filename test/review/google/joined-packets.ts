/**
 * What becomes of single packets among networks that are joined, one hop after the other, as Google's pages describe it.
 * It shares no code with the review:
 *
 * https://cloud.google.com/vpc/docs/routes#routeselection
 * https://cloud.google.com/vpc/docs/policy-based-routes
 * https://cloud.google.com/vpc/docs/vpc-peering#route-exchange-options
 * https://cloud.google.com/network-connectivity/docs/network-connectivity-center/concepts/overview
 * https://cloud.google.com/vpc/docs/configure-security-network-attachments
 */
import { isRef, type Part } from './random-networks';

export interface Packet { readonly to: string; readonly protocol: 'tcp' | 'udp' | 'icmp'; readonly port: number }

/** `lost`: it is led where nobody who reads the plan can see. `back`: a machine's own packet is led to the machine itself, and what becomes of it then Google does not say. */
export type Fate = 'out' | 'lost' | 'back';

/** Inside and beside of each range of these networks. */
const DESTINATIONS = ['1.1.1.1', '8.8.8.8', '8.8.8.9', '9.200.0.9', '9.200.1.9', '9.201.0.1', '70.1.2.3', '151.101.0.9', '151.101.1.1', '200.1.2.3'];
export const PACKETS: readonly Packet[] = DESTINATIONS.flatMap((to) => [{ to, protocol: 'tcp', port: 443 }, { to, protocol: 'udp', port: 53 }, { to, protocol: 'icmp', port: 0 }] as const);

const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function isIn(range: string, address: string): boolean {
  const [base = '', bits = '32'] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
}

const lengthOf = (range: string): number => Number(range.split('/')[1] ?? 32);

/** A machine's interface, from which a packet leaves. */
interface Sender {
  readonly machine: Part;
  readonly nic: any;
  readonly subnet: Part;
  readonly network: Part;
  /** Whether it sends with its own address. What forwards may send with any other, and nothing at the gateway to the internet translates that. */
  readonly isOwn: boolean;
}

export class JoinedPackets {
  private readonly byAddress: ReadonlyMap<string, Part>;

  constructor(private readonly parts: readonly Part[]) {
    this.byAddress = new Map(parts.map((part) => [`${part.type}.${part.name}`, part]));
  }

  /** All that may become of a packet that the machine sends. */
  fatesOf(machine: Part, packet: Packet): ReadonlySet<Fate> {
    const fates = new Set<Fate>();
    const seen = new Set<Part>();
    const open = [machine];
    for (let at = open.pop(); at; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const sender of this.sendersOf(at)) {
        if (!this.passesFirewall(sender, packet)) continue;
        for (const end of this.route(sender, packet)) {
          if (typeof end === 'string') fates.add(end);
          else if (end === at) fates.add('back');
          else open.push(end);
        }
      }
    }
    return fates;
  }

  private of(type: string): readonly Part[] {
    return this.parts.filter((part) => part.type === `google_${type}`);
  }

  private at(ref: unknown): Part | undefined {
    return isRef(ref) ? this.byAddress.get(ref.ref) : undefined;
  }

  private sendersOf(machine: Part): readonly Sender[] {
    return machine.values.network_interface.flatMap((nic: any) => {
      const subnet = (this.at(nic.subnetwork) ?? this.at(this.at(nic.network_attachment)!.values.subnetworks[0])) as Part;
      const own = { machine, nic, subnet, network: this.at(subnet.values.network) as Part, isOwn: true };
      return machine.values.can_ip_forward ? [own, { ...own, isOwn: false }] : [own];
    });
  }

  /** Rules of the network by priority, deny first; then the implied rule lets out. */
  private passesFirewall({ machine, network }: Sender, { to, protocol }: Packet): boolean {
    const meant = this.of('compute_firewall').map(({ values }) => values).filter((rule) => rule.direction === 'EGRESS' && this.at(rule.network) === network
      && (!rule.target_tags || rule.target_tags.some((tag: string) => machine.values.tags.includes(tag)))
      && rule.destination_ranges.some((range: string) => isIn(range, to)) && (rule.deny ?? rule.allow).some((layer: any) => ['all', protocol].includes(layer.protocol)));
    const first = Math.min(...meant.map(({ priority }) => priority));
    return !meant.some((rule) => rule.priority === first && rule.deny);
  }

  private *route(sender: Sender, packet: Packet): Iterable<Fate | Part> {
    const byPolicy = this.policyRoutes(sender, packet);
    for (const each of byPolicy) yield* this.balanced(each, sender.machine);
    if (byPolicy.length > 0 && !byPolicy.includes('as usual')) return;
    const { network, machine } = sender;
    if (this.subnetRanges(network).some((range) => isIn(range, packet.to))) return;
    if (this.learns(network)) yield 'lost';
    const carries = (tag: string) => machine.values.tags.includes(tag);
    const own = this.of('compute_route').map(({ values }) => values).filter((route) => this.at(route.network) === network && (route.tags.length === 0 || route.tags.some(carries)));
    const byDefault = network.values.delete_default_routes_on_create ? [] : [{ dest_range: '0.0.0.0/0', priority: 1000, next_hop_gateway: 'made by Google' }];
    // Neither routes with tags nor those to the internet gateway are exchanged.
    const imported = this.peersOf(network).filter(({ customs }) => customs).flatMap(({ peer }) => this.of('compute_route').map(({ values }) => values).filter((route) => this.at(route.network) === peer && route.tags.length === 0 && !route.next_hop_gateway));
    const all = [...own, ...byDefault, ...imported].filter((route) => isIn(route.dest_range, packet.to));
    const length = Math.max(...all.map((route) => lengthOf(route.dest_range)));
    const longest = all.filter((route) => lengthOf(route.dest_range) === length);
    for (const route of longest.filter(({ priority }) => longest.every((other) => priority <= other.priority))) yield* this.handOn(route, sender);
  }

  private *handOn(route: any, sender: Sender): Iterable<Fate | Part> {
    if (route.next_hop_vpn_tunnel) yield 'lost';
    else if (route.next_hop_gateway) {
      if (!sender.isOwn) return;
      if (sender.nic.access_config?.length > 0 || this.of('compute_router_nat').some(({ values }) => this.isServed(values, sender))) yield 'out';
    } else if (route.next_hop_ilb) {
      const rule = this.at(route.next_hop_ilb);
      yield* this.balanced(rule ? rule.values.ip_address : route.next_hop_ilb, sender.machine);
    } else {
      const there = this.at(route.next_hop_instance) ?? this.of('compute_instance').find(({ values }) => values.network_interface.some((nic: any) => nic.network_ip === route.next_hop_ip));
      if (there && (there.values.can_ip_forward || there === sender.machine)) yield there;
    }
  }

  /** The machines behind an internal load balancer; those of another region only where the rule is for all. */
  private *balanced(address: string, machine: Part): Iterable<Part> {
    for (const { values } of this.of('compute_forwarding_rule').filter((rule) => rule.values.ip_address === address)) {
      if (!values.allow_global_access && !machine.values.zone.startsWith(values.region)) continue;
      for (const backend of this.at(values.backend_service)?.values.backend ?? []) {
        for (const each of this.at(backend.group)?.values.instances ?? []) {
          const there = this.at(each);
          if (there && (there.values.can_ip_forward || there === machine)) yield there;
        }
      }
    }
  }

  /** The addresses of balancers to which the first policy-based route leads that is for it; of two with one priority either. */
  private policyRoutes({ machine, nic, subnet, network, isOwn }: Sender, { to, protocol }: Packet): readonly string[] {
    const meant = this.of('network_connectivity_policy_based_route').map(({ values }) => values).filter((route) => {
      const [filter] = route.filter;
      return this.at(route.network) === network && !route.interconnect_attachment && (!route.virtual_machine || route.virtual_machine[0].tags.some((tag: string) => machine.values.tags.includes(tag)))
        && ['ALL', protocol.toUpperCase()].includes(filter.ip_protocol) && (!isOwn || isIn(filter.src_range, nic.network_ip ?? subnet.values.ip_cidr_range.split('/')[0])) && isIn(filter.dest_range, to);
    });
    // Of a foreign source nothing is known but that it is in one for all.
    const first = Math.min(...meant.filter(({ filter: [filter] }) => isOwn || filter.src_range === '0.0.0.0/0').map(({ priority }) => priority));
    const taken = meant.filter(({ priority }) => priority <= first).map((route) => (route.next_hop_other_routes ? 'as usual' : route.next_hop_ilb_ip));
    return isOwn || Number.isFinite(first) ? taken : [...taken, 'as usual'];
  }

  /** Of a peering both halves have to be there. Subnets with public addresses are imported on demand alone, and these do not ask for it. */
  private peersOf(network: Part): readonly { readonly peer: Part; readonly customs: boolean }[] {
    return this.of('compute_network_peering').filter(({ values }) => this.at(values.network) === network).flatMap(({ values: half }) => {
      const peer = this.at(half.peer_network) as Part;
      const other = this.of('compute_network_peering').find(({ values }) => this.at(values.network) === peer && this.at(values.peer_network) === network)?.values;
      return other ? [{ peer, customs: half.import_custom_routes && other.export_custom_routes }] : [];
    });
  }

  /** Where no other route leads away; those of peers and hubs are private addresses. */
  private subnetRanges(network: Part): readonly string[] {
    return this.of('compute_subnetwork').filter(({ values }) => this.at(values.network) === network && !values.allow_subnet_cidr_routes_overlap).map(({ values }) => values.ip_cidr_range);
  }

  /** Whether it has routes that some neighbour announces: its own tunnels', a peer's, or those of the hub. */
  private learns(network: Part): boolean {
    const learning = (each: Part) => this.of('compute_router_peer').some(({ values }) => this.at(this.at(values.router)?.values.network) === each);
    return learning(network) || this.peersOf(network).some(({ peer, customs }) => customs && learning(peer)) || this.isTaught(network);
  }

  private isTaught(network: Part): boolean {
    const spokes = this.of('network_connectivity_spoke');
    const own = spokes.find(({ values }) => this.at(values.linked_vpc_network?.[0].uri) === network);
    const hybrid = spokes.find(({ values }) => values.linked_vpn_tunnels);
    if (!own || !hybrid) return false;
    const groups = [own, hybrid].map(({ values }) => this.at(values.group)?.name);
    return !groups.every((group) => group === 'edge');
  }

  private isServed(nat: any, { subnet, network }: Sender): boolean {
    return nat.type === 'PUBLIC' && nat.region === subnet.values.region && this.at(this.at(nat.router)?.values.network) === network
      && (nat.source_subnetwork_ip_ranges_to_nat !== 'LIST_OF_SUBNETWORKS' || nat.subnetwork.some((each: any) => this.at(each.name) === subnet));
  }
}
