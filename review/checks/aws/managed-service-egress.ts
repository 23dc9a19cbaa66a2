/** Services of AWS that deliver to hosts outside by themselves, past every network. */
import type { AttributePath, PathLike } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { expanded } from '../../model/aws/expanded';
import type { AwsModel } from '../../model/aws/model';
import { isSet, textAt } from '../../model/aws/read';
import type { Check } from '../check';
import { deliveriesIn, delivery, deliveryTo, hostOf, type CloudNames, type Delivery } from '../deliveries';
import { isDestination } from '../../model/aws/gifts';

export const check: Check<AwsModel> = {
  id: 'managed-service-egress',
  title: 'service that delivers to hosts outside',
  severity: 'low',
  why: 'AWS delivers from a network of its own: who may publish an event, a message or a record sends it out, and no group, route or firewall sees it.',
  fix: 'Take the delivery away, or deliver to a queue and let a workload behind the firewall fetch it; accept what is meant in egress-review.yaml.',
  references: [
    'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html',
    'https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html',
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html',
    'https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html',
    'https://docs.aws.amazon.com/vpc/latest/mirroring/what-is-traffic-mirroring.html',
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html',
  ],
  comparable: [],
  *run({ model }) {
    yield* deliveriesIn(model.graph, DELIVERIES, NAMES);
    for (const { type, path, pattern } of TEXTS) {
      for (const resource of model.graph.ofType(type)) {
        const hosts = new Set([...(textAt(resource, path) ?? '').matchAll(pattern)].map(([, url]) => hostOf(url)));
        if (resource.mode === 'managed') for (const host of hosts) yield* deliveryTo(model.graph, resource, host, NAMES);
      }
    }
    for (const { address, kind, service = '' } of model.endpoints) {
      const found = POSTED.find(({ services }) => kind === 'interface' && services.test(service));
      if (found) yield { address, message: `${address} lets the network send ${found.what}, past every firewall`, severity: 'medium', confidence: 'likely' };
    }
    for (const [type, what] of MESSAGES) for (const each of model.graph.ofType(type)) if (each.mode === 'managed') yield { address: each.address, message: `${each.address} lets whoever may use it send ${what}`, confidence: 'likely' };
    for (const subscription of model.graph.ofType('aws_sns_topic_subscription')) {
      const medium = PEOPLE.get(textAt(subscription, 'protocol') ?? '');
      if (medium !== undefined && subscription.mode === 'managed') yield { address: subscription.address, message: `${subscription.address} sends what is published to ${medium}`, severity: 'info' };
    }
    // https://docs.aws.amazon.com/incident-manager/latest/userguide/contacts.html
    for (const channel of model.graph.ofType('aws_ssmcontacts_contact_channel')) {
      if (channel.mode === 'managed') yield { address: channel.address, message: `${channel.address} sends what an incident says to ${textAt(channel, 'type') === 'EMAIL' ? 'a mailbox' : 'a phone'}`, severity: 'info' };
    }
    for (const contact of model.graph.ofType('aws_notificationscontacts_email_contact')) if (contact.mode === 'managed') yield { address: contact.address, message: `${contact.address} sends what is notified to a mailbox`, severity: 'info' };
    for (const server of SERVERS.flatMap((type) => model.graph.ofType(type))) {
      if (server.mode === 'managed' && isOnInternet(server)) yield { address: server.address, message: `${server.address} lets its users fetch files from anywhere`, confidence: 'likely' };
    }
    // https://docs.aws.amazon.com/incident-manager/latest/userguide/integrations-pagerduty.html
    for (const plan of model.graph.ofType('aws_ssmincidents_response_plan')) {
      if (plan.mode === 'managed' && plan.elements(['integration', 0, 'pagerduty']).length > 0) yield { address: plan.address, message: `${plan.address} delivers to PagerDuty` };
    }
    for (const [type, paths] of FETCHERS) {
      for (const fetcher of model.graph.ofType(type)) {
        const sources = expanded(fetcher, [paths]).flatMap((path) => textAt(fetcher, path) ?? []).filter((source) => !/\.dkr\.ecr\./.test(source));
        if (fetcher.mode === 'managed' && sources.length > 0) yield { address: fetcher.address, message: `${fetcher.address} fetches from ${sources.join(', ')} whatever its callers name`, severity: 'info' };
      }
    }
    // It calls what webhooks and issuers of tokens name: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-egress.html
    for (const cluster of model.graph.ofType('aws_eks_cluster')) {
      const mode = ['vpc_config', 0, 'control_plane_egress_mode'];
      if (cluster.mode === 'managed' && !/^CUSTOMER_/.test(textAt(cluster, mode) ?? '')) yield { address: cluster.address, message: `${cluster.address} has its API server call what webhooks name, by a network of AWS: control_plane_egress_mode is not CUSTOMER_ROUTED`, severity: 'info', ...(cluster.unknownAt(mode) !== undefined && cluster.isConfigured(mode) ? { confidence: 'possible' } : {}) };
    }
    // https://docs.aws.amazon.com/eks/latest/userguide/argocd.html
    for (const capability of model.graph.ofType('aws_eks_capability')) {
      if (textAt(capability, 'type') === 'ARGOCD') yield { address: capability.address, message: `${capability.address} fetches from repositories that applications name, by a network of AWS`, severity: 'info' };
    }
    for (const [type, where] of CHATS) for (const chat of model.graph.ofType(type)) if (chat.mode === 'managed') yield { address: chat.address, message: `${chat.address} delivers to ${where}` };
    // https://docs.aws.amazon.com/medialive/latest/ug/destinations.html
    for (const channel of model.graph.ofType('aws_medialive_channel')) {
      const urls = channel.elements('destinations').flatMap((each) => channel.elements([...each, 'settings'])).map((each) => textAt(channel, [...each, 'url'])).filter((url) => url !== undefined && !/^s3(ssl)?:/.test(url));
      if (channel.mode === 'managed') for (const host of new Set(urls.map(hostOf))) if (host === undefined || !isOfAws(host)) yield delivery(channel, host);
    }
    for (const agent of model.graph.ofType('aws_bedrockagentcore_harness')) {
      for (const [block, where] of MODELS) if (agent.elements(['model', 0, block]).length > 0) yield { address: agent.address, message: `${agent.address} delivers to ${where}` };
    }
    for (const target of model.graph.ofType('aws_bedrockagentcore_gateway_target')) {
      for (const [path, isOwn] of CONNECTORS) {
        const id = textAt(target, path);
        if (id !== undefined && !isOwn.test(id)) yield { address: target.address, message: `${target.address} delivers to ${id}` };
      }
    }
    // https://docs.aws.amazon.com/ses/latest/dg/eb-rules.html
    for (const rules of model.graph.ofType('aws_mailmanager_rule_set')) {
      if (expanded(rules, [['rule', '*', 'action', '*', 'send']]).some((path) => rules.elements(path).length > 0)) yield { address: rules.address, message: `${rules.address} sends mail on to any mailbox`, confidence: 'likely' };
    }
    for (const flow of model.graph.ofType('aws_appflow_flow')) {
      const types = flow.elements('destination_flow_config').map((element) => textAt(flow, [...element, 'connector_type']));
      const outside = types.find((type) => type === undefined || !OWN_CONNECTORS.has(type));
      if (types.includes(outside)) yield { address: flow.address, message: `${flow.address} delivers to ${outside ?? 'a service that the plan does not tell'}` };
    }
    for (const bucket of REPLICATED.flatMap((type) => model.graph.ofType(type))) {
      for (const path of destinationsOf(bucket)) {
        const { targets, exact } = bucket.references(path, { types: ['aws_s3_bucket'] });
        if (bucket.mode === 'managed' && !(exact && targets.some(({ mode }) => mode === 'managed'))) yield { address: bucket.address, message: `${bucket.address} copies what is put into it to ${textAt(bucket, path) ?? 'a bucket that the plan does not tell'}` };
      }
    }
    for (const session of model.graph.ofType('aws_ec2_traffic_mirror_session')) yield { address: session.address, message: `${session.address} copies packets to a target that sees all of them`, severity: 'medium' };
  },
};

/** Buckets that somebody else may own. https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-walkthrough-2.html */
const REPLICATED = ['aws_s3_bucket_replication_configuration', 'aws_s3_bucket'];

function destinationsOf(resource: Resource): readonly AttributePath[] {
  const rules = resource.type === 'aws_s3_bucket' ? resource.elements('replication_configuration').flatMap((each) => resource.elements([...each, 'rules'])) : resource.elements('rule');
  return rules.flatMap((rule) => resource.elements([...rule, 'destination'])).map((destination) => [...destination, 'bucket']);
}

/** An API that hands calls on to a host, and not into a VPC. https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html */
const isHttp = (type: string) => (resource: Resource): boolean => /^HTTP/.test(textAt(resource, type) ?? 'HTTP') && textAt(resource, 'connection_type') !== 'VPC_LINK';

/** Of knowledge bases: stores of others, and the attribute that names the host. */
const STORES = [['pinecone_configuration', 'connection_string'], ['redis_enterprise_cloud_configuration', 'endpoint'], ['mongo_db_atlas_configuration', 'endpoint']] as const;

/** Databases that QuickSight asks by their host, from a network of its own unless it is given one. */
const SOURCES = ['aurora', 'aurora_postgresql', 'databricks', 'maria_db', 'mysql', 'oracle', 'postgresql', 'presto', 'redshift', 'snowflake', 'spark', 'sql_server', 'teradata'] as const;

/** What posts into chats and trackers. https://docs.aws.amazon.com/chatbot/latest/adminguide/what-is.html */
const CHATS = [['aws_securityhub_connector_v2', 'Jira or ServiceNow'], ['aws_chatbot_slack_channel_configuration', 'Slack'], ['aws_chatbot_teams_channel_configuration', 'Microsoft Teams']] as const;

/**
 * Who may send by these reaches any mailbox or phone, whatever networks say.
 * https://docs.aws.amazon.com/ses/latest/dg/send-email.html
 */
const MESSAGES = [
  ...['aws_ses_domain_identity', 'aws_ses_email_identity', 'aws_sesv2_email_identity', 'aws_pinpoint_email_channel'].map((type) => [type, 'mail to any mailbox'] as const),
  ...['aws_pinpoint_sms_channel', 'aws_pinpointsmsvoicev2_phone_number'].map((type) => [type, 'messages to any phone'] as const),
  ['aws_pinpointsmsvoicev2_sender_id', 'messages to any phone'],
  // https://docs.aws.amazon.com/workmail/latest/adminguide/what_is.html
  ['aws_workmail_organization', 'mail to any mailbox'],
  // https://docs.aws.amazon.com/connect/latest/adminguide/outbound-communications.html
  // https://docs.aws.amazon.com/chime-sdk/latest/dg/use-create-call-api.html
  ...['aws_connect_phone_number', 'aws_chime_voice_connector_termination', 'aws_chimesdkvoice_sip_media_application'].map((type) => [type, 'calls to any phone'] as const),
  // https://docs.aws.amazon.com/AmazonECR/latest/public/public-repositories.html
  ['aws_ecrpublic_repository', 'images to a gallery that everybody reads'],
  ...['aws_sns_platform_application', ...['adm', 'apns', 'apns_sandbox', 'apns_voip', 'apns_voip_sandbox', 'baidu', 'gcm'].map((maker) => `aws_pinpoint_${maker}_channel`)].map((type) => [type, 'messages to phones, by the service of their maker'] as const),
  // https://docs.aws.amazon.com/ivs/latest/LowLatencyUserGuide/what-is.html
  ['aws_ivs_channel', 'video to whoever watches it'],
  // https://docs.aws.amazon.com/data-exchange/latest/userguide/providing-data-sets.html
  ['aws_dataexchange_revision_assets', 'data to whoever subscribes'],
] as const;

/**
 * Endpoints of services that carry on what they are given to whoever it is addressed to.
 * https://docs.aws.amazon.com/ses/latest/dg/send-email-set-up-vpc-endpoints.html
 */
const POSTED = [{ services: /^(email(-smtp)?|mailmanager-smtp\..+)$/, what: 'mail to any mailbox' }, { services: /^sms-voice$/, what: 'messages to any phone' }] as const;

/** Subscribers that are somebody: the address stands in the plan. */
const PEOPLE: ReadonlyMap<string, string> = new Map([['email', 'a mailbox'], ['email-json', 'a mailbox'], ['sms', 'a phone']]);

/** What hands out files at an address of its own. https://docs.aws.amazon.com/transfer/latest/userguide/create-server-in-vpc.html */
const SERVERS = ['aws_transfer_server', 'aws_transfer_web_app'] as const;

/** A server has a public address unless it stands in a network, and there once it is given one. */
function isOnInternet(server: Resource): boolean {
  const standing = server.elements('endpoint_details');
  return standing.some((each) => isSet(server, [...each, 'address_allocation_ids'])) || (standing.length === 0 && !/^VPC/.test(textAt(server, 'endpoint_type') ?? ''));
}

/** What fetches for those who have no way out. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
const FETCHERS: readonly (readonly [type: string, path: PathLike])[] = [['aws_ecr_pull_through_cache_rule', 'upstream_registry_url'], ['aws_codeartifact_repository', ['external_connections', '*', 'external_connection_name']]];

/** Whether it calls by the internet, and not by a gateway in a network. https://docs.aws.amazon.com/eventbridge/latest/userguide/connection-private.html */
function isPublic(destination: Resource): boolean {
  const { targets, exact } = destination.references('connection_arn', { types: ['aws_cloudwatch_event_connection'] });
  return !exact || targets.length === 0 || targets.some((connection) => connection.elements('invocation_connectivity_parameters').length === 0);
}

/** Models of others, asked by an agent. */
const MODELS = [['gemini_model_config', 'Gemini'], ['openai_model_config', 'OpenAI']] as const;

/**
 * What a gateway for agents is connected to by a name, and the names that are AWS's own.
 * https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-connectors.html
 */
const CONNECTORS = [
  ['target_configuration[0].inference[0].connector[0].source[0].connector_id', /bedrock|^amazon/],
  ['target_configuration[0].mcp[0].connector[0].source[0].connector_id', /knowledge|retrieve|memory/],
] as const;

const DELIVERIES: readonly Delivery[] = [
  { type: 'aws_cloudwatch_event_api_destination', path: 'invocation_endpoint', counts: isPublic },
  // Of subscriptions only those by HTTP go anywhere.
  { type: 'aws_sns_topic_subscription', path: 'endpoint', counts: (resource) => /^https?$/.test(textAt(resource, 'protocol') ?? 'https') },
  { type: 'aws_transfer_connector', path: 'url' },
  // https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator.html
  { type: 'aws_msk_replicator', at: 'kafka_cluster', path: 'apache_kafka_cluster[0].bootstrap_broker_string', counts: (replicator) => replicator.elements('replication_info_list').some((each) => isSet(replicator, [...each, 'target_kafka_cluster_id'])) },
  { type: 'aws_kinesis_firehose_delivery_stream', at: 'http_endpoint_configuration', path: 'url' },
  { type: 'aws_kinesis_firehose_delivery_stream', at: 'splunk_configuration', path: 'hec_endpoint' },
  { type: 'aws_kinesis_firehose_delivery_stream', at: 'snowflake_configuration', path: 'account_url' },
  { type: 'aws_iot_topic_rule', at: 'http', path: 'url' },
  { type: 'aws_appsync_datasource', at: 'http_config', path: 'endpoint' },
  { type: 'aws_api_gateway_integration', path: 'uri', counts: isHttp('type') },
  { type: 'aws_apigatewayv2_integration', path: 'integration_uri', counts: isHttp('integration_type') },
  // The agent that writes there stands wherever somebody started it: https://docs.aws.amazon.com/datasync/latest/userguide/how-datasync-transfer-works.html
  ...['object_storage', 'nfs', 'smb'].map((store): Delivery => ({ type: `aws_datasync_location_${store}`, path: 'server_hostname', counts: isDestination })),
  { type: 'aws_datasync_location_hdfs', at: 'name_node', path: 'hostname', counts: isDestination },
  { type: 'aws_datasync_location_azure_blob', path: 'container_url', counts: isDestination },
  // https://docs.aws.amazon.com/security-lake/latest/userguide/subscriber-data-access.html
  { type: 'aws_securitylake_subscriber_notification', at: 'configuration[0].https_notification_configuration', path: 'endpoint' },
  // Keys are made and used there: https://docs.aws.amazon.com/kms/latest/developerguide/keystore-external.html
  { type: 'aws_kms_custom_key_store', path: 'xks_proxy_uri_endpoint', counts: (resource) => textAt(resource, 'xks_proxy_connectivity') !== 'VPC_ENDPOINT_SERVICE' },
  // Tools of agents, and what their documents are kept in: https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-setup.html
  ...['mcp[0].mcp_server', 'http[0].passthrough', 'inference[0].provider'].map((block): Delivery => ({ type: 'aws_bedrockagentcore_gateway_target', at: `target_configuration[0].${block}`, path: 'endpoint', counts: (target) => target.elements('private_endpoint').length === 0 })),
  { type: 'aws_bedrockagentcore_harness', at: 'tool', path: 'config[0].remote_mcp[0].url' },
  { type: 'aws_bedrockagentcore_harness', at: 'model[0].litellm_model_config', path: 'api_base' },
  { type: 'aws_bedrockagentcore_harness', at: 'skill', path: 'git[0].url' },
  // https://docs.aws.amazon.com/ses/latest/dg/eb-relay.html
  { type: 'aws_mailmanager_relay', path: 'server_name' },
  // What is asked of a source holds what is looked for: https://docs.aws.amazon.com/quicksight/latest/user/supported-data-sources.html
  ...[...SOURCES.map((source) => [source, 'host'] as const), ['amazon_elasticsearch', 'domain'], ['jira', 'site_base_url'], ['service_now', 'site_base_url']].map(([source, path = '']): Delivery => ({
    type: 'aws_quicksight_data_source', at: ['parameters', 0, source as string], path, counts: (data) => data.elements('vpc_connection_properties').length === 0,
  })),
  ...STORES.map(([block, path]) => ({ type: 'aws_bedrockagent_knowledge_base', at: `storage_configuration[0].${block}`, path })),
];

/** Addresses inside of documents: tasks of a state machine, integrations of an API. */
const TEXTS: readonly { readonly type: string; readonly path: string; readonly pattern: RegExp }[] = [
  // https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
  { type: 'aws_sfn_state_machine', path: 'definition', pattern: /"ApiEndpoint(?:\.\$)?"\s*:\s*"([^"]*)"/g },
  // https://docs.aws.amazon.com/opensearch-service/latest/developerguide/creating-pipeline.html
  { type: 'aws_osis_pipeline', path: 'pipeline_configuration_body', pattern: /\bhosts["']?:[\s[-]*["']?(https?:[^"'\s,\]]+)/g },
  { type: 'aws_bedrockagentcore_gateway_target', path: 'target_configuration[0].mcp[0].open_api_schema[0].inline_payload[0].payload', pattern: /\bservers["']?\s*:[\s[{-]*["']?url["']?\s*:\s*["']?(https?:[^"'\s,}]+)/g },
  ...['aws_api_gateway_rest_api', 'aws_api_gateway_rest_api_put', 'aws_apigatewayv2_api'].map((type) => ({ type, path: 'body', pattern: /\buri["']?\s*:\s*["']?(https?:[^"'\s,}]+)/g })),
];

/** Destinations of AppFlow that are services of AWS. https://docs.aws.amazon.com/appflow/latest/userguide/app-specific.html */
const OWN_CONNECTORS: ReadonlySet<string> = new Set(['S3', 'Redshift', 'EventBridge', 'CustomerProfiles', 'LookoutMetrics', 'Honeycode']);

/** No name is longer (RFC 1035), and none of a text that is has to be looked for. */
const LONGEST = 253;

/** Of machines and load balancers: anybody's. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
const PUBLIC_NAME = /(^|\.)(compute(-1)?|elb(\.[a-z0-9-]+)?)\.amazonaws\.com(\.cn)?$/;

/**
 * Behind these names, or below them, is what any account has: its APIs, buckets, queues, domains and brokers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
const NAMES: CloudNames = {
  isOwn: isOfAws,
  hosted: /(^|\.)(execute-api|appsync-api|s3(-[a-z0-9-]+)?|sqs|es|aoss|iot|vpce|cloudsearch)(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/,
  hosts: ['aws_api_gateway_rest_api', 'aws_apigatewayv2_api', 'aws_appsync_graphql_api', 'aws_s3_bucket', 'aws_opensearch_domain', 'aws_elasticsearch_domain', 'aws_opensearchserverless_collection'],
};

function isOfAws(host: string): boolean {
  return host.length <= LONGEST && !PUBLIC_NAME.test(host) && /(^|\.)amazonaws\.com(\.cn)?$/.test(host);
}
