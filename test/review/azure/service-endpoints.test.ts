/** Service endpoints of Azure: an edge for the places of the subnet whose groups let them out, and for nobody else. */
import { closedNetwork, finalDenies, guardedNetwork, merge, rule, subnet, type Blocks } from './small-stack';
import { review } from './reviewed';
import { azurePrivateServices } from '../../../review/endpoints/azure';
import { reached } from '../endpoints/reached';

type Body = Record<string, any>;

/** A closed subnet `app` with service endpoints, and one without. */
function stackWith(endpoints: unknown, app: readonly Body[], more: Blocks = {}, base = closedNetwork()) {
  const stack = { ...base, resource: merge(base.resource, merge({ azurerm_subnet: { other: subnet('10.0.2.0/24'), app: { ...base.resource['azurerm_subnet']!['app'], service_endpoints: endpoints } } }, more)) };
  stack.resource['azurerm_network_security_group']!['app']!.security_rule = [...app, ...finalDenies()];
  return stack;
}
const reachedWith = (...given: Parameters<typeof stackWith>) => reached(stackWith(...given));
const out = (more: Body = {}): Body => rule({ destination_address_prefix: 'Storage', destination_port_range: '443', ...more });
const STORAGE = ['Microsoft.Storage'];

test('who is let out to the tag of the service is joined, and a subnet without one is not', () => {
  expect(reachedWith(STORAGE, [out()])).toEqual({ 'azurerm_subnet.app': STORAGE, 'azurerm_subnet.other': [] });
});

test.each<[string, readonly string[], readonly Body[]]>([
  ['its group lets nothing out', STORAGE, []],
  ['its group lets out to private addresses alone', STORAGE, [out({ destination_address_prefix: '10.0.0.0/8' })]],
  ['its group lets out on a port that the service has not', STORAGE, [out({ destination_port_range: '8080' })]],
  ['a deny comes first', STORAGE, [out({ name: 'first', priority: 100, access: 'Deny', protocol: '*', destination_address_prefix: '*', destination_port_range: '*' }), out()]],
  ['the port of a database is closed', ['Microsoft.Sql'], [out()]],
])('no edge when %s', (_, endpoints, app) => {
  expect(reachedWith(endpoints, app)['azurerm_subnet.app']).toEqual([]);
});

test.each<[string, readonly string[] | string, readonly Body[], readonly string[]]>([
  ['the port of a database is open', ['Microsoft.Sql'], [out({ destination_address_prefix: 'Sql', destination_port_range: '1433' })], ['Microsoft.Sql']],
  ['there are several: one for the subnet', ['Microsoft.Storage', 'Microsoft.KeyVault'], [out()], ['Microsoft.KeyVault, Microsoft.Storage']],
  ['nobody knows which there are', '${var.endpoints}', [out()], ['service endpoints']],
  ['nobody knows its group\'s rule', STORAGE, [out({ destination_address_prefix: '${var.prefix}' })], STORAGE],
])('an edge when %s', (_, endpoints, app, labels) => {
  expect(reachedWith(endpoints, app)['azurerm_subnet.app']).toEqual(labels);
});

test('a route to a firewall does not stand in its way, and neither does one to nowhere: its own is more specific', () => {
  expect(reachedWith(STORAGE, [out()], {}, guardedNetwork())['azurerm_subnet.app']).toEqual(STORAGE);
  expect(reachedWith(STORAGE, [out()], { azurerm_route_table: { app: { name: 'app', route: [{ name: 'none', address_prefix: '0.0.0.0/0', next_hop_type: 'None' }] } } })['azurerm_subnet.app']).toEqual(STORAGE);
});

describe('whom it serves', () => {
  const servedBy = (stack: object) => azurePrivateServices(review(stack).model).endpoints.find(({ label }) => label === 'Microsoft.Storage')?.serves.kind;
  const ACCOUNT = '/subscriptions/x/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/a';
  const policy = (resources: readonly string[]): Blocks => ({ azurerm_subnet_service_endpoint_storage_policy: { p: { name: 'p', definition: [{ name: 'd', service: 'Microsoft.Storage', service_resources: resources }] } } });
  const limited = (resources: readonly string[]) => {
    const stack = stackWith(STORAGE, [out()], policy(resources));
    stack.resource['azurerm_subnet']!['app']!.service_endpoint_policy_ids = ['${azurerm_subnet_service_endpoint_storage_policy.p.id}'];
    return stack;
  };

  test('everybody\'s accounts, unless a policy lists accounts', () => {
    expect(servedBy(stackWith(STORAGE, [out()]))).toBe('anybody');
    expect(servedBy(limited([ACCOUNT]))).toBe('own');
    expect(servedBy(limited(['/subscriptions/x']))).toBe('anybody');
  });

  test('everybody\'s, where one of its definitions or policies lists more than accounts', () => {
    const of = (...definitions: readonly (readonly string[])[]) => ({ name: 'p', definition: definitions.map((service_resources, index) => ({ name: `d${index}`, service: 'Microsoft.Storage', service_resources })) });
    const by = (...policies: readonly object[]) => {
      const stack = stackWith(STORAGE, [out()], { azurerm_subnet_service_endpoint_storage_policy: Object.fromEntries(policies.map((each, index) => [`p${index}`, each])) });
      stack.resource['azurerm_subnet']!['app']!.service_endpoint_policy_ids = policies.map((_, index) => `\${azurerm_subnet_service_endpoint_storage_policy.p${index}.id}`);
      return servedBy(stack);
    };
    expect(by(of([ACCOUNT], [ACCOUNT]), of([ACCOUNT]))).toBe('own');
    expect(by(of([ACCOUNT], ['/subscriptions/x/resourceGroups/r']))).toBe('anybody');
    expect(by(of([ACCOUNT]), of(['/services/Azure']))).toBe('anybody');
    expect(by(of([ACCOUNT], []))).toBe('anybody');
  });
});
