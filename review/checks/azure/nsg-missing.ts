import { isFiltered } from './reach';
import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';

export const check: AzureCheck = {
  id: 'nsg-missing',
  title: 'subnet without a security group',
  severity: 'medium',
  why: 'Without a group nothing filters what leaves the subnet or gets into it.',
  fix: 'Attach a security group with azurerm_subnet_network_security_group_association; it ends with a deny in both directions.',
  references: ['https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview'],
  comparable: ['checkov CKV2_AZURE_31'],
  *run(context) {
    const isMeant = isFiltered(context);
    for (const view of workloadViews(context)) {
      const isElsewhere = isMeant(view) && view.subnet.groups.candidates.length === 0 && !view.hasNoGroup;
      if (isElsewhere) yield { address: view.subnet.groups.by[0]?.address ?? view.address, message: `the security group of subnet '${view.subnet.name ?? view.address}' is not in the plan: what it lets through, only another one shows`, ...segmentOfView(view) };
      if (!view.hasNoGroup) continue;
      yield { address: view.address, message: `subnet '${view.subnet.name ?? view.address}' has no security group`, ...segmentOfView(view), ...witnessOf(context, view.address) };
    }
  },
};
