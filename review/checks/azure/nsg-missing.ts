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
    for (const view of workloadViews(context)) {
      if (!view.hasNoGroup) continue;
      yield { address: view.address, message: `subnet '${view.subnet.name ?? view.address}' has no security group`, ...segmentOfView(view), ...witnessOf(context, view.address) };
    }
  },
};
