/** Replacements of rule groups that keep their name. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'rule-group-replaced-in-place',
  title: 'rule group that is replaced under its own name',
  severity: 'medium',
  why: 'AWS refuses to delete a group that a policy uses, and two groups cannot share a name: the apply hangs until it times out.',
  fix: 'Let the name change with what forces the replacement, and set create_before_destroy.',
  references: ['https://github.com/hashicorp/terraform-provider-aws/issues/19616'],
  comparable: [],
  *run({ model }) {
    for (const group of model.graph.ofType('aws_networkfirewall_rule_group')) {
      const name = group.valueAt('name');
      const isLate = group.lifecycle?.createBeforeDestroy === false;
      if (group.action === 'replace' && typeof name === 'string' && group.before?.['name'] === name) yield { address: group.address, message: `${group.address} is replaced and stays '${name}'` };
      else if (isLate) yield { address: group.address, message: `${group.address} would be deleted before its successor is there`, severity: 'low' };
    }
  },
};
