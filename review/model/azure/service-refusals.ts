/**
 * What a security group refuses of a service by its tag, whose addresses no plan tells: traffic that goes to that
 * service and nowhere else is stopped by it. https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags
 */
import { EVERYWHERE, type Family } from '../addresses';
import { both, either, everythingTo, except, isNothing, ofAnybody, type Traffic } from '../traffic';
import type { Attachment } from './attachments';
import { reachOf, type LocalSide } from './security-evaluation';
import type { Rules, SecurityGroup, SecurityRule } from './security-group';
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
 * By the group of a subnet, and by that of an interface: packets have to pass both. Each where it is certain, and no rules of a
 * network manager come before it. https://learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works#outbound-traffic
 *
 * @param local asked for once something is refused; of no application group, as routes are the same for machines of any
 * @param own the groups of the interface; none for a place that may have any
 */
export function refusalsIn(topology: Topology, subnet: AzureSubnet, local: () => LocalSide, own?: Attachment): Refusals {
  const ofSubnet = certainGroup(topology, subnet.groups);
  const groups = [ofSubnet && groupIn(subnet, ofSubnet), own && certainGroup(topology, own)].filter((group) => group !== undefined);
  const known = new Map<string, Traffic>();
  return (service, family) => {
    const key = `${service} ${family}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = either(family, groups.map((group) => refusedOf(service, group, local, family)))));
    return found;
  };
}

/** Whether the group of an interface refuses any service by its tag: only then its routes lead elsewhere than those of its neighbours. */
export function refusesServices(topology: Topology, own: Attachment | undefined): boolean {
  const group = own && certainGroup(topology, own);
  return group?.rules.some(({ access, direction, destinations }) => access === 'Deny' && direction === 'Outbound' && destinations.items.some((item) => ALL_TAGS.has(item.toLowerCase()))) ?? false;
}

const ALL_TAGS: ReadonlySet<string> = new Set(Object.values(TAGS));

function certainGroup({ groups, management }: Topology, { candidates: [only, ...others], mayBeNone, unknown }: Attachment): SecurityGroup | undefined {
  return only && others.length === 0 && !mayBeNone && unknown === undefined && management.isEmpty ? groups.get(only) : undefined;
}

/** By rules that come before any that may let the same through. */
function refusedOf(service: string, group: Rules, local: () => LocalSide, family: Family): Traffic {
  const tag = TAGS[service.toLowerCase().replace(/\.global$/, '')];
  const isFor = ({ access, direction, doubt, destinations, destinationGroups }: SecurityRule): boolean => access === 'Deny' && direction === 'Outbound' && doubt === undefined
    && !destinationGroups.isSet && destinations.items.some((item) => item.toLowerCase() === tag);
  const refused: Traffic[] = [];
  if (tag === undefined || group.unknown !== undefined || !group.rules.some(isFor)) return either(family, refused);
  let left = everythingTo(family, EVERYWHERE[family]);
  for (const rule of group.rules.filter(({ direction }) => direction !== 'Inbound')) {
    if (isFor(rule)) refused.push(both(left, reachOf({ ...rule, destinations: { items: ['*'] } }, 'Outbound', local(), family).certain));
    else if (rule.access !== 'Deny') left = except(left, ofAnybody(reachOf(rule, 'Outbound', local(), family).possible));
    if (isNothing(left)) break;
  }
  return either(family, refused);
}
