/** Random firewalls around two machines with public addresses: policies of the organization, of folders and of the network, and the network's own rules. From a seed. */
import { Dice } from '../dice';
import { partList } from './parts';
import type { Part, Ref } from './random-networks';

const WIDE = ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/7'];
const NARROW = ['8.8.8.8/32', '151.101.0.0/24'];
const WIDE6 = ['::/0', '::/0', '2000::/3', '2600::/12'];
const LAYERS = [{ ip_protocol: 'all' }, { ip_protocol: 'all' }, { ip_protocol: 'tcp' }, { ip_protocol: '6' }, { ip_protocol: 'tcp', ports: ['400-500'] }, { ip_protocol: 'udp', ports: ['53'] }, { ip_protocol: 'icmp' }, { ip_protocol: '58' }];
const ACTIONS = ['deny', 'deny', 'deny', 'allow', 'allow', 'goto_next', 'goto_next'];

export function orderedRules(seed: number): readonly Part[] {
  const dice = new Dice(seed * 2_246_822_519 + 3);
  const { parts, push, add, to } = partList(dice);
  const network = () => to('compute_network', 'n', 'id', 'self_link');

  push('folder', 'outer', { display_name: 'outer', parent: 'organizations/1' });
  push('folder', 'inner', { display_name: 'inner', parent: to('folder', 'outer', 'name') });
  push('project', 'p', { name: 'p', project_id: 'p', folder_id: to('folder', dice.of(['outer', 'inner', 'inner']), 'name') });
  push('folder', 'beside', { display_name: 'beside', parent: 'organizations/1' });
  push('project', 'service', { name: 'service', project_id: 'service', folder_id: to('folder', dice.of(['outer', 'inner', 'beside']), 'name') });
  const project = to('project', 'p', 'project_id');
  add('compute_network', 'n', { project, auto_create_subnetworks: false, network_firewall_policy_enforcement_order: dice.of(['BEFORE_CLASSIC_FIREWALL', 'AFTER_CLASSIC_FIREWALL']) });
  add('compute_subnetwork', 's', { project, network: network(), region: 'r1', ip_cidr_range: '10.0.0.0/24', stack_type: 'IPV4_IPV6', ipv6_access_type: 'EXTERNAL' });
  for (const name of ['x', 'y']) push('service_account', name, { project: 'p', account_id: name });
  /** As a reference, or by its address. */
  const account = () => { const name = dice.of(['x', 'y']); return dice.chance(35) ? `${name}@p.iam.gserviceaccount.com` : to('service_account', name, 'email'); };
  for (const name of ['s', 't']) push('tags_tag_value', name, { short_name: name, parent: 'tagKeys/1' });
  add('network_security_address_group', 'group', { project, parent: 'projects/p', location: 'global', type: 'IPV4', capacity: 10, items: ['8.0.0.0/7', '128.0.0.0/2'] });
  for (const name of ['m0', 'm1']) {
    add('compute_instance', name, {
      project: dice.chance(40) ? to('project', 'service', 'project_id') : project, zone: 'r1-a', tags: ['a', 'b'].filter(() => dice.chance(40)),
      network_interface: [{ subnetwork: to('compute_subnetwork', 's', 'id', 'self_link'), stack_type: 'IPV4_IPV6', access_config: [{}], ipv6_access_config: [{ network_tier: 'PREMIUM' }] }],
      service_account: [{ email: account(), scopes: [] }],
      ...(dice.chance(50) ? { params: [{ resource_manager_tags: { 'tagKeys/1': to('tags_tag_value', dice.of(['s', 't'])) } }] } : {}),
    });
  }
  if (dice.chance(35)) add('compute_route', 'office', { project, network: network(), dest_range: '128.0.0.0/1', priority: 100, tags: dice.chance(40) ? ['a'] : [], next_hop_vpn_tunnel: 'projects/p/regions/r1/vpnTunnels/elsewhere' });

  const layers = () => [dice.of(LAYERS)];
  const destination = (isAllow: boolean): object => {
    const six = dice.chance(30);
    const wide = six ? [dice.of(WIDE6)] : [dice.of(WIDE)];
    const kind = dice.below(20);
    if (kind < 2) return { dest_fqdns: ['api.example.com'] };
    if (kind === 2) return { dest_region_codes: ['US'] };
    if (kind === 3) return { dest_threat_intelligences: ['iplist-public-clouds'] };
    if (kind === 4) return { dest_address_groups: [to('network_security_address_group', 'group')] };
    if (kind === 5) return { dest_ip_ranges: wide, dest_fqdns: ['api.example.com'] };
    if (kind === 6) return { dest_ip_ranges: ['0.0.0.0/0', '::/0'] };
    if (kind < 10) return { dest_ip_ranges: wide, dest_network_context: dice.of(['INTERNET', 'INTERNET', 'NON_INTERNET']) };
    return { dest_ip_ranges: isAllow || dice.chance(70) ? wide : [dice.of(NARROW)] };
  };
  const rule = (kind: 'hierarchical' | 'network', priority: number, at: { readonly last?: boolean } = {}) => {
    const action = at.last ? 'deny' : dice.chance(6) ? 'apply_security_profile_group' : dice.of(ACTIONS);
    const target = dice.below(10);
    return {
      priority, direction: dice.chance(6) ? 'INGRESS' : 'EGRESS', action, disabled: dice.chance(8),
      match: [{ layer4_configs: at.last ? [{ ip_protocol: 'all' }] : layers(), ...(at.last ? { dest_ip_ranges: dice.chance(70) ? ['0.0.0.0/0'] : ['0.0.0.0/0', '::/0'] } : destination(action === 'allow')), ...(dice.chance(10) ? { src_ip_ranges: [dice.of(['10.0.0.0/8', '10.9.0.0/16'])] } : {}) }],
      ...(action === 'apply_security_profile_group' ? { security_profile_group: '//networksecurity.googleapis.com/organizations/1/locations/global/securityProfileGroups/g' } : {}),
      ...(at.last ? {} : target < 2 ? { target_service_accounts: [account()] } : target < 4 ? { target_secure_tags: [{ name: to('tags_tag_value', dice.of(['s', 't'])) }] } : {}),
      ...(kind === 'hierarchical' && dice.chance(20) ? { target_resources: [dice.chance(70) ? to('compute_network', 'n', 'self_link') : 'https://www.googleapis.com/compute/v1/projects/other/global/networks/else'] } : {}),
    };
  };
  const policy = (type: string, name: string, values: object, kind: 'hierarchical' | 'network', where: object = {}): Ref => {
    const count = 1 + dice.below(3);
    const rules = Array.from({ length: count }, (_, index) => rule(kind, 100 * (index + 1)));
    if (dice.chance(35)) rules.push(rule(kind, 9000, { last: true }) as (typeof rules)[number]);
    if (dice.chance(25)) {
      const inline = rules.map(({ match: [{ layer4_configs, ...match }], target_secure_tags, ...rest }: any) => ({ ...rest, match: [{ ...match, layer4_config: layer4_configs }], ...(target_secure_tags ? { target_secure_tag: target_secure_tags } : {}) }));
      push(`${type}_with_rules`, name, { ...values, rule: inline });
      return to(`${type}_with_rules`, name);
    }
    push(type, name, values);
    for (const [index, each] of rules.entries()) push(`${type}_rule`, `${name}${index}`, { ...where, firewall_policy: to(type, name, 'id', 'name'), ...each });
    return to(type, name);
  };
  for (const [name, target, odds] of [['org', 'organizations/1', 35], ['outer', to('folder', 'outer', 'name'), 35], ['inner', to('folder', 'inner', 'name'), 35], ['beside', to('folder', 'beside', 'name'), 20]] as const) {
    if (!dice.chance(odds)) continue;
    const firewall_policy = policy('compute_firewall_policy', name, { short_name: name, parent: 'organizations/1' }, 'hierarchical');
    if (dice.chance(85)) add('compute_firewall_policy_association', name, { attachment_target: target, firewall_policy });
  }
  if (dice.chance(55)) {
    const firewall_policy = policy('compute_network_firewall_policy', 'global', { name: 'global', project }, 'network', { project });
    if (dice.chance(85)) add('compute_network_firewall_policy_association', 'global', { project, attachment_target: network(), firewall_policy });
  }
  if (dice.chance(40)) {
    const region = dice.of(['r1', 'r1', 'r2']);
    const firewall_policy = policy('compute_region_network_firewall_policy', 'regional', { name: 'regional', project, region }, 'network', { project, region });
    if (dice.chance(85)) add('compute_region_network_firewall_policy_association', 'regional', { project, region, attachment_target: network(), firewall_policy });
  }
  for (let index = dice.below(4); index > 0; index -= 1) {
    const isDeny = dice.chance(60);
    const [{ ip_protocol: protocol, ...ports }] = layers() as [any];
    add('compute_firewall', `f${index}`, {
      project, network: network(), direction: 'EGRESS', priority: dice.of([10, 10, 1000, 65534]), disabled: dice.chance(8),
      ...(dice.chance(85) ? { destination_ranges: [dice.chance(30) ? dice.of(WIDE6) : isDeny && dice.chance(20) ? dice.of(NARROW) : dice.of(WIDE)] } : {}),
      [isDeny ? 'deny' : 'allow']: [{ protocol, ...ports }],
      ...(dice.chance(25) ? { target_tags: [dice.of(['a', 'b'])] } : dice.chance(20) ? { target_service_accounts: [account()] } : {}),
    });
  }
  return parts;
}
