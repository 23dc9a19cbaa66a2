/** What the policy file asks of a cluster, or a private cluster is made for, and no packet tells. */
import type { AzureEnvironment } from '../../../blueprints/policy/model';
import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { flag, isUnset, pointsTo, text, texts, unknownBlocks } from '../../model/azure/read';
import type { Resource } from '../../plan/resource-graph';

type Kubernetes = NonNullable<AzureEnvironment['kubernetes']>;

export const check: AzureCheck = {
  id: 'aks-control-off',
  title: 'cluster without a control that the policy file asks for',
  severity: 'low',
  why: 'Pods of one cluster are divided by its network policies alone, accounts of its own pass whatever Entra ID asks, and what an agent does not record nobody sees.',
  fix: 'Synthesize the stack again: network_policy cilium, local accounts and the public name off, the add-ons and administrators of the policy file, and the private zone of the plan.',
  references: ['https://learn.microsoft.com/azure/aks/use-network-policies', 'https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad', 'https://learn.microsoft.com/azure/aks/private-clusters'],
  comparable: [],
  *run(context) {
    const meant = certainEnvironments(context).flatMap(({ kubernetes }) => kubernetes ?? []);
    if (meant.length === 0) return;
    for (const cluster of context.model.graph.ofType('azurerm_kubernetes_cluster')) {
      const wrong = problems(cluster, meant);
      if (wrong.length > 0) yield { address: cluster.address, message: `the policy has a closed cluster, and ${wrong.join(', ')}` };
    }
  },
};

function problems(cluster: Resource, meant: readonly Kubernetes[]): readonly string[] {
  const isAsked = (addOn: Kubernetes['addOns'][number]) => meant.every(({ addOns }) => addOns.includes(addOn));
  const lacks = (block: string) => cluster.elements(block).length === 0 && unknownBlocks(cluster, block) === undefined;
  const isOff = (attribute: string) => flag(cluster, attribute) === false || isUnset(cluster, attribute);
  const engine = text(cluster, NETWORK_POLICY)?.toLowerCase();
  const zone = text(cluster, 'private_dns_zone_id')?.toLowerCase();
  const admins = texts(cluster, `${DIRECTORY}[0].admin_group_object_ids`);
  const strangers = admins.unknown === undefined ? admins.items.filter((group) => !meant.some(({ adminGroups }) => adminGroups.includes(group))) : [];
  return [
    ...(engine === 'none' || isUnset(cluster, NETWORK_POLICY) ? ['no network_policy is in force'] : []),
    ...(isOff('local_account_disabled') ? ['local_account_disabled is not true'] : []),
    ...(flag(cluster, 'role_based_access_control_enabled') === false ? ['role_based_access_control_enabled is false'] : []),
    ...(lacks(DIRECTORY) ? [`${DIRECTORY} is missing`] : []),
    ...(strangers.length > 0 ? [`group ${strangers.join(', ')} administers it`] : []),
    ...(flag(cluster, 'private_cluster_public_fqdn_enabled') === true ? ['private_cluster_public_fqdn_enabled is true'] : []),
    ...(zone === 'none' || (isUnset(cluster, 'private_dns_zone_id') && !pointsTo(cluster, 'private_dns_zone_id').isSet) ? ['private_dns_zone_id is no zone of the plan'] : []),
    ...(isAsked('monitoring') && lacks('oms_agent') ? ['oms_agent is missing'] : []),
    ...(isAsked('defender') && lacks('microsoft_defender') ? ['microsoft_defender is missing'] : []),
    ...(isAsked('azure-policy') && isOff('azure_policy_enabled') ? ['azure_policy_enabled is not true'] : []),
  ];
}

const NETWORK_POLICY = 'network_profile[0].network_policy';
const DIRECTORY = 'azure_active_directory_role_based_access_control';
