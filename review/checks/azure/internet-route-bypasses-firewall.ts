import { type AzureCheck, segmentOfView, witnessOf } from './azure-check';
import { strayHops, type StrayHop } from './stray-hops';

export const check: AzureCheck = {
  id: 'internet-route-bypasses-firewall',
  title: 'internet route past the firewall',
  severity: 'critical',
  why: 'The firewall grants this subnet hosts, and a route leads around it: what takes that route is checked by nobody.',
  fix: 'Send every prefix of the internet to the private address of the firewall.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview', 'https://learn.microsoft.com/azure/firewall/tutorial-firewall-deploy-portal'],
  comparable: [],
  *run(context) {
    const perhaps = new Map<string, StrayHop[]>();
    for (const stray of strayHops(context)) {
      const { view, hop, key, isSure } = stray;
      // Of a subnet that is made elsewhere nobody knows whether rules for some addresses are for it.
      if (view.subnet.exists || !view.isGranted) continue;
      if (isSure) {
        yield { address: hop.address, message: `route ${hop.label ?? ''} leads ${toward(key)} and not to the firewall that grants ${view.address} its hosts`, ...segmentOfView(view), ...witnessOf(context, view.address) };
        continue;
      }
      const route = `${hop.address} ${hop.label ?? ''}`;
      perhaps.set(route, [...(perhaps.get(route) ?? []), stray]);
    }
    // Which subnets a route holds for is not told: one finding for the route.
    for (const [{ view, hop, key }, ...others] of perhaps.values() as Iterable<[StrayHop, ...StrayHop[]]>) {
      const more = others.length === 0 ? '' : ` and ${others.length} more`;
      yield {
        address: hop.address,
        message: `route ${hop.label ?? ''} may hold for ${view.address}${more}, and then leads ${toward(key)} and not to the firewall that grants hosts`,
        severity: 'medium', confidence: 'possible', ...segmentOfView(view), ...witnessOf(context, view.address),
      };
    }
  },
};

function toward(key: string): string {
  return key === 'Internet' ? 'to the internet' : 'elsewhere';
}
