/**
 * A stack together with what it only names by id: the hub and the network of others. As their teams would have
 * made them, so that the evaluator can follow packets through.
 */
import type { SynthesizedStack } from '../observation';
import type { WrittenAzure } from './random-policies';

type Resources = Record<string, Record<string, any>>;

export function completed(stack: SynthesizedStack, { hub, spoke }: WrittenAzure): SynthesizedStack {
  const known: (readonly [string, string])[] = [];
  const resource: Resources = {};
  const add = (type: string, name: string, config: Record<string, any>) => { (resource[type] ??= {})[name] = config; };
  if (spoke) {
    add('azurerm_virtual_network', 'existing', { name: 'existing', address_space: [...Object.values(spoke.subnets), spoke.privateEndpoints].map(({ cidr }) => cidr) });
    for (const [name, { id, cidr }] of [...Object.entries(spoke.subnets), ['endpoints', spoke.privateEndpoints] as const]) {
      const made = `existing-${name}`;
      add('azurerm_subnet', made, { name, virtual_network_name: '${azurerm_virtual_network.existing.name}', address_prefixes: [cidr], default_outbound_access_enabled: false, private_endpoint_network_policies: 'Enabled' });
      known.push([id, `\${azurerm_subnet.${made}.id}`]);
    }
    known.push([spoke.network, '${azurerm_virtual_network.existing.id}']);
  }
  if (hub) {
    const block = `${hub.privateAddress.replace(/\d+$/, '0')}/26`;
    add('azurerm_virtual_network', 'hub', { name: 'hub', address_space: [block] });
    add('azurerm_subnet', 'hub', { name: 'AzureFirewallSubnet', virtual_network_name: '${azurerm_virtual_network.hub.name}', address_prefixes: [block], default_outbound_access_enabled: false });
    add('azurerm_firewall_policy', 'hub', { name: 'hub', dns: { proxy_enabled: true } });
    add('azurerm_firewall', 'hub', { name: 'hub', firewall_policy_id: '${azurerm_firewall_policy.hub.id}', ip_configuration: [{ subnet_id: '${azurerm_subnet.hub.id}' }] });
    known.push([hub.network ?? 'no network', '${azurerm_virtual_network.hub.id}'], [hub.policy ?? 'no policy', '${azurerm_firewall_policy.hub.id}']);
  }
  // The longest first: the id of a subnet begins with that of its network.
  const references = known.sort(([a], [b]) => b.length - a.length);
  const whole = (value: unknown): unknown => {
    // A template's parameters are text.
    if (typeof value === 'string' && value.startsWith('{')) return JSON.stringify(whole(JSON.parse(value)));
    if (typeof value === 'string') return references.find(([id]) => id.toLowerCase() === value.toLowerCase())?.[1] ?? value;
    if (Array.isArray(value)) return value.map(whole);
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, whole(each)]));
    return value;
  };
  const made = whole(stack.resource) as Resources;
  for (const [type, instances] of Object.entries(resource)) made[type] = { ...made[type], ...instances };
  const all = (type: string) => Object.values(made[type] ?? {});
  if (hub) {
    for (const table of all('azurerm_route_table')) for (const route of table.route) if (route.next_hop_in_ip_address === hub.privateAddress) route.next_hop_in_ip_address = '${azurerm_firewall.hub.private_ip}';
    const asked = (servers: readonly string[]) => servers.map((server) => (server === hub.privateAddress ? '${azurerm_firewall.hub.private_ip}' : server));
    for (const each of [...all('azurerm_virtual_network'), ...all('azurerm_virtual_network_dns_servers')]) if (each.dns_servers) each.dns_servers = asked(each.dns_servers);
  }
  for (const peering of all('azurerm_virtual_network_peering')) {
    // By name alone, as the provider asks for it.
    if (spoke && spoke.network.endsWith(`/${peering.virtual_network_name}`)) peering.virtual_network_name = '${azurerm_virtual_network.existing.name}';
    if (hub?.network?.endsWith(`/${peering.virtual_network_name}`)) peering.virtual_network_name = '${azurerm_virtual_network.hub.name}';
  }
  for (const servers of all('azurerm_virtual_network_dns_servers')) if (spoke) made.azurerm_virtual_network!.existing!.dns_servers = servers.dns_servers;
  if (hub) joinByOthers(made, spoke !== undefined);
  return { ...stack, resource: made };
}

/** What the policy leaves to the hub's team: the half that leads back, or both. */
function joinByOthers(made: Resources, existing: boolean): void {
  const spoke = existing ? 'existing' : Object.keys(made.azurerm_virtual_network!).find((name) => name !== 'hub')!;
  const halves = [[spoke, 'hub'], ['hub', spoke]] as const;
  for (const [from, to] of halves) {
    const there = Object.values(made.azurerm_virtual_network_peering ?? {}).some((each) => each.virtual_network_name === `\${azurerm_virtual_network.${from}.name}`);
    if (!there) (made.azurerm_virtual_network_peering ??= {})[`by-others-${from}`] = { virtual_network_name: `\${azurerm_virtual_network.${from}.name}`, remote_virtual_network_id: `\${azurerm_virtual_network.${to}.id}`, allow_virtual_network_access: true, allow_forwarded_traffic: from === spoke };
  }
}
