/** Services of AWS that carry to people and hosts what they are given, whatever networks say. */
import { ref } from '../sound-stack';
import { changed } from './reviewed';

const told = (type: string, body: object) => changed((resource) => void (resource[type] = { ...resource[type], way: body })).findings
  .filter(({ rule }) => rule === 'managed-service-egress').map(({ message, severity }) => `${severity ?? 'low'} ${message}`);

test.each<readonly [string, object, string]>([
  ['aws_chimesdkvoice_sip_media_application', { name: 'way', aws_region: 'us-east-1' }, 'lets whoever may use it send calls to any phone'],
  ...['adm', 'apns', 'apns_sandbox', 'apns_voip', 'apns_voip_sandbox', 'baidu', 'gcm'].map((maker) => [`aws_pinpoint_${maker}_channel`, { application_id: 'a' }, 'lets whoever may use it send messages to phones, by the service of their maker'] as const),
  ['aws_ivs_channel', { name: 'way' }, 'lets whoever may use it send video to whoever watches it'],
  ['aws_dataexchange_revision_assets', { data_set_id: 'd' }, 'lets whoever may use it send data to whoever subscribes'],
  ['aws_transfer_server', { protocols: ['SFTP'] }, 'lets its users fetch files from anywhere'],
  ['aws_transfer_server', { endpoint_type: 'VPC', endpoint_details: [{ subnet_ids: ['subnet-1'], address_allocation_ids: ['eipalloc-1'] }] }, 'lets its users fetch files from anywhere'],
  ['aws_transfer_web_app', {}, 'lets its users fetch files from anywhere'],
  ['aws_ssmincidents_response_plan', { name: 'way', integration: [{ pagerduty: [{ name: 'p', service_id: 's', secret_id: 'x' }] }] }, 'delivers to PagerDuty'],
  ['aws_quicksight_data_source', { data_source_id: 'd', parameters: [{ snowflake: [{ host: 'acme.snowflakecomputing.com', database: 'd', warehouse: 'w' }] }] }, 'delivers to acme.snowflakecomputing.com'],
  ['aws_quicksight_data_source', { data_source_id: 'd', parameters: [{ jira: [{ site_base_url: 'https://acme.atlassian.net' }] }] }, 'delivers to acme.atlassian.net'],
  ['aws_quicksight_data_source', { data_source_id: 'd', parameters: [{ postgresql: [{ host: 'db.example.net', port: 5432, database: 'd' }] }] }, 'delivers to db.example.net'],
])('%s %j', (type, body, says) => expect(told(type, body)).toEqual([`low ${type}.way ${says}`]));

test('mail about what happens goes to somebody whom the plan names', () => {
  expect(told('aws_notificationscontacts_email_contact', { name: 'way', email_address: 'a@example.com' })).toEqual(['info aws_notificationscontacts_email_contact.way sends what is notified to a mailbox']);
});

test.each([
  ['a server in a network', 'aws_transfer_server', { endpoint_type: 'VPC', endpoint_details: [{ vpc_id: 'vpc-1', subnet_ids: ['subnet-1'] }] }],
  ['a server behind an endpoint', 'aws_transfer_server', { endpoint_type: 'VPC_ENDPOINT', endpoint_details: [{ vpc_endpoint_id: 'vpce-1' }] }],
  ['a web app in a network', 'aws_transfer_web_app', { endpoint_details: [{ vpc: [{ vpc_id: 'vpc-1', subnet_ids: ['subnet-1'] }] }] }],
  ['a plan for incidents that tells nobody outside', 'aws_ssmincidents_response_plan', { name: 'way', incident_template: [{ title: 't', impact: 3 }] }],
  ['a database that is asked inside of a network', 'aws_quicksight_data_source', { vpc_connection_properties: [{ vpc_connection_arn: 'arn:aws:quicksight:us-east-1:111122223333:vpcConnection/v' }], parameters: [{ postgresql: [{ host: 'db.example.net' }] }] }],
  ['a data set of AWS', 'aws_quicksight_data_source', { parameters: [{ athena: [{ work_group: 'w' }] }] }],
  ['a directory that asks its own servers', 'aws_directory_service_conditional_forwarder', { directory_id: 'd-1', remote_domain_name: 'corp.example', dns_ips: ['10.9.0.2'] }],
])('but not %s', (_, type, body) => {
  expect(told(type, body)).toEqual([]);
});

test('domain controllers that ask servers on the internet', () => {
  const asked = (dns_ips: readonly string[]) => changed((resource) => void (resource.aws_directory_service_conditional_forwarder = { way: { directory_id: 'd-1', remote_domain_name: 'corp.example', dns_ips } })).findings
    .filter(({ rule }) => rule === 'dns-servers-elsewhere').map(({ message }) => message);
  expect(asked(['9.9.9.9', '10.9.0.2'])).toEqual(['aws_directory_service_conditional_forwarder.way has 9.9.9.9 asked for corp.example, by the domain controllers of a directory']);
  expect(asked(['10.9.0.2'])).toEqual([]);
  const { findings } = changed((resource) => void (resource.aws_directory_service_trust = { way: { directory_id: 'd-1', remote_domain_name: 'corp.example', conditional_forwarder_ip_addrs: ['9.9.9.9'] } }));
  expect(findings.filter(({ rule }) => rule === 'dns-servers-elsewhere').map(({ message }) => message)).toEqual(['aws_directory_service_trust.way has 9.9.9.9 asked for corp.example, by the domain controllers of a directory']);
});

test('the API server of a cluster calls what webhooks name by a network of AWS, unless it leaves by that of the cluster', () => {
  const cluster = (mode: object) => told('aws_eks_cluster', { name: 'c', vpc_config: [{ subnet_ids: [ref('aws_subnet', 'app')], endpoint_public_access: false, ...mode }] });
  const says = ['info aws_eks_cluster.way has its API server call what webhooks name, by a network of AWS: control_plane_egress_mode is not CUSTOMER_ROUTED'];
  expect([cluster({}), cluster({ control_plane_egress_mode: 'AWS_MANAGED' })]).toEqual([says, says]);
  for (const control_plane_egress_mode of ['CUSTOMER_ROUTED', 'CUSTOMER_ISOLATED']) expect(cluster({ control_plane_egress_mode })).toEqual([]);
});

const inApp = (subnets: string, groups: string) => ({ [subnets]: [ref('aws_subnet', 'app')], [groups]: [ref('aws_security_group', 'app')] });
const monitored = (job: object) => ({ name: 'way', monitoring_schedule_config: [{ monitoring_job_definition: [{ monitoring_app_specification: [{ image_uri: 'i' }], ...job }] }] });

test.each([
  ['a monitor with a job of its own', 'aws_sagemaker_monitoring_schedule', monitored({}), 'open'],
  ['a monitor whose job stands in the network', 'aws_sagemaker_monitoring_schedule', monitored({ network_config: [{ vpc_config: [inApp('subnets', 'security_group_ids')] }] }), 'allowlisted'],
  ['what hands messages of devices on to Kafka', 'aws_iot_topic_rule_destination', { vpc_configuration: [{ ...inApp('subnet_ids', 'security_groups'), role_arn: 'r' }] }, 'allowlisted'],
])('%s is a place', (_, type, body, kind) => {
  expect(changed((resource) => void (resource[type] = { way: body })).at(`${type}.way`).kind).toBe(kind);
});

test.each([
  ['by the name of a definition', { monitoring_schedule_config: [{ monitoring_job_definition_name: 'd', monitoring_type: 'DataQuality' }] }],
  ['isolated', monitored({ network_config: [{ enable_network_isolation: true }] })],
])('a monitor is none: %s', (_, body) => {
  expect(changed((resource) => void (resource.aws_sagemaker_monitoring_schedule = { way: body })).model.places.filter(({ id }) => id.startsWith('aws_sagemaker'))).toEqual([]);
});
