import type { Hit } from '../check';
import { type AzureCheck, type AzureContext, segmentOfView } from './azure-check';
import type { SubnetView } from '../../model/azure/subnet-view';
import { pointsTo } from '../../model/azure/read';
import { certainEnvironments } from './planned-environments';
import { accepts, calls, endpointViews, segmentViews } from './reach';

export const check: AzureCheck = {
  id: 'endpoint-unreachable',
  title: 'segment that cannot reach the private endpoints',
  severity: 'low',
  why: 'The endpoints accept the segment and its group does not let it out, or the other way about: somebody will use the public name.',
  fix: 'Allow the ports of the services to the subnet of the endpoints, and let the segment in there.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-overview'],
  comparable: [],
  *run(context) {
    const endpoints = endpointViews(context);
    const isMeant = certainEnvironments(context).length > 0 && (context.policy?.privateServices.length ?? 0) > 0;
    if (isMeant) yield* emptyScopes(context);
    for (const view of segmentViews(context)) {
      for (const endpoint of endpoints) {
        const out = calls(context, view, endpoint);
        const served = accepts(context, endpoint, view);
        // Whoever writes down which services are private means them for every segment.
        if (isMeant && endpoint !== view && groupCounts(endpoint) && out.length > 0 && served.length === 0) yield { address: (endpoint.group ?? endpoint).address, message: `${segmentOfView(view).segment} is let out to ${endpoint.address} on ${out.join(', ')}, and the group there lets nothing of it in`, ...segmentOfView(view) };
        if (endpoint !== view && served.length > 0 && out.length === 0) yield { address: (view.group ?? view).address, message: `${served.join(', ')} is served at ${endpoint.address}, and the group lets nothing out to it`, ...segmentOfView(view) };
      }
    }
  },
};

/** https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy */
function groupCounts({ subnet }: SubnetView): boolean {
  return subnet.exists === true || ['Enabled', 'NetworkSecurityGroupEnabled'].includes(subnet.endpointNetworkPolicies ?? '');
}

/** A scope that takes what is its own alone, and holds nothing, or that nothing leads to. https://learn.microsoft.com/azure/azure-monitor/logs/private-link-design */
function* emptyScopes({ model }: AzureContext): Iterable<Hit> {
  for (const scope of model.graph.ofType('azurerm_monitor_private_link_scope')) {
    const holds = model.graph.ofType('azurerm_monitor_private_link_scoped_service').some((service) => pointsTo(service, 'scope_name', scope.type).targets.includes(scope));
    const isLedTo = model.privateEndpoints.some(({ resource }) => pointsTo(resource, 'private_service_connection[0].private_connection_resource_id', scope.type).targets.includes(scope));
    if (!isLedTo) yield { address: scope.address, message: 'no private endpoint of the plan leads to it' };
    if (!holds) yield { address: scope.address, message: 'it holds no workspace, so that nothing is recorded through its private endpoint' };
  }
}
