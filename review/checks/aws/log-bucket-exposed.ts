/** Buckets that network logs go to. */
import { logStores, settingsOf } from '../../model/aws/log-stores';
import { isUnbounded, statementsAt } from '../../model/aws/policy-documents';
import { flagAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

const BLOCKS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];

export const check: Check<AwsModel> = {
  id: 'log-bucket-exposed',
  title: 'bucket of network logs that others may reach or write to',
  severity: 'medium',
  why: 'Logs say which hosts exist, who talks to whom and what is blocked; and a bucket that takes records on behalf of any account takes forged ones, too.',
  fix: 'Block public access, refuse requests without TLS, and let delivery.logs.amazonaws.com write only with aws:SourceAccount and aws:SourceArn.',
  references: ['https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html'],
  comparable: ['checkov CKV2_AWS_6', 'checkov CKV_AWS_53', 'checkov CKV_AWS_54', 'checkov CKV_AWS_55', 'checkov CKV_AWS_56', 'trivy AWS-0086', 'trivy AWS-0087', 'trivy AWS-0091', 'trivy AWS-0093', 'trivy AWS-0094'],
  *run({ model }) {
    for (const bucket of logStores(model, 'aws_s3_bucket')) {
      const say = (message: string) => ({ address: bucket.address, message: `${bucket.address} ${message}` });
      const blocks = settingsOf(model, bucket, 'aws_s3_bucket_public_access_block');
      const open = BLOCKS.filter((name) => !blocks.some((block) => flagAt(block, name) === true || block.unknownAt(name) !== undefined));
      if (open.length > 0) yield say(`holds network logs without ${open.join(', ')}`);
      const policies = settingsOf(model, bucket, 'aws_s3_bucket_policy').map((policy) => statementsAt(policy, 'policy'));
      // A policy that is only known after apply may say all of it.
      if (policies.includes(undefined)) continue;
      const statements = policies.flatMap((policy) => policy ?? []);
      if (!statements.some(({ allows, principals, conditionKeys }) => !allows && principals.includes('*') && conditionKeys.includes('aws:securetransport'))) yield say('holds network logs and answers without TLS');
      const wide = statements.find(isUnbounded);
      if (wide) yield say(`lets ${wide.principals.join(', ')} do ${wide.actions.join(', ')} on behalf of any account`);
    }
  },
};
