/**
 * Azure Firewalls, their policies and the rules of these, as azapi has them.
 * https://learn.microsoft.com/azure/templates/microsoft.network/firewallpolicies/rulecollectiongroups
 */
import type { Azure, Source, Words } from './azapi-kinds';
import { at, each, isThere, lastOf, listOf, NOTHING, UNKNOWN, type Part } from './azapi-parts';
import { isList } from './json';
import { marksBelow } from './masking';

const LAYERS = { applicationrule: 'application', networkrule: 'network', natrule: 'nat' } as const;
type Layer = (typeof LAYERS)[keyof typeof LAYERS];

export const FIREWALL_KINDS: Readonly<Record<string, Azure>> = {
  'microsoft.network/azurefirewalls': {
    type: 'azurerm_firewall',
    words: (source) => ({
      ...placed(source),
      ...fromBody({
        firewall_policy_id: source.property('firewallPolicy', 'id'),
        sku_name: source.property('sku', 'name'), sku_tier: source.property('sku', 'tier'), threat_intel_mode: source.property('threatIntelMode'),
        ip_configuration: each(source.property('ipConfigurations'), (configuration) => ({
          name: at(configuration, 'name'), subnet_id: at(configuration, 'properties', 'subnet', 'id'), public_ip_address_id: at(configuration, 'properties', 'publicIPAddress', 'id'),
        })),
        virtual_hub: block(source.property('virtualHub'), (hub) => ({ virtual_hub_id: at(hub, 'id') })),
      }),
    }),
  },
  'microsoft.network/firewallpolicies': {
    type: 'azurerm_firewall_policy',
    words: (source) => ({
      ...placed(source),
      ...fromBody({
        base_policy_id: source.property('basePolicy', 'id'), sku: source.property('sku', 'tier'), threat_intelligence_mode: source.property('threatIntelMode'),
        private_ip_ranges: source.property('snat', 'privateRanges'),
        dns: block(source.property('dnsSettings'), (dns) => ({ proxy_enabled: at(dns, 'enableProxy'), servers: at(dns, 'servers') })),
        explicit_proxy: block(source.property('explicitProxy'), (proxy) => ({ enabled: at(proxy, 'enableExplicitProxy'), http_port: at(proxy, 'httpPort'), https_port: at(proxy, 'httpsPort') })),
        threat_intelligence_allowlist: block(source.property('threatIntelWhitelist'), (list) => ({ fqdns: at(list, 'fqdns'), ip_addresses: at(list, 'ipAddresses') })),
        intrusion_detection: block(source.property('intrusionDetection'), (detection) => ({ mode: at(detection, 'mode') })),
        tls_certificate: block(source.property('transportSecurity', 'certificateAuthority'), (authority) => ({ name: at(authority, 'name'), key_vault_secret_id: at(authority, 'keyVaultSecretId') })),
        insights: block(source.property('insights'), (insights) => ({ enabled: at(insights, 'isEnabled'), default_log_analytics_workspace_id: at(insights, 'logAnalyticsResources', 'defaultWorkspaceId', 'id') })),
      }),
    }),
  },
  'microsoft.network/firewallpolicies/rulecollectiongroups': {
    type: 'azurerm_firewall_policy_rule_collection_group',
    words: (source) => ({
      name: ['name', source.own('name')],
      firewall_policy_id: ['parent_id', source.own('parent_id')],
      ...fromBody({ priority: source.property('priority'), ...Object.fromEntries(Object.values(LAYERS).map((layer) => [`${layer}_rule_collection`, collections(source.property('ruleCollections'), layer)])) }),
    }),
  },
  'microsoft.network/ipgroups': { type: 'azurerm_ip_group', words: (source) => ({ ...placed(source), ...fromBody({ cidrs: source.property('ipAddresses') }) }) },
};

/** Collections with rules of a layer, and of each these rules. Where one does not tell of which layer a rule is, nobody knows any. */
function collections(list: Part, layer: Layer): Part {
  if (list.unknown === true || !isList(list.value)) return list.unknown === true ? UNKNOWN : NOTHING;
  const found = list.value.map((value, index): Part => ({ value, unknown: marksBelow(list.unknown, [index]) })).map((collection) => ({ collection, rules: rulesIn(collection) }));
  if (found.some(({ rules }) => rules === undefined)) return UNKNOWN;
  const own = found.flatMap(({ collection, rules = [] }) => {
    const mine = rules.filter((rule) => layerOf(rule) === layer);
    return mine.length === 0 ? [] : [{ collection, rules: mine }];
  });
  return listed(own.map(({ collection, rules }) => ({ name: at(collection, 'name'), priority: at(collection, 'priority'), action: at(collection, 'action', 'type'), rule: listed(rules.map(ruleWords)) })));
}

function rulesIn(collection: Part): readonly Part[] | undefined {
  const { value, unknown } = at(collection, 'rules');
  if (collection.unknown === true || unknown === true) return undefined;
  const rules = isList(value) ? value.map((each, index): Part => ({ value: each, unknown: marksBelow(unknown, [index]) })) : [];
  return rules.every((rule) => layerOf(rule) !== undefined) ? rules : undefined;
}

function layerOf(rule: Part): Layer | undefined {
  const { value } = at(rule, 'ruleType');
  return typeof value === 'string' ? (LAYERS as Readonly<Record<string, Layer>>)[value.toLowerCase()] : undefined;
}

function ruleWords(rule: Part): Readonly<Record<string, Part>> {
  const both = {
    name: at(rule, 'name'), source_addresses: at(rule, 'sourceAddresses'), source_ip_groups: at(rule, 'sourceIpGroups'), destination_addresses: at(rule, 'destinationAddresses'),
  };
  switch (layerOf(rule)) {
    case 'application': return {
      ...both, destination_fqdns: at(rule, 'targetFqdns'), destination_fqdn_tags: at(rule, 'fqdnTags'), destination_urls: at(rule, 'targetUrls'), web_categories: at(rule, 'webCategories'), terminate_tls: at(rule, 'terminateTLS'),
      protocols: each(at(rule, 'protocols'), (protocol) => ({ type: at(protocol, 'protocolType'), port: at(protocol, 'port') })),
    };
    case 'network': return { ...both, destination_ip_groups: at(rule, 'destinationIpGroups'), destination_fqdns: at(rule, 'destinationFqdns'), destination_ports: at(rule, 'destinationPorts'), protocols: at(rule, 'ipProtocols') };
    default: return { ...both, destination_ports: at(rule, 'destinationPorts'), protocols: at(rule, 'ipProtocols'), translated_address: at(rule, 'translatedAddress'), translated_fqdn: at(rule, 'translatedFqdn'), translated_port: at(rule, 'translatedPort') };
  }
}

function listed(elements: readonly Readonly<Record<string, Part>>[]): Part {
  const parts = elements.map(listOf);
  return { value: parts.flatMap(({ value }) => (isList(value) ? value : [])), unknown: parts.flatMap(({ unknown }) => (isList(unknown) ? unknown : [])) };
}

function block(part: Part, words: (part: Part) => Readonly<Record<string, Part>>): Part {
  return part.unknown === true ? UNKNOWN : isThere(part) ? listOf(words(part)) : NOTHING;
}

function placed(source: Source): Words {
  return { name: ['name', source.own('name')], location: ['location', source.own('location')], resource_group_name: ['parent_id', lastOf(source.own('parent_id'))] };
}

function fromBody(parts: Readonly<Record<string, Part>>): Words {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, ['body', part] as const]));
}
