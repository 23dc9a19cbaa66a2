/** A list of names that stays, and a group before it that lets out more of them: to any address, on another port. */
import { openedBetween as opened } from '../opened-between';
import { finalDenies, guardedNetwork, hosts, rule } from './small-stack';

describe('a group of Azure before a firewall', () => {
  const names = hosts('Allow', ['api.example.com']);
  const grouped = (...rules: readonly object[]) => guardedNetwork({ application_rule_collection: [names, hosts('Deny', ['*'], 65000, '*')] }, { azurerm_network_security_group: { app: { name: 'app', security_rule: [...rules, ...finalDenies()] } } });
  const web = (more: object = {}) => rule({ destination_address_prefix: 'Internet', ...more });
  const some = { destination_address_prefix: '151.101.0.0/22' };

  test.each<[string, object, object, readonly string[]]>([
    ['that lets out to some addresses, and then to all', grouped(web(some)), grouped(web()), ['opened any api.example.com:443 beyond 151.101.0.0/22']],
    ['that lets out to all, and then to some', grouped(web()), grouped(web(some)), ['closed any api.example.com:443 beyond 151.101.0.0/22']],
    ['that lets out another port of the names', grouped(web()), grouped(web(), web({ name: 'http', priority: 201, destination_port_range: '80' })), ['opened any api.example.com:80']],
    ['that lets out a port which no name has', grouped(web()), grouped(web(), web({ name: 'ssh', priority: 201, destination_port_range: '22' })), []],
  ])('%s', (_, before, after, expected) => expect(opened(before, after).map((text) => text.replace(/ (tls|http) api/, ' any api'))).toEqual(expected));
});
