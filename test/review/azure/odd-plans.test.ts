/** Other people's plans, and what no plan should look like: nothing may crash. */
import fc from 'fast-check';
import { GraphResource } from '../../../review/plan/graph-resource';
import { mutations } from '../../contract/azure.observer';
import { fixture, synthesized, type Synthesized } from '../../fixtures/stacks';
import { review } from './reviewed';
import { guardedNetwork, hosts } from './small-stack';

let full: Synthesized;
beforeAll(async () => {
  full = await synthesized(fixture('full'));
});

const types = () => Object.keys(full.stack('azure-prod').resource!);

test('a plan without anything of Azure', () => {
  const reviewed = review({ resource: { aws_vpc: { x: { cidr_block: '10.0.0.0/16' } } } });
  expect([reviewed.verdicts, reviewed.findings]).toEqual([[], []]);
});

test('every resource empty', () => {
  const more = ['azurerm_network_interface', 'azurerm_linux_virtual_machine', 'azurerm_linux_virtual_machine_scale_set', 'azurerm_kubernetes_cluster', 'azurerm_kubernetes_cluster_node_pool', 'azurerm_linux_web_app',
    'azurerm_lb', 'azurerm_lb_rule', 'azurerm_lb_outbound_rule', 'azurerm_lb_backend_address_pool', 'azurerm_virtual_hub_connection', 'azurerm_virtual_hub_routing_intent', 'azurerm_virtual_network_gateway', 'azurerm_key_vault',
    'azurerm_network_security_rule', 'azurerm_route', 'azurerm_firewall_network_rule_collection', 'azurerm_ip_group', 'azurerm_container_group', 'azurerm_subnet_nat_gateway_association', 'azurerm_network_interface_application_security_group_association',
    'azurerm_network_manager_admin_rule', 'azurerm_network_manager_admin_rule_collection', 'azurerm_network_manager_network_group', 'azurerm_network_manager_static_member', 'azurerm_network_manager_routing_rule', 'azurerm_local_network_gateway',
    'azurerm_virtual_network_gateway_connection', 'azurerm_databricks_workspace', 'azurerm_redhat_openshift_cluster', 'azurerm_hdinsight_spark_cluster', 'azurerm_container_registry_task', 'azurerm_machine_learning_workspace'];
  expect(() => review({ resource: Object.fromEntries([...types(), ...more].map((type) => [type, { empty: {} }])) })).not.toThrow();
});

test('values of the wrong kind, anywhere', () => {
  const places: { type: string; name: string; attribute: string }[] = Object.entries(full.stack('azure-prod').resource!).flatMap(([type, named]) => Object.entries(named).flatMap(([name, body]) => Object.keys(body as object).map((attribute) => ({ type, name, attribute }))));
  const odd = fc.oneof(fc.constant(null), fc.constant(''), fc.constant('${var.x}'), fc.constant([]), fc.constant([null]), fc.constant({}), fc.constant([{}]), fc.constant([[]]), fc.integer(), fc.string(), fc.boolean(), fc.constant(['::/0', 'x', '1.2.3.4/99']), fc.constant({ a: { b: [null] } }));
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...places), odd), { minLength: 1, maxLength: 12 }), (changes) => {
    const stack = full.stack('azure-prod');
    for (const [{ type, name, attribute }, value] of changes) stack.resource![type]![name][attribute] = value;
    review(stack, full.policy);
  }), { numRuns: 60 });
});

test('references in circles and to nowhere', () => {
  const circle = guardedNetwork({ application_rule_collection: [hosts('Allow', ['a.example.com'])] }, {
    azurerm_firewall_policy: { main: { name: 'main', base_policy_id: '${azurerm_firewall_policy.main.id}' } },
    azurerm_subnet_route_table_association: { app: { subnet_id: '${azurerm_subnet.app.id}', route_table_id: '${azurerm_route_table.app.id}' }, firewall: { subnet_id: '${azurerm_subnet.firewall.id}', route_table_id: '${azurerm_route_table.app.id}' } },
  });
  expect(review(circle).kind('azurerm_subnet.app')).toBe('none');
});

test('several mutations at once', () => {
  const sound = mutations.filter(({ fault }) => fault !== 'subscription-not-pinned');
  fc.assert(fc.property(fc.shuffledSubarray([...sound], { minLength: 2, maxLength: 6 }), (chosen) => {
    const stack = full.stack('azure-prod');
    for (const { mutate } of chosen) {
      // One mutation may have taken away what the next would break.
      try { mutate(stack); } catch { continue; }
    }
    review(stack, full.policy);
  }), { numRuns: 60 });
});

test('the same in any order', () => {
  const stack = full.stack('azure-prod');
  for (const mutation of mutations.slice(8, 14)) mutation.mutate(stack);
  const shuffled = { ...stack, resource: Object.fromEntries(Object.entries(stack.resource!).reverse().map(([type, named]) => [type, Object.fromEntries(Object.entries(named).reverse())])) };
  const summary = (input: object) => review(input).findings.map(({ rule, address, message }) => `${rule} ${address} ${message}`).sort();
  expect(summary(shuffled)).toEqual(summary(stack));
});

test('thousands of subnets take work in proportion: counted, because time depends on the machine', () => {
  const many = (count: number) => ({
    resource: {
      azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/8'] } },
      azurerm_network_security_group: Object.fromEntries(Array.from({ length: count }, (_, index) => [`g${index}`, { name: `g${index}`, security_rule: [{ name: 'deny', priority: 4096, direction: 'Outbound', access: 'Deny', protocol: '*', source_port_range: '*', source_address_prefix: '*', destination_address_prefix: '*', destination_port_range: '*' }] }])),
      azurerm_subnet: Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, { name: `s${index}`, virtual_network_name: '${azurerm_virtual_network.main.name}', address_prefixes: [`10.${index >> 8}.${index & 255}.0/24`] }])),
      azurerm_subnet_network_security_group_association: Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, { subnet_id: `\${azurerm_subnet.s${index}.id}`, network_security_group_id: `\${azurerm_network_security_group.g${index}.id}` }])),
    },
  });
  const questions = (count: number) => {
    const spies = (['valueAt', 'rawAt', 'references', 'unknownAt'] as const).map((name) => jest.spyOn(GraphResource.prototype, name));
    try {
      const { verdicts } = review(many(count));
      expect(verdicts).toHaveLength(count);
      expect(new Set(verdicts.map(({ kind }) => kind))).toEqual(new Set(['none']));
      return spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };
  const ratio = questions(4_000) / questions(500);
  expect(ratio).toBeGreaterThan(7);
  expect(ratio).toBeLessThan(8.5);
}, 120_000);
