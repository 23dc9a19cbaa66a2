/**
 * The rules of Azure Firewall, from a policy's rule collection groups or from classic rule
 * collections, in the order in which they are asked.
 * https://learn.microsoft.com/azure/firewall/rule-processing
 */
import type { AttributePath, PathLike } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { mayBelong, namedOwner } from './named-owner';
import { allTexts, numberAt, pointsTo, text, texts, under, unknownBlocks, type Texts } from './read';

export type RuleLayer = 'nat' | 'network' | 'application';

export interface FirewallRule {
  /** The Terraform address of the rule collection group, or of the classic collection. */
  readonly address: string;
  readonly resource: Resource;
  /** `collection/rule`. */
  readonly name: string;
  readonly layer: RuleLayer;
  /** Undefined where the plan does not say. */
  readonly action?: 'Allow' | 'Deny';
  /** Addresses and service tags, IP groups resolved. */
  readonly sources: Texts;
  /** Network rules: addresses and service tags. */
  readonly destinations: Texts;
  /** Network rules: names that the firewall resolves. Application rules: names, `*` and `*.name`. */
  readonly fqdns: Texts;
  /** Network rules. */
  readonly ports: Texts;
  /** Network rules: `TCP`, `UDP`, `ICMP`, `Any`. */
  readonly protocols: Texts;
  /** Translations: addresses and names that callers are led to. */
  readonly translated: Texts;
  /** Application rules: `Https:443`. */
  readonly applications: readonly { readonly type: string; readonly port: number | undefined }[];
  readonly fqdnTags: Texts;
  readonly categories: Texts;
  readonly urls: Texts;
  /** Why it may not be there, or hold for more than it says. */
  readonly doubt?: string;
}

interface Ordered {
  readonly group: number;
  readonly collection: number;
  readonly rules: readonly FirewallRule[];
}

/** Where IP groups are looked up. */
export type IpGroups = ReadonlyMap<Resource, Texts>;

export function ipGroups(graph: ResourceGraph): IpGroups {
  const beside = new Map<Resource, Texts[]>();
  for (const entry of graph.ofType('azurerm_ip_group_cidr')) {
    for (const group of pointsTo(entry, 'ip_group_id', 'azurerm_ip_group').targets) {
      const known = beside.get(group);
      if (known) known.push(texts(entry, 'cidr'));
      else beside.set(group, [texts(entry, 'cidr')]);
    }
  }
  return new Map(graph.ofType('azurerm_ip_group').map((group) => [group, allTexts([texts(group, 'cidrs'), ...(beside.get(group) ?? [])])]));
}

/** The rules of the groups of one policy, without those of its parent. */
export function groupRules(groups: readonly Resource[], lookup: IpGroups, doubt?: string): readonly FirewallRule[] {
  const collections: Ordered[] = groups.flatMap((group) => {
    const priority = numberAt(group, 'priority') ?? 0;
    const order = orderDoubt(group, 'priority') ?? doubt;
    return (['nat', 'network', 'application'] as const).flatMap((layer) => {
      const block = `${layer}_rule_collection`;
      const hidden = unknownBlocks(group, block);
      const seen = group.elements(block).map((path): Ordered => ({
        group: priority,
        collection: numberAt(group, under(path, 'priority')) ?? 0,
        rules: collectionRules(group, path, layer, text(group, under(path, 'name')) ?? block, lookup, orderDoubt(group, under(path, 'priority')) ?? order),
      }));
      return hidden === undefined ? seen : [{ group: priority, collection: 0, rules: [hiddenRule(group, layer, hidden)] }, ...seen];
    });
  });
  return ordered(collections);
}

const CLASSIC: readonly RuleLayer[] = ['nat', 'network', 'application'];

/** Classic rule collections by firewall. */
export function classicCollections(graph: ResourceGraph): ReadonlyMap<Resource, readonly Resource[]> {
  const result = new Map<Resource, Resource[]>();
  for (const collection of CLASSIC.flatMap((layer) => graph.ofType(`azurerm_firewall_${layer}_rule_collection`))) {
    for (const firewall of namedOwner(collection, 'azure_firewall_name', 'azurerm_firewall').targets) {
      const known = result.get(firewall);
      if (known) known.push(collection);
      else result.set(firewall, [collection]);
    }
  }
  return result;
}

/** The rules of a firewall without a policy. */
export function classicRules(collections: readonly Resource[], lookup: IpGroups): readonly FirewallRule[] {
  return ordered(collections.map((collection): Ordered => {
    const layer = CLASSIC.find((each) => collection.type === `azurerm_firewall_${each}_rule_collection`) ?? 'network';
    const firewalls = namedOwner(collection, 'azure_firewall_name', 'azurerm_firewall');
    const doubt = firewalls.exact && !collection.repeated ? undefined : mayBelong(collection, firewalls, 'firewalls');
    const order = orderDoubt(collection, 'priority');
    return { group: 0, collection: numberAt(collection, 'priority') ?? 0, rules: collectionRules(collection, [], layer, text(collection, 'name') ?? layer, lookup, doubt ?? order) };
  }));
}

/** A deny that may come after everything takes nothing away. */
function orderDoubt(resource: Resource, path: PathLike): string | undefined {
  return numberAt(resource, path) === undefined && resource.unknownAt(path) !== undefined ? `which of the rules of ${resource.address} come first is not known` : undefined;
}

/** Translation, then network rules, then application rules; in each by the priorities of groups and of collections. */
function ordered(collections: readonly Ordered[]): readonly FirewallRule[] {
  const sorted = [...collections].sort((a, b) => a.group - b.group || a.collection - b.collection).flatMap(({ rules }) => rules);
  return (['nat', 'network', 'application'] as const).flatMap((layer) => sorted.filter((rule) => rule.layer === layer));
}

function collectionRules(resource: Resource, at: AttributePath, layer: RuleLayer, collection: string, lookup: IpGroups, doubt: string | undefined): readonly FirewallRule[] {
  const said = text(resource, under(at, 'action'))?.toLowerCase();
  const action = said === 'allow' || said === 'dnat' ? 'Allow' : said === 'deny' ? 'Deny' : undefined;
  const hidden = resource.unknownAt(under(at, 'rule'));
  const rules = resource.elements(under(at, 'rule')).map((path): FirewallRule => {
    const list = (name: string) => texts(resource, under(path, name));
    const grouped = (name: string) => ipGroupAddresses(resource, under(path, name), lookup);
    const protocolBlocks = ['protocols', 'protocol'].flatMap((name) => {
      const value = resource.valueAt(under(path, name));
      return Array.isArray(value) && value.every((item) => typeof item === 'string') ? [] : resource.elements(under(path, name));
    });
    return {
      address: resource.address,
      resource,
      name: `${collection}/${text(resource, under(path, 'name')) ?? String(path.at(-1))}`,
      layer,
      ...(action === undefined ? {} : { action }),
      sources: allTexts([list('source_addresses'), grouped('source_ip_groups')]),
      destinations: allTexts([list('destination_addresses'), list('destination_address'), grouped('destination_ip_groups')]),
      fqdns: allTexts([list('destination_fqdns'), list('target_fqdns')]),
      ports: list('destination_ports'),
      translated: allTexts([list('translated_address'), list('translated_fqdn')]),
      protocols: layer === 'application' ? { items: [] } : list('protocols'),
      applications: layer !== 'application' ? [] : protocolBlocks.map((block) => ({ type: (text(resource, under(block, 'type')) ?? 'Https').toLowerCase(), port: numberAt(resource, under(block, 'port')) })),
      fqdnTags: allTexts([list('destination_fqdn_tags'), list('fqdn_tags')]),
      categories: list('web_categories'),
      urls: list('destination_urls'),
      ...(doubt === undefined ? {} : { doubt }),
    };
  });
  return hidden === undefined ? rules : [hiddenRule(resource, layer, `the rules of ${resource.address} are not known: ${hidden}`), ...rules];
}

/** Stands for rules that the plan does not tell: it may let anything through. */
function hiddenRule(resource: Resource, layer: RuleLayer, doubt: string): FirewallRule {
  const any: Texts = { items: ['*'] };
  const none: Texts = { items: [] };
  return {
    address: resource.address, resource, name: 'rules that are not known', layer, action: 'Allow', sources: any, destinations: any, fqdns: any,
    ports: any, translated: none, protocols: { items: ['Any'] }, applications: [{ type: 'http', port: 80 }, { type: 'https', port: 443 }],
    fqdnTags: none, categories: none, urls: none, doubt,
  };
}

function ipGroupAddresses(resource: Resource, path: AttributePath, lookup: IpGroups): Texts {
  const value = resource.valueAt(path);
  if ((value === undefined || value === null || (Array.isArray(value) && value.length === 0)) && resource.unknownAt(path) === undefined) return { items: [] };
  const pointed = pointsTo(resource, path, 'azurerm_ip_group');
  const found = allTexts(pointed.targets.map((group) => lookup.get(group) ?? { items: [] }));
  const unknown = pointed.unknown ?? found.unknown ?? (pointed.exact ? undefined : `which IP group ${resource.address} means is not known`);
  return { items: found.items, ...(unknown === undefined ? {} : { unknown }) };
}
