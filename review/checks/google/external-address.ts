import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hiddenAt, textAt } from '../../model/google/reading';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'external-address',
  title: 'a public address beside the NAT',
  severity: 'high',
  why: 'A machine with an address of its own goes around the NAT and its log, and is reached from the internet. Only firewall rules are left.',
  fix: 'Remove access_config and ipv6_access_config; use private nodes, and subnets without external IPv6; delete addresses that no NAT and no load balancer uses.',
  references: ['https://cloud.google.com/compute/docs/ip-addresses'],
  comparable: ['checkov CKV_GCP_25', 'checkov CKV_GCP_40', 'checkov CKV_GCP_64', 'trivy GCP-0031', 'trivy GCP-0059'],
  *run({ model, verdicts }) {
    for (const { address, interfaces } of model.workloads) {
      const having = interfaces.flatMap(({ publicIpv4, publicIpv6 }) => [publicIpv4, publicIpv6]);
      if (having.includes('yes')) {
        const open = openWitness(verdicts, address);
        const isOnlyIpv6 = interfaces.every(({ publicIpv4 }) => publicIpv4 === 'no');
        yield { address, message: isOnlyIpv6 ? 'has a public IPv6 address of its own, as its subnet has such' : 'has a public address of its own', ...(open ? {} : { severity: 'medium' as const }), ...witnessed(open) };
      } else {
        const unknown = having.find((each) => typeof each === 'object');
        if (typeof unknown === 'object') yield { address, message: unknown.unknown, severity: 'low' as const, confidence: 'possible' as const };
      }
    }
    // https://cloud.google.com/vmware-engine/docs/networking/howto-vmware-engine-network-policies
    for (const resource of model.graph.ofType('google_vmwareengine_external_address')) {
      if (resource.mode === 'managed') yield { address: resource.address, message: 'gives a machine of a private cloud a public address', severity: 'medium' as const };
    }
    let used: ReadonlySet<string> | undefined;
    const addresses = [...model.graph.ofType('google_compute_address'), ...model.graph.ofType('google_compute_global_address')];
    for (const resource of addresses) {
      const type = textAt(resource, 'address_type');
      if (type === 'INTERNAL' || hiddenAt(resource, 'address_type') !== undefined || model.graph.referrers(resource).length > 0 || resource.elements('users').length > 0) continue;
      if ((used ??= addressesInUse(model)).has(textAt(resource, 'address') ?? '')) continue;
      yield { address: resource.address, message: 'a public address that nothing in the plan uses', severity: 'medium' as const };
    }
  },
};

/** A state has no references: there a machine or a balancer has the address itself. */
function addressesInUse({ graph, workloads }: GoogleModel): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { resource } of workloads) {
    for (const nic of resource.elements('network_interface')) for (const access of resource.elements([...nic, 'access_config'])) found.add(textAt(resource, [...access, 'nat_ip']) ?? '');
  }
  for (const rule of [...graph.ofType('google_compute_forwarding_rule'), ...graph.ofType('google_compute_global_forwarding_rule')]) found.add(textAt(rule, 'ip_address') ?? '');
  found.delete('');
  return found;
}
