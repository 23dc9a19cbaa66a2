/** The same network as Terraform's JSON syntax, and as a plan of what exists, with copies that were read back before a change. */
import { existingPlan, idOf, type Existing, type Values } from '../existing-network';
import { ADDRESS, MEMBERS, type FirewallRule, type Network, type Route, type Rule } from './network';

/** An id that may be a reference or the text itself. */
type Ids = (type: string, name: string) => string;

interface Part {
  readonly type: string;
  readonly name: string;
  readonly values: Values;
  /** Blocks that show parts of their own resources, too. */
  readonly copies?: { readonly block: string; readonly of: readonly Values[] };
}

export function asStack(network: Network): object {
  const parts = partsOf(network, (type, name) => `\${${type}.${name}.id}`);
  const resource: Record<string, Record<string, Values>> = {};
  for (const { type, name, values } of parts) (resource[type] ??= {})[name] = values;
  return { resource };
}

/** @param stale turns a part as it will be into what it was when it was read back. */
export function asExistingPlan(network: Network, stale: (part: Values) => Values): string {
  const parts = partsOf(network, (type, name) => idOf(type === 'azurerm_subnet' ? `azurerm_virtual_networks/main/${name}` : `${type}s/${name}`));
  return existingPlan(parts.map(({ type, name, values, copies }): Existing => {
    const isPart = type === 'azurerm_network_security_rule' || type === 'azurerm_route';
    const own = { id: `${idOf(wholeOf(type, values) ?? `${type}s`)}/${name}`, ...values };
    return {
      address: `${type}.${name}`, after: { ...own, ...(copies ? { [copies.block]: [...((values[copies.block] as readonly Values[] | undefined) ?? []), ...copies.of.map(stale)] } : {}) },
      ...(isPart ? { before: stale(own) } : {}),
    };
  }));
}

/** Where the id of a part begins: with the id of the whole. */
function wholeOf(type: string, values: Values): string | undefined {
  const whole = { azurerm_network_security_rule: ['azurerm_network_security_group', 'network_security_group_name'], azurerm_route: ['azurerm_route_table', 'route_table_name'], azurerm_subnet: ['azurerm_virtual_network', 'virtual_network_name'] }[type];
  return whole && `${whole[0]}s/${String(values[whole[1] as string])}`;
}

function partsOf(network: Network, id: Ids): readonly Part[] {
  const parts: Part[] = [];
  const add = (type: string, name: string, values: Values, copies?: Part['copies']) => parts.push({ type, name, values: { name, resource_group_name: 'rg', ...values }, ...(copies ? { copies } : {}) });
  const [six, six64] = network.hasIpv6 ? [['fd00::/48'], ['fd00::/64']] : [[], []];
  add('azurerm_virtual_network', 'main', { address_space: ['10.0.0.0/16', ...six] });
  add('azurerm_application_security_group', 'members', {});
  add('azurerm_subnet', 'app', { virtual_network_name: 'main', address_prefixes: ['10.0.1.0/24', ...six64], default_outbound_access_enabled: network.hasDefaultOutbound });
  const groups = [['app', network.group], ['nic', network.ownGroup]] as const;
  for (const [name, rules] of groups) if (rules) addGroup(name, rules, id, add);
  if (network.group) add('azurerm_subnet_network_security_group_association', 'app', { subnet_id: id('azurerm_subnet', 'app'), network_security_group_id: id('azurerm_network_security_group', 'app') });
  if (network.ownGroup) add('azurerm_network_interface_security_group_association', 'nic', { network_interface_id: id('azurerm_network_interface', 'nic'), network_security_group_id: id('azurerm_network_security_group', 'nic') });
  if (network.routes) {
    const routes = network.routes.map((each) => ({ ...each, values: routeOf(each) }));
    const beside = routes.filter(({ isBeside }) => isBeside);
    add('azurerm_route_table', 'app', { bgp_route_propagation_enabled: false, ...blockOf('route', routes) }, copiesOf('route', routes, beside));
    for (const [index, { values }] of (besideOf(routes, beside)).entries()) add('azurerm_route', `r${index}`, { ...values, route_table_name: 'app' });
    add('azurerm_subnet_route_table_association', 'app', { subnet_id: id('azurerm_subnet', 'app'), route_table_id: id('azurerm_route_table', 'app') });
  }
  if (network.hasNat) {
    add('azurerm_nat_gateway', 'nat', { sku_name: 'Standard' });
    add('azurerm_subnet_nat_gateway_association', 'app', { subnet_id: id('azurerm_subnet', 'app'), nat_gateway_id: id('azurerm_nat_gateway', 'nat') });
  }
  if (network.hasPublicAddress) add('azurerm_public_ip', 'nic', {});
  if (network.hasPublicAddress && network.hasIpv6) add('azurerm_public_ip', 'nic6', { ip_version: 'IPv6' });
  add('azurerm_network_interface', 'nic', {
    ip_forwarding_enabled: network.forwards,
    ip_configuration: [
      { name: 'a', subnet_id: id('azurerm_subnet', 'app'), ...(network.hasStaticAddress ? { private_ip_address: ADDRESS } : {}), ...(network.hasPublicAddress ? { public_ip_address_id: id('azurerm_public_ip', 'nic') } : {}) },
      ...(network.hasIpv6 ? [{ name: 'b', subnet_id: id('azurerm_subnet', 'app'), private_ip_address_version: 'IPv6', ...(network.hasStaticAddress ? { private_ip_address: 'fd00::5' } : {}), ...(network.hasPublicAddress ? { public_ip_address_id: id('azurerm_public_ip', 'nic6') } : {}) }] : []),
    ],
  });
  if (network.isMember) add('azurerm_network_interface_application_security_group_association', 'nic', { network_interface_id: id('azurerm_network_interface', 'nic'), application_security_group_id: id('azurerm_application_security_group', 'members') });
  add('azurerm_subnet', 'firewall', { name: 'AzureFirewallSubnet', virtual_network_name: 'main', address_prefixes: ['10.0.0.0/26'] });
  add('azurerm_public_ip', 'firewall', {});
  add('azurerm_firewall_policy', 'policy', {});
  add('azurerm_firewall_policy_rule_collection_group', 'rules', { priority: 100, firewall_policy_id: id('azurerm_firewall_policy', 'policy'), ...collectionsOf(network.firewall) });
  add('azurerm_firewall', 'firewall', { firewall_policy_id: id('azurerm_firewall_policy', 'policy'), ip_configuration: [{ name: 'a', subnet_id: id('azurerm_subnet', 'firewall'), private_ip_address: '10.0.0.4', public_ip_address_id: id('azurerm_public_ip', 'firewall') }] });
  return parts;
}

function addGroup(name: string, rules: readonly Rule[], id: Ids, add: (type: string, name: string, values: Values, copies?: Part['copies']) => void): void {
  const all = rules.map((each) => ({ ...each, values: ruleOf(each, id) }));
  const beside = all.filter(({ isBeside }) => isBeside);
  add('azurerm_network_security_group', name, blockOf('security_rule', all), copiesOf('security_rule', all, beside));
  for (const [index, { values }] of besideOf(all, beside).entries()) add('azurerm_network_security_rule', `${name}${index}`, { ...values, network_security_group_name: name });
}

interface Written {
  readonly isBeside: boolean;
  readonly values: Values;
}

/** All beside, or all inside: the provider takes no mixture. */
function besideOf<T extends Written>(all: readonly T[], beside: readonly T[]): readonly T[] {
  return beside.length > 0 ? all : [];
}

function blockOf(block: string, all: readonly Written[]): Values {
  return all.length === 0 || all.some(({ isBeside }) => isBeside) ? {} : { [block]: all.map(({ values }) => values) };
}

function copiesOf(block: string, all: readonly Written[], beside: readonly Written[]): Part['copies'] {
  return beside.length === 0 ? undefined : { block, of: all.map(({ values }) => values) };
}

function ruleOf({ priority, access, protocol, source, destination, ports }: Rule, id: Ids): Values {
  return {
    name: `rule-${priority}`, priority, direction: 'Outbound', access, protocol, source_port_range: '*', destination_port_range: ports, destination_address_prefix: destination,
    ...(source === MEMBERS ? { source_application_security_group_ids: [id('azurerm_application_security_group', 'members')] } : { source_address_prefix: source }),
  };
}

function routeOf({ prefix, hop }: Route): Values {
  const address = hop === 'firewall' ? '10.0.0.4' : '10.0.200.4';
  return { name: `route-${prefix}`, address_prefix: prefix, ...(hop === 'firewall' || hop === 'appliance' ? { next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: address } : { next_hop_type: hop }) };
}

function collectionsOf(rules: readonly FirewallRule[]): Values {
  const of = (layer: FirewallRule['layer']) => rules.filter((each) => each.layer === layer).map(({ priority, access, source, destination, port }) => ({
    name: `${layer}-${priority}`, priority, action: access,
    rule: [{ name: 'rule', source_addresses: [source], ...(layer === 'network' ? { destination_addresses: [destination], destination_ports: [String(port)], protocols: ['TCP'] } : { destination_fqdns: [destination], protocols: [{ type: 'Https', port }] }) }],
  }));
  return { network_rule_collection: of('network'), application_rule_collection: of('application') };
}
