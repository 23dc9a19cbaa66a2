/** Verdicts on random hubs with their spokes, against what becomes of single packets in them. */
import fc from 'fast-check';
import { buildAzureModel } from '../../../../review/model/azure/azure-model';
import { trace } from '../../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../../review/paths/verdict';
import { buildGraph } from '../../../../review/plan/build-graph';
import { parsePlan } from '../../../../review/plan/load';
import type { Estate, MachineName } from './estate';
import { estates } from './generator';
import { judge, type Judged } from './judged';
import { asStack, type Resources } from './written';

const SENDERS: readonly MachineName[] = ['app', 'far'];

function judged(estate: Estate, spoil: (resource: Resources) => void = () => undefined): readonly Judged[] {
  const stack = asStack(estate);
  spoil(stack.resource);
  const { places } = buildAzureModel(buildGraph(parsePlan(JSON.stringify(stack), 'cdk.tf.json')));
  return SENDERS.flatMap((machine) => (estate.dual ? [4, 6] as const : [4] as const).map((family): Judged => {
    const place = places.find(({ id }) => id === `azurerm_linux_virtual_machine.${machine}`)!;
    const verdict: Verdict = verdictOf(trace(place, family));
    return judge(estate, machine, family, verdict);
  }));
}

test('what gets out of a random hub or its spokes is told, and what does not is not called open', () => {
  const seen: Record<string, number> = {};
  fc.assert(fc.property(estates, (estate) => {
    for (const { kind, fate, detail } of judged(estate)) {
      seen[kind] = (seen[kind] ?? 0) + 1;
      seen[fate] = (seen[fate] ?? 0) + 1;
      if (kind === 'missed' || kind === 'alarm') throw new Error(`${kind}: ${detail}`);
    }
  }), { seed: 20261127, numRuns: 130 });
  expect({ open: seen['open']! > 50, unsure: seen['unsure']! > 10, named: seen['named']! > 5, none: seen['none']! > 50 }).toEqual({ open: true, unsure: true, named: true, none: true });
  // Appliances and gateways of which the plan has everything and which lead nowhere: that they do not is not relied on.
  expect(seen['doubt']).toBeLessThan(50);
});

const RULES = ['azurerm_firewall_policy_rule_collection_group'];
test.each<[string, (resource: Resources) => void]>([
  ['route tables', (resource) => void (resource['azurerm_subnet_route_table_association'] = {})],
  ['what a firewall lets through', (resource) => { for (const type of RULES) delete resource[type]; }],
  ['public addresses', (resource) => Object.values(resource['azurerm_network_interface']!).forEach((each) => (each['ip_configuration'] as Record<string, unknown>[]).forEach((own) => delete own['public_ip_address_id']))],
  ['default outbound access', (resource) => Object.values(resource['azurerm_subnet']!).forEach((each) => void (each['default_outbound_access_enabled'] = false))],
  ['balancers that lend an address', (resource) => { delete resource['azurerm_lb_outbound_rule']; }],
  ['security admin rules', (resource) => { delete resource['azurerm_network_manager_admin_rule']; }],
  ['that a configuration is not deployed', (resource) => { const all = resource['azurerm_network_manager_deployment'] ??= {}; const [configuration] = Object.keys(resource['azurerm_network_manager_security_admin_configuration'] ?? {}); if (configuration) all['SecurityAdmin'] = { scope_access: 'SecurityAdmin', configuration_ids: [`\${azurerm_network_manager_security_admin_configuration.${configuration}.id}`] }; }],
  ['networks that a manager joins', (resource) => { delete resource['azurerm_network_manager_connectivity_configuration']; }],
  ['routes of a manager', (resource) => { delete resource['azurerm_network_manager_routing_rule']; }],
  ['route servers', (resource) => { delete resource['azurerm_route_server']; }],
  ['gateways', (resource) => { delete resource['azurerm_virtual_network_gateway']; }],
  ['service endpoints', (resource) => Object.values(resource['azurerm_subnet']!).forEach((each) => delete each['service_endpoints'])],
  ['what leads its callers out', (resource) => { delete resource['azurerm_application_gateway']; }],
  ['peerings', (resource) => { delete resource['azurerm_virtual_network_peering']; }],
  ['allows of groups', (resource) => Object.values(resource['azurerm_network_security_group'] ?? {}).forEach((each) => void (each['security_rule'] = (each['security_rule'] as Record<string, unknown>[]).filter(({ access }) => access === 'Deny')))],
])('a review that does not see %s is caught', (_, spoil) => {
  expect(fc.sample(estates, { seed: 4, numRuns: 250 }).some((estate) => judged(estate, spoil).some(({ kind }) => kind === 'missed'))).toBe(true);
});
