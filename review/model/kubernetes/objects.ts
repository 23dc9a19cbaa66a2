/** Kubernetes objects of a plan, a stack or a folder of YAML, in one shape: that of the API. */
import { isList, isObject, own, ownObject, ownText, type Json, type JsonObject } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

/** One object, with the address of what makes it. */
export interface KubernetesObject {
  readonly address: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for objects of the whole cluster. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  /** Whether some of it is known only after an apply. */
  readonly unknown: boolean;
}

/** Kinds that the provider has types for, by the type without `kubernetes_` and `_v1`. */
const KINDS: Readonly<Record<string, string>> = {
  namespace: 'Namespace',
  network_policy: 'NetworkPolicy',
  pod: 'Pod',
  deployment: 'Deployment',
  stateful_set: 'StatefulSet',
  daemon_set: 'DaemonSet',
  daemonset: 'DaemonSet',
  job: 'Job',
  cron_job: 'CronJob',
  replication_controller: 'ReplicationController',
};

/** Blocks of the provider that the API has a list of, wherever they stand. */
const LISTS = new Set(['ingress', 'egress', 'from', 'to', 'ports', 'match_expressions']);

/** Every object, in the graph's order. */
export function readObjects(graph: ResourceGraph): readonly KubernetesObject[] {
  return graph.resources.flatMap((resource) => {
    if (resource.mode !== 'managed' || !resource.type.startsWith('kubernetes_')) return [];
    if (resource.type === 'kubernetes_manifest') return fromManifest(resource);
    const kind = KINDS[resource.type.replace(/^kubernetes_/, '').replace(/_v1(beta1)?$/, '')];
    if (kind === undefined) return [];
    const metadata = first(own(resource.values, 'metadata'));
    return [object(resource, kind, metadata, camel(first(own(resource.values, 'spec'))))];
  });
}

function fromManifest(resource: Resource): readonly KubernetesObject[] {
  const manifest = ownObject(resource.values, 'manifest');
  const kind = ownText(manifest, 'kind');
  if (!manifest || kind === undefined) return [];
  return [object(resource, kind, ownObject(manifest, 'metadata') ?? {}, ownObject(manifest, 'spec') ?? {})];
}

function object(resource: Resource, kind: string, metadata: JsonObject, spec: JsonObject): KubernetesObject {
  const namespaced = kind !== 'Namespace' && !/^(Cluster|ValidatingAdmission|MutatingAdmission|ContainerNetworkLog)/.test(kind);
  return {
    address: resource.address,
    kind,
    name: ownText(metadata, 'name') ?? '',
    namespace: namespaced ? ownText(metadata, 'namespace') ?? 'default' : '',
    labels: texts(own(metadata, 'labels')),
    annotations: texts(own(metadata, 'annotations')),
    spec,
    unknown: resource.hasUnknown(resource.type === 'kubernetes_manifest' ? 'manifest' : 'spec'),
  };
}

/** A block that may stand once: a list of it in a plan, an object in a synthesized stack. */
function first(value: Json | undefined): JsonObject {
  const one = isList(value) ? value[0] : value;
  return isObject(one) ? one : {};
}

/** From the provider's blocks to the API's fields: `pod_selector: [{}]` to `podSelector: {}`. */
function camel(block: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(block).flatMap(([key, value]): [string, Json][] => {
    const name = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (value === null) return [];
    if (key === 'match_labels') return [[name, value]];
    if (LISTS.has(key)) return (isList(value) ? value : [value]).length > 0 ? [[name, (isList(value) ? value : [value]).map((each) => (isObject(each) ? camel(each) : {}))]] : [];
    if (isList(value) && value.every((each) => isObject(each) || each === null)) return value.length === 0 ? [] : [[name, camel(first(value))]];
    if (isObject(value) && !['labels', 'annotations'].includes(key)) return [[name, camel(value)]];
    return [[name, value]];
  }));
}

export function texts(value: Json | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
