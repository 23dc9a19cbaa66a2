/**
 * Policies that the engine of a cluster's cloud does not read, though the API server takes the objects once somebody has
 * brought their kinds. GKE and AKS have one engine each; what else enforces on EKS, another plan may bring.
 *
 * https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2
 * https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 * https://learn.microsoft.com/azure/aks/use-network-policies
 * https://learn.microsoft.com/azure/aks/container-network-security-fqdn-filtering-concepts
 */
import { own, ownObject, type JsonObject } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { CLUSTER_TYPES, type Surroundings } from './clusters';
import { setting } from './enforcement';
import { enginesIn, type EngineBrought } from './engines';
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
  const brought = enginesIn(graph, objects);
  const clusters = brought.size > 0 ? [] : CLUSTER_TYPES.flatMap((type) => graph.ofType(type));
  // Which of several clusters a policy is for, nobody knows: what one of them reads counts as read.
  const answerFor = (object: KubernetesObject): Answer => {
    const answers = clusters.flatMap((cluster) => answerOf(graph, cluster, object) ?? []);
    return answers.length < clusters.length ? undefined : answers.find(({ kind }) => kind === 'doubt') ?? answers[0];
  };
  const readsCluster = settingIn(graph, objects, ['enable-k8s-cluster-network-policy'], 'true') !== undefined;
  const reason = (kind: 'refused' | 'doubt') => (object: KubernetesObject) => {
    const answer = brought.size > 0 ? broughtAnswer(brought, object, readsCluster) : answerFor(object);
    return answer?.kind === kind ? answer.reason : undefined;
  };
  // https://github.com/cilium/cilium/blob/main/pkg/policy/api/rule_validation.go
  const proxyOff = settingIn(graph, objects, ['enable-l7-proxy', 'l7Proxy'], 'false');
  const icmpOff = settingIn(graph, objects, ['enable-icmp-rules'], 'false');
  // Whatever kinds Cilium is told not to look at.
  const off = KINDS_OFF.flatMap(({ kind, keys }) => {
    const said = settingIn(graph, objects, keys, 'false');
    return said ? [{ kind, reason: `Cilium looks at no ${kind}: ${said.setting} in ${said.address}` }] : [];
  });
  const unwatched = ({ kind, group }: KubernetesObject) => (/^(networking\.k8s\.io|extensions|cilium\.io|)$/.test(group) ? off.find((each) => each.kind === kind)?.reason : undefined);
  const hasNodes = settingIn(graph, objects, ['enable-node-selector-labels', 'nodeSelectorLabels'], 'true') !== undefined;
  return {
    refused: (object) => reason('refused')(object) ?? unwatched(object) ?? (proxyOff && asksProxy(object) ? `it has rules of layer 7, and ${proxyOff.setting} in ${proxyOff.address}` : undefined)
      ?? (icmpOff && hasRule(object, (rule) => list(own(rule, 'icmps')).length > 0) ? `it has rules of ICMP, and ${icmpOff.setting} in ${icmpOff.address}` : undefined),
    // https://docs.cilium.io/en/stable/security/policy/language/#node-based
    doubt: (object) => reason('doubt')(object) ?? (!hasNodes && namesNodes(object) ? 'it names nodes, and Cilium refuses it as a whole unless enable-node-selector-labels is true, which is not in this input' : undefined)
      // https://github.com/cilium/cilium/issues/20067
      ?? (hasRule(object, (rule) => list(own(rule, 'toServices')).length > 0 && list(own(rule, 'toPorts')).length > 0) ? 'a rule combines toServices and toPorts, for which versions of Cilium refuse it as a whole' : undefined),
  };
}

/** https://github.com/cilium/cilium/pull/23127 */
const KINDS_OFF = [
  { kind: 'NetworkPolicy', keys: ['enable-k8s-networkpolicy', 'k8sNetworkPolicy.enabled'] },
  { kind: 'CiliumNetworkPolicy', keys: ['enable-cilium-network-policy'] },
  { kind: 'CiliumClusterwideNetworkPolicy', keys: ['enable-cilium-clusterwide-network-policy'] },
] as const;

/**
 * What one engine that the input brings does not read, unless something else brings another. Of the administrator's Cilium reads
 * ClusterNetworkPolicy alone, once it is told to: https://github.com/cilium/cilium/issues/23380
 */
function broughtAnswer(brought: ReadonlySet<EngineBrought>, object: KubernetesObject, readsCluster: boolean): Answer {
  const [engine] = brought;
  const family = familyOf(object);
  if (brought.size > 1 || engine === undefined || engine === 'other' || family === undefined || family === engine) return undefined;
  if (family === 'admin' && (engine === 'calico' || (readsCluster && object.kind === 'ClusterNetworkPolicy'))) return undefined;
  // Of the same group is that of a controller of one's own.
  if (family === 'names' && !isGkeNames(object)) return undefined;
  return { kind: 'doubt', reason: `this input brings ${engine === 'cilium' ? 'Cilium' : 'Calico'}, and that it reads ${object.kind} of ${object.group} no document says` };
}

/** Whether some rule of a policy of Cilium has something. */
function hasRule({ group, kind, specs }: KubernetesObject, asked: (rule: JsonObject) => boolean): boolean {
  return group === 'cilium.io' && /NetworkPolicy$/.test(kind) && specs.some((spec) => DIRECTIONS.some((direction) => [direction, `${direction}Deny`].some((key) => list(own(spec, key)).some(asked))));
}

function namesNodes(object: KubernetesObject): boolean {
  return hasRule(object, (rule) => ['fromNodes', 'toNodes'].some((key) => list(own(rule, key)).length > 0));
}

function asksProxy(object: KubernetesObject): boolean {
  return hasRule(object, (rule) => list(own(rule, 'toPorts')).some((item) => Object.keys(ownObject(item, 'rules') ?? {}).length > 0));
}

/** https://docs.tigera.io/calico-enterprise/latest/network-policy/domain-based-policy, https://www.tigera.io/tigera-products/compare-products/ */
function asksDomains({ specs }: KubernetesObject): boolean {
  return specs.some((spec) => list(own(spec, 'egress')).some((rule) => own(ownObject(rule, 'destination'), 'domains') !== undefined));
}

function asksNames(object: KubernetesObject): boolean {
  return asksProxy(object) || hasRule(object, (rule) => list(own(rule, 'toFQDNs')).length > 0 || list(own(rule, 'toPorts')).some((item) => own(item, 'serverNames') !== undefined));
}

function answerOf(graph: Surroundings, cluster: Resource, object: KubernetesObject): Answer {
  const isGke = cluster.type === 'google_container_cluster';
  const family = familyOf(object);
  if (isGke && (family === 'cilium' || family === 'names')) return gkeAnswer(graph, cluster, object, family);
  const engine = isGke ? gkeEngine(graph, cluster) : cluster.type === 'azurerm_kubernetes_cluster' ? aksEngine(graph, cluster) : 'vpc-cni';
  if (engine === 'cilium' && family === 'cilium' && asksNames(object) && isOffIn(graph, cluster, 'network_profile', 0, 'advanced_networking', 0, 'security_enabled')) {
    return { kind: 'doubt', reason: `it names hosts or has rules of layer 7, which AKS takes with Advanced Container Networking Services alone, and ${cluster.address} has no advanced_networking with security_enabled` };
  }
  if (engine === 'calico' && family === 'calico' && asksDomains(object)) {
    return { kind: 'doubt', reason: `it names domains, which Calico Enterprise and Calico Cloud alone read, and ${cluster.address} has the open source one: without them a rule is for everybody` };
  }
  // https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html, https://aws.amazon.com/blogs/containers/enhance-amazon-eks-network-security-posture-with-dns-and-admin-network-policies
  if (family === 'aws' && cluster.type === 'aws_eks_cluster' && (object.kind === 'ApplicationNetworkPolicy' || JSON.stringify(object.specs).includes('"domainNames"')) && isOffIn(graph, cluster, 'compute_config', 0, 'enabled')) {
    return { kind: 'doubt', reason: `EKS reads names of hosts in Auto Mode alone, and ${cluster.address} has no compute_config with enabled` };
  }
  const foreign = family === 'names' && isGkeNames(object) ? 'GKE' : family === 'aws' && cluster.type !== 'aws_eks_cluster' ? 'EKS' : undefined;
  if (foreign !== undefined) return { kind: 'refused', reason: `${foreign} alone reads ${object.kind} of ${object.group}, and ${cluster.address} is another cloud's` };
  if (engine === undefined || family === undefined || family === 'names' || family === 'aws' || family === engine) return undefined;
  const what = `${object.kind} of ${object.group}`;
  // Newer versions of Calico and Cilium read the administrator's, and no document of the clouds says that theirs do.
  return engine === 'vpc-cni' || (family === 'admin' && engine !== 'azure')
    ? { kind: 'doubt', reason: `whether what enforces policies in ${cluster.address} reads ${what} no document says, and this input brings nothing else` }
    : { kind: 'refused', reason: `policies are enforced in ${cluster.address} by ${NAMES[engine]}, which reads no ${what}` };
}

const NAMES = { calico: 'Calico', cilium: "the cloud's Cilium", azure: "Azure's own engine" } as const;

type Engine = 'calico' | 'cilium' | 'azure' | 'vpc-cni';

type Family = 'calico' | 'cilium' | 'admin' | 'names' | 'aws';

const FAMILIES: Readonly<Record<string, Family>> = {
  'projectcalico.org': 'calico', 'crd.projectcalico.org': 'calico', 'cilium.io': 'cilium', 'policy.networking.k8s.io': 'admin', 'networking.gke.io': 'names', 'networking.k8s.aws': 'aws',
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
function gkeAnswer(graph: Surroundings, cluster: Resource, object: KubernetesObject, family: 'cilium' | 'names'): Answer {
  const { namespace } = object;
  const isOff = (name: string) => isOffIn(graph, cluster, name);
  const refused = (reason: string): Answer => ({ kind: 'refused', reason });
  // Of the same group is that of a controller of one's own, which has no `matches`.
  if (family === 'names') return isOff(BY_NAME) && isGkeNames(object) ? refused(`GKE reads no FQDNNetworkPolicy unless the cluster sets ${BY_NAME}`) : undefined;
  if (namespace !== '') return refused('GKE reads no CiliumNetworkPolicy; write a NetworkPolicy, an FQDNNetworkPolicy or a CiliumClusterwideNetworkPolicy');
  if (isOff(CLUSTERWIDE)) return refused(`GKE reads no CiliumClusterwideNetworkPolicy unless the cluster sets ${CLUSTERWIDE}`);
  return asksNames(object) ? { kind: 'doubt', reason: 'it names hosts or has rules of layer 7, and that GKE reads these of a CiliumClusterwideNetworkPolicy no document says' } : undefined;
}

function isGkeNames({ kind, spec }: KubernetesObject): boolean {
  return kind === 'FQDNNetworkPolicy' && JSON.stringify(spec).includes('"matches"');
}

/** Whether a switch is off for certain. */
function isOffIn(graph: Surroundings, cluster: Resource, ...path: readonly (string | number)[]): boolean {
  const flag = setting(graph, cluster, ...path);
  return flag !== 'unknown' && flag.value !== true && flag.value !== 'true';
}
