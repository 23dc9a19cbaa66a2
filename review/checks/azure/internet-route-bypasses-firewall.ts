import { type AzureCheck, segmentOfView, witnessOf } from './azure-check';
import { strayHops } from './stray-hops';

export const check: AzureCheck = {
  id: 'internet-route-bypasses-firewall',
  title: 'internet route past the firewall',
  severity: 'critical',
  why: 'The firewall grants this subnet hosts, and a route leads around it: what takes that route is checked by nobody.',
  fix: 'Send every prefix of the internet to the private address of the firewall.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview', 'https://learn.microsoft.com/azure/firewall/tutorial-firewall-deploy-portal'],
  comparable: [],
  *run(context) {
    for (const { view, hop, key, isSure } of strayHops(context)) {
      if (!view.isGranted) continue;
      const leads = key === 'Internet' ? 'to the internet' : 'elsewhere';
      yield {
        address: hop.address,
        message: isSure
          ? `route ${hop.label ?? ''} leads ${leads} and not to the firewall that grants ${view.address} its hosts`
          : `route ${hop.label ?? ''} may hold for ${view.address}, and then leads ${leads} and not to the firewall that grants it hosts`,
        ...(isSure ? {} : { severity: 'medium' as const, confidence: 'possible' as const }),
        ...segmentOfView(view),
        ...witnessOf(context, view.address),
      };
    }
  },
};
