/** The log groups and buckets of flow logs, firewalls and DNS queries. */
import { logStores, settingsOf } from '../../model/aws/log-stores';
import { numberAt, textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import { environmentsOf } from '../../model/aws/planned-environments';
import type { Check } from '../check';

const YEAR = 365;

export const check: Check<AwsModel> = {
  id: 'log-retention-short',
  title: 'network logs kept for less than a year, or than the policy file says',
  severity: 'low',
  why: 'Leaks are found late: a record that is gone by then answers nothing.',
  fix: 'Set retention_in_days to 365 or more; for a bucket, the days of its expiration rule.',
  references: ['https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html'],
  comparable: ['checkov CKV_AWS_66', 'checkov CKV_AWS_338'],
  *run({ model, policy }) {
    // What the policy file asks for beyond that.
    const wanted = Math.max(YEAR, ...environmentsOf(model, policy).map(({ environment: { logs } }) => ('retentionDays' in logs ? logs.retentionDays : 0)));
    for (const group of logStores(model, 'aws_cloudwatch_log_group')) {
      const days = numberAt(group, 'retention_in_days');
      if (days !== undefined && days > 0 && days < wanted) yield { address: group.address, message: `${group.address} keeps network logs for ${days} days` };
    }
    for (const bucket of logStores(model, 'aws_s3_bucket')) {
      const rules = settingsOf(model, bucket, 'aws_s3_bucket_lifecycle_configuration')
        .flatMap((setting) => setting.elements('rule').filter((path) => textAt(setting, [...path, 'status']) === 'Enabled').map((path) => numberAt(setting, [...path, 'expiration', 0, 'days'])));
      const days = Math.min(...rules.filter((each) => each !== undefined && each > 0) as number[]);
      if (days < wanted) yield { address: bucket.address, message: `${bucket.address} keeps network logs for ${days} days` };
    }
  },
};
