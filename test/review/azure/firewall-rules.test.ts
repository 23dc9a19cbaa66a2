/** What firewalls let through beside their lists of names: addresses, whom their DNS proxy asks, what threat intelligence spares. */
import { review } from './reviewed';
import { closedNetwork, guardedNetwork, hosts, networkRule, rule } from './small-stack';

test.each<[string, string, object, number]>([
  ['a policy', 'azurerm_firewall_policy', { dns: { proxy_enabled: true, servers: ['10.0.0.4', '8.8.8.8'] } }, 1],
  ['a firewall', 'azurerm_firewall', { dns_proxy_enabled: true, dns_servers: ['8.8.8.8'] }, 1],
  ['one that nobody asks', 'azurerm_firewall_policy', { dns: { proxy_enabled: false, servers: ['8.8.8.8'] } }, 0],
  ['one that asks inside', 'azurerm_firewall_policy', { dns: { proxy_enabled: true, servers: ['10.0.0.4', '168.63.129.16'] } }, 0],
])('the DNS proxy of %s', (_, type, values, count) => {
  expect(review(closedNetwork({ [type]: { it: values } })).findings.filter(({ rule }) => rule === 'dns-forwarded-outside').map(({ message }) => message)).toEqual(Array.from({ length: count }, () => 'questions that the DNS proxy is asked go to 8.8.8.8'));
});

describe('application rules with addresses', () => {
  const kind = (...collections: readonly object[]) => {
    const found = review(guardedNetwork({ application_rule_collection: collections }, { azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '*' })] } } })).verdicts.find(({ place }) => place.id === 'azurerm_subnet.app');
    return [found?.kind, ...(found?.hosts ?? []).map(({ host }) => host)];
  };
  const at = (action: string, priority: number, addresses: readonly string[], more: object = {}) => ({ name: `${priority}`, priority, action, rule: [{ name: 'r', source_addresses: ['*'], destination_addresses: addresses, protocols: [{ type: 'Https', port: 443 }, { type: 'Http', port: 80 }], ...more }] });
  const LAST = hosts('Deny', ['*'], 900);

  test('that name no host let any through', () => {
    expect(kind(at('Allow', 200, ['*']), LAST)[0]).toBe('open');
    expect(kind(at('Allow', 200, ['20.0.0.0/8']), LAST)[0]).toBe('open');
    expect(kind(at('Allow', 200, ['20.1.2.3']), LAST)).toEqual(['allowlisted', '20.1.2.3', '20.1.2.3']);
    expect(kind(at('Allow', 200, ['10.0.0.0/8']), LAST)).toEqual(['none']);
    expect(kind(at('Allow', 200, ['*'], { destination_fqdns: ['a.example.com'] }), LAST).slice(0, 2)).toEqual(['allowlisted', 'a.example.com']);
  });

  test('that deny at some addresses close nothing else', () => {
    expect(kind(at('Deny', 100, ['10.0.0.0/8'], { destination_fqdns: ['*'] }), hosts('Allow', ['a.example.com']), LAST).slice(0, 2)).toEqual(['allowlisted', 'a.example.com']);
    expect(kind(at('Deny', 100, ['*'], { destination_fqdns: ['*'] }), hosts('Allow', ['a.example.com']), LAST)).toEqual(['none']);
  });
});

test('any name on one port opens no other port', () => {
  const any = { name: 'any', priority: 200, action: 'Allow', rule: [{ name: 'any', source_addresses: ['*'], destination_fqdns: ['*'], protocols: [{ type: 'Https', port: 8443 }] }] };
  const found = review(guardedNetwork({ application_rule_collection: [any, hosts('Allow', ['a.example.com'], 300)] }, { azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '*', destination_port_range: '*' })] } } })).verdicts.find(({ place }) => place.id === 'azurerm_subnet.app');
  expect([found?.kind, found?.openTraffic?.flatMap(({ boxes }) => boxes).flatMap(({ ports }) => ports)]).toEqual(['open', [[8443n, 8443n]]]);
  expect(found?.hosts.map(({ host, ports }) => `${host} ${ports.join()}`)).toContain('a.example.com 443');
});

test.each<[object, readonly string[]]>([
  [{ fqdns: ['*', 'a.example.com'] }, ['threat intelligence spares *']],
  [{ ip_addresses: ['0.0.0.0/1'] }, ['threat intelligence spares 0.0.0.0/1']],
  [{ fqdns: ['a.example.com'], ip_addresses: ['203.0.113.7'] }, []],
])('a firewall whose threat intelligence has exceptions %j', (spared, words) => {
  expect(review(guardedNetwork({}, { azurerm_firewall_policy: { main: { name: 'main', threat_intelligence_mode: 'Deny', threat_intelligence_allowlist: spared } } })).findings.filter(({ rule: id }) => id === 'threat-intel-off').map(({ message }) => message)).toEqual(words);
});

describe('a rule whose source is not known', () => {
  const byGroup = (more: object) => ({ source_ip_groups: ['${var.group}'], ...more });
  const application = (more: object = {}) => guardedNetwork({ application_rule_collection: [{ name: 'a', priority: 200, action: 'Allow', rule: [byGroup({ name: 'hosts', destination_fqdns: ['api.example.com'], protocols: [{ type: 'Https', port: 443 }], ...more })] }] });

  test('by name counts for whoever asks', () => {
    const { verdicts } = review(application());
    expect(verdicts.find(({ place, family }) => place.id === 'azurerm_subnet.app' && family === 4)).toMatchObject({ kind: 'allowlisted', hosts: expect.arrayContaining([expect.objectContaining({ host: 'api.example.com' })]) });
  });

  test('by names that are not known either is not known, and by any address it is open', () => {
    expect(review(application({ destination_fqdns: '${var.hosts}' })).kind('azurerm_subnet.app')).toBe('unknown');
    const network = guardedNetwork({ network_rule_collection: [{ name: 'n', priority: 100, action: 'Allow', rule: [byGroup({ name: 'any', destination_addresses: ['*'], destination_ports: ['443'], protocols: ['TCP'] })] }] });
    expect(review(network).kind('azurerm_subnet.app')).toBe('open');
  });

  test('that denies does not count', () => {
    const denied = guardedNetwork({ application_rule_collection: [
      { name: 'd', priority: 100, action: 'Deny', rule: [byGroup({ name: 'all', destination_fqdns: ['*'], protocols: [{ type: 'Https', port: 443 }, { type: 'Http', port: 80 }] })] },
      hosts('Allow', ['api.example.com']),
    ] });
    expect(review(denied).kind('azurerm_subnet.app')).toBe('allowlisted');
  });

  test('is not said to hold for the blocks of every group that may be meant', () => {
    const wide = (source: object) => review(merged(source)).findings.filter(({ rule: id }) => id === 'wide-firewall-rule').map(({ message }) => message);
    const merged = (source: object) => guardedNetwork(
      { application_rule_collection: [{ name: 'a', priority: 200, action: 'Allow', rule: [{ name: 'hosts', destination_fqdns: ['api.example.com'], protocols: [{ type: 'Https', port: 443 }], ...source }] }] },
      { azurerm_ip_group: { all: { name: 'all', cidrs: ['10.0.0.0/8'] } } },
    );
    expect(wide({ source_ip_groups: ['${azurerm_ip_group.all.id}'] })).toEqual([expect.stringMatching(/holds for source 10\.0\.0\.0\/8/)]);
    expect(wide({ source_ip_groups: '${[for each in [azurerm_ip_group.all] : each.id if var.some]}' })).toEqual([]);
    expect(wide({ source_ip_groups: '${[for each in [azurerm_ip_group.all] : each.id if var.some]}', source_addresses: ['*'] })).toEqual([expect.stringMatching(/holds for source \*/)]);
  });
});

test('a network deny closes the ports that it names, and no other', () => {
  const letting = { azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: '*', destination_port_range: '*' })] } } };
  const kind = (ports: readonly string[], protocol = 'TCP') => review(guardedNetwork({
    network_rule_collection: [networkRule({ source_addresses: ['*'], destination_ports: ports, protocols: [protocol] }, 'Deny', 100), networkRule({ destination_ports: ['443', '8443'] }, 'Allow', 200)],
    application_rule_collection: [hosts('Deny', ['*'], 65000, '*')],
  }, letting)).kind('azurerm_subnet.app');
  expect(kind(['443', '8443'])).toBe('none');
  expect(kind(['443'])).toBe('open');
  expect(kind(['443', '8443'], 'UDP')).toBe('open');
});
