/** Service endpoints for storage whose policy names accounts: the only ones that can be left alone. */
import { pointsTo, texts } from './read';
import type { AzureSubnet } from './subnet';

const ACCOUNT = /\/providers\/microsoft\.storage\/storageaccounts\/[^/]+$/i;

/** True when the subnet has no other service endpoint, and everything that its policies list is a single account. */
export function isLimitedToAccounts({ resource, serviceEndpoints, exists }: AzureSubnet): boolean {
  if (exists || serviceEndpoints.unknown !== undefined || serviceEndpoints.items.length === 0) return false;
  if (!serviceEndpoints.items.every((service) => /^microsoft\.storage$/i.test(service))) return false;
  if (resource.type !== 'azurerm_subnet') return false;
  const policies = pointsTo(resource, 'service_endpoint_policy_ids', 'azurerm_subnet_service_endpoint_storage_policy');
  if (policies.targets.length === 0 || policies.unknown !== undefined) return false;
  return policies.targets.every((policy) => {
    const definitions = policy.elements('definition').map((path) => texts(policy, [...path, 'service_resources']));
    return definitions.length > 0 && definitions.every(({ items, unknown }) => unknown === undefined && items.length > 0 && items.every((item) => ACCOUNT.test(item)));
  });
}
