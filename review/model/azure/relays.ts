/**
 * What leads its callers out again, wherever their own routes lead: application gateways with hosts on the internet
 * behind a private frontend, and translations of firewalls. https://learn.microsoft.com/azure/application-gateway/application-gateway-components
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { addressesOf, addressRange, EVERYWHERE, INTERNET } from '../addresses';
import type { AllowedHost, Guard, Hop } from '../network-model';
import { intersect, isEmpty, rangesOf, unionOf, type Ranges } from '../ranges';
import { ALL_PORTS, traffic, type IpProtocol, type Traffic } from '../traffic';
import { matchAddresses } from './address-match';
import { protocolsOf, type Source } from './firewall-evaluation';
import type { AzureNetwork } from './network';
import { numberAt, pointsTo, text, texts } from './read';
import { portsOf as groupPortsOf } from './security-evaluation';
import type { AzureSubnet } from './subnet';
import type { Topology } from './topology';

/** What firewalls translate, and services of Private Link hand on. */
const TRANSLATED: readonly IpProtocol[] = ['tcp', 'udp'];

/** Labels of public addresses and Front Door endpoints: anybody's, and never a private endpoint's. */
const PUBLIC_LABEL = /(^|\.)(cloudapp\.azure\.com|azurefd\.net)$/;

/** Names that Azure gives to what it hosts, which may lead to a private endpoint. */
export function isOfAzure(host: string): boolean {
  return !PUBLIC_LABEL.test(host) && /(^|\.)(azure\.com|azure\.net|azurewebsites\.net|windows\.net|azure-api\.net|azurecontainerapps\.io|azure\.(cn|us))$/.test(host);
}

export interface Relay {
  readonly hop: Hop;
  readonly networks: readonly AzureNetwork[];
  /** The packets that call it. */
  readonly calls: Traffic;
  /** Whom it answers; anybody if undefined. */
  readonly callers?: Ranges;
}

export function relaysOf({ graph, subnetsFor }: Topology): readonly Relay[] {
  const subnetsAt = (resource: Resource, path: AttributePath) => pointsTo(resource, path, 'azurerm_subnet', 'azurerm_virtual_network').targets.flatMap(subnetsFor);
  return graph.ofType('azurerm_application_gateway').flatMap((gateway): readonly Relay[] => {
    const all = gateway.elements('frontend_ip_configuration');
    const relay = (frontends: readonly AttributePath[], subnets: readonly AzureSubnet[], addresses: readonly (string | undefined)[], label: string): readonly Relay[] => {
      const hosts = frontends.length === 0 ? [] : hostsBehind(gateway, new Set(frontends.map((path) => text(gateway, [...path, 'name']))));
      if (hosts.length === 0) return [];
      return [{
        networks: subnets.flatMap(({ network }) => network ?? []),
        calls: traffic(4, [{ protocol: 'tcp', ports: portsOf(gateway), destinations: destinationsOf(addresses, subnets) }]),
        hop: relayHop(gateway.address, label, { control: gateway.address, hosts }),
      }];
    };
    const inside = all.filter((path) => pointsTo(gateway, [...path, 'subnet_id']).isSet);
    const published = all.filter((path) => text(gateway, [...path, 'private_link_configuration_name']) !== undefined);
    const endpoints = published.length === 0 ? [] : graph.ofType('azurerm_private_endpoint').filter((endpoint) => pointsTo(endpoint, CONNECTED, gateway.type).targets.includes(gateway));
    return [
      ...relay(inside, inside.flatMap((path) => subnetsAt(gateway, [...path, 'subnet_id'])), inside.map((path) => text(gateway, [...path, 'private_ip_address'])), 'application gateway'),
      ...endpoints.flatMap((endpoint) => relay(published, subnetsAt(endpoint, ['subnet_id']), [undefined], `application gateway, published to ${endpoint.address}`)),
    ];
  });
}

/** A private link service with an address of its own instead of a balancer hands its callers on to that. https://learn.microsoft.com/azure/private-link/private-link-service-overview */
export function directConnections({ graph, subnetsFor }: Topology): readonly Relay[] {
  return graph.ofType('azurerm_private_link_service').flatMap((service) => {
    const to = text(service, 'destination_ip_address');
    if (to === undefined || !isOutside(to)) return [];
    const subnets = graph.ofType('azurerm_private_endpoint').filter((endpoint) => pointsTo(endpoint, CONNECTED, service.type).targets.includes(service))
      .flatMap((endpoint) => pointsTo(endpoint, 'subnet_id', 'azurerm_subnet', 'azurerm_virtual_network').targets.flatMap(subnetsFor));
    const guard = { control: service.address, hosts: [{ host: to, protocol: 'any', ports: [], rule: service.address } as const] };
    return subnets.length === 0 ? [] : [{ networks: subnets.flatMap(({ network }) => network ?? []), calls: traffic(4, TRANSLATED.map((protocol) => ({ protocol, ports: ALL_PORTS, destinations: destinationsOf([undefined], subnets) }))), hop: relayHop(service.address, `private link service for ${to}`, guard, TRANSLATED) }];
  });
}

/** Whoever may call a private endpoint of a gateway calls what is behind it, from networks that know nothing of the gateway's. https://learn.microsoft.com/azure/application-gateway/private-link */
const CONNECTED: AttributePath = ['private_service_connection', 0, 'private_connection_resource_id'];

/** With an address that it answers, as far as the plan tells. */
export function answers({ callers }: Relay, source: Source): boolean {
  return callers === undefined || source === undefined || isEmpty(source[4]) || !isEmpty(intersect(callers, source[4]));
}

/** Translations of firewalls that lead their callers out again, by TCP or UDP. https://learn.microsoft.com/azure/firewall/destination-nat-rules */
export function translationsOf({ firewalls }: Topology): readonly Relay[] {
  return [...firewalls.values()].flatMap((firewall) => firewall.rules.filter(({ layer, action }) => layer === 'nat' && action !== 'Deny').flatMap((rule): readonly Relay[] => {
    const hosts = rule.translated.items.filter((item) => (addressRange(item) === undefined ? !isOfAzure(item.toLowerCase()) : isOutside(item)));
    if (hosts.length === 0) return [];
    const ports = groupPortsOf(rule.ports);
    const { items, unknown } = rule.protocols;
    const protocols = unknown !== undefined || items.length === 0 ? TRANSLATED : TRANSLATED.filter((protocol) => items.some((item) => protocolsOf(item).includes(protocol)));
    const [to, callers] = [matchAddresses(rule.destinations, 4), matchAddresses(rule.sources, 4)];
    const guard = { control: rule.address, hosts: hosts.map((host): AllowedHost => ({ host: host.toLowerCase(), protocol: 'any', ports: [], rule: rule.address })) };
    return [{
      networks: firewall.subnet?.network ? [firewall.subnet.network] : [],
      calls: traffic(4, protocols.map((protocol) => ({ protocol, ports: ports.unknown !== undefined || isEmpty(ports.known) ? ALL_PORTS : ports.known, destinations: to.unknown !== undefined || isEmpty(to.possible) ? EVERYWHERE[4] : to.possible }))),
      ...(callers.unknown === undefined && !isEmpty(callers.possible) ? { callers: callers.possible } : {}),
      hop: relayHop(rule.address, `translation '${rule.name}'`, guard, protocols),
    }];
  }));
}

function relayHop(address: string, label: string, guard: Guard, protocols: readonly IpProtocol[] = ['tcp']): Hop {
  return { address, kind: 'proxy', label, forward: ({ family, boxes }) => [{ kind: 'internet', traffic: { family, boxes: boxes.filter(({ protocol }) => protocols.includes(protocol)) }, guard }] };
}

function isOutside(address: string): boolean {
  return !isEmpty(intersect(addressesOf([address], 4), INTERNET[4]));
}

/** Hosts on the internet that rules lead to from the frontends with these names. */
function hostsBehind(gateway: Resource, frontends: ReadonlySet<string | undefined>): readonly AllowedHost[] {
  const listening = named(gateway, 'http_listener', (path) => frontends.has(text(gateway, [...path, 'frontend_ip_configuration_name'])) || text(gateway, [...path, 'frontend_ip_configuration_name']) === undefined);
  const rules = gateway.elements('request_routing_rule').filter((path) => listening.has(text(gateway, [...path, 'http_listener_name'])) || gateway.unknownAt([...path, 'http_listener_name']) !== undefined);
  const pools = rules.map((path) => text(gateway, [...path, 'backend_address_pool_name']));
  // A map of paths may name any pool.
  const isAny = rules.some((path, index) => pools[index] === undefined || text(gateway, [...path, 'url_path_map_name']) !== undefined);
  const found = gateway.elements('backend_address_pool').filter((path) => isAny || pools.includes(text(gateway, [...path, 'name']))).flatMap((path): readonly string[] => {
    const addresses = texts(gateway, [...path, 'ip_addresses']).items.filter(isOutside);
    return [...texts(gateway, [...path, 'fqdns']).items.map((host) => host.toLowerCase()).filter((host) => !isOfAzure(host)), ...addresses];
  });
  return rules.length === 0 ? [] : [...new Set(found)].sort().map((host) => ({ host, protocol: 'any', ports: [], rule: gateway.address }));
}

/** Names of the elements of a block that fulfil something. */
function named(gateway: Resource, block: string, fits: (path: AttributePath) => boolean): ReadonlySet<string | undefined> {
  return new Set(gateway.elements(block).filter(fits).map((path) => text(gateway, [...path, 'name'])));
}

function portsOf(gateway: Resource): Ranges {
  const ports = gateway.elements('frontend_port').map((path) => numberAt(gateway, [...path, 'port']));
  return ports.length === 0 || ports.includes(undefined) ? ALL_PORTS : rangesOf(ports.flatMap((port) => (port === undefined ? [] : [[BigInt(port), BigInt(port)] as [bigint, bigint]])));
}

/** The addresses that it is called at, or those of its subnets where one of them is not known. */
function destinationsOf(own: readonly (string | undefined)[], subnets: readonly AzureSubnet[]): Ranges {
  if (own.every((address) => address !== undefined)) return addressesOf(own, 4);
  const reserved = unionOf(subnets.map(({ addresses }) => addresses[4]));
  return isEmpty(reserved) ? EVERYWHERE[4] : reserved;
}
