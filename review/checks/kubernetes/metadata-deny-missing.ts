import type { Check } from '../check';
import type { Policy } from '../../../blueprints/policy/model';
import { addressesOf } from '../../model/addresses';
import { rangesIn } from '../../model/kubernetes/blocks';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import type { ClusterPolicy } from '../../model/kubernetes/policies';
import { ANY_PORT } from '../../model/kubernetes/ports';
import { isEmpty } from '../../model/kubernetes/selectors';
import { includes } from '../../model/ranges';

/** The same address on AWS, Google Cloud and Azure. */
const METADATA = addressesOf(['169.254.169.254'], 4);

export const check: Check<KubernetesModel> = {
  id: 'metadata-deny-missing',
  title: 'namespace without Cilium\'s deny of metadata',
  severity: 'low',
  why: 'A deny of Cilium wins over every allow, whoever writes it: without one, the next policy that opens a block, or a name that somebody points at 169.254.169.254, opens the credentials of the node.',
  fix: 'Apply the CiliumNetworkPolicy deny-metadata of the namespace (`egress manifests` writes it), or a CiliumClusterwideNetworkPolicy with egressDeny for all pods.',
  references: ['https://docs.cilium.io/en/stable/security/policy/language/#deny-policies'],
  comparable: [],
  *run({ model, policy }) {
    if (!policy || !isWanted(policy, model)) return;
    for (const name of new Set(policy.segments.flatMap(({ pods = [] }) => pods.map(({ namespace }) => namespace)))) {
      const namespace = model.namespaces.get(name);
      if (!namespace?.declared) continue;
      const pods = { namespace: name, labels: {}, id: name, address: namespace.address, known: false, onHost: false };
      if (!model.policiesFor(name).some((each) => denies(each) && isEmpty(each.subject.pods) && model.selection(each, pods) === 'yes')) {
        yield { address: namespace.address, message: `nothing denies pods of namespace ${name} the metadata of their node for good`, ...(model.hidden.length > 0 ? { confidence: 'possible' as const } : {}) };
      }
    }
  },
};

/** Where Cilium takes policies of namespaces: in this input, or in every cluster that the policy file has. GKE takes none. */
function isWanted({ environments }: Policy, { objects }: KubernetesModel): boolean {
  const clusters = environments.flatMap(({ aws, google, azure }) => [aws, google, azure].flatMap((part) => part?.cluster ?? []));
  return objects.some(({ kind, group }) => kind === 'CiliumNetworkPolicy' && group === 'cilium.io') || (clusters.length > 0 && clusters.every(({ cni }) => ['cilium', 'acns', 'azure-cilium'].includes(cni)));
}

function denies({ object, refused, rules }: ClusterPolicy): boolean {
  return object.group === 'cilium.io' && refused === undefined && rules.some(({ direction, action, ports, peers }) => direction === 'egress' && action === 'deny' && ports === ANY_PORT
    && peers.some((peer) => peer.kind === 'anything' || (peer.kind === 'block' && includes(rangesIn(peer, 4), METADATA))));
}
