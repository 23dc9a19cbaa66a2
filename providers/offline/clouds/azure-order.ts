/** What Azure refuses because of something else that is there: why the order of an apply matters. */
import { isObject, type ObjectValue, type Value } from '../wire/cty';
import { type Known, objects, text } from './cloud';

/**
 * By type, who keeps it from being deleted by naming it.
 *
 * - policy: https://github.com/hashicorp/terraform-provider-azurerm/issues/29114
 * - address: https://github.com/hashicorp/terraform-provider-azurerm/issues/9602
 * - IP group: https://learn.microsoft.com/azure/firewall/ip-groups
 * - endpoint policy: https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview
 */
const HELD_BY: { readonly [type: string]: readonly string[] } = {
  azurerm_firewall_policy: ['azurerm_firewall'],
  azurerm_ip_group: ['azurerm_firewall_policy_rule_collection_group'],
  azurerm_public_ip: ['azurerm_firewall'],
  azurerm_subnet: ['azurerm_firewall', 'azurerm_private_endpoint'],
  azurerm_subnet_service_endpoint_storage_policy: ['azurerm_subnet'],
};

/** Why a resource cannot be made or deleted as things are. */
export function refusedByAzure(what: 'make' | 'delete', type: string, values: ObjectValue, memory: ReadonlyMap<string, Known>): string | undefined {
  const id = text(values['id'] ?? null);
  if (id === undefined) return undefined;
  if (what === 'make') {
    return memory.get(id)?.type === type ? `a resource with the ID "${id}" already exists - to be managed via Terraform this resource needs to be imported into the State` : undefined;
  }
  // An endpoint is a child of what it leads to as well: https://github.com/hashicorp/terraform-provider-azurerm/issues/17478
  const scopes = [id, ...(type === 'azurerm_private_endpoint' ? objects(values['private_service_connection']).map((each) => text(each['private_connection_resource_id'] ?? null)) : [])];
  for (const [other, known] of memory) {
    if (known.type === 'azurerm_management_lock' && scopes.includes(text(known.values['scope'] ?? null))) return `ScopeLocked: '${id}' cannot be deleted because of the lock '${other}'`;
    if (HELD_BY[type]?.includes(known.type) && names(known.values, id)) return `InUse: '${id}' cannot be deleted because '${other}' uses it`;
  }
  return undefined;
}

function names(value: Value | undefined, id: string): boolean {
  if (Array.isArray(value)) return value.some((each) => names(each, id));
  if (isObject(value)) return Object.values(value).some((each) => names(each, id));
  return value === id;
}
