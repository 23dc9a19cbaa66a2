/** Both kinds of log on each firewall. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-logs-missing',
  title: 'firewall that does not log alerts and flows',
  severity: 'medium',
  why: 'What was dropped, and what was let through, is on record nowhere else.',
  fix: 'Add an aws_networkfirewall_logging_configuration with ALERT and FLOW.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging.html'],
  comparable: ['checkov CKV2_AWS_63'],
  *run({ model }) {
    for (const firewall of model.firewalls) {
      const missing = ['ALERT', 'FLOW'].filter((type) => !firewall.logs.includes(type));
      if (missing.length > 0 && !firewall.logsUnknown) yield { address: firewall.address, message: `${firewall.address} has no ${missing.join(' and no ')} log` };
    }
  },
};
