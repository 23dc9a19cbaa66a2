/** A plan of HCL lists in one what all routes of a table refer to: which of the appliances in reach is meant. */
import { asPlan } from '../as-plan';
import { review } from './reviewed';
import { closedNetwork, guardedNetwork, hosts, merge, subnet, type Blocks } from './small-stack';

const FIREWALL = '${azurerm_firewall.main.ip_configuration[0].private_ip_address}';
const toAppliance = (prefix: string, address: unknown) => ({ name: prefix, address_prefix: prefix, next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: address });
const table = (...route: readonly object[]): Blocks => ({ azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route } } });
const NIC = (more: object): Blocks => ({ azurerm_network_interface: { n: { name: 'n', ip_configuration: { name: 'i', subnet_id: '${azurerm_subnet.other.id}' }, ...more } }, azurerm_subnet: { other: { name: 'other', virtual_network_name: '${azurerm_virtual_network.main.name}', address_prefixes: ['10.0.5.0/24'] } } });
const LB = (frontend: object): Blocks => ({ azurerm_lb: { l: { name: 'l', frontend_ip_configuration: [{ name: 'f', ...frontend }] } }, azurerm_public_ip: { l: { name: 'l' } } });

/** As the provider has it: `route` is an attribute, whose references the configuration lists without the blocks. */
function reviewed(more: Blocks, references: readonly string[] = ['azurerm_firewall.main.ip_configuration[0].private_ip_address', 'azurerm_firewall.main.ip_configuration[0]', 'azurerm_firewall.main.ip_configuration', 'azurerm_firewall.main'], allowed = ['a.example.com'], variables = {}) {
  const stack = guardedNetwork({ application_rule_collection: allowed.length > 0 ? [hosts('Allow', allowed), hosts('Deny', ['*'], 300)] : [hosts('Deny', ['*'])] }, more);
  const plan = asPlan(stack.resource);
  const tables = plan.configuration.root_module.resources.find(({ address }: { address: string }) => address === 'azurerm_route_table.app');
  tables.expressions.route = { references };
  const change = plan.resource_changes.find(({ address }: { address: string }) => address === 'azurerm_firewall.main').change;
  change.after_unknown.ip_configuration = [{ private_ip_address: true, subnet_id: true, public_ip_address_id: true }];
  return review({ ...plan, variables });
}
const MACHINE = (network_interface_ids: readonly string[]): Blocks => ({ azurerm_linux_virtual_machine: { m: { name: 'm', network_interface_ids } } });
const TEMPLATE = (type: string): Blocks => ({ azurerm_resource_group_template_deployment: { t: { name: 't', template_content: JSON.stringify({ resources: [{ type }] }) } } });
const kind = (...all: Parameters<typeof reviewed>) => reviewed(...all).kind('azurerm_subnet.app');

describe('one route with an address that is not known is the one that is written', () => {
  test('whatever else is in reach', () => {
    const all = merge(merge(table(toAppliance('0.0.0.0/0', FIREWALL)), NIC({ ip_forwarding_enabled: true })), LB({ subnet_id: '${azurerm_subnet.other.id}' }));
    const { findings } = reviewed(all);
    expect(kind(all)).toBe('allowlisted');
    expect(findings.map(({ rule }) => rule)).not.toContain('internet-route-bypasses-firewall');
  });

  test('but not where something is listed that says nothing of an address', () => {
    const all = merge(table(toAppliance('0.0.0.0/0', FIREWALL)), NIC({ ip_forwarding_enabled: true }));
    expect(kind(all, ['azurerm_firewall.main.name', 'azurerm_firewall.main'])).toBe('unknown');
  });
});

describe('of several', () => {
  const TWO = table(toAppliance('0.0.0.0/1', FIREWALL), toAppliance('128.0.0.0/1', FIREWALL));

  test.each<[string, string, Blocks]>([
    ['a machine that forwards may be meant', 'unknown', NIC({ ip_forwarding_enabled: true })],
    ['one that does not forward is not', 'allowlisted', NIC({})],
    ['a balancer with a private address may be meant', 'unknown', LB({ subnet_id: '${azurerm_subnet.app.id}' })],
    ['one with public addresses alone is not', 'allowlisted', LB({ public_ip_address_id: '${azurerm_public_ip.l.id}' })],
    ['a machine with an interface that is out of reach may be meant', 'unknown', MACHINE(['/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/networkInterfaces/n'])],
    ['one whose interfaces forward nothing is not', 'allowlisted', merge(NIC({}), MACHINE(['${azurerm_network_interface.n.id}']))],
    ['what a template makes in networks may be meant', 'unknown', TEMPLATE('Microsoft.Network/networkInterfaces')],
    ['what it makes elsewhere is not', 'allowlisted', TEMPLATE('Microsoft.Insights/workbooks')],
  ])('%s: %s', (_, expected, more) => expect(kind(merge(TWO, more))).toBe(expected));

  describe('each is the one that Terraform lists as often', () => {
    const ONCE = ['azurerm_firewall.main.ip_configuration[0].private_ip_address', 'azurerm_firewall.main.ip_configuration[0]', 'azurerm_firewall.main.ip_configuration', 'azurerm_firewall.main'];
    const NIC_ONCE = ['azurerm_network_interface.n.private_ip_address', 'azurerm_network_interface.n'];
    const machine = merge(TWO, NIC({ ip_forwarding_enabled: true }));

    test.each<[string, string, readonly string[]]>([
      ['twice', 'allowlisted', [...ONCE, ...ONCE]],
      ['with what is no appliance between', 'allowlisted', [...ONCE, 'azurerm_subnet.other.address_prefixes[0]', 'azurerm_subnet.other.address_prefixes', 'azurerm_subnet.other', ...ONCE]],
      ['once, and a dynamic block is not listed', 'unknown', ONCE],
      ['once, beside another', 'unknown', [...ONCE, ...NIC_ONCE]],
      ['once by address, once by name', 'unknown', [...ONCE, 'azurerm_firewall.main.name', 'azurerm_firewall.main']],
      ['thrice, which is no count of blocks', 'unknown', [...ONCE, ...ONCE, ...ONCE]],
    ])('%s: %s', (_, expected, references) => expect(kind(machine, references)).toBe(expected));

    test.each([['0.0.0.0/1', 'allowlisted'], ['10.0.9.4', 'unknown'], ['/subscriptions/s/resourceGroups/r', 'unknown']])('beside a variable that holds %s: %s', (value, expected) => {
      expect(reviewed(machine, [...ONCE, 'var.v', ...ONCE], undefined, { v: { value } }).kind('azurerm_subnet.app')).toBe(expected);
    });
  });

  test('a firewall that lets nothing through closes nothing where a machine may be meant', () => {
    expect(kind(merge(TWO, NIC({ ip_forwarding_enabled: true })), undefined, [])).toBe('unknown');
    expect(kind(TWO, undefined, [])).toBe('none');
  });
});

test('either a firewall or a machine: the firewall alone closes nothing', () => {
  const either = closedNetwork(merge(guardedNetwork({ application_rule_collection: [hosts('Deny', ['*'])] }).resource, merge(NIC({ ip_forwarding_enabled: true }), table(toAppliance('0.0.0.0/0', '${var.inspect ? azurerm_firewall.main.ip_configuration[0].private_ip_address : azurerm_network_interface.n.private_ip_address}')))));
  expect(review(either).kind('azurerm_subnet.app')).toBe('unknown');
});

test('a list of hosts that is sensitive is no host of that name', () => {
  const plan = asPlan(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com']), hosts('Deny', ['*'], 300)] }).resource);
  const group = plan.resource_changes.find(({ address }: { address: string }) => address === 'azurerm_firewall_policy_rule_collection_group.main');
  group.change.after_sensitive = { application_rule_collection: [{ rule: [{ destination_fqdns: true }] }] };
  const { verdicts, rules } = review(plan);
  const app = verdicts.find(({ place }) => place.id === 'azurerm_subnet.app');
  expect([app?.kind, app?.hosts.map(({ host }) => host)]).toEqual(['unknown', []]);
  expect(rules).not.toContain('wide-firewall-rule');
});

test('an address that the own network or a peer has is not that of a firewall elsewhere', () => {
  const kind = (space: string, more: Blocks = {}) => review(guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'], 200, '*')] }, merge({
    azurerm_virtual_network: { twin: { name: 'twin', address_space: [space] }, hub: { name: 'hub', address_space: ['10.0.0.0/16'] } }, azurerm_subnet: { twin: subnet(space.replace('0.0/16', '1.0/24'), 'twin') },
    azurerm_route_table: { twin: { name: 'twin', bgp_route_propagation_enabled: false, route: [toAppliance('0.0.0.0/0', '10.0.0.4')] } },
    azurerm_subnet_route_table_association: { twin: { subnet_id: '${azurerm_subnet.twin.id}', route_table_id: '${azurerm_route_table.twin.id}' } },
  }, more))).kind('azurerm_subnet.twin');
  const peering: Blocks = { azurerm_virtual_network_peering: { p: { name: 'p', virtual_network_name: '${azurerm_virtual_network.twin.name}', remote_virtual_network_id: '${azurerm_virtual_network.hub.id}' } } };
  expect([kind('10.0.0.0/16'), kind('10.8.0.0/16', peering), kind('10.8.0.0/16')]).toEqual(['unknown', 'unknown', 'allowlisted']);
});
