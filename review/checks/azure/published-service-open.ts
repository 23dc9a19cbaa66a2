import type { AzureCheck } from './azure-check';
import { text, texts } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'published-service-open',
  title: 'private link service that anybody may connect to',
  severity: 'medium',
  why: 'Whoever knows its alias gets a private way to what stands behind it, from any tenant, and carries off what that answers; no address of this network is public, and no firewall sees who calls.',
  fix: 'List the subscriptions in visibility_subscription_ids and auto_approval_subscription_ids, and approve all others by hand.',
  references: ['https://learn.microsoft.com/azure/private-link/private-link-service-overview#control-service-exposure'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const service of graph.ofType('azurerm_private_link_service')) {
      const approved = texts(service, 'auto_approval_subscription_ids').items;
      if (approved.includes('*')) yield { address: service.address, message: `${text(service, 'name') ?? service.address} approves every subscription that asks` };
    }
  },
};
