/** Ways to break the sound network, or to build something more into it that is sound. */
import { entry, line, ref, RULES, soundStack, WORLD, type Stack } from '../sound-stack';

export type Break = (resource: Stack['resource']) => void;

/** The sound network with one thing broken. */
export const broken = (edit: Break) => {
  const stack = soundStack();
  edit(stack.resource);
  return stack;
};

export const firewallPolicy = (resource: Stack['resource']) => resource.aws_networkfirewall_firewall_policy!.main!.firewall_policy;
export const rules = (edit: (lines: string[]) => string[]): Break => (resource) => {
  resource.aws_networkfirewall_rule_group!.main!.rule_group.rules_source.rules_string = edit([...RULES]).join('\n');
};
export const add = (type: string, name: string, body: object): Break => (resource) => void ((resource[type] ??= {})[name] = structuredClone(body));
export const drop = (type: string): Break => (resource) => void delete resource[type];
export const change = (type: string, name: string, over: object): Break => (resource) => void Object.assign(resource[type]![name]!, over);
export const all = (...breaks: Break[]): Break => (resource) => breaks.forEach((each) => each(resource));
export const vpc = ref('aws_vpc', 'main');

/** The flow logs in a bucket of their own, under a key of its own: nothing to find. */
export const source = { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': 'arn:aws:logs:us-east-1:111122223333:*' } };
export const bucketPolicy = (Condition: object = source) => JSON.stringify({ Statement: [
  { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 's3:PutObject', Resource: 'arn:aws:s3:::logs/AWSLogs/*', Condition },
  { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::logs', 'arn:aws:s3:::logs/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  { Effect: 'Deny', Principal: '*', Action: 's3:Delete*', Resource: 'arn:aws:s3:::logs/*' },
] });
export const keyPolicy = (Condition?: object) => JSON.stringify({ Statement: [
  { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
  { Effect: 'Allow', Principal: { Service: 'logs.us-east-1.amazonaws.com' }, Action: 'kms:Encrypt', Resource: '*', Condition },
  { Effect: 'Allow', Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: 'kms:GenerateDataKey*', Resource: '*', Condition: source },
] });
const key = ref('aws_kms_key', 'logs', 'arn');
const encrypted = { encryption_configuration: [{ type: 'CUSTOMER_KMS', key_id: key }] };
const bucket = ref('aws_s3_bucket', 'logs');
export const bucketed = all(
  add('aws_s3_bucket', 'logs', { bucket: 'logs' }),
  add('aws_s3_bucket_public_access_block', 'logs', { bucket, block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true }),
  add('aws_s3_bucket_policy', 'logs', { bucket, policy: bucketPolicy() }),
  add('aws_s3_bucket_lifecycle_configuration', 'logs', { bucket, rule: [{ id: 'all', status: 'Enabled', expiration: [{ days: 400 }] }] }),
  add('aws_kms_key', 'logs', { enable_key_rotation: true, policy: keyPolicy({ ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:us-east-1:111122223333:log-group:/acme/*' } }) }),
  add('aws_s3_bucket_versioning', 'logs', { bucket, versioning_configuration: [{ status: 'Enabled' }] }),
  add('aws_s3_bucket_ownership_controls', 'logs', { bucket, rule: [{ object_ownership: 'BucketOwnerEnforced' }] }),
  add('aws_s3_bucket_server_side_encryption_configuration', 'logs', { bucket, rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: key }] }] }),
  change('aws_cloudwatch_log_group', 'main', { kms_key_id: key }),
  ...['aws_networkfirewall_firewall', 'aws_networkfirewall_firewall_policy', 'aws_networkfirewall_rule_group'].map((type) => change(type, 'main', encrypted)),
  change('aws_flow_log', 'main', { log_destination: ref('aws_s3_bucket', 'logs', 'arn'), log_destination_type: 's3', depends_on: ['aws_s3_bucket_policy.logs'] }),
);

export const DECRYPTED = [
  'drop http 10.0.1.0/24 any -> any 443 (flow:to_server,established; http.start; bsize:>0; sid:201; rev:1;)',
  'drop http2 10.0.1.0/24 any -> any 443 (flow:to_server,established; sid:202; rev:1;)',
];
export const outward = (resource: Stack['resource']) => resource.aws_networkfirewall_tls_inspection_configuration!.main!.tls_inspection_configuration[0].server_certificate_configuration[0];

/** The TLS of the app opened: nothing to find either. */
export const inspected = all(
  add('aws_networkfirewall_tls_inspection_configuration', 'main', { name: 'main', tls_inspection_configuration: [{ server_certificate_configuration: [{
    certificate_authority_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/x',
    scope: [{ protocols: [6], source: [{ address_definition: '10.0.1.0/24' }], destination: [{ address_definition: WORLD }], destination_ports: [{ from_port: 443, to_port: 443 }] }],
  }] }] }),
  // What is decrypted is HTTP to the rules.
  rules((lines) => [...lines.map((text) => text.replace('app-layer-protocol:!tls;', 'app-layer-protocol:!tls; app-layer-protocol:!http; app-layer-protocol:!http2;')), ...DECRYPTED]),
  (resource) => void (firewallPolicy(resource).tls_inspection_configuration_arn = ref('aws_networkfirewall_tls_inspection_configuration', 'main', 'arn')),
  (resource) => resource.aws_networkfirewall_logging_configuration!.main!.logging_configuration.log_destination_config.push({ log_type: 'TLS', log_destination_type: 'CloudWatchLogs', log_destination: { logGroup: ref('aws_cloudwatch_log_group', 'main', 'name') } }),
);

/** The vault reaches S3 by a gateway endpoint, on one range: nothing to find. */
export const S3_RANGE = '52.216.0.0/15';
const listed = line({ prefix_list_ids: [ref('aws_vpc_endpoint', 's3', 'prefix_list_id')] });
export const fromS3 = entry({ from_port: 1024, to_port: 65535, cidr_block: S3_RANGE });
export const gated = all(
  (resource) => void (resource.aws_vpc_endpoint!.s3 = { vpc_id: vpc, service_name: 'com.amazonaws.us-east-1.s3', vpc_endpoint_type: 'Gateway', route_table_ids: [ref('aws_route_table', 'vault')], policy: resource.aws_vpc_endpoint!.logs!.policy }),
  change('aws_security_group', 'vault', { egress: [listed] }),
  change('aws_network_acl', 'vault', { ingress: [fromS3], egress: [entry({ cidr_block: S3_RANGE })] }),
  (resource) => resource.aws_route53_resolver_firewall_domain_list!.hosts!.domains.push('s3.us-east-1.amazonaws.com.', '*.s3.us-east-1.amazonaws.com.'),
);

/** A second network behind a transit gateway. */
export const spoke = all(
  add('aws_vpc', 'spoke', { cidr_block: '10.9.0.0/16' }),
  add('aws_subnet', 'spoke', { vpc_id: ref('aws_vpc', 'spoke'), cidr_block: '10.9.1.0/24', availability_zone: 'us-east-1a' }),
  add('aws_ec2_transit_gateway', 'hub', {}),
  add('aws_ec2_transit_gateway_vpc_attachment', 'main', { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: vpc, subnet_ids: [ref('aws_subnet', 'nat')] }),
  add('aws_ec2_transit_gateway_vpc_attachment', 'spoke', { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub'), vpc_id: ref('aws_vpc', 'spoke'), subnet_ids: [ref('aws_subnet', 'spoke')] }),
);

/** The flow log writes by a role of the plan, with this trust and these rights: as they stand nothing to find. */
export const withRole = (trust: object = {}, rights: object = {}): Break => all(
  add('aws_iam_role', 'logs', { name: 'logs', assume_role_policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, ...trust }] }) }),
  add('aws_iam_role_policy', 'logs', { role: ref('aws_iam_role', 'logs', 'name'), policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:Put*'], Resource: '*', ...rights }] }) }),
  change('aws_flow_log', 'main', { iam_role_arn: ref('aws_iam_role', 'logs', 'arn') }),
);

/** A zone of the network that answers the allowed host, with this record: as it stands it leads to somebody on the internet. */
export const answered = (record: object, zone: object = { name: 'example.com', vpc: [{ vpc_id: vpc }] }): Break => all(
  add('aws_route53_zone', 'own', zone),
  add('aws_route53_record', 'api', { zone_id: ref('aws_route53_zone', 'own', 'zone_id'), name: 'api', type: 'A', ttl: 60, records: ['8.8.4.4'], ...record }),
);

/** An endpoint to a service of the plan in another network, behind which a proxy is open. */
const hub = ref('aws_vpc', 'hub');
const group = ref('aws_lb_target_group', 'proxy', 'arn');
export const relayed = all(
  add('aws_vpc', 'hub', { cidr_block: '10.50.0.0/16' }), add('aws_internet_gateway', 'hub', { vpc_id: hub }), add('aws_subnet', 'hub', { vpc_id: hub, cidr_block: '10.50.1.0/24', availability_zone: 'us-east-1a' }),
  add('aws_route_table', 'hub', { vpc_id: hub, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'hub') }] }), add('aws_route_table_association', 'hub', { subnet_id: ref('aws_subnet', 'hub'), route_table_id: ref('aws_route_table', 'hub') }),
  add('aws_security_group', 'hub', { vpc_id: hub, ingress: [], egress: [line({ cidr_blocks: [WORLD] })] }),
  add('aws_instance', 'proxy', { subnet_id: ref('aws_subnet', 'hub'), vpc_security_group_ids: [ref('aws_security_group', 'hub')], associate_public_ip_address: true }),
  add('aws_lb', 'way', { internal: true, load_balancer_type: 'network', subnets: [ref('aws_subnet', 'hub')] }), add('aws_lb_target_group', 'proxy', { vpc_id: hub, port: 3128, protocol: 'TCP' }),
  add('aws_lb_listener', 'way', { load_balancer_arn: ref('aws_lb', 'way', 'arn'), port: 3128, default_action: [{ type: 'forward', target_group_arn: group }] }),
  add('aws_lb_target_group_attachment', 'proxy', { target_group_arn: group, target_id: ref('aws_instance', 'proxy') }),
  add('aws_vpc_endpoint_service', 'way', { acceptance_required: true, network_load_balancer_arns: [ref('aws_lb', 'way', 'arn')] }),
  add('aws_vpc_endpoint', 'way', { vpc_id: vpc, vpc_endpoint_type: 'Interface', service_name: ref('aws_vpc_endpoint_service', 'way', 'service_name'), subnet_ids: [ref('aws_subnet', 'vault')], security_group_ids: [ref('aws_security_group', 'endpoints')] }),
);
