/**
 * Plans of what exists. Groups, tables and networks show what resources of their own make, as it was at the
 * last refresh: such a copy decides nothing. And a name means something in its own resource group alone.
 */
import { parsePlan } from '../../../review/plan/load';
import { review as reviewAll } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { existingNetwork, existingPlan, existingState, idOf, routeValues, ruleValues, type Existing, type Values } from './existing-network';

const result = (...resources: readonly Existing[]) => reviewAll({ inputs: [parsePlan(existingPlan(resources), 'plan.json')], today: TODAY });
const verdicts = (...resources: readonly Existing[]) => Object.fromEntries(result(...resources).verdicts.map(({ place, verdict }) => [place, verdict]));
const opened = (...resources: readonly Existing[]) => result(...resources).diff?.reach.map(({ who, change }) => `${change} ${who}`);

const APP = 'azurerm_subnet.app';
const ALLOW = ruleValues({ name: 'allow', access: 'Allow' });
const rule = (after: Values | undefined, before = after, more: Partial<Existing> = {}): Existing => {
  const at = { network_security_group_name: 'app', resource_group_name: 'rg' };
  return {
    address: 'azurerm_network_security_rule.only', ...(after ? { after: { id: idOf(`networkSecurityGroups/app/securityRules/${String(after['name'])}`), ...at, ...after } } : {}), before: before && { ...at, ...before },
    written: { network_security_group_name: ['azurerm_network_security_group.app.name'] }, ...more,
  };
};
const route = (after: Values | undefined, before = after): Existing => {
  const at = { route_table_name: 'app', resource_group_name: 'rg' };
  return { address: 'azurerm_route.out', ...(after ? { after: { id: idOf('routeTables/app/routes/out'), ...at, ...after } } : {}), before: before && { ...at, ...before }, written: { route_table_name: ['azurerm_route_table.app.name'] } };
};
/** What leads out, and is shut by a rule alone. */
const shutByRule = existingNetwork({ rules: [ruleValues()], routes: [routeValues({ next_hop_type: 'Internet' })] });
const shutByRoute = existingNetwork({ rules: [ALLOW], routes: [routeValues()] });

describe('a copy of what a resource of its own makes decides nothing', () => {
  test.each<[string, readonly Existing[], string]>([
    ['nothing changes', [...shutByRule, rule(ruleValues())], 'none'],
    ['the rule that denies is deleted', [...shutByRule, rule(undefined, ruleValues())], 'open'],
    ['the rule that denies allows', [...shutByRule, rule(ruleValues({ access: 'Allow' }), ruleValues())], 'open'],
    ['the rule that denies gets another name and fewer ports', [...shutByRule, rule(ruleValues({ name: 'deny-some', destination_port_range: '443' }), ruleValues())], 'open'],
    ['the rule moves to another group', [...shutByRule, rule({ ...ruleValues(), network_security_group_name: 'other', id: idOf('networkSecurityGroups/other/securityRules/deny-all') }, ruleValues(), { written: {} })], 'open'],
    ['nothing changes in the routes', [...shutByRoute, route(routeValues())], 'none'],
    ['the route leads to the internet', [...shutByRoute, route(routeValues({ next_hop_type: 'Internet' }), routeValues())], 'open'],
    ['the route is deleted', [...shutByRoute, route(undefined, routeValues())], 'open'],
    ['the route begins to lead nowhere', [...existingNetwork({ rules: [ALLOW], routes: [routeValues({ next_hop_type: 'Internet' })] }), route(routeValues(), routeValues({ next_hop_type: 'Internet' }))], 'none'],
  ])('%s: %s', (_, resources, verdict) => {
    // A subnet that is a resource is one place, though its network shows it, too.
    expect(verdicts(...resources)).toEqual({ [APP]: verdict });
  });

  test('the change is told', () => {
    expect(opened(...shutByRule, rule(undefined, ruleValues()))).toEqual([`became-open ${APP}`]);
    expect(opened(...shutByRoute, route(routeValues({ next_hop_type: 'Internet' }), routeValues()))).toEqual([`became-open ${APP}`]);
  });

  test('a state shows each once', () => {
    const state = existingState([...shutByRule, rule(ruleValues({ access: 'Allow' }))]);
    expect(reviewAll({ inputs: [parsePlan(state, 'state.json')], today: TODAY }).verdicts.map(({ place, verdict }) => [place, verdict])).toEqual([[APP, 'open']]);
  });

  test('what somebody else adds stays, and so does what the block itself says', () => {
    const rules = [ruleValues({ name: 'of-another-plan' })];
    expect(verdicts(...existingNetwork({ rules, routes: [routeValues({ next_hop_type: 'Internet' })] }), rule({ ...ALLOW, priority: 200 }))).toEqual({ [APP]: 'none' });
    const written = shutByRule.map((each) => (each.address === 'azurerm_network_security_group.app' ? { ...each, written: { security_rule: true as const } } : each));
    expect(verdicts(...written, rule(undefined, ruleValues()))).toEqual({ [APP]: 'none' });
  });

  test('what a dynamic block begins to say is no copy', () => {
    const begun = shutByRule.map((each) => (each.address === 'azurerm_network_security_group.app' ? { ...each, before: { ...each.after, security_rule: [ruleValues({ destination_port_range: '25' })] } } : each));
    expect(verdicts(...begun, rule(undefined, ruleValues({ destination_port_range: '25' })))).toEqual({ [APP]: 'none' });
  });
});

test('a route to an address is no route to the firewall that another route of the table is for', () => {
  const [hub, firewall, policy] = [idOf('virtualNetworks/main/subnets/AzureFirewallSubnet'), idOf('azureFirewalls/f'), idOf('firewallPolicies/p')];
  const guarded = (address: string): readonly Existing[] => [
    ...existingNetwork({ rules: [ALLOW], routes: [routeValues({ next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: address }), routeValues({ name: 'eight', address_prefix: '8.0.0.0/8', next_hop_type: 'VirtualAppliance', next_hop_in_ip_address: '10.0.0.4' })] })
      .map((each) => (each.address === 'azurerm_route_table.app' ? { ...each, written: { route: ['azurerm_firewall.f.ip_configuration[0].private_ip_address'] } } : each)),
    { address: 'azurerm_subnet.firewall', after: { id: hub, name: 'AzureFirewallSubnet', resource_group_name: 'rg', virtual_network_name: 'main', address_prefixes: ['10.0.0.0/26'] }, written: { virtual_network_name: ['azurerm_virtual_network.main.name'] } },
    { address: 'azurerm_firewall_policy.p', after: { id: policy, name: 'p' } },
    { address: 'azurerm_firewall.f', after: { id: firewall, name: 'f', firewall_policy_id: policy, ip_configuration: [{ name: 'x', subnet_id: hub, private_ip_address: '10.0.0.4', public_ip_address_id: idOf('publicIPAddresses/f') }] } },
  ];
  expect([verdicts(...guarded('10.0.0.4'))[APP], verdicts(...guarded('10.0.200.4'))[APP]]).toEqual(['allowlisted', 'unknown']);
});

test('an interface stands in the one subnet of several inside a network that its id names', () => {
  const inside = (name: string, outbound: boolean) => ({ id: idOf(`virtualNetworks/v/subnets/${name}`), name, address_prefixes: [`10.7.${outbound ? 1 : 2}.0/24`], default_outbound_access_enabled: outbound });
  const network: Existing = { address: 'azurerm_virtual_network.v', after: { id: idOf('virtualNetworks/v'), name: 'v', resource_group_name: 'rg', address_space: ['10.7.0.0/16'], subnet: [inside('open', true), inside('shut', false)] }, written: { subnet: true } };
  const nic = (name: string): Existing => ({ address: `azurerm_network_interface.${name}`, after: { id: idOf(`networkInterfaces/${name}`), name, ip_configuration: [{ name: 'a', subnet_id: idOf(`virtualNetworks/v/subnets/${name}`) }] } });
  const lookups: Existing = { address: 'azurerm_network_security_group.dns', after: { id: idOf('networkSecurityGroups/dns'), name: 'dns', security_rule: [ruleValues({ name: 'dns', access: 'Allow', protocol: 'Udp' }), ruleValues({ priority: 4096 })] }, written: { security_rule: true } };
  const of = (name: string): Existing => ({ address: `azurerm_network_interface_security_group_association.${name}`, after: { id: name, network_interface_id: idOf(`networkInterfaces/${name}`), network_security_group_id: idOf('networkSecurityGroups/dns') } });
  const expected = [['azurerm_network_interface.open', 'open'], ['azurerm_network_interface.shut', 'none']];
  const all = [network, nic('open'), nic('shut'), lookups, of('open'), of('shut')];
  expect(Object.entries(verdicts(...all)).sort()).toEqual(expected);
  expect(reviewAll({ inputs: [parsePlan(existingState(all), 'state.json')], today: TODAY }).verdicts.map(({ place, verdict }) => [place, verdict]).sort()).toEqual(expected);
});

describe('names', () => {
  const open = existingNetwork({ routes: [routeValues({ next_hop_type: 'Internet' })] });
  const elsewhere = { resource_group_name: 'elsewhere', id: idOf('networkSecurityGroups/app/securityRules/deny-all', '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/elsewhere') };

  test.each<[string, Values, Partial<Existing>, string]>([
    ['by reference', {}, {}, 'none'],
    ['written out, in the same resource group', {}, { written: { network_security_group_name: true } }, 'none'],
    ['written out, in another', elsewhere, { written: { network_security_group_name: true } }, 'open'],
    ['by reference, and yet in another', elsewhere, {}, 'open'],
    ['in another subscription', { id: idOf('networkSecurityGroups/app/securityRules/deny-all', '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg') }, { written: {} }, 'open'],
  ])('of a group, %s', (_, more, written, verdict) => {
    expect(verdicts(...open, rule({ ...ruleValues(), ...more }, undefined, written))).toEqual({ [APP]: verdict });
  });

  test('of a table, in another resource group', () => {
    const far = { ...route({ ...routeValues(), resource_group_name: 'elsewhere', id: idOf('routeTables/app/routes/out', '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/elsewhere') }), written: {} };
    expect(verdicts(...existingNetwork({ rules: [ALLOW] }), far)).toEqual({ [APP]: 'open' });
  });
});
