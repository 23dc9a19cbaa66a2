/**
 * Who may talk to whom, from the pods' statements: each one becomes both sides of a conversation,
 * so that neither can be forgotten.
 */
import type { PodCall, PodCaller, PodPorts } from '../policy/pods';
import { addressesOf, ANYWHERE } from './blocks';
import type { ClusterNetwork, SegmentPods } from './cluster-network';
import { podsOf, type Peer } from './manifest';

/** What one group of pods accepts or opens by one statement. */
export interface PodRule extends PodPorts {
  readonly pods: SegmentPods;
  readonly direction: 'ingress' | 'egress';
  readonly peers: readonly Peer[];
}

/** Every rule of every group. */
export function podRules(network: ClusterNetwork): readonly PodRule[] {
  return network.groups.flatMap((pods): readonly PodRule[] => [
    ...pods.accepts.flatMap(({ from, ports, protocol }): readonly PodRule[] => [
      { pods, direction: 'ingress', peers: callerPeers(from, network), ports, protocol },
      ...callingPods(from, network).map((caller): PodRule => (
        { pods: caller, direction: 'egress', peers: [podsOf(pods.namespace, pods.labels)], ports, protocol }
      )),
    ]),
    ...pods.calls.map((call): PodRule => ({ pods, direction: 'egress', peers: calleePeers(call, pods.segment, network), ports: call.ports, protocol: call.protocol })),
  ]);
}

/** Callers in namespaces that somebody else closes, or nobody: only one side of these is made here. */
export function foreignCallers(network: ClusterNetwork): readonly { readonly namespace: string; readonly callee: SegmentPods }[] {
  return network.groups.flatMap((callee) => callee.accepts.flatMap(({ from }) => (
    from.kind === 'namespace' && callingPods(from, network).length === 0 ? [{ namespace: from.namespace, callee }] : []
  )));
}

/** The groups of this policy that a caller stands for. */
export function callingPods(from: PodCaller, { bySegment, byNamespace }: ClusterNetwork): readonly SegmentPods[] {
  switch (from.kind) {
    case 'segment': return bySegment.get(from.segment) ?? [];
    case 'pods': return (byNamespace.get(from.namespace) ?? []).filter(({ name }) => name === from.pods);
    case 'namespace': return byNamespace.get(from.namespace) ?? [];
    case 'cidr': case 'internet': return [];
  }
}

function callerPeers(from: PodCaller, network: ClusterNetwork): readonly Peer[] {
  switch (from.kind) {
    case 'segment': {
      const namespaces = [...new Set(callingPods(from, network).map(({ namespace }) => namespace))].sort();
      return namespaces.length > 0 ? namespaces.map((namespace) => podsOf(namespace)) : network.segmentCidrs(from.segment).map(addressesOf);
    }
    case 'pods': return callingPods(from, network).map(({ namespace, labels }) => podsOf(namespace, labels));
    case 'namespace': return [podsOf(from.namespace, from.labels)];
    case 'cidr': return [addressesOf(from.cidr)];
    case 'internet': return [ANYWHERE];
  }
}

function calleePeers({ to }: PodCall, segment: string, network: ClusterNetwork): readonly Peer[] {
  switch (to.kind) {
    case 'segment': return network.segmentCidrs(to.segment).map(addressesOf);
    case 'namespace': return [podsOf(to.namespace, to.labels)];
    case 'cidr': return [addressesOf(to.cidr)];
    case 'service': return network.serviceCidrs(segment).map(addressesOf);
    case 'api-server': return network.apiServerCidrs.map(addressesOf);
  }
}
