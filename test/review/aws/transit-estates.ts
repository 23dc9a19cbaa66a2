/** Random transit gateways with firewalls, and the Terraform that makes them. */
import fc from 'fast-check';
import { line, ref, soundStack, WORLD, type Stack } from '../sound-stack';
import { ATTACHMENTS, LISTS, SUBNETS, TABLES, type Attachment, type Estate, type Firewall, type Route, type SubnetName, type TableName, type Target, type TransitRoute } from './transit-packets';

const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const cidr = often<string>(WORLD, fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.8.0/24', '10.0.0.0/8'), 3);
const towards = (...targets: readonly Target[]) => fc.uniqueArray(fc.record<Route>({ to: cidr, target: fc.constantFrom(...targets) }), { selector: ({ to }) => to, minLength: 1, maxLength: 2 }).map((all): readonly Route[] => all);
const table = fc.uniqueArray(fc.record<TransitRoute>({ to: fc.oneof({ weight: 4, arbitrary: cidr }, { weight: 1, arbitrary: fc.constantFrom(...Object.keys(LISTS)) }), target: fc.constantFrom<TransitRoute['target']>('egress', 'egress', 'egress', 'inspected', 'inspected', 'inspected', 'spoke', 'vpn', 'connect', 'blackhole') }), { selector: ({ to }) => to, minLength: 1, maxLength: 3 }).map((all): readonly TransitRoute[] => all);
const follows = fc.option(fc.constantFrom(...TABLES), { nil: undefined, freq: 4 });
const firewall = fc.constantFrom<Firewall>('drops', 'names', 'names', 'passes');

/** Without a default table each attachment follows one, so that the plan tells everything. */
export const estates: fc.Arbitrary<Estate> = fc.record({
  routes: fc.record({
    app: towards('transit', 'transit', 'transit', 'endpoint', 'endpoint', 'internet', 'nat', 'appliance'), endpoint: towards('nat', 'nat', 'transit', 'internet'), 'spoke-nat': towards('internet', 'internet', 'transit', 'endpoint'),
    attachment: towards('firewall', 'firewall', 'nat', 'internet', 'transit', 'appliance'), firewall: towards('nat', 'nat', 'transit', 'internet'), 'egress-nat': towards('internet', 'internet', 'internet', 'transit', 'firewall'),
  }),
  tables: fc.record({ red: table, blue: table, default: table }), byDefault: often(false, fc.constant(true)),
  follows: fc.record({ spoke: follows, egress: follows, inspected: follows, vpn: follows, connect: follows }),
  teaches: fc.uniqueArray(fc.tuple(fc.constantFrom(...ATTACHMENTS), fc.constantFrom(...TABLES)), { selector: String, maxLength: 3 }),
  isPublic: often(false, fc.constant(true)), isStatic: fc.boolean(), firewalls: fc.record({ attached: firewall, hub: firewall }),
}).map((estate) => (estate.byDefault ? estate : { ...estate, follows: Object.fromEntries(ATTACHMENTS.map((each, at) => [each, estate.follows[each] ?? TABLES[at % 2]])) as Estate['follows'] }));

const HUB = ref('aws_ec2_transit_gateway', 'hub');
const IDS: Readonly<Record<Attachment, string>> = {
  spoke: ref('aws_ec2_transit_gateway_vpc_attachment', 'spoke'), egress: ref('aws_ec2_transit_gateway_vpc_attachment', 'egress'),
  inspected: '${aws_networkfirewall_firewall.attached.firewall_status[0].transit_gateway_attachment_sync_states[0].attachment_id}',
  vpn: ref('aws_vpn_connection', 'office', 'transit_gateway_attachment_id'), connect: ref('aws_ec2_transit_gateway_connect', 'branch'),
};
const networkOf = (subnet: SubnetName) => (['app', 'endpoint', 'spoke-nat'].includes(subnet) ? 'spoke' : 'egress');
const tableId = (name: TableName | 'default') => (name === 'default' ? ref('aws_ec2_transit_gateway', 'hub', 'association_default_route_table_id') : ref('aws_ec2_transit_gateway_route_table', name));

function target(own: 'spoke' | 'egress', to: Target): Record<string, string> {
  return {
    transit: { transit_gateway_id: HUB }, internet: { gateway_id: ref('aws_internet_gateway', own) }, nat: { nat_gateway_id: ref('aws_nat_gateway', own) },
    firewall: { vpc_endpoint_id: '${one([for s in aws_networkfirewall_firewall.hub.firewall_status[0].sync_states : s.attachment[0].endpoint_id if s.availability_zone == "us-east-1a"])}' },
    endpoint: { vpc_endpoint_id: '${aws_networkfirewall_vpc_endpoint_association.spoke.vpc_endpoint_association_status[0].association_sync_state[0].attachment[0].endpoint_id}' },
    appliance: { vpc_endpoint_id: ref('aws_vpc_endpoint', own) },
  }[to];
}

const RULES: Readonly<Record<Firewall, string>> = { drops: 'drop ip any any -> any any (sid:1;)', names: 'pass tls any any -> any any (tls.sni; content:"a.example.com"; startswith; endswith; sid:1;)\ndrop ip any any -> any any (sid:2;)', passes: 'pass ip any any -> any any (sid:1;)' };

export function written({ routes, tables, byDefault, follows: followed, teaches, isPublic, isStatic, firewalls }: Estate): Stack {
  const { resource: sound } = soundStack();
  const named = (make: (name: 'attached' | 'hub') => object) => ({ attached: make('attached'), hub: make('hub') });
  const both = (make: (name: 'spoke' | 'egress') => object) => ({ spoke: make('spoke'), egress: make('egress') });
  const resource: Stack['resource'] = {
    aws_vpc: { spoke: { cidr_block: '10.1.0.0/16' }, egress: { cidr_block: '10.2.0.0/16' } },
    aws_subnet: Object.fromEntries(SUBNETS.map((name, at) => [name, { vpc_id: ref('aws_vpc', networkOf(name)), cidr_block: `10.${networkOf(name) === 'spoke' ? 1 : 2}.${at}.0/24`, availability_zone: 'us-east-1a' }])),
    aws_route_table: Object.fromEntries(SUBNETS.map((name) => [name, { vpc_id: ref('aws_vpc', networkOf(name)), route: routes[name].map((route) => ({ cidr_block: route.to, ...target(networkOf(name), route.target) })) }])),
    aws_route_table_association: Object.fromEntries(SUBNETS.map((name) => [name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }])),
    aws_internet_gateway: both((name) => ({ vpc_id: ref('aws_vpc', name) })), aws_eip: both(() => ({ domain: 'vpc' })),
    aws_nat_gateway: both((name) => ({ subnet_id: ref('aws_subnet', `${name}-nat`), allocation_id: ref('aws_eip', name, 'allocation_id') })),
    aws_vpc_endpoint: both((name) => ({ vpc_id: ref('aws_vpc', name), service_name: 'com.amazonaws.vpce.us-east-1.vpce-svc-1', vpc_endpoint_type: 'GatewayLoadBalancer', subnet_ids: [ref('aws_subnet', `${name}-nat`)] })),
    aws_security_group: { app: { vpc_id: ref('aws_vpc', 'spoke'), ingress: [], egress: [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] })] } },
    aws_instance: { app: { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: isPublic } },
    aws_ec2_managed_prefix_list: Object.fromEntries(Object.entries(LISTS).map(([name, cidrs]) => [name, { name, address_family: 'IPv4', max_entries: 5, entry: cidrs.map((each) => ({ cidr: each })) }])),
    aws_ec2_transit_gateway: { hub: byDefault ? {} : { default_route_table_association: 'disable', default_route_table_propagation: 'disable' } },
    aws_ec2_transit_gateway_vpc_attachment: both((name) => ({ transit_gateway_id: HUB, vpc_id: ref('aws_vpc', name), subnet_ids: [ref('aws_subnet', name === 'spoke' ? 'app' : 'attachment')], ...(followed[name] && byDefault ? { transit_gateway_default_route_table_association: false } : {}) })),
    aws_ec2_transit_gateway_route_table: Object.fromEntries(TABLES.map((name) => [name, { transit_gateway_id: HUB }])),
    aws_ec2_transit_gateway_route_table_association: Object.fromEntries(ATTACHMENTS.flatMap((each) => (followed[each] ? [[each, { transit_gateway_attachment_id: IDS[each], transit_gateway_route_table_id: tableId(followed[each]) }]] : []))),
    aws_ec2_transit_gateway_route_table_propagation: Object.fromEntries(teaches.map(([each, name]) => [`${each}-${name}`, { transit_gateway_attachment_id: IDS[each], transit_gateway_route_table_id: tableId(name) }])),
    aws_ec2_transit_gateway_route: {}, aws_ec2_transit_gateway_prefix_list_reference: {},
    aws_customer_gateway: { office: { bgp_asn: 65000, ip_address: '198.51.100.1', type: 'ipsec.1' } },
    aws_vpn_connection: { office: { transit_gateway_id: HUB, customer_gateway_id: ref('aws_customer_gateway', 'office'), type: 'ipsec.1', static_routes_only: isStatic } },
    aws_ec2_transit_gateway_connect: { branch: { transit_gateway_id: HUB, transport_attachment_id: IDS.egress, ...(followed.connect && byDefault ? { transit_gateway_default_route_table_association: false } : {}) } },
    aws_networkfirewall_rule_group: named((name) => { const group = structuredClone(sound.aws_networkfirewall_rule_group!.main!); group.rule_group.rules_source.rules_string = RULES[firewalls[name]]; return { ...group, name }; }),
    aws_networkfirewall_firewall_policy: named((name) => { const policy = structuredClone(sound.aws_networkfirewall_firewall_policy!.main!); policy.firewall_policy.stateful_rule_group_reference[0].resource_arn = ref('aws_networkfirewall_rule_group', name, 'arn'); return { ...policy, name }; }),
    aws_networkfirewall_firewall: {
      hub: { name: 'hub', vpc_id: ref('aws_vpc', 'egress'), firewall_policy_arn: ref('aws_networkfirewall_firewall_policy', 'hub', 'arn'), subnet_mapping: [{ subnet_id: ref('aws_subnet', 'firewall') }] },
      attached: { name: 'attached', transit_gateway_id: HUB, firewall_policy_arn: ref('aws_networkfirewall_firewall_policy', 'attached', 'arn'), availability_zone_mapping: [{ availability_zone_id: 'use1-az1' }] },
    },
    aws_networkfirewall_vpc_endpoint_association: { spoke: { firewall_arn: ref('aws_networkfirewall_firewall', 'hub', 'arn'), vpc_id: ref('aws_vpc', 'spoke'), subnet_mapping: [{ subnet_id: ref('aws_subnet', 'endpoint') }] } },
  };
  for (const name of [...TABLES, ...(byDefault ? ['default' as const] : [])]) {
    for (const [at, route] of tables[name].entries()) {
      const to = route.target === 'blackhole' ? { blackhole: true } : { transit_gateway_attachment_id: IDS[route.target] };
      if (route.to in LISTS) resource.aws_ec2_transit_gateway_prefix_list_reference![`${name}-${at}`] = { prefix_list_id: ref('aws_ec2_managed_prefix_list', route.to), transit_gateway_route_table_id: tableId(name), ...to };
      else resource.aws_ec2_transit_gateway_route![`${name}-${at}`] = { destination_cidr_block: route.to, transit_gateway_route_table_id: tableId(name), ...to };
    }
  }
  return { resource };
}
