/** Small Azure stacks in Terraform's JSON syntax, for one question each. */

export type Blocks = Record<string, Record<string, Record<string, any>>>;

export interface Stack {
  readonly provider: Record<string, any>;
  readonly resource: Blocks;
}

/** A network with one subnet `app` that has a closed group and a route to nowhere: nothing is wrong with it. */
export function closedNetwork(more: Blocks = {}): Stack {
  const base: Blocks = {
    azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'] } },
    azurerm_subnet: { app: subnet('10.0.1.0/24') },
    azurerm_network_security_group: { app: { name: 'app', security_rule: finalDenies() } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'None')] } },
    azurerm_subnet_network_security_group_association: { app: { subnet_id: '${azurerm_subnet.app.id}', network_security_group_id: '${azurerm_network_security_group.app.id}' } },
    azurerm_subnet_route_table_association: { app: { subnet_id: '${azurerm_subnet.app.id}', route_table_id: '${azurerm_route_table.app.id}' } },
    azurerm_network_watcher_flow_log: {
      main: { target_resource_id: '${azurerm_virtual_network.main.id}', enabled: true, retention_policy: { enabled: true, days: 365 }, traffic_analytics: { enabled: true } },
    },
  };
  return { provider: { azurerm: [{ features: {}, subscription_id: '00000000-0000-0000-0000-000000000000' }] }, resource: merge(base, more) };
}

/** The same with an open route and a group that lets all of it out. */
export function openNetwork(more: Blocks = {}): Stack {
  return closedNetwork(merge({
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '*', destination_port_range: '*', protocol: '*' })] } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route('0.0.0.0/0', 'Internet')] } },
  }, more));
}

/** A firewall with a policy, in a subnet of the network of `closedNetwork`, and a route to it. */
export function guardedNetwork(rules: Record<string, any> = {}, more: Blocks = {}): Stack {
  return closedNetwork(merge({
    azurerm_subnet: { firewall: { ...subnet('10.0.0.0/26'), name: 'AzureFirewallSubnet' } },
    azurerm_public_ip: { firewall: { name: 'firewall' } },
    azurerm_firewall_policy: { main: { name: 'main', threat_intelligence_mode: 'Deny', dns: { proxy_enabled: true } } },
    azurerm_firewall_policy_rule_collection_group: { main: { name: 'main', firewall_policy_id: '${azurerm_firewall_policy.main.id}', priority: 100, ...rules } },
    azurerm_firewall: { main: { name: 'main', firewall_policy_id: '${azurerm_firewall_policy.main.id}', ip_configuration: { name: 'main', subnet_id: '${azurerm_subnet.firewall.id}', public_ip_address_id: '${azurerm_public_ip.firewall.id}' } } },
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: 'Internet', destination_port_range: '443' }), ...finalDenies()] } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [{ ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '${azurerm_firewall.main.ip_configuration[0].private_ip_address}' }] } },
  }, more));
}

export function hosts(action: 'Allow' | 'Deny', names: readonly string[], priority = 200, source = '10.0.1.0/24'): Record<string, any> {
  return { name: `${action.toLowerCase()}-${priority}`, priority, action, rule: [{ name: 'hosts', source_addresses: [source], destination_fqdns: names, protocols: [{ type: 'Https', port: 443 }, { type: 'Http', port: 80 }] }] };
}

export function networkRule(more: Record<string, any>, action = 'Allow', priority = 100): Record<string, any> {
  return { name: `network-${priority}`, priority, action, rule: [{ name: 'rule', source_addresses: ['10.0.1.0/24'], destination_addresses: ['*'], destination_ports: ['443'], protocols: ['TCP'], ...more }] };
}

export function subnet(cidr: string, network = 'main'): Record<string, any> {
  return { name: `s${cidr}`, virtual_network_name: `\${azurerm_virtual_network.${network}.name}`, address_prefixes: [cidr], default_outbound_access_enabled: false };
}

export function route(prefix: string, nextHop: string): Record<string, any> {
  return { name: prefix, address_prefix: prefix, next_hop_type: nextHop };
}

export function rule(more: Record<string, any>): Record<string, any> {
  return {
    name: 'added', priority: 200, direction: 'Outbound', access: 'Allow', protocol: 'Tcp', source_port_range: '*', source_address_prefix: '*',
    destination_port_range: '443', ...more,
  };
}

export function finalDenies(): Record<string, any>[] {
  return ['Inbound', 'Outbound'].map((direction) => rule({ name: `deny-${direction}`, direction, priority: 4096, access: 'Deny', protocol: '*', destination_address_prefix: '*', destination_port_range: '*' }));
}

/** Refuses what storage answers on, which a machine without any public address calls all the same: what else gets out needs an address. */
export function refusesStorage(): Record<string, any> {
  return rule({ name: 'no-storage', priority: 100, access: 'Deny', destination_address_prefix: 'Internet', destination_port_range: null, destination_port_ranges: ['22', '80', '443', '445', '2049'] });
}

/** The same in a group of an interface. */
export function withoutStorage(nic: string): Blocks {
  return {
    azurerm_network_security_group: { beside: { name: 'beside', security_rule: [refusesStorage()] } },
    azurerm_network_interface_security_group_association: { beside: { network_interface_id: `\${azurerm_network_interface.${nic}.id}`, network_security_group_id: '${azurerm_network_security_group.beside.id}' } },
  };
}

export function merge(base: Blocks, more: Blocks): Blocks {
  const result = { ...base };
  for (const [type, named] of Object.entries(more)) result[type] = { ...result[type], ...named };
  return result;
}
