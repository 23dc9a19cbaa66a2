import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';

export const check: AzureCheck = {
  id: 'default-route-missing',
  title: 'route table without a default route',
  severity: 'high',
  why: "What no route of the table takes goes by Azure's own default route: to the internet.",
  fix: 'Add a route 0.0.0.0/0 to the firewall (VirtualAppliance with its private address), or to None.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview'],
  comparable: [],
  *run(context) {
    const seen = new Set<string>();
    for (const view of workloadViews(context)) {
      const { table } = view;
      if (!table || table.unknown !== undefined || seen.has(table.address)) continue;
      if (!view.nextHops().some(({ key, hop }) => key === 'Internet' && (hop.label ?? '').startsWith('system route'))) continue;
      seen.add(table.address);
      yield { address: table.address, message: "no route takes 0.0.0.0/0 as a whole, so a part of the internet is reached by Azure's own default route", ...segmentOfView(view), ...witnessOf(context, view.address) };
    }
  },
};
