/** Zones that leave by the firewall endpoint of another, and come back the same way. */
import { covers, tableOf } from './facts';
import { inspectionsAt } from './inspections';
import type { AwsModel } from './model';
import { everyOf } from './read';
import type { AwsSubnet } from './subnets';

/**
 * Whether a subnet's traffic crosses to the endpoint of another zone on purpose: its own zone has
 * none, and replies come back through the very endpoint that it left by.
 */
export function crossesAndReturns(model: AwsModel, subnet: AwsSubnet): boolean {
  const inspections = inspectionsAt(model, subnet);
  return inspections.length > 0 && inspections.every(({ firewall, endpoint, nat }) => {
    const hasOwn = firewall.subnets.some((each) => each.zone === undefined || each.zone === subnet.zone);
    const addresses = subnet.ranges[4];
    const back = (nat && tableOf(nat)?.routes) ?? [];
    const returns = back.filter((route) => addresses && covers(route, 4, addresses) && route.target.kind === 'firewall');
    return !hasOwn && endpoint.zone !== undefined && returns.length > 0
      && returns.every((route) => route.target.zone === endpoint.zone && everyOf(route.target.resources).includes(firewall.resource));
  });
}
