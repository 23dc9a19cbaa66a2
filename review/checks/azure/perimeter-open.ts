import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { isServiceTag } from '../../model/azure/address-match';
import { isUnset, pointsTo, text, texts, type Texts } from '../../model/azure/read';
import { size } from '../../model/ranges';
import type { Hit } from '../check';
import type { AzureCheck } from './azure-check';
import { internetOf, LISTED } from './wide-rules';

export const check: AzureCheck = {
  id: 'perimeter-open',
  title: 'network security perimeter that lets the world in or out',
  severity: 'medium',
  why: 'What a perimeter lets in gets to every resource of its profile, also where public_network_access_enabled is false there: whoever it is fetches from anywhere what a workload put in. What a perimeter only watches, it does not stop.',
  fix: 'Name the addresses, subscriptions and hosts that are meant, and set access_mode to Enforced.',
  references: ['https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition', 'https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const rule of graph.ofType('azurerm_network_security_perimeter_access_rule')) {
      const direction = text(rule, 'direction')?.toLowerCase();
      if (direction !== 'outbound') yield* lettingIn(rule, graph);
      if (direction !== 'inbound' && texts(rule, 'fqdns').items.includes('*')) yield { address: rule.address, message: `rule '${text(rule, 'name') ?? rule.address}' lets ${associated(rule, graph)} call any host` };
    }
    for (const type of LINKS) for (const link of graph.ofType(type)) yield* linkedTo(link);
    for (const association of graph.ofType(ASSOCIATION)) {
      const mode = text(association, 'access_mode');
      if (mode !== undefined && mode.toLowerCase() !== 'enforced') {
        yield { address: association.address, message: `access_mode is ${mode}: what the perimeter refuses is recorded, and gets through where the resource itself lets it`, severity: 'low' };
      }
    }
  },
};

/** Read of azapi, in words as azurerm has them for others. https://learn.microsoft.com/azure/templates/microsoft.network/networksecurityperimeters/links */
const LINKS = ['azurerm_network_security_perimeter_link', 'azurerm_network_security_perimeter_link_reference'];

/** Resources of two perimeters call each other: what leaves one for the other is that one's to keep. */
function* linkedTo(link: Resource): Iterable<Hit> {
  const { targets } = pointsTo(link, REMOTE, 'azurerm_network_security_perimeter', 'azapi_resource');
  if (targets.length > 0) return;
  const other = text(link, REMOTE) ?? (isUnset(link, REMOTE) ? 'whatever perimeter its owner accepts it with' : 'a perimeter that the plan does not tell');
  yield { address: link.address, message: `it joins the perimeter with ${other}, which the plan does not make: resources of both call each other`, confidence: 'likely' };
}

const REMOTE = 'auto_approved_remote_perimeter_resource_id';
const ASSOCIATION = 'azurerm_network_security_perimeter_association';
const PROFILE = 'azurerm_network_security_perimeter_profile';
const BY_PROFILE = 'network_security_perimeter_profile_id';

function* lettingIn(rule: Resource, graph: ResourceGraph): Iterable<Hit> {
  const prefixes = texts(rule, 'address_prefixes');
  const tags: Texts = texts(rule, 'service_tags');
  const wide = [...(size(internetOf(prefixes)) > LISTED ? [prefixes.items.join(', ') || 'addresses that are not known'] : []), ...tags.items.filter(isServiceTag).map((tag) => `whoever uses ${tag}`)];
  if (wide.length === 0) return;
  const isKnown = prefixes.unknown === undefined && tags.unknown === undefined;
  yield { address: rule.address, message: `rule '${text(rule, 'name') ?? rule.address}' lets ${wide.join(', ')} in to ${associated(rule, graph)}, also where public network access is off`, ...(isKnown ? {} : { confidence: 'possible' as const }) };
}

/** What a rule holds for: what the plan associates with its profile. */
function associated(rule: Resource, graph: ResourceGraph): string {
  const profiles = new Set(pointsTo(rule, BY_PROFILE, PROFILE).targets);
  const found = graph.ofType(ASSOCIATION).filter((association) => pointsTo(association, BY_PROFILE, PROFILE).targets.some((profile) => profiles.has(profile)))
    .map((association) => association.references('resource_id').targets[0]?.address ?? text(association, 'resource_id') ?? association.address);
  const [first, ...others] = [...new Set(found)].sort();
  return first === undefined ? 'what is associated with its profile' : others.length === 0 ? first : `${first} and ${others.length} more`;
}
