/**
 * Proxies that a plan names and does not make: where packets get to one, they get as far as it lets them, whatever
 * routes say of the internet. https://learn.microsoft.com/azure/aks/http-proxy
 */
import type { Resource } from '../../plan/resource-graph';
import { addressesOf, EVERYWHERE, INTERNET } from '../addresses';
import type { Hop } from '../network-model';
import { intersect, isEmpty, type Ranges } from '../ranges';
import { ALL_PORTS, traffic } from '../traffic';
import { isUnset, pointsTo, text } from './read';
import type { Relay } from './relays';
import { holdsAddress } from './subnet';
import type { Topology } from './topology';

/** How nodes and pods of a cluster are told to leave. */
const SETTINGS = ['http_proxy', 'https_proxy'] as const;

export function namedProxies(topology: Topology): readonly Relay[] {
  return topology.graph.ofType('azurerm_kubernetes_cluster').flatMap((cluster) => {
    const written = SETTINGS.map((setting) => `http_proxy_config[0].${setting}`);
    // Known after an apply; a firewall's own proxy is followed by its rules.
    if (written.some((path) => !isUnset(cluster, path) && text(cluster, path) === undefined && pointsTo(cluster, path, 'azurerm_firewall').targets.length === 0)) return [proxy(topology, cluster, undefined)];
    return [...new Set(written.flatMap((path) => text(cluster, path) ?? []))].flatMap((url) => {
      const [, host = url, port] = /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?([^:/]+|\[[^\]]+\])(?::(\d+))?/i.exec(url) ?? [];
      const own = addressesOf([host], 4);
      // One on the internet is reached over it, or is not.
      if (!isEmpty(own) && !isEmpty(intersect(own, INTERNET[4]))) return [];
      // What a firewall of the plan lets through as a proxy is known.
      if ([...topology.firewalls.values()].some(({ privateAddresses, subnet }) => privateAddresses.items.includes(host) || (subnet && holdsAddress(subnet, host)))) return [];
      return [proxy(topology, cluster, { host, own, port: port ?? '80' })];
    });
  });
}

function proxy({ networks }: Topology, cluster: Resource, at: { readonly host: string; readonly own: Ranges; readonly port: string } | undefined): Relay {
  const destinations = at && !isEmpty(at.own) ? at.own : EVERYWHERE[4];
  const ports = at ? ([[BigInt(at.port), BigInt(at.port)]] as const) : ALL_PORTS;
  const reason = at ? `${cluster.address} says that ${at.host}:${at.port} is a proxy, and what that lets out is not in the plan` : `which proxy ${cluster.address} is told to use is not known`;
  const hop: Hop = { address: cluster.address, kind: 'proxy', label: 'http_proxy_config', forward: (packets) => [{ kind: 'unknown', traffic: packets, reason }] };
  return { hop, calls: traffic(4, [{ protocol: 'tcp', ports, destinations }]), networks: [...networks.values()].filter(({ space }) => at && !isEmpty(intersect(space[4], at.own))) };
}
