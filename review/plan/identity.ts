/**
 * Attributes by which other resources know a resource: what a plan whose values are known can be
 * joined on. Facts of the providers, the same for every plan.
 */

/** Attributes whose value is the resource itself, anywhere in the world. */
export const IDENTITIES: readonly string[] = ['id', 'arn', 'self_link'];

/** Names: the resource itself within some account, group or project; two resources may share one. */
export const NAMES: readonly string[] = ['name', 'identifier', 'bucket', 'function_name', 'cluster_name', 'email', 'network_name'];

/** Attributes that stand for the resource, so that what they are made of is not what a reference to them means. */
export const OWN_NAMES: ReadonlySet<string> = new Set([...IDENTITIES, ...NAMES]);

/**
 * What a resource makes besides itself, and hands out by id: the default group of a VPC, the
 * endpoints of a firewall. `*` is every element of a list.
 */
export const HANDED_OUT: Readonly<Record<string, readonly string[]>> = {
  aws_default_vpc: ['default_network_acl_id', 'default_route_table_id', 'default_security_group_id', 'main_route_table_id'],
  aws_ec2_transit_gateway: ['association_default_route_table_id', 'propagation_default_route_table_id'],
  aws_ec2_transit_gateway_peering_attachment: ['transit_gateway_attachment_id'],
  aws_eip: ['allocation_id'],
  aws_eks_cluster: ['vpc_config.*.cluster_security_group_id'],
  aws_instance: ['primary_network_interface_id'],
  aws_nat_gateway: ['network_interface_id'],
  aws_network_interface: ['attachment.*.attachment_id'],
  aws_networkfirewall_firewall: ['firewall_status.*.sync_states.*.attachment.*.endpoint_id', 'firewall_status.*.transit_gateway_attachment_sync_states.*.attachment_id'],
  aws_networkfirewall_vpc_endpoint_association: ['vpc_endpoint_association_status.*.association_sync_state.*.attachment.*.endpoint_id'],
  aws_vpc: ['default_network_acl_id', 'default_route_table_id', 'default_security_group_id', 'main_route_table_id'],
  aws_vpc_endpoint: ['network_interface_ids.*', 'prefix_list_id'],
  azurerm_virtual_network: ['subnet.*.id'],
  google_compute_instance_group_manager: ['instance_group'],
  google_compute_region_instance_group_manager: ['instance_group'],
  google_container_cluster: ['endpoint'],
};

/**
 * Attributes that AWS, Azure and Google let people write as blocks. A plan of HCL lists the
 * references of all their static blocks together, and those of dynamic blocks not at all.
 */
export const BLOCK_ATTRIBUTES: ReadonlySet<string> = new Set(['egress', 'ingress', 'route', 'security_rule', 'subnet']);

/** Blocks of Google's provider that its schema has as lists: a plan keeps them in the order of the source. */
const GOOGLE_LISTS: ReadonlySet<string> = new Set([
  'network_interface', 'network_interfaces', 'access_config', 'node_pool', 'additional_node_network_configs', 'target_secure_tag', 'target_secure_tags',
]);

/** True for blocks of which the n-th of the source is the n-th of the plan. Of all others nobody tells. */
export function keepsOrder(type: string, block: string): boolean {
  if (!type.startsWith('google_')) return false;
  return GOOGLE_LISTS.has(block) || (block === 'rule' && type.endsWith('_policy_with_rules'));
}

/** What Google's names begin with. */
const OWNERS = ['/projects/', '/organizations/'];

/**
 * One spelling per identity: Google writes the same network as
 * `https://www.googleapis.com/compute/v1/projects/p/global/networks/n` and as `projects/p/…`,
 * what is an organization's likewise, and Azure's ids do not heed case.
 */
export function canonicalIdentity(text: string): string {
  if (text.startsWith('https://')) {
    for (const owner of OWNERS) {
      const at = text.indexOf(owner);
      if (at > 0 && text.slice(0, at).includes('.googleapis.com')) return withoutNumber(text.slice(at + 1));
    }
    return text;
  }
  if (text.startsWith('//')) {
    for (const owner of OWNERS) if (text.includes(`.googleapis.com${owner}`)) return text.slice(text.indexOf(owner) + 1);
  }
  return text.startsWith('/') ? text.toLowerCase() : text;
}

/** `self_link_unique` of an instance template says which of those that had its name. */
function withoutNumber(link: string): string {
  const at = link.indexOf('?uniqueId=');
  return at < 0 ? link : link.slice(0, at);
}

/** Data sources that compute or describe, and never give the id of a resource that somebody made. */
const NO_SEARCH = /(_policy_document|_region|_regions|_partition|_caller_identity|_availability_zones?|_canonical_user_id|_service_principal|_client_config|_project|_ami|_image|_zones|_location|_arn)$/;

/** Data sources that hand on whatever somebody put there. */
const HANDS_ON = /^(terraform_remote_state|external|http|null_data_source)$|_(ssm_parameter|ssm_parameters_by_path|secretsmanager_secret_version|cloudformation_export|cloudformation_stack|resourcegroupstaggingapi_resources)$|^azurerm_resources$/;

/** True for a data source that finds nothing itself: an output of another state, a parameter that somebody wrote. */
export function isHandedOn(dataType: string): boolean {
  return HANDS_ON.test(dataType);
}

/**
 * True when a data source may lead to a resource of one of the types, inside or outside of the
 * file: `aws_subnets` leads to `aws_subnet`. Without types: to any resource.
 */
export function isSearch(dataType: string, types?: readonly string[]): boolean {
  if (NO_SEARCH.test(dataType)) return false;
  return !types || HANDS_ON.test(dataType) || types.some((type) => type.startsWith(dataType) || findsMany(dataType, type));
}

/** Of Azure a longer name is that of another kind: `azurerm_firewall_policy` finds no `azurerm_firewall`, as `azurerm_public_ips` finds `azurerm_public_ip`. */
function findsMany(dataType: string, type: string): boolean {
  return dataType.startsWith(type) && (!dataType.startsWith('azurerm_') || dataType === `${type}s`);
}

/** True for an id that AWS gives: `subnet-0123456789abcdef0`. */
export function isAwsIdentity(text: string): boolean {
  return /^[a-z]{1,20}(-[a-z]{1,20})*-([0-9a-f]{8}|[0-9a-f]{17})$/.test(text);
}

/** True for a text that can hardly be anything but some resource's id. */
export function looksLikeIdentity(text: string): boolean {
  return /^([a-z]{1,20}-[0-9a-f]{8,17}|arn:.+|\/subscriptions\/.+|(https:\/\/www\.googleapis\.com\/.*)?projects\/.+)$/.test(text);
}
