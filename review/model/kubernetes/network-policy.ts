/**
 * NetworkPolicy, and the kinds that add host names to it: FQDNNetworkPolicy of GKE and
 * ApplicationNetworkPolicy of EKS.
 *
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
import { isList, isObject, own, ownText, type Json, type JsonObject } from '../../plan/json';
import { unmapped } from './blocks';
import type { KubernetesObject } from './objects';
import { asksForNothing, holdsForNobody, OVERSELECTED } from './overselected';
import { DIRECTIONS, list, NETWORK_POLICY_ORDER, policyWith, textList, TIER_ORDER, type ClusterPolicy, type Direction, type PolicyRule, type RulePeer } from './policies';
import { portSpans } from './ports';

/** @param isCiliums whether Cilium enforces it @param refused why the cluster takes nothing of it */
export function networkPolicy(object: KubernetesObject, isCiliums: boolean, refused?: string): ClusterPolicy {
  const { spec } = object;
  const types = textList(own(spec, 'policyTypes'));
  // Left out, the types follow from what is there: ingress always counts, egress with a rule.
  const names = types.length > 0 ? types : ['Ingress', ...(list(own(spec, 'egress')).length > 0 ? ['Egress'] : [])];
  const closes = isOfOtherNetwork(object) ? [] : DIRECTIONS.filter((each) => names.includes(each === 'ingress' ? 'Ingress' : 'Egress'));
  return policyWith({ ...base(object), closes: refused === undefined ? closes : [], ...(refused === undefined ? {} : { refused }) }, (policy) => closes.flatMap((direction) => list(own(spec, direction)).map((rule) => networkRule(policy, direction, rule, isCiliums))));
}

/** On GKE a policy holds for the one network that it names, and pods have the default one besides. https://cloud.google.com/kubernetes-engine/docs/how-to/control-traffic-between-pods-services */
function isOfOtherNetwork({ annotations }: KubernetesObject): boolean {
  const network = annotations['networking.gke.io/network'];
  return network !== undefined && network !== 'default';
}

/**
 * GKE's own kind has `matches`; that of the controller which many clusters ran before has `to` with `fqdns`,
 * in the same group, and makes NetworkPolicies of what they resolve to.
 * https://github.com/GoogleCloudPlatform/gke-fqdnnetworkpolicies-golang
 */
export function fqdnPolicy(object: KubernetesObject, refused?: string): ClusterPolicy {
  return policyWith({ ...base(object), closes: refused === undefined ? ['egress'] : [], ...(refused === undefined ? {} : { refused }) }, (policy) => list(own(object.spec, 'egress')).map((rule) => {
    const names = [...namesIn(own(rule, 'matches'), ['name', 'pattern']), ...list(own(rule, 'to')).flatMap((peer) => textList(own(peer, 'fqdns')))];
    const peer: RulePeer = names.length > 0 ? { kind: 'names', names } : { kind: 'hidden', text: 'hosts that are not known' };
    return { policy, direction: 'egress', action: 'allow', ports: portSpans(own(rule, 'ports')), dnsNames: false, peers: [peer] };
  }));
}

function base(object: KubernetesObject): Pick<ClusterPolicy, 'object' | 'tier' | 'tierOrder' | 'priority' | 'subject'> {
  return { object, tier: 'namespaced', tierOrder: TIER_ORDER.namespaced, priority: NETWORK_POLICY_ORDER, subject: { namespace: object.namespace, pods: own(object.spec, 'podSelector') ?? {}, vague: false } };
}

function networkRule(policy: ClusterPolicy, direction: Direction, rule: JsonObject, isCiliums: boolean): PolicyRule {
  const peers = list(own(rule, direction === 'ingress' ? 'from' : 'to')).flatMap((peer) => networkPeers(peer, isCiliums));
  return { policy, direction, action: 'allow', peers: peers.length > 0 ? peers : [{ kind: 'anything' }], ports: portSpans(own(rule, 'ports')), dnsNames: false };
}

function networkPeers(peer: JsonObject, isCiliums: boolean): readonly RulePeer[] {
  const block = own(peer, 'ipBlock');
  if (isObject(block)) return blockPeers(ownText(block, 'cidr') ?? 'a block that is not known', textList(own(block, 'except')));
  const names = textList(own(peer, 'domainNames'));
  if (names.length > 0) return [{ kind: 'names', names }];
  const [namespaces, pods] = [own(peer, 'namespaceSelector') ?? undefined, own(peer, 'podSelector') ?? undefined];
  // The API server refuses one that names nobody, and one that nobody knows yet may be anybody.
  if (namespaces === undefined && pods === undefined) return [{ kind: 'hidden', text: 'a peer that is not known' }];
  return [{ kind: 'pods', namespaces, pods }, ...(isCiliums && asksForNothing(namespaces) && holdsForNobody(pods) ? [OVERSELECTED] : [])];
}

/** A block that lets through, and what else an engine may take it for. */
export function blockPeers(cidr: string, except: readonly string[]): readonly RulePeer[] {
  const other = unmapped(cidr);
  return [{ kind: 'block', cidr, except }, ...(other === undefined ? [] : [{ kind: 'block' as const, cidr: other, except: [] }])];
}

export function namesIn(value: Json | undefined, keys: readonly string[]): readonly string[] {
  return isList(value) ? value.flatMap((each) => keys.flatMap((key) => {
    const name = own(each, key);
    return typeof name === 'string' ? [name] : [];
  })) : [];
}
