import { askedFirewall, type AzureCheck, type AzureContext, firewallsUsedBy, resolvingFirewall } from './azure-check';
import { hubOf } from './hub-of-policy';
import { certainEnvironments } from './planned-environments';
import { text, texts } from '../../model/azure/read';
import type { Hit } from '../check';

export const check: AzureCheck = {
  id: 'dns-bypasses-firewall',
  title: 'network whose names are not resolved by its firewall',
  severity: 'medium',
  why: 'Names that are resolved elsewhere leave no trace in the log of the firewall, and may differ from what it resolves itself.',
  fix: 'Set dns_servers of the network to the private address of the firewall, and to nothing else.',
  references: ['https://learn.microsoft.com/azure/firewall/dns-settings'],
  comparable: ['checkov CKV_AZURE_183'],
  *run(context) {
    yield* ofExisting(context);
    yield* ofFirewalls(context);
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
