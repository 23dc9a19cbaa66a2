import type { Check } from '../check';
import { blockHolds } from '../../model/kubernetes/blocks';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import type { PolicyRule } from '../../model/kubernetes/policies';
import { hasPort } from '../../model/kubernetes/ports';
import { selects } from '../../model/kubernetes/selectors';

export const check: Check<KubernetesModel> = {
  id: 'dns-egress-missing',
  title: 'pods with limited egress that cannot resolve names',
  severity: 'high',
  why: 'Every call by name fails after seconds of waiting, and looks like a fault of what is called. It is the first failure of a closed namespace.',
  fix: 'Let the pods reach k8s-app=kube-dns in kube-system on UDP and TCP 53, and 169.254.20.10 where NodeLocal DNSCache runs.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic', 'https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/'],
  comparable: [],
  *run({ model }) {
    for (const pods of model.pods) {
      const { isClosed, tiers } = model.rulesOf(pods, 'egress');
      if (!isClosed) continue;
      // What is passed on, and no later tier closes, is let through.
      const rules = tiers.flatMap(({ rules: own }, at) => {
        const isLetThrough = !tiers.slice(at + 1).some((later) => later.isClosed);
        return own.filter(({ action, peers }) => (action === 'allow' || (action === 'pass' && isLetThrough)) && peers.length > 0);
      });
      // Pods that may call nobody need no names.
      if (rules.length === 0) continue;
      const missing = (['UDP', 'TCP'] as const).filter((protocol) => !rules.some((rule) => hasPort(rule.ports, protocol, 53) && mayBeDns(rule)));
      if (missing.length === 0) continue;
      yield {
        address: rules[0]!.policy.object.address,
        message: `${pods.id} may call others, and no rule opens ${missing.map((protocol) => `${protocol.toLowerCase()}/53`).join(' and ')} to the cluster's DNS`,
        ...(missing.length === 1 ? { severity: 'medium' as const } : {}),
      };
    }
  },
};

/**
 * Of NodeLocal DNSCache, and of the service as kubeadm, EKS, AKS, k3s and OpenShift have it: a block with one of them is wide enough
 * for the pods behind it, too. Cilium takes no pods for addresses.
 * https://docs.cilium.io/en/stable/security/policy/language/#ip-cidr-based
 */
const USUAL = ['169.254.20.10', '10.96.0.10', '10.100.0.10', '172.20.0.10', '10.0.0.10', '10.43.0.10', '172.30.0.10'];

function mayBeDns({ peers, policy, ports }: PolicyRule): boolean {
  return peers.some((peer) => {
    switch (peer.kind) {
      case 'anything': case 'entity': case 'hidden': return true;
      // A rule for port 53 is for DNS wherever it leads: the Service's block, a resolver outside.
      case 'block': return (policy.object.kind.startsWith('Cilium') ? USUAL.slice(0, 1) : USUAL).some((address) => blockHolds(peer, address)) || ports.every(({ from, to }) => from === 53 && to === 53);
      case 'names': return false;
      case 'pods': return peer.namespaces === undefined ? policy.object.namespace === 'kube-system' : selects(peer.namespaces, { 'kubernetes.io/metadata.name': 'kube-system', name: 'kube-system' }) || JSON.stringify(peer.pods ?? {}).includes('dns');
    }
  });
}
