/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy: allows of all of them add up with those of
 * NetworkPolicies, and a deny of any wins.
 *
 * https://docs.cilium.io/en/stable/security/policy/language/
 * https://docs.cilium.io/en/stable/security/policy/deny/
 * https://docs.cilium.io/en/stable/security/policy/intro/
 */
import { isList, isObject, own, ownObject, ownText, type Json, type JsonObject } from '../../plan/json';
import { INTERNET } from '../addresses';
import { intersect, isEmpty } from '../ranges';
import { FAMILIES, rangesIn } from './blocks';
import { ciliumRefusal } from './cilium-refused';
import { ciliumSelector } from './cilium-selector';
import { namesIn } from './network-policy';
import type { KubernetesObject } from './objects';
import { asksForNothing, holdsForNobody, OVERSELECTED } from './overselected';
import { DIRECTIONS, list, NETWORK_POLICY_ORDER, policyWith, textList, TIER_ORDER, type ClusterPolicy, type Direction, type PolicyRule, type RulePeer } from './policies';
import { ciliumSpans, wholeOf } from './ports';

/** What rules refer to by name. */
export interface CiliumNames {
  /** Of a CiliumCIDRGroup; undefined when the input does not hold it. */
  readonly blocksOf: (group: string) => readonly string[] | undefined;
  /** The labels that a Service selects its pods by; undefined when it is not here, or selects none. */
  readonly podsOf: (namespace: string, service: string) => JsonObject | undefined;
  /** Why the clusters of the input take nothing of such an object; undefined where they do, or another input has them. */
  readonly untaken: (object: KubernetesObject) => string | undefined;
}

/** One per spec. A policy for nodes, or for what has a reserved label, says nothing of pods. */
export function ciliumPolicies(object: KubernetesObject, names: CiliumNames): readonly ClusterPolicy[] {
  // Of several specs none is taken where one is refused: https://github.com/cilium/cilium/blob/main/pkg/k8s/apis/cilium.io/v2/cnp_types.go
  const refused = names.untaken(object) ?? object.specs.map((spec) => ciliumRefusal(spec, !object.unknown)).find((reason) => reason !== undefined);
  return object.specs.flatMap((spec) => {
    const isClusterwide = object.namespace === '';
    const { namespaces, pods, vague, entity } = ciliumSelector(own(spec, 'endpointSelector') ?? {});
    if ((isObject(own(spec, 'nodeSelector')) && !isObject(own(spec, 'endpointSelector'))) || entity !== undefined) return [];
    const subject = { ...(isClusterwide ? { namespaces: namespaces ?? {} } : { namespace: object.namespace }), pods, vague };
    const asked = ownObject(spec, 'enableDefaultDeny');
    // A list that is empty selects nobody into default deny.
    const closes = refused !== undefined ? [] : DIRECTIONS.filter((each) => own(asked, each) ?? (list(own(spec, each)).length + list(own(spec, `${each}Deny`)).length > 0));
    return policyWith({ object, tier: 'namespaced', tierOrder: TIER_ORDER.namespaced, priority: NETWORK_POLICY_ORDER, subject, closes, ...(refused === undefined ? {} : { refused }) }, (policy) => DIRECTIONS.flatMap((direction) => [
      ...list(own(spec, direction)).flatMap((rule) => partsOf(rule)).map((rule) => ciliumRule(policy, direction, 'allow', rule, names)),
      // What it would open still counts: another version may take it.
      ...(refused === undefined ? list(own(spec, `${direction}Deny`)) : []).map((rule) => ciliumRule(policy, direction, 'deny', rule, names)),
    ]));
  });
}

/** Of a rule what asks for the name in the handshake of TLS, and what does not. */
function partsOf(rule: JsonObject): readonly JsonObject[] {
  const items = list(own(rule, 'toPorts'));
  const named = items.filter((each) => serverNames([each]).length > 0);
  if (named.length === 0 || named.length === items.length) return [rule];
  return [{ ...rule, toPorts: named }, { ...rule, toPorts: items.filter((each) => !named.includes(each)) }];
}

function serverNames(items: readonly JsonObject[]): readonly string[] {
  return items.flatMap((each) => textList(own(each, 'serverNames')));
}

function ciliumRule(policy: ClusterPolicy, direction: Direction, action: 'allow' | 'deny', rule: JsonObject, names: CiliumNames): PolicyRule {
  const side = direction === 'ingress' ? 'from' : 'to';
  const toPorts = own(rule, 'toPorts') ?? undefined;
  const namesPeers = [...['Endpoints', 'CIDR', 'CIDRSet', 'Entities', 'Nodes', 'Groups'].map((name) => `${side}${name}`), 'toFQDNs', 'toServices'].some((key) => isList(own(rule, key)));
  // A rule with ports alone is for everybody on them; one with nothing is for nobody, and only closes.
  const everybody: readonly RulePeer[] = isList(toPorts) || isList(own(rule, 'icmps')) ? [{ kind: 'anything' }] : [];
  const requires = action === 'deny' && isList(own(rule, `${side}Requires`));
  const peers = requires ? [] : [...(namesPeers ? peersIn(rule, side, policy, names) : everybody), ...listenersIn(toPorts)];
  const sni = direction === 'egress' && action === 'allow' ? serverNames(list(toPorts)) : [];
  return {
    policy,
    direction,
    action,
    peers: sni.length > 0 ? [...peers.flatMap((peer) => withNames(peer, sni)), ...(isTcp(toPorts) ? [] : [NOT_TCP])] : peers,
    // With ports ICMP is refused: https://docs.cilium.io/en/latest/security/policy/layer4/. Where it is named, types are: a deny of some takes nothing away.
    ports: toPorts === undefined && isList(own(rule, 'icmps')) ? (action === 'deny' ? [] : wholeOf('ICMP')) : ciliumSpans(toPorts, action === 'deny'),
    dnsNames: list(toPorts).some((each) => own(ownObject(each, 'rules'), 'dns') !== undefined),
  };
}

/** What becomes there of packets without such a handshake, QUIC first, no document says. */
const NOT_TCP: RulePeer = { kind: 'hidden', text: 'whatever is called by another protocol than TCP on ports with serverNames' };

function isTcp(toPorts: Json | undefined): boolean {
  return list(toPorts).every((item) => list(own(item, 'ports')).length > 0 && list(own(item, 'ports')).every((port) => ownText(port, 'protocol') === 'TCP'));
}

/**
 * Whoever is called by TLS with one of some names alone: of the world, these hosts; of a cluster, whoever it was.
 * https://docs.cilium.io/en/latest/security/policy/layer4/#limit-tls-server-name-indication-sni
 */
function withNames(peer: RulePeer, names: readonly string[]): readonly RulePeer[] {
  const hosts: RulePeer = { kind: 'names', names, inHandshake: true };
  if (peer.kind === 'block') return FAMILIES.some((family) => !isEmpty(intersect(rangesIn(peer, family), INTERNET[family]))) ? [hosts] : [peer];
  if (peer.kind === 'anything') return [hosts, { kind: 'entity', entity: 'cluster' }];
  if (peer.kind !== 'entity') return [peer];
  return peer.entity === 'all' ? [hosts, { kind: 'entity', entity: 'cluster' }] : peer.entity.startsWith('world') ? [hosts] : [peer];
}

/** Envoy, configured by another object, takes over what is sent, and leads it where that says. */
function listenersIn(toPorts: Json | undefined): readonly RulePeer[] {
  return list(toPorts).map((each) => ownObject(each, 'listener')).filter((listener) => listener !== undefined).map((listener): RulePeer => ({ kind: 'hidden', text: `Envoy listener ${ownText(listener, 'name') ?? ''}` }));
}

function peersIn(rule: JsonObject, side: 'from' | 'to', policy: ClusterPolicy, names: CiliumNames): readonly RulePeer[] {
  const { namespace } = policy.object;
  return [
    ...list(own(rule, `${side}Endpoints`)).flatMap((selector): readonly RulePeer[] => endpoints(selector, namespace)),
    ...textList(own(rule, `${side}CIDR`)).map((cidr): RulePeer => ({ kind: 'block', cidr, except: [] })),
    ...list(own(rule, `${side}CIDRSet`)).flatMap((set): readonly RulePeer[] => blocks(set, names)),
    ...textList(own(rule, `${side}Entities`)).filter((entity) => entity !== 'none').map((entity): RulePeer => ({ kind: 'entity', entity })),
    ...list(own(rule, `${side}Nodes`)).map((): RulePeer => ({ kind: 'entity', entity: 'nodes' })),
    ...list(own(rule, `${side}Groups`)).map((): RulePeer => ({ kind: 'hidden', text: 'machines of a cloud group' })),
    ...(side === 'to' && isList(own(rule, 'toFQDNs')) ? [{ kind: 'names' as const, names: namesIn(own(rule, 'toFQDNs'), ['matchName', 'matchPattern']) }] : []),
    ...(side === 'to' ? list(own(rule, 'toServices')).map((service): RulePeer => serviceOf(service, namespace, names)) : []),
  ];
}

/** Without a namespace it is the policy's own; of a policy of the cluster, every one. */
function endpoints(selector: Json, namespace: string): readonly RulePeer[] {
  const { namespaces, pods, vague, entity, outside, names } = ciliumSelector(selector);
  if (outside) return [{ kind: 'hidden', text: 'whatever has or lacks reserved labels' }];
  if (entity !== undefined) return [{ kind: 'entity', entity }];
  const its: JsonObject = namespace === '' ? {} : { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  // Of a policy of the cluster, labels of namespaces alone still leave pods alone.
  const isWorld = (names || namespace !== '') && asksForNothing(namespaces) && holdsForNobody(selector);
  return [{ kind: 'pods', namespaces: namespaces ?? its, pods, ...(vague ? { vague } : {}) }, ...(isWorld ? [OVERSELECTED] : [])];
}

function blocks(set: JsonObject, { blocksOf }: CiliumNames): readonly RulePeer[] {
  const except = textList(own(set, 'except'));
  const [cidr, group] = [ownText(set, 'cidr'), ownText(set, 'cidrGroupRef')];
  if (cidr !== undefined) return [{ kind: 'block', cidr, except }];
  const known = group === undefined ? undefined : blocksOf(group);
  return known ? known.map((each): RulePeer => ({ kind: 'block', cidr: each, except })) : [{ kind: 'hidden', text: `CIDR group ${group ?? 'by labels'}` }];
}

/** A Service without a selector leads wherever somebody says. */
function serviceOf(service: JsonObject, namespace: string, { podsOf }: CiliumNames): RulePeer {
  const named = ownObject(service, 'k8sService');
  const [name, of] = [ownText(named, 'serviceName'), ownText(named, 'namespace') ?? namespace];
  const labels = name === undefined ? undefined : podsOf(of, name);
  return labels ? { kind: 'pods', namespaces: { matchLabels: { 'kubernetes.io/metadata.name': of } }, pods: { matchLabels: labels } } : { kind: 'hidden', text: `service ${name === undefined ? 'by labels' : `${of}/${name}`}` };
}
