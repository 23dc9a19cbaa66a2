/**
 * Selectors of which Cilium makes more than they say. To it the world, the nodes and whatever else talks have labels, too, and
 * namespaces by expressions that hold for what has no such label (NotIn, DoesNotExist) ask for nothing that pods alone have.
 *
 * https://github.com/cilium/cilium/issues/46949, https://github.com/cilium/cilium/pull/46996
 */
import { isList, isObject, own, ownText, type Json } from '../../plan/json';
import type { Surroundings } from './clusters';
import type { KubernetesObject } from './objects';
import type { RulePeer } from './policies';

/** Whom such a peer stands for besides. */
export const OVERSELECTED: RulePeer = { kind: 'hidden', text: 'what is in none of the namespaces that a peer leaves out, to Cilium the world as well (let the peer ask for kubernetes.io/metadata.name to exist, too)' };

/** Whether a selector holds for what has no labels at all, though it is not empty. */
export function asksForNothing(selector: Json | undefined): boolean {
  const expressions = isObject(selector) ? own(selector, 'matchExpressions') : undefined;
  return isList(expressions) && expressions.length > 0 && holdsForNobody(selector);
}

/** The same, or one that is empty. */
export function holdsForNobody(selector: Json | undefined): boolean {
  if (!isObject(selector)) return selector === undefined || selector === null;
  const [labels, expressions] = [own(selector, 'matchLabels'), own(selector, 'matchExpressions')];
  return (!isObject(labels) || Object.keys(labels).length === 0) && (!isList(expressions) || expressions.every((each) => /^(NotIn|DoesNotExist)$/.test(ownText(each, 'operator') ?? '')));
}

/**
 * Whether the input shows that its policies are Cilium's to enforce.
 * https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2, https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium
 */
export function isCilium(graph: Surroundings, objects: readonly KubernetesObject[]): boolean {
  return objects.some(({ group, kind, name }) => group === 'cilium.io' || (/^(DaemonSet|HelmRelease|HelmChart|Application)$/.test(kind) && /cilium/i.test(name)))
    || graph.ofType('helm_release').some(({ values }) => ['name', 'chart'].some((key) => /cilium/i.test(ownText(values, key) ?? '')))
    || graph.ofType('google_container_cluster').some((cluster) => cluster.valueAt(['datapath_provider']) === 'ADVANCED_DATAPATH' || cluster.valueAt(['enable_autopilot']) === true)
    || graph.ofType('azurerm_kubernetes_cluster').some((cluster) => ['network_data_plane', 'network_policy'].some((key) => cluster.valueAt(['network_profile', 0, key]) === 'cilium'));
}
