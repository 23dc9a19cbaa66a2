/**
 * Whether somebody enforces the policies of a cluster that the same input makes. NetworkPolicy is a kind of
 * every cluster: one without an engine takes the objects and does nothing with them, without a word.
 *
 * https://learn.microsoft.com/azure/aks/use-network-policies
 * https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
 * https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
 */
import { own, ownText, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { objectsInText } from '../../plan/yaml-objects';
import { CLUSTER_TYPES, type Surroundings } from './clusters';
import { enginesIn } from './engines';
import type { KubernetesObject } from './objects';
import { hasSetting, releaseText, switchedOff } from './switched-off';

/** A cluster in which policies are objects and no more. */
export interface Unenforced {
  readonly address: string;
  readonly reason: string;
  /** False where somebody may switch it on in a way that no plan shows. */
  readonly certain: boolean;
  /** Whether the input sets it, to what is known after the apply only. */
  readonly unknown?: boolean;
}

type Setting = { readonly value: Json | undefined } | 'unknown';

export function unenforcedIn(graph: Surroundings, objects: readonly KubernetesObject[]): readonly Unenforced[] {
  const clusters = CLUSTER_TYPES.flatMap((type) => graph.ofType(type).map((cluster) => ({ cluster, read: READERS[type] })));
  const off = switchedOff(graph, objects);
  if (off.some(({ certain }) => certain) || bringsEngine(graph, objects)) return off;
  if (clusters.length === 0) return [...off, ...flannel(graph, objects)];
  return [...off, ...clusters.flatMap(({ cluster, read }) => {
    const found = read(cluster, graph, objects);
    return found ? [{ address: cluster.address, ...found }] : [];
  })];
}

/** Whether the input brings an engine that is not the cloud's. */
export function bringsEngine(graph: Surroundings, objects: readonly KubernetesObject[]): boolean {
  return enginesIn(graph, objects).size > 0;
}

/** It enforces no policies, unless its chart brings what does. https://github.com/flannel-io/flannel#getting-started-on-kubernetes, https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md */
function flannel(graph: Surroundings, objects: readonly KubernetesObject[]): readonly Unenforced[] {
  const releases = graph.ofType('helm_release').filter((release) => ['name', 'chart'].some((key) => /flannel/i.test(ownText(release.values, key) ?? '')) && !/netpol/.test(JSON.stringify(release.values)));
  const sets = objects.filter(({ kind, name, spec }) => kind === 'DaemonSet' && /flannel/i.test(name) && !/netpol|network-polic/i.test(JSON.stringify(spec)));
  return [...releases, ...sets].map(({ address }) => ({ address, reason: 'it brings Flannel, which enforces no policy, and this input nothing that does', certain: true }));
}

type Found = Omit<Unenforced, 'address'> | undefined;

const READERS: Readonly<Record<(typeof CLUSTER_TYPES)[number], (cluster: Resource, graph: Surroundings, objects: readonly KubernetesObject[]) => Found>> = {
  azurerm_kubernetes_cluster: aks,
  google_container_cluster: gke,
  aws_eks_cluster: eks,
};

/** What the provider fills in is not known in a first plan; what nobody writes has the service's default. */
export function setting({ kind }: Pick<Surroundings, 'kind'>, resource: Resource, ...path: readonly (string | number)[]): Setting {
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

function eks(cluster: Resource, graph: Surroundings, objects: readonly KubernetesObject[]): Found {
  const auto = setting(graph, cluster, 'compute_config', 0, 'enabled');
  if (auto === 'unknown') return undefined;
  if (auto.value === true) {
    return isSwitchedOn(graph, objects) ? undefined : { reason: 'in EKS Auto Mode policies are enforced once the ConfigMap amazon-vpc-cni of kube-system has enable-network-policy-controller: "true", which is not in this input', certain: false };
  }
  const addons = graph.ofType('aws_eks_addon').filter((addon) => (addon.hasUnknown('addon_name') || ownText(addon.values, 'addon_name') === 'vpc-cni') && isFor(addon, cluster));
  if (addons.length === 0) return ofChart(graph);
  const values = addons.map((addon) => setting(graph, addon, 'configuration_values'));
  if (values.includes('unknown')) return notKnown('configuration_values of the add-on vpc-cni');
  const read = values.map((each) => (each === 'unknown' ? undefined : addonValues(each.value)));
  if (read.every((each) => !isTrue(own(each, 'enableNetworkPolicy')))) return { reason: 'configuration_values of its add-on vpc-cni have no enableNetworkPolicy: "true", so EKS enforces none', certain: true };
  // https://github.com/aws/amazon-vpc-cni-k8s/blob/master/charts/aws-vpc-cni/values.yaml
  const isAlone = read.every((each) => /^false$/i.test(String(own(own(each, 'nodeAgent'), 'enabled'))));
  return isAlone ? { reason: 'configuration_values of its add-on vpc-cni switch nodeAgent off, which enforces them', certain: true } : undefined;
}

/** Instead of the add-on somebody may install its chart. */
function ofChart(graph: Surroundings): Found {
  const texts = graph.surelyOfType('helm_release').filter(({ values }) => /aws-vpc-cni$/.test(ownText(values, 'chart') ?? '')).map(releaseText);
  if (texts.some((text) => hasSetting(text, ['enableNetworkPolicy'], 'true') && !hasSetting(text, ['nodeAgent.enabled'], 'false'))) return undefined;
  return { reason: 'no aws_eks_addon here switches the network policies of vpc-cni on (enableNetworkPolicy), and without that EKS enforces none', certain: false };
}

function isTrue(value: Json | undefined): boolean {
  return /^true$/i.test(String(value));
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

/** JSON or YAML. https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html */
export function addonValues(text: Json | undefined): Json | undefined {
  return objectsInText(text)?.[0];
}
