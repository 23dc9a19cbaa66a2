/** Explicit drops below the passes of a strict policy. */
import { floorsOf } from '../../model/aws/floors';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-floor-missing',
  title: 'traffic that only the default action drops',
  severity: 'low',
  why: 'The default drop of the established family waits for an answer: UDP, ICMP and first packets get out before it acts, and a stream that shows no name is judged late.',
  fix: 'End the rules with drops for UDP, ICMP and other protocols, for SYNs to ports that no rule names, for names and protocols that no rule allows, for streams that show no name, and for data that no stream counts: before a connection stands, after its end, and in segments without end.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html', 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html'],
  comparable: [],
  *run({ model }) {
    for (const { policy, missing } of floorsOf(model)) {
      if (missing.length > 0) yield { address: policy.address, message: `${policy.address} leaves to its default action: ${missing.join(', ')}` };
    }
  },
};
