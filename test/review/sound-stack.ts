/** A small network with nothing to find, by nobody's blueprint; tests break one thing in it at a time. */

type Body = Record<string, any>;
export interface Stack {
  resource: Record<string, Record<string, Body>>;
  data?: Record<string, Record<string, Body>>;
}

export const WORLD = '0.0.0.0/0';
export const ref = (type: string, name: string, attribute = 'id'): string => `\${${type}.${name}.${attribute}}`;
export const endpointIn = (zone: string): string => `\${one([for s in aws_networkfirewall_firewall.main.firewall_status[0].sync_states : s.attachment[0].endpoint_id if s.availability_zone == "${zone}"])}`;

const vpc_id = ref('aws_vpc', 'main');
const NET = '10.0.1.0/24';

/** Passes, and below them drops for all that could leave before the default action sees it. */
export const RULES = [
  `alert tls ${NET} any -> $EXTERNAL_NET 443 (msg:"ok"; flow:to_server; tls.sni; content:"api.example.com"; startswith; endswith; nocase; sid:1; rev:1;)`,
  `pass tls ${NET} any -> $EXTERNAL_NET 443 (msg:"ok"; flow:to_server; tls.sni; content:"api.example.com"; startswith; endswith; nocase; sid:2; rev:1;)`,
  'drop tcp any any -> any any (flags:!A; dsize:>0; sid:3; rev:1;)',
  `drop tcp ${NET} any -> any !443 (flow:to_server; sid:4; rev:1;)`,
  `drop tcp ${NET} any -> any 443 (flow:to_server,established; app-layer-protocol:!tls; sid:5; rev:1;)`,
  `drop tls ${NET} any -> any 443 (flow:to_server,established; ssl_state:client_hello; sid:6; rev:1;)`,
  `drop tcp ${NET} any -> any 443 (flow:to_server,established; flowbits:isnotset,spoken; stream_size:client,>,18; sid:7; rev:1;)`,
  `drop tcp ${NET} any -> any 443 (flow:to_server,established; stream_size:client,>,16384; sid:8; rev:1;)`,
  `drop tcp any 443 -> ${NET} any (flow:to_client,established; stream_size:server,>,1; sid:9; rev:1;)`,
  `drop tcp !${NET} any -> any any (flow:to_server; sid:10; rev:1;)`,
  'drop ip ::/0 any -> ::/0 any (sid:11; rev:1;)',
  'drop udp any any -> any any (sid:12; rev:1;)',
  'drop icmp any any -> any any (sid:13; rev:1;)',
  'drop ip any any -> any any (ip_proto:!6; sid:14; rev:1;)',
  'drop tcp any any -> any any (flow:to_server,not_established; dsize:>0; sid:15; rev:1;)',
  'alert tcp any any -> any any (flags:*FR; flowbits:set,ended; noalert; sid:16; rev:1;)',
  'drop tcp any any -> any any (flow:to_server; flowbits:isset,ended; dsize:>0; sid:17; rev:1;)',
  'alert tcp any any -> any any (flow:to_server; dsize:>0; flowint:segments,+,1; noalert; sid:18; rev:1;)',
  'drop tcp any any -> any any (flow:to_server; flowint:segments,>,64; dsize:>0; sid:19; rev:1;)',
];

export const line = (over: Body): Body => ({ description: 'who may do what', protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: [], ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false, ...over });
export const entry = (over: Body): Body => ({ action: 'allow', rule_no: 100, protocol: 'tcp', from_port: 443, to_port: 443, cidr_block: WORLD, ...over });

export function soundStack(): Stack {
  const subnet = (cidr_block: string, tags: Body = {}): Body => ({ vpc_id, cidr_block, availability_zone: 'us-east-1a', map_public_ip_on_launch: false, tags });
  const table = (...route: Body[]): Body => ({ vpc_id, route });
  const association = (subnetName: string, tableName: string): Body => ({ subnet_id: ref('aws_subnet', subnetName), route_table_id: ref('aws_route_table', tableName) });
  const acl = (subnetName: string, ingress: Body[], egress: Body[]): Body => ({ vpc_id, subnet_ids: [ref('aws_subnet', subnetName)], ingress, egress });
  const replies = entry({ from_port: 1024, to_port: 65535 });
  return {
    resource: {
      aws_vpc: { main: { cidr_block: '10.0.0.0/16', enable_dns_hostnames: true } },
      aws_default_security_group: { main: { vpc_id, ingress: [], egress: [] } },
      aws_default_network_acl: { main: { default_network_acl_id: ref('aws_vpc', 'main', 'default_network_acl_id'), ingress: [], egress: [] } },
      aws_default_route_table: { main: { default_route_table_id: ref('aws_vpc', 'main', 'default_route_table_id'), route: [] } },
      aws_internet_gateway: { main: { vpc_id } },
      aws_subnet: {
        app: subnet(NET, { tier: 'private', segment: 'app' }),
        vault: subnet('10.0.2.0/24', { tier: 'data', segment: 'vault' }),
        firewall: subnet('10.0.11.0/28'),
        nat: subnet('10.0.12.0/28'),
      },
      aws_route_table: {
        app: table({ cidr_block: WORLD, vpc_endpoint_id: endpointIn('us-east-1a') }),
        vault: table(),
        firewall: table({ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }),
        nat: table({ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }, { cidr_block: NET, vpc_endpoint_id: endpointIn('us-east-1a') }),
      },
      aws_route_table_association: { app: association('app', 'app'), vault: association('vault', 'vault'), firewall: association('firewall', 'firewall'), nat: association('nat', 'nat') },
      aws_network_acl: {
        app: acl('app', [replies], [entry({})]),
        vault: acl('vault', [], []),
        firewall: acl('firewall', [replies, entry({ rule_no: 110, cidr_block: NET })], [entry({}), entry({ rule_no: 110, from_port: 1024, to_port: 65535, cidr_block: NET })]),
        nat: acl('nat', [replies, entry({ rule_no: 110, cidr_block: NET })], [entry({}), entry({ rule_no: 110, from_port: 1024, to_port: 65535, cidr_block: NET })]),
      },
      aws_eip: { nat: { domain: 'vpc' } },
      aws_nat_gateway: { main: { subnet_id: ref('aws_subnet', 'nat'), allocation_id: ref('aws_eip', 'nat', 'allocation_id') } },
      aws_security_group: {
        app: { vpc_id, ingress: [], egress: [line({ cidr_blocks: [WORLD] }), line({ security_groups: [ref('aws_security_group', 'endpoints')] })], tags: { segment: 'app' } },
        vault: { vpc_id, ingress: [], egress: [], tags: { segment: 'vault' } },
        endpoints: { vpc_id, ingress: [line({ security_groups: [ref('aws_security_group', 'app')] })], egress: [] },
      },
      aws_instance: {
        app: { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'app'), vpc_security_group_ids: [ref('aws_security_group', 'app')], metadata_options: { http_tokens: 'required' } },
        vault: { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'vault'), vpc_security_group_ids: [ref('aws_security_group', 'vault')], metadata_options: { http_tokens: 'required' } },
      },
      aws_networkfirewall_rule_group: {
        main: { name: 'main', type: 'STATEFUL', capacity: 100, lifecycle: { create_before_destroy: true }, rule_group: { rules_source: { rules_string: RULES.join('\n') }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } },
      },
      aws_networkfirewall_firewall_policy: {
        main: {
          name: 'main',
          firewall_policy: {
            stateless_default_actions: ['aws:forward_to_sfe'],
            stateless_fragment_default_actions: ['aws:forward_to_sfe'],
            stateful_default_actions: ['aws:drop_established_app_layer', 'aws:alert_established_app_layer'],
            stateful_engine_options: { rule_order: 'STRICT_ORDER', stream_exception_policy: 'DROP' },
            policy_variables: { rule_variables: [{ key: 'HOME_NET', ip_set: { definition: ['10.0.0.0/16'] } }] },
            stateful_rule_group_reference: [{ priority: 1, resource_arn: ref('aws_networkfirewall_rule_group', 'main', 'arn') }],
          },
        },
      },
      aws_networkfirewall_firewall: {
        main: {
          name: 'main', vpc_id, firewall_policy_arn: ref('aws_networkfirewall_firewall_policy', 'main', 'arn'), subnet_mapping: [{ subnet_id: ref('aws_subnet', 'firewall') }],
          delete_protection: true, subnet_change_protection: true, firewall_policy_change_protection: true, lifecycle: { prevent_destroy: true },
        },
      },
      aws_cloudwatch_log_group: { main: { name: 'main', retention_in_days: 365 } },
      aws_networkfirewall_logging_configuration: {
        main: {
          firewall_arn: ref('aws_networkfirewall_firewall', 'main', 'arn'),
          logging_configuration: { log_destination_config: ['ALERT', 'FLOW'].map((log_type) => ({ log_type, log_destination_type: 'CloudWatchLogs', log_destination: { logGroup: ref('aws_cloudwatch_log_group', 'main', 'name') } })) },
        },
      },
      aws_flow_log: { main: { vpc_id, traffic_type: 'ALL', iam_role_arn: 'arn:aws:iam::111122223333:role/flow-logs', log_destination: ref('aws_cloudwatch_log_group', 'main', 'arn') } },
      aws_vpc_endpoint: {
        logs: {
          vpc_id, service_name: 'com.amazonaws.us-east-1.logs', vpc_endpoint_type: 'Interface', private_dns_enabled: true, subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'endpoints')],
          policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } } }] }),
        },
      },
      aws_route53_resolver_firewall_domain_list: { https: { name: 'https', domains: ['*'] }, hosts: { name: 'hosts', domains: ['api.example.com.', 'logs.us-east-1.amazonaws.com.'] }, rest: { name: 'rest', domains: ['*'] } },
      aws_route53_resolver_firewall_rule_group: { main: { name: 'main' } },
      aws_route53_resolver_firewall_rule: {
        https: dnsRule('https', { priority: 1, action: 'BLOCK', block_response: 'NODATA', q_type: 'TYPE65' }),
        hosts: dnsRule('hosts', { priority: 2, action: 'ALLOW' }),
        rest: dnsRule('rest', { priority: 3, action: 'BLOCK', block_response: 'NXDOMAIN' }),
      },
      aws_route53_resolver_firewall_rule_group_association: { main: { name: 'main', vpc_id, priority: 101, firewall_rule_group_id: ref('aws_route53_resolver_firewall_rule_group', 'main'), mutation_protection: 'ENABLED', lifecycle: { prevent_destroy: true }, depends_on: ['https', 'hosts', 'rest'].map((rule) => `aws_route53_resolver_firewall_rule.${rule}`) } },
      aws_route53_resolver_firewall_config: { main: { resource_id: vpc_id, firewall_fail_open: 'DISABLED' } },
      aws_route53_resolver_query_log_config: { main: { name: 'main', destination_arn: ref('aws_cloudwatch_log_group', 'main', 'arn') } },
      aws_route53_resolver_query_log_config_association: { main: { resource_id: vpc_id, resolver_query_log_config_id: ref('aws_route53_resolver_query_log_config', 'main') } },
    },
  };
}

function dnsRule(list: string, over: Body): Body {
  return { name: list, firewall_rule_group_id: ref('aws_route53_resolver_firewall_rule_group', 'main'), firewall_domain_list_id: ref('aws_route53_resolver_firewall_domain_list', list), ...over };
}
