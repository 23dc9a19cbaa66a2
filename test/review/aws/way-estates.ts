/** Random networks of two families, and the Terraform that makes them. */
import fc from 'fast-check';
import { endpointIn, line, ref, soundStack, WORLD, type Stack } from '../sound-stack';
import { LISTS, SUBNETS, type Estate, type Interface, type ListName, type Route, type SubnetName, type Target } from './way-packets';

export const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const SIX = '::/0';
const four = often<string>(WORLD, fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.8.0/24', '10.0.0.0/8', 'google', 'halves', 'all'));
const six = often<string>(SIX, fc.constantFrom('2000::/3', '2a00::/12', '64:ff9b::/96', '64:ff9b::/96', 'six'), 1);

function towards(fours: readonly Target[], sixes: readonly Target[]): fc.Arbitrary<readonly Route[]> {
  const some = (to: fc.Arbitrary<string>, targets: readonly Target[], minLength: number): fc.Arbitrary<readonly Route[]> => fc.uniqueArray(fc.record<Route>({ to, target: fc.constantFrom(...targets) }), { selector: (route) => route.to, minLength, maxLength: 3 });
  return fc.tuple(some(four, fours, 1), some(six, sixes, 0)).map(([a, b]) => [...a, ...b]);
}

const ANY: readonly Target[] = ['internet', 'internet', 'nat', 'nat', 'private nat', 'firewall', 'firewall', 'peering', 'virtual', 'relay', 'appliance'];
const ANY_SIX: readonly Target[] = ['internet', 'egress-only', 'nat', 'private nat', 'firewall', 'peering', 'relay', 'appliance'];

const card: fc.Arbitrary<Interface> = fc.record({
  subnetGivesPublic: often(false, fc.boolean()), subnetGivesSix: fc.boolean(), asksPublic: fc.constantFrom(undefined, undefined, true, false), sixAddresses: fc.constantFrom(undefined, undefined, 0, 1), elastic: often(false, fc.boolean()), ownResource: often(false, fc.boolean()),
}).map((each) => (each.ownResource ? { ...each, asksPublic: undefined } : each));

export const estates: fc.Arbitrary<Estate> = fc.record({
  routes: fc.record({
    app: towards(ANY, ANY_SIX), second: towards(ANY, ANY_SIX), main: towards(ANY, ANY_SIX),
    nat: towards(['internet', 'internet', 'internet', 'firewall', 'virtual', 'relay'], ['internet', 'egress-only']),
    private: towards(['internet', 'nat', 'firewall', 'virtual', 'peering'], ['internet', 'egress-only']),
    firewall: towards(['internet', 'nat', 'nat', 'relay', 'virtual'], ['internet', 'egress-only', 'nat', 'relay']),
    relay: towards(['internet', 'internet', 'nat', 'firewall'], ['internet', 'egress-only', 'nat', 'firewall']),
  }),
  followsMain: often<readonly SubnetName[]>([], fc.uniqueArray(fc.constantFrom(...SUBNETS), { maxLength: 2 }), 1),
  app: card, second: fc.option(card.map((each): Interface => ({ ...each, ownResource: true, asksPublic: undefined })), { nil: undefined, freq: 2 }), relay: card,
  firewall: fc.constantFrom('drops', 'names', 'names', 'passes'),
  announced: fc.option(fc.subarray(['0.0.0.0/0', '8.0.0.0/8', '192.168.0.0/16']), { nil: undefined, freq: 3 }),
  propagated: often<readonly (SubnetName | 'main')[]>([], fc.uniqueArray(fc.constantFrom<SubnetName | 'main'>('app', 'app', 'main', 'nat'), { minLength: 1, maxLength: 2 }), 1),
});

/** How the same is written, which must not matter. */
export interface Spelling {
  readonly inline: boolean;
  readonly mainBy: 'default' | 'association';
  readonly listEntries: 'inline' | 'apart';
  readonly elasticBy: 'eip' | 'association';
  readonly attachedBy: 'block' | 'attachment';
  readonly propagatedBy: 'table' | 'propagation';
  readonly gatewayBy: 'argument' | 'attachment';
  readonly ingressTable: boolean;
}

export const spellings: fc.Arbitrary<Spelling> = fc.record({
  inline: fc.boolean(), mainBy: fc.constantFrom('default', 'association'), listEntries: fc.constantFrom('inline', 'apart'), elasticBy: fc.constantFrom('eip', 'association'),
  attachedBy: fc.constantFrom('block', 'attachment'), propagatedBy: fc.constantFrom('table', 'propagation'), gatewayBy: fc.constantFrom('argument', 'attachment'), ingressTable: fc.boolean(),
});

const vpc_id = ref('aws_vpc', 'main');
const TARGETS: Readonly<Record<Target, Record<string, string>>> = {
  internet: { gateway_id: ref('aws_internet_gateway', 'main') }, 'egress-only': { egress_only_gateway_id: ref('aws_egress_only_internet_gateway', 'main') },
  nat: { nat_gateway_id: ref('aws_nat_gateway', 'main') }, 'private nat': { nat_gateway_id: ref('aws_nat_gateway', 'private') }, firewall: { vpc_endpoint_id: endpointIn('us-east-1a') },
  peering: { vpc_peering_connection_id: ref('aws_vpc_peering_connection', 'main') }, virtual: { gateway_id: ref('aws_vpn_gateway', 'main') },
  relay: { network_interface_id: ref('aws_instance', 'relay', 'primary_network_interface_id') }, appliance: { vpc_endpoint_id: ref('aws_vpc_endpoint', 'appliance') },
};
const LIST_IDS = new Set<string>(Object.keys(LISTS));
const destination = (to: string, prefix: 'destination_' | ''): Record<string, string> => (LIST_IDS.has(to) ? { destination_prefix_list_id: ref('aws_ec2_managed_prefix_list', to) } : { [`${prefix}${to.includes(':') ? 'ipv6_cidr_block' : 'cidr_block'}`]: to });

export function written(estate: Estate, spelling: Spelling): Stack {
  const { resource: sound } = soundStack();
  const pick = (...types: readonly string[]) => Object.fromEntries(types.map((type) => [type, sound[type]!]));
  const resource: Stack['resource'] = {
    ...pick('aws_networkfirewall_rule_group', 'aws_networkfirewall_firewall_policy', 'aws_networkfirewall_firewall', 'aws_eip', 'aws_nat_gateway'),
    aws_vpc: { main: { cidr_block: '10.0.0.0/16', assign_generated_ipv6_cidr_block: true }, next: { cidr_block: '10.1.0.0/16' } },
    aws_internet_gateway: { main: { vpc_id }, next: { vpc_id: ref('aws_vpc', 'next') } }, aws_egress_only_internet_gateway: { main: { vpc_id } },
    aws_vpc_peering_connection: { main: { vpc_id, peer_vpc_id: ref('aws_vpc', 'next'), auto_accept: true } },
    aws_security_group: { app: { vpc_id, ingress: [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD], ipv6_cidr_blocks: [SIX] })], egress: [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD], ipv6_cidr_blocks: [SIX] })] } },
    aws_vpc_endpoint: { appliance: { vpc_id, service_name: 'com.amazonaws.vpce.us-east-1.vpce-svc-1', vpc_endpoint_type: 'GatewayLoadBalancer', subnet_ids: [ref('aws_subnet', 'private')] } },
    aws_subnet: {}, aws_route_table: {}, aws_route_table_association: {}, aws_route: {}, aws_instance: {}, aws_network_interface: {}, aws_network_interface_attachment: {}, aws_eip_association: {},
    aws_ec2_managed_prefix_list: {}, aws_ec2_managed_prefix_list_entry: {},
    aws_vpn_gateway: { main: { vpc_id } }, aws_customer_gateway: { main: { bgp_asn: 65000, ip_address: '198.51.100.1', type: 'ipsec.1' } },
    aws_vpn_connection: { main: { vpn_gateway_id: ref('aws_vpn_gateway', 'main'), customer_gateway_id: ref('aws_customer_gateway', 'main'), type: 'ipsec.1', static_routes_only: estate.announced !== undefined } },
    aws_vpn_connection_route: Object.fromEntries((estate.announced ?? []).map((cidr, at) => [`r${at}`, { destination_cidr_block: cidr, vpn_connection_id: ref('aws_vpn_connection', 'main') }])),
    aws_vpn_gateway_route_propagation: {},
  };
  resource.aws_nat_gateway!.private = { connectivity_type: 'private', subnet_id: ref('aws_subnet', 'private') };
  if (spelling.gatewayBy === 'attachment') {
    resource.aws_internet_gateway!.main = {};
    resource.aws_internet_gateway_attachment = { main: { vpc_id, internet_gateway_id: ref('aws_internet_gateway', 'main') } };
  }
  writeLists(resource, spelling);
  writeTables(resource, estate, spelling);
  const cards: Partial<Record<SubnetName, Interface | undefined>> = { app: estate.app, second: estate.second, relay: estate.relay };
  for (const [at, name] of SUBNETS.entries()) {
    const own = cards[name];
    resource.aws_subnet![name] = { vpc_id, cidr_block: `10.0.${at}.0/24`, availability_zone: 'us-east-1a', ipv6_cidr_block: `\${cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, ${at})}`, ...(own ? { map_public_ip_on_launch: own.subnetGivesPublic, assign_ipv6_address_on_creation: own.subnetGivesSix } : {}) };
  }
  writeMachine(resource, 'app', estate.app, spelling);
  writeMachine(resource, 'relay', estate.relay, spelling);
  if (estate.second) {
    writeInterface(resource, 'second', estate.second, spelling);
    if (spelling.attachedBy === 'block') resource.aws_network_interface!.second!.attachment = [{ instance: ref('aws_instance', 'app'), device_index: 1 }];
    else resource.aws_network_interface_attachment!.second = { instance_id: ref('aws_instance', 'app'), network_interface_id: ref('aws_network_interface', 'second'), device_index: 1 };
  }
  resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source.rules_string = {
    drops: 'drop ip any any -> any any (sid:1;)', names: 'pass tls any any -> any any (tls.sni; content:"a.example.com"; startswith; endswith; sid:1;)\ndrop ip any any -> any any (sid:2;)', passes: 'pass ip any any -> any any (sid:1;)',
  }[estate.firewall];
  return { resource };
}

function writeLists(resource: Stack['resource'], { listEntries }: Spelling): void {
  for (const [name, cidrs] of Object.entries(LISTS) as [ListName, readonly string[]][]) {
    resource.aws_ec2_managed_prefix_list![name] = { name, address_family: name === 'six' ? 'IPv6' : 'IPv4', max_entries: 5, ...(listEntries === 'inline' ? { entry: cidrs.map((cidr) => ({ cidr })) } : {}) };
    if (listEntries === 'apart') for (const [at, cidr] of cidrs.entries()) resource.aws_ec2_managed_prefix_list_entry![`${name}-${at}`] = { cidr, prefix_list_id: ref('aws_ec2_managed_prefix_list', name) };
  }
}

function writeTables(resource: Stack['resource'], { routes, followsMain, propagated }: Estate, { inline, mainBy, propagatedBy, ingressTable }: Spelling): void {
  for (const name of [...SUBNETS, 'main'] as const) {
    const isDefault = name === 'main' && mainBy === 'default';
    const ways = inline || isDefault ? { route: routes[name].map(({ to, target }) => ({ ...destination(to, ''), ...TARGETS[target] })) } : {};
    const learns = propagated.includes(name);
    const body = { ...ways, ...(learns && (propagatedBy === 'table' || isDefault) ? { propagating_vgws: [ref('aws_vpn_gateway', 'main')] } : {}) };
    if (isDefault) {
      resource.aws_default_route_table = { main: { default_route_table_id: ref('aws_vpc', 'main', 'default_route_table_id'), ...body } };
      continue;
    }
    resource.aws_route_table![name] = { vpc_id, ...body };
    if (learns && propagatedBy === 'propagation') resource.aws_vpn_gateway_route_propagation![name] = { vpn_gateway_id: ref('aws_vpn_gateway', 'main'), route_table_id: ref('aws_route_table', name) };
    if (!inline) for (const [at, { to, target }] of routes[name].entries()) resource.aws_route![`${name}-${at}`] = { route_table_id: ref('aws_route_table', name), ...destination(to, 'destination_'), ...TARGETS[target] };
    if (name === 'main') resource.aws_main_route_table_association = { main: { vpc_id, route_table_id: ref('aws_route_table', 'main') } };
    else if (!followsMain.includes(name)) resource.aws_route_table_association![name] = { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) };
  }
  if (!ingressTable) return;
  resource.aws_route_table!.ingress = { vpc_id, route: [{ cidr_block: '10.0.0.0/24', ...TARGETS.firewall }] };
  resource.aws_route_table_association!.ingress = { gateway_id: ref('aws_internet_gateway', 'main'), route_table_id: ref('aws_route_table', 'ingress') };
}

const GROUPS = [ref('aws_security_group', 'app')];

function writeInterface(resource: Stack['resource'], name: SubnetName, { sixAddresses, elastic }: Interface, { elasticBy }: Spelling): void {
  resource.aws_network_interface![name] = { subnet_id: ref('aws_subnet', name), security_groups: GROUPS, ...(sixAddresses === undefined ? {} : { ipv6_address_count: sixAddresses }) };
  if (elastic) writeElastic(resource, name, { network_interface_id: ref('aws_network_interface', name) }, { network_interface: ref('aws_network_interface', name) }, elasticBy);
}

function writeElastic(resource: Stack['resource'], name: string, apart: Record<string, string>, own: Record<string, string>, elasticBy: Spelling['elasticBy']): void {
  resource.aws_eip![name] = { domain: 'vpc', ...(elasticBy === 'eip' ? own : {}) };
  if (elasticBy === 'association') resource.aws_eip_association![name] = { allocation_id: ref('aws_eip', name), ...apart };
}

function writeMachine(resource: Stack['resource'], name: 'app' | 'relay', card: Interface, spelling: Spelling): void {
  const common = { ami: 'ami-1', instance_type: 't3.micro' };
  if (card.ownResource) {
    writeInterface(resource, name, card, spelling);
    if (name === 'relay') resource.aws_network_interface!.relay!.source_dest_check = false;
    resource.aws_instance![name] = { ...common, network_interface: [{ network_interface_id: ref('aws_network_interface', name), device_index: 0 }] };
    return;
  }
  resource.aws_instance![name] = {
    ...common, subnet_id: ref('aws_subnet', name), vpc_security_group_ids: GROUPS, ...(card.asksPublic === undefined ? {} : { associate_public_ip_address: card.asksPublic }), ...(card.sixAddresses === undefined ? {} : { ipv6_address_count: card.sixAddresses }),
    ...(name === 'relay' ? { source_dest_check: false } : {}),
  };
  if (card.elastic) writeElastic(resource, name, { instance_id: ref('aws_instance', name) }, { instance: ref('aws_instance', name) }, spelling.elasticBy);
}
