/**
 * Pods of AKS for which Azure's own engine (Azure Network Policy Manager) enforces nothing, or not all: it knows no IPv6, and on
 * Windows not every policy.
 *
 * https://learn.microsoft.com/azure/aks/use-network-policies#limitations-of-azure-network-policy-manager
 */
import { own, ownText } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import type { Surroundings } from './clusters';
import { setting } from './enforcement';
import { list, policyName, type ClusterPolicy } from './policies';
import type { PodIdentity } from './workloads';

/** Why policies may not hold for pods, in an input that makes a cluster with this engine; undefined when they do, as far as it tells. */
export function azureGaps(graph: Surroundings, policies: readonly ClusterPolicy[]): (pods: PodIdentity) => string | undefined {
  const clusters = graph.ofType('azurerm_kubernetes_cluster').filter((cluster) => isAzure(graph, cluster));
  const both = clusters.find((cluster) => isOfSix(graph, cluster));
  const unread = clusters.length === 0 ? [] : policies.filter(isUnread);
  return ({ id, namespace, onHost, node }) => {
    if (onHost) return undefined;
    if (both) return `${id} has IPv6 in ${both.address}, for which network_policy = azure enforces nothing`;
    const policy = node === 'windows' ? unread.find((each) => each.object.namespace === namespace) : undefined;
    return policy && `${id} runs on Windows, where network_policy = azure reads no named ports, SCTP, except, nor selectors of what lacks a label, as ${policyName(policy)} has`;
  };
}

function isAzure(graph: Surroundings, cluster: Resource): boolean {
  const policy = setting(graph, cluster, 'network_profile', 0, 'network_policy');
  return policy !== 'unknown' && policy.value === 'azure';
}

function isOfSix(graph: Surroundings, cluster: Resource): boolean {
  const versions = setting(graph, cluster, 'network_profile', 0, 'ip_versions');
  return versions !== 'unknown' && JSON.stringify(versions.value ?? []).includes('IPv6');
}

function isUnread({ object: { group, spec } }: ClusterPolicy): boolean {
  if (group !== 'networking.k8s.io') return false;
  const ports = ['ingress', 'egress'].flatMap((direction) => list(own(spec, direction)).flatMap((rule) => list(own(rule, 'ports'))));
  return ports.some((port) => /[a-z]/i.test(String(own(port, 'port') ?? '')) || ownText(port, 'protocol') === 'SCTP') || /"(except|operator":"(NotIn|DoesNotExist))"/.test(JSON.stringify(spec));
}
