/** Every policy of the objects, by the reader of its kind. */
import { groupBy } from '../../group-by';
import { own, ownObject, ownText, type JsonObject } from '../../plan/json';
import { adminPolicy } from './admin-policy';
import { calicoPolicy, type CalicoNames } from './calico-policy';
import { ciliumPolicies, type CiliumNames } from './cilium-policy';
import { fqdnPolicy, networkPolicy } from './network-policy';
import { withoutIgnored, type KeptLabels } from './ignored-labels';
import type { KubernetesObject } from './objects';
import type { Taken } from './other-engines';
import { textList, type ClusterPolicy } from './policies';
import { isUnreadPolicy } from './unread-policies';
import { podTemplates } from './pod-templates';

export interface PoliciesRead {
  /** Those that perhaps nobody enforces. */
  readonly doubts: readonly { readonly object: KubernetesObject; readonly reason: string }[];
  readonly policies: readonly ClusterPolicy[];
  readonly unread: readonly KubernetesObject[];
  /** Of which something is known only after an apply, be it all of their rules. */
  readonly partly: readonly KubernetesObject[];
}

interface Names extends CiliumNames, CalicoNames {
  /** Whether Cilium enforces what is written here. */
  readonly isCiliums: boolean;
}

/** By group and kind: `NetworkPolicy` of Calico and of Antrea are other things than that of Kubernetes. */
const READERS: Readonly<Record<string, (object: KubernetesObject, names: Names) => readonly ClusterPolicy[]>> = {
  'networking.k8s.io/NetworkPolicy': (object, { isCiliums, untaken }) => [networkPolicy(object, isCiliums, untaken(object))],
  // Of old clusters, and of objects without an API.
  'extensions/NetworkPolicy': (object, { isCiliums, untaken }) => [networkPolicy(object, isCiliums, untaken(object))],
  '/NetworkPolicy': (object, { isCiliums, untaken }) => [networkPolicy(object, isCiliums, untaken(object))],
  'networking.k8s.aws/ApplicationNetworkPolicy': (object, { untaken }) => [networkPolicy(object, false, untaken(object))],
  'networking.gke.io/FQDNNetworkPolicy': (object, { untaken }) => [fqdnPolicy(object, untaken(object))],
  'cilium.io/CiliumNetworkPolicy': ciliumPolicies,
  'cilium.io/CiliumClusterwideNetworkPolicy': ciliumPolicies,
  'policy.networking.k8s.io/AdminNetworkPolicy': (object, { untaken }) => [adminPolicy(object, untaken(object))],
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy': (object, { untaken }) => [adminPolicy(object, untaken(object))],
  'policy.networking.k8s.io/ClusterNetworkPolicy': (object, { untaken }) => [adminPolicy(object, untaken(object))],
  'networking.k8s.aws/ClusterNetworkPolicy': (object, { untaken }) => [adminPolicy(object, untaken(object))],
  'projectcalico.org/NetworkPolicy': calico,
  'projectcalico.org/GlobalNetworkPolicy': calico,
  'crd.projectcalico.org/NetworkPolicy': calico,
  'crd.projectcalico.org/GlobalNetworkPolicy': calico,
};

/** @param kept the labels that Cilium keeps, where it enforces them */
export function readPolicies(objects: readonly KubernetesObject[], taken: Taken, kept: KeptLabels | undefined): PoliciesRead {
  const isCiliums = kept !== undefined;
  const names: Names = { ...namesIn(objects, taken.refused), isCiliums };
  const doubts: { readonly object: KubernetesObject; readonly reason: string }[] = [];
  const unread: KubernetesObject[] = [];
  const partly: KubernetesObject[] = [];
  const policies = objects.flatMap((object) => {
    const reader = READERS[`${object.group}/${object.kind}`];
    const written = reader?.(object, names) ?? [];
    const read = isCiliums && /^(networking\.k8s\.io|extensions|cilium\.io|)$/.test(object.group) ? written.map((policy) => withoutIgnored(policy, kept)) : written;
    if (isUnreadPolicy(object, read.length > 0)) unread.push(object);
    else if (reader && object.unknown) partly.push(object);
    const reason = reader ? taken.doubt(object) : undefined;
    if (reason !== undefined && read.length > 0) doubts.push({ object, reason });
    return read;
  });
  return { policies, unread, partly, doubts: [...doubts, ...namesakes(policies)] };
}

/** Of two objects with one name the cluster has the one that is applied last, and which that is nobody knows. */
function namesakes(policies: readonly ClusterPolicy[]): PoliciesRead['doubts'] {
  const named = groupBy([...new Set(policies.map(({ object }) => object))].filter(({ name }) => name !== ''), ({ group, kind, namespace, name }) => `${group}/${kind} ${namespace}/${name}`);
  return [...named.values()].flatMap(([first, ...others]) => others.flatMap((other) => (
    first && JSON.stringify(first.specs) !== JSON.stringify(other.specs) ? [{ object: other, reason: `it has the name of ${first.address}, and which of the two is applied last is not known` }] : []
  )));
}

function calico(object: KubernetesObject, names: CalicoNames): readonly ClusterPolicy[] {
  const policy = calicoPolicy(object, names);
  return policy ? [policy] : [];
}

function namesIn(objects: readonly KubernetesObject[], untaken: CiliumNames['untaken']): CiliumNames & CalicoNames {
  const ofKind = (...kinds: readonly string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  // One that is known in part is not known: what is missing may lead anywhere.
  const known = (...kinds: readonly string[]) => ofKind(...kinds).filter(({ unknown }) => !unknown);
  let workloads: CalicoNames['workloads'] | undefined;
  const groups = new Map(known('CiliumCIDRGroup').map(({ name, spec }) => [name, textList(own(spec, 'externalCIDRs'))]));
  const services = new Map(known('Service').filter(({ group }) => group === '').map(({ namespace, name, spec }) => [`${namespace}/${name}`, spec]));
  // Beside the pods that a Service selects stands whatever somebody writes into another slice of it.
  const sliced = new Set([...ofKind('EndpointSlice').map(({ namespace, labels }) => `${namespace}/${labels['kubernetes.io/service-name'] ?? ''}`), ...ofKind('Endpoints').map(({ namespace, name }) => `${namespace}/${name}`)]);
  const tiers = new Map(known('Tier').filter(({ group }) => group.endsWith('projectcalico.org')).map(({ name, spec }) => [name, spec]));
  return {
    untaken,
    blocksOf: (group) => groups.get(group),
    podsOf: (namespace, service): JsonObject | undefined => {
      const spec = services.get(`${namespace}/${service}`);
      const labels = ownText(spec, 'type') === 'ExternalName' ? undefined : ownObject(spec, 'selector');
      return labels && Object.keys(labels).length > 0 && !sliced.has(`${namespace}/${service}`) ? labels : undefined;
    },
    tierOf: (name) => {
      const spec = tiers.get(name);
      const order = own(spec, 'order');
      return spec && { order: typeof order === 'number' ? order : Infinity, passes: /^pass$/i.test(ownText(spec, 'defaultAction') ?? '') };
    },
    sets: ofKind('NetworkSet', 'GlobalNetworkSet').map(({ name, labels, namespace, spec, unknown }) => ({ name, labels, namespace, nets: textList(own(spec, 'nets')), domains: textList(own(spec, 'allowedEgressDomains')), unknown })),
    nodes: ofKind('HostEndpoint').map(({ labels }) => labels),
    get workloads() { return (workloads ??= objects.flatMap((object) => podTemplates(object).map(({ labels }) => ({ labels, namespace: object.namespace })))); },
  };
}
