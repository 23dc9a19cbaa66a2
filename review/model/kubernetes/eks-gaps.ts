/**
 * Pods of EKS for which its network policy agent enforces nothing: those that no controller owns, and those on Fargate.
 *
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
import { isList, isObject, own, ownText, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import type { Surroundings } from './clusters';
import { texts } from './labels';
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
