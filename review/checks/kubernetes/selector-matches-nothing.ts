import type { Check, Hit } from '../check';
import { nearest } from '../../../blueprints/policy/suggest';
import { own, ownText, type Json } from '../../plan/json';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { policyName, type ClusterPolicy, type PolicyRule, type RulePeer } from '../../model/kubernetes/policies';
import { isEmpty, matchLabels, selects } from '../../model/kubernetes/selectors';

export const check: Check<KubernetesModel> = {
  id: 'selector-matches-nothing',
  title: 'selector that matches no pods or no namespace',
  severity: 'medium',
  why: 'A rule for nobody opens nothing today, and everything to whoever takes the labels tomorrow. Mostly it is a typing error that somebody will look for long.',
  fix: 'Correct the labels; select namespaces by kubernetes.io/metadata.name, which the API server sets and nobody can take.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      const { object, subject: { pods: selector, namespace } } = policy;
      const anyPods = { ...policy, subject: { ...policy.subject, pods: {} } };
      const isAnybodyThere = () => model.pods.some((pods) => pods.known && model.selection(anyPods, pods) !== 'no');
      if (!isEmpty(selector) && !isForNodes(policy) && isAnybodyThere() && !model.podsUnder(policy).some(({ known }) => known)) {
        yield { address: object.address, message: `${policyName(policy)} selects ${ownText(selector, 'expression') ?? JSON.stringify(selector)}, which no workload of ${namespace === undefined ? 'this cluster' : 'the namespace'} has`, ...sureness(selector, model) };
      }
      for (const rule of policy.rules) {
        for (const peer of rule.peers) {
          const problem = peerProblem(peer, rule, model);
          if (problem) yield { address: object.address, message: `${policyName(policy)}: ${problem.text}`, ...(peer.kind === 'pods' && problem.isOfPods ? sureness(peer.pods, model) : { confidence: problem.sure ? 'likely' as const : 'possible' as const }) };
        }
      }
    }
  },
};

/** Of Calico, what is for interfaces of nodes: https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy */
function isForNodes({ object: { spec } }: ClusterPolicy): boolean {
  return ['applyOnForward', 'preDNAT', 'doNotTrack'].some((name) => own(spec, name) === true);
}

/** Pods with a label of a domain that nothing here has are those of a controller: of a gateway, a database. https://gateway-api.sigs.k8s.io/geps/gep-1762/ */
function sureness(selector: Json | undefined, model: KubernetesModel): Pick<Hit, 'confidence' | 'severity'> {
  const isForeign = (key: string) => {
    const [domain] = /^[^/]+\//.exec(key) ?? [];
    return domain !== undefined && domain !== 'app.kubernetes.io/' && !model.pods.some(({ labels }) => Object.keys(labels).some((each) => each.startsWith(domain)));
  };
  return Object.keys(matchLabels(selector)).some(isForeign) ? { confidence: 'possible', severity: 'low' } : { confidence: 'likely' };
}

function peerProblem(peer: RulePeer, rule: PolicyRule, model: KubernetesModel): { readonly text: string; readonly sure: boolean; readonly isOfPods?: true } | undefined {
  if (peer.kind !== 'pods' || model.podsOf(peer, rule).length > 0) return undefined;
  // What refuses pods that are not there opens nothing.
  if (rule.action !== 'allow') return undefined;
  const declared = [...model.namespaces].filter(([, namespace]) => namespace.declared).map(([name]) => name);
  const named = peer.namespaces === undefined ? rule.policy.object.namespace : matchLabels(peer.namespaces)['kubernetes.io/metadata.name'];
  if (named === undefined) {
    // By other labels: only namespaces that the input declares can be asked.
    if (isEmpty(peer.namespaces) || declared.length === 0 || declared.some((name) => selects(peer.namespaces, model.namespaces.get(name)!.labels))) return undefined;
    return { text: `no namespace here has the labels ${JSON.stringify(matchLabels(peer.namespaces))}`, sure: false };
  }
  if (model.namespaces.has(named)) {
    if (peer.pods === undefined || isEmpty(peer.pods)) return undefined;
    return { text: `no pods of namespace ${named} have the labels ${JSON.stringify(matchLabels(peer.pods))}`, sure: true, isOfPods: true };
  }
  const near = nearest(named, declared);
  return near === undefined ? undefined : { text: `there is no namespace ${named} here; is '${near}' meant?`, sure: true };
}
