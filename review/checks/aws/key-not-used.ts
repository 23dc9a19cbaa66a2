/** Firewalls and network logs beside others that are under a key of one's own, or outside of the key that the policy file names. */
import { hasKey, keysOf, keyTexts, underKeys } from '../../model/aws/log-stores';
import type { AwsModel } from '../../model/aws/model';
import { environmentsOf } from '../../model/aws/planned-environments';
import type { Resource } from '../../plan/resource-graph';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'key-not-used',
  title: 'network record or firewall outside of the key that the policy names, or that others of its plan are under',
  severity: 'low',
  why: 'Who takes the key away from everybody, after an intrusion say, has to be sure that nothing is left that can be read without it.',
  fix: 'Name the same key: kms_key_id of a log group, the encryption configuration of a bucket, encryption_configuration of the parts of a firewall.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/kms-encryption-at-rest.html', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html'],
  comparable: ['checkov CKV_AWS_158', 'checkov CKV_AWS_345', 'checkov CKV_AWS_346', 'trivy AWS-0017'],
  *run({ model, policy }) {
    const all = underKeys(model).map((resource) => ({ resource, isUnder: hasKey(model, resource) }));
    const [wanted, ...others] = new Set(environmentsOf(model, policy).flatMap(({ environment: { kmsKey } }) => kmsKey ?? []));
    const named = others.length > 0 ? undefined : wanted;
    if (named === undefined && !all.some(({ isUnder }) => isUnder)) return;
    for (const { resource, isUnder } of all) {
      const { address } = resource;
      if (!isUnder) yield { address, message: `${address} is encrypted by a key that AWS owns, while ${named === undefined ? 'others have one of yours' : `the policy ${wordsFor(named)}`}` };
      else if (named !== undefined) {
        const other = otherKey(model, resource, named);
        if (other !== undefined) yield { address, message: `${address} is under ${other}, while the policy ${wordsFor(named)}` };
      }
    }
  },
};

function wordsFor(kmsKey: string): string {
  return kmsKey === 'create' ? 'wants a key that the plan makes (kmsKey: create)' : `names ${kmsKey}`;
}

/** Undefined as well where the plan does not tell: which key an alias means today no plan says. */
function otherKey(model: AwsModel, resource: Resource, named: string): string | undefined {
  const made = keysOf(model, resource);
  const [text] = keyTexts(model, resource);
  if (named === 'create') return made.length > 0 || text?.includes('alias/') === true ? undefined : text;
  if (text === undefined) return made[0]?.address;
  // Also by its id alone, as some attributes take it.
  return text === named || named.endsWith(`:key/${text}`) || text.includes('alias/') ? undefined : text;
}
