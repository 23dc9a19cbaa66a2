/** Names of Azure do not heed case: what names a group, a table or a network in other letters belongs to it. */
import { asPlan } from '../as-plan';
import { review } from './reviewed';
import { closedNetwork, guardedNetwork, hosts, merge, networkRule, route, rule, type Blocks } from './small-stack';

const MACHINE: Blocks = {
  azurerm_public_ip: { own: { name: 'own' } },
  azurerm_network_interface: { n: { name: 'n', ip_configuration: { name: 'i', subnet_id: '${azurerm_subnet.app.id}', public_ip_address_id: '${azurerm_public_ip.own.id}' } } },
  azurerm_linux_virtual_machine: { m: { name: 'm', network_interface_ids: ['${azurerm_network_interface.n.id}'] } },
};
const EVERYTHING = { protocol: '*', destination_address_prefix: '*', destination_port_range: '*' };
const GROUP = { resource_group_name: 'rg' };

/** Of a first plan, and of one of what exists. */
const kinds = (resource: Blocks) => [false, true].map((known) => review(asPlan(resource, known)).kind('azurerm_linux_virtual_machine.m'));
const machine = (more: Blocks) => kinds(closedNetwork(merge(MACHINE, more)).resource);

test.each(['NSG-App', 'nsg-app'])('a rule of a group that it calls %s', (network_security_group_name) => {
  const beside = (access: string) => machine({
    azurerm_route_table: { app: { name: 'rt', route: [route('0.0.0.0/0', 'Internet')] } },
    azurerm_network_security_group: { app: { name: 'nsg-app', ...GROUP, security_rule: [rule({ ...EVERYTHING, access: 'Deny', priority: 4000 })] } },
    azurerm_network_security_rule: { r: { ...rule({ ...EVERYTHING, access, priority: 100 }), network_security_group_name, ...GROUP } },
  });
  expect([beside('Allow'), beside('Deny')]).toEqual([['open', 'open'], ['none', 'none']]);
});

test.each(['RT-App', 'rt-app'])('a route of a table that it calls %s', (route_table_name) => {
  const beside = (hop: string) => machine({
    azurerm_network_security_group: { app: { name: 'nsg-app', security_rule: [rule({ ...EVERYTHING, priority: 100 })] } },
    azurerm_route_table: { app: { name: 'rt-app', bgp_route_propagation_enabled: false, ...GROUP, route: [] } },
    azurerm_route: { all: { ...route('0.0.0.0/0', 'None'), route_table_name: 'rt-app', ...GROUP }, some: { ...route('8.0.0.0/8', hop), route_table_name, ...GROUP } },
  });
  expect([beside('Internet'), beside('None')]).toEqual([['open', 'open'], ['none', 'none']]);
});

test('a collection of a firewall without a policy', () => {
  const { azurerm_firewall_policy: _, azurerm_firewall_policy_rule_collection_group: __, ...rest } = guardedNetwork({ application_rule_collection: [hosts('Allow', ['api.example.com'])] }, MACHINE).resource;
  const { firewall_policy_id: ___, ...firewall } = rest['azurerm_firewall']?.['main'] ?? {};
  const classic = (azure_firewall_name: string) => kinds({ ...rest, azurerm_firewall: { main: { ...firewall, name: 'fw', ...GROUP } }, azurerm_firewall_network_rule_collection: { c: { ...networkRule({}), azure_firewall_name, ...GROUP } } })[0];
  expect([classic('FW'), classic('fw'), classic('other')]).toEqual(['open', 'open', 'allowlisted']);
});
