import { type AzureCheck, segmentOfView, witnessOf, workloadViews } from './azure-check';
import { plannedEnvironments } from './planned-environments';
import { isUnset, pointsTo, text } from '../../model/azure/read';
import { isLimitedToAccounts } from '../../model/azure/storage-endpoints';
import type { AzureSubnet } from '../../model/azure/subnet';

export const check: AzureCheck = {
  id: 'service-endpoint-route',
  title: 'service endpoint that leads past the firewall',
  severity: 'high',
  why: 'The routes of a service endpoint win over 0.0.0.0/0, and lead to the accounts of every customer of the service.',
  fix: 'Use a private endpoint instead, or for storage a service endpoint policy that lists your accounts.',
  references: ['https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview', 'https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoint-policies-overview'],
  comparable: [],
  *run(context) {
    for (const view of workloadViews(context)) {
      const { serviceEndpoints, hasEndpointPolicies } = view.subnet;
      if (serviceEndpoints.items.length === 0 || isLimitedToAccounts(view.subnet)) continue;
      const onlyStorage = serviceEndpoints.items.every((service) => /^microsoft\.storage/i.test(service));
      yield {
        address: view.address,
        message: `service endpoints ${serviceEndpoints.items.join(', ')} lead past every route${listedBy(view.subnet)}`,
        severity: hasEndpointPolicies && onlyStorage ? 'low' : 'high',
        ...segmentOfView(view),
        ...witnessOf(context, view.address),
      };
    }
    // What a policy lists it lets through, whoever's it is: of those elsewhere only the policy file tells.
    const meant = new Set(plannedEnvironments(context).flatMap(({ serviceEndpoints }) => serviceEndpoints?.storageAccounts ?? []).map((id) => id.toLowerCase()));
    for (const policy of context.model.graph.ofType('azurerm_subnet_service_endpoint_storage_policy')) {
      const own = subscriptionIn(text(policy, 'id'));
      for (const path of policy.elements('definition').flatMap((definition) => policy.elements([...definition, 'service_resources']))) {
        const id = text(policy, path)?.toLowerCase();
        // What Azure's own services need stands in accounts of theirs.
        if (id?.startsWith('/services/') || (id !== undefined && (meant.has(id) || (own !== undefined && subscriptionIn(id) === own)))) continue;
        if (id === undefined ? policy.references(path).targets.some((target) => target.type !== 'azurerm_subscription' || isUnset(target, 'subscription_id')) : pointsTo(policy, path, ...LISTED).targets.length > 0) continue;
        yield { address: policy.address, message: `it lets ${id ?? 'what the plan does not tell'} be called, which the plan does not make`, severity: 'low', confidence: 'possible' };
      }
    }
  },
};

/** Whose accounts these are. */
function listedBy({ resource, hasEndpointPolicies, endpointPoliciesUnknown }: AzureSubnet): string {
  if (!hasEndpointPolicies) return ', to the accounts of all customers';
  if (endpointPoliciesUnknown !== undefined) return ', to the accounts of all customers unless a policy that is not known lists some';
  const { targets, unknown } = pointsTo(resource, 'service_endpoint_policy_ids', 'azurerm_subnet_service_endpoint_storage_policy');
  return resource.type === 'azurerm_subnet' && (targets.length === 0 || unknown !== undefined) ? ', to what a policy lists that the plan does not make' : '';
}

const LISTED = ['azurerm_storage_account', 'azurerm_resource_group', 'azurerm_subscription'];

function subscriptionIn(id: string | undefined): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(id ?? '')?.[1]?.toLowerCase();
}
