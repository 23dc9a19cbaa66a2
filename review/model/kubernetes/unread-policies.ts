/**
 * Policies that this review knows to exist and does not read: of other kinds, and of a tier of Calico
 * that the input does not hold, so that nobody knows where it stands. One of them may open what the
 * others close, so what it may select is unknown.
 *
 * https://antrea.io/docs/main/docs/antrea-network-policy/
 */
import { own, ownText } from '../../plan/json';
import type { Hop, Place } from '../network-model';
import type { Unenforced } from './enforcement';
import type { HiddenObjects, KubernetesObject } from './objects';
import type { Doubt } from './pod-egress';
import { list } from './policies';
import type { PodIdentity } from './workloads';

/**
 * Kinds that only restrict, or are not in force, and so open nothing: `EgressFirewall` of OVN-Kubernetes is a filter of
 * its own beside the policies; MultiNetworkPolicy is for interfaces of other networks, which are open without one.
 */
const OPENS_NOTHING = /^(Staged|EgressFirewall$|EgressNetworkPolicy$|MultiNetworkPolicy$)/;

/** Policies by another name: NSX asks its own before NetworkPolicies, and EKS's agent enforces what stands in its endpoints, whoever wrote it. */
const OTHERS = /^((crd\.)?nsx\.vmware\.com\/SecurityPolicy|networking\.k8s\.aws\/(Cluster)?PolicyEndpoint)$/;

/**
 * Whether Envoy takes over what is sent to some services, and leads it further than to what Cilium tells of services:
 * no policy of the caller's is asked of that.
 * https://docs.cilium.io/en/stable/network/servicemesh/l7-traffic-management/
 */
function isDetour({ kind, group, spec }: KubernetesObject): boolean {
  return group === 'cilium.io' && /^Cilium(Clusterwide)?EnvoyConfig$/.test(kind) && list(own(spec, 'services')).length > 0
    && list(own(spec, 'resources')).some((each) => /\.Cluster$/.test(ownText(each, '@type') ?? '') && (ownText(each, 'type') ?? 'STATIC') !== 'EDS');
}

/** Whether an object is a policy that is not read, or stands beside all of them. @param isRead whether some reader made policies of it */
export function isUnreadPolicy(object: KubernetesObject, isRead: boolean): boolean {
  const { kind, group } = object;
  if (isDetour(object)) return true;
  // Of Cilium's kinds one without rules for pods is left: it is for nodes.
  return !isRead && group !== 'cilium.io' && (/NetworkPolicy$/.test(kind) || OTHERS.test(`${group}/${kind}`)) && !OPENS_NOTHING.test(kind);
}

/** A thing that may open what nobody can tell. */
export interface Unread extends Doubt {
  readonly address: string;
}

export function unreadIn(policies: readonly KubernetesObject[], hidden: readonly HiddenObjects[], unenforced: readonly Unenforced[], partly: readonly KubernetesObject[], pods: readonly PodIdentity[], gap: (pods: PodIdentity) => string | undefined, perhaps: readonly { readonly object: KubernetesObject; readonly reason: string }[]): readonly Unread[] {
  const unread = (address: string, namespace: string, reason: string): Unread => ({ address, namespace, reason: `${address}: ${reason}` });
  return [
    ...policies.map(({ address, kind, group, namespace }) => unread(address, namespace, `${kind} of ${group === '' ? 'the core API' : group} is not read: it may open anything for pods of ${namespace === '' ? 'every namespace' : `namespace ${namespace}`}`)),
    ...partly.map(({ address, kind, namespace }) => unread(address, namespace, `part of this ${kind} is not known before the plan is applied: it may open anything`)),
    ...perhaps.map(({ object: { address, namespace }, reason }) => unread(address, namespace, reason)),
    ...unenforced.filter(({ certain }) => certain).map(({ address, reason }) => unread(address, '', reason)),
    ...pods.flatMap((each) => {
      const { address, namespace, id, attachedBy, hostUnknown } = each;
      const reason = hostUnknown ? `whether ${id} is on the network of its node, where no policy of pods holds, is not known` : attachedBy === undefined ? gap(each) : `${attachedBy} gives ${id} interfaces of other networks or a tunnel to a gateway, where no policy of pods holds`;
      return reason === undefined ? [] : [{ ...unread(address, namespace, reason), pods: id }];
    }),
    ...hidden.filter(({ kind }) => kind === 'unknown').map(({ address, reason }) => unread(address, '', `${reason}: a policy may open anything`)),
  ];
}

/** A place with an unknown fate. */
export function unreadPlace({ address, reason }: Unread): Place {
  const start: Hop = { address, kind: 'network-policy', forward: (traffic) => [{ kind: 'unknown', traffic, reason }] };
  return { id: address, kind: 'workload', cloud: 'kubernetes', addresses: [address], cidrs: [], families: [4], hypothetical: true, start };
}
