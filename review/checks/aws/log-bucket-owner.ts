/** Whose the objects in the buckets of network logs are. */
import { logStores, settingsOf } from '../../model/aws/log-stores';
import { textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'log-bucket-owner',
  title: 'network logs that may belong to whoever wrote them',
  severity: 'low',
  why: 'Access lists of single objects count then, beside the policy of the bucket: its owner cannot say who reads the records, or whether anybody may.',
  fix: 'Set object_ownership to BucketOwnerEnforced, which is what AWS gives to new buckets.',
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html'],
  comparable: ['checkov CKV2_AWS_65'],
  *run({ model }) {
    for (const bucket of logStores(model, 'aws_s3_bucket')) {
      for (const setting of settingsOf(model, bucket, 'aws_s3_bucket_ownership_controls')) {
        const ownership = textAt(setting, ['rule', 0, 'object_ownership']);
        if (ownership !== undefined && ownership !== 'BucketOwnerEnforced') yield { address: bucket.address, message: `${bucket.address} has ${ownership} for the network logs in it` };
      }
    }
  },
};
