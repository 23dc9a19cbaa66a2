/** Subnets that stand in for machines until the first ones come: what a machine there may reach has not closed by that. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { closedNetwork, finalDenies, openNetwork, rule, subnet, type Stack } from './small-stack';

const OPEN = openNetwork();
const PUBLIC = { azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), default_outbound_access_enabled: true } } };
const MACHINE = {
  azurerm_network_interface: { m: { name: 'm', ip_configuration: { name: 'm', subnet_id: '${azurerm_subnet.app.id}', private_ip_address_allocation: 'Dynamic' } } },
  azurerm_linux_virtual_machine: { m: { name: 'm', network_interface_ids: ['${azurerm_network_interface.m.id}'] } },
};

const changes = (before: Stack, after: Stack) => {
  const [base, input] = [before, after].map((stack) => parsePlan(JSON.stringify(stack), 'stack.json'));
  return review({ inputs: [input!], base: [base!], today: TODAY }).diff!.reach.filter(({ family }) => family === 4).map(({ change, who }) => `${change} ${who}`);
};

test('the first machine is told, and its subnet not as closed', () => {
  expect(changes(openNetwork(PUBLIC), openNetwork({ ...PUBLIC, ...MACHINE }))).toEqual(['became-open azurerm_linux_virtual_machine.m']);
});

test('a subnet that goes has closed, and so has one that a rule closes', () => {
  const without = { ...OPEN, resource: { ...OPEN.resource, azurerm_subnet: { other: subnet('10.0.9.0/24') }, azurerm_subnet_network_security_group_association: {}, azurerm_subnet_route_table_association: {} } };
  expect(changes(openNetwork(PUBLIC), without)).toContain('closed azurerm_subnet.app');
  expect(changes(openNetwork(PUBLIC), closedNetwork(PUBLIC))).toEqual(['closed azurerm_subnet.app']);
});

test('a machine that stays and is closed is told, though another one comes', () => {
  const shut = { azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '10.0.0.0/16' }), ...finalDenies()] } } };
  const other = { azurerm_linux_virtual_machine: { ...MACHINE.azurerm_linux_virtual_machine, n: { name: 'n', network_interface_ids: ['${azurerm_network_interface.m.id}'] } } };
  expect(changes(openNetwork({ ...PUBLIC, ...MACHINE }), openNetwork({ ...PUBLIC, ...MACHINE, ...other, ...shut }))).toContain('closed azurerm_linux_virtual_machine.m');
});
