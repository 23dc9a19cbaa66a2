/** Policies that say who may fetch what a resource holds. */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { expanded } from './expanded';
import { flagAt, isSet, textAt } from './read';

export interface ResourcePolicy {
  readonly type: string;
  readonly path: PathLike;
  /** Actions by which data leaves: who may do any of them has it. Putting something in is none. */
  readonly takes: readonly string[];
  /** What has the policy of such a thing apart: the provider reads it back into this, and may show an older one. */
  readonly apart?: string;
  /** True where another check tells of everybody, and of services for everybody. */
  readonly isTold?: true;
  /** Whether nobody gets in merely because the policy names everybody: only networks come to it, or AWS refuses it. */
  readonly isClosed?: (resource: Resource) => boolean;
}

const BUCKETS = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'];
const QUEUES = ['sqs:ReceiveMessage'];
const TOPICS = ['sns:Subscribe'];
const SECRETS = ['secretsmanager:GetSecretValue'];
const SEARCH = ['es:ESHttpGet', 'es:ESHttpPost'];
const KEYS = ['kms:Decrypt', 'kms:CreateGrant', 'kms:ReEncryptFrom'];
const always = (): boolean => true;
const inNetwork = (resource: Resource): boolean => isSet(resource, 'vpc_options');
/** An access point is closed to the public from its beginning. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html */
const isBlocked = (point: Resource): boolean => flagAt(point, ['public_access_block_configuration', 0, 'restrict_public_buckets']) !== false;
const ofTarget = (path: string, type: string, is: (target: Resource) => boolean) => (policy: Resource): boolean => policy.references(path, { types: [type] }).targets.some(is);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html */
export const RESOURCE_POLICIES: readonly ResourcePolicy[] = [
  { type: 'aws_s3_bucket_policy', path: 'policy', takes: BUCKETS },
  // Of a directory bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html
  { type: 'aws_s3_bucket_policy', path: 'policy', takes: ['s3express:CreateSession'] },
  { type: 'aws_s3_bucket', path: 'policy', apart: 'aws_s3_bucket_policy', takes: BUCKETS },
  { type: 'aws_s3_access_point', path: 'policy', apart: 'aws_s3control_access_point_policy', takes: BUCKETS, isClosed: isBlocked },
  { type: 'aws_s3control_access_point_policy', path: 'policy', takes: BUCKETS, isClosed: ofTarget('access_point_arn', 'aws_s3_access_point', isBlocked) },
  { type: 'aws_s3control_multi_region_access_point_policy', path: ['details', 0, 'policy'], takes: BUCKETS },
  { type: 'aws_s3tables_table_bucket_policy', path: 'resource_policy', takes: ['s3tables:GetTableData'] },
  { type: 'aws_s3tables_table_policy', path: 'resource_policy', takes: ['s3tables:GetTableData'] },
  { type: 'aws_sqs_queue', path: 'policy', apart: 'aws_sqs_queue_policy', takes: QUEUES },
  { type: 'aws_sqs_queue_policy', path: 'policy', takes: QUEUES },
  { type: 'aws_sns_topic', path: 'policy', apart: 'aws_sns_topic_policy', takes: TOPICS },
  { type: 'aws_sns_topic_policy', path: 'policy', takes: TOPICS },
  { type: 'aws_kms_key', path: 'policy', apart: 'aws_kms_key_policy', takes: KEYS, isTold: true },
  { type: 'aws_kms_key_policy', path: 'policy', takes: KEYS, isTold: true },
  { type: 'aws_kms_external_key', path: 'policy', apart: 'aws_kms_key_policy', takes: KEYS, isTold: true },
  { type: 'aws_kms_replica_key', path: 'policy', apart: 'aws_kms_key_policy', takes: KEYS, isTold: true },
  { type: 'aws_secretsmanager_secret', path: 'policy', apart: 'aws_secretsmanager_secret_policy', takes: SECRETS },
  { type: 'aws_secretsmanager_secret_policy', path: 'policy', takes: SECRETS },
  { type: 'aws_ecr_repository_policy', path: 'policy', takes: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] },
  // Of every repository of the account: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
  { type: 'aws_ecr_registry_policy', path: 'policy', takes: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] },
  { type: 'aws_ecr_repository_creation_template', path: 'repository_policy', takes: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] },
  { type: 'aws_backup_vault_policy', path: 'policy', takes: ['backup:StartRestoreJob', 'backup:StartCopyJob', 'backup:CopyFromBackupVault'] },
  { type: 'aws_kinesis_resource_policy', path: 'policy', takes: ['kinesis:GetRecords', 'kinesis:SubscribeToShard'] },
  { type: 'aws_dynamodb_resource_policy', path: 'policy', takes: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan', 'dynamodb:GetRecords'] },
  // https://docs.aws.amazon.com/aurora-dsql/latest/userguide/resource-based-policies.html
  { type: 'aws_dsql_cluster_policy', path: 'policy', takes: ['dsql:DbConnect', 'dsql:DbConnectAdmin'] },
  // https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
  { type: 'aws_lambda_resource_policy', path: 'policy', takes: ['lambda:InvokeFunction'] },
  // https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/resource-based-policies.html
  { type: 'aws_bedrockagentcore_resource_policy', path: 'policy', takes: ['bedrock-agentcore:InvokeAgentRuntime', 'bedrock-agentcore:InvokeGateway'] },
  // Builds show what they were given: https://docs.aws.amazon.com/codebuild/latest/userguide/project-sharing.html
  { type: 'aws_codebuild_resource_policy', path: 'policy', takes: ['codebuild:BatchGetBuilds', 'codebuild:BatchGetProjects', 'codebuild:BatchGetReports'] },
  { type: 'aws_glue_resource_policy', path: 'policy', takes: ['glue:GetTable'] },
  { type: 'aws_opensearch_domain', path: 'access_policies', apart: 'aws_opensearch_domain_policy', takes: SEARCH, isClosed: inNetwork },
  { type: 'aws_opensearch_domain_policy', path: 'access_policies', takes: SEARCH, isClosed: ofTarget('domain_name', 'aws_opensearch_domain', inNetwork) },
  { type: 'aws_elasticsearch_domain', path: 'access_policies', apart: 'aws_elasticsearch_domain_policy', takes: SEARCH, isClosed: inNetwork },
  { type: 'aws_elasticsearch_domain_policy', path: 'access_policies', takes: SEARCH, isClosed: ofTarget('domain_name', 'aws_elasticsearch_domain', inNetwork) },
  { type: 'aws_efs_file_system_policy', path: 'policy', takes: ['elasticfilesystem:ClientMount'], isClosed: always },
  { type: 'aws_s3files_file_system_policy', path: 'policy', takes: ['s3files:ClientMount'], isClosed: always },
  { type: 'aws_msk_cluster_policy', path: 'policy', takes: ['kafka-cluster:ReadData', 'kafka:CreateVpcConnection'] },
  { type: 'aws_codeartifact_repository_permissions_policy', path: 'policy_document', takes: ['codeartifact:ReadFromRepository'] },
  { type: 'aws_codeartifact_domain_permissions_policy', path: 'policy_document', takes: ['codeartifact:GetAuthorizationToken'] },
  { type: 'aws_glacier_vault', path: 'access_policy', takes: ['glacier:InitiateJob'] },
  { type: 'aws_glacier_vault_lock', path: 'policy', takes: ['glacier:InitiateJob'] },
  { type: 'aws_media_store_container_policy', path: 'policy', takes: ['mediastore:GetObject'] },
  { type: 'aws_redshiftserverless_resource_policy', path: 'policy', takes: ['redshift-serverless:RestoreFromSnapshot'] },
  { type: 'aws_s3vectors_vector_bucket_policy', path: 'policy', takes: ['s3vectors:GetVectors', 's3vectors:QueryVectors'] },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-cross-accounts.html
  { type: 'aws_s3control_access_grants_instance_resource_policy', path: 'policy', takes: ['s3:GetDataAccess'] },
  // Who puts a target to a bus gets its events: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
  { type: 'aws_cloudwatch_event_bus_policy', path: 'policy', takes: ['events:PutTargets'] },
  { type: 'aws_cloudsearch_domain_service_access_policy', path: 'access_policy', takes: ['cloudsearch:search', 'cloudsearch:document'] },
  { type: 'aws_s3control_bucket_policy', path: 'policy', takes: ['s3-outposts:GetObject'] },
  { type: 'aws_s3control_object_lambda_access_point_policy', path: 'policy', takes: ['s3-object-lambda:GetObject'], isClosed: always },
  { type: 'aws_prometheus_resource_policy', path: 'policy_document', takes: ['aps:QueryMetrics'] },
  // Only networks that are joined come to a service: https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
  { type: 'aws_vpclattice_auth_policy', path: 'policy', takes: ['vpc-lattice-svcs:Invoke'], isClosed: always },
  { type: 'aws_vpclattice_resource_policy', path: 'policy', takes: ['vpc-lattice:CreateServiceNetworkVpcAssociation', 'vpc-lattice:CreateServiceNetworkServiceAssociation', 'vpc-lattice:CreateServiceNetworkResourceAssociation', 'ec2:CreateVpcEndpoint'] },
  { type: 'aws_sagemaker_model_package_group_policy', path: 'resource_policy', takes: ['sagemaker:DescribeModelPackage'] },
];

const EVERYBODY = /\/global\/(AllUsers|AuthenticatedUsers)$/;

/** What has an access list of its own. */
export const LISTED = ['aws_s3_bucket_acl', 'aws_s3_bucket', 'aws_s3_object', 'aws_s3_bucket_object', 'aws_s3_object_copy'] as const;

/** Whether the access list of a bucket, or of an object, lets everybody read. https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html */
export function isPublicAcl(resource: Resource): boolean {
  if (/^(public-read|public-read-write|authenticated-read)$/.test(textAt(resource, 'acl') ?? '')) return true;
  const granted = expanded(resource, [['access_control_policy', 0, 'grant', '*', 'grantee', 0, 'uri'], ['grant', '*', 'uri']]);
  return granted.some((path) => EVERYBODY.test(textAt(resource, path) ?? ''));
}
