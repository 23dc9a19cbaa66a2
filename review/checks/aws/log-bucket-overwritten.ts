/** Versions in the buckets that network logs go to. */
import { logStores, settingsOf } from '../../model/aws/log-stores';
import { flagAt, textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'log-bucket-overwritten',
  title: 'bucket of network logs without versions',
  severity: 'low',
  why: 'Who may write to the bucket can write over the record of what they did; without versions the first record is gone.',
  fix: 'Add aws_s3_bucket_versioning with status Enabled, or an object lock.',
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html'],
  comparable: ['checkov CKV_AWS_21', 'trivy AWS-0090'],
  *run({ model }) {
    for (const bucket of logStores(model, 'aws_s3_bucket')) {
      const path = ['versioning_configuration', 0, 'status'];
      const isKept = settingsOf(model, bucket, 'aws_s3_bucket_versioning').some((setting) => textAt(setting, path) === 'Enabled' || setting.unknownAt(path) !== undefined);
      // A lock brings versions with it; older configurations have them in the bucket itself.
      if (isKept || flagAt(bucket, 'object_lock_enabled') === true || flagAt(bucket, ['versioning', 0, 'enabled']) === true) continue;
      yield { address: bucket.address, message: `${bucket.address} keeps no versions of the network logs in it` };
    }
  },
};
