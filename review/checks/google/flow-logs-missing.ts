import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { recordedBeside } from '../../model/google/flow-log-configs';
import { hiddenBlockAt, numberAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'flow-logs-missing',
  title: 'a subnet without flow logs',
  severity: 'low',
  why: 'What left, and who sent it, leaves no record.',
  fix: 'Add log_config with flow_sampling 1.0, all metadata and no filter.',
  references: ['https://cloud.google.com/vpc/docs/flow-logs'],
  comparable: ['checkov CKV_GCP_26', 'checkov CKV_GCP_61', 'trivy GCP-0029', 'trivy GCP-0076'],
  *run({ model }) {
    const isRecorded = recordedBeside(model.graph);
    for (const subnet of model.subnets) {
      const { resource, address, holdsMachines, isForeign } = subnet;
      if (!resource || isForeign || !holdsMachines || isRecorded(subnet)) continue;
      if (resource.elements('log_config').length === 0) {
        if (hiddenBlockAt(resource, 'log_config') === undefined || resource.configExpression('log_config') === undefined) yield { address, message: 'no log_config' };
        continue;
      }
      const at = (name: string) => ['log_config', 0, name];
      if (numberAt(resource, at('flow_sampling')) === 0) yield { address, message: 'flow_sampling is 0' };
      else if (textAt(resource, at('metadata')) === 'EXCLUDE_ALL_METADATA') yield { address, message: 'metadata is EXCLUDE_ALL_METADATA: no flow names its machine' };
      else if ((textAt(resource, at('filter_expr')) ?? 'true') !== 'true') yield { address, message: `filter_expr is ${textAt(resource, at('filter_expr'))}: what it leaves out is not recorded` };
    }
  },
};
