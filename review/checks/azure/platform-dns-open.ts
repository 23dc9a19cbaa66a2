import { type AzureCheck, segmentOfView, workloadViews } from './azure-check';
import { endpointSubnets, resolverOf } from './reach';
import { deniesPlatform } from './platform-tags';

export const check: AzureCheck = {
  id: 'platform-dns-open',
  title: "Azure's own resolver within reach",
  severity: 'low',
  why: 'It answers on 168.63.129.16 for any name, past the firewall that is the DNS server, and no rule covers it but one that names its tag.',
  fix: 'Deny AzurePlatformDNS outbound on every protocol and port, before all other rules.',
  references: ['https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16'],
  comparable: [],
  *run(context) {
    const holdsEndpoints = endpointSubnets(context);
    for (const view of workloadViews(context)) {
      const { group } = view;
      if (!group || !resolverOf(context, view) || holdsEndpoints(view.subnet)) continue;
      if (!deniesPlatform(view, 'AzurePlatformDNS')) yield { address: group.address, message: 'no rule denies AzurePlatformDNS on every protocol', ...segmentOfView(view) };
    }
  },
};
