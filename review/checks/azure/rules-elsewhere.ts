/** What a plan adds to things that it does not show. */
import { classicRules, groupRules, ipGroups, type FirewallRule } from '../../model/azure/firewall-rules';
import { pointsTo } from '../../model/azure/read';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

/** What names its owner, and names none that the plan makes. */
export function elsewhere(graph: ResourceGraph, type: string, owner: string, ...ownerTypes: readonly string[]): readonly Resource[] {
  return graph.ofType(type).filter((resource) => {
    const { isSet, targets } = pointsTo(resource, owner, ...ownerTypes);
    return isSet && targets.length === 0;
  });
}

/** The rules that a plan writes for firewalls of others. */
export function firewallRulesElsewhere(graph: ResourceGraph): readonly FirewallRule[] {
  const lookup = ipGroups(graph);
  return [
    ...elsewhere(graph, 'azurerm_firewall_policy_rule_collection_group', 'firewall_policy_id', 'azurerm_firewall_policy').flatMap((group) => groupRules([group], lookup)),
    ...['network', 'application'].flatMap((layer) => elsewhere(graph, `azurerm_firewall_${layer}_rule_collection`, 'azure_firewall_name', 'azurerm_firewall')).flatMap((collection) => classicRules([collection], lookup)),
  ];
}
