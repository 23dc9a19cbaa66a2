/** What decides on a path without standing on it: policies and rule groups of firewalls, the tables and filters of subnets. */
import type { AwsModel } from './model';

/** Pairs of a resource and what it belongs to on paths. */
export function* partOf({ firewalls, subnets, groups, dns, endpoints, graph }: AwsModel): Iterable<readonly [part: string, of: string]> {
  for (const { address, policy } of firewalls) {
    if (!policy) continue;
    yield [policy.address, address];
    for (const { group } of [...policy.stateful, ...policy.stateless]) if (group) yield [group.address, address];
  }
  for (const subnet of subnets) {
    for (const table of subnet.tables.likely) if (table.resource) yield [table.resource.address, subnet.address];
  }
  for (const { address, rules } of groups) for (const rule of rules) if (rule.address !== address) yield [rule.address, address];
  for (const { associations, network, rules } of dns.all) {
    for (const { address } of [...associations, ...rules]) yield [address, network.address];
  }
  for (const { resource, network } of endpoints) if (network) yield [resource.address, network.address];
  for (const type of ATTACHED) {
    for (const resource of graph.ofType(type)) for (const vpc of resource.references('vpc_id', { types: ['aws_vpc'] }).targets) yield [resource.address, vpc.address];
  }
}

const ATTACHED = ['aws_default_security_group', 'aws_security_group', 'aws_network_acl', 'aws_egress_only_internet_gateway', 'aws_internet_gateway', 'aws_vpc_peering_connection', 'aws_default_network_acl', 'aws_default_route_table'];
