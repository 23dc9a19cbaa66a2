/** Firewalls that answer as a proxy: whom they can be asked by, and how. https://learn.microsoft.com/azure/firewall/explicit-proxy */
import { addressesOf, EVERYWHERE } from '../addresses';
import { isEmpty, type Ranges } from '../ranges';
import { ALL_PORTS, traffic, type Traffic } from '../traffic';
import type { AzureFirewall } from './firewall';
import { portsOf } from './security-evaluation';

export function proxyingOf(firewalls: Iterable<AzureFirewall>): readonly AzureFirewall[] {
  return [...firewalls].filter(({ policies }) => policies.at(-1)?.proxyPorts !== undefined);
}

/** The packets that ask the proxy. */
export function callsTo({ policies, privateAddresses, subnet }: AzureFirewall): Traffic {
  const ports = portsOf(policies.at(-1)?.proxyPorts ?? { items: [] });
  const own = addressesOf(privateAddresses.items, 4);
  const destinations: Ranges = !isEmpty(own) ? own : subnet && !isEmpty(subnet.addresses[4]) ? subnet.addresses[4] : EVERYWHERE[4];
  return traffic(4, [{ protocol: 'tcp', ports: ports.unknown !== undefined || isEmpty(ports.known) ? ALL_PORTS : ports.known, destinations }]);
}
