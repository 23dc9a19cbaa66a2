/** Firewalls and network logs beside others that are under a key of one's own. */
import { hasKey, underKeys } from '../../model/aws/log-stores';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'key-not-used',
  title: 'network record or firewall outside of the key that others of its plan are under',
  severity: 'low',
  why: 'Who takes the key away from everybody, after an intrusion say, has to be sure that nothing is left that can be read without it.',
  fix: 'Name the same key: kms_key_id of a log group, the encryption configuration of a bucket, encryption_configuration of the parts of a firewall.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/kms-encryption-at-rest.html', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html'],
  comparable: ['checkov CKV_AWS_158', 'checkov CKV_AWS_345', 'checkov CKV_AWS_346', 'trivy AWS-0017'],
  *run({ model }) {
    const all = underKeys(model).map((resource) => ({ resource, isUnder: hasKey(model, resource) }));
    if (!all.some(({ isUnder }) => isUnder)) return;
    for (const { resource, isUnder } of all) {
      if (!isUnder) yield { address: resource.address, message: `${resource.address} is encrypted by a key that AWS owns, while others have one of yours` };
    }
  },
};
