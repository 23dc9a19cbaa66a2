/** One network of each cloud with a control of many rules, no two alike, as synthesized JSON: the time must follow their number. */

type Resources = Record<string, Record<string, object>>;

const MACHINES = 100;
const SUBNETS = 50;

/** Each number the same few thousand times, in no order. */
const scattered = (at: number, below: number): number => (at * 7919 + 104_729) % below;
const block = (at: number): string => `${20 + scattered(at, 150)}.${scattered(at * 3, 256)}.${scattered(at * 7, 256)}.0/24`;
const port = (at: number): string => String(1024 + scattered(at, 60_000));
const times = (count: number, make: (at: number) => object): Record<string, object> => Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, make(at)]));
const listed = <T>(count: number, make: (at: number) => T): readonly T[] => Array.from({ length: count }, (_, at) => make(at));
const id = (address: string, attribute = 'id'): string => `\${${address}.${attribute}}`;

/** A Network Firewall with a Suricata rule for each name. */
function awsFirewall(rules: number): Resources {
  const vpc_id = id('aws_vpc.v');
  const text = listed(rules, (at) => `pass tls $HOME_NET any -> any 443 (tls.sni; content:"h${at}.example.com"; startswith; endswith; sid:${at + 1};)`).join('\n');
  return {
    aws_vpc: { v: { cidr_block: '10.0.0.0/16' } }, aws_internet_gateway: { g: { vpc_id } },
    aws_subnet: { firewall: { vpc_id, cidr_block: '10.0.255.0/24' }, ...times(SUBNETS, (at) => ({ vpc_id, cidr_block: `10.0.${at}.0/24` })) },
    aws_networkfirewall_rule_group: { g: { name: 'g', capacity: 30_000, type: 'STATEFUL', rule_group: { rules_source: { rules_string: text }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } } },
    aws_networkfirewall_firewall_policy: { p: { name: 'p', firewall_policy: { stateless_default_actions: ['aws:forward_to_sfe'], stateless_fragment_default_actions: ['aws:forward_to_sfe'], stateful_engine_options: { rule_order: 'STRICT_ORDER' }, stateful_default_actions: ['aws:drop_established'], stateful_rule_group_reference: [{ priority: 1, resource_arn: id('aws_networkfirewall_rule_group.g', 'arn') }] } } },
    aws_networkfirewall_firewall: { f: { name: 'f', vpc_id, firewall_policy_arn: id('aws_networkfirewall_firewall_policy.p', 'arn'), subnet_mapping: [{ subnet_id: id('aws_subnet.firewall') }] } },
    aws_route_table: { firewall: { vpc_id, route: [{ cidr_block: '0.0.0.0/0', gateway_id: id('aws_internet_gateway.g') }] }, r: { vpc_id, route: [{ cidr_block: '0.0.0.0/0', vpc_endpoint_id: '${tolist(aws_networkfirewall_firewall.f.firewall_status[0].sync_states)[0].attachment[0].endpoint_id}' }] } },
    aws_route_table_association: { firewall: { subnet_id: id('aws_subnet.firewall'), route_table_id: id('aws_route_table.firewall') }, ...times(SUBNETS, (at) => ({ subnet_id: id(`aws_subnet.x${at}`), route_table_id: id('aws_route_table.r') })) },
    aws_security_group: { s: { vpc_id, name: 's', description: 's', ingress: [], egress: [{ cidr_blocks: ['0.0.0.0/0'], description: '', from_port: 0, ipv6_cidr_blocks: [], prefix_list_ids: [], protocol: '-1', security_groups: [], self: false, to_port: 0 }] } },
    aws_instance: times(MACHINES, (at) => ({ subnet_id: id(`aws_subnet.x${at % SUBNETS}`), vpc_security_group_ids: [id('aws_security_group.s')] })),
  };
}

/** A network firewall policy of names behind denies of blocks. */
function googlePolicy(rules: number): Resources {
  const firewall_policy = id('google_compute_network_firewall_policy.p', 'name');
  return {
    google_compute_network: { n: { name: 'n', auto_create_subnetworks: false } },
    google_compute_subnetwork: times(SUBNETS, (at) => ({ name: `s${at}`, network: id('google_compute_network.n'), ip_cidr_range: `10.0.${at}.0/24`, region: 'r' })),
    google_compute_network_firewall_policy: { p: { name: 'p' } },
    google_compute_network_firewall_policy_association: { a: { name: 'a', firewall_policy, attachment_target: id('google_compute_network.n') } },
    google_compute_network_firewall_policy_rule: times(rules, (at) => ({ firewall_policy, direction: 'EGRESS', priority: at + 1, action: at % 2 ? 'allow' : 'deny', match: [{ ...(at % 2 ? { dest_fqdns: [`h${at}.example.com`] } : { dest_ip_ranges: [block(at)] }), layer4_configs: [{ ip_protocol: 'tcp', ports: [port(at)] }] }] })),
    google_compute_instance: times(MACHINES, (at) => ({ name: `m${at}`, zone: 'r-a', network_interface: [{ subnetwork: id(`google_compute_subnetwork.x${at % SUBNETS}`), access_config: [{}] }] })),
  };
}

/** A network security group for all subnets. */
function azureGroup(rules: number): Resources {
  const own = { location: 'x', resource_group_name: 'r' };
  const any = { source_port_range: '*', source_address_prefix: '*' };
  return {
    azurerm_virtual_network: { v: { ...own, name: 'v', address_space: ['10.0.0.0/16'] } },
    azurerm_subnet: times(SUBNETS, (at) => ({ name: `s${at}`, resource_group_name: 'r', virtual_network_name: id('azurerm_virtual_network.v', 'name'), address_prefixes: [`10.0.${at}.0/24`] })),
    azurerm_network_security_group: { g: { ...own, name: 'g', security_rule: listed(rules, (at) => ({ ...any, name: `r${at}`, priority: 100 + at, direction: 'Outbound', access: at % 2 ? 'Allow' : 'Deny', protocol: 'Tcp', destination_port_range: port(at), destination_address_prefix: block(at) })) } },
    azurerm_subnet_network_security_group_association: times(SUBNETS, (at) => ({ subnet_id: id(`azurerm_subnet.x${at}`), network_security_group_id: id('azurerm_network_security_group.g') })),
    azurerm_network_interface: times(MACHINES, (at) => ({ ...own, name: `n${at}`, ip_configuration: [{ name: 'i', subnet_id: id(`azurerm_subnet.x${at % SUBNETS}`), private_ip_address_allocation: 'Dynamic' }] })),
  };
}

export interface ManyRules {
  readonly name: string;
  /** About as many as the cloud takes. */
  readonly rules: number;
  readonly resources: (rules: number) => Resources;
}

export const MANY_RULES: readonly ManyRules[] = [
  { name: 'AWS, names in a Network Firewall', rules: 8_000, resources: awsFirewall },
  { name: 'Google Cloud, rules of a network firewall policy', rules: 1_000, resources: googlePolicy },
  { name: 'Azure, rules of a network security group', rules: 1_000, resources: azureGroup },
];
