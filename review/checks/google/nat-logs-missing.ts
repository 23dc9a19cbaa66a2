import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt, hiddenBlockAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'nat-logs-missing',
  title: 'a NAT that does not record every translation',
  severity: 'low',
  why: 'Without its log nobody can tell afterwards which machine talked to an address.',
  fix: 'Set log_config with enable and filter ALL.',
  references: ['https://cloud.google.com/nat/docs/monitoring'],
  comparable: [],
  *run({ model }) {
    for (const { resource, address } of model.nats) {
      if (hiddenBlockAt(resource, 'log_config') !== undefined && resource.configExpression('log_config') !== undefined) continue;
      const isOn = flagAt(resource, ['log_config', 0, 'enable']) === true;
      const filter = textAt(resource, ['log_config', 0, 'filter']);
      if (!isOn || filter !== 'ALL') yield { address, message: isOn ? `logs ${filter ?? 'nothing'} only` : 'logs nothing' };
    }
  },
};
