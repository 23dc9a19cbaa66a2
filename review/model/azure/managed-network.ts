/**
 * The network that a workspace of Machine Learning makes for the machines in it.
 * https://learn.microsoft.com/azure/machine-learning/how-to-managed-network
 */
import type { Resource } from '../../plan/resource-graph';
import { isUnset, text } from './read';
import type { Workload } from './workload';

export const WORKSPACES = ['azurerm_machine_learning_workspace', 'azurerm_ai_foundry'];

/** How it leads out; undefined for a workspace that has none. */
export function managedNetwork(workspace: Resource): Workload['direct'] {
  const mode = text(workspace, 'managed_network[0].isolation_mode')?.toLowerCase();
  if (mode === 'allowinternetoutbound') return { label: 'managed network that allows internet outbound' };
  if (mode === 'allowonlyapprovedoutbound') return { label: 'managed network', doubt: `what the managed network of ${workspace.address} approves is not followed by this review` };
  const isHidden = mode === undefined && !isUnset(workspace, 'managed_network') && workspace.hasUnknown('managed_network');
  return isHidden ? { label: 'managed network', doubt: `the isolation mode of ${workspace.address} is not known` } : undefined;
}
