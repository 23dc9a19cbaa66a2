/**
 * Who answers for names that Cilium lets pods call. It takes the addresses of a name from answers to questions that its rules let pass:
 * where these may go to pods that are no resolver of the cluster, whoever answers there makes any address one of the name.
 *
 * https://docs.cilium.io/en/stable/security/policy/language/#dns-based, https://pkg.go.dev/github.com/cilium/cilium/pkg/fqdn
 */
import type { KubernetesModel } from './kubernetes-model';
import { policyName, type PolicyRule, type RulePeer } from './policies';
import { matchLabels } from './selectors';
import { podsId, type PodIdentity } from './workloads';

/** Namespaces of resolvers, and labels that name one. */
const RESOLVERS = /dns|^kube-system$/i;

/** Empty where only resolvers answer, and where no names are asked of DNS. */
export function untrustedAnswers(pods: PodIdentity, model: Pick<KubernetesModel, 'rulesOf'>): readonly string[] {
  const rules = model.rulesOf(pods, 'egress').tiers.flatMap((tier) => tier.rules.filter(({ action, policy }) => action === 'allow' && policy.object.group === 'cilium.io'));
  if (!rules.some(({ peers }) => peers.some((peer) => peer.kind === 'names' && peer.inHandshake !== true))) return [];
  return rules.filter(({ dnsNames }) => dnsNames).flatMap((rule) => rule.peers.flatMap((peer) => answerer(peer, rule) ?? [])
    .map((whom) => `${policyName(rule.policy)} lets ${pods.id} ask ${whom} for names: whoever answers there makes any address one of a name that it may call`));
}

/** Addresses and the world are open anyway, nodes are the cluster's. */
function answerer(peer: RulePeer, { policy }: PolicyRule): string | undefined {
  if (peer.kind === 'entity') return /^(cluster|all)$/.test(peer.entity) ? 'whatever is in the cluster' : undefined;
  if (peer.kind !== 'pods' || RESOLVERS.test(JSON.stringify(peer.pods ?? {}))) return undefined;
  const named = peer.namespaces === undefined ? policy.object.namespace : matchLabels(peer.namespaces)['kubernetes.io/metadata.name'];
  return named !== undefined && RESOLVERS.test(named) || RESOLVERS.test(JSON.stringify(peer.namespaces ?? {}).replaceAll('kubernetes.io/metadata.name', '')) ? undefined : podsId(named ?? 'any namespace', matchLabels(peer.pods));
}
