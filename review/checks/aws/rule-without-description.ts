/** Group rules that do not say why they are there; one finding for each group. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'rule-without-description',
  title: 'security group rule without a description',
  severity: 'info',
  why: 'Nobody dares to remove a rule whose purpose is forgotten, so it stays.',
  fix: 'Say in the description who may do what, and why.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html'],
  comparable: ['checkov CKV_AWS_23', 'trivy AWS-0124'],
  *run({ model }) {
    for (const group of model.groups) {
      const silent = group.rules.filter((rule) => !rule.described);
      const [first] = silent.map(({ address }) => address).sort();
      if (first === undefined) continue;
      yield {
        address: first,
        message: `${group.address} has ${silent.length === 1 ? 'a rule' : `${silent.length} rules`} without a description`,
        ...(group.segment === undefined ? {} : { segment: group.segment }),
      };
    }
  },
};
