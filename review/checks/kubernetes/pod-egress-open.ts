import type { Check } from '../check';
import { blockHolds, isWide } from '../../model/kubernetes/blocks';
import type { KubernetesModel, PolicyRule, RulePeer } from '../../model/kubernetes/kubernetes-model';
import { spanTexts } from '../../model/kubernetes/ports';

/** What our own policies say where the cloud's firewall filters the names. */
const NAMES_ELSEWHERE = 'zero-egress/names-filtered-by';

export const check: Check<KubernetesModel> = {
  id: 'pod-egress-open',
  title: 'pods that may call any address',
  severity: 'high',
  why: 'A policy that opens 0.0.0.0/0 limits nothing on the internet: whatever the pod holds can be sent anywhere that the network lets through.',
  fix: 'Name the pods, blocks or hosts that are called; for hosts use toFQDNs, FQDNNetworkPolicy, or the firewall of the network.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#allow-all-egress-traffic'],
  comparable: ['trivy KUBE-0002'],
  *run({ model }) {
    for (const { object, rules } of model.policies) {
      for (const rule of rules.filter(({ direction }) => direction === 'egress')) {
        const peers = rule.peers.filter(isOpen);
        // Two halves are the whole: 0.0.0.0/1 and 128.0.0.0/1.
        const halves = rule.peers.filter((peer) => peer.kind === 'block' && isWide(peer));
        const open = peers.length > 0 ? peers : halves.length > 1 ? halves : [];
        if (open.length === 0) continue;
        const ports = spanTexts(rule.ports);
        yield {
          address: object.address,
          message: `${object.namespace}/${object.name} lets pods call ${open.map(peerText).join(' and ')} on ${ports.join(', ')}`,
          ...(isFilteredElsewhere(rule, open, ports) ? { severity: 'low' as const, confidence: 'possible' as const } : {}),
          ...(ports.every((port) => port.endsWith('/53')) ? { severity: 'medium' as const } : {}),
        };
      }
    }
  },
};

function isOpen(peer: RulePeer): boolean {
  if (peer.kind === 'anything') return true;
  if (peer.kind === 'entity') return peer.entity === 'world' || peer.entity === 'all' || peer.entity.startsWith('world-');
  return peer.kind === 'block' && (peer.cidr === '0.0.0.0/0' || peer.cidr === '::/0');
}

function peerText(peer: RulePeer): string {
  if (peer.kind === 'block') return peer.cidr;
  return peer.kind === 'entity' ? peer.entity : 'anything';
}

/** The policy says who filters the names, and opens public addresses on single ports only. */
function isFilteredElsewhere({ policy }: PolicyRule, open: readonly RulePeer[], ports: readonly string[]): boolean {
  return policy.object.annotations[NAMES_ELSEWHERE] !== undefined
    && ports.every((port) => /^tcp\/\d+$/.test(port))
    && open.every((peer) => peer.kind === 'block' && !['10.1.2.3', '172.16.1.1', '192.168.1.1', '169.254.169.254'].some((address) => blockHolds(peer, address)));
}
