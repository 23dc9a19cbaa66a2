/** Service endpoints of Azure: an edge for the places of the subnet whose groups let them out, and for nobody else. */
import { asPlan } from '../as-plan';
import { closedNetwork, finalDenies, guardedNetwork, merge, openNetwork, rule, subnet, type Blocks } from './small-stack';
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

describe('a group that refuses a service by its tag', () => {
  const internet = rule({ name: 'internet', priority: 300, destination_address_prefix: 'Internet', destination_port_range: '443' });
  const refused = (more: Body = {}) => rule({ name: 'no-storage', priority: 100, access: 'Deny', protocol: '*', destination_address_prefix: 'Storage', destination_port_range: '*', ...more });
  const routes = (route: readonly Body[]): Blocks => ({ azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route } } });
  const none = [{ name: 'none', address_prefix: '0.0.0.0/0', next_hop_type: 'None' }];
  const nat: Blocks = {
    azurerm_nat_gateway: { n: { name: 'n' } }, azurerm_public_ip: { n: { name: 'n' } },
    azurerm_nat_gateway_public_ip_association: { n: { nat_gateway_id: '${azurerm_nat_gateway.n.id}', public_ip_address_id: '${azurerm_public_ip.n.id}' } },
    azurerm_subnet_nat_gateway_association: { n: { subnet_id: '${azurerm_subnet.app.id}', nat_gateway_id: '${azurerm_nat_gateway.n.id}' } },
  };
  const machine: Blocks = {
    azurerm_network_interface: { m: { name: 'm', ip_configuration: { name: 'main', subnet_id: '${azurerm_subnet.app.id}' } } },
    azurerm_linux_virtual_machine: { m: { name: 'm', network_interface_ids: ['${azurerm_network_interface.m.id}'] } },
  };
  const verdict = (app: readonly Body[], more: Blocks, endpoints: readonly string[] = []) => review(stackWith(endpoints, app, merge(machine, more))).kind('azurerm_linux_virtual_machine.m');

  // Without a public address nothing but storage of the region is reached.
  test.each<[string, readonly Body[], string]>([
    ['nothing', [internet], 'open'],
    ['it all', [refused(), internet], 'none'],
    ['the port that is open', [refused({ protocol: 'Tcp', destination_port_range: '443' }), internet], 'none'],
    ['another port', [refused({ destination_port_range: '445' }), internet], 'open'],
    ['some of it', [refused({ destination_address_prefix: 'Storage.WestEurope' }), internet], 'open'],
    ['it for somebody else', [refused({ source_address_prefix: '10.0.9.0/24' }), internet], 'open'],
    ['it after what lets out', [rule({ name: 'first', priority: 90, destination_address_prefix: 'Storage', destination_port_range: '443' }), refused(), internet], 'open'],
  ])('%s, from a subnet without a way out', (_, app, expected) => {
    expect(verdict(app, routes([]))).toBe(expected);
  });

  test('counts for a service endpoint, whatever is more of them, and not for a way out', () => {
    expect([verdict([internet], routes(none), STORAGE), verdict([refused(), internet], routes(none), STORAGE), verdict([refused(), internet], routes(none), [...STORAGE, 'Microsoft.Web'])]).toEqual(['open', 'none', 'open']);
    expect(verdict([refused(), internet], { ...routes([]), ...nat })).toBe('open');
  });

  test.each<[string, readonly Body[], string]>([
    ['nothing', [internet], 'open'],
    ['it all', [refused(), internet], 'none'],
    ['the port that is open', [refused({ protocol: 'Tcp', destination_port_range: '443' }), internet], 'none'],
    ['another port', [refused({ destination_port_range: '445' }), internet], 'open'],
    ['it for somebody else', [refused({ source_address_prefix: '10.0.9.0/24' }), internet], 'open'],
    ['it for members of a group, whoever these are', [refused({ source_address_prefix: null, source_application_security_group_ids: ['/asg'] }), internet], 'open'],
    ['it after what lets out', [rule({ name: 'first', priority: 90, destination_address_prefix: 'Storage', destination_port_range: '443' }), refused(), internet], 'open'],
  ])('%s, as that of the interface', (_, own, expected) => {
    const beside = (name: string): Blocks => ({ azurerm_network_security_group: { [name]: { name, security_rule: own } }, azurerm_network_interface_security_group_association: { [name]: { network_interface_id: '${azurerm_network_interface.m.id}', network_security_group_id: `\${azurerm_network_security_group.${name}.id}` } } });
    const neighbour: Blocks = { azurerm_network_interface: { neighbour: { name: 'neighbour', ip_configuration: { name: 'main', subnet_id: '${azurerm_subnet.app.id}' } } } };
    const { kind } = review(stackWith([], [internet], merge(merge(machine, neighbour), merge(routes([]), beside('own')))));
    expect([kind('azurerm_linux_virtual_machine.m'), kind('azurerm_network_interface.neighbour')]).toEqual([expected, 'open']);
    expect(verdict([internet], merge(routes(none), beside('own')), STORAGE)).toBe(expected);
    // What is attached beside it may be another one, and a way out leads anywhere.
    const either = { azurerm_network_interface_security_group_association: { own: { network_interface_id: '${azurerm_network_interface.m.id}', network_security_group_id: '${var.group}' } } };
    expect([verdict([internet], merge(merge(routes([]), beside('own')), either)), verdict([internet], merge({ ...routes([]), ...nat }, beside('own')))]).not.toContain('none');
  });

  test('closes nothing where rules of a network manager may come first', () => {
    const manager: Blocks = {
      azurerm_network_manager: { m: { name: 'm', scope: { subscription_ids: ['/subscriptions/x'] } } },
      azurerm_network_manager_security_admin_configuration: { c: { name: 'c', network_manager_id: '${azurerm_network_manager.m.id}' } },
      azurerm_network_manager_admin_rule_collection: { r: { name: 'r', security_admin_configuration_id: '${azurerm_network_manager_security_admin_configuration.c.id}', network_group_ids: ['${azurerm_network_manager_network_group.g.id}'] } },
      azurerm_network_manager_network_group: { g: { name: 'g', network_manager_id: '${azurerm_network_manager.m.id}' } },
      azurerm_network_manager_static_member: { s: { name: 's', network_group_id: '${azurerm_network_manager_network_group.g.id}', target_virtual_network_id: '${azurerm_virtual_network.main.id}' } },
      azurerm_network_manager_admin_rule: { a: { name: 'a', admin_rule_collection_id: '${azurerm_network_manager_admin_rule_collection.r.id}', action: 'AlwaysAllow', direction: 'Outbound', priority: 1, protocol: 'Tcp', destination_port_ranges: ['443'], destination: [{ address_prefix_type: 'ServiceTag', address_prefix: 'Storage' }] } },
    };
    expect(verdict([refused(), internet], { ...routes([]), ...manager })).not.toBe('none');
  });
});

test.each<[string, string, number]>([
  ['an account of the plan', '${azurerm_storage_account.ours.id}', 0],
  ['the subscription that it is run in', '${data.azurerm_subscription.current.id}', 0],
  ['another subscription that is looked up', '${data.azurerm_subscription.theirs.id}', 1],
  ['accounts of a service of Azure', '/services/Azure/Batch', 0],
  ['an account of somebody else', '/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/theirs', 1],
  ['all accounts of another subscription', '/subscriptions/x', 1],
  ['what nobody knows', '${var.account}', 1],
])('a policy of service endpoints that lists %s', (_, listed, expected) => {
  const stack = closedNetwork({ azurerm_storage_account: { ours: { name: 'ours' } }, azurerm_subnet_service_endpoint_storage_policy: { p: { name: 'p', definition: [{ name: 'd', service: 'Microsoft.Storage', service_resources: [listed] }] } } });
  const { findings } = review({ ...stack, data: { azurerm_subscription: { current: {}, theirs: { subscription_id: 'x' } } } });
  expect(findings.filter(({ rule: id, address }) => id === 'service-endpoint-route' && address === 'azurerm_subnet_service_endpoint_storage_policy.p')).toHaveLength(expected);
});

describe('a policy of service endpoints', () => {
  const network = (service_endpoint_policy_ids: unknown, more: Blocks = {}) => openNetwork(merge({
    azurerm_subnet: { app: { ...subnet('10.0.1.0/24'), service_endpoints: STORAGE, service_endpoint_policy_ids } },
    azurerm_network_interface: { n: { name: 'n', ip_configuration: { name: 'i', subnet_id: '${azurerm_subnet.app.id}' } } }, azurerm_linux_virtual_machine: { m: { name: 'm', network_interface_ids: ['${azurerm_network_interface.n.id}'] } },
  }, more));
  const judged = (ids: unknown, more: Blocks = {}) => {
    const { kind, findings } = review(network(ids, more));
    return [kind('azurerm_linux_virtual_machine.m'), ...findings.filter(({ rule: id, address }) => id === 'service-endpoint-route' && address === 'azurerm_subnet.app').map(({ message }) => message.replace('service endpoints Microsoft.Storage lead past every route', '…'))];
  };
  const OWN: Blocks = { azurerm_subnet_service_endpoint_storage_policy: { p: { name: 'p', definition: { name: 'd', service_resources: ['/subscriptions/s'] } } } };

  test('of the plan bounds what is reached', () => expect(judged(['${azurerm_subnet_service_endpoint_storage_policy.p.id}'], OWN)).toEqual(['none', '…']));
  test('of another plan lists what nobody here knows', () => expect(judged(['/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/serviceEndpointPolicies/p'])).toEqual(['none', '…, to what a policy lists that the plan does not make']));
  test('which may be none closes nothing', () => expect(judged('${var.policies}')).toEqual(['unknown', '…, to the accounts of all customers unless a policy that is not known lists some']));
  test('is missing', () => expect([judged([]), judged(null)]).toEqual([['open', '…, to the accounts of all customers'], ['open', '…, to the accounts of all customers']]));

  test('that is made with the subnet counts, though a plan shows no element of the set', () => {
    const plan = asPlan(network(['${azurerm_subnet_service_endpoint_storage_policy.p.id}'], OWN).resource);
    const { change } = plan.resource_changes.find(({ address }: { address: string }) => address === 'azurerm_subnet.app');
    delete change.after.service_endpoint_policy_ids;
    change.after_unknown.service_endpoint_policy_ids = true;
    expect(review(plan).kind('azurerm_linux_virtual_machine.m')).toBe('none');
  });
});
