/** KMS keys in the plan that never change. */
import { flagAt, isSet, textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'key-not-rotated',
  title: 'key that is never rotated',
  severity: 'low',
  why: 'One key material for ever means that whoever gets it once reads everything, before and after.',
  fix: 'Set enable_key_rotation; KMS keeps the old material for what it encrypted.',
  references: ['https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html'],
  comparable: ['checkov CKV_AWS_7', 'trivy AWS-0065'],
  *run({ model }) {
    for (const key of model.graph.ofType('aws_kms_key')) {
      // Rotation is for symmetric keys whose material KMS makes.
      const other = [textAt(key, 'customer_master_key_spec') ?? 'SYMMETRIC_DEFAULT', textAt(key, 'key_usage') ?? 'ENCRYPT_DECRYPT'].join() !== 'SYMMETRIC_DEFAULT,ENCRYPT_DECRYPT' || isSet(key, 'custom_key_store_id');
      if (!other && flagAt(key, 'enable_key_rotation') !== true && key.unknownAt('enable_key_rotation') === undefined) yield { address: key.address, message: `${key.address} is not rotated` };
    }
  },
};
