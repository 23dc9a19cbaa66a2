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
  const risks = kubernetesRisks(clusterNetwork(policy, policy.environments[0]!.name, { ...part, cluster: { ...part.cluster!, cni } }));
  expect(risks.find(({ id }) => id === 'pod-dns-unfiltered')?.segments).toEqual(segments);
});

test.each<[Cloud, Cni, RegExp]>([['aws', 'cilium', /CUSTOMER_ROUTED.*clientConfig\.url/], ['google', 'dataplane-v2', /controlPlaneEgress/], ['azure', 'acns', /clientConfig\.url/]])('%s: the control plane is a way out that no network sees', (cloud, cni, way) => {
  const part = policy.environments[0]![cloud]!;
  const risks = new Map(kubernetesRisks(clusterNetwork(policy, policy.environments[0]!.name, { ...part, cluster: { ...part.cluster!, cni } })).map((risk) => [risk.id, risk]));
  expect(risks.get('control-plane-calls-out')?.mitigation).toMatch(way);
  for (const id of ['control-plane-calls-out', 'control-plane-tunnels']) expect(risks.get(id)?.segments).toEqual(['edge', 'payments', 'platform']);
});

describe('what remains on each CNI', () => {
  const risksOf = (cni: Cni, cloud: Cloud, groups = policy) => {
    const part = groups.environments[0]![cloud]!;
    return new Map(kubernetesRisks(clusterNetwork(groups, groups.environments[0]!.name, { ...part, cluster: { ...part.cluster!, cni } })).map((risk) => [risk.id, risk]));
  };
  const ALL = ['edge', 'payments', 'platform'];

  test.each<[Cni, Cloud]>([['vpc-cni', 'aws'], ['cilium', 'aws'], ['dataplane-v2', 'google'], ['acns', 'azure']])('%s: whoever writes policies opens; metadata too, where nothing is denied', (cni, cloud) => {
    const risk = risksOf(cni, cloud).get('policies-are-writable');
    expect(risk?.segments).toEqual(ALL);
    expect(/but for metadata/.test(risk?.summary ?? '')).toBe(cni === 'cilium' || cni === 'acns');
  });

  test.each<[Cni, Cloud]>([['vpc-cni', 'aws'], ['dataplane-v2', 'google'], ['acns', 'azure']])('%s: pods of other namespaces may stand on the nodes', (cni, cloud) => {
    expect(risksOf(cni, cloud).get('other-namespaces-on-nodes')?.segments).toEqual(ALL);
  });

  test.each<[Cni, Cloud, readonly string[] | undefined]>([['cilium', 'aws', ['payments']], ['acns', 'azure', ['payments']], ['vpc-cni', 'aws', undefined], ['dataplane-v2-fqdn', 'google', undefined]])('%s: kube-dns follows services that are a name', (cni, cloud, segments) => {
    const risk = risksOf(cni, cloud).get('pod-dns-by-external-name');
    expect(risk?.segments).toEqual(segments);
    expect(/DNS Firewall/.test(risk?.summary ?? '')).toBe(cni === 'cilium');
  });

  test('the agent of EKS takes its time', () => {
    expect(risksOf('vpc-cni', 'aws').get('pods-start-open')?.segments).toEqual(ALL);
    expect(risksOf('cilium', 'aws').has('pods-start-open')).toBe(false);
  });

  test('pods with hosts may forward for whoever calls them and has none', () => {
    const risk = risksOf('cilium', 'aws').get('pods-forward');
    expect(risk).toMatchObject({ segments: ALL, summary: expect.stringContaining('api-gateway/gateway by payments/api') });
    const alone = { ...policy, segments: policy.segments.map((segment) => ({ ...segment, pods: segment.pods?.map((pods) => ({ ...pods, accepts: [] })) })) } as typeof policy;
    expect(risksOf('cilium', 'aws', alone).has('pods-forward')).toBe(false);
  });
});
