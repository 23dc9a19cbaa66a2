/** Drops and alerts have to agree. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'firewall-default-mixed',
  title: 'default actions of two families',
  severity: 'medium',
  why: 'The API refuses a drop of one family with an alert of another, so the policy cannot be applied as it is planned.',
  fix: 'Use the drop and the alert of the same family, such as aws:drop_established_app_layer and aws:alert_established_app_layer.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html'],
  comparable: [],
  *run({ model }) {
    for (const { address, statefulDefaults: actions } of model.policies) {
      const families = (prefix: string) => actions.filter((action) => action.startsWith(prefix)).map((action) => action.slice(prefix.length));
      const drops = families('aws:drop_');
      const stranger = families('aws:alert_').find((alert) => drops.length > 0 && !drops.includes(alert));
      if (stranger !== undefined) yield { address, message: `${address} mixes ${actions.join(', ')}` };
    }
  },
};
