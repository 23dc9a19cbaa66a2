import type { AzureCheck } from './azure-check';
import { flag, isUnset, text } from '../../model/azure/read';
import type { Resource } from '../../plan/resource-graph';
import { plannedEnvironments } from './planned-environments';

export const check: AzureCheck = {
  id: 'workspace-public-access',
  title: 'workspace that the internet reaches',
  severity: 'low',
  why: 'Anybody with a key may write to it, or with a token read from it, from anywhere.',
  fix: 'Set internet_ingestion_enabled and internet_query_enabled to false, since azurerm 5 internet_ingestion_access_type and internet_query_access_type to Disabled, and use a private link scope.',
  references: ['https://learn.microsoft.com/azure/azure-monitor/logs/private-link-security'],
  comparable: [],
  *run(context) {
    // Whoever wrote it down means it, as far as reading goes.
    const agreed = plannedEnvironments(context).some(({ logs }) => logs.queryFromInternet) ? ['internet_query_enabled'] : [];
    // Application Insights says for itself who may ask for what it keeps in a workspace.
    for (const workspace of ['azurerm_log_analytics_workspace', 'azurerm_application_insights'].flatMap((type) => context.model.graph.ofType(type))) {
      const open = ['internet_ingestion_enabled', 'internet_query_enabled'].filter((attribute) => !agreed.includes(attribute) && isOpen(workspace, attribute));
      if (open.length > 0) yield { address: workspace.address, message: `${open.join(' and ')} ${open.length > 1 ? 'are' : 'is'} true` };
    }
  },
};

/** Since azurerm 5 it is a word: `SecuredByPerimeter` leaves it to a perimeter, which is open to whom its rules name. */
function isOpen(workspace: Resource, attribute: string): boolean {
  const word = text(workspace, attribute.replace('_enabled', '_access_type'));
  if (word !== undefined) return word.toLowerCase() === 'enabled';
  return flag(workspace, attribute) === true || isUnset(workspace, attribute);
}
