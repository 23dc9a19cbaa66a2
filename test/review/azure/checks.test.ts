/** Each check against a stack that breaks it and one that does not. The mutations of the contract suite break the others: see `own-stack.test.ts`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../../blueprints/policy/model';
import { azureChecks } from '../../../review/checks/azure';
import { mutations } from '../../contract/azure.observer';
import { fixture, policyOf } from '../../fixtures/stacks';
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, networkRule, openNetwork, route, rule, subnet, type Blocks } from './small-stack';

interface Pair {
  readonly violating: object;
  readonly compliant: object;
  /** What the plans should match. Default: nobody says. */
  readonly policy?: Policy;
  readonly today?: string;
}

const SUBNET = '${azurerm_subnet.app.id}';
const listed = { application_rule_collection: [hosts('Allow', ['api.example.com']), hosts('Deny', ['*'], 65000, '*')] };
const withHosts = (...names: readonly string[]) => guardedNetwork({ application_rule_collection: [hosts('Allow', names), hosts('Deny', ['*'], 65000, '*')] });
const cluster = (more: Record<string, any>) => closedNetwork({ azurerm_kubernetes_cluster: { main: { name: 'main', default_node_pool: { vnet_subnet_id: SUBNET }, ...more } } });
const closedCluster = (more: Record<string, any>) => cluster({
  private_cluster_enabled: true, private_dns_zone_id: '${azurerm_private_dns_zone.k.id}', local_account_disabled: true, network_profile: { outbound_type: 'userDefinedRouting', network_policy: 'cilium' },
  azure_active_directory_role_based_access_control: { admin_group_object_ids: ['22222222-2222-2222-2222-222222222222'] }, ...more,
});
/** A zone of the plan answers for the domain of an allowed host, in the network of the firewall. */
const answered = (more: Blocks) => guardedNetwork(listed, {
  azurerm_private_dns_zone: { own: { name: 'example.com' } },
  azurerm_private_dns_zone_virtual_network_link: { own: { private_dns_zone_name: '${azurerm_private_dns_zone.own.name}', virtual_network_id: '${azurerm_virtual_network.main.id}' } }, ...more,
});
const app = (more: Record<string, any>) => closedNetwork({ azurerm_linux_function_app: { main: { name: 'main', ...more } } });
const served = (more: Record<string, any>) => closedNetwork({ azurerm_servicebus_namespace: { main: { name: 'main', ...more } }, azurerm_private_endpoint: { main: { name: 'main', subnet_id: SUBNET, private_service_connection: [{ private_connection_resource_id: '${azurerm_servicebus_namespace.main.id}' }] } } });
const vault = (more: Record<string, any>) => closedNetwork({ azurerm_key_vault: { main: { name: 'main', ...more } } });
const networks = (...names: readonly string[]): Blocks[string] => Object.fromEntries(names.map((name, index) => [name, { name, address_space: [`10.${index + 20}.0.0/16`] }]));
const peering = (from: string, to: string) => ({ virtual_network_name: `\${azurerm_virtual_network.${from}.name}`, remote_virtual_network_id: `\${azurerm_virtual_network.${to}.id}` });
const classic = (more: Record<string, any>) => guardedNetwork(listed, {
  azurerm_firewall_network_rule_collection: { old: { name: 'old', azure_firewall_name: 'main', priority: 100, action: 'Deny', rule: [], ...more } },
});

const forwarding = (server: object) => ({ all: { name: 'all', domain_name: '.', target_dns_servers: [server] }, off: { name: 'off', domain_name: 'x.', enabled: false, target_dns_servers: [{ ip_address: '1.1.1.1' }] } });
const namePolicy = (actionType: string, linked: boolean) => closedNetwork({
  azurerm_resource_group_template_deployment: {
    dns: {
      name: 'dns', deployment_mode: 'Incremental', parameters_content: JSON.stringify({ spokeNetworkId: { value: '${azurerm_virtual_network.main.id}' } }),
      template_content: JSON.stringify({
        parameters: { spokeNetworkId: { type: 'String' } },
        resources: [
          { type: 'Microsoft.Network/dnsResolverPolicies', name: 'dns', properties: {} },
          { type: 'Microsoft.Network/dnsResolverDomainLists', name: 'everything', properties: { domains: ['.'] } },
          { type: 'Microsoft.Network/dnsResolverPolicies/dnsSecurityRules', name: 'dns/rest', properties: { priority: 65000, action: { actionType }, dnsResolverDomainLists: [{ id: "[resourceId('Microsoft.Network/dnsResolverDomainLists', 'everything')]" }], dnsSecurityRuleState: 'Enabled' } },
          ...(linked ? [{ type: 'Microsoft.Network/dnsResolverPolicies/virtualNetworkLinks', name: 'dns/spoke', properties: { virtualNetwork: { id: "[parameters('spokeNetworkId')]" } } }] : []),
        ],
      }),
    },
  },
});
const sentOn = (more: Blocks) => guardedNetwork(listed, {
  azurerm_firewall: { main: { name: 'main', firewall_policy_id: '${azurerm_firewall_policy.main.id}', ip_configuration: { name: 'main', subnet_id: '${azurerm_subnet.firewall.id}' }, management_ip_configuration: { name: 'm', subnet_id: 's', public_ip_address_id: 'p' } } },
  azurerm_route_table: {
    app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '${azurerm_firewall.main.ip_configuration[0].private_ip_address}' }] },
    firewall: { name: 'firewall', bgp_route_propagation_enabled: false, route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.200.0.4' }] },
  },
  ...more,
});
const counted = (category: string) => closedNetwork({
  azurerm_network_security_group: { app: { name: 'app', tags: { segment: 'app' }, security_rule: finalDenies() } },
  azurerm_monitor_diagnostic_setting: { app: { target_resource_id: '${azurerm_network_security_group.app.id}', enabled_log: [{ category }] } },
});

const recordedIn = (subscription: string) => closedNetwork({ azurerm_monitor_diagnostic_setting: { app: { target_resource_id: '${azurerm_network_security_group.app.id}', enabled_log: [], log_analytics_workspace_id: `/subscriptions/0000000${subscription}-0000-0000-0000-000000000000/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central` } } });

/** A policy file with one segment. */
const text = (allow: string) => `organization: acme
allow:
${allow}segments:
  - { name: app, tier: private }
environments:
  - name: prod
    azure: { region: westeurope, cidr: 10.0.0.0/16, subscription: 00000000-0000-0000-0000-000000000000 }
`;
const api = '  - { host: api.example.com, from: [app], owner: team, reason: work }\n';
const plain = '  - { host: api.example.com, from: [app], protocol: http, owner: team, reason: work }\n';
const policy = (allow: string) => policyOf(text(allow)).policy;
const segment = (more: Record<string, any> = listed) => guardedNetwork(more, {
  azurerm_route_table: { app: { name: 'app', tags: { segment: 'app', tier: 'private' }, bgp_route_propagation_enabled: false, route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.0.0.4' }] } },
});
const only443 = { application_rule_collection: [{ ...hosts('Allow', ['api.example.com']), rule: [{ ...hosts('Allow', ['api.example.com']).rule[0], protocols: [{ type: 'Https', port: 443 }] }] }, hosts('Deny', ['*'], 65000, '*')] };
const nothing = { application_rule_collection: [hosts('Deny', ['*'], 65000, '*')] };

/** A segment's group with a rule of its own for the metadata service. */
const metadata = (more: Record<string, any>) => closedNetwork({
  azurerm_network_security_group: { app: { name: 'app', tags: { segment: 'app' }, security_rule: [rule({ name: 'metadata', destination_address_prefix: 'AzurePlatformIMDS', protocol: '*', destination_port_range: '*', ...more }), ...finalDenies()] } },
});
const premium = (intrusion_detection: object) => guardedNetwork(listed, { azurerm_firewall: { main: { name: 'main', sku_tier: 'Premium', firewall_policy_id: '${azurerm_firewall_policy.main.id}', ip_configuration: { name: 'main', subnet_id: '${azurerm_subnet.firewall.id}' } } }, azurerm_firewall_policy: { main: { name: 'main', threat_intelligence_mode: 'Deny', dns: { proxy_enabled: true }, intrusion_detection } } });
const inspecting = policyOf(text(api).replace('00000000-0000-0000-0000-000000000000 }', '00000000-0000-0000-0000-000000000000, firewall: { tier: Premium } }')).policy;
const withoutMetadata = policyOf(`organization: acme
segments:
  - { name: app, tier: private }
environments:
  - name: prod
    azure: { region: westeurope, cidr: 10.0.0.0/16, subscription: 00000000-0000-0000-0000-000000000000, withoutMetadata: [app] }
`).policy;

const PAIRS: Readonly<Record<string, Pair>> = {
  'open-egress': { violating: openNetwork(), compliant: closedNetwork() },
  'network-rule-defeats-application-rules': {
    violating: guardedNetwork({ ...listed, network_rule_collection: [networkRule({ destination_addresses: ['0.0.0.0/1', '128.0.0.0/1'] })] }),
    compliant: guardedNetwork({ ...listed, network_rule_collection: [networkRule({ destination_addresses: ['151.101.1.69'] })] }),
  },
  'classic-rules-ignored': { violating: classic({ azure_firewall_name: '${azurerm_firewall.main.name}' }), compliant: guardedNetwork(listed) },
  'peering-skips-inspection': {
    violating: guardedNetwork(listed, { azurerm_virtual_network: { ...networks('a', 'b'), main: { name: 'main', address_space: ['10.0.0.0/16'] } }, azurerm_virtual_network_peering: { ab: peering('a', 'b') } }),
    compliant: guardedNetwork(listed, { azurerm_virtual_network: { ...networks('a', 'b'), main: { name: 'main', address_space: ['10.0.0.0/16'] } }, azurerm_virtual_network_peering: { am: peering('a', 'main'), bm: peering('b', 'main') } }),
  },
  'perimeter-open': {
    violating: closedNetwork({ azurerm_network_security_perimeter_access_rule: { r: { name: 'r', direction: 'Inbound', address_prefixes: ['0.0.0.0/0'] } } }),
    compliant: closedNetwork({ azurerm_network_security_perimeter_access_rule: { r: { name: 'r', direction: 'Inbound', address_prefixes: ['20.1.2.0/28'] } } }),
  },
  'dns-forwarded-outside': { violating: closedNetwork({ azurerm_private_dns_resolver_forwarding_rule: forwarding({ ip_address: '8.8.8.8' }) }), compliant: closedNetwork({ azurerm_private_dns_resolver_forwarding_rule: forwarding({ ip_address: '192.168.0.53' }) }) },
  'dns-logs-missing': { violating: namePolicy('Block', true), compliant: { resource: { ...namePolicy('Block', true).resource, azurerm_monitor_diagnostic_setting: { dns: { target_resource_id: '${azurerm_resource_group.dns.id}/providers/Microsoft.Network/dnsResolverPolicies/dns', enabled_log: [{ category: 'DnsResponse' }] } } } } },
  'firewall-inspection-off': { violating: premium({ mode: 'Alert' }), compliant: premium({ mode: 'Deny' }), policy: inspecting },
  'dns-policy-open': { violating: namePolicy('Alert', true), compliant: namePolicy('Block', true) },
  'firewall-route-missing': { violating: sentOn({}), compliant: sentOn({ azurerm_subnet_route_table_association: { firewall: { subnet_id: '${azurerm_subnet.firewall.id}', route_table_id: '${azurerm_route_table.firewall.id}' } } }) },
  'group-counters-missing': { violating: counted('AllMetrics'), compliant: counted('NetworkSecurityGroupRuleCounter') },
  'database-public-access': { violating: closedNetwork({ azurerm_postgresql_flexible_server: { main: { name: 'main' } } }), compliant: closedNetwork({ azurerm_postgresql_flexible_server: { main: { name: 'main', delegated_subnet_id: SUBNET } }, azurerm_mssql_server: { main: { name: 'main', public_network_access_enabled: false } }, azurerm_mysql_flexible_server: { main: { public_network_access: 'Disabled' } } }) },
  'admin-rule-overrides-groups': {
    violating: closedNetwork({ azurerm_network_manager_admin_rule: { web: { name: 'web', action: 'AlwaysAllow', direction: 'Outbound' } } }),
    compliant: closedNetwork({ azurerm_network_manager_admin_rule: { web: { name: 'web', action: 'Allow', direction: 'Outbound' }, in: { name: 'in', action: 'AlwaysAllow', direction: 'Inbound' } } }),
  },
  'managed-service-egress': {
    violating: closedNetwork({ azurerm_eventgrid_event_subscription: { way: { name: 'way', scope: 's', webhook_endpoint: [{ url: 'https://hooks.example.net/events' }] } } }),
    compliant: closedNetwork({ azurerm_eventgrid_event_subscription: { way: { name: 'way', scope: 's', webhook_endpoint: [{ url: 'https://jobs.azurewebsites.net/events' }] }, queue: { name: 'queue', scope: 's', storage_queue_endpoint: [{ storage_account_id: '${azurerm_storage_account.a.id}', queue_name: 'q' }] } }, azurerm_storage_account: { a: { name: 'a' } }, azurerm_linux_web_app: { jobs: { name: 'Jobs' } } }),
  },
  'handed-out-by-role': { violating: closedNetwork({ azurerm_managed_disk: { d: { name: 'd' } } }), compliant: closedNetwork({ azurerm_managed_disk: { d: { name: 'd', public_network_access_enabled: false } } }) },
  'key-vault-public-access': { violating: vault({}), compliant: vault({ public_network_access_enabled: false }) },
  'aks-outbound-type': { violating: cluster({}), compliant: cluster({ network_profile: { outbound_type: 'userDefinedRouting' } }) },
  'aks-control-off': { violating: closedCluster({ local_account_disabled: false }), compliant: closedCluster({}), policy: policyOf(text(api).replace('environments:', 'privateServices: [kubernetes]\nenvironments:').replace('00000000-0000-0000-0000-000000000000 }', "00000000-0000-0000-0000-000000000000, kubernetes: { segment: app, adminGroups: ['22222222-2222-2222-2222-222222222222'] } }")).policy },
  'host-answered-here': { violating: answered({ azurerm_private_dns_a_record: { api: { name: 'api', zone_name: '${azurerm_private_dns_zone.own.name}', records: ['151.101.1.69'] } } }), compliant: answered({ azurerm_private_dns_a_record: { api: { name: 'api', zone_name: '${azurerm_private_dns_zone.own.name}', records: ['10.0.1.9'] }, other: { name: 'www', zone_name: '${azurerm_private_dns_zone.own.name}', records: ['151.101.1.69'] } } }) },
  'aks-command-invoke': { violating: cluster({ private_cluster_enabled: true }), compliant: cluster({ private_cluster_enabled: true, run_command_enabled: false }) },
  'aks-api-public': { violating: cluster({ private_cluster_enabled: false }), compliant: cluster({ private_cluster_enabled: true }) },
  'app-egress-not-routed': {
    violating: app({ virtual_network_subnet_id: SUBNET, site_config: { vnet_route_all_enabled: false } }),
    compliant: app({ virtual_network_subnet_id: SUBNET, site_config: { vnet_route_all_enabled: true } }),
  },
  'public-suffix-host': { violating: withHosts('*.azurewebsites.net'), compliant: withHosts('*.docker.io') },
  'wildcard-host': { violating: withHosts('*stripe.com'), compliant: withHosts('api.stripe.com') },
  'wide-group-egress': {
    violating: openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefixes: ['0.0.0.0/1', '128.0.0.0/1'] }), ...finalDenies()] } } }),
    compliant: withHosts('api.example.com'),
  },
  'service-public-access': { violating: served({}), compliant: served({ public_network_access_enabled: false }) },
  'published-service-open': {
    violating: closedNetwork({ azurerm_private_link_service: { s: { name: 's', auto_approval_subscription_ids: ['*'], visibility_subscription_ids: ['*'] } } }),
    compliant: closedNetwork({ azurerm_private_link_service: { s: { name: 's', visibility_subscription_ids: ['*'] }, named: { name: 'named', auto_approval_subscription_ids: ['00000000-0000-0000-0000-000000000001'] } } }),
  },
  'wide-group-ingress': {
    violating: openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ direction: 'Inbound', source_address_prefix: 'Internet', destination_address_prefix: '*', destination_port_ranges: ['20-30'], destination_port_range: null })] } } }),
    compliant: openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ direction: 'Inbound', source_address_prefix: 'Internet', destination_address_prefix: '*' })] } } }),
  },
  'plan-and-policy-disagree': { violating: segment(only443), compliant: segment(nothing), policy: policyOf(text('').replace('allow:\n', '')).policy },
  'ownerless-host': { violating: guardedNetwork(listed), compliant: guardedNetwork(nothing), policy: policyOf(fixture('full')).policy },
  'expired-host': { violating: segment(only443), compliant: segment(nothing), policy: policy(api.replace('reason: work', 'reason: work, expires: 2027-01-31')), today: '2027-02-01' },
  'metadata-open': { violating: metadata({ access: 'Allow' }), compliant: metadata({ access: 'Deny' }), policy: withoutMetadata },
  'nsg-final-deny-missing': { violating: openNetwork(), compliant: closedNetwork() },
  'default-route-missing': {
    violating: closedNetwork({ azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/1', 'None')] } } }),
    compliant: closedNetwork({ azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/1', 'None'), route('128.0.0.0/1', 'None')] } } }),
  },
  'data-internet-route': {
    violating: closedNetwork({ azurerm_route_table: { app: { name: 'app', tags: { tier: 'data', segment: 'ledger' }, bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'Internet')] } } }),
    compliant: closedNetwork({ azurerm_route_table: { app: { name: 'app', tags: { tier: 'data', segment: 'ledger' }, bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'None')] } } }),
  },
  'kubernetes-endpoints-incomplete': {
    violating: guardedNetwork(listed, { azurerm_kubernetes_cluster: { main: { name: 'main', default_node_pool: { vnet_subnet_id: SUBNET }, network_profile: { outbound_type: 'userDefinedRouting' } } } }),
    compliant: guardedNetwork({ application_rule_collection: [{ ...hosts('Allow', []), rule: [{ name: 'aks', source_addresses: ['10.0.1.0/24'], destination_fqdn_tags: ['AzureKubernetesService'], protocols: [{ type: 'Https', port: 443 }] }] }] },
      { azurerm_kubernetes_cluster: { main: { name: 'main', default_node_pool: { vnet_subnet_id: SUBNET }, network_profile: { outbound_type: 'userDefinedRouting' } } } }),
  },
  'subscription-not-pinned': { violating: { ...closedNetwork(), provider: { azurerm: [{ features: {} }] } }, compliant: closedNetwork() },
  'endpoint-of-another-party': {
    violating: closedNetwork({ azurerm_private_endpoint: { x: { name: 'x', subnet_id: SUBNET, private_service_connection: [{ name: 'x', is_manual_connection: true, private_connection_resource_alias: 'theirs.guid.westeurope.azure.privatelinkservice' }] } } }),
    compliant: closedNetwork({ azurerm_private_endpoint: { x: { name: 'x', subnet_id: SUBNET, private_service_connection: [{ name: 'x', is_manual_connection: false, private_connection_resource_id: '/subscriptions/1/own' }] } } }),
  },
  'way-out-elsewhere': {
    violating: closedNetwork({ azurerm_route: { way: { ...route('0.0.0.0/0', 'Internet'), route_table_name: 'rt-elsewhere' } } }),
    compliant: closedNetwork({ azurerm_route: { way: { ...route('10.0.0.0/8', 'Internet'), route_table_name: 'rt-elsewhere' }, none: { ...route('0.0.0.0/0', 'None'), route_table_name: 'rt-elsewhere' }, own: { ...route('0.0.0.0/0', 'Internet'), route_table_name: '${azurerm_route_table.app.name}' } } }),
  },
  'log-sink-elsewhere': { violating: recordedIn('1'), compliant: recordedIn('0'), policy: policy(api) },
  'service-endpoint-route': {
    violating: closedNetwork({ azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), service_endpoints: ['Microsoft.Storage'] } } }),
    compliant: closedNetwork(),
  },
};

test.each(Object.entries(PAIRS))('%s', (id, { violating, compliant, policy: given, today }) => {
  const found = review(violating, given, today).findings.filter(({ rule: found }) => found === id);
  expect(found.length).toBeGreaterThan(0);
  for (const { message, address } of found) {
    expect(message).toMatch(/\S/);
    expect(address).toMatch(/^azurerm_/);
  }
  expect(review(compliant, given, today).rules).not.toContain(id);
});

describe('a way out for a network that is not in the plan', () => {
  const id = (kind: string) => `/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/${kind}`;
  const told = (type: string, body: Record<string, any>) => review(closedNetwork({ [type]: { way: body } })).findings.filter(({ rule: found }) => found === 'way-out-elsewhere').map(({ severity = 'high' }) => severity);
  const security = (more: Record<string, any>) => ({ ...rule({ destination_address_prefix: 'Internet', ...more }), network_security_group_name: 'nsg-elsewhere' });
  const admin = (more: Record<string, any>) => ({ name: 'a', admin_rule_collection_id: id('networkManagers/m/ruleCollections/c'), action: 'AlwaysAllow', direction: 'Outbound', priority: 1, protocol: 'Any', destination: [{ address_prefix: '*', address_prefix_type: 'IPPrefix' }], ...more });
  const inGroup = (more: object) => ({ name: 'g', firewall_policy_id: id('firewallPolicies/p'), priority: 100, ...more });
  const classicRule = (more: object) => ({ name: 'c', azure_firewall_name: 'elsewhere', priority: 100, action: 'Allow', rule: [{ name: 'r', source_addresses: ['10.0.1.0/24'], ...more }] });

  test.each<[string, Record<string, any>, readonly string[]]>([
    ['azurerm_route', { ...route('Internet', 'Internet'), route_table_name: 'rt' }, ['high']],
    ['azurerm_route', { ...route('8.0.0.0/8', 'VirtualAppliance'), next_hop_in_ip_address: '10.0.0.4', route_table_name: 'rt' }, ['low']],
    ['azurerm_route', { ...route('0.0.0.0/0', 'VirtualNetworkGateway'), route_table_name: 'rt' }, ['medium']],
    ['azurerm_route', { ...route('0.0.0.0/0', '${var.hop}'), route_table_name: 'rt' }, ['high']],
    ['azurerm_route', { ...route('x', 'Internet'), address_prefix: '${var.prefix}', route_table_name: 'rt' }, ['high']],
    ['azurerm_route', { ...route('192.168.0.0/16', 'VirtualAppliance'), route_table_name: 'rt' }, []],
    ['azurerm_subnet_nat_gateway_association', { subnet_id: id('virtualNetworks/v/subnets/s'), nat_gateway_id: id('natGateways/n') }, ['high']],
    ['azurerm_subnet_nat_gateway_association', { subnet_id: SUBNET, nat_gateway_id: id('natGateways/n') }, []],
    ['azurerm_network_security_rule', security({}), ['medium']],
    ['azurerm_network_security_rule', security({ destination_address_prefix: '${var.where}' }), ['medium']],
    ['azurerm_network_security_rule', security({ destination_address_prefix: '151.101.1.69' }), []],
    ['azurerm_network_security_rule', security({ access: 'Deny' }), []],
    ['azurerm_network_security_rule', security({ direction: 'Inbound' }), []],
    ['azurerm_network_security_rule', { ...security({}), network_security_group_name: '${azurerm_network_security_group.app.name}' }, []],
    ['azurerm_network_manager_admin_rule', admin({}), ['high']],
    ['azurerm_network_manager_admin_rule', admin({ action: 'Allow' }), []],
    ['azurerm_firewall_policy_rule_collection_group', inGroup({ network_rule_collection: [networkRule({})] }), ['high']],
    ['azurerm_firewall_policy_rule_collection_group', inGroup({ application_rule_collection: [hosts('Allow', ['*'])] }), ['high']],
    ['azurerm_firewall_policy_rule_collection_group', inGroup({ application_rule_collection: [hosts('Allow', ['api.example.com'])], network_rule_collection: [networkRule({ destination_addresses: ['10.1.0.0/16'], destination_ports: ['*'] })] }), ['low']],
    ['azurerm_firewall_network_rule_collection', classicRule({ destination_addresses: ['*'], destination_ports: ['443'], protocols: ['TCP'] }), ['high']],
    ['azurerm_firewall_application_rule_collection', classicRule({ target_fqdns: ['api.example.com'], protocol: [{ type: 'Https', port: 443 }] }), ['low']],
  ])('%s %j', (type, body, expected) => expect(told(type, body)).toEqual(expected));
});

test.each<[string, string, string | undefined]>([
  ['an alias', 'example.com', 'files.example.org'], ['an alias of an allowed name', 'example.com', undefined], ['the zone of that name alone', 'api.example.com', '151.101.1.69'], ['a wildcard', 'example.com', '151.101.1.69'],
])('an allowed host is led elsewhere by %s', (what, zone, to) => {
  const record = { zone_name: '${azurerm_private_dns_zone.own.name}' };
  const stack = answered(what.startsWith('an alias') ? { azurerm_private_dns_cname_record: { r: { ...record, name: 'api', record: to ?? 'api.example.com' } } }
    : { azurerm_private_dns_a_record: { r: { ...record, name: what === 'a wildcard' ? '*' : '@', records: ['151.101.1.69', '10.0.0.9'] } } });
  stack.resource['azurerm_private_dns_zone'] = { own: { name: zone } };
  expect(review(stack).findings.filter(({ rule: id }) => id === 'host-answered-here').map(({ message }) => /leads to ([^:]+):/.exec(message)?.[1])).toEqual(to === undefined ? [] : [to]);
});

test.each<[string, boolean]>([['8.8.8.8', true], ['10.0.1.53', true], ['10.0.9.4', false]])('an interface that asks %s for names, in a network whose firewall resolves', (server, isTold) => {
  const ip_configuration = { subnet_id: SUBNET };
  const told = (more: Blocks) => review(guardedNetwork(listed, {
    azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'], dns_servers: ['${azurerm_firewall.main.ip_configuration[0].private_ip_address}'] } }, azurerm_subnet: { app: subnet('10.0.1.0/24'), firewall: { ...subnet('10.0.9.0/26'), name: 'AzureFirewallSubnet' } }, ...more,
  })).rules.includes('dns-bypasses-firewall');
  expect([told({ azurerm_network_interface: { n: { dns_servers: [server], ip_configuration } } }), told({ azurerm_linux_virtual_machine_scale_set: { n: { network_interface: [{ dns_servers: [server], ip_configuration: [ip_configuration] }] } } }), told({ azurerm_network_interface: { n: { ip_configuration } } })]).toEqual([isTold, isTold, false]);
});

test.each<[string, string, boolean]>([
  ['blob', 'privatelink.blob.core.windows.net', false], ['blob', 'privatelink.queue.core.windows.net', true], ['Table', 'privatelink.table.cosmos.azure.com', false], ['vault', 'privatelink.vaultcore.azure.cn', false],
  ['sqlServer', 'privatelink.vaultcore.azure.net', true], ['registry', 'azurecr.io', false], ['something newer', 'privatelink.example.net', false],
])('an endpoint for %s in the zone %s', (subresource, name, isTold) => {
  const stack = (zone: string) => closedNetwork({
    azurerm_private_dns_zone: { z: { name } },
    azurerm_private_endpoint: { e: { name: 'e', subnet_id: SUBNET, private_service_connection: [{ name: 'e', is_manual_connection: false, private_connection_resource_id: '/subscriptions/1/own', subresource_names: [subresource] }], private_dns_zone_group: [{ name: 'd', private_dns_zone_ids: [zone] }] } },
  });
  for (const zone of ['${azurerm_private_dns_zone.z.id}', `/subscriptions/1/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/${name}`]) expect(review(stack(zone)).rules.includes('endpoint-private-dns-off')).toBe(isTold);
});

test('DNS servers that are written beside a network count as its own, and as well as those in it', () => {
  const given = (dns_servers: readonly string[], inside: object = {}) => review(guardedNetwork(listed, {
    azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'], ...inside } },
    azurerm_virtual_network_dns_servers: { main: { virtual_network_id: '${azurerm_virtual_network.main.id}', dns_servers } },
  })).rules.includes('dns-bypasses-firewall');
  const FIREWALL = '${azurerm_firewall.main.ip_configuration[0].private_ip_address}';
  expect([given([FIREWALL]), given([FIREWALL], { dns_servers: [FIREWALL] }), given([FIREWALL], { dns_servers: ['8.8.8.8'] }), given(['8.8.8.8'])]).toEqual([false, false, true, true]);
});

test('a closed network has no finding', () => {
  expect(review(closedNetwork()).findings).toEqual([]);
});

test('every check has a pair here, or a mutation of the stack that has no finding', () => {
  const broken = new Set([...mutations.map(({ fault }) => fault), ...Object.keys(PAIRS)]);
  expect(azureChecks.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
});

test("a check's file is its id, and every check says why, how to fix it and where that is written", () => {
  const ids = azureChecks.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  const files = readdirSync(join(__dirname, '../../../review/checks/azure')).map((file) => file.replace(/\.ts$/, ''));
  for (const check of azureChecks) {
    expect(files).toContain(check.id);
    expect(check.why).toMatch(/\.$/);
    expect(check.fix).toMatch(/\.$/);
    expect(check.references.length).toBeGreaterThan(0);
    for (const url of check.references) expect(url).toMatch(/^https:\/\/learn\.microsoft\.com\/azure\//);
  }
});

test.each<[string, object]>([
  ['no rule at all', closedNetwork({ azurerm_network_security_group: { app: { name: 'app', tags: { segment: 'app' }, security_rule: finalDenies() } } })],
  ['a deny for one port', metadata({ access: 'Deny', destination_port_range: '80' })],
  ['a deny for one protocol', metadata({ access: 'Deny', protocol: 'Tcp' })],
])('metadata-open: %s', (_, stack) => {
  expect(review(stack, withoutMetadata).findings.filter(({ rule: id }) => id === 'metadata-open')).toEqual([expect.objectContaining({ segment: 'app' })]);
  expect(review(stack).rules).not.toContain('metadata-open');
});

test.each<[string, boolean, object]>([
  ['for the whole subnet', false, { source_address_prefix: '10.0.0.0/16' }],
  ['for its network', false, { source_address_prefix: 'VirtualNetwork' }],
  ['for another subnet', true, { source_address_prefix: '10.0.2.0/24' }],
  ['from one port', true, { source_port_range: '1024' }],
  ['by a tag in small letters', false, { destination_address_prefix: 'azureplatformimds' }],
])('a deny of metadata %s', (_, isTold, more) => {
  expect(review(metadata({ access: 'Deny', ...more }), withoutMetadata).rules.includes('metadata-open')).toBe(isTold);
});

test('a firewall of another tier than the policy has looks into nothing', () => {
  const { resource } = premium({ mode: 'Deny' });
  const standard = { resource: { ...resource, azurerm_firewall: { main: { ...resource['azurerm_firewall']!['main'], sku_tier: 'Standard' } }, azurerm_firewall_policy: { main: { name: 'main', threat_intelligence_mode: 'Deny', dns: { proxy_enabled: true } } } } };
  expect(review(standard, inspecting).rules).toContain('firewall-inspection-off');
  expect(review(standard, policyOf(text(api)).policy).rules).not.toContain('firewall-inspection-off');
});

describe('with a policy', () => {
  test('agreement', () => {
    expect(review(segment(only443), policy(api)).rules).not.toContain('plan-and-policy-disagree');
  });

  test('a host that the policy does not name', () => {
    const { findings } = review(segment(only443), policyOf(text('').replace('allow:\n', '')).policy);
    expect(findings.find(({ rule: id }) => id === 'plan-and-policy-disagree')).toMatchObject({ segment: 'app', message: expect.stringContaining('tls api.example.com:443'), witness: expect.anything() });
  });

  test('a host that the plan does not let through', () => {
    const { findings } = review(segment(only443), policy(api + plain));
    expect(findings.find(({ rule: id }) => id === 'plan-and-policy-disagree')).toMatchObject({ severity: 'medium', message: expect.stringContaining('http api.example.com:80') });
  });

  test('a host whose permission has run out', () => {
    const dated = policy(api.replace('reason: work', 'reason: work, expires: 2027-01-31'));
    expect(review(segment(only443), dated, '2027-01-31').rules).not.toContain('expired-host');
    expect(review(segment(only443), dated, '2027-02-01').findings.find(({ rule: id }) => id === 'expired-host')).toMatchObject({ message: expect.stringContaining('2027-01-31') });
  });

  test('a wildcard: with a reason, without one, and with nobody to ask', () => {
    const told = (given?: ReturnType<typeof policy>) => review(withHosts('*.docker.io'), given).findings.filter(({ rule: id }) => id === 'wildcard-host').map(({ severity, message }) => [severity, message]);
    expect(told(policy('  - { host: "*.docker.io", wildcard: shards, from: [app], owner: team, reason: images }\n'))).toEqual([]);
    expect(told(policy(api))).toEqual([['medium', "'*.docker.io' lets every subdomain through"]]);
    expect(told()).toEqual([['low', "'*.docker.io' lets every subdomain through; no policy file was given (--policy) to say whether that is meant"]]);
  });

  test('a place that is no segment and reaches hosts that nobody owns', () => {
    expect(review(guardedNetwork(listed), policyOf(fixture('full')).policy).rules).toContain('ownerless-host');
    expect(review(guardedNetwork(listed), policy(api)).rules).not.toContain('ownerless-host');
  });
});

test('a gateway that hands calls on to a host outside is told', () => {
  const told = (fqdns: readonly string[]) => review(closedNetwork({ azurerm_application_gateway: { main: { name: 'main', backend_address_pool: [{ name: 'out', fqdns }] } } })).findings.filter(({ rule }) => rule === 'managed-service-egress').map(({ message }) => message);
  expect(told(['api.example.net', 'app.vault.azure.net'])).toEqual(['azurerm_application_gateway.main delivers to api.example.net']);
  expect(told(['app.azurewebsites.net'])).toEqual(['azurerm_application_gateway.main delivers to app.azurewebsites.net, a name that anybody may have: nothing in the plan has it']);
  const beside = (app: object) => review(closedNetwork({ azurerm_linux_web_app: { app }, azurerm_container_registry_webhook: { way: { name: 'way', service_uri: 'https://westeurope.azurewebsites.net/hook' } } })).findings.filter(({ rule, address }) => rule === 'managed-service-egress' && address.endsWith('.way')).length;
  // The name is that of an application, not anything that one holds.
  expect([{ name: 'westeurope' }, { name: 'app', default_hostname: 'WestEurope.azurewebsites.net' }].map(beside)).toEqual([0, 0]);
  expect([{ name: 'app', location: 'westeurope' }, { name: 'app', app_settings: { HOOK: 'https://westeurope.azurewebsites.net' } }].map(beside)).toEqual([1, 1]);
  // Labels that anybody may have, of addresses on the internet.
  expect(told(['relay.westeurope.cloudapp.azure.com', 'relay.z01.azurefd.net'])).toEqual(['relay.westeurope.cloudapp.azure.com', 'relay.z01.azurefd.net'].map((host) => `azurerm_application_gateway.main delivers to ${host}`));
});

test.each<[string, object]>([
  ['azurerm_monitor_action_group', { webhook_receiver: [{ service_uri: 'https://hooks.example.net' }] }],
  ['azurerm_container_registry_webhook', { service_uri: 'https://hooks.example.net' }],
  ['azurerm_api_management_backend', { url: 'https://hooks.example.net/v1' }],
  ['azurerm_cdn_frontdoor_origin', { host_name: 'hooks.example.net' }],
  ['azurerm_web_app_hybrid_connection', { hostname: 'hooks.example.net', port: 443 }],
])('%s delivers to a host outside', (type, values) => {
  expect(review(closedNetwork({ [type]: { it: values } })).findings.filter(({ rule }) => rule === 'managed-service-egress').map(({ message }) => message)).toEqual([`${type}.it delivers to hooks.example.net`]);
});

test('nodes that start from a registry of their own need nothing but a way to it', () => {
  const told = (more: Blocks) => review(guardedNetwork(listed, { azurerm_kubernetes_cluster: { main: { name: 'main', default_node_pool: { vnet_subnet_id: SUBNET }, network_profile: { outbound_type: 'userDefinedRouting' }, bootstrap_profile: { artifact_source: 'Cache', container_registry_id: '/x' } } }, ...more }))
    .findings.filter(({ rule: id }) => id === 'kubernetes-endpoints-incomplete').map(({ message }) => message);
  expect(told({})).toEqual(['artifact_source is Cache, and no private endpoint leads to a registry']);
  expect(told({ azurerm_private_endpoint: { registry: { name: 'registry', subnet_id: SUBNET, private_service_connection: [{ name: 'r', subresource_names: ['registry'] }] } } })).toEqual([]);
});
