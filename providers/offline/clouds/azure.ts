/** How Azure names what it makes: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
import { type ObjectValue, type Value } from '../wire/cty';
import { refusedByAzure } from './azure-order';
import { address, CERTIFICATE, type CloudRules, draw, hex, objects, type Subject, type Surroundings, text, uuid } from './cloud';

const GROUP = '/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}';
const NETWORK = `${GROUP}/providers/Microsoft.Network`;

/** Paths below a resource group; absolute ones start with a name in braces or a slash. */
const IDS: { readonly [type: string]: string } = {
  azurerm_resource_group: '/subscriptions/{subscription_id}/resourceGroups/{name}',
  azurerm_subnet: `${NETWORK}/virtualNetworks/{virtual_network_name}/subnets/{name}`,
  azurerm_virtual_network_peering: `${NETWORK}/virtualNetworks/{virtual_network_name}/virtualNetworkPeerings/{name}`,
  azurerm_virtual_network_dns_servers: '{virtual_network_id}/dnsServers/default',
  azurerm_route: `${NETWORK}/routeTables/{route_table_name}/routes/{name}`,
  azurerm_network_security_rule: `${NETWORK}/networkSecurityGroups/{network_security_group_name}/securityRules/{name}`,
  azurerm_firewall: `${NETWORK}/azureFirewalls/{name}`,
  azurerm_firewall_application_rule_collection: `${NETWORK}/azureFirewalls/{azure_firewall_name}/applicationRuleCollections/{name}`,
  azurerm_firewall_network_rule_collection: `${NETWORK}/azureFirewalls/{azure_firewall_name}/networkRuleCollections/{name}`,
  azurerm_firewall_nat_rule_collection: `${NETWORK}/azureFirewalls/{azure_firewall_name}/natRuleCollections/{name}`,
  azurerm_firewall_policy_rule_collection_group: '{firewall_policy_id}/ruleCollectionGroups/{name}',
  azurerm_public_ip: `${NETWORK}/publicIPAddresses/{name}`, azurerm_public_ip_prefix: `${NETWORK}/publicIPPrefixes/{name}`,
  azurerm_private_dns_zone: `${NETWORK}/privateDnsZones/{name}`,
  azurerm_private_dns_zone_virtual_network_link: `${NETWORK}/privateDnsZones/{private_dns_zone_name}/virtualNetworkLinks/{name}`,
  azurerm_private_dns_a_record: `${NETWORK}/privateDnsZones/{zone_name}/A/{name}`,
  azurerm_private_dns_resolver: `${NETWORK}/dnsResolvers/{name}`,
  azurerm_private_dns_resolver_dns_forwarding_ruleset: `${NETWORK}/dnsForwardingRulesets/{name}`,
  azurerm_ip_group: `${NETWORK}/ipGroups/{name}`, azurerm_network_watcher_flow_log: `${NETWORK}/networkWatchers/{network_watcher_name}/flowLogs/{name}`,
  azurerm_network_ddos_protection_plan: `${NETWORK}/ddosProtectionPlans/{name}`, azurerm_virtual_wan: `${NETWORK}/virtualWans/{name}`,
  azurerm_virtual_hub_routing_intent: '{virtual_hub_id}/routingIntent/{name}', azurerm_subnet_service_endpoint_storage_policy: `${NETWORK}/serviceEndpointPolicies/{name}`,
  azurerm_subnet_network_security_group_association: '{subnet_id}', azurerm_subnet_route_table_association: '{subnet_id}', azurerm_subnet_nat_gateway_association: '{subnet_id}',
  azurerm_nat_gateway_public_ip_association: '{nat_gateway_id}|{public_ip_address_id}', azurerm_nat_gateway_public_ip_prefix_association: '{nat_gateway_id}|{public_ip_prefix_id}',
  azurerm_log_analytics_workspace: `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/{name}`, azurerm_monitor_diagnostic_setting: '{target_resource_id}|{name}',
  azurerm_storage_account: `${GROUP}/providers/Microsoft.Storage/storageAccounts/{name}`, azurerm_storage_account_network_rules: '{storage_account_id}',
  azurerm_key_vault: `${GROUP}/providers/Microsoft.KeyVault/vaults/{name}`, azurerm_container_registry: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/{name}`,
  azurerm_kubernetes_cluster: `${GROUP}/providers/Microsoft.ContainerService/managedClusters/{name}`, azurerm_kubernetes_cluster_node_pool: '{kubernetes_cluster_id}/agentPools/{name}',
  azurerm_user_assigned_identity: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}`, azurerm_linux_virtual_machine: `${GROUP}/providers/Microsoft.Compute/virtualMachines/{name}`,
  azurerm_role_assignment: '{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid}',
};

/** Changes of these make a new resource, beyond name, place and parent. Source: `ForceNew` in the provider. */
const REPLACED_BY: { readonly [type: string]: readonly string[] } = {
  azurerm_firewall: ['zones', 'sku_name', 'management_ip_configuration'], azurerm_firewall_policy: ['sku'], azurerm_public_ip: ['sku', 'sku_tier', 'zones', 'ip_version', 'domain_name_label_scope'],
  azurerm_nat_gateway: ['zones', 'sku_name'], azurerm_private_endpoint: ['subnet_id', 'private_service_connection'], azurerm_private_dns_zone_virtual_network_link: ['virtual_network_id'],
  azurerm_virtual_network_peering: ['remote_virtual_network_id'], azurerm_storage_account: ['account_kind', 'is_hns_enabled', 'account_replication_type'], azurerm_monitor_diagnostic_setting: ['target_resource_id'],
  azurerm_subnet_network_security_group_association: ['subnet_id', 'network_security_group_id'], azurerm_subnet_route_table_association: ['subnet_id', 'route_table_id'],
  azurerm_subnet_nat_gateway_association: ['subnet_id', 'nat_gateway_id'], azurerm_nat_gateway_public_ip_association: ['nat_gateway_id', 'public_ip_address_id'],
  azurerm_role_assignment: ['*'], azurerm_management_lock: ['*'], azurerm_monitor_private_link_scoped_service: ['linked_resource_id', 'scope_name'], azurerm_firewall_policy_rule_collection_group: ['firewall_policy_id'], azurerm_virtual_hub_routing_intent: ['virtual_hub_id'],
};

const PARENTS = ['name', 'location', 'resource_group_name', 'virtual_network_name', 'route_table_name', 'network_security_group_name', 'private_dns_zone_name', 'zone_name', 'network_watcher_name', 'edge_zone'];

/** The rules of `hashicorp/azurerm`. */
export const AZURE: CloudRules = {
  ids: IDS,
  defaultId: (type) => `${NETWORK}/${collection(type)}/{name}`,
  defaults: (name, surroundings) => ({ subscription_id: subscription(surroundings), tenant_id: tenant(surroundings) })[name],
  replaces: (type, attribute) => PARENTS.includes(attribute) || REPLACED_BY[type]?.some((name) => name === attribute || name === '*') === true,
  refuses: (what, type, values, memory) => (what === 'make' && IDS[type]?.includes('{uuid}') ? undefined : refusedByAzure(what, type, values, memory)),
  dataSources: {
    azurerm_kubernetes_cluster: ({ self, surroundings }) => {
      const name = text(self['name']) ?? 'offline';
      const host = `https://${name}-${hex(8, name)}.privatelink.${text(self['location']) ?? 'westeurope'}.azmk8s.io:443`;
      const id = `/subscriptions/${subscription(surroundings)}/resourceGroups/${text(self['resource_group_name']) ?? name}/providers/Microsoft.ContainerService/managedClusters/${name}`;
      return { id, name, kube_config: [{ host, cluster_ca_certificate: CERTIFICATE, client_certificate: '', client_key: '', username: '', password: '' }] };
    },
    azurerm_client_config: ({ surroundings }) => ({
      id: Buffer.from(`clientConfigs/${subscription(surroundings)}`).toString('base64'),
      subscription_id: subscription(surroundings), tenant_id: tenant(surroundings), client_id: uuid('client'), object_id: uuid('object'),
    }),
    azurerm_subscription: ({ self, surroundings }) => {
      const id = text(self['subscription_id']) ?? subscription(surroundings);
      return { id: `/subscriptions/${id}`, subscription_id: id, display_name: 'offline', state: 'Enabled', tenant_id: tenant(surroundings), quota_id: 'PayAsYouGo_2014-09-01', spending_limit: 'Off', location_placement_id: 'Public_2014-09-01', tags: {} };
    },
    azurerm_resource_group: ({ self, surroundings }) => ({ id: `/subscriptions/${subscription(surroundings)}/resourceGroups/${text(self['name']) ?? ''}`, location: 'westeurope', tags: {}, managed_by: '' }),
  },
  values: {
    tenant_id: ({ surroundings }) => tenant(surroundings),
    'azurerm_firewall.private_ip_address': (subject) => addressIn(subject, subject.self['subnet_id']),
    'azurerm_private_endpoint.private_ip_address': (subject) => addressIn(subject, subject.self['subnet_id']),
    'azurerm_private_endpoint.network_interface': ({ self }) => [{ id: `${text(self['id'])?.replace(/\/privateEndpoints\/.*/, '') ?? ''}/networkInterfaces/${text(self['name']) ?? ''}.nic`, name: `${text(self['name']) ?? ''}.nic` }],
    'azurerm_public_ip.ip_address': ({ seed }) => address('public', seed), 'azurerm_public_ip_prefix.ip_prefix': ({ seed }) => `${address('public', seed).replace(/\d+$/, '0')}/28`,
    'azurerm_storage_account.primary_blob_endpoint': 'https://{name}.blob.core.windows.net/', 'azurerm_storage_account.primary_blob_host': '{name}.blob.core.windows.net',
    'azurerm_key_vault.vault_uri': 'https://{name}.vault.azure.net/', 'azurerm_log_analytics_workspace.workspace_id': '{uuid}',
    'azurerm_private_dns_a_record.fqdn': '{name}.{zone_name}.', 'azurerm_subnet.address_prefixes': () => [],
  },
};

function subscription({ config }: Surroundings): string {
  return text(config['subscription_id']) ?? '00000000-0000-0000-0000-000000000000';
}

function tenant({ config }: Surroundings): string {
  return text(config['tenant_id']) ?? uuid('tenant');
}

/** `azurerm_route_table` -> `routeTables`. */
function collection(type: string): string {
  const camel = type.replace(/^azurerm_/, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return /[^aeiou]y$/.test(camel) ? `${camel.slice(0, -1)}ies` : `${camel}s`;
}

/** An address in the resource's subnet when the subnet is known: .4 is the first that Azure hands out. */
function addressIn({ type, self, seed, surroundings }: Subject, subnetId: Value | undefined): Value {
  const inBlock = objects(self['ip_configuration']).map((block) => block['subnet_id']).find((id) => text(id) !== undefined);
  const known: ObjectValue | undefined = surroundings.memory.get(text(subnetId ?? null) ?? text(inBlock ?? null) ?? '')?.values;
  const prefix = known?.['address_prefixes'];
  const first = Array.isArray(prefix) ? text(prefix[0]) : undefined;
  if (first === undefined) return address('private', seed);
  const [network = ''] = first.split('/');
  const host = type === 'azurerm_firewall' ? 4 : 5 + draw(10, seed);
  return network.replace(/\d+$/, (last) => String(Number(last) + host));
}
