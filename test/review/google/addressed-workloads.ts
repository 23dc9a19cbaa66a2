/** Random machines and services of both families, with and without addresses, behind NAT, balancers and connectors. From a seed. */
import { Dice } from '../dice';
import { partList } from './parts';
import type { Part } from './random-networks';

const TAGS = ['a', 'vpc-connector'];
const RANGES4 = ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'];
const RANGES6 = ['::/0', '2000::/3', '64:ff9b::/96'];

export function addressedWorkloads(seed: number): readonly Part[] {
  const dice = new Dice(seed * 3_266_489_917 + 11);
  const { parts, add, to } = partList(dice);
  const network = () => to('compute_network', 'n', 'id', 'self_link');

  add('compute_network', 'n', { auto_create_subnetworks: false, delete_default_routes_on_create: dice.chance(40), enable_ula_internal_ipv6: true });
  const subnets = ['s0', 's1', 's2'].slice(dice.below(2)).map((name, index) => {
    const stack_type = dice.of(['IPV4_ONLY', 'IPV4_ONLY', 'IPV4_IPV6', 'IPV4_IPV6', 'IPV6_ONLY']);
    const region = dice.of(['r1', 'r1', 'r2']);
    const isConnectable = name === 's1';
    add('compute_subnetwork', name, {
      network: network(), region, stack_type: isConnectable ? 'IPV4_ONLY' : stack_type, private_ip_google_access: dice.chance(50),
      ...(isConnectable || stack_type !== 'IPV6_ONLY' ? { ip_cidr_range: `10.0.${index}.0/28` } : {}),
      ...(!isConnectable && stack_type !== 'IPV4_ONLY' ? { ipv6_access_type: dice.of(['EXTERNAL', 'INTERNAL']) } : {}),
      ...(dice.chance(25) && stack_type !== 'IPV6_ONLY' ? { secondary_ip_range: [{ range_name: 'more', ip_cidr_range: `172.16.${index}.0/24` }] } : {}),
    });
    return { name, region, stack_type: isConnectable ? 'IPV4_ONLY' : stack_type, isExternal: false };
  });
  const subnetwork = (name: string) => to('compute_subnetwork', name, 'id', 'self_link');
  const values = (name: string) => parts.find((part) => part.type === 'google_compute_subnetwork' && part.name === name)!.values;

  for (const name of ['m0', 'm1', 'm2']) {
    const subnet = dice.of(subnets);
    const { stack_type: own, ipv6_access_type: access } = values(subnet.name);
    const stack_type = own === 'IPV4_ONLY' ? undefined : own === 'IPV6_ONLY' ? 'IPV6_ONLY' : dice.of([undefined, 'IPV4_ONLY', 'IPV4_IPV6', 'IPV4_IPV6', 'IPV6_ONLY']);
    add('compute_instance', name, {
      zone: `${subnet.region}-a`, tags: dice.chance(40) ? ['a'] : [],
      network_interface: [{
        subnetwork: subnetwork(subnet.name), ...(stack_type === undefined ? {} : { stack_type }), access_config: stack_type !== 'IPV6_ONLY' && dice.chance(25) ? [{}] : [],
        ...(access === 'EXTERNAL' && stack_type !== undefined && stack_type !== 'IPV4_ONLY' ? { ipv6_access_config: [{ network_tier: 'PREMIUM' }] } : {}),
      }],
    });
  }
  const machine = () => to('compute_instance', dice.of(['m0', 'm1', 'm2']), 'id', 'self_link');
  if (dice.chance(30)) {
    const kind = dice.below(3);
    const scheme = dice.of([{}, { load_balancing_scheme: 'EXTERNAL' }, { load_balancing_scheme: 'INTERNAL' }]);
    if (kind === 0) {
      add('compute_target_instance', 't', { zone: 'r1-a', instance: machine() });
      add('compute_forwarding_rule', 'f', { region: 'r1', ...(scheme.load_balancing_scheme === 'INTERNAL' ? {} : scheme), ip_protocol: 'TCP', target: to('compute_target_instance', 't', 'id', 'self_link') });
    } else if (kind === 1) {
      add('compute_target_pool', 't', { region: 'r1', instances: [machine()] });
      add('compute_forwarding_rule', 'f', { region: 'r1', ...(scheme.load_balancing_scheme === 'INTERNAL' ? {} : scheme), target: to('compute_target_pool', 't', 'id', 'self_link') });
    } else {
      add('compute_instance_group', 'g', { zone: 'r1-a', instances: [machine()] });
      add('compute_region_backend_service', 't', { region: 'r1', load_balancing_scheme: scheme.load_balancing_scheme ?? 'EXTERNAL', backend: [{ group: to('compute_instance_group', 'g', 'id', 'self_link'), balancing_mode: 'CONNECTION' }] });
      add('compute_forwarding_rule', 'f', { region: 'r1', ...scheme, ip_version: dice.of(['IPV4', 'IPV4', 'IPV6']), backend_service: to('compute_region_backend_service', 't', 'id', 'self_link') });
    }
  }

  const lent = subnets.find(({ name }) => name === 's1') as (typeof subnets)[number];
  const isInSubnet = dice.chance(50);
  add('vpc_access_connector', 'c', { region: isInSubnet ? lent.region : dice.of(['r1', 'r2']), ...(isInSubnet ? { subnet: [{ name: to('compute_subnetwork', 's1', 'name') }] } : { network: to('compute_network', 'n', 'name', 'id', 'self_link'), ip_cidr_range: '10.8.0.0/28' }) });
  const connector = () => to('vpc_access_connector', 'c', 'id');
  const egress = dice.of(['ALL_TRAFFIC', 'ALL_TRAFFIC', 'PRIVATE_RANGES_ONLY', undefined]);
  const said = (key: string) => (egress === undefined ? {} : { [key]: egress });
  switch (dice.below(4)) {
    case 0: add('cloud_run_v2_service', 'code', { location: lent.region, template: [{ vpc_access: dice.chance(85) ? [{ connector: connector(), ...said('egress') }] : [] }] }); break;
    case 1: add('cloud_run_v2_service', 'code', { location: lent.region, template: [{ vpc_access: [{ network_interfaces: [{ subnetwork: subnetwork('s1'), tags: dice.chance(40) ? ['a'] : [] }], ...said('egress') }] }] }); break;
    case 2: add('cloudfunctions2_function', 'code', { location: lent.region, service_config: [{ vpc_connector: connector(), ...said('vpc_connector_egress_settings') }] }); break;
    default: add('cloudfunctions_function', 'code', { region: lent.region, runtime: 'nodejs20', vpc_connector: connector(), ...said('vpc_connector_egress_settings') });
  }

  for (let index = dice.below(3); index > 0; index -= 1) {
    const region = dice.of(['r1', 'r1', 'r2']);
    add('compute_router', `ro${index}`, { network: network(), region });
    const all = dice.of(['ALL_SUBNETWORKS_ALL_IP_RANGES', 'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES', 'LIST_OF_SUBNETWORKS', 'LIST_OF_SUBNETWORKS']);
    const near = subnets.filter((subnet) => subnet.region === region && subnet.stack_type !== 'IPV6_ONLY');
    const only64 = dice.chance(20) || (all === 'LIST_OF_SUBNETWORKS' && near.length === 0);
    const dual = subnets.filter((subnet) => subnet.region === region && subnet.stack_type !== 'IPV4_ONLY');
    const mode64 = dual.length > 0 && dice.chance(50) ? dice.of(['ALL_IPV6_SUBNETWORKS', 'LIST_OF_IPV6_SUBNETWORKS']) : undefined;
    add('compute_router_nat', `nat${index}`, {
      router: to('compute_router', `ro${index}`, 'name'), region, type: dice.of(['PUBLIC', 'PUBLIC', 'PUBLIC', 'PRIVATE', undefined]), nat_ip_allocate_option: 'AUTO_ONLY',
      ...(dice.chance(15) ? { endpoint_types: [dice.of(['ENDPOINT_TYPE_VM', 'ENDPOINT_TYPE_SWG', 'ENDPOINT_TYPE_MANAGED_PROXY_LB'])] } : {}),
      ...(only64 ? {} : { source_subnetwork_ip_ranges_to_nat: all, subnetwork: all === 'LIST_OF_SUBNETWORKS' ? [{ name: subnetwork(dice.of(near).name), source_ip_ranges_to_nat: [dice.of(['ALL_IP_RANGES', 'PRIMARY_IP_RANGE', 'LIST_OF_SECONDARY_IP_RANGES'])] }] : [] }),
      ...(mode64 ? { source_subnetwork_ip_ranges_to_nat64: mode64, ...(mode64.startsWith('LIST') ? { nat64_subnetwork: [{ name: subnetwork(dice.of(dual).name) }] } : {}) } : {}),
    });
  }
  for (let index = dice.below(4); index > 0; index -= 1) {
    add('compute_route', `rt${index}`, { network: network(), dest_range: dice.of(dice.chance(50) ? RANGES4 : RANGES6), priority: dice.of([10, 1000, 2000]), tags: dice.chance(35) ? [dice.of(TAGS)] : [], next_hop_gateway: 'default-internet-gateway' });
  }
  for (let index = dice.below(4); index > 0; index -= 1) {
    add('compute_firewall', `f${index}`, {
      network: network(), direction: 'EGRESS', priority: dice.of([10, 1000]), destination_ranges: [dice.of(dice.chance(60) ? RANGES4 : RANGES6)],
      [dice.chance(60) ? 'deny' : 'allow']: [{ protocol: 'all' }], ...(dice.chance(35) ? { target_tags: [dice.of(TAGS)] } : {}),
    });
  }
  return parts;
}
