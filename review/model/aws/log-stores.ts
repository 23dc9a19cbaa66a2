/** Where network logs are kept: log groups and buckets, by what writes to them; and the keys that they are under. */
import type { PathLike } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { expanded } from './expanded';
import type { AwsModel } from './model';
import { isSet, textAt } from './read';

const WRITERS = ['aws_flow_log', 'aws_networkfirewall_logging_configuration', 'aws_route53_resolver_query_log_config'];
const FIREWALL_PARTS = ['firewall', 'firewall_policy', 'rule_group', 'tls_inspection_configuration'].map((part) => `aws_networkfirewall_${part}`);

/** The log groups or buckets in the plan that flow logs, firewall logs or DNS queries go to. */
export function logStores(model: AwsModel, type: 'aws_cloudwatch_log_group' | 'aws_s3_bucket'): readonly Resource[] {
  return [...new Set(WRITERS.flatMap((writer) => model.graph.ofType(writer)).flatMap((writer) => storesOf(writer, type)))];
}

/** What writes network logs to a bucket. */
export function writersTo(model: AwsModel, bucket: Resource): readonly Resource[] {
  return WRITERS.flatMap((writer) => model.graph.ofType(writer)).filter((writer) => storesOf(writer, 'aws_s3_bucket').includes(bucket));
}

/** By kind of what writes: what names the place, and where the place is one of several in a list. */
const NAMED: readonly (readonly [type: string, path: PathLike])[] = [
  ['aws_flow_log', 'log_destination'], ['aws_route53_resolver_query_log_config', 'destination_arn'],
  ...['bucketName', 'logGroup', 'deliveryStream'].map((key) => ['aws_networkfirewall_logging_configuration', ['logging_configuration', '*', 'log_destination_config', '*', 'log_destination', key]] as const),
];

/** The places of network logs that the plan does not make, as far as it says them. */
export function strangePlaces(model: AwsModel): readonly { readonly writer: Resource; readonly text: string }[] {
  const made = new Set(['aws_cloudwatch_log_group', 'aws_s3_bucket', 'aws_kinesis_firehose_delivery_stream'].flatMap((type) => model.graph.ofType(type)).flatMap((store) => ['name', 'bucket', 'arn'].flatMap((name) => textAt(store, name) ?? [])));
  return NAMED.flatMap(([type, path]) => model.graph.ofType(type).flatMap((writer) => expanded(writer, [path]).flatMap((each) => {
    const text = textAt(writer, each);
    const isMade = text === undefined || made.has(text.replace(/:\*$/, '')) || writer.references(each).targets.some((target) => target !== writer && target.mode === 'managed');
    return writer.mode === 'managed' && !isMade ? [{ writer, text }] : [];
  })));
}

function storesOf(writer: Resource, type: string): readonly Resource[] {
  return writer.references([], { types: [type] }).likely.filter((each) => each.type === type);
}

/** The resources of a type that set something on a bucket: `aws_s3_bucket_policy`. */
export function settingsOf(model: AwsModel, bucket: Resource, type: string): readonly Resource[] {
  return model.graph.ofType(type).filter((each) => each.references('bucket', { types: ['aws_s3_bucket'] }).targets.includes(bucket));
}

/** What can be under a key: the stores of network logs, and the parts of a firewall. */
export function underKeys(model: AwsModel): readonly Resource[] {
  return [...logStores(model, 'aws_cloudwatch_log_group'), ...logStores(model, 'aws_s3_bucket'), ...FIREWALL_PARTS.flatMap((type) => model.graph.ofType(type))];
}

/** True when a key is named for it. */
export function hasKey(model: AwsModel, resource: Resource): boolean {
  return keyPlaces(model, resource).length > 0;
}

/** The keys in the plan that are named for it. */
export function keysOf(model: AwsModel, resource: Resource): readonly Resource[] {
  return keyPlaces(model, resource).flatMap(([holder, path]) => holder.references(path, { types: ['aws_kms_key'] }).targets);
}

/** What names the key for it, as far as the plan says it: an ARN, an id, an alias. */
export function keyTexts(model: AwsModel, resource: Resource): readonly string[] {
  return keyPlaces(model, resource).flatMap(([holder, path]) => textAt(holder, path) ?? []);
}

function keyPlaces(model: AwsModel, resource: Resource): readonly (readonly [holder: Resource, path: PathLike])[] {
  const path: PathLike = resource.type === 'aws_cloudwatch_log_group' ? 'kms_key_id'
    : resource.type === 'aws_s3_bucket' ? ['rule', 0, 'apply_server_side_encryption_by_default', 0, 'kms_master_key_id'] : ['encryption_configuration', 0, 'key_id'];
  const holders = resource.type === 'aws_s3_bucket' ? settingsOf(model, resource, 'aws_s3_bucket_server_side_encryption_configuration') : [resource];
  return holders.filter((holder) => isSet(holder, path) && !isOfAws(holder)).map((holder) => [holder, path] as const);
}

/** Whether it says that a key of AWS's is used, whatever key stands beside. */
function isOfAws(holder: Resource): boolean {
  return textAt(holder, ['encryption_configuration', 0, 'type']) === 'AWS_OWNED_KMS_KEY' || textAt(holder, ['rule', 0, 'apply_server_side_encryption_by_default', 0, 'sse_algorithm']) === 'AES256';
}
