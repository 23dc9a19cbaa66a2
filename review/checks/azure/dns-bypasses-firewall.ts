import { askedFirewall, type AzureCheck, type AzureContext, firewallsUsedBy, resolvingFirewall } from './azure-check';
import { hubOf } from './hub-of-policy';
import { certainEnvironments } from './planned-environments';
import { resolverOf } from './reach';
import { addressesOf } from '../../model/addresses';
import { pointsTo, text, texts } from '../../model/azure/read';
import { includes, isEmpty } from '../../model/ranges';
import type { SubnetView } from '../../model/azure/subnet-view';
import type { Resource } from '../../plan/resource-graph';
import type { Hit } from '../check';

export const check: AzureCheck = {
  id: 'dns-bypasses-firewall',
  title: 'network, or machine, whose names are not resolved by its firewall',
  severity: 'medium',
  why: 'Names that are resolved elsewhere leave no trace in the log of the firewall, and may differ from what it resolves itself.',
  fix: 'Set dns_servers of the network to the private address of the firewall, and to nothing else; leave those of interfaces out.',
  references: ['https://learn.microsoft.com/azure/firewall/dns-settings'],
  comparable: ['checkov CKV_AZURE_183'],
  *run(context) {
    yield* ofExisting(context);
    yield* ofFirewalls(context);
    yield* ofInterfaces(context);
    for (const network of context.model.networks.values()) {
      const [firewall] = firewallsUsedBy(context, network).filter((each) => each.tier !== 'Basic').filter((each) => each.subnet?.network !== network || each.dnsProxy);
      const hub = hubOf(context, network);
      const { items: asked, unknown } = network.dnsServers;
      if (hub && unknown === undefined && [...asked].sort().join() !== [...hub.dnsServers].sort().join()) {
        yield { address: network.address, message: `its packets go to the hub's firewall, ${hub.privateAddress}, and its DNS servers are ${asked.join(', ') || "Azure's own"}; the policy says ${hub.dnsServers.join(', ') || "Azure's own"}` };
      }
      if (!firewall || resolvingFirewall(context, network) === firewall) continue;
      const { items } = network.dnsServers;
      yield { address: network.address, message: `its packets go to ${firewall.address}, and its DNS servers are ${items.length > 0 ? items.join(', ') : "not the firewall: Azure's own, or not known"}` };
    }
  },
};

/** A network that exists is given its servers by the plan alone: without that it asks whom it asked before. */
function* ofExisting(context: AzureContext): Iterable<Hit> {
  const { model } = context;
  const own = [...model.firewalls.values()].filter(({ tier }) => tier !== 'Basic');
  for (const { spoke, hub } of certainEnvironments(context)) {
    if (!spoke || (!hub && own.length === 0)) continue;
    const given = model.graph.ofType('azurerm_virtual_network_dns_servers').filter((servers) => text(servers, 'virtual_network_id')?.toLowerCase() === spoke.network.toLowerCase());
    const isGiven = given.some((servers) => {
      const { items, unknown } = texts(servers, 'dns_servers');
      return hub ? unknown !== undefined || [...items].sort().join() === [...hub.dnsServers].sort().join() : own.includes(askedFirewall(model, servers)!);
    });
    const address = given[0]?.address ?? model.subnets.find(({ exists }) => exists)?.address;
    if (!isGiven && address !== undefined) yield { address, message: `${spoke.network} is not given the DNS servers of the policy: ${hub ? hub.dnsServers.join(', ') || "Azure's own" : (own[0] as { readonly address: string }).address}` };
  }
}

/** A firewall may ask others than the policy file says: they see every name, and what they answer is called. */
function* ofFirewalls(context: AzureContext): Iterable<Hit> {
  const meant = certainEnvironments(context).flatMap(({ firewall, hub }) => (hub || firewall.tier === 'Basic' ? [] : [[...firewall.dnsServers]]));
  if (meant.length === 0) return;
  for (const { resource, address } of new Set([...context.model.firewalls.values()].flatMap(({ policies }) => policies.at(-1) ?? []))) {
    const { items, unknown } = texts(resource, 'dns[0].servers');
    if (unknown !== undefined || meant.some((servers) => servers.join() === items.join())) continue;
    yield { address, message: `it asks ${items.join(', ') || "Azure's own resolver"}; the policy says ${meant.map((servers) => servers.join(', ') || "Azure's own").join(' or ')}` };
  }
}

/** An interface may have servers of its own, which come before those of its network. https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface#change-dns-servers */
function* ofInterfaces(context: AzureContext): Iterable<Hit> {
  const { graph, views } = context.model;
  let byResource: ReadonlyMap<Resource, SubnetView> | undefined;
  for (const [type, block] of INTERFACES) {
    for (const resource of graph.ofType(type)) {
      for (const at of block === undefined ? [[]] : resource.elements(block)) {
        const { items } = texts(resource, [...at, 'dns_servers']);
        if (items.length === 0) continue;
        const [subnet] = pointsTo(resource, [...at, 'ip_configuration', 0, 'subnet_id'], 'azurerm_subnet').targets;
        const view = subnet && (byResource ??= new Map(views.map((each) => [each.subnet.resource, each]))).get(subnet);
        const resolver = view && resolverOf(context, view);
        if (!resolver || isEmpty(resolver.block)) continue;
        const others = items.filter((server) => isEmpty(addressesOf([server], 4)) || !includes(resolver.block, addressesOf([server], 4)));
        if (others.length > 0) yield { address: resource.address, message: `it asks ${others.join(', ')} for names, and its network ${resolver.address}` };
      }
    }
  }
}

const INTERFACES: readonly (readonly [type: string, block?: string])[] = [
  ['azurerm_network_interface'],
  ...['linux_virtual_machine_scale_set', 'windows_virtual_machine_scale_set', 'orchestrated_virtual_machine_scale_set'].map((kind) => [`azurerm_${kind}`, 'network_interface'] as const),
];
