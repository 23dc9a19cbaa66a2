/**
 * Pods of EKS for which its network policy agent enforces nothing: those that no controller owns, and those on Fargate.
 *
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
import { isList, isObject, own, ownText, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import type { Surroundings } from './clusters';
import { addonValues, setting } from './enforcement';
import { enginesIn } from './engines';
import { texts } from './labels';
import type { KubernetesObject } from './objects';
import type { PodIdentity } from './workloads';

/** Why policies do not hold for pods, in an input that makes a cluster of EKS; undefined when they do, as far as it tells. */
export function eksGaps(graph: Surroundings): (pods: PodIdentity) => string | undefined {
  if (graph.ofType('aws_eks_cluster').length === 0) return () => undefined;
  const profiles = graph.ofType('aws_eks_fargate_profile');
  return (pods) => {
    if (!pods.known || pods.onHost) return undefined;
    if (pods.hasNoOwner) return `${pods.id} has no owner, and EKS enforces no policy for such pods: a Deployment or a Job makes pods that have one`;
    const profile = profiles.find((each) => mayTake(each, pods));
    return profile && `${pods.id} may run on Fargate (${profile.address}), where EKS enforces no policy`;
  };
}

/**
 * Pods with a second interface, for the family of addresses that the cluster is not of, which no engine beside the VPC CNI looks at.
 * In clusters of IPv6 every pod has one for IPv4, unless somebody switches that off.
 *
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html#cni-network-policy-considerations
 * https://github.com/aws/amazon-vpc-cni-k8s#enable_v4_egress-v1151
 * https://github.com/aws/aws-network-policy-agent/issues/408, https://github.com/projectcalico/calico/issues/9099
 */
export function familyGaps(graph: Surroundings, objects: readonly KubernetesObject[]): (pods: PodIdentity) => string | undefined {
  // Cilium makes interfaces of its own.
  const clusters = enginesIn(graph, objects).has('cilium') ? [] : graph.ofType('aws_eks_cluster');
  const values = graph.ofType('aws_eks_addon').filter((addon) => ownText(addon.values, 'addon_name') === 'vpc-cni').map((addon) => own(addonValues(addon.valueAt(['configuration_values'])), 'env'));
  const isEnv = (name: string, value: string) => values.some((env) => String(own(env, name)).toLowerCase() === value);
  const found = clusters.flatMap((cluster) => {
    const family = setting(graph, cluster, 'kubernetes_network_config', 0, 'ip_family');
    if (family !== 'unknown' && family.value === 'ipv6') return isEnv('ENABLE_V4_EGRESS', 'false') ? [] : [{ cluster, name: 'IPv4', how: 'unless ENABLE_V4_EGRESS is false in env of its add-on vpc-cni' }];
    return isEnv('ENABLE_V6_EGRESS', 'true') ? [{ cluster, name: 'IPv6', how: 'as ENABLE_V6_EGRESS is true' }] : [];
  })[0];
  return ({ id, onHost }) => (found === undefined || onHost ? undefined : `${id} has an interface for ${found.name} in ${found.cluster.address}, where no policy of pods holds, ${found.how}`);
}

function mayTake(profile: Resource, { namespace, labels, labelsUnknown = false }: PodIdentity): boolean {
  if (profile.unknownAt('selector') !== undefined) return true;
  const selectors = own(profile.values, 'selector');
  return (isList(selectors) ? selectors : [selectors]).some((selector, index) => {
    if (!isObject(selector)) return false;
    const pattern = ownText(selector, 'namespace');
    const wanted = Object.entries(texts(own(selector, 'labels') as Json | undefined));
    return (pattern === undefined ? profile.hasUnknown(['selector', index, 'namespace']) : matches(pattern, namespace)) && wanted.every(([key, value]) => labelsUnknown || (labels[key] !== undefined && matches(value, labels[key])));
  });
}

/** `prod-*`, `team-?`: https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html */
function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}
