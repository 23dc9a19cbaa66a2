/** The hub that a policy names, which no plan of a spoke shows. */
import type { AzureHubOptions } from '../../../blueprints/policy/azure-options';
import type { AzureNetwork } from '../../model/azure/network';
import { viewsOf, type AzureContext } from './azure-check';
import { plannedEnvironments } from './planned-environments';

/** Where a network's packets go, when the policy says that it is a hub. */
export function hubOf(context: AzureContext, network: AzureNetwork): AzureHubOptions | undefined {
  if (!context.policy) return undefined;
  return plannedEnvironments(context).flatMap(({ hub }) => hub ?? [])
    .find(({ privateAddress }) => viewsOf(context, network).some((view) => view.internetRoutes().some(({ nextHopAddress }) => nextHopAddress === privateAddress)));
}
