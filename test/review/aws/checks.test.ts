/** Each check on a network with nothing to find, and on the same with one thing broken. Those that ask the policy file: `policy-checks.test.ts`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { awsChecks } from '../../../review/checks/aws';
import { answered, broken, relayed, withRole, firewallPolicy, rules, add, drop, change, all, vpc, source, bucketPolicy, keyPolicy, bucketed, DECRYPTED, outward, inspected, S3_RANGE, fromS3, gated, spoke, type Break } from './breaks';
import { review } from './reviewed';
import { endpointIn, entry, line, ref, soundStack, WORLD } from '../sound-stack';

const corePolicy = (...actions: readonly object[]) => JSON.stringify({ segments: [{ name: 'app' }], 'segment-actions': actions });

const BROKEN: readonly (readonly [id: string, Break])[] = [
  ['open-egress', change('aws_route_table', 'app', { route: [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }] })],
  ['wide-group-egress', change('aws_security_group', 'app', { egress: [line({ from_port: 1, to_port: 65535, cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] })] })],
  ['wide-group-ingress', change('aws_security_group', 'app', { ingress: [line({ from_port: 20, to_port: 30, cidr_blocks: [WORLD] })] })],
  ['group-rules-unmanaged', (resource) => void delete resource.aws_security_group!.vault!.egress],
  ['segment-reach-too-wide', change('aws_security_group', 'vault', { egress: [line({ cidr_blocks: ['10.0.0.0/16'] })] })],
  ['default-group-not-empty', drop('aws_default_security_group')],
  ['default-acl-not-empty', change('aws_default_network_acl', 'main', { ingress: [entry({})] })],
  ['default-route-table-not-empty', change('aws_default_route_table', 'main', { route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] })],
  ['acl-open-to-internet', change('aws_network_acl', 'vault', { egress: [entry({ protocol: '-1', from_port: 0, to_port: 0 })] })],
  ['acl-open-to-internet', all(gated, change('aws_network_acl', 'vault', { ingress: [fromS3], egress: [entry({})] }))],
  ['acl-open-to-internet', all(gated, change('aws_network_acl', 'vault', { ingress: [{ ...fromS3, cidr_block: WORLD }], egress: [entry({ cidr_block: S3_RANGE })] }))],
  ['acl-open-to-internet', change('aws_network_acl', 'app', { ingress: [entry({ protocol: '-1', from_port: 0, to_port: 0 })] })],
  ['acl-replies-missing', all(gated, change('aws_network_acl', 'vault', { ingress: [], egress: [entry({ cidr_block: S3_RANGE })] }))],
  ['acl-replies-missing', change('aws_network_acl', 'app', { ingress: [] })],
  ['acl-replies-missing', change('aws_network_acl', 'nat', { ingress: [] })],
  ['acl-replies-missing', change('aws_network_acl', 'firewall', { egress: [entry({})] })],
  ['acl-open-to-internet', change('aws_network_acl', 'nat', { egress: [entry({ from_port: 0, to_port: 65535 })] })],
  ['acl-blocks-gateway', all(gated, change('aws_network_acl', 'vault', { ingress: [fromS3], egress: [] }))],
  ['gateway-route-missing', all(gated, change('aws_vpc_endpoint', 's3', { route_table_ids: [ref('aws_route_table', 'app')] }))],
  ['policy-open-to-others', add('aws_sns_topic_policy', 'way', { arn: 'arn:aws:sns:us-east-1:111122223333:t', policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Subscribe', Resource: '*' }] }) })],
  ['data-given-elsewhere', add('aws_ami_launch_permission', 'way', { image_id: 'ami-1', account_id: '999999999999' })],
  ['data-internet-route', all(gated, change('aws_route_table', 'vault', { route: [{ cidr_block: S3_RANGE, nat_gateway_id: ref('aws_nat_gateway', 'main') }] }))],
  // Closed but for the gateway endpoint: a route outwards is a way out in waiting, whatever the tier is called.
  ['data-internet-route', all(gated, change('aws_subnet', 'vault', { tags: { tier: 'private', segment: 'vault' } }), change('aws_route_table', 'vault', { route: [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }] }))],
  ['rule-without-description', change('aws_security_group', 'app', { egress: [line({ cidr_blocks: [WORLD], description: '' })] })],
  ['rule-without-description', add('aws_vpc_security_group_egress_rule', 'loose', { security_group_id: ref('aws_security_group', 'app'), ip_protocol: 'tcp', from_port: 443, to_port: 443, cidr_ipv4: WORLD })],
  ['subnet-without-acl', (resource) => void delete resource.aws_network_acl!.vault],
  ['data-internet-route', change('aws_route_table', 'vault', { route: [{ cidr_block: '128.0.0.0/1', nat_gateway_id: ref('aws_nat_gateway', 'main') }] })],
  ['internet-route-bypasses-firewall', (resource) => resource.aws_route_table!.app!.route.push({ cidr_block: '52.0.0.0/8', nat_gateway_id: ref('aws_nat_gateway', 'main') })],
  ['asymmetric-zone-route', change('aws_route_table', 'app', { route: [{ cidr_block: WORLD, vpc_endpoint_id: endpointIn('us-east-1b') }] })],
  ['missing-return-route', (resource) => resource.aws_route_table!.nat!.route.pop()],
  ['firewall-subnet-route', change('aws_route_table', 'firewall', { route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] })],
  ['nat-without-internet', change('aws_route_table', 'nat', { route: [] })],
  ['firewall-zone-missing', change('aws_subnet', 'app', { availability_zone: 'us-east-1c' })],
  ['ipv6-egress-open', add('aws_egress_only_internet_gateway', 'way', { vpc_id: vpc })],
  ['uninspected-path', add('aws_vpc_peering_connection', 'way', { vpc_id: vpc, peer_vpc_id: 'vpc-1' })],
  ['uninspected-path', add('aws_vpc_peering_connection_accepter', 'way', { vpc_peering_connection_id: 'pcx-0123456789abcdef0', auto_accept: true })],
  ['uninspected-path', add('aws_networkmanager_vpc_attachment', 'way', { core_network_id: 'core-network-1', vpc_arn: ref('aws_vpc', 'main', 'arn'), subnet_arns: [ref('aws_subnet', 'app', 'arn')] })],
  ['endpoint-of-another-party', add('aws_vpc_endpoint', 'way', { vpc_id: vpc, vpc_endpoint_type: 'Resource', resource_configuration_arn: 'arn:aws:vpc-lattice:us-east-1:999999999999:resourceconfiguration/rcfg-1', subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'endpoints')] })],
  ['uninspected-path', all(add('aws_vpclattice_service_network', 'own', { name: 'own' }), add('aws_vpc_endpoint', 'way', { vpc_id: vpc, vpc_endpoint_type: 'ServiceNetwork', service_network_arn: ref('aws_vpclattice_service_network', 'own', 'arn'), subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'endpoints')] }))],
  ['endpoint-of-another-party', add('aws_vpclattice_service_network_vpc_association', 'way', { vpc_identifier: vpc, service_network_identifier: 'sn-1' })],
  ['uninspected-path', add('aws_opensearchserverless_vpc_endpoint', 'way', { name: 'way', vpc_id: vpc, subnet_ids: [ref('aws_subnet', 'vault')] })],
  ['uninspected-path', add('aws_vpclattice_service_network_service_association', 'way', { service_identifier: 'svc-0123456789abcdef0', service_network_identifier: 'sn-0123456789abcdef0' })],
  ['uninspected-path', add('aws_msk_vpc_connection', 'way', { vpc_id: vpc, client_subnets: [ref('aws_subnet', 'vault')], target_cluster_arn: 'arn:aws:kafka:us-east-1:999999999999:cluster/theirs/1' })],
  ['uninspected-path', add('aws_opensearch_vpc_endpoint', 'way', { domain_arn: 'arn:aws:es:us-east-1:999999999999:domain/theirs' })],
  ['uninspected-path', add('aws_ec2_client_vpn_network_association', 'way', { client_vpn_endpoint_id: 'cvpn-endpoint-1', subnet_id: ref('aws_subnet', 'app') })],
  ['uninspected-path', add('aws_ec2_instance_connect_endpoint', 'way', { subnet_id: ref('aws_subnet', 'app') })],
  ['uninspected-path', add('aws_verifiedaccess_endpoint', 'way', { attachment_type: 'vpc', endpoint_type: 'load-balancer' })],
  ['host-answered-here', answered({})],
  ['uninspected-path', relayed],
  ['endpoint-writes-elsewhere', change('aws_vpc_endpoint', 'logs', { policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::theirs/*' }] }) })],
  ['uninspected-path', add('aws_ec2_client_vpn_endpoint', 'way', { client_cidr_block: '10.9.0.0/22', transit_gateway_configuration: [{ transit_gateway_id: 'tgw-1' }] })],
  ['nat-for-all-subnets', all(drop('aws_networkfirewall_firewall'), change('aws_route_table', 'app', { route: [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }] }), change('aws_route_table', 'vault', { route: [{ cidr_block: WORLD, nat_gateway_id: ref('aws_nat_gateway', 'main') }] }))],
  ['public-access-exclusion-wide', add('aws_vpc_block_public_access_exclusion', 'vault', { subnet_id: ref('aws_subnet', 'vault'), internet_gateway_exclusion_mode: 'allow-egress' })],
  ['public-address-on-launch', change('aws_subnet', 'app', { map_public_ip_on_launch: true })],
  ['public-address-on-workload', add('aws_eip', 'app', { instance: ref('aws_instance', 'app') })],
  ['firewall-default-pass', (resource) => void (firewallPolicy(resource).stateless_default_actions = ['aws:pass'])],
  ['firewall-drop-silent', (resource) => void firewallPolicy(resource).stateful_default_actions.pop()],
  ['firewall-default-mixed', (resource) => void (firewallPolicy(resource).stateful_default_actions = ['aws:drop_strict', 'aws:alert_established'])],
  ['firewall-order-not-strict', (resource) => void delete firewallPolicy(resource).stateful_engine_options.rule_order],
  ['firewall-stream-exception', (resource) => void (firewallPolicy(resource).stateful_engine_options.stream_exception_policy = 'CONTINUE')],
  ['home-net-missing', (resource) => void (firewallPolicy(resource).policy_variables.rule_variables[0].ip_set.definition = ['10.0.2.0/24'])],
  ['wide-firewall-rule', rules((lines) => lines.map((text) => text.replace(/(pass .*)endswith; /, '$1')))],
  ['allowed-traffic-unlogged', rules((lines) => lines.slice(1))],
  ['firewall-floor-missing', rules((lines) => lines.filter((text) => !text.startsWith('drop udp')))],
  ['duplicate-signature-id', rules((lines) => [...lines, 'drop tcp any any -> any 25 (flow:to_server; sid:2; rev:1;)'])],
  ['policy-unassociated', change('aws_networkfirewall_firewall', 'main', { firewall_policy_arn: 'arn:aws:network-firewall:us-east-1:1:firewall-policy/other' })],
  ['protection-off', change('aws_networkfirewall_firewall', 'main', { subnet_change_protection: false })],
  ['protection-off', change('aws_networkfirewall_firewall', 'main', { transit_gateway_id: 'tgw-1' })],
  ['managed-service-egress', add('aws_ecrpublic_repository', 'way', { repository_name: 'way' })],
  ['flow-logs-missing', change('aws_flow_log', 'main', { log_format: '$${interface-id} $${srcaddr} $${action}' })],
  ['protection-off', change('aws_networkfirewall_firewall', 'main', { lifecycle: {} })],
  ['protection-off', change('aws_route53_resolver_firewall_rule_group_association', 'main', { lifecycle: {} })],
  ['rule-group-replaced-in-place', change('aws_networkfirewall_rule_group', 'main', { lifecycle: {} })],
  ['transit-appliance-mode-off', spoke],
  ['transit-full-mesh', all(spoke,
    add('aws_vpc', 'second', { cidr_block: '10.7.0.0/16' }),
    add('aws_ec2_transit_gateway_vpc_attachment', 'second', { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: ref('aws_vpc', 'second'), subnet_ids: [] }))],
  ['transit-route-skips-inspection', all(
    spoke,
    add('aws_vpc', 'exit', { cidr_block: '10.8.0.0/16' }),
    add('aws_ec2_transit_gateway_vpc_attachment', 'exit', { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: ref('aws_vpc', 'exit'), subnet_ids: [] }),
    add('aws_ec2_transit_gateway_route', 'out', { transit_gateway_route_table_id: ref('aws_ec2_transit_gateway', 'hub', 'association_default_route_table_id'), destination_cidr_block: WORLD, transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', 'exit') }),
  )],
  ['endpoint-policy-full-access', (resource) => void delete resource.aws_vpc_endpoint!.logs!.policy],
  ['endpoint-of-another-party', change('aws_vpc_endpoint', 'logs', { service_name: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' })],
  ['endpoint-zone-missing', change('aws_subnet', 'app', { availability_zone: 'us-east-1c' })],
  ['endpoint-private-dns-off', change('aws_vpc_endpoint', 'logs', { private_dns_enabled: false })],
  ['endpoint-group-open', (resource) => void delete resource.aws_vpc_endpoint!.logs!.security_group_ids],
  ['kubernetes-endpoints-incomplete', add('aws_eks_fargate_profile', 'vault', { cluster_name: 'main', subnet_ids: [ref('aws_subnet', 'vault')] })],
  ['cluster-endpoint-public', add('aws_eks_cluster', 'main', { name: 'main', vpc_config: { subnet_ids: [ref('aws_subnet', 'vault')] } })],
  ['metadata-tokens-optional', change('aws_instance', 'app', { metadata_options: { http_tokens: 'optional' } })],
  ['dns-filter-before-rules', change('aws_route53_resolver_firewall_rule_group_association', 'main', { depends_on: ['aws_route53_resolver_firewall_rule.https'] })],
  ['way-out-elsewhere', add('aws_route', 'way', { route_table_id: 'rtb-0123456789abcdef0', destination_cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') })],
  ['way-out-elsewhere', add('aws_route', 'way', { route_table_id: 'rtb-0123456789abcdef0', destination_ipv6_cidr_block: '2000::/3', egress_only_gateway_id: 'eigw-0123456789abcdef0' })],
  ['way-out-elsewhere', add('aws_route_table_association', 'way', { subnet_id: 'subnet-0123456789abcdef0', route_table_id: ref('aws_route_table', 'nat') })],
  ['way-out-elsewhere', add('aws_vpc_security_group_egress_rule', 'way', { security_group_id: 'sg-0123456789abcdef0', ip_protocol: '-1', cidr_ipv4: WORLD })],
  ['way-out-elsewhere', add('aws_security_group_rule', 'way', { security_group_id: 'sg-0123456789abcdef0', type: 'egress', protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['0.0.0.0/1', '128.0.0.0/1'] })],
  ['way-out-elsewhere', add('aws_network_acl_rule', 'way', { network_acl_id: 'acl-0123456789abcdef0', egress: true, rule_number: 1, rule_action: 'allow', protocol: '-1', cidr_block: WORLD })],
  ['way-out-elsewhere', add('aws_network_acl_rule', 'way', { network_acl_id: 'acl-0123456789abcdef0', egress: true, rule_number: 1, rule_action: 'allow', protocol: 'tcp', from_port: 443, to_port: 443, ipv6_cidr_block: '${var.anywhere}' })],
  ['way-out-elsewhere', all(add('aws_network_acl', 'way', { vpc_id: vpc, egress: [entry({})] }), add('aws_network_acl_association', 'way', { subnet_id: 'subnet-0123456789abcdef0', network_acl_id: ref('aws_network_acl', 'way') }))],
  ['way-out-elsewhere', add('aws_network_acl', 'way', { vpc_id: vpc, egress: [entry({})], subnet_ids: ['subnet-0123456789abcdef0'] })],
  ['way-out-elsewhere', add('aws_ec2_managed_prefix_list_entry', 'way', { prefix_list_id: 'pl-0123456789abcdef0', cidr: '0.0.0.0/1' })],
  ['way-out-elsewhere', add('aws_ec2_managed_prefix_list_entry', 'way', { prefix_list_id: 'pl-0123456789abcdef0', cidr: '${var.partner}' })],
  ['way-out-elsewhere', all(add('aws_security_group', 'way', { vpc_id: vpc, ingress: [], egress: [line({ cidr_blocks: [WORLD] })] }), add('aws_network_interface_sg_attachment', 'way', { network_interface_id: 'eni-0123456789abcdef0', security_group_id: ref('aws_security_group', 'way') }))],
  ['way-out-elsewhere', add('aws_ec2_transit_gateway_route', 'way', { transit_gateway_route_table_id: 'tgw-rtb-0123456789abcdef0', destination_cidr_block: WORLD, transit_gateway_attachment_id: 'tgw-attach-0123456789abcdef0' })],
  ['way-out-elsewhere', add('aws_ec2_transit_gateway_prefix_list_reference', 'way', { transit_gateway_route_table_id: 'tgw-rtb-0123456789abcdef0', prefix_list_id: 'pl-0123456789abcdef0', transit_gateway_attachment_id: 'tgw-attach-0123456789abcdef0' })],
  ['way-out-elsewhere', add('aws_networkmanager_core_network_policy_attachment', 'way', { core_network_id: 'core-network-0123456789abcdef0', policy_document: corePolicy({ action: 'create-route', segment: 'app', 'destination-cidr-blocks': [WORLD], destinations: ['attachment-0123456789abcdef0'] }) })],
  ['way-out-elsewhere', add('aws_networkmanager_core_network_policy_attachment', 'way', { core_network_id: 'core-network-0123456789abcdef0', policy_document: corePolicy({ action: 'send-to', segment: 'app', via: { 'network-function-groups': ['inspection'] } }) })],
  ['way-out-elsewhere', add('aws_networkmanager_core_network_policy_attachment', 'way', { core_network_id: 'core-network-0123456789abcdef0', policy_document: '${var.policy}' })],
  ['dns-servers-elsewhere', add('aws_vpc_dhcp_options_association', 'way', { vpc_id: vpc, dhcp_options_id: 'dopt-0123456789abcdef0' })],
  ['dns-servers-elsewhere', add('aws_route53_resolver_rule_association', 'way', { vpc_id: vpc, resolver_rule_id: 'rslvr-rr-0123456789abcdef0' })],
  ['dns-servers-elsewhere', add('aws_route53_resolver_rule', 'way', { domain_name: '.', rule_type: 'FORWARD', resolver_endpoint_id: 'rslvr-out-1', target_ip: [{ ip: '9.9.9.9' }] })],
  ['dns-servers-elsewhere', all(add('aws_vpc_dhcp_options', 'other', { domain_name_servers: ['AmazonProvidedDNS', '8.8.8.8'] }), add('aws_vpc_dhcp_options_association', 'other', { vpc_id: vpc, dhcp_options_id: ref('aws_vpc_dhcp_options', 'other') }))],
  ['managed-service-egress', add('aws_cloudwatch_event_api_destination', 'way', { name: 'way', http_method: 'POST', invocation_endpoint: 'https://hooks.example.net/x', connection_arn: 'arn:aws:events:us-east-1:111122223333:connection/way/1' })],
  ['managed-service-egress', add('aws_sns_topic_subscription', 'way', { topic_arn: 'arn:aws:sns:us-east-1:111122223333:way', protocol: 'https', endpoint: '${var.hook}' })],
  ['managed-service-egress', add('aws_kinesis_firehose_delivery_stream', 'way', { name: 'way', destination: 'http_endpoint', http_endpoint_configuration: { url: 'https://in.example.net/v1' } })],
  ['managed-service-egress', add('aws_ec2_traffic_mirror_session', 'way', { network_interface_id: 'eni-1', session_number: 1, traffic_mirror_filter_id: 'tmf-1', traffic_mirror_target_id: 'tmt-1' })],
  ['managed-service-egress', add('aws_s3_bucket_replication_configuration', 'way', { bucket: 'logs', role: 'arn:aws:iam::111122223333:role/r', rule: [{ status: 'Enabled', destination: { bucket: 'arn:aws:s3:::of-somebody-else', account: '999999999999' } }] })],
  ['uninspected-path', add('aws_vpc_endpoint_service', 'way', { acceptance_required: false, allowed_principals: ['*'], network_load_balancer_arns: ['arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/a/1'] })],
  ['dns-unfiltered', change('aws_route53_resolver_firewall_rule', 'rest', { q_type: 'A' })],
  ['dns-fail-open', change('aws_route53_resolver_firewall_config', 'main', { firewall_fail_open: 'ENABLED' })],
  ['dns-logs-missing', drop('aws_route53_resolver_query_log_config_association')],
  ['host-missing-in-dns', change('aws_route53_resolver_firewall_domain_list', 'hosts', { domains: ['logs.us-east-1.amazonaws.com.'] })],
  ['dns-host-not-in-policy', (resource) => resource.aws_route53_resolver_firewall_domain_list!.hosts!.domains.push('paste.example.org.')],
  ['dns-https-answered', change('aws_route53_resolver_firewall_rule', 'https', { priority: 9 })],
  ['dns-https-denies-name', change('aws_route53_resolver_firewall_rule', 'https', { block_response: 'NXDOMAIN' })],
  ['dns-endpoint-blocked', change('aws_route53_resolver_firewall_domain_list', 'hosts', { domains: ['api.example.com.'] })],
  ['dns-list-used-twice', change('aws_route53_resolver_firewall_rule', 'https', { firewall_domain_list_id: ref('aws_route53_resolver_firewall_domain_list', 'rest') })],
  ['dns-list-too-long', change('aws_route53_resolver_firewall_domain_list', 'hosts', { domains: Array.from({ length: 1_001 }, (_, index) => `h${index}.example.com.`) })],
  ['dns-list-drifts', change('aws_route53_resolver_firewall_domain_list', 'hosts', { domains: ['api.example.com', 'logs.us-east-1.amazonaws.com.'] })],
  ['flow-logs-missing', change('aws_flow_log', 'main', { traffic_type: 'REJECT' })],
  ['firewall-logs-missing', drop('aws_networkfirewall_logging_configuration')],
  ['tls-inspection-authority-missing', all(inspected, (resource) => void delete outward(resource).certificate_authority_arn)],
  ['tls-inspection-scope-narrow', all(inspected, (resource) => void (outward(resource).scope[0].destination = [{ address_definition: '203.0.113.0/24' }]))],
  ['tls-inspection-scope-narrow', all(inspected, (resource) => void (outward(resource).scope[0].protocols = [17]))],
  ['tls-inspected-traffic-dropped', all(inspected, rules((lines) => [...lines, ...DECRYPTED]))],
  ['firewall-floor-missing', all(inspected, rules((lines) => [...lines, DECRYPTED[0]!]))],
  ['firewall-floor-missing', all(inspected, rules((lines) => [...lines, DECRYPTED[1]!]))],
  ['tls-inspection-unused', all(inspected, (resource) => void delete firewallPolicy(resource).tls_inspection_configuration_arn)],
  ['tls-inspection-scope-wide', all(inspected, (resource) => void (resource.aws_networkfirewall_tls_inspection_configuration!.main!.tls_inspection_configuration[0].server_certificate_configuration[0].scope[0].destination_ports = [{ from_port: 0, to_port: 65535 }]))],
  ['firewall-logs-missing', all(inspected, (resource) => void resource.aws_networkfirewall_logging_configuration!.main!.logging_configuration.log_destination_config.pop())],
  ['log-bucket-exposed', all(bucketed, change('aws_s3_bucket_policy', 'logs', { policy: bucketPolicy({}) }))],
  ['log-bucket-exposed', all(bucketed, drop('aws_s3_bucket_public_access_block'))],
  ['log-bucket-exposed', all(bucketed, drop('aws_s3_bucket_policy'))],
  ['log-bucket-overwritten', all(bucketed, drop('aws_s3_bucket_versioning'))],
  ['log-bucket-overwritten', all(bucketed, change('aws_s3_bucket_versioning', 'logs', { versioning_configuration: [{ status: 'Suspended' }] }))],
  ['log-bucket-owner', all(bucketed, change('aws_s3_bucket_ownership_controls', 'logs', { rule: [{ object_ownership: 'ObjectWriter' }] }))],
  ['log-delivery-refused', all(bucketed, change('aws_s3_bucket_policy', 'logs', { policy: bucketPolicy().replace('delivery.logs', 'firehose') }))],
  ['log-delivery-refused', all(bucketed, change('aws_s3_bucket_policy', 'logs', { policy: bucketPolicy().replace('s3:PutObject', 's3:GetBucketAcl') }))],
  ['log-delivery-refused', all(bucketed, change('aws_kms_key', 'logs', { policy: keyPolicy(source).replace('delivery.logs', 'firehose') }))],
  ['log-delivery-refused', all(bucketed, change('aws_kms_key', 'logs', { policy: keyPolicy(source).replace('logs.us-east-1', 'firehose') }))],
  ['log-delivery-refused', all(bucketed, (resource) => void delete resource.aws_flow_log!.main!.depends_on)],
  ['log-delivery-refused', withRole({ Principal: { Service: 'ec2.amazonaws.com' } })],
  ['log-delivery-refused', all(bucketed, change('aws_kms_key', 'logs', { policy: keyPolicy(source).replace('delivery.logs', 'firehose').replace('arn:aws:iam::111122223333', 'arn:aws:iam::${data.aws_caller_identity.me.account_id}') }))],
  ['log-delivery-refused', withRole({}, { Action: 'logs:PutLogEvents' })],
  ['log-delivery-refused', withRole({}, { Action: 'logs:DescribeLogGroups' })],
  ['key-not-used', all(bucketed, change('aws_networkfirewall_rule_group', 'main', { encryption_configuration: [{ type: 'AWS_OWNED_KMS_KEY', key_id: ref('aws_kms_key', 'logs', 'arn') }] }))],
  ['key-not-used', all(bucketed, change('aws_s3_bucket_server_side_encryption_configuration', 'logs', { rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'AES256' }] }] }))],
  ['key-not-used', all(bucketed, (resource) => void delete resource.aws_networkfirewall_rule_group!.main!.encryption_configuration)],
  ['key-not-used', all(bucketed, (resource) => void delete resource.aws_cloudwatch_log_group!.main!.kms_key_id)],
  ['key-not-used', all(bucketed, drop('aws_s3_bucket_server_side_encryption_configuration'))],
  ['log-records-deletable', all(bucketed, change('aws_s3_bucket_policy', 'logs', { policy: bucketPolicy().replace('s3:Delete*', 's3:DeleteObject') }))],
  ['log-records-deletable', all(bucketed, drop('aws_s3_bucket_policy'))],
  ['log-records-deletable', all(bucketed, change('aws_s3_bucket', 'logs', { force_destroy: true }))],
  ['log-records-deletable', all(bucketed, change('aws_s3_bucket_policy', 'logs', { policy: bucketPolicy().replace('"arn:aws:s3:::logs/*"}', '"arn:aws:s3:::logs/old/*"}') }))],
  ['log-bucket-exposed', all(bucketed, change('aws_s3_bucket_policy', 'logs', { policy: bucketPolicy().replace('"Principal":"*","Action":"s3:*"', '"Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"s3:*"') }))],
  ['log-retention-short', all(bucketed, change('aws_s3_bucket_lifecycle_configuration', 'logs', { rule: [{ id: 'all', status: 'Enabled', expiration: [{ days: 30 }] }] }))],
  ['key-policy-open', all(bucketed, change('aws_kms_key', 'logs', { policy: keyPolicy() }))],
  ['key-not-rotated', all(bucketed, change('aws_kms_key', 'logs', { enable_key_rotation: false }))],
  ['log-retention-short', change('aws_cloudwatch_log_group', 'main', { retention_in_days: 7 })],
  ['public-suffix-host', rules((lines) => lines.map((text) => text.replace('content:"api.example.com"; startswith; endswith; nocase', 'content:".amazonaws.com"; endswith; nocase; bsize:>14')))],
];

/** These need a policy file: `policy-checks.test.ts`. */
const ELSEWHERE = ['dns-redirection-trusted', 'domain-list-loose', 'expired-host', 'log-sent-elsewhere', 'ownerless-host', 'plan-and-policy-disagree', 'public-access-not-blocked', 'tls-inspection-revocation-off', 'wildcard-host'];

test('a sound network has no finding', () => {
  expect(review(soundStack()).findings).toEqual([]);
});

test('nor has one whose logs go to a bucket under a key, or whose TLS is opened', () => {
  expect(review(broken(bucketed)).findings).toEqual([]);
  expect(review(broken(inspected)).findings).toEqual([]);
});

test('nor has one whose data tier reaches S3 by a gateway endpoint, and it has no way out', () => {
  const { findings, at } = review(broken(gated));
  expect(findings).toEqual([]);
  expect(at('aws_instance.vault').kind).toBe('none');
});

test.each([
  ['a deny', { rule_action: 'deny' }],
  ['an entry inwards', { egress: false }],
  ['an entry for private addresses', { cidr_block: '10.0.0.0/8' }],
  ['an entry of an ACL in the plan', { network_acl_id: ref('aws_network_acl', 'vault') }],
])('%s is no way out in an ACL of another plan', (_, over) => {
  const rule = { network_acl_id: 'acl-0123456789abcdef0', egress: true, rule_number: 200, rule_action: 'allow', protocol: '-1', cidr_block: WORLD, ...over };
  expect(review(broken(add('aws_network_acl_rule', 'way', rule))).rules).not.toContain('way-out-elsewhere');
});

test.each<[string, string, object]>([
  ['aws_ec2_managed_prefix_list_entry', 'of private addresses', { prefix_list_id: 'pl-0123456789abcdef0', cidr: '10.0.0.0/8' }],
  ['aws_ec2_managed_prefix_list_entry', 'of a list in the plan', { prefix_list_id: ref('aws_ec2_managed_prefix_list', 'own'), cidr: WORLD }],
  ['aws_network_interface_sg_attachment', 'of a group that lets nothing out', { network_interface_id: 'eni-0123456789abcdef0', security_group_id: ref('aws_security_group', 'endpoints') }],
  ['aws_network_interface_sg_attachment', 'to a machine in the plan', { network_interface_id: ref('aws_instance', 'app', 'primary_network_interface_id'), security_group_id: ref('aws_security_group', 'app') }],
  ['aws_ec2_transit_gateway_route', 'to private addresses', { transit_gateway_route_table_id: 'tgw-rtb-0123456789abcdef0', destination_cidr_block: '10.0.0.0/8', transit_gateway_attachment_id: 'tgw-attach-0123456789abcdef0' }],
  ['aws_ec2_transit_gateway_prefix_list_reference', 'to a list of private addresses', { transit_gateway_route_table_id: 'tgw-rtb-0123456789abcdef0', prefix_list_id: ref('aws_ec2_managed_prefix_list', 'own'), transit_gateway_attachment_id: 'tgw-attach-0123456789abcdef0' }],
  ['aws_networkmanager_core_network_policy_attachment', 'that drops everything', { core_network_id: 'core-network-0123456789abcdef0', policy_document: corePolicy({ action: 'create-route', segment: 'app', 'destination-cidr-blocks': [WORLD], destinations: ['blackhole'] }) }],
  ['aws_ec2_transit_gateway_route', 'to nowhere', { transit_gateway_route_table_id: 'tgw-rtb-0123456789abcdef0', destination_cidr_block: WORLD, blackhole: true }],
])('%s %s is no way out for another plan', (type, _, body) => {
  const edit = all(add('aws_ec2_managed_prefix_list', 'own', { name: 'own' }), add(type, 'way', body));
  expect(review(broken(edit)).rules).not.toContain('way-out-elsewhere');
});

/** The same with the list looked up, as far as the plan has read it. */
function withEntries(cidrs: readonly string[], acl: readonly string[]) {
  const stack = broken(all(gated, change('aws_network_acl', 'vault', {
    ingress: acl.map((cidr_block, index) => ({ ...fromS3, rule_no: 100 + index, cidr_block })), egress: acl.map((cidr_block, index) => entry({ rule_no: 100 + index, cidr_block })),
  })));
  stack.data = { aws_ec2_managed_prefix_list: { s3: { name: 'com.amazonaws.us-east-1.s3', entries: cidrs.map((cidr) => ({ cidr, description: '' })) } } };
  stack.resource.aws_security_group!.vault!.egress = [line({ prefix_list_ids: ['${data.aws_ec2_managed_prefix_list.s3.id}'] })];
  return review(stack).rules;
}

test.each([
  ['exactly the ranges of the list', [S3_RANGE, '3.5.0.0/19'], [S3_RANGE, '3.5.0.0/20', '3.5.16.0/20'], []],
  ['a range less', [S3_RANGE, '3.5.0.0/19'], [S3_RANGE], ['acl-blocks-gateway']],
  ['a range more', [S3_RANGE], [S3_RANGE, '3.5.0.0/19'], ['acl-open-to-internet']],
  ['a list that nobody has read', [], [S3_RANGE, '3.5.0.0/19'], []],
])('an ACL with %s', (_, list, acl, rules) => expect(withEntries(list, acl)).toEqual(rules));

test('what no stateful rule ever sees is in no order', () => {
  const stack = broken((resource) => {
    const policy = firewallPolicy(resource);
    Object.assign(policy, { stateless_default_actions: ['aws:drop'], stateless_fragment_default_actions: ['aws:drop'], stateful_rule_group_reference: [] });
    delete policy.stateful_engine_options;
    delete policy.policy_variables;
  });
  expect(review(stack).rules.filter((id) => ['firewall-order-not-strict', 'home-net-missing'].includes(id))).toEqual([]);
});

test('where a segment calls hosts on one port and a gateway endpoint on another, its ACL is coarse about both', () => {
  const told = (...ports: readonly number[]) => review(broken(all(
    gated,
    change('aws_security_group', 'app', { egress: [line({ from_port: 8443, to_port: 8443, cidr_blocks: [WORLD] }), line({ prefix_list_ids: [ref('aws_vpc_endpoint', 's3', 'prefix_list_id')] })] }),
    change('aws_network_acl', 'app', { egress: ports.map((port, at) => entry({ rule_no: 100 + at, from_port: port, to_port: port })) }),
  ))).findings.filter(({ rule }) => rule === 'acl-open-to-internet').map(({ address }) => address);
  // Nothing of a gateway endpoint's passes a firewall, whose ACL has 443 for nobody.
  const around = ['aws_network_acl.firewall', 'aws_network_acl.nat'];
  expect([told(443, 8443), told(443, 8443, 8444)]).toEqual([around, ['aws_network_acl.app', ...around]]);
});

test('a rule from all of HOME_NET is as wide as one from another name for it', () => {
  const told = (source: string) => review(broken(rules((lines) => [...lines.map((text) => text.replace(/^(alert|pass) tls \S+/, '$1 tls $HOME_NET')), `pass tls ${source} any -> any 443 (flow:to_server; tls.sni; content:"b.example.com"; startswith; endswith; nocase; sid:90;)`]))).findings.filter(({ message }) => message.includes('and others name theirs'));
  expect(told('10.0.0.0/16')).toEqual([]);
  expect(told('10.0.1.0/24')).toHaveLength(1);
});

test('an endpoint whose name a zone of the plan answers needs none of its own', () => {
  const off = change('aws_vpc_endpoint', 'logs', { private_dns_enabled: false });
  const answers = add('aws_route53_record', 'logs', { name: '', type: 'A', alias: [{ name: '${aws_vpc_endpoint.logs.dns_entry[0]["dns_name"]}' }] });
  expect([off, all(off, answers)].map((edit) => review(broken(edit)).rules.includes('endpoint-private-dns-off'))).toEqual([true, false]);
});

/** A network beside the firewall's whose NAT gateway lets out what was inspected; of all tables one is for each attachment. */
const exit = (associated: readonly string[]) => broken(all(spoke, ...['exit'].flatMap((name) => [
  add('aws_vpc', name, { cidr_block: '10.8.0.0/16' }), add('aws_internet_gateway', name, { vpc_id: ref('aws_vpc', name) }),
  add('aws_subnet', name, { vpc_id: ref('aws_vpc', name), cidr_block: '10.8.1.0/24', availability_zone: 'us-east-1a' }),
  add('aws_nat_gateway', name, { subnet_id: ref('aws_subnet', name) }),
  add('aws_route_table', name, { vpc_id: ref('aws_vpc', name), route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', name) }, { cidr_block: '10.0.0.0/8', transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub') }] }),
  add('aws_route_table_association', name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }),
  add('aws_ec2_transit_gateway_vpc_attachment', name, { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: ref('aws_vpc', name), subnet_ids: [] }),
]), ...['spoke', 'inspected'].map((name) => add('aws_ec2_transit_gateway_route_table', name, { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub') })),
add('aws_ec2_transit_gateway_route', 'on', { transit_gateway_route_table_id: ref('aws_ec2_transit_gateway_route_table', 'inspected'), destination_cidr_block: WORLD, transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', 'exit') }),
...['main', 'spoke'].map((name, at) => add('aws_ec2_transit_gateway_route_table_association', name, { transit_gateway_attachment_id: ref('aws_ec2_transit_gateway_vpc_attachment', name), transit_gateway_route_table_id: associated[at] }))));

test('a network that lets out what was inspected needs no firewall, and its NAT gateway stands in no HOME_NET', () => {
  const [inspected, spokes] = ['inspected', 'spoke'].map((name) => ref('aws_ec2_transit_gateway_route_table', name)) as [string, string];
  const { findings } = review(exit([inspected, spokes]));
  expect(findings.filter(({ rule, message }) => rule === 'transit-route-skips-inspection' || (rule === 'home-net-missing' && message.includes('aws_subnet.exit')))).toEqual([]);
  // Which table a spoke has nobody knows: it may be that one.
  expect(review(exit([inspected, `\${element([${[inspected, spokes].map((each) => each.slice(2, -1)).join()}], var.which)}`])).findings.filter(({ rule }) => rule === 'transit-route-skips-inspection')).toMatchObject([{ severity: 'low', confidence: 'possible' }]);
});

test('tables of a gateway endpoint that the plan does not tell are no finding', () => {
  const stack = broken(all(gated, change('aws_vpc_endpoint', 's3', { route_table_ids: '${local.tables}' })));
  expect(review(stack).rules).not.toContain('gateway-route-missing');
});

test('a service that delivers to AWS delivers to nobody outside, and one that sends mail to people whom the plan names', () => {
  const stack = soundStack();
  stack.resource.aws_sns_topic_subscription = {
    mail: { topic_arn: 'arn:aws:sns:us-east-1:111122223333:way', protocol: 'email', endpoint: 'team@example.com' },
    api: { topic_arn: 'arn:aws:sns:us-east-1:111122223333:way', protocol: 'https', endpoint: 'https://abc.execute-api.us-east-1.amazonaws.com/prod' },
  };
  stack.resource.aws_apigatewayv2_api = { own: { name: 'own', protocol_type: 'HTTP', api_endpoint: 'https://abc.execute-api.us-east-1.amazonaws.com' } };
  stack.resource.aws_vpc_dhcp_options = { own: { domain_name: 'example.internal', domain_name_servers: ['AmazonProvidedDNS'] } };
  stack.resource.aws_vpc_dhcp_options_association = { own: { vpc_id: vpc, dhcp_options_id: ref('aws_vpc_dhcp_options', 'own') } };
  expect(review(stack).findings).toMatchObject([{ rule: 'managed-service-egress', address: 'aws_sns_topic_subscription.mail', severity: 'info' }]);
  // An API of whoever.
  delete stack.resource.aws_apigatewayv2_api;
  delete stack.resource.aws_sns_topic_subscription.mail;
  expect(review(stack).findings).toMatchObject([{ rule: 'managed-service-egress', address: 'aws_sns_topic_subscription.api', confidence: 'possible' }]);
});

test('every check has a case here', () => {
  expect([...new Set([...BROKEN.map(([id]) => id), ...ELSEWHERE])].sort()).toEqual(awsChecks.map(({ id }) => id));
});

test('a check is named as its file, and says why, how to fix it and where to read on', () => {
  const files = readdirSync(join(__dirname, '../../../review/checks/aws')).filter((name) => name !== 'index.ts').map((name) => name.replace(/\.ts$/, '')).sort();
  expect(awsChecks.map(({ id }) => id)).toEqual(files);
  for (const check of awsChecks) {
    expect(check.title).not.toMatch(/[.]$/);
    expect(check.why.length).toBeGreaterThan(40);
    expect(check.fix.length).toBeGreaterThan(20);
  }
});

test.each(BROKEN)('%s', (id, edit) => {
  const hits = review(broken(edit)).findings.filter(({ rule }) => rule === id);
  expect(hits).not.toEqual([]);
  for (const hit of hits) expect(hit.message).not.toMatch(/undefined|null|\[object/);
});

test('findings about ways carry the way as a witness', () => {
  for (const id of ['open-egress', 'data-internet-route', 'internet-route-bypasses-firewall', 'asymmetric-zone-route', 'missing-return-route', 'firewall-subnet-route', 'transit-appliance-mode-off', 'transit-route-skips-inspection', 'public-suffix-host']) {
    const edit = BROKEN.find(([name]) => name === id)![1];
    expect(review(broken(edit)).findings.find(({ rule }) => rule === id)).toMatchObject({ witness: expect.arrayContaining([expect.objectContaining({ address: expect.any(String) })]) });
  }
});

test('a bucket policy with actions that are none is no reason to stop', () => {
  const hostile = JSON.stringify({ Statement: [{ Effect: 'Deny', Principal: '*', Action: ['s3:(', '[', '\\', '*{', null, 7], Resource: '*' }] });
  expect(review(broken(all(bucketed, change('aws_s3_bucket_policy', 'logs', { policy: hostile })))).rules).toContain('log-records-deletable');
});

test.each([
  ['a role that may write', withRole()],
  ['a role whose rights another plan attaches', all(withRole({}, { Action: 's3:*' }), add('aws_iam_role_policy_attachment', 'logs', { role: ref('aws_iam_role', 'logs', 'name'), policy_arn: 'arn:aws:iam::aws:policy/CloudWatchLogsFullAccess' }))],
  ['a role for any service', withRole({ Principal: { Service: ['${var.service}'] } })],
])('no logs are refused by %s', (_, edit) => expect(review(broken(edit)).rules).toEqual([]));

test.each<[string, Break, string]>([
  ['an address on the internet', answered({}), 'api.example.com leads to 8.8.4.4: it'],
  ['a name of whoever', answered({ type: 'CNAME', name: 'api.example.com', records: ['way.example.net.'] }), 'api.example.com leads to way.example.net: it'],
  ['a load balancer of whoever', answered({ records: [], alias: [{ name: 'x-1.elb.us-east-1.amazonaws.com', zone_id: 'Z1' }] }), 'api.example.com leads to x-1.elb.us-east-1.amazonaws.com: it'],
  ['the apex of a zone of its own', answered({ name: '' }, { name: 'api.example.com.', vpc: [{ vpc_id: vpc }] }), 'api.example.com leads to 8.8.4.4: it'],
  ['a name that the plan leads on', all(answered({ type: 'CNAME', records: ['on.example.com'] }), add('aws_route53_record', 'on', { zone_id: ref('aws_route53_zone', 'own', 'zone_id'), name: 'on', type: 'A', records: ['8.8.4.4'] })), 'api.example.com leads to 8.8.4.4: it'],
  ['a zone that is associated apart', all(answered({}, { name: 'example.com', vpc: [{ vpc_id: 'vpc-1' }] }), add('aws_route53_zone_association', 'own', { zone_id: ref('aws_route53_zone', 'own', 'zone_id'), vpc_id: vpc })), 'api.example.com leads to 8.8.4.4: it'],
  ['a zone that a profile carries', all(answered({}, { name: 'example.com', vpc: [{ vpc_id: 'vpc-1' }] }), add('aws_route53profiles_resource_association', 'own', { profile_id: 'rp-1', resource_arn: ref('aws_route53_zone', 'own', 'arn') })), 'api.example.com leads to 8.8.4.4: it'],
  ['a private address', answered({ records: ['10.0.2.7'] }), ''],
  ['a private endpoint', answered({ type: 'CNAME', records: ['vpce-1.vpce-svc-1.us-east-1.vpce.amazonaws.com'] }), ''],
  ['a load balancer of the plan', all(answered({ records: [], alias: [{ name: 'x-1.elb.us-east-1.amazonaws.com', zone_id: 'Z1' }] }), add('aws_lb', 'own', { internal: true, subnets: [ref('aws_subnet', 'vault')], security_groups: [ref('aws_security_group', 'vault')], dns_name: 'x-1.elb.us-east-1.amazonaws.com' })), ''],
  ['another host that is allowed', all(answered({ type: 'CNAME', records: ['api.example.net'] }), rules((lines) => [...lines.slice(0, 2).map((text) => text.replace('api.example.com', 'api.example.net').replace(/sid:(\d)/, 'sid:30$1')), ...lines])), ''],
  ['a zone of another network', answered({}, { name: 'example.com', vpc: [{ vpc_id: 'vpc-1' }] }), ''],
  ['a public zone', answered({}, { name: 'example.com' }), ''],
  ['a host that nothing allows', answered({ name: 'www' }), ''],
])('an allowed host that the plan answers itself: %s', (_, edit, says) => {
  const told = review(broken(edit)).findings.filter(({ rule }) => rule === 'host-answered-here').map(({ message }) => message);
  expect(told).toEqual(says === '' ? [] : [`${says} is allowed by name, and this answers it`]);
});

test.each([[true, 1], [false, 0]])('a zone that is there, private: %s', (private_zone, count) => {
  const stack = broken(answered({ zone_id: '${data.aws_route53_zone.there.zone_id}', name: 'api.example.com' }));
  stack.data = { aws_route53_zone: { there: { name: 'example.com', private_zone } } };
  expect(review(stack).findings.filter(({ rule }) => rule === 'host-answered-here')).toHaveLength(count);
});

test('an own service is told where it is a relay of another network', () => {
  const told = (edit: Break) => review(broken(all(relayed, edit))).findings.filter(({ rule }) => rule === 'uninspected-path').map(({ message }) => message.replace(/, which.*/, ''));
  const says = ['aws_vpc_endpoint.way lets the network call aws_instance.proxy in aws_vpc.hub'];
  expect(told(() => undefined)).toEqual(says);
  // By a balancer for HTTP behind it, and by a group of machines.
  expect(told(all(
    change('aws_lb_target_group_attachment', 'proxy', { target_id: ref('aws_lb', 'inner', 'arn') }), add('aws_lb', 'inner', { internal: true, subnets: [ref('aws_subnet', 'hub')], security_groups: [ref('aws_security_group', 'hub')] }),
    add('aws_lb_listener', 'inner', { load_balancer_arn: ref('aws_lb', 'inner', 'arn'), default_action: [{ type: 'forward', target_group_arn: ref('aws_lb_target_group', 'inner', 'arn') }] }), add('aws_lb_target_group', 'inner', {}),
    add('aws_lb_target_group_attachment', 'inner', { target_group_arn: ref('aws_lb_target_group', 'inner', 'arn'), target_id: ref('aws_instance', 'proxy') }),
  ))).toEqual(says);
  expect(told(change('aws_security_group', 'hub', { egress: [] }))).toEqual([]);
  expect(told(change('aws_vpc_endpoint', 'way', { vpc_id: ref('aws_vpc', 'hub'), subnet_ids: [ref('aws_subnet', 'hub')] }))).toEqual([]);
});
