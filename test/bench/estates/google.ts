/** Networks on Google Cloud: regions with subnets and NAT, firewall rules by tag, machines by count and by name, and what stands around them. */
import { counted, link, many, one, to, type Block, type Estate, type Schema } from './estate';

const LISTS = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, []]));
const LABELS = { effective_labels: {}, terraform_labels: {} };

/** As the provider plans them. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  google_compute_network: { nulls: 'description enable_ula_internal_ipv6 network_firewall_policy_enforcement_order network_profile timeouts', computed: 'bgp_always_compare_med bgp_best_path_selection_mode bgp_inter_region_cost gateway_ipv4 id internal_ipv6_range mtu network_id numeric_id project routing_mode self_link', sensitive: LISTS('params') },
  google_compute_subnetwork: { nulls: 'description ip_collection ipv6_access_type reserved_internal_range role send_secondary_ip_range_if_empty timeouts', computed: 'creation_timestamp enable_flow_logs external_ipv6_prefix fingerprint gateway_address id internal_ipv6_prefix ipv6_cidr_range ipv6_gce_endpoint private_ipv6_google_access project purpose self_link stack_type state subnetwork_id', sensitive: LISTS('log_config', 'params', 'secondary_ip_range') },
  google_compute_router: { nulls: 'description encrypted_interconnect_router timeouts', computed: 'creation_timestamp id project self_link', sensitive: LISTS('bgp', 'md5_authentication_keys') },
  google_compute_router_nat: { nulls: 'icmp_idle_timeout_sec initial_nat_ips max_ports_per_vm source_subnetwork_ip_ranges_to_nat64 tcp_established_idle_timeout_sec tcp_time_wait_timeout_sec tcp_transitory_idle_timeout_sec timeouts type udp_idle_timeout_sec', computed: 'auto_network_tier drain_nat_ips enable_dynamic_port_allocation enable_endpoint_independent_mapping endpoint_types id min_ports_per_vm nat_ips project', sensitive: LISTS('drain_nat_ips', 'log_config', 'nat_ips', 'rules', 'subnetwork') },
  google_compute_firewall: { nulls: 'description disabled source_service_accounts source_tags target_service_accounts timeouts', computed: 'creation_timestamp enable_logging id project self_link', sensitive: LISTS('allow', 'deny', 'destination_ranges', 'log_config', 'params', 'target_tags') },
  google_compute_route: { nulls: 'description next_hop_ilb next_hop_instance next_hop_instance_zone next_hop_ip next_hop_vpn_tunnel timeouts', computed: 'as_paths creation_timestamp id next_hop_hub next_hop_inter_region_cost next_hop_med next_hop_network next_hop_origin next_hop_peering project route_status route_type self_link warnings', sensitive: LISTS('as_paths', 'params', 'tags', 'warnings') },
  google_compute_instance: { nulls: 'allow_stopping_for_update can_ip_forward deletion_protection description desired_status enable_display hostname key_revocation_action_type metadata metadata_startup_script resource_policies timeouts', computed: 'cpu_platform creation_timestamp current_status id instance_id label_fingerprint metadata_fingerprint min_cpu_platform project self_link tags_fingerprint', sensitive: { ...LABELS, ...LISTS('advanced_machine_features', 'attached_disk', 'confidential_instance_config', 'guest_accelerator', 'instance_encryption_key', 'network_performance_config', 'params', 'reservation_affinity', 'scheduling', 'scratch_disk', 'service_account', 'shielded_instance_config', 'tags'), boot_disk: [{ guest_os_features: [], initialize_params: [{ labels: {}, resource_policies: [], source_image_encryption_key: [], source_snapshot_encryption_key: [] }] }], network_interface: [{ access_config: [], alias_ip_range: [], ipv6_access_config: [] }] } },
  google_service_account: { nulls: 'create_ignore_already_exists description disabled display_name timeouts', computed: 'email id member name project unique_id' },
  google_project_iam_member: { computed: 'etag id', sensitive: LISTS('condition') },
  google_storage_bucket: { nulls: 'default_event_based_hold enable_object_retention requester_pays rpo timeouts', computed: 'id project project_number public_access_prevention self_link storage_class time_created updated uniform_bucket_level_access url', sensitive: { ...LABELS, ...LISTS('autoclass', 'cors', 'custom_placement_config', 'encryption', 'lifecycle_rule', 'logging', 'retention_policy', 'versioning', 'website') } },
};

const REGIONS = ['us-east1', 'europe-west1'];
const COUNTED_MACHINES = 24;
const NAMED_MACHINES = ['bastion', 'build', 'jobs', 'metrics', 'search', 'scheduler'];

/** @param distinct true: each machine has a tag of its own, with rules like no other's. Default: machines of a tier share theirs. */
export function googleEstate(distinct = false): Estate {
  return { provider: 'registry.terraform.io/hashicorp/google', schemas: SCHEMAS, network: (index) => network(index, distinct) };
}

function network(index: number, distinct: boolean): readonly Block[] {
  const octet = index % 250;
  const inNetwork = { network: link('google_compute_network.this') };
  const toNetwork = { network: to('google_compute_network.this') };
  const rule = (name: string, port: string, ranges: readonly string[], tags: readonly string[], priority: number) => ({
    ...inNetwork, name, allow: [{ ports: [port], protocol: 'tcp' }], deny: [], destination_ranges: ranges, direction: 'EGRESS', log_config: [{ metadata: 'INCLUDE_ALL_METADATA' }], params: [], priority, source_ranges: null, target_tags: tags,
  });
  const machine = (name: string, at: number, tag: string) => ({
    advanced_machine_features: [], attached_disk: [], confidential_instance_config: [], guest_accelerator: [], instance_encryption_key: [], network_performance_config: [], params: [], reservation_affinity: [], scheduling: [], scratch_disk: [], shielded_instance_config: [],
    boot_disk: [{ auto_delete: null, disk_encryption_key_raw: null, force_attach: null, initialize_params: [{ enable_confidential_compute: null, image: 'debian-cloud/debian-12', resource_manager_tags: null, source_image_encryption_key: [], source_snapshot_encryption_key: [], storage_pool: null }], interface: null, mode: null }],
    machine_type: 'e2-small', name: `${name}-${index}`, zone: `${REGIONS[at % 2] as string}-b`, tags: [tag], labels: { team: `team-${index % 17}`, environment: 'prod' }, effective_labels: { 'goog-terraform-provisioned': 'true' }, terraform_labels: { 'goog-terraform-provisioned': 'true' },
    network_interface: [{ access_config: [], alias_ip_range: [], ipv6_access_config: [], nic_type: null, queue_count: null, subnetwork: link('google_compute_subnetwork.this', at % 2) }],
    service_account: [{ email: link('google_service_account.this', at % 4, 'email'), scopes: ['cloud-platform'] }],
  });
  const refers = (subnet: readonly string[]) => ({ network_interface: { subnetwork: subnet }, service_account: { email: ['google_service_account.this'] } });
  const tagOf = (tier: string, at: number) => (distinct ? `m${at}-${index}` : `${tier}-${index}`);
  return [
    one('google_compute_network', 'this', { auto_create_subnetworks: false, delete_default_routes_on_create: true, name: `net-${index}`, params: [] }),
    many('google_compute_subnetwork', 'this', 2, (at) => ({ ...inNetwork, ip_cidr_range: `10.${octet}.${at * 16}.0/20`, log_config: [{ aggregation_interval: 'INTERVAL_5_SEC', flow_sampling: 1, metadata: 'INCLUDE_ALL_METADATA' }], name: `sub-${index}-${at}`, params: [], private_ip_google_access: true, region: REGIONS[at] as string, secondary_ip_range: [] }), toNetwork),
    many('google_compute_router', 'this', 2, (at) => ({ ...inNetwork, bgp: [], md5_authentication_keys: [], name: `router-${index}-${at}`, region: REGIONS[at] as string }), toNetwork),
    many('google_compute_router_nat', 'this', 2, (at) => ({ log_config: [{ enable: true, filter: 'ALL' }], name: `nat-${index}-${at}`, nat64_subnetwork: [], nat_ip_allocate_option: 'AUTO_ONLY', region: REGIONS[at] as string, router: `router-${index}-${at}`, rules: [], source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES', subnetwork: [] }), { router: counted('google_compute_router.this') }),
    one('google_compute_route', 'internet', { ...inNetwork, dest_range: '0.0.0.0/0', name: `internet-${index}`, next_hop_gateway: 'default-internet-gateway', params: [], priority: 1000, tags: null }, toNetwork),
    one('google_compute_firewall', 'deny', { ...rule(`deny-${index}`, '443', ['0.0.0.0/0'], [], 65_000), allow: [], deny: [{ ports: [], protocol: 'all' }], target_tags: null }, toNetwork),
    one('google_compute_firewall', 'app', rule(`app-${index}`, '443', ['0.0.0.0/0'], [`app-${index}`], 1000), toNetwork),
    one('google_compute_firewall', 'worker', rule(`worker-${index}`, '8443', ['198.51.0.0/16', '52.0.0.0/10'], [`worker-${index}`], 1000), toNetwork),
    ...(distinct ? [many('google_compute_firewall', 'machine', COUNTED_MACHINES + NAMED_MACHINES.length, (at) => rule(`m${at}-${index}`, String(1024 + ((index * 31 + at) % 60_000)), [`${1 + ((index + at) % 9)}.${index % 256}.${at}.0/24`], [`m${at}-${index}`], 900), toNetwork)] : []),
    many('google_compute_instance', 'app', COUNTED_MACHINES, (at) => machine(`app-${at}`, at, tagOf('app', at)), refers(counted('google_compute_subnetwork.this'))),
    ...NAMED_MACHINES.map((name, at) => one('google_compute_instance', name, machine(name, at, tagOf('worker', COUNTED_MACHINES + at)), refers(to('google_compute_subnetwork.this', at % 2)))),
    many('google_service_account', 'this', 4, (at) => ({ account_id: `sa-${index}-${at}` })),
    many('google_project_iam_member', 'this', 8, (at) => ({ condition: [], project: 'acme-prod', role: 'roles/logging.logWriter', member: link('google_service_account.this', at % 4, 'member') }), { member: ['google_service_account.this', 'count.index'] }),
    many('google_storage_bucket', 'this', 3, (at) => ({ autoclass: [], cors: [], custom_placement_config: [], encryption: [], force_destroy: false, labels: { environment: 'prod' }, effective_labels: {}, terraform_labels: {}, lifecycle_rule: [], location: 'EU', logging: [], name: `acme-${index}-${at}`, retention_policy: [], website: [] })),
  ];
}
