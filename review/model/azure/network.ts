/** Virtual networks, what they are peered with, and their gateways. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { addressesOf, type Family } from '../addresses';
import { unionOf, type Ranges } from '../ranges';
import { namedOwner } from './named-owner';
import { allTexts, flag, isUnset, pointsTo, prefixesAt, text, texts, type Pointed, type Texts } from './read';

const NETWORK = 'azurerm_virtual_network';
const REMOTE = 'remote_virtual_network_id';

export interface Peering {
  readonly resource: Resource;
  readonly address: string;
  readonly local: Pointed;
  readonly remote: Pointed;
  /**
   * Whether the tag `VirtualNetwork` takes in the other network. Azure's default: it does. More it does not say: a rule that
   * names addresses lets packets through all the same. https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#create-a-peering
   */
  readonly allowsAccess: boolean;
  readonly allowsForwarded: boolean;
  /** This network lets the other one use its gateway. */
  readonly gatewayTransit: boolean;
  /** This network uses the other one's gateway, or may do so. */
  readonly remoteGateways: boolean;
  /** Why nobody knows whether it does. */
  readonly remoteGatewaysUnknown?: string;
  /** Names of the subnets that it leads to, lower case; undefined for all of them, and where the plan does not tell. */
  readonly remoteSubnets?: ReadonlySet<string>;
  readonly onlyIpv6?: boolean;
}

export interface AzureNetwork {
  readonly resource: Resource;
  readonly address: string;
  readonly name?: string;
  readonly cidrs: Texts;
  readonly space: Readonly<Record<Family, Ranges>>;
  readonly dnsServers: Texts;
  /** What says these. */
  readonly serversSaidBy: readonly Resource[];
  /** Outgoing halves. */
  readonly peerings: readonly Peering[];
}

export function peerings(graph: ResourceGraph): readonly Peering[] {
  return graph.ofType('azurerm_virtual_network_peering').map((resource) => {
    const local = namedOwner(resource, 'virtual_network_name', NETWORK);
    return {
      ...partOf(resource),
      resource,
      address: resource.address,
      local,
      remote: remoteOf(resource, local),
      allowsAccess: flag(resource, 'allow_virtual_network_access') ?? true,
      allowsForwarded: flag(resource, 'allow_forwarded_traffic') ?? false,
      gatewayTransit: flag(resource, 'allow_gateway_transit') ?? false,
      ...ofRemoteGateways(resource),
    };
  });
}

/**
 * No network is its own peer. `azurerm_virtual_network.x[1 - count.index].id` is listed as `azurerm_virtual_network.x[count.index].id`
 * is, and a key that a condition picks as the own one: where the own network would be meant, it is one of the others.
 */
function remoteOf(peering: Resource, local: Pointed): Pointed {
  const found = pointsTo(peering, REMOTE, NETWORK);
  if (found.targets.length === 0 || local.targets.length !== 1 || !found.targets.every((network) => local.targets.includes(network))) return found;
  const named = peering.references(REMOTE, { types: [NETWORK] }).targets;
  const others = named.filter((network) => network.mode === 'managed' && !local.targets.includes(network));
  const isOnly = others.length === 1 && named.every(({ mode }) => mode === 'managed');
  return others.length === 0 ? found : { ...found, targets: others, exact: isOnly && found.unknown === undefined };
}

function ofRemoteGateways(peering: Resource): Pick<Peering, 'remoteGateways' | 'remoteGatewaysUnknown'> {
  const said = flag(peering, 'use_remote_gateways');
  if (said !== undefined || isUnset(peering, 'use_remote_gateways')) return { remoteGateways: said ?? false };
  return { remoteGateways: true, remoteGatewaysUnknown: `whether ${peering.address} has use_remote_gateways is not known` };
}

/** What it leads to, where that is not all of the other network. */
function partOf(peering: Resource): Pick<Peering, 'remoteSubnets' | 'onlyIpv6'> {
  if (flag(peering, 'peer_complete_virtual_networks_enabled') !== false) return {};
  const { items, unknown } = texts(peering, 'remote_subnet_names');
  return {
    ...(unknown === undefined && items.length > 0 ? { remoteSubnets: new Set(items.map((name) => name.toLowerCase())) } : {}),
    onlyIpv6: flag(peering, 'only_ipv6_peering_enabled') === true,
  };
}

export function networks(graph: ResourceGraph, all: readonly Peering[]): ReadonlyMap<Resource, AzureNetwork> {
  const byNetwork = new Map<Resource, Peering[]>();
  for (const peering of all) {
    for (const network of peering.local.targets) {
      const known = byNetwork.get(network);
      if (known) known.push(peering);
      else byNetwork.set(network, [peering]);
    }
  }
  return new Map(graph.ofType(NETWORK).map((resource) => {
    const cidrs = prefixesAt(resource, [], 'address_space');
    const name = text(resource, 'name');
    const serversSaidBy = saysServers(graph, resource);
    return [resource, {
      resource,
      address: resource.address,
      ...(name === undefined ? {} : { name }),
      cidrs,
      space: { 4: addressesOf(cidrs.items, 4), 6: addressesOf(cidrs.items, 6) },
      dnsServers: allTexts(serversSaidBy.map((each) => texts(each, 'dns_servers'))),
      serversSaidBy,
      peerings: byNetwork.get(resource) ?? [],
    }];
  }));
}

/** True for a network and itself, and for one that it is peered with. */
export function arePeers(from: AzureNetwork, to: AzureNetwork): boolean {
  return from === to || from.peerings.some(({ remote }) => remote.targets.includes(to.resource));
}

/** The addresses of a network's peers, as far as known. */
export function peerSpace(network: AzureNetwork, all: ReadonlyMap<Resource, AzureNetwork>, family: Family): Ranges {
  return unionOf(network.peerings.filter(({ allowsAccess }) => allowsAccess)
    .flatMap(({ remote }) => remote.targets).map((remote) => all.get(remote)?.space[family] ?? []));
}

/** The network, or what stands beside it; where both say it, the one that is applied last holds. */
function saysServers(graph: ResourceGraph, network: Resource): readonly Resource[] {
  const beside = graph.ofType(DNS_SERVERS).length === 0 ? [] : graph.referrers(network, [DNS_SERVERS]).map(({ resource }) => resource);
  return beside.length === 0 || network.isConfigured(['dns_servers']) ? [network, ...beside] : beside;
}

const DNS_SERVERS = 'azurerm_virtual_network_dns_servers';
