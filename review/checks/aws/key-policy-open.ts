/** KMS keys in the plan: who may use them. */
import { isUnbounded, statementsAt } from '../../model/aws/policy-documents';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'key-policy-open',
  title: 'key that a service may use on behalf of any account',
  severity: 'medium',
  why: 'A service acts for whoever asks it to: without a condition on the account or the encryption context, others can have their data encrypted and read with this key.',
  fix: 'Add aws:SourceAccount and aws:SourceArn, or for CloudWatch Logs kms:EncryptionContext:aws:logs:arn, to each statement that lets a service in.',
  references: ['https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html'],
  comparable: ['checkov CKV_AWS_33'],
  *run({ model }) {
    const { graph } = model;
    // The provider reads a policy of its own back into its key.
    const apart = graph.ofType(APART);
    const keys = KEYS.flatMap((type) => graph.ofType(type)).filter((key) => apart.length === 0 || graph.referrers(key, [APART]).length === 0);
    for (const key of [...keys, ...apart]) {
      const wide = statementsAt(key, 'policy')?.find(isUnbounded);
      if (wide) yield { address: key.address, message: `${key.address} lets ${wide.principals.join(', ')} do ${wide.actions.join(', ')} on behalf of any account` };
    }
  },
};

const APART = 'aws_kms_key_policy';
const KEYS = ['aws_kms_key', 'aws_kms_external_key', 'aws_kms_replica_key', 'aws_kms_replica_external_key'];
