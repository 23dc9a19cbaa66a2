/** Who answers a machine's question for a name, and with what. */
import { blocks, texts, type Resource } from '../reader';
import { answersNames, packetVerdict } from './packets';
import type { World } from './world';

/** `payments resolves api.stripe.com`. */
export function nameVerdict(world: World, from: string, name: string): string {
  const site = world.sites.get(from);
  if (!site) return `there is no ${from}`;
  const servers = texts(site.network?.config.dns_servers);
  const byFirewall = servers.length > 0 && servers.every((server) => world.firewall && world.reader.target(server)?.address === world.firewall.address);
  if (servers.length > 0 && !byFirewall) return 'answered by somebody else';
  const asked = byFirewall ? packetVerdict(world, { from, to: 'hub', protocol: 'udp', port: 53 }) : packetVerdict(world, { from, to: 'platform-dns', protocol: 'udp', port: 53 });
  if (byFirewall && !(asked === 'answered by the firewall' && answersNames(world))) return `not answered: ${asked}`;
  if (!byFirewall && asked !== 'answered by Azure') return `not answered: ${asked}`;
  const resolving = byFirewall ? world.hub : site.network;
  const who = byFirewall ? 'the firewall' : 'Azure';
  const filtered = policyVerdict(world, resolving, name);
  if (filtered === 'Block') return `blocked by the DNS policy, asked by ${who}`;
  const zone = world.reader.all('azurerm_private_dns_zone').find(({ config }) => {
    const domain = String(config.name).replace(/^privatelink\./, '');
    return name.endsWith(`.${domain === 'vaultcore.azure.net' ? 'vault.azure.net' : domain}`);
  });
  const linked = zone && world.reader.referring('azurerm_private_dns_zone_virtual_network_link', 'private_dns_zone_name', zone)
    .some(({ config }) => world.reader.target(config.virtual_network_id)?.address === resolving?.address);
  return `${linked ? 'private' : 'public'} answer by ${who}${filtered === 'Alert' ? ', recorded' : ''}`;
}

/** Every private endpoint with the zones in which its name is found. */
export function endpointNames(world: World): string {
  return world.reader.all('azurerm_private_endpoint').map(({ config }) => {
    const zones = blocks(config.private_dns_zone_group).flatMap((group) => texts(group.private_dns_zone_ids)).filter((zone) => world.reader.target(zone));
    return `${String(config.name)} in ${zones.length}`;
  }).sort().join(', ');
}

/** Private zones that whoever resolves for the spoke does not see. */
export function lostZones(world: World): string {
  const servers = texts(world.spoke?.config.dns_servers);
  const resolving = servers.length > 0 ? world.hub : world.spoke;
  return world.reader.all('azurerm_private_dns_zone').filter((zone) => !world.reader.referring('azurerm_private_dns_zone_virtual_network_link', 'private_dns_zone_name', zone)
    .some(({ config }) => world.reader.target(config.virtual_network_id)?.address === resolving?.address)).map(({ config }) => String(config.name)).sort().join(', ') || 'none';
}

interface TemplateResource {
  readonly type: string;
  readonly name: string;
  readonly properties: any;
}

/**
 * What a DNS security policy does with a name: the rule with the lowest priority that lists the
 * name or a domain above it. A template carries it, with the networks as parameters.
 */
function policyVerdict(world: World, network: Resource | undefined, name: string): string | undefined {
  for (const { config } of world.reader.all('azurerm_resource_group_template_deployment')) {
    const resources: readonly TemplateResource[] = JSON.parse(config.template_content).resources;
    const parameters = JSON.parse(config.parameters_content) as Record<string, { value: string }>;
    const links = resources.filter(({ type }) => type.endsWith('/virtualNetworkLinks')).map(({ properties }) => /parameters\('(\w+)'\)/.exec(properties.virtualNetwork.id)?.[1]);
    if (!links.some((link) => link && world.reader.target(parameters[link]?.value)?.address === network?.address)) continue;
    const lists = new Map(resources.filter(({ type }) => type.endsWith('/dnsResolverDomainLists')).map((list) => [list.name, list.properties.domains as string[]]));
    const rules = resources.filter(({ type, properties }) => type.endsWith('/dnsSecurityRules') && properties.dnsSecurityRuleState === 'Enabled')
      .sort((a, b) => a.properties.priority - b.properties.priority);
    for (const { properties } of rules) {
      const domains = properties.dnsResolverDomainLists.flatMap(({ id }: { id: string }) => lists.get(/, '([^']+)'\)\]$/.exec(id)?.[1] ?? '') ?? []) as string[];
      if (domains.some((domain) => domain === '.' || `${name}.` === domain || `${name}.`.endsWith(`.${domain}`))) return properties.action.actionType;
    }
  }
  return undefined;
}
