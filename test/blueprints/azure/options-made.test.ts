/** What each option makes: the resources that nobody may leave out, and their order. */
import { domainLists, resolvableDomains } from '../../../blueprints/azure/dns-names';
import { AzureEgressControl } from '../../../blueprints/azure/egress-control';
import { fitted, resourceIdParts } from '../../../blueprints/azure/names';
import { policyOf } from '../../fixtures/stacks';
import { HUB, OPTIONS, optionsText } from './options';
import { all, named, policyText, synthesizeAzure, synthesizeParts } from './synthesis';

const stacks = new Map<string, ReturnType<typeof synthesizeAzure>>();
const made = (option: string) => {
  if (!stacks.has(option)) stacks.set(option, synthesizeAzure(OPTIONS[option]!));
  return stacks.get(option)!;
};

describe('the ways out of the firewall', () => {
  test('a NAT gateway: on the subnet of the firewall alone, and its addresses are the ones that partners see', () => {
    const { json, stack } = made('premium');
    expect(all(json(), 'azurerm_subnet_nat_gateway_association').map(({ subnet_id }) => subnet_id)).toEqual([expect.stringContaining('egress_subnet')]);
    expect(all(json(), 'azurerm_nat_gateway_public_ip_association')).toHaveLength(2);
    expect(stack.egress.egressAddresses).toHaveLength(2);
    expect(json().output!['egress_addresses'].value).toEqual([expect.stringContaining('address-nat'), expect.stringContaining('address-nat-b')]);
  });

  test('forced tunnelling: no public address but the one for management, a route for each of the two subnets', () => {
    const { json, stack } = made('tunnel');
    const firewall = named(json(), 'azurerm_firewall', 'acme-prod-egress');
    expect(firewall.ip_configuration).toEqual([{ name: 'private', subnet_id: expect.any(String) }]);
    expect(firewall.management_ip_configuration).toMatchObject({ subnet_id: expect.stringContaining('management-subnet'), public_ip_address_id: expect.stringContaining('address-management') });
    expect(named(json(), 'azurerm_route_table', 'acme-prod-firewall')).toMatchObject({ bgp_route_propagation_enabled: false, route: [expect.objectContaining({ address_prefix: '0.0.0.0/0', next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.200.0.4' })] });
    expect(named(json(), 'azurerm_route_table', 'acme-prod-management').route).toEqual([expect.objectContaining({ address_prefix: '0.0.0.0/0', next_hop_type: 'Internet' })]);
    expect(all(json(), 'azurerm_public_ip').map(({ name }) => name)).toEqual(['acme-prod-management']);
    expect(stack.egress.egressAddresses).toEqual([]);
    expect(firewall.depends_on).toEqual(expect.arrayContaining([expect.stringContaining('firewall-routed')]));
  });

  test('Basic: managed over a subnet of its own, no DNS block, and nobody is sent to it for names', () => {
    const { json } = made('basic');
    expect(named(json(), 'azurerm_firewall_policy', 'acme-prod-egress-basic')).toMatchObject({ sku: 'Basic', threat_intelligence_mode: 'Alert' });
    expect(named(json(), 'azurerm_firewall_policy', 'acme-prod-egress-basic')).not.toHaveProperty('dns');
    expect(named(json(), 'azurerm_firewall', 'acme-prod-egress')).toHaveProperty('management_ip_configuration');
    expect(named(json(), 'azurerm_virtual_network', 'acme-prod-spoke').dns_servers).toEqual([]);
    expect(all(json(), 'azurerm_private_dns_zone_virtual_network_link').every(({ name }) => name === 'acme-prod-spoke')).toBe(true);
  });

  test('a parent policy comes first', () => {
    expect(named(made('parent').json(), 'azurerm_firewall_policy', 'acme-prod-egress').base_policy_id).toMatch(/firewallPolicies\/central$/);
  });

  test('TLS is opened where a name is all that is known, and nowhere else', () => {
    const { json } = made('premium');
    expect(named(json(), 'azurerm_firewall_policy', 'acme-prod-egress-premium')).toMatchObject({ tls_certificate: { key_vault_secret_id: expect.stringMatching(/^https:/) }, identity: { type: 'UserAssigned' }, intrusion_detection: { mode: 'Deny' } });
    const rules = all(json(), 'azurerm_firewall_policy_rule_collection_group').flatMap(({ application_rule_collection: collections }) => collections ?? []).filter(({ action }: any) => action === 'Allow').flatMap(({ rule }: any) => rule);
    for (const { protocols: [{ type }], terminate_tls: opened } of rules) expect(opened).toBe(type === 'Https' ? true : undefined);
  });
});

test('IP groups, the deny and the rules are made one after the other', () => {
  const stack = synthesizeAzure(policyText()).json();
  const chain = ['azurerm_ip_group', 'azurerm_firewall_policy_rule_collection_group'].flatMap((type) => Object.entries<any>(stack.resource![type]!).map(([id, config]) => [`${type}.${id}`, config.depends_on ?? []] as const));
  const firsts = chain.filter(([, after]) => after.length === 0);
  expect(firsts).toHaveLength(1);
  // Every other one waits for exactly one, and no two for the same.
  const waited = chain.flatMap(([, after]) => after);
  expect(waited).toHaveLength(chain.length - 1);
  expect(new Set(waited).size).toBe(waited.length);
});

describe('a hub that exists', () => {
  test('its policy takes the rules under names and priorities of this environment, and the deny holds for its segments only', () => {
    const stack = made('hub-and-spoke').json();
    const groups = all(stack, 'azurerm_firewall_policy_rule_collection_group');
    expect(groups.map(({ name }) => name).sort()).toEqual(['acme-prod-deny-all', 'acme-prod-segment-payments', 'acme-prod-segment-platform']);
    for (const { firewall_policy_id: policy, priority } of groups) {
      expect(policy).toBe(HUB.policy);
      expect(priority).toBeGreaterThanOrEqual(20_000);
      expect(priority).toBeLessThanOrEqual(26_400);
    }
    const [deny] = named(stack, 'azurerm_firewall_policy_rule_collection_group', 'acme-prod-deny-all').application_rule_collection[0].rule;
    expect(deny.source_ip_groups).toHaveLength(2);
    expect(deny).not.toHaveProperty('source_addresses');
    for (const type of ['azurerm_firewall', 'azurerm_firewall_policy', 'azurerm_public_ip', 'azurerm_virtual_network', 'azurerm_subnet']) expect(all(stack, type)).toEqual([]);
    expect(all(stack, 'azurerm_route_table').flatMap(({ route }) => route).filter(({ next_hop_type: hop }) => hop === 'VirtualAppliance').map(({ next_hop_in_ip_address: address }) => address)).toEqual(['10.0.0.4', '10.0.0.4']);
    expect(all(stack, 'azurerm_virtual_network_peering').map(({ resource_group_name, virtual_network_name }) => `${resource_group_name}/${virtual_network_name}`).sort()).toEqual(['central/existing', 'central/hub']);
    expect(all(stack, 'azurerm_virtual_network_dns_servers')).toEqual([expect.objectContaining({ dns_servers: ['10.0.0.4'] })]);
  });

  test('in another subscription, its team makes the half of the peering that leads here', () => {
    const stack = made('hub-of-others').json();
    expect(all(stack, 'azurerm_virtual_network_peering').map(({ name }) => name)).toEqual(['acme-prod-to-hub']);
    expect(all(stack, 'azurerm_firewall_policy_rule_collection_group')).toEqual([]);
  });

  test('without any host, nothing of it is used', () => {
    const stack = synthesizeAzure(optionsText({ hub: HUB }, (policy) => { policy.allow = []; })).json();
    for (const type of ['azurerm_ip_group', 'azurerm_virtual_network_peering', 'azurerm_firewall_policy_rule_collection_group']) expect(all(stack, type)).toEqual([]);
  });
});

describe('a cluster', () => {
  test('is private, has no way out of its own, and waits for the one that there is', () => {
    const { json } = made('kubernetes');
    const cluster = named(json(), 'azurerm_kubernetes_cluster', 'acme-prod-kubernetes');
    expect(cluster).toMatchObject({
      private_cluster_enabled: true, private_cluster_public_fqdn_enabled: false, local_account_disabled: true, run_command_enabled: false, role_based_access_control_enabled: true,
      private_dns_zone_id: expect.stringContaining('privatelink-westeurope-azmk8s-io'),
      azure_active_directory_role_based_access_control: { azure_rbac_enabled: true, admin_group_object_ids: ['22222222-2222-2222-2222-222222222222'] },
      // Without an engine, network policies are written and nothing keeps them.
      network_profile: { network_plugin: 'azure', network_plugin_mode: 'overlay', network_data_plane: 'cilium', network_policy: 'cilium', outbound_type: 'userDefinedRouting', pod_cidr: '10.244.0.0/16', dns_service_ip: '10.245.0.10' },
      default_node_pool: { vnet_subnet_id: expect.stringContaining('segment-platform'), node_public_ip_enabled: false, min_count: 3, max_count: 9 },
    });
    for (const part of ['segment-platform_filtered', 'egress_rules-platform', 'egress_deny-all', 'attachment_to-spoke', 'endpoints_link-hub', 'kubernetes_zone-role', 'dns_policy']) {
      expect(cluster.depends_on.join()).toContain(part);
    }
    // Its identity may change its own zone and network, and nothing beside them.
    expect(all(json(), 'azurerm_role_assignment').map(({ role_definition_name: role, scope }) => [role, scope])).toEqual([
      ['Network Contributor', expect.stringMatching(/^\$\{azurerm_virtual_network\.network_[^.]+\.id\}$/)],
      ['Private DNS Zone Contributor', expect.stringMatching(/^\$\{azurerm_private_dns_zone\.endpoints_zone-privatelink-westeurope-azmk8s-io_[^.]+\.id\}$/)],
    ]);
  });

  test('what it reaches is in the table that people see', () => {
    const { stack } = made('kubernetes');
    const hosts = stack.summary.segments.find(({ name }) => name === 'platform')!.hosts;
    expect(hosts).toEqual(expect.arrayContaining(['AzureKubernetesService:443 (tag)', 'security.ubuntu.com:80 (http)', 'store.policy.core.windows.net:443', 'status.stripe.com:443']));
    expect(stack.summary.segments.find(({ name }) => name === 'payments')!.hosts.join()).not.toContain('Kubernetes');
  });

  test('a segment without hosts gets a way out with it, and only for it', () => {
    const { json, stack } = synthesizeAzure(optionsText({ kubernetes: { segment: 'reporting', adminGroups: ['22222222-2222-2222-2222-222222222222'] } }, (policy) => { policy.allow = []; }));
    expect(stack.egress.protectedSegments).toEqual(['reporting']);
    expect(named(json(), 'azurerm_firewall_policy_rule_collection_group', 'segment-reporting').application_rule_collection.map(({ name }: any) => name)).toEqual(['allow-kubernetes']);
    expect(named(json(), 'azurerm_route_table', 'acme-prod-segment-reporting').route[0].next_hop_type).toBe('VirtualAppliance');
    expect(named(json(), 'azurerm_route_table', 'acme-prod-segment-payments').route[0].next_hop_type).toBe('None');
  });

  test.each([[['os-updates'], ['80', '443']], [['windows'], ['80', '443']], [['monitoring'], ['443']]])('with %j the group lets out what the firewall lets through, on %j', (addOns, ports) => {
    const { json } = synthesizeAzure(optionsText({ kubernetes: { segment: 'reporting', addOns, adminGroups: ['22222222-2222-2222-2222-222222222222'] } }, (policy) => { policy.allow = []; }));
    const { destination_port_range: one, destination_port_ranges: several } = named(json(), 'azurerm_network_security_group', 'acme-prod-segment-reporting').security_rule.find(({ name }: any) => name === 'allow-egress-hosts');
    expect(several ?? [one]).toEqual(ports);
  });
});

describe('names that may be resolved', () => {
  const { policy } = policyOf(policyText());
  const rules = policy.allow.filter(({ clouds }) => clouds.includes('azure'));

  test('the hosts, what is behind private zones, and what is added; nothing that a domain above it holds already', () => {
    expect(resolvableDomains(rules, ['privatelink.blob.core.windows.net', 'privatelink.vaultcore.azure.net'], ['*.data.mcr.microsoft.com', 'mcr.microsoft.com'])).toEqual([
      'api.stripe.com', 'blob.core.windows.net', 'deb.debian.org', 'docker.io', 'mcr.microsoft.com', 'sftp.partner.com', 'status.stripe.com', 'vault.azure.net', 'vaultcore.azure.net',
    ]);
  });

  test('storage that a service endpoint reaches is found', () => {
    const { json } = synthesizeAzure(optionsText({ dnsPolicy: { mode: 'deny' }, serviceEndpoints: { segments: ['reporting'], storageAccounts: ['/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/AcmeReports'] } }, (edited) => { edited.privateServices = []; }));
    expect(all(json(), 'azurerm_resource_group_template_deployment')[0]!.template_content).toMatch(/"acmereports\.blob\.core\.windows\.net\.".*"store\.core\.windows\.net\."/);
  });

  test('lists of at most 100; a name more moves no other', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `host-${index}.example.com`);
    const of = (count: number) => new Map(domainLists(names(count))!.flatMap(({ name, domains }) => domains.map((domain) => [domain, name] as const)));
    expect(Math.max(...domainLists(names(1_000))!.map(({ domains }) => domains.length))).toBeLessThanOrEqual(100);
    expect(of(1_000).size).toBe(1_000);
    const [before, after] = [of(1_000), of(1_001)];
    for (const [domain, list] of before) expect(after.get(domain)).toBe(list);
    expect(domainLists(names(20_000))).toBeUndefined();
    expect(domainLists([])).toEqual([]);
  });
});

test('a DNS policy with nothing to allow has the rule nevertheless, and off: what a template leaves out stays as it was', () => {
  const stack = synthesizeAzure(optionsText({ dnsPolicy: { mode: 'deny' } }, (policy) => { policy.allow = []; policy.privateServices = []; })).json();
  const { resources } = JSON.parse(all(stack, 'azurerm_resource_group_template_deployment')[0]!.template_content);
  const rules = resources.filter(({ type }: any) => type.endsWith('/dnsSecurityRules'));
  expect(rules.map(({ name, properties }: any) => [name, properties.action.actionType, properties.dnsSecurityRuleState])).toEqual([
    ['acme-prod-dns/allow-listed', 'Allow', 'Disabled'], ['acme-prod-dns/everything-else', 'Block', 'Enabled'],
  ]);
});

test('the template of a DNS policy refers to nothing that it does not make', () => {
  const stack = synthesizeAzure(optionsText({ dnsPolicy: { mode: 'deny' } })).json();
  const text = all(stack, 'azurerm_resource_group_template_deployment')[0]!.template_content as string;
  const { resources, parameters } = JSON.parse(text);
  const made = resources.map(({ type, name }: any) => [type, ...name.split('/')].join(' '));
  const named = [...text.matchAll(/\[resourceId\(([^)]*)\)\]/g)].map(([, list]) => list!.split(', ').map((each) => each.slice(1, -1)).join(' '));
  expect(made).toContain('Microsoft.Network/dnsResolverPolicies acme-prod-dns');
  expect(made).toEqual(expect.arrayContaining(named));
  // A child is made after its parent, or the deployment stops half-way.
  for (const { type, name, dependsOn } of resources.filter(({ name }: any) => name.includes('/'))) {
    expect([type, name, dependsOn]).toEqual([type, name, expect.arrayContaining([`[resourceId('Microsoft.Network/dnsResolverPolicies', '${name.split('/')[0]}')]`])]);
  }
  const asked = [...text.matchAll(/parameters\('(\w+)'\)/g)].map(([, name]) => name);
  expect(asked.sort()).toEqual(Object.keys(parameters).sort());
});

test('names that fit stay; longer ones are cut and stay apart', () => {
  expect(fitted('short', 64)).toBe('short');
  const [one, two] = [`${'a'.repeat(70)}1`, `${'a'.repeat(70)}2`].map((name) => fitted(name, 64)) as [string, string];
  expect(one).toHaveLength(64);
  expect(one).not.toBe(two);
  expect(resourceIdParts(HUB.network)).toEqual({ subscription: '00000000-0000-0000-0000-000000000000', resourceGroupName: 'central', name: 'hub' });
  expect(() => resourceIdParts('hub')).toThrow(/'hub' is not the id of a resource/);
});

test('a construct refuses what the tier does not have, and a firewall that cannot be managed', () => {
  const { policy } = policyOf(policyText());
  const control = (change: object) => () => synthesizeParts((stack) => {
    new AzureEgressControl(stack, 'egress', {
      name: 'acme-prod', location: 'westeurope', rules: policy.allow.filter(({ clouds }) => clouds.includes('azure')), segments: policy.segments.map(({ name, slot }) => ({ name, slot, cidrs: [`10.${slot}.0.0/16`] })),
      hubAddressSpace: ['10.0.0.0/22'], firewallSubnetCidr: '10.0.0.0/26',
      flowLogs: { networkWatcherName: 'w', networkWatcherResourceGroupName: 'w', storageAccountId: 's', workspaceResourceId: 'r', workspaceGuid: 'g', workspaceRegion: 'westeurope', retentionDays: 365 },
      ...change,
    });
  });
  expect(control({ firewall: { tier: 'Basic', threatIntelligence: 'deny' }, managementSubnetCidr: '10.0.1.0/26' })).toThrow(/firewall.threatIntelligence .*only alerts; write 'alert', or choose the tier Standard/);
  expect(control({ firewall: { intrusionDetection: 'deny' } })).toThrow(/not part of the tier Standard/);
  expect(control({ firewall: { tier: 'Basic' } })).toThrow(/no 'managementSubnetCidr' is given/);
  expect(control({ firewall: { tier: 'Basic' }, managementSubnetCidr: '10.0.1.0/27' })).toThrow(/AzureFirewallManagementSubnet is 10.0.1.0\/27 and has to be \/26 or larger/);
});
