/**
 * What pods reach on the internet by way of pods that forward: whoever may call a proxy reaches what the proxy lets through. That
 * stands in its own configuration, which is not read: what its policies leave it is the most. Likewise what pods reach by answers
 * of DNS that somebody else gives, or as root on their node.
 */
import { ownText } from '../../plan/json';
import { intersect, isEmpty, size } from '../ranges';
import { addressesOf } from '../addresses';
import { FAMILIES, rangesIn } from './blocks';
import { egressTo, ingressFrom } from './connections';
import { untrustedAnswers } from './dns-answers';
import { forwarderSelected, isForwarders } from './forwarders';
import type { KubernetesModel } from './kubernetes-model';
import type { PodEgress } from './pod-egress';
import type { PolicyRule } from './policies';
import { commonSpans, hasPort, type PortSpan } from './ports';
import { matchLabels } from './selectors';
import { podsId, type PodIdentity } from './workloads';

type Policies = Pick<KubernetesModel, 'objects' | 'namespaces' | 'pods' | 'rulesOf' | 'podsOf' | 'standInsOf' | 'isMember'>;

/** @param own what policies let each of the pods of the model call, in their order @param isCiliums whether Cilium enforces: to it no pod is in a block of addresses */
export function withRelays(own: readonly PodEgress[], model: Policies, isCiliums: boolean): readonly PodEgress[] {
  const relays = model.pods.flatMap((pods, index) => (pods.forwards === undefined ? [] : [{ pods, by: pods.forwards, egress: own[index] as PodEgress }]));
  const waypoints = waypointsIn(model);
  const next = new Map(relays.map((relay) => [relay, relays.filter((other) => other !== relay && mayCall(relay.pods, other.pods, model, isCiliums))]));
  return model.pods.map((pods, index): PodEgress => {
    const known = own[index] as PodEgress;
    if (known.egress === 'open' || known.egress === 'unknown') return known;
    const reached = new Set(relays.filter((relay) => relay.pods !== pods && mayCall(pods, relay.pods, model, isCiliums)));
    // A set that grows while it is walked: one relay may call another.
    for (const relay of reached) for (const other of next.get(relay) ?? []) reached.add(other);
    const open = [...reached].filter(({ egress }) => egress.egress === 'open' || egress.egress === 'unknown');
    const reasons = [
      ...open.map(({ pods: { id }, by, egress }) => `${id} forwards what others send (${by}) and ${egress.egress === 'open' ? 'may call any address' : 'what it may call is not known'}: whom it lets through its own configuration says`),
      ...unseen(pods, model, waypoints),
      ...untrustedAnswers(pods, model),
      ...(pods.rootOnNode === undefined ? [] : [`${pods.id} ${pods.rootOnNode}: whoever is root in it is root there, where no policy of pods holds`]),
    ].sort();
    if (reasons.length > 0) return { ...known, egress: 'unknown', reasons };
    const listed = [...reached].flatMap(({ pods: { id }, egress }) => egress.reached.map((host) => `${host} by ${id}`));
    return listed.length === 0 ? known : { ...known, egress: 'allowlisted', reached: [...known.reached, ...listed].sort() };
  });
}

function allowing(pods: PodIdentity, model: Policies): readonly PolicyRule[] {
  return model.rulesOf(pods, 'egress').tiers.flatMap(({ rules }) => rules.filter(({ action }) => action !== 'deny'));
}

/** Whether packets of pods get to a relay, as far as the input tells. */
function mayCall(caller: PodIdentity, relay: PodIdentity, model: Policies, isCiliums: boolean): boolean {
  if (caller.onHost) return true;
  const allowed = allowing(caller, model);
  if (allowed.length === 0 && model.rulesOf(caller, 'egress').isClosed) return false;
  if (relay.onHost) return allowed.some(({ peers }) => peers.some((peer) => peer.kind === 'entity' && ON_HOST.test(peer.entity))) || (!isCiliums && allowed.some((rule) => isAmong(rule, relay, rule.ports)));
  const accepted = ingressFrom(caller, relay, model);
  return commonSpans(egressTo(caller, relay, model), accepted).length > 0 || (!isCiliums && allowed.some((rule) => isAmong(rule, relay, commonSpans(rule.ports, accepted))));
}

const ON_HOST = /^(host|remote-node|nodes|cluster|all)$/;

/** Where pods and nodes have their addresses. */
const PRIVATE = { 4: addressesOf(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'], 4), 6: addressesOf(['fc00::/7'], 6) };

/** Whether a block of private addresses may have it among them, on a port that it names, if it names any. */
function isAmong({ peers, policy }: PolicyRule, { listens = [] }: PodIdentity, ports: readonly PortSpan[]): boolean {
  if (policy.object.group === 'cilium.io' || !(listens.length === 0 ? ports.length > 0 : listens.some((port) => hasPort(ports, 'TCP', port)))) return false;
  return peers.some((peer) => peer.kind === 'block' && FAMILIES.some((family) => {
    const common = intersect(rangesIn(peer, family), PRIVATE[family]);
    return !isEmpty(common) && size(common) > 1n;
  }));
}

/** Relays that rules speak of and the input does not hold: by their labels, by their namespace, and waypoints of a mesh that lead to hosts outside of it. */
function unseen(pods: PodIdentity, model: Policies, waypoints: ReadonlySet<string>): readonly string[] {
  return allowing(pods, model).flatMap((rule) => rule.peers.flatMap((peer) => {
    if (peer.kind !== 'pods') return [];
    const labels = matchLabels(peer.pods);
    const namespace = matchLabels(peer.namespaces)['kubernetes.io/metadata.name'];
    const waypoint = labels[GATEWAY];
    const by = forwarderSelected(peer.pods) ?? (waypoint !== undefined && waypoints.has(waypoint) ? waypoint : namespace !== undefined && isForwarders(namespace) ? namespace : undefined);
    if (by === undefined || model.podsOf(peer, rule).some(({ known }) => known)) return [];
    return [`${podsId(namespace ?? (peer.namespaces === undefined ? rule.policy.object.namespace : 'any namespace'), labels)} forwards what others send (${by}), and what it may call is not in this input`];
  }));
}

const GATEWAY = 'gateway.networking.k8s.io/gateway-name';

/**
 * Waypoints of Istio that hosts outside of the mesh are bound to, by the label of a ServiceEntry or of its namespace. The pods are made of a
 * Gateway at run time. https://istio.io/latest/docs/ambient/usage/waypoint/, https://istio.io/latest/docs/reference/config/networking/service-entry/
 */
function waypointsIn({ objects, namespaces }: Pick<KubernetesModel, 'objects' | 'namespaces'>): ReadonlySet<string> {
  const key = 'istio.io/use-waypoint';
  const entries = objects.filter(({ kind, group, spec }) => kind === 'ServiceEntry' && group === 'networking.istio.io' && ownText(spec, 'location') !== 'MESH_INTERNAL');
  return new Set(entries.flatMap(({ labels, namespace }) => labels[key] ?? namespaces.get(namespace)?.labels[key] ?? []));
}
