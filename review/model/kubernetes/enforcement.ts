/**
 * Whether somebody enforces the policies of a cluster that the same input makes. NetworkPolicy is a kind of
 * every cluster: one without an engine takes the objects and does nothing with them, without a word.
 *
 * https://learn.microsoft.com/azure/aks/use-network-policies
 * https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
 */
import { isObject, own, ownText, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { CLUSTER_TYPES, type Surroundings } from './clusters';
import type { KubernetesObject } from './objects';
import { switchedOff } from './switched-off';

/** A cluster in which policies are objects and no more. */
export interface Unenforced {
  readonly address: string;
  readonly reason: string;
  /** False where somebody may switch it on in a way that no plan shows. */
  readonly certain: boolean;
  /** Whether the input sets it, to what is known after the apply only. */
  readonly unknown?: boolean;
}

/** Charts that bring an engine of their own. */
const ENGINES = /calico|tigera|cilium|antrea|kube-router|kube-ovn|weave|canal/i;

type Setting = { readonly value: Json | undefined } | 'unknown';

export function unenforcedIn(graph: Surroundings, objects: readonly KubernetesObject[]): readonly Unenforced[] {
  const clusters = CLUSTER_TYPES.flatMap((type) => graph.ofType(type).map((cluster) => ({ cluster, read: READERS[type] })));
  const off = switchedOff(graph, objects);
  if (clusters.length === 0 || off.length > 0 || bringsEngine(graph, objects)) return off;
  return clusters.flatMap(({ cluster, read }) => {
    const found = read(cluster, graph, objects);
    return found ? [{ address: cluster.address, ...found }] : [];
  });
}

/** Whether the input brings an engine that is not the cloud's. */
export function bringsEngine(graph: Surroundings, objects: readonly KubernetesObject[]): boolean {
  return graph.surelyOfType('helm_release').some((release) => ['name', 'chart'].some((key) => ENGINES.test(ownText(release.values, key) ?? '')) || release.hasUnknown('chart'))
    || objects.some(({ kind, group, name }) => group === 'operator.tigera.io' || (kind === 'DaemonSet' && ENGINES.test(name)) || (/^(HelmRelease|HelmChart|Application)$/.test(kind) && ENGINES.test(name)));
}

type Found = Omit<Unenforced, 'address'> | undefined;

const READERS: Readonly<Record<(typeof CLUSTER_TYPES)[number], (cluster: Resource, graph: Surroundings, objects: readonly KubernetesObject[]) => Found>> = {
  azurerm_kubernetes_cluster: aks,
  google_container_cluster: gke,
  aws_eks_cluster: eks,
};

/** What the provider fills in is not known in a first plan; what nobody writes has the service's default. */
function setting({ kind }: Pick<Surroundings, 'kind'>, resource: Resource, ...path: readonly (string | number)[]): Setting {
  const value = resource.valueAt(path);
  if (value !== undefined && value !== null) return { value };
  // What a synthesized stack has as a template is written.
  const isWritten = kind === 'synthesized' || !resource.isConfigured([]) || resource.isConfigured(path);
  return resource.unknownAt(path) !== undefined && isWritten ? 'unknown' : { value: undefined };
}

function notKnown(what: string): Found {
  return { reason: `whether it enforces any is not known before the plan is applied (${what})`, certain: false, unknown: true };
}

function aks(cluster: Resource, graph: Surroundings): Found {
  const [plugin, policy] = [setting(graph, cluster, 'network_profile', 0, 'network_plugin'), setting(graph, cluster, 'network_profile', 0, 'network_policy')];
  // Somebody's own plugin, which the plan may not show.
  if (plugin !== 'unknown' && plugin.value === 'none') return undefined;
  if (policy === 'unknown') return notKnown('network_policy');
  if (policy.value !== undefined && policy.value !== '' && policy.value !== 'none') return undefined;
  return { reason: 'network_profile sets no network_policy, so AKS enforces none', certain: true };
}

function gke(cluster: Resource, graph: Surroundings): Found {
  const [autopilot, datapath, enabled] = [setting(graph, cluster, 'enable_autopilot'), setting(graph, cluster, 'datapath_provider'), setting(graph, cluster, 'network_policy', 0, 'enabled')];
  const settings = [autopilot, datapath, enabled];
  if (settings.some((each) => each !== 'unknown' && (each.value === true || each.value === 'ADVANCED_DATAPATH'))) return undefined;
  if (settings.includes('unknown')) return notKnown('datapath_provider or network_policy');
  return { reason: 'it has neither datapath_provider = ADVANCED_DATAPATH nor network_policy.enabled, so GKE enforces no policy', certain: true };
}

const CLUSTERWIDE = 'enable_cilium_clusterwide_network_policy';
const BY_NAME = 'enable_fqdn_network_policy';

/**
 * Why GKE takes nothing of a policy, in an input that makes no other clusters: of Cilium's its Dataplane V2 reads those of the
 * whole cluster alone, and these, as well as its own by name, once they are enabled. The API server has all of these kinds.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 */
export function untakenByGke(graph: Surroundings, objects: readonly KubernetesObject[]): (object: KubernetesObject) => string | undefined {
  const clusters = graph.ofType('google_container_cluster');
  if (clusters.length === 0 || CLUSTER_TYPES.some((type) => type !== 'google_container_cluster' && graph.ofType(type).length > 0) || bringsEngine(graph, objects)) return () => undefined;
  const [isDisabled, isNameless] = [CLUSTERWIDE, BY_NAME].map((name) => clusters.every((cluster) => {
    const flag = setting(graph, cluster, name);
    return flag !== 'unknown' && flag.value !== true && flag.value !== 'true';
  }));
  return ({ namespace, kind, spec }) => {
    // Of the same group is that of a controller of one's own, which has no `matches`.
    if (kind === 'FQDNNetworkPolicy') return isNameless && JSON.stringify(spec).includes('"matches"') ? `GKE reads no FQDNNetworkPolicy unless the cluster sets ${BY_NAME}` : undefined;
    if (namespace !== '') return 'GKE reads no CiliumNetworkPolicy; write a NetworkPolicy, an FQDNNetworkPolicy or a CiliumClusterwideNetworkPolicy';
    return isDisabled ? `GKE reads no CiliumClusterwideNetworkPolicy unless the cluster sets ${CLUSTERWIDE}` : undefined;
  };
}

function eks(cluster: Resource, graph: Surroundings, objects: readonly KubernetesObject[]): Found {
  const auto = setting(graph, cluster, 'compute_config', 0, 'enabled');
  if (auto === 'unknown') return undefined;
  if (auto.value === true) {
    return isSwitchedOn(graph, objects) ? undefined : { reason: 'in EKS Auto Mode policies are enforced once the ConfigMap amazon-vpc-cni of kube-system has enable-network-policy-controller: "true", which is not in this input', certain: false };
  }
  const addons = graph.ofType('aws_eks_addon').filter((addon) => (addon.hasUnknown('addon_name') || ownText(addon.values, 'addon_name') === 'vpc-cni') && isFor(addon, cluster));
  if (addons.length === 0) return { reason: 'no aws_eks_addon here switches the network policies of vpc-cni on (enableNetworkPolicy), and without that EKS enforces none', certain: false };
  const values = addons.map((addon) => setting(graph, addon, 'configuration_values'));
  if (values.includes('unknown')) return notKnown('configuration_values of the add-on vpc-cni');
  const isOff = values.every((each) => each !== 'unknown' && !/^true$/i.test(String(own(parsed(each.value), 'enableNetworkPolicy'))));
  return isOff ? { reason: 'configuration_values of its add-on vpc-cni have no enableNetworkPolicy: "true", so EKS enforces none', certain: true } : undefined;
}

/** One whose cluster nothing tells is taken for that of its file. */
function isFor(addon: Resource, cluster: Resource): boolean {
  const { targets } = addon.references('cluster_name', { types: [cluster.type] });
  return targets.length === 0 ? addon.file === cluster.file : targets.includes(cluster);
}

function isSwitchedOn(graph: Surroundings, objects: readonly KubernetesObject[]): boolean {
  const key = 'enable-network-policy-controller';
  const blocks = ['kubernetes_config_map', 'kubernetes_config_map_v1', 'kubernetes_config_map_v1_data'].flatMap((type) => graph.surelyOfType(type));
  return blocks.some((map) => map.hasUnknown('data') || own(own(map.values, 'data'), key) === 'true') || objects.some(({ kind, name, data }) => kind === 'ConfigMap' && name === 'amazon-vpc-cni' && own(data, key) === 'true');
}

function parsed(text: Json | undefined): Json | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
