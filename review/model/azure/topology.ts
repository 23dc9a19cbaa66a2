/** Networks, subnets and everything attached to them, found and indexed once. */
import { groupBy } from '../../group-by';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { connectivityPeerings } from './connectivity';
import { firewallPolicies, firewalls, type AzureFirewall, type FirewallPolicy } from './firewall';
import { gateways, type Gateway } from './gateways';
import { peerings, networks, type AzureNetwork, type Peering } from './network';
import { networkManagement, type NetworkManagement } from './network-manager';
import type { Pointed } from './read';
import { routeTables, type RouteTable, type UserRoute } from './route-table';
import { securityGroups, type SecurityGroup, type SecurityRule } from './security-group';
import { subnets, type AzureSubnet } from './subnet';
import { hubLearning, type HubLearning } from './virtual-wan';

export interface Topology {
  readonly graph: ResourceGraph;
  readonly networks: ReadonlyMap<Resource, AzureNetwork>;
  readonly peerings: readonly Peering[];
  readonly subnets: readonly AzureSubnet[];
  /** By subnet, or by network for those written inside it. */
  readonly subnetsOf: ReadonlyMap<Resource, readonly AzureSubnet[]>;
  subnetsIn(network: AzureNetwork): readonly AzureSubnet[];
  /** What a subnet of Azure's own devices may be: also by its network, which is all that a plan shows of an id that somebody composes (`"${network.id}/subnets/GatewaySubnet"`). */
  subnetsFor(target: Resource): readonly AzureSubnet[];
  readonly groups: ReadonlyMap<Resource, SecurityGroup>;
  readonly tables: ReadonlyMap<Resource, RouteTable>;
  /** What the plan adds to groups and tables that are not in it. */
  readonly foreign: { readonly rules: readonly SecurityRule[]; readonly routes: readonly UserRoute[] };
  readonly policies: ReadonlyMap<Resource, FirewallPolicy>;
  readonly firewalls: ReadonlyMap<Resource, AzureFirewall>;
  /** By the resource of the subnet that a firewall stands in. */
  readonly firewallsBySubnet: ReadonlyMap<AzureSubnet, AzureFirewall>;
  readonly gateways: readonly Gateway[];
  readonly management: NetworkManagement;
  readonly hubs: HubLearning;
}

export function readTopology(graph: ResourceGraph): Topology {
  const allPeerings = [...peerings(graph), ...connectivityPeerings(graph)];
  const allNetworks = networks(graph, allPeerings);
  const allSubnets = subnets(graph, allNetworks);
  const subnetsOf = new Map<Resource, AzureSubnet[]>();
  for (const subnet of allSubnets) {
    const known = subnetsOf.get(subnet.resource);
    if (known) known.push(subnet);
    else subnetsOf.set(subnet.resource, [subnet]);
  }
  let byNetwork: ReadonlyMap<AzureNetwork | undefined, readonly AzureSubnet[]> | undefined;
  const subnetsIn = (network: AzureNetwork): readonly AzureSubnet[] => (byNetwork ??= groupBy(allSubnets, (subnet) => subnet.network)).get(network) ?? [];
  const subnetsFor = (target: Resource): readonly AzureSubnet[] => {
    const network = allNetworks.get(target);
    return network ? subnetsIn(network).filter(({ exists }) => !exists) : subnetsOf.get(target) ?? [];
  };
  const one = (pointed: Pointed, role: AzureSubnet['role']): AzureSubnet | undefined => {
    const found = pointed.targets.flatMap(subnetsFor);
    return found.find((subnet) => subnet.role === role) ?? (found.length === 1 ? found[0] : undefined);
  };
  const { groups, foreign: rules } = securityGroups(graph);
  const { tables, foreign: routes } = routeTables(graph);
  const policies = firewallPolicies(graph);
  const allFirewalls = firewalls(graph, policies, (pointed) => one(pointed, 'firewall'));
  const firewallsBySubnet = new Map([...allFirewalls.values()].flatMap((firewall) => (firewall.subnet ? [[firewall.subnet, firewall] as const] : [])));
  return {
    graph,
    networks: allNetworks,
    peerings: allPeerings,
    subnets: allSubnets,
    subnetsOf,
    subnetsIn,
    subnetsFor,
    groups,
    tables,
    foreign: { rules, routes },
    policies,
    firewalls: allFirewalls,
    firewallsBySubnet,
    gateways: gateways(graph, [...allNetworks.values()], (pointed, role) => {
      const found = pointed.targets.flatMap(subnetsFor);
      const fitting = found.filter((subnet) => subnet.role === role);
      return fitting.length > 0 ? fitting : found;
    }),
    management: networkManagement(graph),
    hubs: hubLearning(graph, allFirewalls),
  };
}
