/** The log groups of flow logs and firewalls. */
import { numberAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'log-retention-short',
  title: 'network logs kept for less than a year',
  severity: 'low',
  why: 'Leaks are found late: a record that is gone by then answers nothing.',
  fix: 'Set retention_in_days to 365 or more.',
  references: ['https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html'],
  comparable: ['checkov CKV_AWS_338'],
  *run({ model }) {
    const writers = ['aws_flow_log', 'aws_networkfirewall_logging_configuration', 'aws_route53_resolver_query_log_config'].flatMap((type) => model.graph.ofType(type));
    const groups = new Set(writers.flatMap((writer) => writer.references([], { types: ['aws_cloudwatch_log_group'] }).likely));
    for (const group of groups) {
      const days = numberAt(group, 'retention_in_days');
      if (days !== undefined && days > 0 && days < 365) yield { address: group.address, message: `${group.address} keeps network logs for ${days} days` };
    }
  },
};
