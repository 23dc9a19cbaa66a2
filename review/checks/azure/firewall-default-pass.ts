import type { AzureCheck } from './azure-check';

export const check: AzureCheck = {
  id: 'firewall-default-pass',
  title: 'firewall without a last deny',
  severity: 'low',
  why: 'After all rules Azure lets the names of its own infrastructure pass, storage accounts of its services among them.',
  fix: 'End the application rules with a collection of the highest priority that denies * for Http:80 and Https:443 from *.',
  references: ['https://learn.microsoft.com/azure/firewall/infrastructure-fqdns'],
  comparable: [],
  *run({ model }) {
    for (const firewall of model.firewalls.values()) {
      if (firewall.unknown !== undefined) continue;
      const last = firewall.rules.filter(({ layer }) => layer === 'application').at(-1);
      const deniesNames = last?.action === 'Deny' && last.sources.items.includes('*') && last.fqdns.items.includes('*')
        && ['http', 'https'].every((type) => last.applications.some((application) => application.type === type));
      const deniesAddresses = firewall.rules.some(({ layer, action, sources, destinations, ports, protocols }) => layer === 'network' && action === 'Deny' && [sources, destinations, ports].every(({ items }) => items.includes('*')) && protocols.items.includes('Any'));
      if (!deniesNames && !deniesAddresses) yield { address: firewall.policies.at(-1)?.address ?? firewall.address, message: "the last application rule does not deny everything, so Azure's infrastructure names pass" };
    }
  },
};
