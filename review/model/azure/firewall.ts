/** Azure Firewalls with the rules that hold for them: a policy's, its parents' first, or classic ones. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { classicCollections, classicRules, groupRules, ipGroups, type FirewallRule, type IpGroups } from './firewall-rules';
import { allTexts, flag, pointsTo, text, texts, unknownBlocks, type Pointed, type Texts } from './read';
import type { AzureSubnet } from './subnet';

export interface FirewallPolicy {
  readonly resource: Resource;
  readonly address: string;
  readonly parent: Pointed;
  readonly groups: readonly Resource[];
  /** `Alert` unless the policy says otherwise. */
  readonly threatIntelligence: string;
  readonly dnsProxy: boolean;
  /** Ports of its proxy, which callers name themselves; undefined where it has none. https://learn.microsoft.com/azure/firewall/explicit-proxy */
  readonly proxyPorts?: Texts;
  readonly sku: string;
}

export interface AzureFirewall {
  readonly resource: Resource;
  readonly address: string;
  readonly policy: Pointed;
  /** The parent first. Empty for a firewall with classic rules. */
  readonly policies: readonly FirewallPolicy[];
  /** In the order in which they are asked. */
  readonly rules: readonly FirewallRule[];
  /** Why there may be rules that are not listed. */
  readonly unknown?: string;
  /** `AzureFirewallSubnet`; undefined in a hub of a virtual WAN. */
  readonly subnet?: AzureSubnet;
  readonly hub: Pointed;
  readonly publicAddresses: readonly Resource[];
  readonly privateAddresses: Texts;
  /** `Basic`, `Standard` or `Premium`. */
  readonly tier: string;
  readonly threatIntelligence: string;
  readonly dnsProxy: boolean;
  /** Classic collections that a policy makes meaningless. */
  readonly ignoredCollections: readonly Resource[];
}

/** Policies inherit from one parent; only a made-up file has a longer chain. */
const LONGEST_CHAIN = 8;

export function firewallPolicies(graph: ResourceGraph): ReadonlyMap<Resource, FirewallPolicy> {
  const groups = new Map<Resource, Resource[]>();
  for (const group of graph.ofType('azurerm_firewall_policy_rule_collection_group')) {
    for (const policy of pointsTo(group, 'firewall_policy_id', 'azurerm_firewall_policy').targets) {
      const known = groups.get(policy);
      if (known) known.push(group);
      else groups.set(policy, [group]);
    }
  }
  return new Map(graph.ofType('azurerm_firewall_policy').map((resource) => [resource, {
    resource,
    address: resource.address,
    parent: pointsTo(resource, 'base_policy_id', 'azurerm_firewall_policy'),
    groups: groups.get(resource) ?? [],
    threatIntelligence: text(resource, 'threat_intelligence_mode') ?? 'Alert',
    dnsProxy: flag(resource, 'dns[0].proxy_enabled') ?? false,
    ...proxyAt(resource),
    sku: text(resource, 'sku') ?? 'Standard',
  }]));
}

export function firewalls(graph: ResourceGraph, policies: ReadonlyMap<Resource, FirewallPolicy>, subnetOf: (pointed: Pointed) => AzureSubnet | undefined): ReadonlyMap<Resource, AzureFirewall> {
  const lookup = ipGroups(graph);
  const classic = classicCollections(graph);
  const ruleCache = new Map<FirewallPolicy, readonly FirewallRule[]>();
  return new Map(graph.ofType('azurerm_firewall').map((resource) => {
    const policy = pointsTo(resource, 'firewall_policy_id', 'azurerm_firewall_policy');
    const chain = chainOf(policy, policies);
    const blocks = resource.elements('ip_configuration');
    const subnet = blocks.map((path) => subnetOf(pointsTo(resource, [...path, 'subnet_id'], 'azurerm_subnet', 'azurerm_virtual_network'))).find((found) => found !== undefined);
    const rules = policy.isSet ? inherited(chain.policies, lookup, ruleCache, policy.exact ? undefined : `which policy ${resource.address} has is not known`) : classicRules(classic.get(resource) ?? [], lookup);
    const own = chain.policies.at(-1);
    const addresses = [...blocks, ['virtual_hub', 0] as const].map((path) => texts(resource, [...path, 'private_ip_address'])).flatMap(({ items }) => items);
    return [resource, {
      resource,
      address: resource.address,
      policy,
      policies: chain.policies,
      rules,
      ...(chain.unknown === undefined ? {} : { unknown: chain.unknown }),
      ...(subnet ? { subnet } : {}),
      hub: pointsTo(resource, 'virtual_hub[0].virtual_hub_id', 'azurerm_virtual_hub'),
      publicAddresses: [...new Set(blocks.flatMap((path) => pointsTo(resource, [...path, 'public_ip_address_id'], 'azurerm_public_ip').targets))],
      privateAddresses: { items: addresses },
      tier: text(resource, 'sku_tier') ?? own?.sku ?? 'Standard',
      threatIntelligence: own?.threatIntelligence ?? text(resource, 'threat_intel_mode') ?? 'Alert',
      dnsProxy: own?.dnsProxy ?? flag(resource, 'dns_proxy_enabled') ?? false,
      ignoredCollections: policy.isSet ? classic.get(resource) ?? [] : [],
    }];
  }));
}

function proxyAt(policy: Resource): Pick<FirewallPolicy, 'proxyPorts'> {
  const isOn = (unknownBlocks(policy, 'explicit_proxy') ?? policy.unknownAt('explicit_proxy[0].enabled')) !== undefined || flag(policy, 'explicit_proxy[0].enabled') === true;
  return isOn ? { proxyPorts: allTexts(['http_port', 'https_port'].map((name) => texts(policy, `explicit_proxy[0].${name}`))) } : {};
}

function chainOf(policy: Pointed, all: ReadonlyMap<Resource, FirewallPolicy>): { policies: readonly FirewallPolicy[]; unknown?: string } {
  const policies: FirewallPolicy[] = [];
  let pointed = policy;
  while (pointed.isSet && policies.length < LONGEST_CHAIN) {
    if (pointed.unknown !== undefined) return { policies, unknown: `the plan does not hold the firewall policy: ${pointed.unknown}` };
    const next = pointed.targets.flatMap((target) => all.get(target) ?? []).filter((each) => !policies.includes(each));
    if (next.length === 0) break;
    policies.unshift(...next);
    pointed = (next[0] as FirewallPolicy).parent;
  }
  return { policies };
}

/** A parent's rules of a layer come before all of its child's. https://learn.microsoft.com/azure/firewall-manager/rule-hierarchy */
function inherited(policies: readonly FirewallPolicy[], lookup: IpGroups, cache: Map<FirewallPolicy, readonly FirewallRule[]>, doubt: string | undefined): readonly FirewallRule[] {
  const all = policies.flatMap((policy) => {
    if (doubt !== undefined) return groupRules(policy.groups, lookup, doubt);
    let rules = cache.get(policy);
    if (!rules) cache.set(policy, (rules = groupRules(policy.groups, lookup)));
    return rules;
  });
  return (['nat', 'network', 'application'] as const).flatMap((layer) => all.filter((rule) => rule.layer === layer));
}
