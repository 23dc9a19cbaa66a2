import { type AzureCheck, segmentOfView } from './azure-check';
import { accepts, calls, endpointViews, segmentViews } from './reach';

export const check: AzureCheck = {
  id: 'endpoint-reach-too-wide',
  title: 'more ports than private endpoints serve',
  severity: 'low',
  why: 'What nothing serves today may be served tomorrow.',
  fix: 'Allow the ports of the services only.',
  references: ['https://learn.microsoft.com/azure/private-link/private-endpoint-overview'],
  comparable: [],
  *run(context) {
    const endpoints = endpointViews(context);
    for (const view of segmentViews(context)) {
      for (const endpoint of endpoints) {
        const out = calls(context, view, endpoint);
        const served = accepts(context, endpoint, view);
        if (endpoint !== view && out.join() !== served.join() && served.length > 0 && out.some((ports) => !served.includes(ports))) yield { address: (view.group ?? view).address, message: `${out.join(', ')} may be reached at ${endpoint.address}, which serves ${served.join(', ')}`, ...segmentOfView(view) };
      }
    }
  },
};
