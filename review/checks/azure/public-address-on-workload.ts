import { type AzureCheck, witnessOf } from './azure-check';
import { isUnset, text } from '../../model/azure/read';

export const check: AzureCheck = {
  id: 'public-address-on-workload',
  title: 'workload with a public address',
  severity: 'high',
  why: 'A public address is a way in, and a way out that needs no NAT and no firewall.',
  fix: 'Take the public address away; put a load balancer or Application Gateway before what callers have to reach, and use Azure Bastion for people.',
  references: ['https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses'],
  comparable: ['checkov CKV_AZURE_119', 'trivy AZU-0076'],
  *run(context) {
    // https://learn.microsoft.com/azure/site-recovery/concepts-public-ip-address-with-site-recovery
    for (const replica of context.model.graph.ofType('azurerm_site_recovery_replicated_vm')) {
      const paths = replica.elements('network_interface').flatMap((path) => ['recovery_public_ip_address_id', 'failover_test_public_ip_address_id'].map((name) => [...path, name])).filter((path) => !isUnset(replica, path));
      const [first] = paths;
      if (first) yield { address: replica.address, message: `after a failover the machine gets a public address: ${replica.references(first).targets[0]?.address ?? text(replica, first) ?? 'one that the plan does not tell'}`, severity: 'medium', confidence: 'likely' };
    }
    for (const workload of context.model.workloads) {
      if (workload.publicAddresses === 'any') continue;
      for (const { address, label } of workload.publicAddresses.filter(({ kind }) => kind === 'gateway')) {
        yield { address: workload.addresses.at(-1) ?? workload.id, message: `${workload.id} has ${label}${address === workload.resource.address ? '' : `: ${address}`}`, ...witnessOf(context, workload.resource.address) };
      }
    }
  },
};
