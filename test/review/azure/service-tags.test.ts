/** Rules for a service tag: whoever is a customer there answers, and nobody else does, so that what a change opens beside it is told. */
import { openedBetween as opened } from '../opened-between';
import { review } from './reviewed';
import { closedNetwork, finalDenies, guardedNetwork, hosts, networkRule, openNetwork, route, rule } from './small-stack';

const deny = hosts('Deny', ['*'], 65000, '*');
const firewall = (names: readonly string[], ...destinations: readonly string[]) => guardedNetwork({
  application_rule_collection: [hosts('Allow', names), deny],
  ...(destinations.length > 0 ? { network_rule_collection: [networkRule({ destination_addresses: destinations })] } : {}),
});
const group = (...destinations: readonly string[]) => openNetwork({
  azurerm_network_security_group: { app: { name: 'app', security_rule: [...destinations.map((destination_address_prefix, at) => rule({ name: `r${at}`, priority: 200 + at, destination_address_prefix })), ...finalDenies()] } },
});
const told = (stack: object) => review(stack).verdicts.filter(({ family }) => family === 4).map(({ kind, openTraffic }) => [kind, ...(openTraffic ?? []).flatMap(({ boxes }) => boxes.map(({ service }) => service ?? 'anywhere'))]);

describe('a network rule of a firewall', () => {
  test.each<[string, object, object, readonly string[]]>([
    ['a host beside the tag', firewall(['a.example.com'], 'AzureMonitor'), firewall(['a.example.com', 'b.example.com'], 'AzureMonitor'), ['opened tls b.example.com:443']],
    ['the tag that becomes everything', firewall(['a.example.com'], 'AzureMonitor'), firewall(['a.example.com'], '*'), ['became-open tcp/443 to the internet']],
    ['a second tag', firewall(['a.example.com'], 'AzureMonitor'), firewall(['a.example.com'], 'AzureMonitor', 'Storage'), ['became-open tcp/443 to the service tag Storage']],
    ['everything that becomes the tag', firewall(['a.example.com'], '*'), firewall(['a.example.com'], 'AzureMonitor'), ['closed tcp/443 to the internet']],
    ['the tag that goes', firewall(['a.example.com'], 'AzureMonitor'), firewall(['a.example.com']), ['became-guarded anything']],
  ])('%s', (_, before, after, expected) => {
    expect(opened(before, after).filter((text) => !text.includes('http ')).sort()).toEqual([...expected].sort());
  });

  it('lets the tag through behind a group for another tag: they may have addresses in common', () => {
    for (const [before, behind] of [['Storage', 'AzureCloud'], ['AzureCloud.WestEurope', 'Storage.WestEurope'], ['Storage', 'Storage']] as const) {
      const stack = guardedNetwork({ application_rule_collection: [deny], network_rule_collection: [networkRule({ destination_addresses: [behind] })] }, {
        azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ destination_address_prefix: before }), ...finalDenies()] } },
      });
      expect(told(stack).filter(([kind]) => kind === 'open')).toEqual([['open', expect.stringContaining('the service tag ')]]);
    }
  });
});

describe('a rule of a group', () => {
  it('is open to the tag, and not closed by it', () => {
    expect(told(group('Storage'))).toEqual([['open', 'the service tag Storage']]);
    expect(told(group('Internet'))).toEqual([['open', 'anywhere']]);
    expect(told(group('Storage', '*'))).toEqual([expect.arrayContaining(['open', 'anywhere'])]);
    // Which addresses a tag stands for is in no plan: refusing one stops nothing for certain.
    const refused = openNetwork({ azurerm_network_security_group: { app: { name: 'app', security_rule: [rule({ name: 'no', priority: 100, access: 'Deny', destination_address_prefix: 'Storage' }), rule({ destination_address_prefix: 'Storage' }), ...finalDenies()] } } });
    expect(told(refused)).toEqual([['open', 'the service tag Storage']]);
    expect(told(closedNetwork())).toEqual([['none']]);
  });

  test.each<[string, object, object, readonly string[]]>([
    ['another tag', group('Storage'), group('Storage', 'Sql'), ['became-open tcp/443 to the service tag Sql']],
    ['the internet', group('Storage'), group('Internet'), ['became-open tcp/443 to the internet']],
    ['the other way round', group('Internet'), group('Storage'), ['closed tcp/443 to the internet']],
    ['nothing', group('Storage'), group('Storage'), []],
  ])('that gets %s', (_, before, after, expected) => {
    expect(opened(before, after)).toEqual(expected);
  });

  it('leads to a service past a route that leads nowhere no more than anything else', () => {
    const stack = group('Storage');
    expect(told({ ...stack, resource: { ...stack.resource, azurerm_route_table: { app: { name: 'app', route: [route('0.0.0.0/0', 'None')] } } } })).toEqual([['none']]);
  });
});
