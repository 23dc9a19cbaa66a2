/** What a replacement left to be deleted later runs until then, and a state has it beside its successor. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const resource = (address: string, values: object, more: object = {}) => {
  const [type, name] = address.split('.');
  return { address, mode: 'managed', type, name, provider_name: 'registry.terraform.io/hashicorp/azurerm', schema_version: 0, values, ...more };
};
const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network';
const SUBNET = `${GROUP}/virtualNetworks/main/subnets/app`;
const card = (name: string, address: object, more?: object) => resource('azurerm_network_interface.app', {
  id: `${GROUP}/networkInterfaces/${name}`, name, resource_group_name: 'rg', location: 'westeurope', ip_configuration: [{ name: 'main', subnet_id: SUBNET, private_ip_address_allocation: 'Dynamic', ...address }],
}, more);
const STATE = { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources: [
  resource('azurerm_virtual_network.main', { id: `${GROUP}/virtualNetworks/main`, name: 'main', resource_group_name: 'rg', location: 'westeurope', address_space: ['10.0.0.0/16'] }),
  resource('azurerm_subnet.app', { id: SUBNET, name: 'app', resource_group_name: 'rg', virtual_network_name: 'main', address_prefixes: ['10.0.0.0/24'], default_outbound_access_enabled: false }),
  card('app-new', {}),
  card('app-old', { public_ip_address_id: `${GROUP}/publicIPAddresses/app` }, { deposed_key: 'ab12cd34' }),
] } } };

test('a deposed machine is a place of its own', () => {
  const { verdicts, findings } = review({ inputs: [{ ...parsePlan(JSON.stringify(STATE), 'state.json'), name: 'state.json' }], today: TODAY });
  expect(verdicts.map(({ place, verdict }) => [place, verdict])).toEqual([['azurerm_network_interface.app', 'open'], ['azurerm_network_interface.app (deposed ab12cd34)', 'open']]);
  expect(findings.map(({ rule, address }) => `${rule} ${address}`)).toContain('public-address-on-workload azurerm_network_interface.app');
});
