import type { AzureCheck } from './azure-check';

export const check: AzureCheck = {
  id: 'dns-proxy-off',
  title: 'firewall that does not resolve names for its networks',
  severity: 'medium',
  why: 'Without the proxy, names are resolved past the firewall and its log, and rules by name may mean other addresses than the workload gets.',
  fix: 'Set dns { proxy_enabled = true } in the policy, and make the firewall the DNS server of the networks. Basic has no proxy.',
  references: ['https://learn.microsoft.com/azure/firewall/dns-settings'],
  comparable: [],
  *run({ model }) {
    for (const firewall of model.firewalls.values()) {
      // Basic has no proxy to turn on.
      if (firewall.dnsProxy || firewall.unknown !== undefined || firewall.tier === 'Basic') continue;
      yield { address: firewall.policies.at(-1)?.address ?? firewall.address, message: `the DNS proxy of ${firewall.address} is off` };
    }
  },
};
