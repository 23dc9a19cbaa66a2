/** Every policy of the objects, by the reader of its kind. */
import { own, ownObject, ownText, type JsonObject } from '../../plan/json';
import { adminPolicy } from './admin-policy';
import { ciliumPolicies, type CiliumNames } from './cilium-policy';
import { fqdnPolicy, networkPolicy } from './network-policy';
import type { KubernetesObject } from './objects';
import { textList, type ClusterPolicy } from './policies';
import { isUnreadPolicy } from './unread-policies';

export interface PoliciesRead {
  readonly policies: readonly ClusterPolicy[];
  readonly unread: readonly KubernetesObject[];
}

/** By group and kind: `NetworkPolicy` of Calico and of Antrea are other things than that of Kubernetes. */
const READERS: Readonly<Record<string, (object: KubernetesObject, names: CiliumNames) => readonly ClusterPolicy[]>> = {
  'networking.k8s.io/NetworkPolicy': (object) => [networkPolicy(object)],
  // Of old clusters, and of objects without an API.
  'extensions/NetworkPolicy': (object) => [networkPolicy(object)],
  '/NetworkPolicy': (object) => [networkPolicy(object)],
  'networking.k8s.aws/ApplicationNetworkPolicy': (object) => [networkPolicy(object)],
  'networking.gke.io/FQDNNetworkPolicy': (object) => [fqdnPolicy(object)],
  'cilium.io/CiliumNetworkPolicy': ciliumPolicies,
  'cilium.io/CiliumClusterwideNetworkPolicy': ciliumPolicies,
  'policy.networking.k8s.io/AdminNetworkPolicy': (object) => [adminPolicy(object)],
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy': (object) => [adminPolicy(object)],
  'policy.networking.k8s.io/ClusterNetworkPolicy': (object) => [adminPolicy(object)],
  'networking.k8s.aws/ClusterNetworkPolicy': (object) => [adminPolicy(object)],
};

export function readPolicies(objects: readonly KubernetesObject[]): PoliciesRead {
  const names = namesIn(objects);
  const unread: KubernetesObject[] = [];
  const policies = objects.flatMap((object) => {
    const reader = READERS[`${object.group}/${object.kind}`];
    if (isUnreadPolicy(object, reader !== undefined)) unread.push(object);
    return reader?.(object, names) ?? [];
  });
  return { policies, unread };
}

function namesIn(objects: readonly KubernetesObject[]): CiliumNames {
  const groups = new Map(objects.filter(({ kind }) => kind === 'CiliumCIDRGroup').map(({ name, spec }) => [name, textList(own(spec, 'externalCIDRs'))]));
  const services = new Map(objects.filter(({ kind, group }) => kind === 'Service' && group === '').map(({ namespace, name, spec }) => [`${namespace}/${name}`, spec]));
  return {
    blocksOf: (group) => groups.get(group),
    podsOf: (namespace, service): JsonObject | undefined => {
      const spec = services.get(`${namespace}/${service}`);
      const labels = ownText(spec, 'type') === 'ExternalName' ? undefined : ownObject(spec, 'selector');
      return labels && Object.keys(labels).length > 0 ? labels : undefined;
    },
  };
}
