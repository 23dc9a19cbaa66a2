/**
 * NetworkPolicy and GlobalNetworkPolicy of Calico: rules in the order of the policies, of which the
 * first that matches decides, tier by tier. NetworkPolicies of Kubernetes stand among those of the
 * tier `default`, at 1000.
 *
 * https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy
 * https://docs.tigera.io/calico/latest/reference/resources/tier
 */
import { isList, isObject, own, ownObject, ownText, ownTexts, type Json, type JsonObject } from '../../plan/json';
import { addressRange } from '../addresses';
import { calicoEqualities, calicoTest, isEverything } from './calico-selector';
import { blockPeers } from './network-policy';
import type { KubernetesObject } from './objects';
import { DIRECTIONS, list, policyWith, TIER_ORDER, type ClusterPolicy, type Direction, type PolicyRule, type RulePeer } from './policies';
import { ANY_PORT, portSpans, wholeOf, type PortSpan } from './ports';
import type { Labels } from './selectors';

/** What rules of Calico refer to. */
export interface CalicoNames {
  /** Order and default action of a tier; undefined when the input does not hold it. */
  readonly tierOf: (name: string) => { readonly order: number; readonly passes: boolean } | undefined;
  readonly sets: readonly NetworkSet[];
  readonly workloads: readonly { readonly labels: Labels; readonly namespace: string }[];
  /** Labels of interfaces of nodes: HostEndpoints. */
  readonly nodes: readonly Labels[];
  readonly podsOf: (namespace: string, service: string) => JsonObject | undefined;
  /** Why the clusters of the input take nothing of such an object. */
  readonly untaken: (object: KubernetesObject) => string | undefined;
}

/** Of a cluster, or of a namespace. */
export interface NetworkSet {
  readonly name: string;
  readonly labels: Labels;
  /** Empty for one of the cluster. */
  readonly namespace: string;
  readonly nets: readonly string[];
  readonly domains: readonly string[];
  /** Whether some of it is known only after an apply. */
  readonly unknown: boolean;
}

/** @returns nothing when nobody can tell where the policy stands: its tier is not in the input */
export function calicoPolicy(object: KubernetesObject, names: CalicoNames): ClusterPolicy | undefined {
  const { spec, namespace } = object;
  const name = ownText(spec, 'tier') ?? 'default';
  const tier = name === 'default' ? { order: TIER_ORDER.namespaced, passes: false } : names.tierOf(name);
  if (!tier) return undefined;
  const types = ownTexts(spec, 'types') ?? [];
  const rules = (direction: Direction) => list(own(spec, direction));
  const hasTypes = types.length > 0;
  const refused = names.untaken(object);
  const meant = isForHosts(spec) ? [] : DIRECTIONS.filter((each) => (hasTypes ? types.includes(each === 'ingress' ? 'Ingress' : 'Egress') : rules(each).length > 0 || (each === 'ingress' && rules('egress').length === 0)));
  const [pods, namespaces] = [selector(ownText(spec, 'selector')), selector(ownText(spec, 'namespaceSelector'))];
  const subject = {
    ...(namespace === '' ? { namespaces: namespaces.selector } : { namespace }), pods: pods.selector,
    vague: !pods.isRead || !namespaces.isRead || !isEverything(ownText(spec, 'serviceAccountSelector')),
  };
  const order = own(spec, 'order');
  return policyWith({
    object, tier: name === 'default' ? 'namespaced' : `tier ${name}`, tierOrder: tier.order, priority: typeof order === 'number' ? order : Infinity, subject, closes: refused === undefined ? meant : [], ...(refused === undefined ? {} : { refused }), ...(tier.passes ? { passes: true } : {}),
    ...(namespace === '' && isOfNodes(ownText(spec, 'selector'), names) ? { isPerhapsForNodes: true as const } : {}),
    // What it would open still counts.
  }, (policy) => meant.flatMap((direction) => rules(direction).flatMap((rule) => calicoRule(policy, direction, rule, names))).filter(({ action }) => refused === undefined || action === 'allow'));
}

/**
 * Both are asked for host endpoints alone, before connections are tracked or addresses translated.
 * https://docs.tigera.io/calico/latest/reference/host-endpoints/overview
 */
function isForHosts(spec: JsonObject): boolean {
  return own(spec, 'doNotTrack') === true || own(spec, 'preDNAT') === true;
}

/** https://docs.tigera.io/calico/latest/reference/host-endpoints/selector */
function isOfNodes(text: string | undefined, { nodes, workloads }: CalicoNames): boolean {
  const test = nodes.length === 0 || isEverything(text) ? undefined : calicoTest(text as string);
  return test !== undefined && nodes.some((labels) => test(labels) === true) && workloads.every(({ labels, namespace }) => test({ ...labels, ...calicoLabels(namespace) }) === false);
}

function selector(text: string | undefined): { readonly selector: Json; readonly isRead: boolean } {
  if (isEverything(text)) return { selector: {}, isRead: true };
  return calicoTest(text as string) ? { selector: { expression: text as string }, isRead: true } : { selector: {}, isRead: false };
}

const ACTIONS: Readonly<Record<string, PolicyRule['action'] | 'log'>> = { allow: 'allow', deny: 'deny', pass: 'pass', log: 'log' };

/** What narrows a rule besides its other side: with any of these a deny is perhaps for less. */
const NARROWS = ['notProtocol', 'icmp', 'notICMP', 'ipVersion', 'http'];

function calicoRule(policy: ClusterPolicy, direction: Direction, rule: JsonObject, names: CalicoNames): readonly PolicyRule[] {
  // An action that is not known could let through.
  const action = ACTIONS[(ownText(rule, 'action') ?? '').toLowerCase()] ?? 'allow';
  if (action === 'log') return [];
  const [source, destination] = [ownObject(rule, 'source') ?? {}, ownObject(rule, 'destination') ?? {}];
  const [other, self] = direction === 'egress' ? [destination, source] : [source, destination];
  const { peers, isExact } = peersIn(other, policy.object.namespace, names, action === 'deny');
  const restrictsSelf = Object.keys(self).some((key) => !(direction === 'ingress' && key === 'ports'));
  const isWhole = isExact && !restrictsSelf && own(destination, 'notPorts') === undefined && own(source, 'ports') === undefined && !NARROWS.some((key) => own(rule, key) !== undefined);
  // A deny that may be for less than it seems takes nothing away.
  if (action === 'deny' && !isWhole) return [];
  const [certain, ports] = [true, false].map((surely) => portsOf(own(rule, 'protocol'), own(destination, 'ports'), surely)) as [readonly PortSpan[], readonly PortSpan[]];
  // A pass of ports that are not known may be one of any, and is none for certain.
  const isUncertain = !isWhole || (action === 'pass' && certain.length < ports.length);
  return [{ policy, direction, action, peers, ports: action === 'deny' ? certain : ports, dnsNames: false, ...(isUncertain ? { uncertain: true } : {}), ...onlyFor(self, names) }];
}

/** The rule's own side by labels; sets of addresses may have the pods' among them. */
function onlyFor(self: JsonObject, { sets }: CalicoNames): Pick<PolicyRule, 'only'> {
  const [pods, namespaces] = [ownText(self, 'selector'), ownText(self, 'namespaceSelector')];
  return sets.length > 0 || isEverything(pods) && isEverything(namespaces) ? {} : { only: { pods: selector(pods).selector, namespaces: selector(namespaces).selector } };
}

function portsOf(protocol: Json | undefined, ports: Json | undefined, certain: boolean): readonly PortSpan[] {
  const name = PROTOCOLS[String(protocol ?? '').toUpperCase()];
  // A deny of one protocol of many takes nothing away for certain.
  if (protocol !== undefined && name === undefined) return certain ? [] : wholeOf('OTHER');
  if (name === 'ICMP') return wholeOf(name);
  const within = (spans: readonly PortSpan[]) => spans.filter((span) => name === undefined || span.protocol === name);
  if (!isList(ports) || ports.length === 0) return within(ANY_PORT);
  return ports.flatMap((port) => {
    const [, from, to] = /^(\d+)(?::(\d+))?$/.exec(String(port)) ?? [];
    if (from === undefined) return certain ? [] : within(ANY_PORT);
    return within((['TCP', 'UDP', 'SCTP'] as const).flatMap((each) => portSpans([{ protocol: each, port: Number(from), ...(to === undefined ? {} : { endPort: Number(to) }) }])));
  });
}

const PROTOCOLS: Readonly<Record<string, PortSpan['protocol']>> = { TCP: 'TCP', UDP: 'UDP', SCTP: 'SCTP', ICMP: 'ICMP', ICMPV6: 'ICMP', 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMP', 132: 'SCTP' };

interface Peers {
  readonly peers: readonly RulePeer[];
  /** False when they are more than the rule is for. */
  readonly isExact: boolean;
}

/** All of what an entity asks for has to hold: of blocks and labels, the blocks are the limit. @param certain leaves out what is perhaps not meant */
function peersIn(entity: JsonObject, namespace: string, names: CalicoNames, certain: boolean): Peers {
  const has = (key: string) => own(entity, key) !== undefined && own(entity, key) !== null;
  const [nets, notNets] = [ownTexts(entity, 'nets') ?? [], ownTexts(entity, 'notNets') ?? []];
  const byLabels = ['selector', 'namespaceSelector', 'serviceAccounts'].some(has);
  const services = ownObject(entity, 'services');
  if (services) return { peers: [serviceOf(services, namespace, names)], isExact: false };
  const domains = ownTexts(entity, 'domains') ?? [];
  if (domains.length > 0) return { peers: [{ kind: 'names', names: domains }], isExact: false };
  if (nets.length > 0 || (notNets.length > 0 && !byLabels)) {
    const cidrs = nets.length > 0 ? nets : ['0.0.0.0/0', '::/0'];
    const except = (cidr: string) => notNets.filter((each) => addressRange(each)?.family === addressRange(cidr)?.family);
    return { peers: cidrs.flatMap((cidr): readonly RulePeer[] => (certain ? [{ kind: 'block', cidr, except: except(cidr) }] : blockPeers(cidr, except(cidr)))), isExact: !byLabels && !has('notSelector') };
  }
  if (byLabels) return selected(entity, namespace, names, certain, !has('notSelector') && !has('serviceAccounts') && notNets.length === 0);
  // Everywhere but some pods is everywhere; so is what this review does not know, but not for certain.
  return { peers: [{ kind: 'anything' }], isExact: Object.keys(entity).every((key) => key === 'ports' || key === 'notPorts' || !has(key)) };
}

/** Pods, and network sets, whose labels an expression asks for. */
function selected(entity: JsonObject, namespace: string, { sets, workloads }: CalicoNames, certain: boolean, isExact: boolean): Peers {
  const [text, of] = [ownText(entity, 'selector'), ownText(entity, 'namespaceSelector')];
  const pods = selector(text);
  const namespaces = selector(of);
  // What is in no namespace are sets of addresses, and no pods.
  const isGlobal = of?.trim() === 'global()';
  const scope: Json = of === undefined ? (namespace === '' ? {} : { matchLabels: { 'kubernetes.io/metadata.name': namespace } }) : namespaces.selector;
  const test = isEverything(text) ? () => true : calicoTest(text as string) ?? (() => undefined);
  // Sets of a namespace are in the reach of its own policies, global ones in that of `global()` and of policies of the cluster.
  const within = of === undefined ? (each: string) => namespace === '' || each === namespace : () => true;
  // Which namespaces an expression is for is not asked here.
  const isSure = (set: NetworkSet) => !set.unknown && (of === undefined || (isGlobal && set.namespace === ''));
  const hasLabels = (set: NetworkSet) => test(set.namespace === '' ? set.labels : { ...set.labels, 'projectcalico.org/namespace': set.namespace });
  const meant = sets.filter((set) => within(set.namespace) && (certain ? isSure(set) && hasLabels(set) === true : set.unknown || hasLabels(set) !== false));
  const addresses = meant.flatMap(({ name, nets, domains, unknown }): readonly RulePeer[] => [
    ...nets.flatMap((cidr): readonly RulePeer[] => (certain ? [{ kind: 'block', cidr, except: [] }] : blockPeers(cidr, []))),
    ...(domains.length > 0 ? [{ kind: 'names' as const, names: domains }] : []),
    ...(unknown ? [{ kind: 'hidden' as const, text: `network set ${name}` }] : []),
  ]);
  const isKnown = meant.length > 0 || !isGlobal && workloads.some((each) => within(each.namespace) && test({ ...each.labels, ...calicoLabels(each.namespace) }) === true);
  return {
    peers: [
      { kind: 'pods', namespaces: scope, pods: pods.selector },
      ...addresses,
      // Labels of nobody here may be those of a set of addresses that the input does not hold.
      ...(isKnown || (isEverything(text) && !isGlobal) || isClusterDns(text) ? [] : [{ kind: 'hidden' as const, text: isEverything(text) ? 'whatever is in no namespace' : `whatever has ${text as string}` }]),
    ],
    isExact: isExact && pods.isRead && namespaces.isRead && meant.every(isSure),
  };
}

/** Pods that every cluster has, and no input. */
function isClusterDns(text: string | undefined): boolean {
  return text !== undefined && /^(kube-dns|node-local-dns)$/.test(calicoEqualities(text)['k8s-app'] ?? '');
}

/** What Calico adds to the labels of a pod. */
export function calicoLabels(namespace: string): Labels {
  return { 'projectcalico.org/namespace': namespace, 'projectcalico.org/orchestrator': 'k8s' };
}

function serviceOf(service: JsonObject, namespace: string, { podsOf }: CalicoNames): RulePeer {
  const [name, of] = [ownText(service, 'name') ?? '', ownText(service, 'namespace') ?? namespace];
  const labels = podsOf(of, name);
  return isObject(labels) ? { kind: 'pods', namespaces: { matchLabels: { 'kubernetes.io/metadata.name': of } }, pods: { matchLabels: labels } } : { kind: 'hidden', text: `service ${of}/${name}` };
}
