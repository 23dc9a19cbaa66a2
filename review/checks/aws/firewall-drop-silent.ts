/** A default drop without any default alert. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-drop-silent',
  title: 'default drop that leaves no record',
  severity: 'low',
  why: 'A drop without its alert twin cannot be told from a broken network.',
  fix: 'Add the aws:alert_ action of the same family beside the aws:drop_ action.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html'],
  comparable: [],
  *run({ model }) {
    for (const { address, statefulDefaults: actions } of model.policies) {
      if (actions.some((action) => action.startsWith('aws:drop')) && !actions.some((action) => action.startsWith('aws:alert'))) yield { address, message: `${address} drops by ${actions.join(', ')} and writes no alert` };
    }
  },
};
