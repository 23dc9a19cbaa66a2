/** Ids within one policy. */
import { optionOf } from '../../model/aws/suricata';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'duplicate-signature-id',
  title: 'two signatures with one id',
  severity: 'low',
  why: 'Network Firewall refuses a group in which an id stands twice, and across groups the log does not say which rule it was.',
  fix: 'Give every signature a sid of its own.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-limitations-caveats.html'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      const seen = new Map<string, string>();
      for (const { group } of policy.stateful) {
        for (const rule of group?.signatures ?? []) {
          const sid = optionOf(rule, 'sid');
          if (!group || sid === undefined) continue;
          const other = seen.get(sid);
          if (other !== undefined) yield { address: group.address, message: `${group.address} uses sid ${sid} again${other === group.address ? '' : `, which ${other} has`}` };
          seen.set(sid, group.address);
        }
      }
    }
  },
};
