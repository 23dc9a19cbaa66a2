/**
 * Policies of the cluster's administrator: AdminNetworkPolicy and BaselineAdminNetworkPolicy, and
 * ClusterNetworkPolicy, which took their place, also as EKS has it.
 *
 * https://network-policy-api.sigs.k8s.io/api-overview/
 * https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
import { isList, isObject, own, ownObject, ownText, type Json, type JsonObject } from '../../plan/json';
import type { KubernetesObject } from './objects';
import { DIRECTIONS, list, policyWith, textList, TIER_ORDER, type ClusterPolicy, type Direction, type PolicyRule, type RulePeer, type Subject } from './policies';
import { ANY_PORT, portSpans, type PortSpan } from './ports';

/** @param refused why the cluster takes nothing of it */
export function adminPolicy(object: KubernetesObject, refused?: string): ClusterPolicy {
  const { spec, kind } = object;
  const isBaseline = kind === 'BaselineAdminNetworkPolicy' || /^baseline$/i.test(ownText(spec, 'tier') ?? '');
  const priority = Number(own(spec, 'priority') ?? 0);
  // It closes nothing: what no rule matches is decided by others.
  return policyWith({ object, tier: isBaseline ? 'baseline' : 'admin', tierOrder: isBaseline ? TIER_ORDER.baseline : TIER_ORDER.admin, priority, subject: subjectOf(ownObject(spec, 'subject')), closes: [], ...(refused === undefined ? {} : { refused }) }, (policy) => (
    DIRECTIONS.flatMap((direction) => list(own(spec, direction)).map((rule) => adminRule(policy, direction, rule))).filter(({ action }) => refused === undefined || action === 'allow')
  ));
}

function subjectOf(subject: JsonObject | undefined): Subject {
  const [pods, namespaces] = [own(subject, 'pods'), own(subject, 'namespaces')];
  if (isObject(pods)) return { namespaces: own(pods, 'namespaceSelector') ?? {}, pods: own(pods, 'podSelector') ?? {}, vague: false };
  return isObject(namespaces) ? { namespaces, pods: {}, vague: false } : { namespaces: {}, pods: {}, vague: true };
}

const ACTIONS: Readonly<Record<string, PolicyRule['action']>> = { allow: 'allow', accept: 'allow', deny: 'deny', pass: 'pass' };

function adminRule(policy: ClusterPolicy, direction: Direction, rule: JsonObject): PolicyRule {
  // An action that is not known could let through.
  const action = ACTIONS[(ownText(rule, 'action') ?? '').toLowerCase()] ?? 'allow';
  const [certain, possible] = [portsOf(rule, true), portsOf(rule, false)];
  // A pass of ports that are not known may be one of any, and is none for certain.
  const isUncertain = action === 'pass' && certain.length < possible.length;
  return { policy, direction, action, peers: list(own(rule, direction === 'ingress' ? 'from' : 'to')).flatMap(peersOf), ports: action === 'deny' ? certain : possible, dnsNames: false, ...(isUncertain ? { uncertain: true } : {}) };
}

function peersOf(peer: JsonObject): readonly RulePeer[] {
  const [namespaces, pods] = [own(peer, 'namespaces'), own(peer, 'pods')];
  const found: readonly RulePeer[] = [
    ...(isObject(namespaces) ? [inNamespaces(namespaces)] : []),
    ...(isObject(pods) ? [{ kind: 'pods' as const, namespaces: own(pods, 'namespaceSelector') ?? own(pods, 'namespaces') ?? {}, pods: own(pods, 'podSelector') ?? {} }] : []),
    ...textList(own(peer, 'networks')).map((cidr): RulePeer => ({ kind: 'block', cidr, except: [] })),
    ...(textList(own(peer, 'domainNames')).length > 0 ? [{ kind: 'names' as const, names: textList(own(peer, 'domainNames')) }] : []),
    ...(isObject(own(peer, 'nodes')) ? [{ kind: 'entity' as const, entity: 'nodes' }] : []),
  ];
  return found.length > 0 ? found : [{ kind: 'hidden', text: 'a peer that is not known' }];
}

/** Early versions compared labels of both sides, too. */
function inNamespaces(namespaces: JsonObject): RulePeer {
  const isCompared = ['sameLabels', 'notSameLabels'].some((key) => own(namespaces, key) !== undefined);
  return { kind: 'pods', namespaces: isCompared ? {} : own(namespaces, 'namespaceSelector') ?? namespaces, pods: {}, ...(isCompared ? { vague: true } : {}) };
}

/** `ports` of the first versions, `protocols` of the later ones. @param certain leaves out what may be fewer: named ports */
function portsOf(rule: JsonObject, certain: boolean): readonly PortSpan[] {
  const [ports, protocols] = [own(rule, 'ports') ?? undefined, own(rule, 'protocols') ?? undefined];
  const written = isList(ports) ? list(ports).map(portOf) : isList(protocols) ? list(protocols).flatMap(protocolOf) : [];
  if (written.length === 0) return certain && [ports, protocols].some((each) => isList(each) && each.length > 0) ? [] : ANY_PORT;
  return written.flatMap((port) => (port ? portSpans([port]) : certain ? [] : ANY_PORT));
}

function portOf(port: JsonObject): JsonObject | undefined {
  const [number, range] = [ownObject(port, 'portNumber'), ownObject(port, 'portRange')];
  if (number) return number;
  if (range) return { protocol: own(range, 'protocol') ?? 'TCP', port: own(range, 'start') as Json, endPort: own(range, 'end') as Json };
  return own(port, 'port') === undefined || typeof own(port, 'port') === 'string' ? undefined : port;
}

function protocolOf(protocol: JsonObject): readonly (JsonObject | undefined)[] {
  return ['tcp', 'udp', 'sctp'].flatMap((name): readonly (JsonObject | undefined)[] => {
    const of = own(protocol, name);
    if (!isObject(of)) return [];
    const port = ownObject(of, 'destinationPort');
    const range = ownObject(port, 'range');
    return [{ protocol: name.toUpperCase(), port: own(range, 'start') ?? own(port, 'number') ?? 0, ...(range ? { endPort: own(range, 'end') as Json } : {}) }];
  }).concat(own(protocol, 'destinationNamedPort') === undefined ? [] : [undefined]);
}
