import { type AzureCheck, resolvingFirewall, segmentOfView, workloadViews } from './azure-check';
import { hubOf } from './hub-of-policy';
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
    const endpoints = new Set(context.model.privateEndpoints.flatMap(({ subnet }) => subnet.targets));
    for (const view of workloadViews(context)) {
      const { network } = view.subnet;
      const { group } = view;
      if (!group || !network || !(resolvingFirewall(context, network) ?? (hubOf(context, network)?.dnsServers ?? []).length > 0)) continue;
      if (endpoints.has(view.subnet.resource)) continue;
      if (!deniesPlatform(view, 'AzurePlatformDNS')) yield { address: group.address, message: 'no rule denies AzurePlatformDNS on every protocol', ...segmentOfView(view) };
    }
  },
};
