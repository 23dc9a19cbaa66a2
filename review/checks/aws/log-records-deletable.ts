/** Buckets that network logs go to, and who may take records out of them. */
import { logStores, settingsOf } from '../../model/aws/log-stores';
import { statementsAt, takesIn, type Statement } from '../../model/aws/policy-documents';
import { flagAt, isSet } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import { MORE } from '../../model/aws/written-documents';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'log-records-deletable',
  title: 'bucket of network logs from which records can be deleted',
  severity: 'low',
  why: 'Whoever breaks in takes the traces away: with rights on the bucket, a deleted version of a record is gone at once; and Terraform empties a bucket with force_destroy before it deletes it.',
  fix: 'Refuse s3:DeleteObject and s3:DeleteObjectVersion to everybody in the bucket policy; lifecycle rules delete all the same. Or lock objects for the time of retention. Leave force_destroy off.',
  references: ['https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html'],
  comparable: [],
  *run({ model }) {
    for (const bucket of logStores(model, 'aws_s3_bucket')) {
      if (flagAt(bucket, 'force_destroy') === true) yield { address: bucket.address, message: `${bucket.address} holds network logs, and a destroy takes them along (force_destroy)` };
      const isLocked = settingsOf(model, bucket, 'aws_s3_bucket_object_lock_configuration').some((lock) => isSet(lock, 'rule'));
      const policies = settingsOf(model, bucket, 'aws_s3_bucket_policy').map((policy) => statementsAt(policy, 'policy'));
      // A policy that is only known after apply may say it.
      if (isLocked || policies.includes(undefined)) continue;
      const statements = policies.flatMap((policy) => policy ?? []);
      const open = ['s3:DeleteObject', 's3:DeleteObjectVersion'].filter((action) => !statements.some((statement) => refuses(statement, action)));
      if (open.length > 0) yield { address: bucket.address, message: `${bucket.address} holds network logs and refuses ${open.join(' and ')} to nobody` };
    }
  },
};

/** Whether nobody at all may do it; exceptions are conditions. */
function refuses({ allows, principals, actions, resources, conditionKeys }: Statement, action: string): boolean {
  return !allows && principals.includes('*') && conditionKeys.length === 0 && resources.some((each) => EVERY_RECORD.test(each)) && actions.some((pattern) => takesIn(pattern, action));
}

/** All objects of a bucket, and no folder alone; or what the plan does not tell. */
const EVERY_RECORD = new RegExp(`^(\\*|[^/]*/\\*|.*${MORE})$`);
