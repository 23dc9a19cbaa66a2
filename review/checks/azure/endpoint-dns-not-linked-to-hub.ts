import { type AzureCheck, resolvingFirewall } from './azure-check';

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
    for (const { address, name, networks, isLinkedElsewhere, unknown } of context.model.dnsZones) {
      if (unknown !== undefined) continue;
      const missing = [...resolvers].find((network) => !networks.includes(network.resource));
      if (missing) yield { address, message: `zone ${name ?? address} is not linked to ${missing.address}, where names are resolved` };
      else if (networks.length === 0 && !isLinkedElsewhere) yield { address, message: `zone ${name ?? address} is linked to no network` };
    }
  },
};
