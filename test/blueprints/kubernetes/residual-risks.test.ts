/** What a cluster's policies leave open is told for those whom it concerns. */
import { clusterNetwork } from '../../../blueprints/kubernetes/cluster-network';
import { kubernetesRisks } from '../../../blueprints/kubernetes/residual-risks';
import type { Cloud } from '../../../blueprints/policy/model';
import type { Cni } from '../../../blueprints/policy/pods';
import { fixture, policyOf } from '../../fixtures/stacks';

const { policy } = policyOf(fixture('kubernetes'));

// Pods of payments have hosts; on CNIs that know names, Cilium asks for their questions, too.
test.each<[Cni, Cloud, readonly string[] | undefined]>([
  ['vpc-cni', 'aws', undefined], ['cilium', 'aws', undefined],
  ['dataplane-v2', 'google', ['edge', 'payments', 'platform']], ['dataplane-v2-fqdn', 'google', ['edge', 'payments', 'platform']],
  ['azure-cilium', 'azure', ['edge', 'payments', 'platform']], ['acns', 'azure', ['edge', 'payments', 'platform']],
])('%s on %s: whose questions nobody filters', (cni, cloud, segments) => {
  const part = policy.environments[0]![cloud]!;
  const risks = kubernetesRisks(clusterNetwork(policy, { ...part, cluster: { ...part.cluster!, cni } }));
  expect(risks.find(({ id }) => id === 'pod-dns-unfiltered')?.segments).toEqual(segments);
});

test.each<[Cloud, Cni, RegExp]>([['aws', 'cilium', /clientConfig\.url/], ['google', 'dataplane-v2', /controlPlaneEgress/], ['azure', 'acns', /clientConfig\.url/]])('%s: the control plane is a way out that no network sees', (cloud, cni, way) => {
  const part = policy.environments[0]![cloud]!;
  const risks = new Map(kubernetesRisks(clusterNetwork(policy, { ...part, cluster: { ...part.cluster!, cni } })).map((risk) => [risk.id, risk]));
  expect(risks.get('control-plane-calls-out')?.mitigation).toMatch(way);
  for (const id of ['control-plane-calls-out', 'control-plane-tunnels']) expect(risks.get(id)?.segments).toEqual(['edge', 'payments', 'platform']);
});
