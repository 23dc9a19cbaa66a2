/** Networks on AWS: three zones, NAT per zone, load balancer, machines by count and by name, a database, functions, and what stands around them. */
import { counted, link, many, one, to, type Block, type Estate, type Schema } from './estate';

const TAGGED = { tags_all: {} };
const MACHINE = 'arn associate_public_ip_address availability_zone capacity_reservation_specification cpu_core_count cpu_options cpu_threads_per_core disable_api_stop disable_api_termination ebs_block_device ebs_optimized enable_primary_ipv6 enclave_options ephemeral_block_device host_id host_resource_group_arn iam_instance_profile id instance_initiated_shutdown_behavior instance_lifecycle instance_market_options instance_state ipv6_address_count ipv6_addresses key_name maintenance_options monitoring network_interface outpost_arn password_data placement_group placement_partition_number primary_network_interface_id private_dns private_dns_name_options private_ip public_dns public_ip root_block_device secondary_private_ips security_groups spot_instance_request_id tags_all tenancy user_data user_data_base64';
const LISTS = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, []]));

/** As the provider 5.100 plans them. */
const SCHEMAS: Readonly<Record<string, Schema>> = {
  aws_vpc: { nulls: 'assign_generated_ipv6_cidr_block ipv4_ipam_pool_id ipv4_netmask_length ipv6_ipam_pool_id ipv6_netmask_length', computed: 'arn default_network_acl_id default_route_table_id default_security_group_id dhcp_options_id enable_dns_hostnames enable_network_address_usage_metrics id ipv6_association_id ipv6_cidr_block ipv6_cidr_block_network_border_group main_route_table_id owner_id tags_all', sensitive: TAGGED },
  aws_internet_gateway: { nulls: 'timeouts', computed: 'arn id owner_id tags_all', sensitive: TAGGED },
  aws_subnet: { nulls: 'customer_owned_ipv4_pool enable_lni_at_device_index ipv6_cidr_block map_customer_owned_ip_on_launch outpost_arn timeouts', computed: 'arn availability_zone_id id ipv6_cidr_block_association_id owner_id private_dns_hostname_type_on_launch tags_all', sensitive: TAGGED },
  aws_eip: { nulls: 'address associate_with_private_ip customer_owned_ipv4_pool timeouts', computed: 'allocation_id arn association_id carrier_ip customer_owned_ip id instance ipam_pool_id network_border_group network_interface private_dns private_ip ptr_record public_dns public_ip public_ipv4_pool tags_all vpc', sensitive: TAGGED },
  aws_nat_gateway: { nulls: 'secondary_allocation_ids timeouts', computed: 'association_id id network_interface_id private_ip public_ip secondary_private_ip_address_count secondary_private_ip_addresses tags_all', sensitive: { ...TAGGED, ...LISTS('secondary_private_ip_addresses') } },
  aws_route_table: { nulls: 'timeouts', computed: 'arn id owner_id propagating_vgws route tags_all', sensitive: { ...TAGGED, ...LISTS('propagating_vgws', 'route') } },
  aws_route: { nulls: 'carrier_gateway_id core_network_arn destination_ipv6_cidr_block destination_prefix_list_id egress_only_gateway_id gateway_id local_gateway_id timeouts transit_gateway_id vpc_endpoint_id vpc_peering_connection_id', computed: 'id instance_id instance_owner_id network_interface_id origin state' },
  aws_route_table_association: { nulls: 'gateway_id timeouts', computed: 'id' },
  aws_security_group: { nulls: 'timeouts', computed: 'arn egress id ingress name_prefix owner_id tags_all', sensitive: { ...TAGGED, ...LISTS('egress', 'ingress') } },
  aws_vpc_security_group_egress_rule: { nulls: 'cidr_ipv6 prefix_list_id referenced_security_group_id tags', computed: 'arn id security_group_rule_id', sensitive: TAGGED },
  aws_vpc_security_group_ingress_rule: { nulls: 'cidr_ipv4 cidr_ipv6 prefix_list_id tags', computed: 'arn id security_group_rule_id', sensitive: TAGGED },
  aws_instance: { nulls: 'hibernation timeouts volume_tags', computed: MACHINE, sensitive: { ...TAGGED, ...LISTS('capacity_reservation_specification', 'cpu_options', 'credit_specification', 'ebs_block_device', 'enclave_options', 'ephemeral_block_device', 'instance_market_options', 'ipv6_addresses', 'launch_template', 'maintenance_options', 'network_interface', 'private_dns_name_options', 'root_block_device', 'secondary_private_ips', 'security_groups', 'vpc_security_group_ids'), metadata_options: [{}] } },
  aws_lb: { nulls: 'customer_owned_ipv4_pool timeouts', computed: 'arn arn_suffix dns_name enforce_security_group_inbound_rules_on_private_link_traffic id ip_address_type name_prefix subnet_mapping tags_all vpc_id zone_id', sensitive: { ...TAGGED, ...LISTS('access_logs', 'connection_logs', 'security_groups', 'subnet_mapping', 'subnets') } },
  aws_db_subnet_group: { computed: 'arn id name_prefix supported_network_types tags_all vpc_id', sensitive: { ...TAGGED, ...LISTS('subnet_ids', 'supported_network_types') } },
  aws_db_instance: { nulls: 'allow_major_version_upgrade custom_iam_instance_profile customer_owned_ip_enabled deletion_protection domain domain_auth_secret_arn domain_dns_ips domain_iam_role_name domain_ou enabled_cloudwatch_logs_exports final_snapshot_identifier iam_database_authentication_enabled max_allocated_storage password password_wo password_wo_version replicate_source_db storage_encrypted timeouts upgrade_storage_config', computed: 'address arn availability_zone backup_retention_period backup_target backup_window ca_cert_identifier character_set_name db_name domain_fqdn endpoint engine_version engine_version_actual hosted_zone_id id identifier_prefix iops kms_key_id latest_restorable_time license_model listener_endpoint maintenance_window master_user_secret monitoring_role_arn multi_az network_type option_group_name parameter_group_name port replica_mode replicas resource_id snapshot_identifier status storage_type tags_all timezone', sensitive: { ...TAGGED, password: true, password_wo: true, ...LISTS('listener_endpoint', 'master_user_secret', 'replicas', 'vpc_security_group_ids') } },
  aws_lambda_function: { nulls: 'code_signing_config_arn description filename image_uri kms_key_arn layers replace_security_groups_on_destroy replacement_security_group_ids s3_object_version timeouts', computed: 'architectures arn code_sha256 id invoke_arn last_modified qualified_arn qualified_invoke_arn signing_job_arn signing_profile_version source_code_hash source_code_size tags_all version', sensitive: { ...TAGGED, ...LISTS('architectures', 'environment', 'vpc_config') } },
  aws_iam_role: { nulls: 'description permissions_boundary', computed: 'arn create_date id inline_policy managed_policy_arns name_prefix tags_all unique_id', sensitive: { ...TAGGED, ...LISTS('inline_policy', 'managed_policy_arns') } },
  aws_iam_role_policy_attachment: { computed: 'id' },
  aws_s3_bucket: { nulls: 'timeouts', computed: 'acceleration_status acl arn bucket_domain_name bucket_prefix bucket_regional_domain_name cors_rule grant hosted_zone_id id lifecycle_rule logging object_lock_configuration policy region replication_configuration request_payer server_side_encryption_configuration tags_all versioning website website_domain website_endpoint', sensitive: { ...TAGGED, ...LISTS('cors_rule', 'grant', 'lifecycle_rule', 'logging', 'replication_configuration', 'server_side_encryption_configuration', 'versioning', 'website') } },
  aws_cloudwatch_log_group: { nulls: 'kms_key_id', computed: 'arn id log_group_class name_prefix tags_all', sensitive: TAGGED },
};

const ZONES = ['a', 'b', 'c'];
const COUNTED_MACHINES = 12;
const NAMED_MACHINES = ['bastion', 'build', 'jobs', 'metrics', 'search', 'scheduler'];

/**
 * @param distinct true: each machine has a group of its own, with rules like no other's. Default:
 *   the machines of a tier share theirs, as they do in most projects.
 */
export function awsEstate(distinct = false): Estate {
  return { provider: 'registry.terraform.io/hashicorp/aws', schemas: SCHEMAS, network: (index) => network(index, distinct) };
}

function network(index: number, distinct: boolean): readonly Block[] {
  const octet = index % 250;
  const tags = (name: string) => ({ Name: `${name}-${index}`, team: `team-${index % 17}`, environment: 'prod' });
  const vpc = { vpc_id: link('aws_vpc.this') };
  const toVpc = { vpc_id: to('aws_vpc.this') };
  const rule = (port: number, cidr: string) => ({ cidr_blocks: [cidr], description: 'egress', from_port: port, ipv6_cidr_blocks: [], prefix_list_ids: [], protocol: 'tcp', security_groups: [], self: false, to_port: port });
  const subnets = (tier: string, place: number) => many('aws_subnet', tier, 3, (zone) => ({
    ...vpc, cidr_block: `10.${octet}.${place * 16 + zone}.0/24`, availability_zone: `us-east-1${ZONES[zone] as string}`, assign_ipv6_address_on_creation: false, enable_dns64: false,
    enable_resource_name_dns_a_record_on_launch: false, enable_resource_name_dns_aaaa_record_on_launch: false, ipv6_native: false, map_public_ip_on_launch: false, tags: tags(`${tier}-${zone}`),
  }), toVpc);
  const associations = (tier: string, table: string, isCounted: boolean) => many('aws_route_table_association', tier, 3, (zone) => ({
    subnet_id: link(`aws_subnet.${tier}`, zone), route_table_id: isCounted ? link(table, zone) : link(table),
  }), { subnet_id: counted(`aws_subnet.${tier}`), route_table_id: isCounted ? counted(table) : to(table) });
  const group = (name: string) => one('aws_security_group', name, { ...vpc, name: `${name}-${index}`, description: name, revoke_rules_on_delete: false, tags: tags(name) }, toVpc);
  const machine = (name: string) => ({
    ami: 'ami-0123456789abcdef0', instance_type: 't3.micro', get_password_data: false, source_dest_check: true, user_data_replace_on_change: false, credit_specification: [], launch_template: [],
    metadata_options: [{ http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1 }], tags: tags(name),
  });
  const own = (at: number): Block => many('aws_security_group', 'machine', at, (each) => ({
    ...vpc, name: `machine-${index}-${each}`, description: 'machine', revoke_rules_on_delete: false, tags: tags(`machine-${each}`),
    egress: [rule(1024 + ((index * 31 + each) % 60_000), '0.0.0.0/0'), rule(443, `${1 + ((index + each) % 9)}.${index % 256}.${each}.0/24`)],
  }), toVpc);
  return [
    one('aws_vpc', 'this', { cidr_block: `10.${octet}.0.0/16`, enable_dns_support: true, instance_tenancy: 'default', tags: tags('vpc') }, { cidr_block: ['var.cidr'] }),
    one('aws_internet_gateway', 'this', { ...vpc, tags: tags('igw') }, toVpc),
    subnets('public', 0), subnets('private', 1), subnets('data', 2),
    many('aws_eip', 'nat', 3, (zone) => ({ domain: 'vpc', tags: tags(`nat-${zone}`) })),
    many('aws_nat_gateway', 'this', 3, (zone) => ({ connectivity_type: 'public', allocation_id: link('aws_eip.nat', zone), subnet_id: link('aws_subnet.public', zone), tags: tags(`nat-${zone}`) }), { allocation_id: counted('aws_eip.nat'), subnet_id: counted('aws_subnet.public') }),
    one('aws_route_table', 'public', { ...vpc, tags: tags('public') }, toVpc),
    many('aws_route_table', 'private', 3, (zone) => ({ ...vpc, tags: tags(`private-${zone}`) }), toVpc),
    one('aws_route_table', 'data', { ...vpc, tags: tags('data') }, toVpc),
    one('aws_route', 'public', { route_table_id: link('aws_route_table.public'), destination_cidr_block: '0.0.0.0/0', gateway_id: link('aws_internet_gateway.this') }, { route_table_id: to('aws_route_table.public'), gateway_id: to('aws_internet_gateway.this') }),
    many('aws_route', 'private', 3, (zone) => ({ route_table_id: link('aws_route_table.private', zone), destination_cidr_block: '0.0.0.0/0', nat_gateway_id: link('aws_nat_gateway.this', zone) }), { route_table_id: counted('aws_route_table.private'), nat_gateway_id: counted('aws_nat_gateway.this') }),
    associations('public', 'aws_route_table.public', false), associations('private', 'aws_route_table.private', true), associations('data', 'aws_route_table.data', false),
    group('balancer'), group('app'), group('worker'), group('database'),
    one('aws_vpc_security_group_egress_rule', 'app', { security_group_id: link('aws_security_group.app'), cidr_ipv4: '0.0.0.0/0', description: 'https', from_port: 443, ip_protocol: 'tcp', to_port: 443, tags_all: {} }, { security_group_id: to('aws_security_group.app') }),
    one('aws_vpc_security_group_egress_rule', 'worker', { security_group_id: link('aws_security_group.worker'), cidr_ipv4: '0.0.0.0/0', description: 'all', from_port: null, ip_protocol: '-1', to_port: null, tags_all: {} }, { security_group_id: to('aws_security_group.worker') }),
    one('aws_vpc_security_group_ingress_rule', 'app', { security_group_id: link('aws_security_group.app'), referenced_security_group_id: link('aws_security_group.balancer'), description: 'balancer', from_port: 8443, ip_protocol: 'tcp', to_port: 8443, tags_all: {} }, { security_group_id: to('aws_security_group.app'), referenced_security_group_id: to('aws_security_group.balancer') }),
    one('aws_vpc_security_group_ingress_rule', 'database', { security_group_id: link('aws_security_group.database'), referenced_security_group_id: link('aws_security_group.app'), description: 'app', from_port: 5432, ip_protocol: 'tcp', to_port: 5432, tags_all: {} }, { security_group_id: to('aws_security_group.database'), referenced_security_group_id: to('aws_security_group.app') }),
    ...(distinct ? [own(COUNTED_MACHINES + NAMED_MACHINES.length)] : []),
    many('aws_instance', 'app', COUNTED_MACHINES, (at) => ({ ...machine(`app-${at}`), subnet_id: link('aws_subnet.private', at % 3), vpc_security_group_ids: [distinct ? link('aws_security_group.machine', at) : link('aws_security_group.app')] }), { subnet_id: counted('aws_subnet.private'), vpc_security_group_ids: distinct ? counted('aws_security_group.machine') : to('aws_security_group.app') }),
    ...NAMED_MACHINES.map((name, at) => one('aws_instance', name, { ...machine(name), subnet_id: link('aws_subnet.private', at % 3), vpc_security_group_ids: [distinct ? link('aws_security_group.machine', COUNTED_MACHINES + at) : link('aws_security_group.worker')] }, { subnet_id: to('aws_subnet.private', at % 3), vpc_security_group_ids: distinct ? to('aws_security_group.machine', COUNTED_MACHINES + at) : to('aws_security_group.worker') })),
    one('aws_lb', 'this', { name: `balancer-${index}`, load_balancer_type: 'application', internal: true, subnets: [0, 1, 2].map((zone) => link('aws_subnet.private', zone)), security_groups: [link('aws_security_group.balancer')], access_logs: [], connection_logs: [], drop_invalid_header_fields: false, enable_deletion_protection: false, enable_http2: true, idle_timeout: 60, tags: tags('balancer') }, { subnets: ['aws_subnet.private'], security_groups: to('aws_security_group.balancer') }),
    one('aws_db_subnet_group', 'this', { name: `db-${index}`, description: 'Managed by Terraform', subnet_ids: [0, 1, 2].map((zone) => link('aws_subnet.data', zone)), tags: tags('db') }, { subnet_ids: ['aws_subnet.data'] }),
    one('aws_db_instance', 'this', { allocated_storage: 20, apply_immediately: false, auto_minor_version_upgrade: true, copy_tags_to_snapshot: false, engine: 'postgres', identifier: `db-${index}`, instance_class: 'db.t3.micro', db_subnet_group_name: link('aws_db_subnet_group.this', undefined, 'name'), vpc_security_group_ids: [link('aws_security_group.database')], publicly_accessible: false, skip_final_snapshot: false, username: 'app', tags: tags('db') }, { db_subnet_group_name: to('aws_db_subnet_group.this', undefined, 'name'), vpc_security_group_ids: to('aws_security_group.database') }),
    many('aws_lambda_function', 'job', 2, (at) => ({ function_name: `job-${index}-${at}`, handler: 'index.handler', memory_size: 128, package_type: 'Zip', publish: false, reserved_concurrent_executions: -1, runtime: 'nodejs20.x', s3_bucket: 'code', s3_key: 'job.zip', skip_destroy: false, timeout: 3, role: link('aws_iam_role.this', at, 'arn'), environment: [{ variables: { LEVEL: 'info' } }], vpc_config: [{ ipv6_allowed_for_dual_stack: false, subnet_ids: [0, 1, 2].map((zone) => link('aws_subnet.private', zone)), security_group_ids: [link('aws_security_group.worker')] }], tags: tags(`job-${at}`) }), { role: counted('aws_iam_role.this'), vpc_config: { subnet_ids: ['aws_subnet.private'], security_group_ids: to('aws_security_group.worker') } }),
    many('aws_iam_role', 'this', 6, (at) => ({ assume_role_policy: '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}],"Version":"2012-10-17"}', force_detach_policies: false, max_session_duration: 3600, name: `role-${index}-${at}`, path: '/', tags: tags(`role-${at}`) })),
    many('aws_iam_role_policy_attachment', 'this', 6, (at) => ({ policy_arn: 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy', role: link('aws_iam_role.this', at, 'name') }), { role: counted('aws_iam_role.this') }),
    many('aws_s3_bucket', 'this', 4, (at) => ({ bucket: `acme-${index}-${at}`, force_destroy: false, object_lock_enabled: false, tags: tags(`bucket-${at}`) })),
    many('aws_cloudwatch_log_group', 'this', 4, (at) => ({ name: `/acme/${index}/${at}`, retention_in_days: 400, skip_destroy: false, tags: tags(`log-${at}`) })),
  ];
}
