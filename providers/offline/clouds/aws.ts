/** How AWS names what it makes: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
import { isObject, isWhollyKnown, type ObjectValue, type Value } from '../wire/cty';
import { AWS_DATA_SOURCES, awsAccount, awsRegion } from './aws-data';
import { address, type CloudRules, hex, objects, strings, type Subject, text } from './cloud';

/** Prefixes of ids such as `vpc-0abc…`; also used for attributes that hold such an id. */
const ID_PREFIXES: { readonly [type: string]: string } = {
  aws_vpc: 'vpc', aws_default_vpc: 'vpc', aws_subnet: 'subnet', aws_default_subnet: 'subnet', aws_security_group: 'sg', aws_default_security_group: 'sg',
  aws_security_group_rule: 'sgrule', aws_vpc_security_group_ingress_rule: 'sgr', aws_vpc_security_group_egress_rule: 'sgr',
  aws_route_table: 'rtb', aws_default_route_table: 'rtb', aws_route_table_association: 'rtbassoc', aws_main_route_table_association: 'rtbassoc',
  aws_internet_gateway: 'igw', aws_egress_only_internet_gateway: 'eigw', aws_nat_gateway: 'nat', aws_eip: 'eipalloc', aws_eip_association: 'eipassoc',
  aws_vpc_endpoint: 'vpce', aws_vpc_endpoint_service: 'vpce-svc', aws_network_acl: 'acl', aws_default_network_acl: 'acl', aws_network_acl_association: 'aclassoc',
  aws_flow_log: 'fl', aws_network_interface: 'eni', aws_instance: 'i', aws_launch_template: 'lt', aws_ebs_volume: 'vol',
  aws_ec2_transit_gateway: 'tgw', aws_ec2_transit_gateway_vpc_attachment: 'tgw-attach', aws_ec2_transit_gateway_route_table: 'tgw-rtb',
  aws_ec2_managed_prefix_list: 'pl', aws_vpc_dhcp_options: 'dopt', aws_default_vpc_dhcp_options: 'dopt', aws_vpc_peering_connection: 'pcx',
  aws_vpc_ipv4_cidr_block_association: 'vpc-cidr-assoc', aws_route53_resolver_firewall_domain_list: 'rslvr-fdl', aws_route53_resolver_firewall_rule_group: 'rslvr-frg',
  aws_route53_resolver_firewall_rule_group_association: 'rslvr-frgassoc', aws_route53_resolver_firewall_config: 'rslvr-fc', aws_route53_resolver_rule: 'rslvr-rr',
  aws_route53_resolver_rule_association: 'rslvr-rrassoc', aws_route53_resolver_query_log_config: 'rqlc', aws_route53_resolver_query_log_config_association: 'rqlca',
  aws_route53_resolver_endpoint: 'rslvr-out', aws_route53_resolver_dnssec_config: 'rdsc',
};

const ATTRIBUTE_PREFIXES: readonly [suffix: string, prefix: string][] = [
  ['security_group_rule_id', 'sgr'], ['security_group_id', 'sg'], ['route_table_id', 'rtb'], ['network_acl_id', 'acl'], ['network_interface_id', 'eni'],
  ['dhcp_options_id', 'dopt'], ['prefix_list_id', 'pl'], ['subnet_id', 'subnet'], ['vpc_id', 'vpc'], ['allocation_id', 'eipalloc'], ['association_id', 'eipassoc'],
  ['endpoint_id', 'vpce'], ['instance_id', 'i'],
];

const ARN = 'arn:aws:{service}:{region}:{account}';

/** The networkfirewall part of an ARN is the id itself; names and paths identify the rest. */
const IDS: { readonly [type: string]: string } = {
  ...Object.fromEntries(Object.entries(ID_PREFIXES).map(([type, prefix]) => [type, `${prefix}-{hex17}`])),
  aws_route: 'r-{route_table_id}{hex10}',
  aws_networkfirewall_firewall: 'arn:aws:network-firewall:{region}:{account}:firewall/{name}',
  aws_networkfirewall_firewall_policy: 'arn:aws:network-firewall:{region}:{account}:firewall-policy/{name}',
  aws_networkfirewall_rule_group: 'arn:aws:network-firewall:{region}:{account}:stateful-rulegroup/{name}',
  aws_networkfirewall_tls_inspection_configuration: 'arn:aws:network-firewall:{region}:{account}:tls-configuration/{name}',
  aws_networkfirewall_logging_configuration: '{firewall_arn}', aws_networkfirewall_resource_policy: '{resource_arn}',
  aws_kms_key: '{uuid}', aws_kms_alias: '{name}', aws_iam_role: '{name}', aws_iam_role_policy: '{role}:{name}', aws_iam_instance_profile: '{name}',
  aws_iam_policy: 'arn:aws:iam::{account}:policy/{name}', aws_iam_role_policy_attachment: '{role}-{hex12}',
  aws_cloudwatch_log_group: '{name}', aws_s3_bucket: '{bucket}', aws_s3_bucket_public_access_block: '{bucket}', aws_s3_bucket_policy: '{bucket}',
  aws_s3_bucket_versioning: '{bucket}', aws_s3_bucket_server_side_encryption_configuration: '{bucket}',
  aws_route53_resolver_firewall_rule: '{firewall_rule_group_id}:{firewall_domain_list_id}',
  aws_route53_zone: 'Z{hex20}', aws_route53_record: '{zone_id}_{name}_{type}', aws_vpc_endpoint_policy: '{vpc_endpoint_id}',
  aws_vpc_endpoint_route_table_association: 'a-{hex10}', aws_vpc_endpoint_subnet_association: 'a-{hex10}',
  aws_lb: 'arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{hex16}', aws_eks_cluster: '{name}', aws_ecr_repository: '{name}',
};

const LOCAL_SERVICES = /^aws_(vpc|default|subnet|security_group|route_table|route$|nat_gateway|eip|internet_gateway|egress_only|network_acl|network_interface|flow_log|ec2|instance|launch_template|ebs)/;

/** Names that do change in place; nearly all other AWS names are part of the ARN and do not. */
const RENAMED_IN_PLACE = /^aws_(route53_resolver_(endpoint|rule|firewall_rule_group_association|firewall_rule)|ec2_managed_prefix_list|autoscaling_group|launch_template)$/;

/** `ForceNew` in the provider's source, for the types of a network. */
const REPLACED_BY: { readonly [type: string]: readonly string[] } = {
  aws_vpc: ['cidr_block', 'ipv4_ipam_pool_id', 'ipv4_netmask_length'],
  aws_subnet: ['cidr_block', 'availability_zone', 'availability_zone_id', 'vpc_id', 'ipv6_native', 'outpost_arn'],
  aws_security_group: ['description', 'vpc_id', 'name_prefix'],
  aws_security_group_rule: ['*'], aws_vpc_security_group_ingress_rule: ['security_group_id'], aws_vpc_security_group_egress_rule: ['security_group_id'],
  aws_route_table: ['vpc_id'], aws_route_table_association: ['subnet_id', 'gateway_id'],
  aws_route: ['route_table_id', 'destination_cidr_block', 'destination_ipv6_cidr_block', 'destination_prefix_list_id'],
  aws_nat_gateway: ['allocation_id', 'subnet_id', 'connectivity_type', 'private_ip'],
  aws_eip: ['domain', 'address', 'public_ipv4_pool', 'network_border_group'],
  aws_vpc_endpoint: ['vpc_id', 'service_name', 'vpc_endpoint_type', 'service_region'],
  aws_flow_log: ['vpc_id', 'subnet_id', 'eni_id', 'traffic_type', 'log_destination', 'log_destination_type', 'log_format', 'iam_role_arn', 'max_aggregation_interval'],
  aws_networkfirewall_firewall: ['vpc_id'], aws_networkfirewall_rule_group: ['capacity', 'type'], aws_networkfirewall_logging_configuration: ['firewall_arn'],
  aws_network_acl: ['vpc_id'], aws_s3_bucket: ['bucket', 'bucket_prefix'], aws_network_interface: ['subnet_id'], aws_instance: ['ami', 'subnet_id', 'availability_zone'],
  aws_route53_resolver_firewall_rule_group_association: ['firewall_rule_group_id', 'vpc_id'], aws_route53_resolver_firewall_rule: ['firewall_rule_group_id', 'firewall_domain_list_id'],
  aws_route53_resolver_query_log_config: ['destination_arn'], aws_route53_resolver_query_log_config_association: ['resource_id', 'resolver_query_log_config_id'],
  aws_route53_resolver_firewall_config: ['resource_id'], aws_vpc_ipv4_cidr_block_association: ['cidr_block', 'vpc_id'], aws_main_route_table_association: [],
};

/** The rules of `hashicorp/aws`. */
export const AWS: CloudRules = {
  ids: IDS,
  defaultId: (type, self) => (text(self['name']) === undefined ? `${type.replace(/^aws_/, '').replace(/_/g, '-')}-{hex17}` : '{name}'),
  dataSources: AWS_DATA_SOURCES,
  follows: { aws_networkfirewall_firewall: { firewall_status: ['subnet_mapping'], update_token: ['subnet_mapping', 'firewall_policy_arn'] } },
  replaces: (type, attribute) =>
    attribute === 'region' || REPLACED_BY[type]?.some((name) => name === attribute || name === '*') === true ||
    (attribute === 'name' && !RENAMED_IN_PLACE.test(type)),
  defaults: (name, surroundings) => ({ region: awsRegion(surroundings), account: awsAccount(surroundings), service: 'ec2' })[name],
  planned: (_, planned, { config }) => ('tags_all' in planned ? { ...planned, tags_all: mergedTags(planned['tags'], config) } : planned),
  values: {
    arn: (subject) => arnOf(subject),
    region: ({ surroundings }) => awsRegion(surroundings),
    owner_id: ({ surroundings }) => awsAccount(surroundings),
    availability_zone: ({ surroundings, seed }) => `${awsRegion(surroundings)}${'abc'.charAt(Number.parseInt(hex(4, seed), 16) % 3)}`,
    'aws_networkfirewall_firewall.firewall_status': (subject) => firewallStatus(subject),
    'aws_networkfirewall_firewall.update_token': '{uuid}', 'aws_networkfirewall_firewall_policy.update_token': '{uuid}', 'aws_networkfirewall_rule_group.update_token': '{uuid}',
    'aws_vpc_endpoint.dns_entry': (subject) => endpointNames(subject),
    'aws_vpc_endpoint.network_interface_ids': ({ self }) => strings(self['subnet_ids']).map((subnet) => `eni-${hex(17, String(self['id']), subnet)}`),
    'aws_vpc_endpoint.state': () => 'available', 'aws_vpc_endpoint.vpc_endpoint_type': () => 'Gateway',
    'aws_vpc_endpoint.prefix_list_id': ({ self }) => (self['vpc_endpoint_type'] === 'Interface' ? null : `pl-${hex(8, String(self['service_name']))}`),
    'aws_nat_gateway.public_ip': ({ self, surroundings }) => surroundings.memory.get(text(self['allocation_id']) ?? '')?.values['public_ip'] ?? (self['connectivity_type'] === 'private' ? '' : undefined),
    'aws_eip.public_ip': ({ seed }) => address('public', seed), 'aws_eip.allocation_id': '{id}',
    'aws_vpc.enable_dns_support': () => true, 'aws_vpc.instance_tenancy': () => 'default',
    'aws_route.origin': () => 'CreateRoute', 'aws_route.state': () => 'active',
    'aws_kms_key.key_id': '{id}', 'aws_route53_zone.zone_id': '{id}', 'aws_s3_bucket.bucket_domain_name': '{bucket}.s3.amazonaws.com',
    'aws_s3_bucket.bucket_regional_domain_name': '{bucket}.s3.{region}.amazonaws.com', 'aws_vpc_security_group_egress_rule.security_group_rule_id': '{id}',
    'aws_vpc_security_group_ingress_rule.security_group_rule_id': '{id}',
    '*': (subject, attribute) => prefixedId(subject, attribute),
  },
};

/** `tags_all` is the provider's default tags below the resource's own; the provider merges them when planning. */
function mergedTags(tags: Value | undefined, config: ObjectValue): Value {
  const defaults = objects(config['default_tags']).map((block) => block['tags']);
  const merged = [...defaults, tags].reduce<ObjectValue>((all, more) => ({ ...all, ...(isObject(more) ? more : {}) }), {});
  return tags === undefined || tags === null || isWhollyKnown(tags) ? merged : tags;
}

function arnOf({ type, self, surroundings }: Subject): string {
  const id = text(self['id']) ?? '';
  if (id.startsWith('arn:')) return id;
  const [, service = '', ...rest] = type.replace('route53_resolver', 'route53resolver_resolver').split('_');
  const kind = LOCAL_SERVICES.test(type) ? type.replace(/^aws_(default_|ec2_)?/, '') : rest.join('_');
  const path = kind.replace(/_/g, '-').replace('eip', 'elastic-ip').replace('nat-gateway', 'natgateway').replace(/^resolver-(?=firewall)/, '');
  if (type === 'aws_s3_bucket') return `arn:aws:s3:::${id}`;
  if (service === 'iam') return `arn:aws:iam::${awsAccount(surroundings)}:${path}/${id}`;
  if (type === 'aws_cloudwatch_log_group') return `arn:aws:logs:${awsRegion(surroundings)}:${awsAccount(surroundings)}:log-group:${id}`;
  const head = ARN.replace('{service}', LOCAL_SERVICES.test(type) ? 'ec2' : service).replace('{region}', awsRegion(surroundings)).replace('{account}', awsAccount(surroundings));
  return `${head}:${path}/${id}`;
}

function prefixedId({ self, seed }: Subject, attribute: string): Value | undefined {
  const prefix = ATTRIBUTE_PREFIXES.find(([suffix]) => attribute.endsWith(suffix))?.[1];
  // One id per kind and owner: a VPC's main and default route table are the same table.
  return prefix === undefined ? undefined : `${prefix}-${hex(17, text(self['id']) ?? seed, prefix)}`;
}

/** One endpoint per subnet, in the subnet's own zone when the subnet is known, else in the next free zone. */
function firewallStatus({ self, seed, surroundings }: Subject): Value {
  const subnets = objects(self['subnet_mapping']).map((mapping) => text(mapping['subnet_id']) ?? '').sort();
  const zones = subnets.map((subnet) => text(surroundings.memory.get(subnet)?.values['availability_zone']));
  const free = [...'abcdef'].map((letter) => `${awsRegion(surroundings)}${letter}`).filter((zone) => !zones.includes(zone));
  const states = subnets.map((subnet, index) => ({
    availability_zone: zones[index] ?? free.shift() ?? `${awsRegion(surroundings)}a`,
    attachment: [{ endpoint_id: `vpce-${hex(17, seed, subnet)}`, subnet_id: subnet }],
  }));
  return [{ sync_states: states, transit_gateway_attachment_sync_states: [] }];
}

/** Gateway endpoints have no names; interface endpoints have a regional one and one per zone, of which the first is enough here. */
function endpointNames({ self, surroundings }: Subject): Value {
  // com.amazonaws.us-east-1.ecr.api is api.ecr in names.
  const service = (text(self['service_name']) ?? '').split('.').slice(3).reverse().join('.');
  if (self['vpc_endpoint_type'] !== 'Interface') return [];
  return [{ dns_name: `${text(self['id']) ?? ''}-${hex(8, text(self['id']) ?? '')}.${service}.${awsRegion(surroundings)}.vpce.amazonaws.com`, hosted_zone_id: `Z${hex(13, service).toUpperCase()}` }];
}
