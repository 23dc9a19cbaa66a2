import { isSearch } from '../../../review/plan/identity';

test.each<[string, string, boolean]>([
  ['azurerm_firewall', 'azurerm_firewall', true],
  ['azurerm_public_ips', 'azurerm_public_ip', true],
  ['azurerm_firewall_policy', 'azurerm_firewall', false],
  ['azurerm_lb_backend_address_pool', 'azurerm_lb', false],
  ['azurerm_resources', 'azurerm_subnet', true],
  ['azurerm_key_vault', 'azurerm_subnet', false],
  ['aws_subnets', 'aws_subnet', true],
  ['aws_iam_policy_document', 'aws_subnet', false],
  ['external', 'aws_subnet', true],
])('the data source %s may find %s: %s', (data, type, expected) => {
  expect(isSearch(data, [type])).toBe(expected);
});
