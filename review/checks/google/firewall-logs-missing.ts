import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hiddenAt } from '../../model/google/reading';
import { allRules } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'firewall-logs-missing',
  title: 'a firewall rule that leaves no record',
  severity: 'low',
  why: 'A deny without a log hides who tried, and an allow without one hides who did.',
  fix: 'Set enable_logging (classic rules: log_config).',
  references: ['https://cloud.google.com/firewall/docs/firewall-rules-logging'],
  comparable: [],
  *run({ model }) {
    for (const rule of new Set(allRules(model))) {
      if (rule.isLogged || (rule.kind === 'classic' && rule.direction === 'INGRESS')) continue;
      if (rule.action === 'goto_next') continue;
      if (hiddenAt(rule.resource, 'enable_logging') === undefined) yield { address: rule.address, message: `${rule.label}: ${rule.action} ${rule.direction} is not logged` };
    }
  },
};
