/** Kubernetes objects of a plan, a stack or a folder of YAML, in one shape: that of the API. */
import type { AttributePath } from '../../plan/attribute-path';
import { isList, isObject, own, ownObject, ownObjects, ownText, type Json, type JsonObject } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { itemsOf, objectsInText } from '../../plan/yaml-objects';
import type { Cluster } from './clusters';
import { texts } from './labels';
import { labelled, labelsAdded } from './labels-added';

/** One object, with the address of what makes it. */
export interface KubernetesObject {
  readonly address: string;
  /** Of its API: `networking.k8s.io`; empty for the core. The same kind means something else in another group. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for objects of the whole cluster. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Those that something else gives to the pods that it makes. */
  readonly templateAnnotations?: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  /** Cilium's policies may have several. */
  readonly specs: readonly JsonObject[];
  /** Of a ConfigMap. */
  readonly data?: JsonObject;
  /** Whether some of it is known only after an apply. */
  readonly unknown: boolean;
  /** Whether labels of it, or of its pods, are. */
  readonly labelsUnknown: boolean;
  /** Whether it is not known if its pods are on the network of their node. */
  readonly hostUnknown: boolean;
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
  service: 'Service',
  endpoints: 'Endpoints',
  endpoint_slice: 'EndpointSlice',
};

/** Blocks of the provider that the API has a list of, wherever they stand. */
const LISTS = new Set(['ingress', 'egress', 'from', 'to', 'ports', 'match_expressions', 'toleration', 'container', 'init_container', 'volume', 'volume_mount']);

/** A resource that makes objects which the plan does not hold. */
export interface HiddenObjects {
  readonly address: string;
  readonly reason: string;
  /** `chart`: what somebody else wrote and the plan only names. `cloud`: resources of a cloud. `unknown`: a single object that is not known before an apply. */
  readonly kind: 'chart' | 'cloud' | 'unknown';
}

export interface ObjectsRead {
  /** In the graph's order. */
  readonly objects: readonly KubernetesObject[];
  readonly hidden: readonly HiddenObjects[];
}

const NOT_KNOWN = 'which object it makes is not known before the plan is applied';

/** Every object; those of the kubernetes, kubectl, kustomization and helm providers, as far as the plan holds them. @param cluster default: all of them */
export function readObjects(graph: ResourceGraph, cluster: Pick<Cluster, 'has'> = { has: () => true }): ObjectsRead {
  const hidden: HiddenObjects[] = [];
  const objects = graph.resources.flatMap((resource): readonly KubernetesObject[] => {
    if (resource.mode !== 'managed' || !cluster.has(resource)) return [];
    const { type, address } = resource;
    const installs = INSTALLERS[type];
    if (installs !== undefined && (SYNCED[type] ?? []).every((block) => resource.elements(block).length > 0)) hidden.push({ address, kind: 'chart', reason: installs });
    const texts = TEXTS[type];
    const manifests = type === 'kubernetes_manifest' ? manifestIn(resource) : texts === undefined ? undefined : objectsInText(resource.valueAt(texts));
    if (type === 'kubernetes_manifest' || texts !== undefined) {
      if (!manifests || manifests.length === 0) hidden.push({ address, kind: 'unknown', reason: NOT_KNOWN });
      return (manifests ?? []).flatMap(itemsOf).flatMap((manifest) => fromManifest(resource, manifest, hidden));
    }
    if (!type.startsWith('kubernetes_')) return [];
    const name = type.replace(/^kubernetes_/, '').replace(/_v1(beta1)?$/, '');
    const kind = KINDS[name];
    if (kind === undefined) return [];
    const group = kind === 'NetworkPolicy' ? 'networking.k8s.io' : '';
    return [object(resource, group, kind, first(own(resource.values, 'metadata')), [camel(first(own(resource.values, 'spec')))])];
  });
  return { objects: labelled(objects, labelsAdded(graph, cluster)), hidden };
}

/** What has objects put into a cluster that its plan does not hold. */
const INSTALLERS: Readonly<Record<string, string>> = {
  helm_release: 'installs a chart',
  // https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2
  azurerm_kubernetes_flux_configuration: 'installs what a repository holds',
  azurerm_arc_kubernetes_flux_configuration: 'installs what a repository holds',
  // https://learn.microsoft.com/azure/aks/cluster-extensions
  azurerm_kubernetes_cluster_extension: 'installs an extension',
  azurerm_arc_kubernetes_cluster_extension: 'installs an extension',
  // https://cloud.google.com/kubernetes-engine/enterprise/config-sync/docs/overview
  google_gke_hub_feature: 'has Config Sync install what a repository holds',
  google_gke_hub_feature_membership: 'has Config Sync install what a repository holds',
  // https://registry.terraform.io/providers/argoproj-labs/argocd/latest/docs
  argocd_application: 'installs what a repository holds',
  argocd_application_set: 'installs what a repository holds',
  // https://registry.terraform.io/providers/fluxcd/flux/latest/docs
  flux_bootstrap_git: 'installs what a repository holds',
};

/** Of these only what has such a block. */
const SYNCED: Readonly<Record<string, readonly AttributePath[]>> = {
  google_gke_hub_feature: [['fleet_default_member_config', 0, 'configmanagement', 0, 'config_sync']],
  google_gke_hub_feature_membership: [['configmanagement', 0, 'config_sync']],
};

/** Attributes that hold objects as YAML or JSON. */
const TEXTS: Readonly<Record<string, string>> = { kubectl_manifest: 'yaml_body', kustomization_resource: 'manifest', k8s_manifest: 'content' };

/** Objects by which a controller in the cluster installs others, or changes them. */
const CHARTS: Readonly<Record<string, RegExp>> = {
  HelmChart: /^helm\.cattle\.io$/, HelmRelease: /toolkit\.fluxcd\.io$/, Kustomization: /toolkit\.fluxcd\.io$|^kustomize\.config\.k8s\.io$/, Application: /^(argoproj\.io|core\.oam\.dev)$/, ApplicationSet: /^argoproj\.io$/,
  App: /^kappctrl\.k14s\.io$/, PackageInstall: /^packaging\.carvel\.dev$/, Subscription: /^(operators\.coreos\.com|apps\.open-cluster-management\.io)$/, ClusterResourceSet: /^addons\.cluster\.x-k8s\.io$/, HelmChartProxy: /^addons\.cluster\.x-k8s\.io$/,
  ClusterProfile: /^config\.projectsveltos\.io$/, Profile: /^config\.projectsveltos\.io$/, ClusterResourcePlacement: /^placement\.kubernetes-fleet\.io$/, ResourceGraphDefinition: /^kro\.run$/, NamespaceConfig: /^redhatcop\.redhat\.io$/, GroupConfig: /^redhatcop\.redhat\.io$/,
  // What copies policies into namespaces, or makes them: https://github.com/kubernetes-sigs/hierarchical-namespaces, https://projectcapsule.dev, https://docs.otterize.com
  HierarchyConfiguration: /^hnc\.x-k8s\.io$/, SubnamespaceAnchor: /^hnc\.x-k8s\.io$/, Tenant: /^capsule\.clastix\.io$/, TenantResource: /^capsule\.clastix\.io$/, GlobalTenantResource: /^capsule\.clastix\.io$/, ClientIntents: /^k8s\.otterize\.(com|io)$/,
  GitRepo: /^fleet\.cattle\.io$/, Bundle: /^fleet\.cattle\.io$/, RootSync: /^configsync\.gke\.io$/, RepoSync: /^configsync\.gke\.io$/,
  Object: /^kubernetes\.(m\.)?crossplane\.io$/, Release: /^helm\.(m\.)?crossplane\.io$/, ManifestWork: /^work\.open-cluster-management\.io$/, ConfigurationPolicy: /^policy\.open-cluster-management\.io$/,
  GeneratingPolicy: /kyverno\.io$/, MutatingPolicy: /kyverno\.io$/, NamespacedMutatingPolicy: /kyverno\.io$/, MutatingAdmissionPolicy: /^admissionregistration\.k8s\.io$/, Assign: /^mutations\.gatekeeper\.sh$/, AssignMetadata: /^mutations\.gatekeeper\.sh$/, ModifySet: /^mutations\.gatekeeper\.sh$/,
};

/**
 * Objects by which a controller makes networks and what stands in them: Config Connector, AWS Controllers for Kubernetes,
 * Azure Service Operator, Crossplane and Cluster API.
 * https://cloud.google.com/config-connector/docs/overview, https://aws-controllers-k8s.github.io/community/docs/community/overview/,
 * https://azure.github.io/azure-service-operator/, https://docs.crossplane.io/latest/managed-resources/managed-resources/, https://cluster-api.sigs.k8s.io/
 */
const OF_CLOUDS = new RegExp([
  '^(compute|container|dns|network\\w+|run|vpcaccess|cloudfunctions)\\.cnrm\\.cloud\\.google\\.com$', '^(ec2|ecs|eks|elbv2|lambda|networkfirewall|route53resolver|autoscaling)\\.services\\.k8s\\.aws$',
  '^(app|compute|containerservice|containerinstance|network(\\.\\w+)?|web)\\.azure\\.com$', '\\.(aws|gcp|azure)(\\.m)?\\.upbound\\.io$', '^infrastructure\\.cluster\\.x-k8s\\.io$',
].join('|'));

/** Kyverno's first kinds do one thing in each rule: only those that validate leave objects as they are. */
function changesObjects(kind: string, group: string, manifest: JsonObject): boolean {
  if (group === 'kyverno.io' && /^(Cluster)?Policy$/.test(kind)) return ownObjects(ownObject(manifest, 'spec'), 'rules').some((rule) => own(rule, 'generate') !== undefined || own(rule, 'mutate') !== undefined);
  return CHARTS[kind]?.test(group) ?? false;
}

function manifestIn(resource: Resource): readonly JsonObject[] | undefined {
  const manifest = ownObject(resource.values, 'manifest');
  return manifest && [manifest];
}

function fromManifest(resource: Resource, manifest: JsonObject, hidden: HiddenObjects[]): readonly KubernetesObject[] {
  const kind = ownText(manifest, 'kind');
  const { address } = resource;
  if (kind === undefined) {
    hidden.push({ address, kind: 'unknown', reason: NOT_KNOWN });
    return [];
  }
  const group = /^(.+)\//.exec(ownText(manifest, 'apiVersion') ?? '')?.[1] ?? '';
  if (changesObjects(kind, group, manifest)) hidden.push({ address, kind: 'chart', reason: `has a controller make what ${kind} ${ownText(ownObject(manifest, 'metadata'), 'name') ?? ''} says` });
  // https://docs.okd.io/latest/openshift_images/using-templates.html
  if (kind === 'Template' && /^(template\.openshift\.io)?$/.test(group)) hidden.push({ address, kind: 'chart', reason: 'is a template, of which `oc process` makes objects' });
  if (OF_CLOUDS.test(group)) hidden.push({ address, kind: 'cloud', reason: `has a controller make a ${kind} of ${group}` });
  const specs = [ownObject(manifest, 'spec'), ...ownObjects(manifest, 'specs')].filter((spec) => spec !== undefined);
  const data = kind === 'ConfigMap' ? ownObject(manifest, 'data') : undefined;
  return [{ ...object(resource, group, kind, ownObject(manifest, 'metadata') ?? {}, specs), ...(data ? { data } : {}) }];
}

/** Kinds of the whole cluster, as far as they matter here. */
const OF_THE_CLUSTER = /^(Namespace$|Cluster|CiliumClusterwide|CiliumCIDRGroup|AdminNetworkPolicy|BaselineAdminNetworkPolicy|Global|StagedGlobal|Tier$|ValidatingAdmission|MutatingAdmission|ContainerNetworkLog)/;

/** The namespace of what nobody knows the namespace of: no policy is for it, and a policy in it may be for anybody. */
const UNKNOWN_NAMESPACE = 'a namespace that is not known';

/** Where labels stand, of an object and of its template. */
const LABELS = {
  manifest: ['manifest.metadata.labels', 'manifest.spec.template.metadata.labels', 'manifest.spec.jobTemplate.spec.template.metadata.labels'],
  blocks: ['metadata[0].labels', 'spec[0].template[0].metadata[0].labels', 'spec[0].job_template[0].spec[0].template[0].metadata[0].labels'],
};

const HOST = {
  manifest: ['manifest.spec.hostNetwork', 'manifest.spec.template.spec.hostNetwork', 'manifest.spec.jobTemplate.spec.template.spec.hostNetwork'],
  blocks: ['spec[0].host_network', 'spec[0].template[0].spec[0].host_network', 'spec[0].job_template[0].spec[0].template[0].spec[0].host_network'],
};

function object(resource: Resource, group: string, kind: string, metadata: JsonObject, specs: readonly JsonObject[]): KubernetesObject {
  const isManifest = resource.type === 'kubernetes_manifest';
  const place = isManifest ? 'manifest.metadata.namespace' : 'metadata[0].namespace';
  const written = ownText(resource.values, 'override_namespace') ?? ownText(metadata, 'namespace');
  const named = written ?? (resource.hasUnknown(place) ? namespaceMeant(resource, place) : undefined);
  const isHidden = named === undefined && resource.hasUnknown(place);
  return {
    address: resource.address,
    group,
    kind,
    name: ownText(metadata, 'name') ?? ownText(metadata, 'generateName') ?? '',
    namespace: OF_THE_CLUSTER.test(kind) ? '' : isHidden ? UNKNOWN_NAMESPACE : named ?? 'default',
    labels: texts(own(metadata, 'labels')),
    annotations: texts(own(metadata, 'annotations')),
    spec: specs[0] ?? {},
    specs,
    unknown: isHidden || (written === undefined && named !== undefined && isManifest ? ['manifest.spec', 'manifest.metadata.name', 'manifest.metadata.labels'].some((path) => resource.hasUnknown(path)) : resource.hasUnknown(isManifest ? 'manifest' : 'spec')),
    hostUnknown: (isManifest ? HOST.manifest : HOST.blocks).some((path) => resource.hasUnknown(path)),
    labelsUnknown: (isManifest ? LABELS.manifest : LABELS.blocks).some((path) => resource.hasUnknown(path)),
  };
}

/** Namespaces that the plan makes have their name as id, which is known after the apply only. */
const NAMESPACES = ['kubernetes_namespace', 'kubernetes_namespace_v1'];

function namespaceMeant(resource: Resource, path: string): string | undefined {
  const { links, exact } = resource.references(path, { types: NAMESPACES });
  const [link] = links;
  return exact && links.length === 1 && link?.attribute === 'id' ? ownText(first(own(link.resource.values, 'metadata')), 'name') : undefined;
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
    // Of a Service the labels themselves.
    if (key === 'match_labels' || (key === 'selector' && isObject(value) && Object.values(value).every((each) => typeof each === 'string'))) return [[name, value]];
    if (LISTS.has(key)) return (isList(value) ? value : [value]).length > 0 ? [[name, (isList(value) ? value : [value]).map((each) => (isObject(each) ? camel(each) : {}))]] : [];
    if (isList(value) && value.every((each) => isObject(each) || each === null)) return value.length === 0 ? [] : [[name, camel(first(value))]];
    if (isObject(value) && !['labels', 'annotations'].includes(key)) return [[name, camel(value)]];
    return [[name, value]];
  }));
}
