import { isRootModule } from '../../plan/address';
import type { AzureCheck } from './azure-check';

export const check: AzureCheck = {
  id: 'subscription-not-pinned',
  title: 'provider that takes the subscription of whoever runs it',
  severity: 'low',
  why: 'The same code then changes whatever subscription the shell, or the pipeline, happens to be logged in to.',
  fix: 'Set subscription_id in the provider block; where a pipeline sets ARM_SUBSCRIPTION_ID on purpose, suppress this.',
  references: ['https://learn.microsoft.com/azure/developer/terraform/authenticate-to-azure'],
  comparable: [],
  *run({ model }) {
    const { providerSettings } = model.graph;
    // The first by address speaks for all, in whatever order a plan has them.
    const used = new Map<string, string>();
    for (const resource of model.graph.resources) {
      const { type, mode, moduleAddress, address, providerConfig = 'azurerm' } = resource;
      if (mode !== 'managed' || !isRootModule(moduleAddress) || !type.startsWith('azurerm_') || !resource.isConfigured([])) continue;
      const known = used.get(providerConfig);
      if (known === undefined || address < known) used.set(providerConfig, address);
    }
    for (const [provider, address] of used) {
      if (providerSettings?.get(provider)?.includes('subscription_id') || !providerSettings) continue;
      yield { address, message: `the provider '${provider}' names no subscription`, confidence: 'possible' };
    }
  },
};
