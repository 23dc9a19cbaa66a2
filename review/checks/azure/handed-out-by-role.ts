/** What Azure's own API, or a service for people, carries out of a network: no packet of the network's own does. */
import type { AzureCheck } from './azure-check';
import { flag, isUnset, pointsTo, text } from '../../model/azure/read';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Hit } from '../check';

export const check: AzureCheck = {
  id: 'handed-out-by-role',
  title: 'data that a role in Azure is enough to carry out',
  severity: 'low',
  why: "Azure's own API hands out disks and images, a Bastion carries files, and a managing tenant may do what its roles allow: all of it from anywhere, and no private endpoint, group or firewall is asked.",
  fix: 'Set public_network_access_enabled of disks and snapshots to false, or their network_access_policy to DenyAll or AllowPrivate; set export_policy_enabled of a private registry to false, and file_copy_enabled, tunneling_enabled and shareable_link_enabled of a Bastion. Accept what is meant in egress-review.yaml.',
  references: [
    'https://learn.microsoft.com/azure/virtual-machines/disks-enable-private-links-for-import-export-portal',
    'https://learn.microsoft.com/azure/container-registry/data-loss-prevention',
    'https://learn.microsoft.com/azure/bastion/vm-upload-download-native',
    'https://learn.microsoft.com/azure/bastion/shareable-link',
    'https://learn.microsoft.com/azure/lighthouse/concepts/architecture',
  ],
  comparable: ['checkov CKV_AZURE_251'],
  *run({ model: { graph } }) {
    for (const disk of DISKS.flatMap((type) => graph.ofType(type))) {
      if (isExported(disk)) yield { address: disk.address, message: 'whoever may ask Azure gets an address, with a signature, at which anybody fetches all that is on it: neither public_network_access_enabled nor network_access_policy forbids it', confidence: 'possible' };
    }
    for (const token of graph.ofType('azurerm_managed_disk_sas_token')) {
      const { targets, unknown } = pointsTo(token, 'managed_disk_id', ...DISKS);
      if (targets.length === 0 || unknown !== undefined || targets.some(isExported)) yield { address: token.address, message: `it makes an address at which anybody who has it fetches all that is on ${targets[0]?.address ?? text(token, 'managed_disk_id') ?? 'a disk that the plan does not tell'}`, severity: 'medium' };
    }
    // Azure refuses to turn exports off where the registry is public. https://learn.microsoft.com/azure/container-registry/data-loss-prevention
    for (const registry of graph.ofType('azurerm_container_registry')) {
      const isOn = flag(registry, 'export_policy_enabled') ?? isUnset(registry, 'export_policy_enabled');
      if (isOn && flag(registry, 'public_network_access_enabled') === false) yield { address: registry.address, message: 'its public endpoint is off, and another registry may import all that is in it: export_policy_enabled is not false', confidence: 'possible' };
    }
    for (const bastion of graph.ofType('azurerm_bastion_host')) {
      const open = Object.keys(CARRYING).filter((setting) => flag(bastion, setting) === true);
      if (open.length > 0) yield { address: bastion.address, message: `it ${open.map((setting) => `${CARRYING[setting]} (${setting})`).join(', ')}`, confidence: 'possible' };
    }
    yield* delegations(graph);
  },
};

const DISKS = ['azurerm_managed_disk', 'azurerm_snapshot'];

/** Both have to let it, and both do by default. https://learn.microsoft.com/rest/api/compute/disks/get#publicnetworkaccess */
function isExported(disk: Resource): boolean {
  const policy = text(disk, 'network_access_policy')?.toLowerCase();
  const isPublic = flag(disk, 'public_network_access_enabled') ?? isUnset(disk, 'public_network_access_enabled');
  return isPublic && (policy === undefined ? isUnset(disk, 'network_access_policy') : policy === 'allowall');
}

const CARRYING: Readonly<Record<string, string>> = {
  file_copy_enabled: 'copies files between machines and whoever may use it',
  tunneling_enabled: 'tunnels any port of a machine to whoever may use it',
  shareable_link_enabled: 'lets in whoever has a link and an account of the machine, without any role',
};

/** Azure Lighthouse: people of another tenant have roles here. */
function* delegations(graph: ResourceGraph): Iterable<Hit> {
  for (const definition of graph.ofType('azurerm_lighthouse_definition')) {
    yield { address: definition.address, message: `people of tenant ${text(definition, 'managing_tenant_id') ?? 'that the plan does not tell'} are given roles in ${text(definition, 'scope') ?? 'a scope that the plan does not tell'}` };
  }
  for (const assignment of graph.ofType('azurerm_lighthouse_assignment')) {
    if (pointsTo(assignment, 'lighthouse_definition_id', 'azurerm_lighthouse_definition').targets.length === 0) yield { address: assignment.address, message: `people of another tenant are given roles in ${text(assignment, 'scope') ?? 'a scope that the plan does not tell'}, by a definition that the plan does not make` };
  }
}
