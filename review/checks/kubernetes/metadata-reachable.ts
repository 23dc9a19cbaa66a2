import type { Check } from '../check';
import { addressesOf, addressRange, type Family } from '../../model/addresses';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { policyName } from '../../model/kubernetes/policies';
import { hasPort } from '../../model/kubernetes/ports';
import { reachOf } from '../../model/kubernetes/reach-of-rule';

/** AWS, Google Cloud and Azure, also over IPv6; Azure's agent. */
const METADATA = ['169.254.169.254', 'fd00:ec2::254', '168.63.129.16'].map((address) => {
  const { family } = addressRange(address) as { readonly family: Family };
  return { address, side: { kind: 'addresses' as const, family, ranges: addressesOf([address], family) } };
});

export const check: Check<KubernetesModel> = {
  id: 'metadata-reachable',
  title: 'pods that may call the metadata of their node',
  severity: 'high',
  why: "The instance metadata service hands out the node's credentials, which reach further than any pod should: the usual second step after a request forgery.",
  fix: 'Take 169.254.0.0/16, fd00:ec2::254/128 and 168.63.129.16/32 out of the block with except, and let nodes answer one hop only.',
  references: ['https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html', 'https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      for (const rule of policy.rules) {
        if (rule.direction !== 'egress' || rule.action !== 'allow' || !hasPort(rule.ports, 'TCP', 80)) continue;
        const told = { ...rule, peers: rule.peers.filter(({ kind }) => kind !== 'hidden') };
        const isHost = rule.peers.some((peer) => peer.kind === 'entity' && peer.entity === 'host');
        const reached = METADATA.filter(({ side }, index) => (isHost && index === 0) || hasPort(reachOf(told, side, model), 'TCP', 80)).map(({ address }) => address);
        if (reached.length > 0) yield { address: policy.object.address, message: `${policyName(policy)} lets pods call ${reached.join(' and ')}`, ...(policy.isPerhapsForNodes ? { severity: 'low' as const, confidence: 'possible' as const } : {}) };
      }
    }
  },
};
