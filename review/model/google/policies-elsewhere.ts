/**
 * Firewall policies that an association gives a network of the plan, and that the plan does not make: their rules may
 * let out what later ones would refuse, and may refuse what later ones would let out.
 */
import type { ResourceGraph } from '../../plan/resource-graph';
import { unknownRule } from './firewall-rule';
import { associationOf, KINDS, type FirewallPolicy } from './firewall-stages';
import type { Networks } from './networks';
import { hiddenAt, regionOf, textAt } from './reading';

/** @param own the policies that the plan makes */
export function policiesElsewhere(graph: ResourceGraph, networks: Networks, own: readonly FirewallPolicy[]): readonly FirewallPolicy[] {
  const made = new Set(own.map(({ resource }) => resource));
  return KINDS.filter(({ scope }) => scope !== 'hierarchical').flatMap(({ prefix, scope }) => graph.ofType(`${prefix}_association`).flatMap((resource): readonly FirewallPolicy[] => {
    const { targets } = resource.references('firewall_policy', { types: [prefix, `${prefix}_with_rules`] });
    if (targets.some((target) => made.has(target))) return [];
    const association = associationOf({ resource, isLikely: true }, scope, networks);
    const held = association.networks.filter(({ isForeign }) => !isForeign);
    const region = scope === 'regional' ? regionOf(resource, graph) : undefined;
    const reason = `the rules of ${textAt(resource, 'firewall_policy') ?? 'its policy'}, which network ${held[0]?.name} is given, are not in the plan`;
    return [{
      address: resource.address, resource, scope, associations: [{ ...association, networks: held }],
      where: region !== undefined ? { region } : hiddenAt(resource, 'region') === undefined ? {} : { isRegionHidden: true },
      rules: [unknownRule(resource, 'allow', reason), unknownRule(resource, 'deny', reason)],
    }];
  }));
}
