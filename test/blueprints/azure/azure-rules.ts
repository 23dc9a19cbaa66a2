/**
 * Azure's own rules, which no schema holds: names, priorities, counts, values and arguments that
 * belong or do not belong together.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 * https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits
 */
import type { SynthesizedStack } from '../../contract/observation';

type Config = Record<string, any>;

/** Letters, digits, `_`, `.`, `-`; begins with a letter or digit and ends with one or `_`. */
const NETWORK = /^[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9_])?$/;
const HYPHENS = /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/;

/** By type: shortest, longest, characters. */
const NAMES: Readonly<Record<string, readonly [number, number, RegExp]>> = {
  azurerm_firewall: [1, 56, NETWORK],
  azurerm_firewall_policy: [1, 80, NETWORK],
  azurerm_firewall_policy_rule_collection_group: [1, 80, NETWORK],
  azurerm_ip_group: [1, 80, NETWORK],
  azurerm_kubernetes_cluster: [1, 63, /^[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$/],
  azurerm_log_analytics_workspace: [4, 63, HYPHENS],
  azurerm_management_lock: [1, 90, /^[a-zA-Z0-9._()-]*[a-zA-Z0-9_()-]$/],
  azurerm_monitor_diagnostic_setting: [1, 260, /^[^<>*%&:?+/\\]+$/],
  azurerm_monitor_private_link_scope: [1, 255, /^[a-zA-Z0-9._()-]*[a-zA-Z0-9_()-]$/],
  azurerm_monitor_private_link_scoped_service: [1, 255, /^[a-zA-Z0-9._()-]*[a-zA-Z0-9_()-]$/],
  azurerm_nat_gateway: [1, 80, NETWORK],
  azurerm_network_security_group: [1, 80, NETWORK],
  azurerm_network_watcher_flow_log: [1, 80, NETWORK],
  azurerm_private_dns_zone: [1, 63, /^([a-z0-9_-]+\.){1,33}[a-z0-9-]+$/],
  azurerm_private_dns_zone_virtual_network_link: [1, 80, NETWORK],
  azurerm_private_endpoint: [2, 64, NETWORK],
  azurerm_public_ip: [1, 80, NETWORK],
  azurerm_resource_group: [1, 90, /^[a-zA-Z0-9._()-]*[a-zA-Z0-9_()-]$/],
  azurerm_resource_group_template_deployment: [1, 64, /^[a-zA-Z0-9._()-]+$/],
  azurerm_route_table: [1, 80, NETWORK],
  azurerm_storage_account: [3, 24, /^[a-z0-9]+$/],
  azurerm_subnet: [1, 80, NETWORK],
  azurerm_subnet_service_endpoint_storage_policy: [1, 80, NETWORK],
  azurerm_user_assigned_identity: [3, 128, /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/],
  azurerm_virtual_network: [2, 64, NETWORK],
  azurerm_virtual_network_peering: [1, 80, NETWORK],
};
/** Types that have no name of their own. */
const NAMELESS = [
  'azurerm_nat_gateway_public_ip_association', 'azurerm_role_assignment', 'azurerm_subnet_nat_gateway_association', 'azurerm_subnet_network_security_group_association',
  'azurerm_subnet_route_table_association', 'azurerm_virtual_network_dns_servers',
];

/** By `type.path`: what the provider takes, in its own spelling. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  'azurerm_firewall.sku_name': ['AZFW_VNet', 'AZFW_Hub'],
  'azurerm_firewall.sku_tier': ['Basic', 'Standard', 'Premium'],
  'azurerm_firewall_policy.sku': ['Basic', 'Standard', 'Premium'],
  'azurerm_firewall_policy.threat_intelligence_mode': ['Alert', 'Deny', 'Off'],
  'azurerm_firewall_policy.intrusion_detection.mode': ['Off', 'Alert', 'Deny'],
  'azurerm_firewall_policy.identity.type': ['UserAssigned'],
  'azurerm_firewall_policy_rule_collection_group.application_rule_collection.action': ['Allow', 'Deny'],
  'azurerm_firewall_policy_rule_collection_group.network_rule_collection.action': ['Allow', 'Deny'],
  'azurerm_firewall_policy_rule_collection_group.application_rule_collection.rule.protocols.type': ['Http', 'Https', 'Mssql'],
  'azurerm_kubernetes_cluster.sku_tier': ['Free', 'Standard', 'Premium'],
  'azurerm_kubernetes_cluster.automatic_upgrade_channel': ['patch', 'rapid', 'node-image', 'stable'],
  'azurerm_kubernetes_cluster.node_os_upgrade_channel': ['NodeImage', 'None', 'SecurityPatch', 'Unmanaged'],
  'azurerm_kubernetes_cluster.network_profile.network_plugin': ['azure', 'kubenet', 'none'],
  'azurerm_kubernetes_cluster.network_profile.network_plugin_mode': ['overlay'],
  'azurerm_kubernetes_cluster.network_profile.network_policy': ['calico', 'azure', 'cilium'],
  'azurerm_kubernetes_cluster.network_profile.network_data_plane': ['azure', 'cilium'],
  'azurerm_kubernetes_cluster.network_profile.outbound_type': ['loadBalancer', 'userDefinedRouting', 'managedNATGateway', 'userAssignedNATGateway', 'none'],
  'azurerm_kubernetes_cluster.network_profile.load_balancer_sku': ['basic', 'standard'],
  'azurerm_log_analytics_workspace.sku': ['PerGB2018'],
  'azurerm_management_lock.lock_level': ['CanNotDelete', 'ReadOnly'],
  'azurerm_monitor_diagnostic_setting.log_analytics_destination_type': ['Dedicated', 'AzureDiagnostics'],
  'azurerm_monitor_private_link_scope.ingestion_access_mode': ['Open', 'PrivateOnly'],
  'azurerm_monitor_private_link_scope.query_access_mode': ['Open', 'PrivateOnly'],
  'azurerm_nat_gateway.sku_name': ['Standard'],
  'azurerm_network_security_group.security_rule.access': ['Allow', 'Deny'],
  'azurerm_network_security_group.security_rule.direction': ['Inbound', 'Outbound'],
  'azurerm_network_security_group.security_rule.protocol': ['*', 'Tcp', 'Udp', 'Icmp', 'Ah', 'Esp'],
  'azurerm_network_watcher_flow_log.version': [1, 2],
  'azurerm_network_watcher_flow_log.traffic_analytics.interval_in_minutes': [10, 60],
  'azurerm_public_ip.sku': ['Standard', 'StandardV2', 'Basic'],
  'azurerm_public_ip.allocation_method': ['Static', 'Dynamic'],
  'azurerm_resource_group_template_deployment.deployment_mode': ['Complete', 'Incremental'],
  'azurerm_role_assignment.principal_type': ['User', 'Group', 'ServicePrincipal'],
  'azurerm_role_assignment.role_definition_name': ['Private DNS Zone Contributor', 'Network Contributor'],
  'azurerm_route_table.route.next_hop_type': ['VirtualNetworkGateway', 'VnetLocal', 'Internet', 'VirtualAppliance', 'None'],
  'azurerm_storage_account.account_kind': ['BlobStorage', 'BlockBlobStorage', 'FileStorage', 'Storage', 'StorageV2'],
  'azurerm_storage_account.account_tier': ['Standard', 'Premium'],
  'azurerm_storage_account.account_replication_type': ['LRS', 'ZRS', 'GRS', 'RAGRS', 'GZRS', 'RAGZRS'],
  'azurerm_storage_account.min_tls_version': ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3'],
  'azurerm_storage_account.network_rules.default_action': ['Allow', 'Deny'],
  'azurerm_subnet.private_endpoint_network_policies': ['Disabled', 'Enabled', 'NetworkSecurityGroupEnabled', 'RouteTableEnabled'],
  'azurerm_subnet_service_endpoint_storage_policy.definition.service': ['Microsoft.Storage', 'Global'],
};

const list = (value: unknown): readonly any[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const given = (config: Config, ...keys: readonly string[]) => keys.filter((key) => list(config[key]).length > 0);

export function ruleProblems(stack: SynthesizedStack): readonly string[] {
  const problems: string[] = [];
  for (const [type, instances] of Object.entries(stack.resource ?? {})) {
    const names = new Set<string>();
    for (const [id, config] of Object.entries<Config>(instances)) {
      const add = (what: string) => problems.push(`${type}.${id}: ${what}`);
      nameProblems(type, config, names).forEach(add);
      for (const [path, allowed] of Object.entries(VALUES)) {
        const [of, ...steps] = path.split('.');
        if (of === type) for (const value of valuesAt(config, steps)) if (!allowed.includes(value)) add(`${path} is ${JSON.stringify(value)}, not one of ${allowed.join(', ')}`);
      }
      (RULES[type]?.(config, stack) ?? []).forEach(add);
      if (Object.keys(config.tags ?? {}).length > 15) add('more than 15 tags');
      if (config.location !== undefined && !/^[a-z]+\d?$/.test(config.location)) add(`location ${config.location}`);
    }
  }
  return problems;
}

function nameProblems(type: string, { name, ...config }: Config, taken: Set<string>): readonly string[] {
  const rule = NAMES[type];
  if (!rule) return NAMELESS.includes(type) ? (name === undefined ? [] : ['has a name']) : ['no rule for its name'];
  const [shortest, longest, characters] = rule;
  const parent = [config.virtual_network_name, config.private_dns_zone_name, config.firewall_policy_id, config.target_resource_id, config.scope, config.resource_group_name].find((each) => each !== undefined) ?? '';
  const key = `${parent}/${name}`.toLowerCase();
  const twice = taken.has(key);
  taken.add(key);
  return [
    ...(name.length < shortest || name.length > longest ? [`name '${name}' has ${name.length} characters, not ${shortest} to ${longest}`] : []),
    ...(characters.test(name) ? [] : [`name '${name}' has characters that it may not have`]),
    ...(twice ? [`name '${name}' is there twice`] : []),
  ];
}

function valuesAt(config: any, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (step === undefined) return [config];
  return list(config?.[step]).flatMap((each) => valuesAt(each, rest));
}

const RULES: Readonly<Record<string, (config: Config, stack: SynthesizedStack) => readonly string[]>> = {
  azurerm_network_security_group: ({ security_rule }) => {
    const rules: readonly Config[] = list(security_rule);
    const problems = rules.length > 1000 ? [`${rules.length} rules`] : [];
    const seen = new Set<string>();
    for (const rule of rules) {
      const at = `rule '${rule.name}'`;
      for (const key of [`${rule.direction} ${rule.priority}`, `name ${rule.name}`.toLowerCase()]) {
        if (seen.has(key)) problems.push(`${at}: ${key} is there twice`);
        seen.add(key);
      }
      if (!(Number.isInteger(rule.priority) && rule.priority >= 100 && rule.priority <= 4096)) problems.push(`${at}: priority ${rule.priority}`);
      if (rule.name.length > 80 || !NETWORK.test(rule.name)) problems.push(`${at}: its name`);
      if ((rule.description ?? '').length > 140) problems.push(`${at}: a description of ${rule.description.length} characters`);
      for (const pair of [['source_port_range', 'source_port_ranges'], ['destination_port_range', 'destination_port_ranges'],
        ['source_address_prefix', 'source_address_prefixes'], ['destination_address_prefix', 'destination_address_prefixes']] as const) {
        if (given(rule, ...pair).length !== 1) problems.push(`${at}: ${pair.join(' or ')}, one of the two`);
        const several = list(rule[pair[1]]);
        if (several.includes('*') || (pair[1].includes('address') && several.some((each) => !/^[\d./]+$/.test(each)))) problems.push(`${at}: a tag or * in a list`);
      }
    }
    return problems;
  },
  azurerm_route_table: ({ route }) => {
    const routes: readonly Config[] = list(route);
    return [
      ...(routes.length > 400 ? [`${routes.length} routes`] : []),
      ...routes.filter((each) => (each.next_hop_type === 'VirtualAppliance') !== (list(each.next_hop_in_ip_address).length > 0)).map((each) => `route '${each.name}': an address with VirtualAppliance and with nothing else`),
      ...(new Set(routes.map((each) => each.address_prefix)).size < routes.length ? ['two routes for one prefix'] : []),
    ];
  },
  azurerm_firewall_policy_rule_collection_group: (config, stack) => {
    const problems: string[] = [];
    const groups = Object.values<Config>(stack.resource!['azurerm_firewall_policy_rule_collection_group']!).filter((group) => group.firewall_policy_id === config.firewall_policy_id);
    if (groups.length > 60) problems.push(`${groups.length} groups in one policy`);
    if (groups.filter((group) => group.priority === config.priority).length > 1) problems.push(`priority ${config.priority} is there twice`);
    const collections: readonly Config[] = ['application', 'network', 'nat'].flatMap((layer) => list(config[`${layer}_rule_collection`]));
    if (collections.length === 0) problems.push('no collection');
    for (const priority of [config.priority, ...collections.map((each) => each.priority)]) if (!(priority >= 100 && priority <= 65_000)) problems.push(`priority ${priority}`);
    if (new Set(collections.map(({ priority }) => priority)).size < collections.length) problems.push('two collections of one priority');
    if (new Set(collections.map(({ name }) => name)).size < collections.length) problems.push('two collections of one name');
    if (JSON.stringify(config).length > 2_000_000) problems.push('more than 2 MB');
    for (const rule of list(config.application_rule_collection).flatMap(({ rule: rules }) => list(rules))) {
      if (given(rule, 'source_addresses', 'source_ip_groups').length !== 1) problems.push(`rule '${rule.name}': one kind of source`);
      if (given(rule, 'destination_fqdns', 'destination_fqdn_tags', 'destination_urls', 'web_categories').length !== 1) problems.push(`rule '${rule.name}': one kind of destination`);
      for (const { port } of list(rule.protocols)) if (!(port >= 0 && port <= 64_000)) problems.push(`rule '${rule.name}': port ${port}`);
      for (const fqdn of list(rule.destination_fqdns)) if (fqdn !== '*' && !/^(\*\.)?([a-z0-9_-]+\.)+[a-z0-9-]+$/.test(fqdn)) problems.push(`rule '${rule.name}': ${fqdn}`);
      if (list(rule.protocols).length === 0) problems.push(`rule '${rule.name}': no protocol`);
    }
    for (const rule of list(config.network_rule_collection).flatMap(({ rule: rules }) => list(rules))) {
      if (given(rule, 'source_addresses', 'source_ip_groups').length !== 1) problems.push(`rule '${rule.name}': one kind of source`);
      if (given(rule, 'destination_addresses', 'destination_ip_groups', 'destination_fqdns').length !== 1) problems.push(`rule '${rule.name}': one kind of destination`);
    }
    return problems;
  },
  azurerm_firewall_policy: ({ sku, dns, threat_intelligence_mode: mode, intrusion_detection: intrusion, tls_certificate: tls, identity }) => [
    ...(sku === 'Basic' && dns !== undefined ? ['a Basic policy takes no dns'] : []),
    ...(sku === 'Basic' && mode === 'Deny' ? ['a Basic policy only alerts'] : []),
    ...(sku !== 'Premium' && (intrusion !== undefined || tls !== undefined) ? ['belongs to Premium'] : []),
    ...((tls === undefined) !== (identity === undefined) ? ['a certificate and an identity belong together'] : []),
  ],
  azurerm_firewall: (config) => {
    const configurations: readonly Config[] = list(config.ip_configuration);
    return [
      ...(configurations.filter((each) => each.subnet_id).length === 1 ? [] : ['one configuration has the subnet']),
      ...(config.sku_tier === 'Basic' && list(config.management_ip_configuration).length === 0 ? ['Basic needs a management configuration'] : []),
      ...(configurations.some((each) => !each.public_ip_address_id) && list(config.management_ip_configuration).length === 0 ? ['without a public address, a management configuration is needed'] : []),
      ...(configurations.length > 250 ? ['more than 250 addresses'] : []),
      ...(new Set(configurations.map(({ name }) => name)).size < configurations.length ? ['two configurations of one name'] : []),
      ...(config.dns_servers !== undefined || config.threat_intel_mode !== undefined ? ['with a policy, the policy says it'] : []),
    ];
  },
  azurerm_ip_group: ({ cidrs }) => (list(cidrs).length >= 1 && list(cidrs).length <= 5_000 ? [] : [`${list(cidrs).length} blocks`]),
  azurerm_public_ip: ({ sku, allocation_method: method }) => (sku === 'Standard' && method !== 'Static' ? ['a Standard address is static'] : []),
  azurerm_subnet: ({ name, address_prefixes: prefixes, service_endpoints: endpoints, service_endpoint_policy_ids: policies }) => [
    ...(/^AzureFirewall/.test(name) && !list(prefixes).every((prefix) => Number(prefix.split('/')[1]) <= 26) ? ['is smaller than /26'] : []),
    ...(list(prefixes).length === 1 ? [] : ['one prefix']),
    ...(list(endpoints).length > 0 && list(policies).length === 0 ? ['a service endpoint without a policy'] : []),
  ],
  azurerm_network_watcher_flow_log: ({ retention_policy: retention }) => list(retention).filter(({ days }) => !(days >= 0 && days <= 365)).map(({ days }) => `${days} days`),
  azurerm_log_analytics_workspace: ({ retention_in_days: days }) => (days >= 30 && days <= 730 ? [] : [`${days} days`]),
  azurerm_private_endpoint: (config) => [
    ...list(config.private_service_connection).filter((each) => given(each, 'private_connection_resource_id', 'private_connection_resource_alias').length !== 1).map(() => 'one of id and alias'),
    ...(config.custom_network_interface_name.length <= 80 && NETWORK.test(config.custom_network_interface_name) ? [] : [`interface ${config.custom_network_interface_name}`]),
    ...list(config.private_service_connection).filter(({ name }) => name.length > 80).map(({ name }) => `connection ${name}`),
  ],
  azurerm_nat_gateway: ({ idle_timeout_in_minutes: minutes, zones }) => [...(minutes >= 4 && minutes <= 120 ? [] : [`${minutes} minutes`]), ...(list(zones).length <= 1 ? [] : ['more than one zone'])],
  azurerm_subnet_service_endpoint_storage_policy: ({ definition }) => (list(definition).length <= 2 ? [] : ['more than two definitions']),
  azurerm_resource_group_template_deployment: ({ template_content: template, parameters_content: parameters }) => {
    const { resources, parameters: declared } = JSON.parse(template);
    return [
      ...(template.length > 4_000_000 ? ['more than 4 MB'] : []),
      ...(resources.length > 800 ? ['more than 800 resources'] : []),
      ...(Object.keys(declared).sort().join() === Object.keys(JSON.parse(parameters)).sort().join() ? [] : ['parameters that are not declared']),
      ...resources.flatMap((each: Config) => [
        ...each.name.split('/').filter((part: string) => part.length > 80 || !NETWORK.test(part)).map((part: string) => `name ${part}`),
        ...(each.type.split('/').length - 1 === each.name.split('/').length ? [] : [`${each.type} named ${each.name}`]),
        ...list(each.properties.domains).filter((domain: string) => !domain.endsWith('.')).map((domain: string) => `domain ${domain}`),
        ...(each.properties.domains && each.properties.domains.length === 0 ? ['an empty list'] : []),
        ...(each.properties.priority === undefined || (each.properties.priority >= 100 && each.properties.priority <= 65_000) ? [] : [`priority ${each.properties.priority}`]),
      ]),
    ];
  },
  azurerm_kubernetes_cluster: (config) => {
    const [pool] = list(config.default_node_pool);
    const [network] = list(config.network_profile);
    return [
      ...(given(config, 'dns_prefix', 'dns_prefix_private_cluster').length === 1 ? [] : ['one of dns_prefix and dns_prefix_private_cluster']),
      ...(config.dns_prefix_private_cluster && !(config.private_cluster_enabled && config.private_dns_zone_id) ? ['a private prefix needs a private zone'] : []),
      ...(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,52}[a-zA-Z0-9])?$/.test(config.dns_prefix_private_cluster) ? [] : [`prefix ${config.dns_prefix_private_cluster}`]),
      ...(config.node_resource_group.length <= 80 ? [] : [`node resource group ${config.node_resource_group}`]),
      ...([pool.name, pool.temporary_name_for_rotation].every((name) => /^[a-z][a-z0-9]{0,11}$/.test(name)) ? [] : [`pool ${pool.name}`]),
      ...(pool.auto_scaling_enabled && pool.min_count <= pool.max_count && pool.node_count === undefined ? [] : ['the numbers of nodes']),
      ...(network.network_policy === 'cilium' && network.network_data_plane !== 'cilium' ? ['cilium belongs to its data plane'] : []),
      ...(network.network_data_plane === 'cilium' && !(network.network_plugin === 'azure' && (network.network_plugin_mode === 'overlay' || pool.pod_subnet_id)) ? ['cilium needs an overlay'] : []),
      ...(network.service_cidr && !network.dns_service_ip ? ['service_cidr and dns_service_ip belong together'] : []),
      ...(list(config.identity)[0]?.type === 'UserAssigned' ? [] : ['a private zone needs an identity of its own']),
      ...(config.local_account_disabled && list(config.azure_active_directory_role_based_access_control).length === 0 ? ['without local accounts, Entra has to be there'] : []),
    ];
  },
};
