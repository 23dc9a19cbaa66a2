import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';
import { strayHops } from './stray-hops';

export const check: AzureCheck = {
  id: 'data-internet-route',
  title: 'internet route on a subnet that needs none',
  severity: 'high',
  why: 'A subnet that is granted no host and answers no caller needs no way to the internet. With a route, its security group alone keeps it closed.',
  fix: 'Send 0.0.0.0/0 to None.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview'],
  comparable: [],
  *run(context) {
    for (const { view, hop, isSure } of strayHops(context)) {
      const isData = view.name.tier === 'data';
      const isIdle = !view.acceptsInternet && (context.model.firewalls.size > 0 || !view.letsOut);
      if (view.isGranted || !(isData || isIdle)) continue;
      yield { address: hop.address, message: `route ${hop.label ?? ''} leads towards the internet, and nothing in ${view.address} may use it`, ...(isSure ? {} : { severity: 'medium' as const, confidence: 'possible' as const }), ...segmentOfView(view), ...witnessOf(context, view.address) };
    }
    for (const view of workloadViews(context)) {
      for (const firewall of new Set(view.internetRoutes().flatMap((route) => view.firewallsOf(route)))) {
        if (view.ruling(firewall).letsOut || !view.table) continue;
        yield { address: view.table.address, message: `0.0.0.0/0 leads to ${firewall.address}, which lets nothing of ${view.address} out`, severity: 'medium', ...segmentOfView(view) };
      }
      if (view.name.tier !== 'data') continue;
      const system = view.nextHops().find(({ key, hop }) => key === 'Internet' && (hop.label ?? '').startsWith('system route'));
      if (system) yield { address: view.table?.address ?? view.address, message: "Azure's own default route leads from a data subnet to the internet", ...segmentOfView(view), ...witnessOf(context, view.address) };
    }
  },
};
