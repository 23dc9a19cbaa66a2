/** How severe a finding is where something else closes, names or guards what it is about: each with what is worse once that is gone. */
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, networkRule, route, rule, subnet, type Blocks, type Stack } from './small-stack';

const severityOf = (stack: Stack, id: string) => {
  const { findings } = review(stack);
  return findings.filter((finding) => finding.rule === id).map(({ severity, message }) => `${severity ?? 'its own'}: ${message}`);
};

const listed = (sources: readonly string[]) => ({ application_rule_collection: [{ ...hosts('Allow', ['api.example.com']), rule: [{ name: 'hosts', source_addresses: sources, destination_fqdns: ['api.example.com'], protocols: [{ type: 'Https', port: 443 }] }] }, hosts('Deny', ['*'], 65000, '*')] });
const two: Blocks = { azurerm_subnet: { other: subnet('10.0.2.0/24') } };

describe('wide-firewall-rule: the source of a rule for listed hosts', () => {
  test.each([
    ['one subnet', ['10.0.1.0/24'], []],
    ['the network', ['10.0.0.0/16'], ["low: rule 'allow-200/hosts' holds for source 10.0.0.0/16"]],
    ['a range beyond the network', ['10.0.0.0/8'], ["medium: rule 'allow-200/hosts' holds for source 10.0.0.0/8"]],
    ['the network, and everybody', ['10.0.0.0/16', '*'], ["medium: rule 'allow-200/hosts' holds for source 10.0.0.0/16, source *"]],
  ])('%s', (_, sources, expected) => {
    expect(severityOf(guardedNetwork(listed(sources), two), 'wide-firewall-rule')).toEqual(expected);
  });

  it('is as severe as ever where the rule names no list', () => {
    expect(severityOf(guardedNetwork({ network_rule_collection: [networkRule({ source_addresses: ['10.0.0.0/16'], destination_addresses: ['AzureMonitor'] })] }, two), 'wide-firewall-rule')).toEqual(["high: rule 'network-100/rule' holds for destination AzureMonitor"]);
  });
});

describe('network-rule-defeats-application-rules', () => {
  const to = (...destination_addresses: string[]) => {
    const { rules, findings, kind } = review(guardedNetwork({ ...listed(['10.0.1.0/24']), network_rule_collection: [networkRule({ destination_addresses })] }));
    return { defeats: rules.includes('network-rule-defeats-application-rules'), wide: findings.filter((each) => each.rule === 'wide-firewall-rule').map(({ severity }) => severity), verdict: kind('azurerm_subnet.app') };
  };

  it('is for what lets every host through; a tag of one service is told by wide-firewall-rule, and is open all the same', () => {
    expect(to('AzureMonitor')).toEqual({ defeats: false, wide: ['high'], verdict: 'open' });
    expect(to('Storage.WestEurope')).toEqual({ defeats: false, wide: ['high'], verdict: 'open' });
    for (const everybody of ['*', 'Internet', 'AzureCloud', 'AzureCloud.WestEurope', 'AppService', 'AzureFrontDoor.Frontend', '0.0.0.0/1']) expect(to(everybody)).toMatchObject({ defeats: true, verdict: 'open' });
    expect(to('AzureMonitor', '20.0.0.0/6').defeats).toBe(true);
  });
});

describe('nsg-final-deny-missing: what no rule names', () => {
  const without = (route_: Record<string, any>) => guardedNetwork(listed(['10.0.1.0/24']), {
    azurerm_network_security_group: { app: { name: 'app', security_rule: [finalDenies()[0]] } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: false, route: [route_] } },
  });
  const toFirewall = { ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '${azurerm_firewall.main.ip_configuration[0].private_ip_address}' };

  test.each([
    ['to the firewall', toFirewall, /^medium/],
    ['to nowhere', route('0.0.0.0/0', 'None'), /^medium/],
    ['to the firewall by half', { ...toFirewall, address_prefix: '0.0.0.0/1' }, /^high/],
    ['to an appliance that nobody knows', { ...route('0.0.0.0/0', 'VirtualAppliance'), next_hop_in_ip_address: '10.9.9.9' }, /^high/],
    ['to the internet', route('0.0.0.0/0', 'Internet'), /^high/],
  ])('%s', (_, leads, severity) => {
    expect(severityOf(without(leads), 'nsg-final-deny-missing')).toEqual([expect.stringMatching(severity)]);
  });
});

describe('route-table-missing', () => {
  const without = (security_rule: readonly object[]) => {
    const stack = guardedNetwork(listed(['10.0.1.0/24']), { azurerm_network_security_group: { app: { name: 'app', security_rule } } });
    return { ...stack, resource: { ...stack.resource, azurerm_subnet_route_table_association: {} } };
  };

  it('is low where the group lets nothing out to the internet', () => {
    expect(severityOf(without(finalDenies()), 'route-table-missing')).toEqual([expect.stringMatching(/^low/)]);
    expect(severityOf(without([rule({ destination_address_prefix: 'Internet' }), ...finalDenies()]), 'route-table-missing')).toEqual([expect.stringMatching(/^high/)]);
  });
});

describe('internet-ingress-on-private-segment', () => {
  const from = (source_address_prefix: string) => guardedNetwork(listed(['10.0.1.0/24']), {
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ name: 'in', direction: 'Inbound', source_address_prefix, destination_address_prefix: 'VirtualNetwork' }), ...finalDenies()] } },
  });

  it('is low where the tag VirtualNetwork takes in the route of the table, and says so', () => {
    expect(severityOf(from('VirtualNetwork'), 'internet-ingress-on-private-segment')).toEqual(["low: rule 'in' lets callers on the internet in: the tag VirtualNetwork takes in the routes of the subnet's table, and with them 0.0.0.0/0"]);
    for (const source of ['*', 'Internet', '8.8.8.0/24', 'AzureFrontDoor.Backend']) expect(severityOf(from(source), 'internet-ingress-on-private-segment')).toEqual(["its own: rule 'in' lets callers on the internet in"]);
  });
});

describe('endpoint-group-open', () => {
  const from = (source_address_prefix: string) => closedNetwork({
    ...two,
    azurerm_private_endpoint: { main: { name: 'main', subnet_id: '${azurerm_subnet.app.id}', private_service_connection: [{ private_connection_resource_id: '/subscriptions/s/resourceGroups/r/providers/Microsoft.KeyVault/vaults/v', is_manual_connection: false }] } },
    azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ name: 'in', direction: 'Inbound', source_address_prefix }), ...finalDenies()] } },
  });

  test.each([['10.0.2.0/24', []], ['10.0.0.0/16', ["low: rule 'in' lets 10.0.0.0/16 in"]], ['10.0.0.0/8', ["its own: rule 'in' lets 10.0.0.0/8 in"]], ['*', ["its own: rule 'in' lets * in"]]])('from %s', (source, expected) => {
    expect(severityOf(from(source), 'endpoint-group-open')).toEqual(expected);
  });
});

describe('peering-gateway-transit', () => {
  const peered = (propagates: boolean, more: Record<string, any> = {}) => closedNetwork({
    azurerm_virtual_network: { main: { name: 'main', address_space: ['10.0.0.0/16'] }, hub: { name: 'hub', address_space: ['10.1.0.0/16'] } },
    azurerm_route_table: { app: { name: 'app', bgp_route_propagation_enabled: propagates, route: [route('0.0.0.0/0', 'None')] } },
    azurerm_virtual_network_peering: {
      up: { name: 'up', virtual_network_name: '${azurerm_virtual_network.main.name}', remote_virtual_network_id: '${azurerm_virtual_network.hub.id}', use_remote_gateways: true, ...more },
      down: { name: 'down', virtual_network_name: '${azurerm_virtual_network.hub.name}', remote_virtual_network_id: '${azurerm_virtual_network.main.id}', allow_gateway_transit: true },
    },
  });

  it('tells a pair once, as low where no table takes up what is learned', () => {
    expect(severityOf(peered(true), 'peering-gateway-transit')).toEqual(['its own: use_remote_gateways is true']);
    expect(severityOf(peered(false), 'peering-gateway-transit')).toEqual(['low: use_remote_gateways is true, and no route table of its subnets takes up what the gateway learns']);
    const bare = peered(false);
    expect(severityOf({ ...bare, resource: { ...bare.resource, azurerm_subnet_route_table_association: {} } }, 'peering-gateway-transit')).toEqual(['its own: use_remote_gateways is true']);
    expect(severityOf(peered(false, { use_remote_gateways: false }), 'peering-gateway-transit')).toEqual(['its own: allow_gateway_transit is true']);
  });
});
