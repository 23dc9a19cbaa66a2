/** What decides on a path without standing on it: rules, routes, NATs, peerings, DNS and tags of a network. */
import type { GoogleModel } from './google-model';
import type { GoogleNetwork } from './networks';

/** Pairs of a resource and what it belongs to on paths. */
export function* partOf({ stages, routes, nats, peerings, dns, subnets }: GoogleModel): Iterable<readonly [part: string, of: string]> {
  for (const [{ address }, ordered] of stages) for (const { rules } of ordered) for (const rule of rules) yield [rule.address, address];
  for (const [{ address }, own] of routes) for (const route of own) yield [route.address, address];
  const joined: readonly { readonly address: string; readonly networks: readonly GoogleNetwork[] }[] = [...nats, ...peerings, ...dns.policies, ...dns.zones];
  for (const { address, networks: used } of joined) for (const network of used) yield [address, network.address];
  for (const { address, records, networks: used } of dns.zones) for (const record of records) yield [record.address, used[0]?.address ?? address];
  for (const subnet of subnets) for (const network of subnet.networks) yield [subnet.address, network.address];
}
