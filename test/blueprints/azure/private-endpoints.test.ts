import { AzurePrivateEndpoints, type AzurePrivateEndpointsProps } from '../../../blueprints/azure/private-endpoints';
import { endpointPorts, kindOf } from '../../../blueprints/policy/azure-private-services';
import { NEUTRAL_SERVICES } from '../../../blueprints/policy/model';
import { all, named, synthesizeParts } from './synthesis';

const PROPS: AzurePrivateEndpointsProps = {
  name: 'acme-prod',
  location: 'westeurope',
  services: [{ name: 'object-storage' }, { name: 'logs' }, { name: 'kubernetes' }],
  subnetId: 'subnet',
  networkIds: { spoke: 'spoke-id', hub: 'hub-id' },
  targets: { 'object-storage': [{ name: 'flow-logs', resourceId: 'account' }, { name: 'backups', resourceId: 'other' }] },
  logWorkspaces: [{ name: 'traffic', resourceId: 'workspace' }],
};
const endpoints = (change: Partial<AzurePrivateEndpointsProps> = {}) =>
  synthesizeParts((stack) => { new AzurePrivateEndpoints(stack, 'endpoints', { ...PROPS, ...change }); });

test('every zone is linked to the hub and the spoke, and each zone is made once', () => {
  const stack = endpoints();
  const zones = all(stack, 'azurerm_private_dns_zone').map(({ name }) => name);
  expect(zones).toEqual([
    'privatelink.agentsvc.azure-automation.net', 'privatelink.blob.core.windows.net', 'privatelink.monitor.azure.com',
    'privatelink.ods.opinsights.azure.com', 'privatelink.oms.opinsights.azure.com', 'privatelink.westeurope.azmk8s.io',
  ]);
  const links = all(stack, 'azurerm_private_dns_zone_virtual_network_link');
  expect(links).toHaveLength(zones.length * 2);
  expect(links.every(({ registration_enabled }) => registration_enabled === false)).toBe(true);
});

test('an endpoint leads to one resource and carries its names', () => {
  const stack = endpoints();
  expect(named(stack, 'azurerm_private_endpoint', 'acme-prod-object-storage-flow-logs')).toMatchObject({
    subnet_id: 'subnet',
    private_service_connection: { is_manual_connection: false, private_connection_resource_id: 'account', subresource_names: ['blob'] },
    private_dns_zone_group: { private_dns_zone_ids: [expect.stringContaining('blob')] },
  });
  expect(named(stack, 'azurerm_private_endpoint', 'acme-prod-logs-scope').private_dns_zone_group.private_dns_zone_ids).toHaveLength(5);
});

test('the monitor scope takes its own workspaces and no other', () => {
  const stack = endpoints();
  expect(named(stack, 'azurerm_monitor_private_link_scope', 'acme-prod-monitor')).toMatchObject({ ingestion_access_mode: 'PrivateOnly', query_access_mode: 'PrivateOnly' });
  expect(all(stack, 'azurerm_monitor_private_link_scoped_service').map(({ linked_resource_id }) => linked_resource_id)).toEqual(['workspace']);
});

test('what is reported is what has an endpoint, sorted; a service without a resource has zones only', () => {
  synthesizeParts((stack) => {
    const made = new AzurePrivateEndpoints(stack, 'endpoints', PROPS);
    expect(made.endpoints.map(({ service, target }) => [service.name, target])).toEqual([
      ['logs', 'azuremonitor/scope'], ['object-storage', 'blob/backups'], ['object-storage', 'blob/flow-logs'],
    ]);
    expect([...made.zones.keys()]).toContain('privatelink.westeurope.azmk8s.io');
  });
});

test('no service, no resource', () => {
  expect(endpoints({ services: [], targets: {} }).resource).toBeUndefined();
});

test('every problem at once, with the way out', () => {
  expect(() => endpoints({ services: [{ name: 'session-access' }, { name: 'rds-data', cloud: 'azure' }], targets: { secrets: [{ name: 'Bad_Name', resourceId: 'x' }] } }))
    .toThrow(/Azure Bastion[^]*no private endpoint is known for 'rds-data'[^]*targets are given for 'secrets'[^]*'Bad_Name' is no name/);
});

test('all neutral services but session access have a private endpoint on Azure', () => {
  expect(NEUTRAL_SERVICES.filter((name) => !kindOf({ name }, 'westeurope'))).toEqual(['session-access']);
  expect(kindOf({ name: 'constructor' }, 'westeurope')).toBeUndefined();
});

test('ports are those of the services', () => {
  expect(endpointPorts([{ name: 'secrets' }, { name: 'queue' }, { name: 'database' }], 'westeurope')).toEqual([443, 1433, 5671]);
  expect(endpointPorts([], 'westeurope')).toEqual([]);
});
