/** Edits of our own stacks with options that open no way out of their own and take a control away, each with the check that has to tell. */

export type Resources = Record<string, Record<string, any>>;
export type Edit = readonly [option: string, what: string, check: string, edit: (resource: Resources) => void];

const found = (resource: Resources, type: string, fits: (config: any) => boolean = () => true): [string, any] => Object.entries(resource[type]!).find(([, config]) => fits(config))!;
const first = (resource: Resources, type: string, fits?: (config: any) => boolean): any => found(resource, type, fits)[1];
const drop = (resource: Resources, type: string, fits?: (config: any) => boolean): void => { delete resource[type]![found(resource, type, fits)[0]]; };
const named = (part: string) => ({ name }: any): boolean => name.endsWith(part);
const ofFirewall = ({ target_resource_id: id }: any): boolean => id.includes('azurerm_firewall.');
const FOREIGN = '/subscriptions/99999999-0000-0000-0000-000000000000/resourceGroups/x/providers';

const policy = (resource: Resources): any => first(resource, 'azurerm_firewall_policy');
const cluster = (resource: Resources): any => first(resource, 'azurerm_kubernetes_cluster');
const firewallLogs = (resource: Resources): any => first(resource, 'azurerm_monitor_diagnostic_setting', ofFirewall);
const flowLog = (resource: Resources): any => first(resource, 'azurerm_network_watcher_flow_log');
const applicationRules = (resource: Resources): any[] => Object.values(resource['azurerm_firewall_policy_rule_collection_group']!).flatMap((group) => group.application_rule_collection ?? []).flatMap(({ rule }) => rule);
const groupRule = (resource: Resources, group: string, rule: (rule: any) => boolean): any => first(resource, 'azurerm_network_security_group', named(group)).security_rule.find(rule);
const association = (resource: Resources, kind: string): any => first(resource, `azurerm_subnet_${kind}_association`, ({ subnet_id: id }) => id.includes('ledger'));
const link = (resource: Resources): any => first(resource, 'azurerm_private_dns_zone_virtual_network_link', named('-hub'));
const isDns = ({ direction, destination_port_range: port }: any): boolean => direction === 'Outbound' && port === '53';

const PREMIUM: readonly Edit[] = [
  ['premium', 'questions that are not recorded', 'dns-logs-missing', (resource) => drop(resource, 'azurerm_monitor_diagnostic_setting', ({ enabled_log: [{ category }] }) => category === 'DnsResponse')],
  ['premium', 'no DNS policy, though one is written down', 'dns-policy-open', (resource) => { delete resource['azurerm_resource_group_template_deployment']; }],
  ['premium', 'a template of a DNS policy without its content', 'dns-policy-open', (resource) => { first(resource, 'azurerm_resource_group_template_deployment').template_content = ''; }],
  ['premium', 'no intrusion detection', 'firewall-inspection-off', (resource) => { delete policy(resource).intrusion_detection; }],
  ['premium', 'intrusion detection that only alerts', 'firewall-inspection-off', (resource) => { policy(resource).intrusion_detection.mode = 'Alert'; }],
  ['premium', 'intrusion detection that passes over some traffic', 'firewall-inspection-off', (resource) => { policy(resource).intrusion_detection.traffic_bypass = [{ name: 'all', protocol: 'ANY' }]; }],
  ['premium', 'a signature that is off', 'firewall-inspection-off', (resource) => { policy(resource).intrusion_detection.signature_overrides = [{ id: '2024897', state: 'Off' }]; }],
  ['premium', 'no certificate to open TLS with', 'firewall-inspection-off', (resource) => { delete policy(resource).tls_certificate; }],
  ['premium', 'a rule that leaves TLS closed', 'firewall-inspection-off', (resource) => { delete applicationRules(resource).find(({ terminate_tls }) => terminate_tls).terminate_tls; }],
  ['premium', 'intrusions that are not recorded', 'firewall-logs-missing', (resource) => { firewallLogs(resource).enabled_log = firewallLogs(resource).enabled_log.filter(({ category }: any) => category !== 'AZFWIdpsSignature'); }],
  ['premium', 'a last deny on other ports', 'firewall-default-pass', (resource) => { applicationRules(resource).find(({ name }) => name === 'deny-all').protocols[0].port = 81; }],
  ['premium', 'other DNS servers of the firewall', 'dns-bypasses-firewall', (resource) => { policy(resource).dns.servers = ['10.200.0.53']; }],
  ['premium', 'more that threat intelligence spares', 'threat-intel-off', (resource) => { policy(resource).threat_intelligence_allowlist.fqdns.push('files.example.org'); }],
  ['premium', 'an archive that refuses its flow logs', 'flow-logs-missing', (resource) => { first(resource, 'azurerm_storage_account').network_rules.bypass = ['None']; }],
  ['premium', 'flow logs in an archive of another subscription', 'log-sink-elsewhere', (resource) => { flowLog(resource).storage_account_id = `${FOREIGN}/Microsoft.Storage/storageAccounts/x`; }],
  ['premium', 'an endpoint that leads to the vault of another subscription', 'endpoint-of-another-party', (resource) => { first(resource, 'azurerm_private_endpoint', ({ name }) => name.includes('-secrets-')).private_service_connection.private_connection_resource_id = `${FOREIGN}/Microsoft.KeyVault/vaults/x`; }],
  ['premium', 'an endpoint whose name is written into the zone of another service', 'endpoint-private-dns-off', (resource) => {
    const [zone] = found(resource, 'azurerm_private_dns_zone', named('azurecr.io'));
    first(resource, 'azurerm_private_endpoint', named('-flow-logs')).private_dns_zone_group.private_dns_zone_ids = [`\${azurerm_private_dns_zone.${zone}.id}`];
  }],
  ['premium', 'names of others that the internet answers', 'endpoint-private-dns-off', (resource) => { link(resource).resolution_policy = 'NxDomainRedirect'; }],
  ['premium', 'machines that write themselves into the zone of endpoints', 'endpoint-private-dns-off', (resource) => { link(resource).registration_enabled = true; }],
  ['premium', 'a zone that is linked to a hub of somebody else', 'endpoint-dns-not-linked-to-hub', (resource) => { link(resource).virtual_network_id = `${FOREIGN}/Microsoft.Network/virtualNetworks/x`; }],
  ['premium', 'no endpoint for what the policy names', 'plan-and-policy-disagree', (resource) => drop(resource, 'azurerm_private_endpoint', ({ name }) => name.includes('-secrets-'))],
  ['premium', 'no zone for the names of vaults', 'plan-and-policy-disagree', (resource) => drop(resource, 'azurerm_private_dns_zone', named('vaultcore.azure.net'))],
  ['premium', 'another certificate to open TLS with', 'plan-and-policy-disagree', (resource) => { policy(resource).tls_certificate.key_vault_secret_id = 'https://x.vault.azure.net/secrets/x'; }],
  ['premium', 'no subnet of a segment', 'plan-and-policy-disagree', (resource) => drop(resource, 'azurerm_subnet', named('-ledger'))],
  ['premium', 'rules for endpoints that nothing counts', 'group-counters-missing', (resource) => drop(resource, 'azurerm_monitor_diagnostic_setting', ({ target_resource_id: id }) => id.includes('private-endpoints'))],
  ['premium', 'a scope without its endpoint', 'endpoint-unreachable', (resource) => drop(resource, 'azurerm_private_endpoint', named('-logs-scope'))],
  ['premium', 'a scope that holds no workspace', 'endpoint-unreachable', (resource) => { resource['azurerm_monitor_private_link_scoped_service'] = {}; }],
  ['premium', 'endpoints that let nobody in', 'endpoint-unreachable', (resource) => { groupRule(resource, '-private-endpoints', ({ access }) => access === 'Allow').access = 'Deny'; }],
  ['premium', 'a security group of another plan', 'nsg-missing', (resource) => { association(resource, 'network_security_group').network_security_group_id = `${FOREIGN}/Microsoft.Network/networkSecurityGroups/x`; }],
  ['premium', 'a route table of another plan', 'route-table-missing', (resource) => { association(resource, 'route_table').route_table_id = `${FOREIGN}/Microsoft.Network/routeTables/x`; }],
];

const KUBERNETES: readonly Edit[] = ([
  ['no network policies', (own) => { delete own.network_profile.network_policy; }],
  ['accounts of its own', (own) => { own.local_account_disabled = false; }],
  ['no directory', (own) => { delete own.azure_active_directory_role_based_access_control; }],
  ['other administrators', (own) => { own.azure_active_directory_role_based_access_control.admin_group_object_ids = ['99999999-0000-0000-0000-000000000000']; }],
  ['a public name', (own) => { own.private_cluster_public_fqdn_enabled = true; }],
  ['no private zone', (own) => { own.private_dns_zone_id = 'None'; }],
  ['no agent that records', (own) => { delete own.oms_agent; }],
  ['no agent that watches', (own) => { delete own.microsoft_defender; }],
  ['no policies of Azure', (own) => { own.azure_policy_enabled = false; }],
] satisfies (readonly [string, (own: any) => void])[]).map(([what, edit]): Edit => ['kubernetes', `a cluster with ${what}`, 'aks-control-off', (resource) => edit(cluster(resource))]);

const HUBS: readonly Edit[] = [
  ['tunnel', 'a tunnel to another next hop', 'firewall-route-missing', (resource) => { first(resource, 'azurerm_route_table', named('-firewall')).route[0].next_hop_in_ip_address = '10.200.0.5'; }],
  ['parent', 'another parent policy', 'plan-and-policy-disagree', (resource) => { policy(resource).base_policy_id = `${FOREIGN}/Microsoft.Network/firewallPolicies/x`; }],
  ['parent', 'no parent policy', 'plan-and-policy-disagree', (resource) => { delete policy(resource).base_policy_id; }],
  ['hub-and-spoke', 'a network that is not given its DNS servers', 'dns-bypasses-firewall', (resource) => { delete resource['azurerm_virtual_network_dns_servers']; }],
  ['hub-and-spoke', 'a network that is given one DNS server more', 'dns-bypasses-firewall', (resource) => { first(resource, 'azurerm_virtual_network_dns_servers').dns_servers.push('8.8.8.8'); }],
  ['hub-and-spoke', 'a network whose flows nobody records', 'flow-logs-missing', (resource) => { flowLog(resource).enabled = false; }],
  ['hub-and-spoke', 'a network that is not joined with the hub', 'peering-missing', (resource) => { resource['azurerm_virtual_network_peering'] = {}; }],
  ['hub-and-spoke', 'no last deny in the policy of the hub', 'firewall-default-pass', (resource) => drop(resource, 'azurerm_firewall_policy_rule_collection_group', named('deny-all'))],
  ['hub-and-spoke', "a segment's hosts for another one", 'way-out-elsewhere', (resource) => { const [group] = found(resource, 'azurerm_ip_group', named('-platform')); applicationRules(resource).find(({ destination_fqdns: [host] }) => host === 'api.stripe.com').source_ip_groups = [`\${azurerm_ip_group.${group}.id}`]; }],
  ['hub-and-spoke', 'hosts for a group of addresses that nobody sees', 'way-out-elsewhere', (resource) => { applicationRules(resource).find(({ destination_fqdns: [host] }) => host === 'api.stripe.com').source_ip_groups.push(`${FOREIGN}/Microsoft.Network/ipGroups/x`); }],
  ['hub-and-spoke', 'hosts in the policy of another firewall', 'way-out-elsewhere', (resource) => { first(resource, 'azurerm_firewall_policy_rule_collection_group', named('-payments')).firewall_policy_id = `${FOREIGN}/Microsoft.Network/firewallPolicies/x`; }],
  ['hub-and-spoke', 'no rules for the hosts of a segment', 'plan-and-policy-disagree', (resource) => drop(resource, 'azurerm_firewall_policy_rule_collection_group', named('-payments'))],
  ['hub-and-spoke', 'a zone that the hub does not see', 'endpoint-dns-not-linked-to-hub', (resource) => drop(resource, 'azurerm_private_dns_zone_virtual_network_link', named('-hub'))],
  ['basic', 'a zone that the segments do not see', 'endpoint-dns-not-linked-to-hub', (resource) => { const [hub] = found(resource, 'azurerm_virtual_network', named('-hub')); first(resource, 'azurerm_private_dns_zone_virtual_network_link').virtual_network_id = `\${azurerm_virtual_network.${hub}.id}`; }],
  ['hub-and-spoke', 'hosts for addresses of nobody', 'way-out-elsewhere', (resource) => { first(resource, 'azurerm_ip_group').cidrs = ['10.250.0.0/24']; }],
  ['hub-and-spoke', 'a segment that another network may call', 'segment-reach-too-wide', (resource) => { Object.assign(groupRule(resource, '-ledger', ({ direction, access }) => direction === 'Inbound' && access === 'Allow'), { source_address_prefix: '10.250.0.0/24' }); }],
  ['hub-and-spoke', 'a segment that calls on more than it accepts', 'segment-reach-one-sided', (resource) => { groupRule(resource, '-ledger', ({ direction, access }) => direction === 'Inbound' && access === 'Allow').destination_port_range = '*'; }],
  ['hub-and-spoke', 'endpoints that may be called on every port', 'endpoint-group-open', (resource) => { groupRule(resource, '-private-endpoints', ({ access }) => access === 'Allow').destination_port_range = '*'; }],
  ['hub-and-spoke', "every port of the hub's firewall", 'resolver-reach-too-wide', (resource) => { groupRule(resource, '-payments', isDns).destination_port_range = '*'; }],
  ['hub-and-spoke', 'a segment that may ask nobody for names', 'resolver-unreachable', (resource) => { groupRule(resource, '-payments', isDns).access = 'Deny'; }],
  ['hub-and-spoke', "Azure's resolver within reach", 'platform-dns-open', (resource) => { groupRule(resource, '-ledger', ({ destination_address_prefix: to }) => to === 'AzurePlatformDNS').access = 'Allow'; }],
];

const RECORDS: readonly Edit[] = [
  ['premium', 'a workspace that takes no more after some time of the day', 'log-retention-short', (resource) => { first(resource, 'azurerm_log_analytics_workspace').daily_quota_gb = 1; }],
  ['storage', 'agents that tell a workspace which the policy does not name', 'log-sink-elsewhere', (resource) => { resource['azurerm_monitor_data_collection_rule'] = { x: { name: 'x', destinations: [{ log_analytics: [{ name: 'x', workspace_resource_id: `${FOREIGN}/Microsoft.OperationalInsights/workspaces/x` }] }] } }; }],
  ['storage', 'decisions in a workspace that the policy does not name', 'log-sink-elsewhere', (resource) => { firewallLogs(resource).log_analytics_workspace_id += '-old'; }],
  ['storage', 'analytics in a workspace that the policy does not name', 'log-sink-elsewhere', (resource) => { flowLog(resource).traffic_analytics.workspace_resource_id += '-old'; }],
  ['kubernetes', 'a cluster that tells another subscription', 'log-sink-elsewhere', (resource) => { cluster(resource).oms_agent.log_analytics_workspace_id = `${FOREIGN}/Microsoft.OperationalInsights/workspaces/x`; }],
];

export const EDITS: readonly Edit[] = [...PREMIUM, ...KUBERNETES, ...HUBS, ...RECORDS];
