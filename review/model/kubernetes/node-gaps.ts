/**
 * Pods on nodes where policies do not hold: those of Windows, where the engine is for Linux alone, and those that a virtual node
 * of AKS runs as container instances.
 *
 * https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2 is made of eBPF, and of Windows no document of GKE says that it holds;
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 * https://learn.microsoft.com/azure/aks/use-network-policies, https://learn.microsoft.com/azure/aks/virtual-nodes#limitations
 */
import { own, ownObject, ownText, type JsonObject } from '../../plan/json';
import type { Surroundings } from './clusters';
import { bringsEngine } from './enforcement';
import type { KubernetesObject } from './objects';
import { isCilium } from './overselected';
import { list, textList } from './policies';
import type { PodIdentity } from './workloads';

/** Where pods have to run, or may. */
export type NodeKind = 'windows' | 'virtual';

const OS = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

/** What a template says of its nodes; undefined for Linux, and where it says nothing. */
export function nodeKind(spec: JsonObject): NodeKind | undefined {
  const nodes = ownObject(spec, 'nodeSelector');
  const required = ownObject(ownObject(ownObject(spec, 'affinity'), 'nodeAffinity'), 'requiredDuringSchedulingIgnoredDuringExecution');
  const asked = list(own(required, 'nodeSelectorTerms')).flatMap((term) => list(own(term, 'matchExpressions')));
  const isWindows = ownText(ownObject(spec, 'os'), 'name') === 'windows' || OS.some((key) => ownText(nodes, key) === 'windows')
    || asked.some((each) => OS.includes(ownText(each, 'key') ?? '') && ownText(each, 'operator') === 'In' && textList(own(each, 'values')).includes('windows'));
  if (isWindows) return 'windows';
  const tolerated = [...list(own(spec, 'tolerations')), ...list(own(spec, 'toleration'))];
  const isVirtual = ownText(nodes, 'type') === 'virtual-kubelet' || ownText(nodes, 'virtualization') === 'virtualnode2' || tolerated.some((each) => ownText(each, 'key') === 'virtual-kubelet.io/provider');
  return isVirtual ? 'virtual' : undefined;
}

/** Why policies do not hold for pods where they run; undefined when they do, as far as the input tells. */
export function nodeGaps(graph: Surroundings, objects: readonly KubernetesObject[]): (pods: PodIdentity) => string | undefined {
  const isOfLinux = isCilium(graph, objects) || (['google_container_cluster', 'aws_eks_cluster'].some((type) => graph.ofType(type).length > 0) && !bringsEngine(graph, objects));
  return ({ id, onHost, node }) => {
    if (onHost || node === undefined) return undefined;
    if (node === 'virtual') return `${id} may run on a virtual node, where no policy is enforced`;
    return isOfLinux ? `${id} runs on Windows, where nobody says that policies are enforced` : undefined;
  };
}
