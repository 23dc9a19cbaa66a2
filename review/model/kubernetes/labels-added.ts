/** Labels and annotations that a plan gives to objects that something else makes: `kubernetes_labels`, `kubernetes_annotations`. */
import { isList, isObject, own, ownText, type Json } from '../../plan/json';
import type { ResourceGraph } from '../../plan/resource-graph';
import type { Cluster } from './clusters';
import { texts, type Labels } from './labels';
import type { KubernetesObject } from './objects';

interface LabelsAdded {
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Of the pods that the object makes. */
  readonly ofPods: Labels;
  readonly unknown: boolean;
}

/** By kind, namespace and name. */
export function labelsAdded(graph: ResourceGraph, cluster: Pick<Cluster, 'has'>): ReadonlyMap<string, LabelsAdded> {
  const added = new Map<string, LabelsAdded>();
  for (const resource of ['kubernetes_labels', 'kubernetes_annotations'].flatMap((type) => graph.ofType(type)).filter((each) => cluster.has(each))) {
    const metadata = first(own(resource.values, 'metadata'));
    const kind = ownText(resource.values, 'kind') ?? '';
    const key = keyOf(kind, kind === 'Namespace' ? '' : ownText(metadata, 'namespace') ?? 'default', ownText(metadata, 'name') ?? '');
    const known = added.get(key);
    const given = (name: string) => texts(own(resource.values, name));
    added.set(key, { labels: { ...known?.labels, ...given('labels') }, annotations: { ...known?.annotations, ...given('annotations') }, ofPods: { ...known?.ofPods, ...given('template_annotations') }, unknown: known?.unknown === true || resource.hasUnknown('labels') });
  }
  return added;
}

export function labelled(objects: readonly KubernetesObject[], added: ReadonlyMap<string, LabelsAdded>): readonly KubernetesObject[] {
  if (added.size === 0) return objects;
  return objects.map((object) => {
    const more = added.get(keyOf(object.kind, object.namespace, object.name));
    return more ? { ...object, labels: { ...object.labels, ...more.labels }, annotations: { ...object.annotations, ...more.annotations }, templateAnnotations: more.ofPods, labelsUnknown: object.labelsUnknown || more.unknown } : object;
  });
}

function keyOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

function first(value: Json | undefined): Json | undefined {
  const one = isList(value) ? value[0] : value;
  return isObject(one) ? one : undefined;
}
