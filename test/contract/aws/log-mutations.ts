/** Ways to lose the records of a network whose logs go to a bucket under a key of its own. */
import type { Mutation, SynthesizedStack } from '../observation';
import { drop, find, mutation } from './mutating';

function statements(stack: SynthesizedStack, type: string, edit: (statements: any[]) => any[]): void {
  const body = find(stack, type);
  const document = JSON.parse(body.policy);
  body.policy = JSON.stringify({ ...document, Statement: edit(document.Statement) });
}

const BUCKET = 'aws_s3_bucket_policy';
const KEY = 'aws_kms_key';

export const logMutations: readonly Mutation[] = [
  mutation('bucket that may be made public', 'log-bucket-exposed', (stack) => drop(stack, 'aws_s3_bucket_public_access_block')),
  mutation('bucket with a public policy allowed', 'log-bucket-exposed', (stack) => void (find(stack, 'aws_s3_bucket_public_access_block').restrict_public_buckets = false)),
  mutation('bucket that answers without TLS', 'log-bucket-exposed', (stack) => statements(stack, BUCKET, (all) => all.filter(({ Sid }) => Sid !== 'DenyInsecureTransport'))),
  mutation('delivery on behalf of any account', 'log-bucket-exposed', (stack) => statements(stack, BUCKET, (all) => all.map((each) => (each.Sid === 'AWSLogDeliveryWrite' ? { ...each, Condition: {} } : each)))),
  mutation('bucket that anybody writes to', 'log-bucket-exposed', (stack) => statements(stack, BUCKET, (all) => [...all, { Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: '*' }])),
  mutation('objects that belong to whoever wrote them', 'log-bucket-owner', (stack) => void (find(stack, 'aws_s3_bucket_ownership_controls').rule.object_ownership = 'ObjectWriter')),
  mutation('delivery that the bucket refuses', 'log-delivery-refused', (stack) => statements(stack, BUCKET, (all) => all.filter(({ Sid }) => Sid !== 'AWSLogDeliveryWrite'))),
  mutation('flow log before the policy of its bucket', 'log-delivery-refused', (stack) => void delete find(stack, 'aws_flow_log').depends_on),
  mutation('flow log that takes its bucket for a stream', 'log-delivery-refused', (stack) => void (find(stack, 'aws_flow_log').log_destination_type = 'kinesis-data-firehose')),
  mutation('firewall logs whose bucket is named by its ARN', 'firewall-logs-missing', (stack) => {
    for (const config of find(stack, 'aws_networkfirewall_logging_configuration').logging_configuration.log_destination_config) config.log_destination.bucketName = 'arn:aws:s3:::acme';
  }),
  mutation('records that anybody in the account deletes', 'log-records-deletable', (stack) => statements(stack, BUCKET, (all) => all.filter(({ Sid }) => Sid !== 'DenyDeletion'))),
  mutation('old versions of records that anybody in the account deletes', 'log-records-deletable', (stack) => statements(stack, BUCKET, (all) => all.map((each) => (each.Sid === 'DenyDeletion' ? { ...each, Action: ['s3:DeleteObject'] } : each)))),
  mutation('bucket without versions', 'log-bucket-overwritten', (stack) => drop(stack, 'aws_s3_bucket_versioning')),
  mutation('bucket that is emptied after a week', 'log-retention-short', (stack) => void (find(stack, 'aws_s3_bucket_lifecycle_configuration').rule[0].expiration[0].days = 7)),
  mutation('bucket without its key', 'key-not-used', (stack) => void (find(stack, 'aws_s3_bucket_server_side_encryption_configuration').rule[0].apply_server_side_encryption_by_default = { sse_algorithm: 'AES256' })),
  mutation('firewall without its key', 'key-not-used', (stack) => void delete find(stack, 'aws_networkfirewall_firewall').encryption_configuration),
  mutation('rule group without its key', 'key-not-used', (stack) => void delete find(stack, 'aws_networkfirewall_rule_group').encryption_configuration),
  mutation('key that is not rotated', 'key-not-rotated', (stack) => void (find(stack, KEY).enable_key_rotation = false)),
  mutation('key for any account by way of log delivery', 'key-policy-open', (stack) => statements(stack, KEY, (all) => all.map((each) => (each.Sid === 'LogDelivery' ? { ...each, Condition: undefined } : each)))),
  mutation('key for every log group of every account', 'key-policy-open', (stack) => statements(stack, KEY, (all) => all.map((each) => (each.Sid === 'LogGroups' ? { ...each, Condition: undefined } : each)))),
  mutation('key that log delivery may not use', 'log-delivery-refused', (stack) => statements(stack, KEY, (all) => all.filter(({ Sid }) => Sid !== 'LogDelivery'))),
];
