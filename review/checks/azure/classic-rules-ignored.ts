import type { AzureCheck } from './azure-check';

export const check: AzureCheck = {
  id: 'classic-rules-ignored',
  title: 'classic rules beside a policy',
  severity: 'medium',
  why: 'A firewall with a policy does not ask its classic rule collections: what they deny passes, what they allow does not.',
  fix: 'Move the rules into a rule collection group of the policy.',
  references: ['https://learn.microsoft.com/azure/firewall-manager/migrate-to-policy'],
  comparable: [],
  *run({ model }) {
    for (const { address, ignoredCollections } of model.firewalls.values()) {
      for (const collection of ignoredCollections) yield { address: collection.address, message: `${address} has a policy and does not ask it` };
    }
  },
};
