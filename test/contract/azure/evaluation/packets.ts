/** Where a packet ends up: security group, route, next hop, the other side's security group. */
import { holds, isPublic, parseAddress, PLATFORM_ADDRESS } from '../addresses';
import { blocks, texts } from '../reader';
import { lets, type Connection, type NetworkSpace } from '../security-groups';
import { effectiveRoutes, routeTo, type EffectiveRoute } from './effective-routes';
import { firewallVerdict, type Request } from './firewall-order';
import { FIREWALL_SUBNET, type Site, type World } from './world';

export interface Packet extends Omit<Request, 'source' | 'destination'> {
  readonly from: string;
  /** A site, or an address. */
  readonly to: string;
}

/** Azure's own addresses on each host, with the tags that alone can deny them. */
const PLATFORM: ReadonlyMap<string, string> = new Map([['platform-dns', 'AzurePlatformDNS'], ['metadata', 'AzurePlatformIMDS']]);

export function packetVerdict(world: World, packet: Packet): string {
  const site = world.sites.get(packet.from);
  if (!site) return `there is no ${packet.from}`;
  if (packet.to.includes(':')) return overIpv6(world, site, packet);
  const tag = PLATFORM.get(packet.to);
  if (tag) return toPlatform(site, tag, packet);
  const target = world.sites.get(packet.to);
  if (!target && !/^[\d.]+$/.test(packet.to)) return `there is no ${packet.to}`;
  const destination = target ? target.block.first + 4 : parseAddress(packet.to);
  const source = site.block.first + 4;
  const routes = effectiveRoutes(world, site);
  const space = tagSpace(world, site, routes);
  const denial = refusal(site, { direction: 'Outbound', source, destination, protocol: packet.protocol, port: packet.port }, space);
  if (denial) return `denied outbound by ${denial}`;
  const route = routeTo(routes, destination);
  switch (route.kind) {
    case 'none':
      return 'dropped by the route';
    case 'local':
      return into(world, target, { source, destination, ...packet });
    case 'peering':
      return target ? into(world, target, { source, destination, ...packet }) : 'delivered over the peering';
    case 'service-endpoint':
      return texts(site.subnet?.config.service_endpoint_policy_ids).length > 0 ? 'to the listed accounts by a service endpoint' : 'to every account by a service endpoint';
    case 'gateway':
      return 'out by a gateway';
    case 'appliance':
      return byAppliance(world, site, route, { source, destination, ...packet });
    case 'internet':
      return isPublic(destination) ? `out past the firewall: ${publicAddress(world, site)}` : 'dropped: no route';
  }
}

/** From callers on the internet, to a public address that a load balancer or a machine has. */
export function fromInternet(world: World, to: string, protocol: 'tcp' | 'udp', port: number): string {
  const site = world.sites.get(to);
  if (!site) return `there is no ${to}`;
  const routes = effectiveRoutes(world, site);
  const source = parseAddress('200.0.0.1');
  const denial = refusal(site, { direction: 'Inbound', source, destination: site.block.first + 4, protocol, port }, tagSpace(world, site, routes));
  if (denial) return `denied inbound by ${denial}`;
  return routeTo(routes, source).kind === 'internet' ? 'in, and answered' : 'in, and the answer takes another way';
}

/** From a machine somewhere in the network that no rule names, or from Azure's load balancers. */
export function fromElsewhere(world: World, who: 'stranger' | 'balancer', to: string, protocol: 'tcp' | 'udp', port: number): string {
  const site = world.sites.get(to);
  if (!site) return `there is no ${to}`;
  const source = who === 'balancer' ? PLATFORM_ADDRESS : strange(world, site);
  return into(world, site, { source, destination: site.block.first + 4, protocol, port });
}

/** An address of the network that no subnet has, from the end. */
function strange(world: World, { network }: Site): number {
  const taken = [...world.sites.values()].map(({ block }) => block);
  let address = world.space(network).at(-1)!.last - 10;
  for (let block; (block = taken.find((each) => holds(each, address))); address = block.first - 10);
  return address;
}

/** What a new machine in a subnet gets besides its private address. */
export function publicAddress(world: World, { subnet }: Site): string {
  if (!subnet) return 'not known';
  const interfaces = world.reader.all('azurerm_network_interface').some(({ config }) =>
    blocks(config.ip_configuration).some((each) => each.public_ip_address_id && world.reader.target(each.subnet_id)?.address === subnet.address));
  if (interfaces) return 'a public address of its own';
  if (world.reader.referring('azurerm_subnet_nat_gateway_association', 'subnet_id', subnet).length > 0) return 'the address of a NAT gateway';
  return subnet.config.default_outbound_access_enabled === false ? 'no public address' : 'an address that Azure lends';
}

function into(world: World, target: Site | undefined, { source, destination, protocol, port }: Omit<Request, 'name' | 'kind'>): string {
  if (!target) return 'delivered to nobody';
  if (target.name === 'hub') return port === 53 ? (answersNames(world) ? 'answered by the firewall' : 'ignored by the firewall') : 'ignored by the firewall';
  if (target.holdsEndpoints && target.subnet?.config.private_endpoint_network_policies !== 'Enabled') return 'delivered: groups do not count for endpoints';
  const space = tagSpace(world, target, effectiveRoutes(world, target));
  const denial = refusal(target, { direction: 'Inbound', source, destination, protocol, port }, space);
  return denial ? `denied inbound by ${denial}` : 'delivered';
}

export function answersNames(world: World): boolean {
  const policy = world.reader.target(world.firewall?.config.firewall_policy_id);
  return blocks(policy?.config.dns)[0]?.proxy_enabled === true;
}

function byAppliance(world: World, site: Site, route: EffectiveRoute, request: Request): string {
  if (!world.firewall || world.reader.target(route.address)?.address !== world.firewall.address) return `sent to ${/^[\d.]+$/.test(route.address ?? '') ? route.address : 'somebody'}`;
  const way = world.peers(site.network).find(({ network }) => network.address === world.hub?.address);
  if (!way) return 'dropped: the firewall is not reachable';
  const verdict = firewallVerdict(world, request);
  return verdict.startsWith('out') && !way.forwarded ? 'dropped: the peering takes no forwarded answers' : onward(world, verdict);
}

/** How the firewall itself goes on. */
function onward(world: World, verdict: string): string {
  const hub = world.sites.get('hub');
  if (!verdict.startsWith('out') || !hub) return verdict;
  const route = routeTo(effectiveRoutes(world, hub), parseAddress('200.0.0.1'));
  if (route.kind === 'appliance') return `${verdict}, sent on to ${route.address}`;
  return world.reader.referring('azurerm_subnet_nat_gateway_association', 'subnet_id', hub.subnet!).length > 0 ? `${verdict}, by a NAT gateway` : verdict;
}

function toPlatform(site: Site, tag: string, { protocol, port }: Packet): string {
  // Platform addresses pass groups and routes, but for a rule that names their tag.
  const denying = site.rules.find((rule) => rule.direction === 'Outbound' && rule.destinations.includes(tag) && (rule.protocol === '*' || rule.protocol === protocol)
    && rule.ports.some(({ from, to }) => from <= port && port <= to));
  return denying && !denying.allow ? `denied outbound by ${denying.name}` : 'answered by Azure';
}

/** Networks here carry IPv4 only; with a prefix, Azure's own route ::/0 leads to the internet. */
function overIpv6(world: World, site: Site, { protocol, port }: Packet): string {
  if (!texts(site.network?.config.address_space).some((prefix) => prefix.includes(':'))) return texts(site.subnet?.config.address_prefixes).some((prefix) => prefix.includes(':')) ? 'an IPv6 subnet in a network without' : 'no IPv6 in the network';
  if (!texts(site.subnet?.config.address_prefixes).some((prefix) => prefix.includes(':'))) return 'no IPv6 in the subnet';
  const rule = site.rules.find((each) => each.direction === 'Outbound' && (each.protocol === '*' || each.protocol === protocol)
    && each.sources.includes('*') && each.destinations.some((to) => ['*', 'Internet'].includes(to)) && each.ports.some(({ from, to }) => from <= port && port <= to));
  return rule?.allow ? 'out past the firewall over IPv6' : `denied outbound by ${rule?.name ?? 'nothing'}`;
}

/** `VirtualNetwork` stands for the network, its peers and whatever the routes name. */
function tagSpace(world: World, { network, table }: Site, routes: readonly EffectiveRoute[]): NetworkSpace {
  const named = blocks(table?.config.route).length > 0 ? routes.filter(({ rank }) => rank === 0).map(({ block }) => block) : [];
  return [...world.space(network), ...world.peers(network).flatMap(({ network: peer }) => world.space(peer)), ...named];
}

function refusal(site: Site, connection: Connection, space: NetworkSpace): string | undefined {
  if (site.subnet?.config.name === FIREWALL_SUBNET) return undefined;
  if (lets(site.rules, connection, space)) return undefined;
  const deny = site.rules.find((rule) => rule.direction === connection.direction && !rule.allow && lets([{ ...rule, allow: true }], connection, space));
  return deny?.name ?? 'nothing';
}
