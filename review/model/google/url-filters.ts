/**
 * URL filters of Cloud NGFW: a rule may hand its packets to a firewall endpoint, whose security profiles say which
 * names get through. What no filter names is refused.
 * https://cloud.google.com/firewall/docs/about-security-profiles#url-filtering-profile
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { GoogleNetwork, Networks } from './networks';
import { baseName, flagAt, hiddenAt, hiddenBlockAt, numberAt, textAt, textsAt } from './reading';

export interface UrlFilter {
  /** Names that get through: exact, `*.example.com`, or `*` for any. */
  readonly hosts: readonly string[];
  /** Why others may. */
  readonly unknown?: string;
  /** True where all packets are looked at. Default: those of tcp alone. */
  readonly isOfEveryProtocol?: true;
}

const GROUPS = ['google_network_security_security_profile_group'];
const PROFILES = ['google_network_security_security_profile'];

/** What a rule's group of security profiles lets through by name; undefined where it filters no names, or is not in the plan. */
export function urlFilterOf(rule: Resource, path: AttributePath): UrlFilter | undefined {
  const groups = rule.references(path, { types: GROUPS }).targets;
  const filters = groups.map(ofGroup);
  const known = filters.filter((filter) => filter !== undefined);
  // Of several groups that may be meant one that filters nothing lets everything through.
  if (known.length === 0 || known.length < filters.length) return undefined;
  const unknown = known.find((filter) => filter.unknown !== undefined)?.unknown;
  const isOfEveryProtocol = known.every((filter) => filter.isOfEveryProtocol === true);
  return { hosts: known.flatMap(({ hosts }) => hosts), ...(unknown === undefined ? {} : { unknown }), ...(isOfEveryProtocol ? { isOfEveryProtocol } : {}) };
}

/**
 * Packets that are handed to somebody's own firewalls (Network Security Integration) come back if these let them through.
 * https://cloud.google.com/network-security-integration/docs/in-band/in-band-integration-overview
 */
const INTERCEPT = 'custom_intercept_profile';

function ofGroup(group: Resource): UrlFilter | undefined {
  if (textAt(group, INTERCEPT) !== undefined || hiddenAt(group, INTERCEPT) !== undefined) {
    return { hosts: [], unknown: `what the firewalls that ${group.address} hands packets to let through is not in the plan`, isOfEveryProtocol: true };
  }
  const path = 'url_filtering_profile';
  if (textAt(group, path) === undefined && hiddenAt(group, path) === undefined) return undefined;
  const profiles = group.references(path, { types: PROFILES }).targets;
  if (profiles.length === 0) return { hosts: [], unknown: `the url filtering profile of ${group.address} is not in the plan` };
  const filters = profiles.map(ofProfile);
  const unknown = filters.find((filter) => filter.unknown !== undefined)?.unknown;
  return { hosts: filters.flatMap(({ hosts }) => hosts), ...(unknown === undefined ? {} : { unknown }) };
}

/** Filters of a higher priority come first: behind one that refuses every name none counts. */
function ofProfile(profile: Resource): UrlFilter {
  const block = ['url_filtering_profile', 0, 'url_filters'];
  const filters = profile.elements(block).map((path) => ({
    priority: numberAt(profile, [...path, 'priority']) ?? 0,
    isAllow: textAt(profile, [...path, 'filtering_action'])?.toUpperCase() !== 'DENY',
    urls: textsAt(profile, [...path, 'urls']),
  })).sort((a, b) => a.priority - b.priority);
  const end = filters.findIndex(({ isAllow, urls }) => !isAllow && urls.values.includes('*'));
  const allows = (end < 0 ? filters : filters.slice(0, end)).filter(({ isAllow }) => isAllow);
  const unknown = hiddenBlockAt(profile, block) ?? allows.find(({ urls }) => urls.unknown !== undefined)?.urls.unknown;
  return { hosts: allows.flatMap(({ urls }) => urls.values.map((url) => url.toLowerCase())), ...(unknown === undefined ? {} : { unknown }) };
}

/** Zones in which a network has a firewall endpoint: elsewhere nothing is handed to one. https://cloud.google.com/firewall/docs/about-firewall-endpoints */
export function inspectedZones(graph: ResourceGraph, networks: Networks): ReadonlyMap<GoogleNetwork, ReadonlySet<string>> {
  const found = new Map<GoogleNetwork, Set<string>>();
  for (const association of graph.ofType('google_network_security_firewall_endpoint_association')) {
    const zone = textAt(association, 'location');
    const [network, other] = networks.namedAt(association, 'network');
    if (zone === undefined || network === undefined || other !== undefined || flagAt(association, 'disabled') === true) continue;
    const zones = found.get(network);
    if (zones) zones.add(baseName(zone));
    else found.set(network, new Set([baseName(zone)]));
  }
  return found;
}
