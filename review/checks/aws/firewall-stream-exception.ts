/** CONTINUE, which is not the default. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-stream-exception',
  title: 'firewall that lets lost streams go on',
  severity: 'medium',
  why: 'A stream that the engine lost track of is one that nobody inspects.',
  fix: 'Set stream_exception_policy to DROP, or to REJECT.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/stream-exception-policy.html'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      if (policy.streamException === 'CONTINUE') yield { address: policy.address, message: `${policy.address} has stream_exception_policy CONTINUE` };
    }
  },
};
