/** Random networks that are joined: by peerings, hubs, tunnels and machines that forward, with routes through them. From a seed. */
import { Dice } from '../dice';
import { partList } from './parts';
import type { Part } from './random-networks';

const WIDE = ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/7'];
const NARROW = ['8.8.8.8/32', '9.200.0.0/16', '151.101.0.0/24'];
const REGIONS = ['r1', 'r1', 'r1', 'r2'];
const TAGS = ['a', 'b'];

/** Where a machine with one of these stands, and what it is reached by. */
interface Forwarder {
  readonly name: string;
  readonly network: string;
  readonly region: string;
  readonly address: string;
  readonly balancer?: { readonly name: string; readonly address: string };
}

export function joinedNetworks(seed: number): readonly Part[] {
  const dice = new Dice(seed * 2_654_435_761 + 7);
  const { parts, add, to } = partList(dice);
  const network = (name: string) => to('compute_network', name, 'id', 'self_link');
  const tags = () => TAGS.filter(() => dice.chance(35));
  const tagged = () => (dice.chance(25) ? [dice.of(TAGS)] : []);
  const range = () => (dice.chance(75) ? dice.of(WIDE) : dice.of(NARROW));

  const names = ['n0', 'n1', 'n2'].slice(0, 2 + dice.below(2));
  const subnets = names.flatMap((name, at) => {
    add('compute_network', name, { auto_create_subnetworks: false, delete_default_routes_on_create: dice.chance(name === 'n0' ? 85 : 45) });
    return [0, 1].slice(dice.below(2)).map((index) => {
      const region = dice.of(REGIONS);
      const isPublic = index === 1 && dice.chance(25);
      const ip_cidr_range = isPublic ? `9.200.${at}.0/24` : `10.${at}.${index}.0/24`;
      return { name: add('compute_subnetwork', `s${at}${index}`, { network: network(name), region, ip_cidr_range, ...(isPublic && dice.chance(20) ? { allow_subnet_cidr_routes_overlap: true } : {}) }), network: name, region, ip_cidr_range };
    });
  });
  const nic = (subnet: (typeof subnets)[number], host: number, odds: number) => ({
    subnetwork: to('compute_subnetwork', subnet.name, 'id', 'self_link'), network_ip: subnet.ip_cidr_range.replace('.0/24', `.${host}`), access_config: dice.chance(odds) ? [{}] : [],
  });
  const senders = subnets.filter((subnet) => subnet.network === 'n0');
  const app = dice.of(senders);
  add('compute_instance', 'app', { zone: `${app.region}-a`, tags: tags(), can_ip_forward: dice.chance(10), network_interface: [nic(app, 5, 10)] });

  const forwarders: Forwarder[] = [];
  for (let index = 0, count = 1 + dice.below(3); index < count; index += 1) {
    const first = dice.of(subnets);
    const second = subnets.find((subnet) => subnet.region === first.region && subnet.network !== first.network);
    const own = nic(first, 10 + index, 45);
    const network_interface: object[] = [own];
    if (second && dice.chance(40)) network_interface.push(dice.chance(25) ? { network_attachment: to('compute_network_attachment', add('compute_network_attachment', `by${index}`, { region: second.region, connection_preference: 'ACCEPT_AUTOMATIC', subnetworks: [to('compute_subnetwork', second.name, 'id', 'self_link')] }), 'id', 'self_link') } : nic(second, 10 + index, 45));
    const name = add('compute_instance', `way${index}`, { zone: `${first.region}-a`, tags: tags(), can_ip_forward: dice.chance(90), network_interface });
    let balancer: Forwarder['balancer'];
    if (dice.chance(50)) {
      const address = first.ip_cidr_range.replace('.0/24', `.${100 + index}`);
      add('compute_instance_group', `group${index}`, { zone: `${first.region}-a`, network: network(first.network), instances: [to('compute_instance', name, 'id', 'self_link')] });
      add('compute_region_backend_service', `service${index}`, { region: first.region, load_balancing_scheme: 'INTERNAL', protocol: 'UNSPECIFIED', network: network(first.network), backend: [{ group: to('compute_instance_group', `group${index}`, 'id', 'self_link'), balancing_mode: 'CONNECTION' }] });
      add('compute_forwarding_rule', `ilb${index}`, { region: first.region, load_balancing_scheme: 'INTERNAL', ip_protocol: 'L3_DEFAULT', all_ports: true, ip_address: address, allow_global_access: dice.chance(50), network: network(first.network), subnetwork: to('compute_subnetwork', first.name, 'id', 'self_link'), backend_service: to('compute_region_backend_service', `service${index}`, 'id', 'self_link') });
      balancer = { name: `ilb${index}`, address };
    }
    forwarders.push({ name, network: first.network, region: first.region, address: own.network_ip, balancer });
  }

  for (const [left, right] of [['n0', 'n1'], ['n1', 'n2'], ['n0', 'n2']] as const) {
    if (!names.includes(right) || !dice.chance(60)) continue;
    const half = (from: string, there: string) => add('compute_network_peering', `${from}to${there}`, {
      network: network(from), peer_network: network(there), export_custom_routes: dice.chance(65), import_custom_routes: dice.chance(65),
    });
    if (dice.chance(95)) half(left, right);
    if (dice.chance(95)) half(right, left);
  }

  for (let index = 2 + dice.below(4); index > 0; index -= 1) {
    const from = dice.chance(55) ? 'n0' : dice.of(names);
    const here = forwarders.filter((each) => each.network === from);
    const balanced = here.filter(({ balancer }) => balancer);
    const hops: object[] = [{ next_hop_gateway: 'default-internet-gateway' }];
    for (const each of here) hops.push({ next_hop_instance: to('compute_instance', each.name, 'id', 'self_link'), next_hop_instance_zone: `${each.region}-a` }, { next_hop_ip: each.address });
    for (const { balancer } of balanced) hops.push({ next_hop_ilb: dice.chance(60) ? to('compute_forwarding_rule', balancer!.name, 'id', 'self_link') : balancer!.address });
    if (dice.chance(12)) hops.push({ next_hop_vpn_tunnel: 'projects/p/regions/r1/vpnTunnels/elsewhere' });
    add('compute_route', `rt${index}`, { network: network(from), dest_range: range(), priority: dice.of([100, 1000, 1000, 2000]), tags: tagged(), ...dice.of(hops.length > 1 && dice.chance(70) ? hops.slice(1) : hops) });
  }
  const balancers = forwarders.filter(({ balancer }) => balancer);
  if (dice.chance(50)) {
    for (let index = 1 + dice.below(2); index > 0; index -= 1) {
      const from = dice.chance(70) ? 'n0' : dice.of(names);
      const hop = balancers.length > 0 && dice.chance(65) ? { next_hop_ilb_ip: dice.of(balancers).balancer!.address } : { next_hop_other_routes: 'DEFAULT_ROUTING' };
      add('network_connectivity_policy_based_route', `pbr${index}`, {
        network: network(from), priority: dice.of([10, 500, 1000]), ...hop,
        filter: [{ protocol_version: 'IPV4', ip_protocol: dice.of(['ALL', 'ALL', 'TCP', 'UDP']), src_range: dice.of(['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0', '10.0.0.0/24', '10.0.0.5/32', '10.1.0.0/16']), dest_range: range() }],
        ...(dice.chance(35) ? { virtual_machine: [{ tags: [dice.of(TAGS)] }] } : dice.chance(10) ? { interconnect_attachment: [{ region: 'r1' }] } : {}),
      });
    }
  }

  for (let index = dice.below(3); index > 0; index -= 1) {
    const subnet = dice.of(subnets);
    add('compute_router', `ro${index}`, { network: network(subnet.network), region: subnet.region });
    add('compute_router_nat', `nat${index}`, {
      router: to('compute_router', `ro${index}`, 'name'), region: subnet.region, type: dice.chance(15) ? 'PRIVATE' : 'PUBLIC',
      ...(dice.chance(60) ? { source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', subnetwork: [] }
        : { source_subnetwork_ip_ranges_to_nat: 'LIST_OF_SUBNETWORKS', subnetwork: [{ name: to('compute_subnetwork', subnet.name, 'id', 'self_link'), source_ip_ranges_to_nat: [dice.of(['ALL_IP_RANGES', 'PRIMARY_IP_RANGE'])] }] }),
    });
  }

  if (dice.chance(25)) {
    const from = dice.of(names);
    add('compute_ha_vpn_gateway', 'gateway', { network: network(from), region: 'r1' });
    add('compute_external_vpn_gateway', 'office', { redundancy_type: 'SINGLE_IP_INTERNALLY_REDUNDANT', interface: [{ id: 0, ip_address: '198.51.100.1' }] });
    add('compute_router', 'learns', { network: network(from), region: 'r1', bgp: [{ asn: 64512 }] });
    add('compute_vpn_tunnel', 'tunnel', { region: 'r1', vpn_gateway: to('compute_ha_vpn_gateway', 'gateway'), peer_external_gateway: to('compute_external_vpn_gateway', 'office'), peer_external_gateway_interface: 0, vpn_gateway_interface: 0, router: to('compute_router', 'learns'), shared_secret: 'x' });
    add('compute_router_interface', 'learns', { router: to('compute_router', 'learns', 'name'), region: 'r1', vpn_tunnel: to('compute_vpn_tunnel', 'tunnel', 'name') });
    add('compute_router_peer', 'learns', { router: to('compute_router', 'learns', 'name'), region: 'r1', interface: to('compute_router_interface', 'learns', 'name'), peer_asn: 64513 });
  }
  if (dice.chance(30)) {
    const isStar = dice.chance(50);
    add('network_connectivity_hub', 'hub', isStar ? { preset_topology: 'STAR' } : {});
    for (const group of isStar ? ['center', 'edge'] : []) add('network_connectivity_group', group, { hub: to('network_connectivity_hub', 'hub') });
    const grouped = () => (isStar ? { group: to('network_connectivity_group', dice.of(['center', 'edge'])) } : {});
    for (const each of names) {
      if (!dice.chance(70)) continue;
      add('network_connectivity_spoke', `of${each}`, { hub: to('network_connectivity_hub', 'hub'), location: 'global', ...grouped(), linked_vpc_network: [{ uri: network(each), ...(dice.chance(30) ? { exclude_export_ranges: [dice.of(['9.0.0.0/8', '10.0.0.0/8'])] } : {}) }] });
    }
    if (parts.some(({ name }) => name === 'tunnel') && dice.chance(70)) {
      add('network_connectivity_spoke', 'hybrid', { hub: to('network_connectivity_hub', 'hub'), location: 'r1', ...grouped(), linked_vpn_tunnels: [{ uris: [to('compute_vpn_tunnel', 'tunnel', 'id', 'self_link')], site_to_site_data_transfer: dice.chance(50) }] });
    }
  }
  for (const name of names) add('compute_firewall', `in${name}`, { network: network(name), direction: 'INGRESS', priority: 1000, source_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'all' }] });
  for (let index = dice.below(3); index > 0; index -= 1) {
    add('compute_firewall', `f${index}`, {
      network: network(dice.of(names)), direction: 'EGRESS', priority: dice.of([10, 1000]), destination_ranges: [dice.of(WIDE)],
      [dice.chance(65) ? 'deny' : 'allow']: [dice.of([{ protocol: 'all' }, { protocol: 'tcp' }, { protocol: 'udp' }])], ...(dice.chance(60) ? { target_tags: [dice.of(TAGS)] } : {}),
    });
  }
  return parts;
}
