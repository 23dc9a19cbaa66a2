/** Where network logs are kept: log groups and buckets, by what writes to them. */
import type { Resource } from '../../plan/resource-graph';
import type { AwsModel } from './model';

const WRITERS = ['aws_flow_log', 'aws_networkfirewall_logging_configuration', 'aws_route53_resolver_query_log_config'];

/** The log groups or buckets in the plan that flow logs, firewall logs or DNS queries go to. */
export function logStores(model: AwsModel, type: 'aws_cloudwatch_log_group' | 'aws_s3_bucket'): readonly Resource[] {
  const writers = WRITERS.flatMap((writer) => model.graph.ofType(writer));
  return [...new Set(writers.flatMap((writer) => writer.references([], { types: [type] }).likely.filter((each) => each.type === type)))];
}

/** The resources of a type that set something on a bucket: `aws_s3_bucket_policy`. */
export function settingsOf(model: AwsModel, bucket: Resource, type: string): readonly Resource[] {
  return model.graph.ofType(type).filter((each) => each.references('bucket', { types: ['aws_s3_bucket'] }).targets.includes(bucket));
}
