import type { Check } from '../check';
import { blockHolds } from '../../model/kubernetes/blocks';
import type { KubernetesModel, RulePeer } from '../../model/kubernetes/kubernetes-model';
import { hasPort } from '../../model/kubernetes/ports';

/** AWS, Google Cloud and Azure; Azure's agent. */
const METADATA = ['169.254.169.254', '168.63.129.16'];

export const check: Check<KubernetesModel> = {
  id: 'metadata-reachable',
  title: 'pods that may call the metadata of their node',
  severity: 'high',
  why: "The instance metadata service hands out the node's credentials, which reach further than any pod should: the usual second step after a request forgery.",
  fix: 'Take 169.254.0.0/16 and 168.63.129.16/32 out of the block with except, and let nodes answer one hop only.',
  references: ['https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html', 'https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity'],
  comparable: [],
  *run({ model }) {
    for (const { object, rules, selector } of model.policies) {
      const denied = model.policies.filter((other) => other.object.namespace === object.namespace && other.denies.length > 0 && (other.selectsAll || JSON.stringify(other.selector) === JSON.stringify(selector))).flatMap(({ denies }) => denies);
      for (const { direction, peers, ports } of rules) {
        if (direction !== 'egress' || !hasPort(ports, 'TCP', 80)) continue;
        const reached = METADATA.filter((address) => peers.some((peer) => reaches(peer, address)) && !denied.some((cidr) => blockHolds({ cidr, except: [] }, address)));
        if (reached.length > 0) yield { address: object.address, message: `${object.namespace}/${object.name} lets pods call ${reached.join(' and ')}` };
      }
    }
  },
};

function reaches(peer: RulePeer, address: string): boolean {
  if (peer.kind === 'block') return blockHolds(peer, address);
  return peer.kind === 'anything' || (peer.kind === 'entity' && ['all', 'world', 'world-ipv4', 'host'].includes(peer.entity));
}
