import type { Check } from '../check';
import { INTERNET } from '../../model/addresses';
import { FAMILIES, rangesIn } from '../../model/kubernetes/blocks';
import type { KubernetesModel } from '../../model/kubernetes/kubernetes-model';
import { DIRECTIONS, policyName, type ClusterPolicy, type Direction, type RulePeer } from '../../model/kubernetes/policies';
import { ANY_PORT } from '../../model/kubernetes/ports';
import { isEmpty } from '../../model/kubernetes/selectors';
import { includes, unionOf } from '../../model/ranges';

/** Namespaces of Kubernetes and of clouds: closing them cuts the cluster off. */
const OF_THE_CLUSTER = /^(kube-|gke-|gmp-|amazon-|calico-|tigera-|cilium)/;

export const check: Check<KubernetesModel> = {
  id: 'namespace-not-closed',
  title: 'namespace without a default deny',
  severity: 'high',
  why: 'Pods that no policy selects accept everybody and reach everything, and the next pod with a new label is one of them.',
  fix: 'Add a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress, and no rules.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-and-all-egress-traffic'],
  comparable: ['checkov CKV2_K8S_6'],
  *run({ model }) {
    for (const [name, { address }] of model.namespaces) {
      if (OF_THE_CLUSTER.test(name)) continue;
      // A pod that nobody has thought of: only what is for every pod of the namespace holds for it.
      const pods = { namespace: name, labels: {}, id: name, address, known: false, onHost: false };
      const forAll = model.policiesFor(name).filter((policy) => isEmpty(policy.subject.pods) && model.selection(policy, pods) === 'yes');
      const open = DIRECTIONS.filter((direction) => !forAll.some((policy) => closesAll(policy, direction)) || forAll.some((policy) => opensAll(policy, direction)));
      // A policy that opens something for every pod leaves the rest closed, until somebody removes it.
      const narrow = new Map(open.map((direction) => [direction, forAll.some((policy) => opensAll(policy, direction)) ? undefined : forAll.find((policy) => policy.passes !== true && policy.closes.includes(direction) && !passesAll(policy, direction))]));
      const [never, only] = [open.filter((direction) => narrow.get(direction) === undefined), open.filter((direction) => narrow.get(direction) !== undefined)];
      const what = (directions: readonly Direction[]) => `${directions.join(' and ')} of namespace ${name} for pods that no other policy selects`;
      const by = [...new Set([...narrow.values()].flatMap((policy) => (policy ? [policyName(policy)] : [])))];
      if (never.length > 0) yield { address, message: `nothing closes ${what(never)}` };
      else if (only.length > 0) yield { address, message: `only ${by.join(' and ')}, which also opens something, closes ${what(only)}`, severity: 'low' };
    }
  },
};

/** Lets everybody, or the whole internet, through. */
function opensAll({ rules }: ClusterPolicy, direction: Direction): boolean {
  return rules.some((rule) => rule.direction === direction && rule.action === 'allow' && rule.peers.some((peer) => peer.kind === 'anything' || (peer.kind === 'entity' && /^(all|world.*)$/.test(peer.entity))));
}

/** Leaves everything to the next tier, which may not be there. */
function passesAll({ rules }: ClusterPolicy, direction: Direction): boolean {
  return rules.some((rule) => rule.direction === direction && rule.action === 'pass' && rule.peers.some(({ kind }) => kind === 'anything'));
}

/** Closes it and opens nothing; or refuses everybody, as the admin or the baseline. */
function closesAll({ tier, closes, passes, rules }: ClusterPolicy, direction: Direction): boolean {
  const own = rules.filter((rule) => rule.direction === direction);
  if (tier !== 'admin' && tier !== 'baseline' && passes !== true) return closes.includes(direction) && own.every(({ action, peers }) => action === 'deny' || peers.length === 0);
  const refused = own.flatMap(({ action, peers, ports }) => (action === 'deny' && ports === ANY_PORT ? peers : []));
  return own.every(({ action, peers }) => action !== 'allow' || peers.every(({ kind }) => kind === 'pods')) && refusesAll(refused, direction);
}

/** Every namespace, and where calls go out, every address. */
function refusesAll(peers: readonly RulePeer[], direction: Direction): boolean {
  const isEverywhere = peers.some((peer) => peer.kind === 'pods' && isEmpty(peer.namespaces) && (peer.pods === undefined || isEmpty(peer.pods)));
  const blocks = peers.filter((peer) => peer.kind === 'block');
  return isEverywhere && (direction === 'ingress' || FAMILIES.every((family) => includes(unionOf(blocks.map((block) => rangesIn(block, family))), INTERNET[family])));
}
