/** Every kind of log on each firewall. */
import { isSet } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-logs-missing',
  title: 'firewall that does not log alerts and flows',
  severity: 'medium',
  why: 'What was dropped, and what was let through, is on record nowhere else.',
  fix: 'Add an aws_networkfirewall_logging_configuration with ALERT and FLOW, and TLS where TLS is opened.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging.html'],
  comparable: ['checkov CKV2_AWS_63'],
  *run({ model }) {
    for (const firewall of model.firewalls) {
      // Only there a refused certificate is on record.
      const opens = firewall.policy !== undefined && isSet(firewall.policy.resource, ['firewall_policy', 0, 'tls_inspection_configuration_arn']);
      const missing = ['ALERT', 'FLOW', ...(opens ? ['TLS'] : [])].filter((type) => !firewall.logs.includes(type));
      if (missing.length === 0 || firewall.logsUnknown) continue;
      const isLost = missing.every((type) => firewall.lostLogs.includes(type));
      yield { address: firewall.address, message: isLost ? `no place of the ${missing.join(' and ')} log of ${firewall.address} is named as its kind wants it` : `${firewall.address} has no ${missing.join(' and no ')} log` };
    }
  },
};
