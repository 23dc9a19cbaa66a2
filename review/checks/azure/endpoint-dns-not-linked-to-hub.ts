import { type AzureCheck, type AzureContext, resolvingFirewall } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { segmentViews } from './reach';
import { append } from '../../append';
import type { DnsZone } from '../../model/azure/services';
import type { Resource } from '../../plan/resource-graph';

export const check: AzureCheck = {
  id: 'endpoint-dns-not-linked-to-hub',
  title: 'private DNS zone that is not seen where names are resolved',
  severity: 'medium',
  why: 'Names of private endpoints are answered with public addresses when the network that resolves has no link to the zone.',
  fix: 'Link the zone to the network of the firewall that is the DNS server, else to the network of the workloads.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-dns'],
  comparable: [],
  *run(context) {
    const resolvers = new Set([...context.model.networks.values()].map((network) => resolvingFirewall(context, network)?.subnet?.network).filter((network) => network !== undefined));
    const asking = askingNetworks(context);
    const byName = new Map<string | undefined, DnsZone[]>();
    for (const zone of context.model.dnsZones) append(byName, zone.name?.toLowerCase(), zone);
    for (const zone of context.model.dnsZones) {
      const { address, name, networks, elsewhere, unknown } = zone;
      if (unknown !== undefined) continue;
      const answers = namesakes(byName, zone);
      const lacks = (network: Resource | undefined) => network !== undefined && !networks.includes(network) && !answers.some((other) => other.networks.includes(network));
      const lacksId = (id: string) => !elsewhere.includes(id) && !answers.some((other) => other.elsewhere.includes(id));
      const missing = [...resolvers].find((network) => lacks(network.resource));
      if (missing) yield { address, message: `zone ${name ?? address} is not linked to ${missing.address}, where names are resolved` };
      else if (asking.ids.some(lacksId)) yield { address, message: `zone ${name ?? address} is not linked to ${asking.ids.find(lacksId) as string}, where the policy has names resolved` };
      else if (asking.own.some(lacks)) yield { address, message: `zone ${name ?? address} is not linked to ${asking.own.find(lacks)!.address}, whose segments ask Azure's own resolver` };
      else if (networks.length === 0 && elsewhere.length === 0) yield { address, message: `zone ${name ?? address} is linked to no network` };
    }
  },
};

/**
 * Zones that answer the same names in other networks: each environment has its own. A network is linked to one of
 * them at most. https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links
 */
function namesakes(byName: ReadonlyMap<string | undefined, readonly DnsZone[]>, zone: DnsZone): readonly DnsZone[] {
  if (zone.name === undefined || zone.networks.length + zone.elsewhere.length === 0) return [];
  return (byName.get(zone.name.toLowerCase()) ?? []).filter((other) => other !== zone);
}

/** Where names are resolved besides by firewalls of the plan, as far as the policy file tells: a hub's network, one that exists, or that of the segments. */
function askingNetworks(context: AzureContext): { readonly ids: readonly string[]; readonly own: readonly Resource[] } {
  const environments = certainEnvironments(context);
  const resolves = [...context.model.firewalls.values()].some(({ tier }) => tier !== 'Basic');
  const ids = environments.flatMap(({ hub, spoke }) => (hub && hub.dnsServers.length > 0 ? hub.network : resolves ? undefined : spoke?.network) ?? []).map((id) => id.toLowerCase());
  const networks = new Set(environments.length === 0 ? [] : segmentViews(context).flatMap(({ subnet }) => subnet.network ?? []));
  return { ids: [...new Set(ids)], own: [...networks].filter(({ dnsServers }) => dnsServers.items.length === 0 && dnsServers.unknown === undefined).map(({ resource }) => resource) };
}
