/**
 * Policies that the engine of a cluster's cloud does not read, though the API server takes the objects once somebody has
 * brought their kinds. GKE and AKS have one engine each; what else enforces on EKS, another plan may bring.
 *
 * https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2
 * https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 * https://learn.microsoft.com/azure/aks/use-network-policies
 */
import { own } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { CLUSTER_TYPES, type Surroundings } from './clusters';
import { bringsEngine, setting } from './enforcement';
import type { KubernetesObject } from './objects';
import { DIRECTIONS, list } from './policies';
import { settingIn } from './switched-off';

/** Why nothing of a policy is in force, and why perhaps nothing is. */
export interface Taken {
  readonly refused: (object: KubernetesObject) => string | undefined;
  readonly doubt: (object: KubernetesObject) => string | undefined;
}

type Answer = { readonly kind: 'refused' | 'doubt'; readonly reason: string } | undefined;

const CLUSTERWIDE = 'enable_cilium_clusterwide_network_policy';
const BY_NAME = 'enable_fqdn_network_policy';

export function takenIn(graph: Surroundings, objects: readonly KubernetesObject[]): Taken {
  const clusters = bringsEngine(graph, objects) ? [] : CLUSTER_TYPES.flatMap((type) => graph.ofType(type));
  // Which of several clusters a policy is for, nobody knows: what one of them reads counts as read.
  const answerFor = (object: KubernetesObject): Answer => {
    const answers = clusters.flatMap((cluster) => answerOf(graph, cluster, object) ?? []);
    return answers.length < clusters.length ? undefined : answers.find(({ kind }) => kind === 'doubt') ?? answers[0];
  };
  const reason = (kind: 'refused' | 'doubt') => (object: KubernetesObject) => {
    const answer = answerFor(object);
    return answer?.kind === kind ? answer.reason : undefined;
  };
  const hasNodes = settingIn(graph, objects, ['enable-node-selector-labels', 'nodeSelectorLabels'], 'true') !== undefined;
  return {
    refused: reason('refused'),
    // https://docs.cilium.io/en/stable/security/policy/language/#node-based
    doubt: (object) => reason('doubt')(object) ?? (!hasNodes && namesNodes(object) ? 'it names nodes, and Cilium refuses it as a whole unless enable-node-selector-labels is true, which is not in this input' : undefined),
  };
}

function namesNodes({ group, kind, specs }: KubernetesObject): boolean {
  return group === 'cilium.io' && /NetworkPolicy$/.test(kind) && specs.some((spec) => DIRECTIONS.some((direction) => [direction, `${direction}Deny`].some((key) => list(own(spec, key)).some((rule) => list(own(rule, direction === 'ingress' ? 'fromNodes' : 'toNodes')).length > 0))));
}

function answerOf(graph: Surroundings, cluster: Resource, object: KubernetesObject): Answer {
  const isGke = cluster.type === 'google_container_cluster';
  const family = familyOf(object);
  if (isGke && (family === 'cilium' || family === 'names')) return gkeAnswer(graph, cluster, object, family);
  const engine = isGke ? gkeEngine(graph, cluster) : cluster.type === 'azurerm_kubernetes_cluster' ? aksEngine(graph, cluster) : 'vpc-cni';
  if (engine === undefined || family === undefined || family === 'names' || family === engine) return undefined;
  const what = `${object.kind} of ${object.group}`;
  // Newer versions of Calico and Cilium read the administrator's, and no document of the clouds says that theirs do.
  return engine === 'vpc-cni' || (family === 'admin' && engine !== 'azure')
    ? { kind: 'doubt', reason: `whether what enforces policies in ${cluster.address} reads ${what} no document says, and this input brings nothing else` }
    : { kind: 'refused', reason: `policies are enforced in ${cluster.address} by ${NAMES[engine]}, which reads no ${what}` };
}

const NAMES = { calico: 'Calico', cilium: "the cloud's Cilium", azure: "Azure's own engine" } as const;

type Engine = 'calico' | 'cilium' | 'azure' | 'vpc-cni';

type Family = 'calico' | 'cilium' | 'admin' | 'names';

const FAMILIES: Readonly<Record<string, Family>> = {
  'projectcalico.org': 'calico', 'crd.projectcalico.org': 'calico', 'cilium.io': 'cilium', 'policy.networking.k8s.io': 'admin', 'networking.gke.io': 'names',
};

function familyOf({ group }: KubernetesObject): Family | undefined {
  return FAMILIES[group];
}

/** Undefined where it is not known, or enforces nothing. */
function gkeEngine(graph: Surroundings, cluster: Resource): Engine | undefined {
  const [autopilot, datapath, enabled] = [setting(graph, cluster, 'enable_autopilot'), setting(graph, cluster, 'datapath_provider'), setting(graph, cluster, 'network_policy', 0, 'enabled')];
  if ([autopilot, datapath].some((each) => each !== 'unknown' && (each.value === true || each.value === 'ADVANCED_DATAPATH'))) return 'cilium';
  return [autopilot, datapath].includes('unknown') || enabled === 'unknown' || enabled.value !== true ? undefined : 'calico';
}

function aksEngine(graph: Surroundings, cluster: Resource): Engine | undefined {
  const policy = setting(graph, cluster, 'network_profile', 0, 'network_policy');
  const text = policy === 'unknown' ? undefined : policy.value;
  return text === 'azure' || text === 'calico' || text === 'cilium' ? text : undefined;
}

/** Of Cilium's policies Dataplane V2 reads those of the whole cluster alone, and these, as well as its own by name, once they are enabled. */
function gkeAnswer(graph: Surroundings, cluster: Resource, { namespace, spec }: KubernetesObject, family: 'cilium' | 'names'): Answer {
  const isOff = (name: string) => {
    const flag = setting(graph, cluster, name);
    return flag !== 'unknown' && flag.value !== true && flag.value !== 'true';
  };
  const refused = (reason: string): Answer => ({ kind: 'refused', reason });
  // Of the same group is that of a controller of one's own, which has no `matches`.
  if (family === 'names') return isOff(BY_NAME) && JSON.stringify(spec).includes('"matches"') ? refused(`GKE reads no FQDNNetworkPolicy unless the cluster sets ${BY_NAME}`) : undefined;
  if (namespace !== '') return refused('GKE reads no CiliumNetworkPolicy; write a NetworkPolicy, an FQDNNetworkPolicy or a CiliumClusterwideNetworkPolicy');
  return isOff(CLUSTERWIDE) ? refused(`GKE reads no CiliumClusterwideNetworkPolicy unless the cluster sets ${CLUSTERWIDE}`) : undefined;
}
