/** Who may talk to whom in a cluster, from the policies of both sides. */
import type { KubernetesModel, PodIdentity, PolicyRule, RulePeer } from './kubernetes-model';
import { leadsOutside } from './blocks';
import { ANY_PORT, commonSpans, spanTexts, type PortSpan } from './ports';
import { matchLabels } from './selectors';

/** Somebody may open connections to somebody. */
export interface Connection {
  /** `api-gateway/app=gateway`, a block, `monitoring/*` for pods that the input does not hold, or `anything`. */
  readonly from: string;
  readonly to: string;
  /** `tcp/8443`, sorted; `any`. */
  readonly ports: readonly string[];
  /** Whether it leads, or may lead, out of the cluster and of private networks. */
  readonly internet: boolean;
}

type Policies = Pick<KubernetesModel, 'pods' | 'policiesOf' | 'podsOf' | 'standInsOf'>;

export const ANYTHING = 'anything';

/** Sorted by caller, then callee. */
export function connectionsOf(model: Policies): readonly Connection[] {
  const found = new Map<string, { from: string; to: string; spans: PortSpan[]; internet: boolean }>();
  const add = (from: string, to: string, spans: readonly PortSpan[], internet = false) => {
    if (spans.length === 0 || from === to) return;
    const key = `${from}\n${to}`;
    const known = found.get(key) ?? { from, to, spans: [], internet };
    known.spans.push(...spans);
    found.set(key, known);
  };
  for (const pods of model.pods) {
    const ingress = model.policiesOf(pods, 'ingress');
    if (ingress.length === 0) add(ANYTHING, pods.id, ANY_PORT);
    for (const rule of rulesOf(ingress, 'ingress')) {
      for (const peer of rule.peers) {
        const callers = model.standInsOf(peer, rule);
        for (const caller of callers) if (caller !== pods) add(caller.id, pods.id, commonSpans(rule.ports, egressTo(caller, pods, model)));
        if (callers.length === 0) for (const text of outsideTexts(peer)) add(text, pods.id, rule.ports);
      }
    }
    const egress = model.policiesOf(pods, 'egress');
    if (egress.length === 0) add(pods.id, ANYTHING, ANY_PORT, true);
    for (const rule of rulesOf(egress, 'egress')) {
      for (const peer of rule.peers) if (model.standInsOf(peer, rule).length === 0) for (const text of outsideTexts(peer)) add(pods.id, text, rule.ports, isInternet(peer));
    }
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { from, to, spans, internet }]) => ({ from, to, ports: spanTexts(spans), internet }));
}

/** The ports on which a caller's own policies let it reach pods. */
export function egressTo(caller: PodIdentity, callee: PodIdentity, model: Policies): readonly PortSpan[] {
  return side(caller, callee, 'egress', model);
}

/** The ports on which a callee's own policies let a caller in. */
export function ingressFrom(caller: PodIdentity, callee: PodIdentity, model: Policies): readonly PortSpan[] {
  return side(callee, caller, 'ingress', model);
}

function side(pods: PodIdentity, other: PodIdentity, direction: 'ingress' | 'egress', model: Policies): readonly PortSpan[] {
  const policies = model.policiesOf(pods, direction);
  if (policies.length === 0) return ANY_PORT;
  return rulesOf(policies, direction).flatMap((rule) => (
    rule.peers.some((peer) => peer.kind === 'anything' || (peer.kind === 'entity' && ['all', 'cluster'].includes(peer.entity)) || model.podsOf(peer, rule).includes(other)) ? rule.ports : []
  ));
}

function rulesOf(policies: readonly { readonly rules: readonly PolicyRule[] }[], direction: 'ingress' | 'egress'): readonly PolicyRule[] {
  return policies.flatMap(({ rules }) => rules.filter((rule) => rule.direction === direction));
}

function isInternet(peer: RulePeer): boolean {
  switch (peer.kind) {
    case 'anything': case 'names': return true;
    case 'block': return leadsOutside(peer);
    case 'entity': return peer.entity === 'all' || peer.entity.startsWith('world');
    case 'pods': return false;
  }
}

/** What a peer stands for that is not among the pods of the input. */
function outsideTexts(peer: RulePeer): readonly string[] {
  switch (peer.kind) {
    case 'anything': return [ANYTHING];
    case 'block': return [peer.except.length > 0 ? `${peer.cidr} but ${peer.except.join(', ')}` : peer.cidr];
    case 'names': return peer.names;
    case 'entity': return [peer.entity];
    case 'pods': {
      const namespace = matchLabels(peer.namespaces)['kubernetes.io/metadata.name'];
      if (namespace === undefined) return [];
      const labels = Object.entries(matchLabels(peer.pods)).map(([key, value]) => `${key}=${value}`);
      return [`${namespace}/${labels.length > 0 ? labels.sort().join(',') : '*'}`];
    }
  }
}
