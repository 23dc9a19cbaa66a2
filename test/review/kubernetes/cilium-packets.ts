/**
 * Of Cilium: whoever talks has an identity, a set of labels, and policies select identities.
 *
 * https://docs.cilium.io/en/stable/security/policy/language/
 * https://docs.cilium.io/en/stable/security/policy/kubernetes/
 */
import { inBlock, isolating, isTrue, namespaceLabels, opens, selects, type Call, type Cluster, type End, type Labels, type Manifest, type PodAt, type Side } from './cluster-packets';

const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** Whether a pod's policies let a call pass; nothing where none closes it. */
export function ciliumPasses(cluster: Cluster, side: Side, pod: PodAt, peer: End, call: Call): boolean | undefined {
  const specs = selecting(cluster, pod);
  const key = side === 'Egress' ? 'egress' : 'ingress';
  const applies = (rules: readonly Manifest[] | undefined, namespace: string) => (rules ?? []).some((rule) => ruleHolds(cluster, rule, namespace, peer, side === 'Egress' ? peer : pod, call));
  if (specs.some(({ spec, namespace }) => applies(spec[`${key}Deny`], namespace))) return false;
  const policies = isolating(cluster, side, pod);
  if (policies.some((policy) => opens(cluster, side, policy, peer, call) || overselects(cluster, side, policy, peer, call))) return true;
  if (specs.some(({ spec, namespace }) => applies(spec[key], namespace))) return true;
  return policies.length > 0 || specs.some(({ spec }) => spec.enableDefaultDeny?.[key] ?? (spec[key] ?? []).length + (spec[`${key}Deny`] ?? []).length > 0) ? false : undefined;
}

/**
 * Namespaces by expressions that hold for what has no such label at all are those of no pod, too: the selector that Cilium
 * makes of them asks for nothing that only pods have. https://github.com/cilium/cilium/pull/46996
 */
function overselects(cluster: Cluster, side: Side, policy: Manifest, peer: End, call: Call): boolean {
  if (peer.kind === 'pod') return false;
  const rules: readonly Manifest[] = (side === 'Egress' ? policy.spec.egress : policy.spec.ingress) ?? [];
  const bare = (selector: Manifest) => selects(selector, {}) && (selector?.matchExpressions ?? []).length > 0;
  const widened = rules.filter((rule) => (rule.to ?? rule.from ?? []).some((each: Manifest) => bare(each.namespaceSelector) && selects(each.podSelector ?? {}, {}))).map(({ ports }) => ({ ports }));
  return opens(cluster, side, { ...policy, spec: { ...policy.spec, egress: widened, ingress: widened } }, peer, call);
}

function selecting(cluster: Cluster, pod: PodAt): readonly { readonly spec: Manifest; readonly namespace: string }[] {
  return cluster.objects.flatMap(({ kind, metadata, spec, specs }) => {
    if (kind !== 'CiliumNetworkPolicy' && kind !== 'CiliumClusterwideNetworkPolicy') return [];
    if (kind === 'CiliumNetworkPolicy' && metadata.namespace !== pod.namespace) return [];
    return [...(spec ? [spec] : []), ...(specs ?? [])].filter((each) => each.endpointSelector && isIdentity(each.endpointSelector, '', identity(cluster, pod))).map((each) => ({ spec: each, namespace: metadata.namespace ?? '' }));
  });
}

/** Labels with their source. */
function identity(cluster: Cluster, end: End): Labels {
  if (end.kind === 'outside') return { 'reserved:world': '', [end.address.includes(':') ? 'reserved:world-ipv6' : 'reserved:world-ipv4']: '' };
  if (end.hostNetwork) return { 'reserved:host': '' };
  return {
    ...Object.fromEntries(Object.entries(end.labels).map(([key, value]) => [`k8s:${key}`, value])),
    ...Object.fromEntries(Object.entries(namespaceLabels(cluster, end.namespace)).map(([key, value]) => [`k8s:${NAMESPACE_LABELS}${key}`, value])),
    [`k8s:${NAMESPACE}`]: end.namespace, 'k8s:io.cilium.k8s.policy.cluster': 'default',
  };
}

/** @param namespace of the policy, to which a selector that names none is limited; empty: of the cluster, pods of every one */
function isIdentity(selector: Manifest, namespace: string, labels: Labels): boolean {
  const bare = (key: string) => key.replace(/^(k8s|any):/, '');
  const keys = [...Object.keys(selector.matchLabels ?? {}), ...(selector.matchExpressions ?? []).map(({ key }: Manifest) => key)];
  const valueOf = (key: string) => (/^(reserved|k8s):/.test(key) ? labels[key] : labels[`k8s:${bare(key)}`]);
  const holds = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => valueOf(key) === value) && (selector.matchExpressions ?? []).every((each: Manifest) => isTrue(each, valueOf(each.key)));
  if (!holds || keys.some((key) => key.startsWith('reserved:'))) return holds;
  if (keys.some((key) => bare(key) === NAMESPACE)) return true;
  const own = labels[`k8s:${NAMESPACE}`];
  return namespace === '' ? own !== undefined : keys.some((key) => bare(key).startsWith(NAMESPACE_LABELS)) || own === namespace;
}

function ruleHolds(cluster: Cluster, rule: Manifest, namespace: string, peer: End, receiver: End, call: Call): boolean {
  const sides = ['Endpoints', 'CIDR', 'CIDRSet', 'Entities', 'FQDNs', 'Services'].map((field) => [field, rule[`to${field}`] ?? rule[`from${field}`]] as const).filter(([, value]) => value !== undefined);
  const filters = rule.toPorts ?? rule.icmps;
  if (sides.length === 0 && filters === undefined) return false;
  if (sides.length > 0 && !sides.some(([field, values]) => values.some((each: Manifest) => isSide(cluster, field, each, namespace, peer)))) return false;
  if (rule.icmps) return call.protocol === 'ICMP' && rule.icmps.some(({ fields }: Manifest) => fields.length > 0);
  return rule.toPorts === undefined || rule.toPorts.length === 0 || rule.toPorts.some(({ ports, serverNames }: Manifest) => isGreeted(serverNames, peer) && (ports === undefined || ports.some((each: Manifest) => portHolds(each, receiver, call))));
}

/** Whoever calls a host by TLS says its name; to a pod it says whatever it likes. What HTTP is asked for somebody may ask for. */
function isGreeted(serverNames: readonly string[] | undefined, peer: End): boolean {
  return !serverNames?.length || peer.kind === 'pod' || (peer.name !== undefined && serverNames.some((each) => patternOf(each).test(peer.name!)));
}

function portHolds({ port, endPort, protocol = 'ANY' }: Manifest, receiver: End, call: Call): boolean {
  // SCTP is only let through by its name, as long as nobody enables more.
  if (protocol === 'ANY' ? !/TCP|UDP/.test(call.protocol) || call.protocol === 'SCTP' : protocol !== call.protocol) return false;
  if (port === 'web') return receiver.kind === 'pod' && receiver.web === call.port;
  return Number(port) === 0 || (call.port >= Number(port) && call.port <= Number(endPort ?? port));
}

function isSide(cluster: Cluster, field: string, value: Manifest, namespace: string, peer: End): boolean {
  switch (field) {
    case 'Endpoints': return isIdentity(value, namespace, identity(cluster, peer));
    case 'CIDR': return peer.kind === 'outside' && inBlock(peer.address, value);
    case 'CIDRSet': {
      const blocks: readonly string[] = value.cidr ? [value.cidr] : cluster.objects.filter(({ kind, metadata }) => kind === 'CiliumCIDRGroup' && metadata.name === value.cidrGroupRef).flatMap(({ spec }) => spec.externalCIDRs);
      return peer.kind === 'outside' && blocks.some((block) => inBlock(peer.address, block)) && !(value.except ?? []).some((block: string) => inBlock(peer.address, block));
    }
    case 'Entities': return isEntity(value, peer);
    case 'FQDNs': return peer.kind === 'outside' && peer.name !== undefined && (value.matchName === peer.name || (value.matchPattern !== undefined && patternOf(value.matchPattern).test(peer.name)));
    case 'Services': return cluster.objects.some(({ kind, metadata, spec }) => kind === 'Service' && metadata.name === value.k8sService.serviceName && metadata.namespace === value.k8sService.namespace
      && (spec.selector ? peer.kind === 'pod' && peer.namespace === metadata.namespace && selects({ matchLabels: spec.selector }, peer.labels) : peer.kind === 'outside' && spec.externalAddresses.includes(peer.address)));
    default: throw new Error(`no side: ${field}`);
  }
}

function isEntity(entity: string, peer: End): boolean {
  if (entity === 'all') return true;
  if (peer.kind === 'outside') return entity === 'world' || entity === (peer.address.includes(':') ? 'world-ipv6' : 'world-ipv4');
  return entity === 'cluster' || (entity === 'host' && peer.hostNetwork === true);
}

/** A star stands within a label; alone it is for every name. */
function patternOf(pattern: string): RegExp {
  return pattern === '*' ? /./ : new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/\*+/g, '[^.]*')}$`);
}
