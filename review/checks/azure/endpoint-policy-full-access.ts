import type { AzureCheck } from './azure-check';
import { text } from '../../model/azure/read';
import { openModes } from '../../model/azure/served-by';

export const check: AzureCheck = {
  id: 'endpoint-policy-full-access',
  title: 'private link scope that takes what is outside of it',
  severity: 'medium',
  why: "With mode Open, everything on the network can also write to and read from other people's workspaces.",
  fix: 'Set ingestion_access_mode and query_access_mode to PrivateOnly.',
  references: ['https://learn.microsoft.com/azure/azure-monitor/logs/private-link-security'],
  comparable: [],
  *run({ model }) {
    for (const scope of model.graph.ofType('azurerm_monitor_private_link_scope')) {
      const open = openModes(scope);
      if (open.length > 0) yield { address: scope.address, message: open.map((mode) => `${mode} is ${text(scope, mode) ?? 'not said, which means Open'}`).join(', ') };
    }
  },
};
