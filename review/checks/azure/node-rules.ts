/** Which firewall rules hold for the nodes of clusters alone. */
import { isEverything, matchAddresses } from '../../model/azure/address-match';
import { podsIn } from '../../model/azure/clusters';
import type { FirewallRule } from '../../model/azure/firewall-rules';
import { includes } from '../../model/ranges';
import type { AzureContext } from './azure-check';
import { blockOf, plannedEnvironments } from './planned-environments';

/** Nodes stand in subnets of the plan, or in those that exist and that the policy names: of these a plan has ids alone. */
export function rulesOfNodes(context: AzureContext): (rule: FirewallRule) => boolean {
  const { graph, subnets } = context.model;
  const existing = plannedEnvironments(context).flatMap(({ kubernetes, spoke }) => (kubernetes ? spoke?.subnets[kubernetes.segment]?.cidr ?? [] : []));
  const nodes = [
    ...subnets.filter((subnet) => podsIn(graph, subnet) !== undefined).map((subnet) => blockOf(context, subnet)),
    ...existing.map((cidr) => matchAddresses({ items: [cidr] }, 4).certain),
  ];
  return ({ sources }) => sources.unknown === undefined && sources.items.length > 0
    && sources.items.every((source) => !isEverything(source) && nodes.some((block) => includes(block, matchAddresses({ items: [source] }, 4).possible)));
}
