import { type AzureCheck, segmentOfView } from './azure-check';
import { accepts, calls, endpointViews, segmentViews } from './reach';

export const check: AzureCheck = {
  id: 'endpoint-unreachable',
  title: 'segment that cannot reach the private endpoints',
  severity: 'low',
  why: 'The endpoints accept the segment and its group does not let it out: somebody will use the public name.',
  fix: 'Allow the ports of the services to the subnet of the endpoints.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-overview'],
  comparable: [],
  *run(context) {
    const endpoints = endpointViews(context);
    for (const view of segmentViews(context)) {
      for (const endpoint of endpoints) {
        const out = calls(view, endpoint);
        const served = accepts(endpoint, view);
        if (endpoint !== view && served.length > 0 && out.length === 0) yield { address: (view.group ?? view).address, message: `${served.join(', ')} is served at ${endpoint.address}, and the group lets nothing out to it`, ...segmentOfView(view) };
      }
    }
  },
};
