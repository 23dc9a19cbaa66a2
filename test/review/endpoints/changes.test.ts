/** Private endpoints of Azure and Google Cloud in a diff: whose things answer behind them, and which are a new way out. */
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';

const plan = (stack: unknown) => parsePlan(JSON.stringify(stack), 'plan.json');
/** `added another out`: the change, whom it serves, and whether it is a way out. */
const changes = (before: unknown, after: unknown) => review({ inputs: [plan(after)], base: [plan(before)], today: TODAY }).diff?.endpoints?.map(({ change, serves, wayOut }) => `${change} ${serves}${wayOut ? ' out' : ''}`);

describe('an endpoint', () => {
  const azure = (connection?: object, more: object = {}) => ({
    provider: { azurerm: {} },
    resource: {
      azurerm_virtual_network: { n: { name: 'n', address_space: ['10.0.0.0/16'] } },
      azurerm_subnet: { s: { name: 's', virtual_network_name: '${azurerm_virtual_network.n.name}', address_prefixes: ['10.0.1.0/24'] } },
      azurerm_storage_account: { a: { name: 'a' } },
      ...(connection ? { azurerm_private_endpoint: { e: { name: 'e', subnet_id: '${azurerm_subnet.s.id}', private_service_connection: { name: 'e', is_manual_connection: false, subresource_names: ['x'], ...connection } } } } : {}),
      ...more,
    },
  });
  const scope = (mode: string) => ({ azurerm_monitor_private_link_scope: { m: { name: 'm', ingestion_access_mode: mode, query_access_mode: mode } } });

  test.each<[string, object, object, string]>([
    ['a storage account of the plan', { private_connection_resource_id: '${azurerm_storage_account.a.id}' }, {}, 'added own'],
    ['a resource that whoever deploys may connect', { private_connection_resource_id: '/subscriptions/1/x' }, {}, 'added own'],
    ['one that somebody else approves', { private_connection_resource_id: '/subscriptions/1/x', is_manual_connection: true }, {}, 'added another out'],
    ['an alias', { private_connection_resource_alias: 'theirs.guid.westeurope.azure.privatelinkservice', is_manual_connection: true }, {}, 'added another out'],
    ['a private link scope that is open', { private_connection_resource_id: '${azurerm_monitor_private_link_scope.m.id}' }, scope('Open'), 'added anybody out'],
    ['a private link scope that is closed', { private_connection_resource_id: '${azurerm_monitor_private_link_scope.m.id}' }, scope('PrivateOnly'), 'added own'],
  ])('a private endpoint for %s', (_, connection, more, expected) => {
    expect(changes(azure(undefined, more), azure(connection, more))).toEqual([expected]);
  });

  const google = (target?: string, more: object = {}) => ({
    provider: { google: { project: 'ours' } },
    resource: {
      google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
      google_compute_subnetwork: { s: { name: 's', network: '${google_compute_network.n.id}', ip_cidr_range: '10.0.1.0/24', region: 'x', private_ip_google_access: true } },
      ...(target === undefined ? {} : { google_compute_forwarding_rule: { e: { name: 'e', project: 'ours', load_balancing_scheme: '', network: '${google_compute_network.n.id}', ip_address: '10.0.1.9', target } } }),
      ...more,
    },
  });
  const perimeter = (egress: readonly object[] = [], enable_restriction = true) => ({ google_access_context_manager_service_perimeter: { p: { status: { resources: ['projects/1'], restricted_services: ['storage.googleapis.com'], vpc_accessible_services: { enable_restriction, allowed_services: ['RESTRICTED-SERVICES'] }, egress_policies: egress } } } });

  test.each<[string, string, object, string]>([
    ['every API', 'all-apis', {}, 'added anybody out'],
    ['restricted APIs, and no perimeter is known', 'vpc-sc', {}, 'added unknown out'],
    ['restricted APIs behind a perimeter', 'vpc-sc', perimeter(), 'added own'],
    ['restricted APIs behind a perimeter that leaves the others', 'vpc-sc', perimeter([], false), 'added anybody out'],
    ['restricted APIs behind a perimeter that lets out to every project', 'vpc-sc', perimeter([{ egress_to: [{ resources: ['*'] }] }]), 'added anybody out'],
    ['a service of the own project', 'projects/ours/regions/x/serviceAttachments/a', {}, 'added own'],
    ['a service of another project', 'projects/theirs/regions/x/serviceAttachments/a', {}, 'added another out'],
  ])('an endpoint for %s', (_, target, more, expected) => {
    expect(changes(google(undefined, more), google(target, more))).toEqual([expected]);
  });
});
