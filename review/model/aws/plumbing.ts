/** Subnets that a network's own devices stand in, and nothing else. */
import { everyOf } from './read';
import type { AwsRoute } from './route-tables';
import type { AwsSubnet } from './subnets';

/**
 * Whether everything in the plan says that a subnet with a NAT gateway is there for that gateway alone.
 *
 * It is where nothing that stands in it could get out past the gateway: no route leads to an internet
 * gateway. Or where it stands behind a firewall: then packets that come back have to be led to where
 * they came from, by a route of the subnet to a firewall, an appliance or a transit gateway. A public
 * subnet of an ordinary network has no such route.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/arch-igw-ngw.html
 */
export function isForNatAlone(subnet: AwsSubnet): boolean {
  const { tables } = subnet;
  const all = everyOf(tables);
  if (tables.unknown !== undefined || all.length === 0 || all.some(({ unknown }) => unknown !== undefined)) return false;
  return !leadsToInternet(subnet) || all.flatMap((table) => table.routes).some(leadsBack);
}

/** Whether a route may lead to an internet gateway: a device has no use for one, and whatever else is placed there has. */
export function leadsToInternet({ tables }: AwsSubnet): boolean {
  return everyOf(tables).some(({ routes, unknown }) => unknown !== undefined || routes.some(({ target }) => target.kind === 'internet-gateway' || target.kind === 'unknown'));
}

function leadsBack({ target, prefixes }: AwsRoute): boolean {
  const isInside = target.kind === 'firewall' || target.kind === 'endpoint' || target.kind === 'transit';
  // Where it leads is known: what is not may be everywhere.
  return isInside && prefixes.length > 0 && !prefixes.some(({ bits }) => bits === 0);
}

/** Whether anything that stands in a subnet may get out of its network: false only where the plan shows that no route leads on. */
export function leadsOut({ tables }: AwsSubnet): boolean {
  const all = everyOf(tables);
  if (tables.unknown !== undefined || all.length === 0) return true;
  return all.some(({ routes, unknown }) => unknown !== undefined || routes.some(({ target }) => target.kind !== 'local'));
}
