import { inFull, type Check } from '../check';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { policyName } from '../../model/kubernetes/policies';
import { isEmpty, matchLabels, selects } from '../../model/kubernetes/selectors';

export const check: Check<KubernetesModel> = {
  id: 'host-policy-without-dns',
  title: 'policy of host names without a rule for DNS',
  severity: 'high',
  why: 'Cilium learns the addresses of names from answers that pass its DNS proxy. Without a DNS rule there are none, and toFQDNs lets nothing through.',
  fix: 'Add an egress rule to kube-dns on port 53 with rules.dns that names the same hosts.',
  references: ['https://docs.cilium.io/en/stable/security/policy/language/#dns-based'],
  comparable: [],
  *run({ model }) {
    const cilium = model.policies.filter(({ object }) => object.group === 'cilium.io');
    for (const policy of cilium) {
      const { object, subject, rules } = policy;
      const names = rules.flatMap(({ peers }) => peers.flatMap((peer) => (peer.kind === 'names' && !peer.inHandshake ? peer.names : [])));
      if (names.length === 0) continue;
      const labels = matchLabels(subject.pods);
      const learns = cilium.some((other) => (other.subject.namespace === undefined || other.subject.namespace === subject.namespace)
        && (isEmpty(other.subject.pods) || selects(other.subject.pods, labels)) && other.rules.some(({ dnsNames }) => dnsNames));
      if (!learns) yield { ...inFull(names, 3), address: object.address, message: `${policyName(policy)} names ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}, and no DNS rule holds for the same pods` };
    }
  },
};
