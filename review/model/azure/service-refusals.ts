/**
 * What a security group refuses of a service by its tag, whose addresses no plan tells: traffic that goes to that
 * service and nowhere else is stopped by it. https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
import { EVERYWHERE, type Family } from '../addresses';
import { both, either, everythingTo, except, isNothing, type Traffic } from '../traffic';
import { reachOf, type LocalSide } from './security-evaluation';
import type { Rules, SecurityRule } from './security-group';
import type { AzureSubnet } from './subnet';
import type { Topology } from './topology';
import { groupIn } from './delegations';

/** Tags that take in every address which a service endpoint leads to. */
const TAGS: Readonly<Record<string, string>> = {
  'microsoft.storage': 'storage', 'microsoft.keyvault': 'azurekeyvault', 'microsoft.eventhub': 'eventhub', 'microsoft.servicebus': 'servicebus', 'microsoft.azurecosmosdb': 'azurecosmosdb',
  'microsoft.containerregistry': 'azurecontainerregistry',
};

/** What is refused of a service. */
export type Refusals = (service: string, family: Family) => Traffic;

/**
 * By the group of a subnet, where that is certain and no rules of a network manager come before it.
 *
 * @param local asked for once something is refused; of no application group, as routes are the same for machines of any
 */
export function refusalsIn({ groups, management }: Topology, subnet: AzureSubnet, local: () => LocalSide): Refusals {
  const { candidates: [only, ...others], mayBeNone, unknown } = subnet.groups;
  const group = only && others.length === 0 && !mayBeNone && unknown === undefined && management.isEmpty ? groups.get(only) : undefined;
  const known = new Map<string, Traffic>();
  return (service, family) => {
    const key = `${service} ${family}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = refusedOf(service, group && groupIn(subnet, group), local, family)));
    return found;
  };
}

/** By rules that come before any that may let the same through. */
function refusedOf(service: string, group: Rules | undefined, local: () => LocalSide, family: Family): Traffic {
  const tag = TAGS[service.toLowerCase().replace(/\.global$/, '')];
  const isFor = ({ access, direction, doubt, destinations, destinationGroups }: SecurityRule): boolean => access === 'Deny' && direction === 'Outbound' && doubt === undefined
    && !destinationGroups.isSet && destinations.items.some((item) => item.toLowerCase() === tag);
  const refused: Traffic[] = [];
  if (tag === undefined || !group || group.unknown !== undefined || !group.rules.some(isFor)) return either(family, refused);
  let left = everythingTo(family, EVERYWHERE[family]);
  for (const rule of group.rules.filter(({ direction }) => direction !== 'Inbound')) {
    if (isFor(rule)) refused.push(both(left, reachOf({ ...rule, destinations: { items: ['*'] } }, 'Outbound', local(), family).certain));
    else if (rule.access !== 'Deny') left = except(left, reachOf(rule, 'Outbound', local(), family).possible);
    if (isNothing(left)) break;
  }
  return either(family, refused);
}
