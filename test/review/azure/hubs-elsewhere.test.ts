/** Hubs of a virtual WAN in another file than the networks at them. */
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import type { Resources } from '../as-plan';
import { asStacks } from '../split-stacks';

const ref = (type: string, name: string, attribute = 'id') => `\${${type}.${name}.${attribute}}`;
const SPOKE: Resources = {
  azurerm_virtual_network: { spoke: { name: 'spoke', resource_group_name: 'spoke', location: 'x', address_space: ['10.1.0.0/16'] } },
  azurerm_subnet: { app: { name: 'app', resource_group_name: 'spoke', virtual_network_name: ref('azurerm_virtual_network', 'spoke', 'name'), address_prefixes: ['10.1.0.0/24'] } },
  azurerm_network_interface: { n: { name: 'n', resource_group_name: 'spoke', location: 'x', ip_configuration: [{ name: 'i', subnet_id: ref('azurerm_subnet', 'app') }] } },
  azurerm_linux_virtual_machine: { m: { name: 'm', resource_group_name: 'spoke', network_interface_ids: [ref('azurerm_network_interface', 'n')] } },
  azurerm_route_table: { t: { name: 't', resource_group_name: 'spoke', location: 'x', bgp_route_propagation_enabled: false, route: [{ name: 'out', address_prefix: '0.0.0.0/0', next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.9.0.132' }] } },
  azurerm_subnet_route_table_association: { a: { subnet_id: ref('azurerm_subnet', 'app'), route_table_id: ref('azurerm_route_table', 't') } },
};
const HUB: Resources = {
  azurerm_virtual_wan: { w: { name: 'w', resource_group_name: 'hub', location: 'x' } },
  azurerm_virtual_hub: { hub: { name: 'hub', resource_group_name: 'hub', location: 'x', address_prefix: '10.9.0.0/23', virtual_wan_id: ref('azurerm_virtual_wan', 'w') }, other: { name: 'other', resource_group_name: 'hub', location: 'x', address_prefix: '10.8.0.0/23' } },
  azurerm_firewall_policy: { p: { name: 'p', resource_group_name: 'hub', location: 'x' } },
  azurerm_firewall: { f: { name: 'f', resource_group_name: 'hub', location: 'x', firewall_policy_id: ref('azurerm_firewall_policy', 'p'), virtual_hub: [{ virtual_hub_id: ref('azurerm_virtual_hub', 'hub'), private_ip_address: '10.9.0.132' }] } },
};
const connected = (hub: string): Resources => ({ azurerm_virtual_hub_connection: { c: { name: 'c', virtual_hub_id: ref('azurerm_virtual_hub', hub), remote_virtual_network_id: ref('azurerm_virtual_network', 'spoke'), internet_security_enabled: true } } });
const IN_HUB = /\.(w|hub|other|p|f|c)$/;
const verdict = (resource: Resources, parts: number) => review({ inputs: asStacks({ resource }, parts, (address) => (parts > 1 && IN_HUB.test(address) ? 1 : 0)), today: TODAY, together: true })
  .verdicts.filter(({ place, family }) => place.endsWith('azurerm_linux_virtual_machine.m') && family === 4).map(({ verdict: kind }) => kind);

test('an address that the firewall of a hub has is of that one where the network is connected with the hub', () => {
  const both = { ...SPOKE, ...HUB };
  expect([verdict({ ...both, ...connected('hub') }, 1), verdict({ ...both, ...connected('hub') }, 2)]).toEqual([['allowlisted'], ['allowlisted']]);
  expect([verdict(both, 2), verdict({ ...both, ...connected('other') }, 2)]).toEqual([['unknown'], ['unknown']]);
});
