/** Policies of resources that let others fetch what these hold. */
import { ref } from '../sound-stack';
import { change, configured, plan } from '../plan/plans';
import { changed, review } from './reviewed';

const OWN = '111122223333';
const THEIRS = '999999999999';
type More = Readonly<Record<string, object>>;

function told(type: string, body: object, more: More = {}, own: string | undefined = OWN): readonly string[] {
  return changed((resource, stack) => {
    for (const [kind, named] of Object.entries(more)) resource[kind] = { ...resource[kind], ...named };
    resource[type] = { ...resource[type], way: body };
    if (own !== undefined) stack.data = { aws_caller_identity: { me: { account_id: own } } };
  }).findings.filter(({ rule }) => rule === 'policy-open-to-others').map(({ message, severity }) => `${severity ?? 'low'} ${message}`);
}

const allow = (Principal: unknown, Action: unknown, more: object = {}) => ({ Effect: 'Allow', Principal, Action, Resource: '*', ...more });
const text = (...Statement: readonly object[]) => JSON.stringify({ Statement });
const bucket = (...statements: readonly object[]) => told('aws_s3_bucket_policy', { bucket: ref('aws_s3_bucket', 'mine'), policy: text(...statements) }, { aws_s3_bucket: { mine: { bucket: 'mine' } } });
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });

test('an organization whose name is a pattern is any', () => {
  const to = (id: string) => bucket(allow('*', 's3:GetObject', { Condition: { StringLike: { 'aws:PrincipalOrgID': id } } })).length;
  expect([to('o-*'), to('o-aaaaaaaaaa')]).toEqual([1, 0]);
});

test.each([
  ['aws_s3_bucket_policy', 'policy', 's3:Get*'],
  ['aws_s3_bucket', 'policy', 's3:GetObject'],
  ['aws_s3_access_point', 'policy', 's3:GetObject'],
  ['aws_s3control_access_point_policy', 'policy', 's3:GetObject'],
  ['aws_s3tables_table_bucket_policy', 'resource_policy', 's3tables:*'],
  ['aws_s3tables_table_policy', 'resource_policy', 's3tables:GetTableData'],
  ['aws_sqs_queue', 'policy', 'SQS:*'],
  ['aws_sqs_queue_policy', 'policy', 'sqs:ReceiveMessage'],
  ['aws_sns_topic', 'policy', 'SNS:Subscribe'],
  ['aws_sns_topic_policy', 'policy', 'sns:*'],
  ['aws_kms_key', 'policy', 'kms:Decrypt'],
  ['aws_kms_key_policy', 'policy', 'kms:Decrypt'],
  ['aws_kms_external_key', 'policy', 'kms:Decrypt'],
  ['aws_kms_replica_key', 'policy', 'kms:Decrypt'],
  ['aws_secretsmanager_secret', 'policy', 'secretsmanager:GetSecretValue'],
  ['aws_secretsmanager_secret_policy', 'policy', 'secretsmanager:GetSecretValue'],
  ['aws_ecr_repository_policy', 'policy', 'ecr:BatchGetImage'],
  ['aws_ecr_repository_creation_template', 'repository_policy', 'ecr:BatchGetImage'],
  ['aws_s3control_access_grants_instance_resource_policy', 'policy', 's3:GetDataAccess'],
  ['aws_cloudwatch_event_bus_policy', 'policy', 'events:*'],
  ['aws_cloudsearch_domain_service_access_policy', 'access_policy', 'cloudsearch:search'],
  ['aws_backup_vault_policy', 'policy', 'backup:StartRestoreJob'],
  ['aws_kinesis_resource_policy', 'policy', 'kinesis:GetRecords'],
  ['aws_dynamodb_resource_policy', 'policy', 'dynamodb:Query'],
  ['aws_glue_resource_policy', 'policy', 'glue:GetTable'],
  ['aws_opensearch_domain', 'access_policies', 'es:*'],
  ['aws_opensearch_domain_policy', 'access_policies', 'es:ESHttpGet'],
  ['aws_elasticsearch_domain', 'access_policies', 'es:ESHttp*'],
  ['aws_elasticsearch_domain_policy', 'access_policies', 'es:ESHttpGet'],
  ['aws_efs_file_system_policy', 'policy', 'elasticfilesystem:ClientMount'],
  ['aws_msk_cluster_policy', 'policy', 'kafka:CreateVpcConnection'],
  ['aws_codeartifact_repository_permissions_policy', 'policy_document', 'codeartifact:ReadFromRepository'],
  ['aws_codeartifact_domain_permissions_policy', 'policy_document', 'codeartifact:GetAuthorizationToken'],
  ['aws_glacier_vault', 'access_policy', 'glacier:InitiateJob'],
  ['aws_s3vectors_vector_bucket_policy', 'policy', 's3vectors:Get*'],
  ['aws_s3control_bucket_policy', 'policy', 's3-outposts:*'],
  ['aws_s3control_object_lambda_access_point_policy', 'policy', 's3-object-lambda:*'],
  ['aws_prometheus_resource_policy', 'policy_document', 'aps:*'],
  ['aws_vpclattice_auth_policy', 'policy', 'vpc-lattice-svcs:Invoke'],
  ['aws_vpclattice_resource_policy', 'policy', 'vpc-lattice:*'],
  ['aws_media_store_container_policy', 'policy', 'mediastore:GetObject'],
  ['aws_redshiftserverless_resource_policy', 'policy', 'redshift-serverless:RestoreFromSnapshot'],
  ['aws_sagemaker_model_package_group_policy', 'resource_policy', 'sagemaker:DescribeModelPackage'],
  ['aws_s3_bucket_policy', 'policy', 's3express:CreateSession'],
  ['aws_ecr_registry_policy', 'policy', 'ecr:*'],
  ['aws_glacier_vault_lock', 'policy', 'glacier:InitiateJob'],
  ['aws_dsql_cluster_policy', 'policy', 'dsql:DbConnect'],
  ['aws_lambda_resource_policy', 'policy', 'lambda:Invoke*'],
  ['aws_bedrockagentcore_resource_policy', 'policy', 'bedrock-agentcore:InvokeAgentRuntime'],
  ['aws_codebuild_resource_policy', 'policy', 'codebuild:BatchGetBuilds'],
  ['aws_s3files_file_system_policy', 'policy', 's3files:ClientMount'],
])('%s for another account', (type, path, action) => {
  expect(told(type, { [path]: text(allow(root(THEIRS), action)) })).toEqual([`low ${type}.way lets account ${THEIRS} do ${action}, and the plan is of ${OWN}`]);
  expect(told(type, { [path]: text(allow(root(OWN), action)) })).toEqual([]);
});

test('a policy inside of a block', () => {
  expect(told('aws_s3control_multi_region_access_point_policy', { details: [{ name: 'm', policy: text(allow({ AWS: THEIRS }, 's3:GetObject')) }] })).toHaveLength(1);
});

test.each<[string, readonly object[]]>([
  ['everybody', [allow('*', 's3:GetObject')]],
  ['everybody of AWS', [allow({ AWS: '*' }, ['s3:ListBucket'])]],
  ['all but one', [{ Effect: 'Allow', NotPrincipal: root(OWN), Action: 's3:*', Resource: '*' }]],
  ['everybody for all but one action', [{ Effect: 'Allow', Principal: '*', NotAction: 's3:DeleteBucket', Resource: '*' }]],
  ['everybody whose account is no account', [allow('*', 's3:GetObject', { Condition: { StringLike: { 'aws:PrincipalAccount': '*' } } })]],
  ['everybody who is of no organization', [allow('*', 's3:GetObject', { Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } })]],
  ['everybody but an account', [allow('*', 's3:GetObject', { Condition: { StringNotEquals: { 'aws:PrincipalAccount': THEIRS } } })]],
  ['everybody from every address', [allow('*', 's3:GetObject', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } })]],
  ['every role of a name', [allow('*', 's3:GetObject', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/reader' } } })]],
  ['everybody, of whom a few may not delete', [allow('*', 's3:GetObject'), { Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }]],
])('a bucket for %s', (_, statements) => expect(bucket(...statements)).toEqual([expect.stringMatching(/^medium aws_s3_bucket_policy.way lets everybody do /)]));

test.each<[string, readonly object[]]>([
  ['everybody in the organization', [allow('*', 's3:GetObject', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })]],
  ['an account of the organization', [allow(root(THEIRS), 's3:GetObject', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })]],
  ['everybody who comes by an endpoint', [allow('*', 's3:GetObject', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } })]],
  ['roles of an account', [allow('*', 's3:GetObject', { Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/*` } } })]],
  ['everybody, and nobody outside of the organization', [allow('*', 's3:GetObject'), { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } }]],
  ['those who put something in', [allow(root(THEIRS), 's3:PutObject')]],
  ['a service that asks for its own account', [allow({ Service: 'cloudfront.amazonaws.com' }, 's3:GetObject', { Condition: { StringEquals: { 'AWS:SourceArn': `arn:aws:cloudfront::${OWN}:distribution/1` } } })]],
  ['services that put something in, and look what is there', [allow({ Service: 'delivery.logs.amazonaws.com' }, ['s3:PutObject', 's3:GetBucketAcl', 's3:ListBucket'])]],
  ['nobody', [{ Effect: 'Deny', Principal: root(THEIRS), Action: 's3:*', Resource: '*' }]],
])('but not for %s', (_, statements) => expect(bucket(...statements)).toEqual([]));

test.each<[string, More]>([
  ['of the bucket', { aws_s3_bucket_public_access_block: { mine: { bucket: ref('aws_s3_bucket', 'mine'), restrict_public_buckets: true, ignore_public_acls: true } } }],
  ['of the account', { aws_s3_account_public_access_block: { mine: { block_public_policy: true, ignore_public_acls: true } } }],
])('nor where a block %s refuses it', (_, block) => {
  const own = { aws_s3_bucket: { mine: { bucket: 'mine' } } };
  expect(told('aws_s3_bucket_policy', { bucket: ref('aws_s3_bucket', 'mine'), policy: text(allow('*', 's3:GetObject')) }, { ...own, ...block })).toEqual([]);
  expect(told('aws_s3_bucket_policy', { bucket: ref('aws_s3_bucket', 'mine'), policy: text(allow(root(THEIRS), 's3:GetObject')) }, { ...own, ...block })).toHaveLength(1);
  expect(told('aws_s3_bucket_acl', { bucket: ref('aws_s3_bucket', 'mine'), acl: 'public-read' }, { ...own, ...block })).toEqual([]);
});

test.each([
  ['aws_s3_bucket_acl', { acl: 'public-read' }],
  ['aws_s3_bucket_acl', { access_control_policy: [{ grant: [{ permission: 'READ', grantee: [{ type: 'Group', uri: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers' }] }] }] }],
  ['aws_s3_bucket', { acl: 'authenticated-read' }],
  ['aws_s3_object', { bucket: 'b', key: 'k', acl: 'public-read' }],
  ['aws_s3_bucket_object', { bucket: 'b', key: 'k', acl: 'public-read-write' }],
  ['aws_s3_object_copy', { bucket: 'b', key: 'k', grant: [{ permissions: ['READ'], type: 'Group', uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }] }],
  ['aws_s3_bucket', { grant: [{ permissions: ['READ'], uri: 'http://acs.amazonaws.com/groups/global/AllUsers' }] }],
])('%s with %j', (type, body) => expect(told(type, body)).toEqual([`medium ${type}.way lets everybody read by its access list`]));

test('a private list lets nobody read', () => expect(told('aws_s3_bucket_acl', { acl: 'private', access_control_policy: [{ grant: [{ grantee: [{ uri: 'http://acs.amazonaws.com/groups/s3/LogDelivery' }] }] }] })).toEqual([]));

test.each<[string, string, object, More]>([
  ['a domain in a network', 'aws_opensearch_domain', { access_policies: text(allow('*', 'es:*')), vpc_options: [{ subnet_ids: [ref('aws_subnet', 'vault')] }] }, {}],
  ['an access point, which is closed to the public', 'aws_s3_access_point', { policy: text(allow('*', 's3:GetObject')) }, {}],
  ['files, which are mounted in a network', 'aws_efs_file_system_policy', { policy: text(allow('*', 'elasticfilesystem:ClientMount')) }, {}],
])('everybody in the policy of %s is nobody', (_, type, body, more) => expect(told(type, body, more)).toEqual([]));

test('an access point that is opened to the public', () => {
  expect(told('aws_s3_access_point', { policy: text(allow('*', 's3:GetObject')), public_access_block_configuration: [{ restrict_public_buckets: false }] })).toHaveLength(1);
});

test('where the plan does not say whose it is, an account is told mildly, and who leaves all to IAM not at all', () => {
  expect(told('aws_sqs_queue', { policy: text(allow(root(THEIRS), 'sqs:ReceiveMessage')) }, {}, '')).toEqual([expect.stringMatching(/^info aws_sqs_queue.way lets account 999999999999 do sqs:ReceiveMessage; /)]);
  expect(told('aws_kms_key', { policy: text(allow(root(THEIRS), 'kms:*')) }, {}, '')).toEqual([]);
});

test('of keys another check tells who is everybody', () => {
  for (const principal of ['*', { Service: 'logs.us-east-1.amazonaws.com' }]) expect(told('aws_kms_key', { policy: text(allow(principal, 'kms:Decrypt')) })).toEqual([]);
});

test('what has a policy or a list of its own is not told twice', () => {
  const mine = { bucket: 'mine', policy: text(allow('*', 's3:GetObject')), acl: 'public-read' };
  const bare = told('aws_s3_bucket_versioning', {}, { aws_s3_bucket: { mine } });
  expect(bare.map((message) => message.split(' ')[1])).toEqual(['aws_s3_bucket.mine', 'aws_s3_bucket.mine']);
  const apart = told('aws_s3_bucket_policy', { bucket: ref('aws_s3_bucket', 'mine'), policy: text(allow('*', 's3:GetObject')) }, { aws_s3_bucket: { mine }, aws_s3_bucket_acl: { mine: { bucket: ref('aws_s3_bucket', 'mine'), acl: 'private' } } });
  expect(apart.map((message) => message.split(' ')[1])).toEqual(['aws_s3_bucket_policy.way']);
});

test('what a service fetches for whoever asks it to', () => {
  expect(bucket(allow({ Service: 'cloudfront.amazonaws.com' }, 's3:GetObject'))).toEqual(['low aws_s3_bucket_policy.way lets cloudfront.amazonaws.com do s3:GetObject on behalf of any account']);
});

test.each(['aws_ebs_snapshot_block_public_access', 'aws_ec2_image_block_public_access'])('what nobody blocks any more by %s', (type) => {
  expect(told(type, { state: 'unblocked' })).toEqual([`low ${type}.way lets ${type.includes('ebs') ? 'snapshots' : 'images'} of the account be shared with everybody`]);
  for (const state of ['block-all-sharing', 'block-new-sharing']) expect(told(type, { state })).toEqual([]);
});

test('a policy that lets everybody do everything is told once', () => expect(bucket(allow('*', '*'))).toHaveLength(1));

describe('a text that only the apply knows', () => {
  const named = (variables: Readonly<Record<string, object>>, references: readonly string[] = ['var.partner', 'aws_s3_bucket.mine.arn', 'aws_s3_bucket.mine'], accounts: Readonly<Record<string, object>> = {}) => review(plan([
    change('aws_s3_bucket.mine', 'aws_s3_bucket', 'mine', { after: { bucket: 'mine' }, after_unknown: { id: true, arn: true } }),
    change('aws_s3_bucket_policy.way', 'aws_s3_bucket_policy', 'way', { after: {}, after_unknown: { id: true, bucket: true, policy: true } }),
    ...Object.entries(accounts).map(([name, after]) => change(`aws_iam_role.${name}`, 'aws_iam_role', name, { actions: ['no-op'], before: after, after, after_unknown: {} })),
  ], { resources: [configured('aws_s3_bucket', 'mine', { bucket: { constant_value: 'mine' } }), configured('aws_s3_bucket_policy', 'way', { bucket: { references: ['aws_s3_bucket.mine.id', 'aws_s3_bucket.mine'] }, policy: { references } })], variables: { partner: {} } }, { variables }))
    .findings.filter(({ rule }) => rule === 'policy-open-to-others').map(({ message, severity, confidence }) => `${severity} ${confidence} ${message}`);
  const says = (account: string) => [`info possible aws_s3_bucket_policy.way names account ${account} (var.partner), in a policy that is known after the apply`];

  test('names the accounts of its variables', () => {
    expect(named({ partner: { value: THEIRS } })).toEqual(says(THEIRS));
    expect(named({ partner: { value: `arn:aws:iam::${THEIRS}:root` } })).toEqual(says(THEIRS));
  });

  test('names none where these are no accounts, or one\'s own', () => {
    expect(named({ partner: { value: 'reader' } })).toEqual([]);
    expect(named({ partner: { value: THEIRS } }, ['aws_s3_bucket.mine.arn', 'aws_s3_bucket.mine'])).toEqual([]);
    expect(named({ partner: { value: OWN } }, undefined, { own: { name: 'own', arn: `arn:aws:iam::${OWN}:role/own` } })).toEqual([]);
  });
});

test('documents that may be shared with everybody', () => {
  const setting = (setting_id: string, setting_value: string) => told('aws_ssm_service_setting', { setting_id, setting_value });
  const SHARING = '/ssm/documents/console/public-sharing-permission';
  for (const id of [SHARING, `arn:aws:ssm:us-east-1:${OWN}:servicesetting${SHARING}`]) expect(setting(id, 'Enable')).toEqual(['low aws_ssm_service_setting.way lets documents of the account be shared with everybody']);
  expect([setting(SHARING, 'Disable'), setting('/ssm/parameter-store/high-throughput-enabled', 'true')]).toEqual([[], []]);
});
