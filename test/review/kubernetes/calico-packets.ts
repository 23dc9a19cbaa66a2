/**
 * Of Calico: tiers by their order, in a tier policies by theirs, in a policy rules as they stand; the first that matches
 * decides. A tier with a policy for the pod ends in its default action; what every tier leaves, the namespace's profile allows.
 *
 * https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy
 * https://docs.tigera.io/calico/latest/network-policy/policy-tiers/tiered-policy
 */
import { administered, administeredPorts, inBlock, isAdministered, isolating, isSubject, namespaceLabels, opens, type Call, type Cluster, type End, type Labels, type Manifest, type PodAt, type Side } from './cluster-packets';

interface Policy {
  readonly tier: string;
  readonly order: number;
  readonly name: string;
  readonly decide: () => 'Allow' | 'Deny' | 'Pass' | undefined;
}

/** Tiers that are always there. https://docs.tigera.io/calico/latest/reference/resources/tier */
const TIERS: Readonly<Record<string, { readonly order: number; readonly pass?: boolean }>> = {
  default: { order: 1_000_000 }, adminnetworkpolicy: { order: 1_000, pass: true }, baselineadminnetworkpolicy: { order: 10_000_000, pass: true },
};

export function calicoPasses(cluster: Cluster, side: Side, pod: PodAt, peer: End, call: Call): boolean {
  const policies = [...own(cluster, side, pod, peer, call), ...kubernetes(cluster, side, pod, peer, call)];
  const tiers: typeof TIERS = { ...TIERS, ...Object.fromEntries(cluster.objects.filter(({ kind }) => kind === 'Tier').map(({ metadata, spec }) => [metadata.name, { order: spec.order ?? Infinity, pass: spec.defaultAction === 'Pass' }])) };
  for (const [name, { pass }] of Object.entries(tiers).sort(([, a], [, b]) => a.order - b.order)) {
    const there = policies.filter(({ tier }) => tier === name).sort((a, b) => (a.order === b.order ? (a.name < b.name ? -1 : 1) : a.order - b.order));
    const answer = there.map(({ decide }) => decide()).find((each) => each !== undefined) ?? (there.length > 0 && !pass ? 'Deny' : 'Pass');
    if (answer !== 'Pass') return answer === 'Allow';
  }
  return true;
}

function kubernetes(cluster: Cluster, side: Side, pod: PodAt, peer: End, call: Call): readonly Policy[] {
  const key = side === 'Egress' ? 'egress' : 'ingress';
  const administrators = (['admin', 'baseline'] as const).flatMap((tier) => administered(cluster.objects, tier).filter(({ spec }) => isSubject(cluster, spec.subject, pod)).map((policy, index): Policy => ({
    tier: tier === 'admin' ? 'adminnetworkpolicy' : 'baselineadminnetworkpolicy', order: policy.spec.priority ?? 0, name: String(index),
    decide: () => {
      const action = (policy.spec[key] ?? []).find((rule: Manifest) => (rule.to ?? rule.from).some((each: Manifest) => isAdministered(cluster, each, peer)) && administeredPorts(rule, side === 'Egress' ? peer : pod, call))?.action;
      return action === 'Accept' ? 'Allow' : action;
    },
  })));
  return [...administrators, ...isolating(cluster, side, pod).map((policy): Policy => ({ tier: 'default', order: 1000, name: `knp.default.${policy.metadata.name}`, decide: () => (opens(cluster, side, policy, peer, call) ? 'Allow' : undefined) }))];
}

function own(cluster: Cluster, side: Side, pod: PodAt, peer: End, call: Call): readonly Policy[] {
  return cluster.objects.filter(({ apiVersion, kind, metadata, spec }) => {
    if (apiVersion !== 'projectcalico.org/v3' || !/^(Global)?NetworkPolicy$/.test(kind)) return false;
    if (metadata.namespace !== undefined && metadata.namespace !== pod.namespace) return false;
    const types: readonly string[] = spec.types ?? [...(spec.ingress?.length || !spec.egress?.length ? ['Ingress'] : []), ...(spec.egress?.length ? ['Egress'] : [])];
    return types.includes(side) && !spec.preDNAT && !spec.doNotTrack && matches(spec.selector || 'all()', podLabels(pod)) && (!spec.namespaceSelector || matches(spec.namespaceSelector, calicoNamespace(cluster, pod.namespace)));
  }).map(({ metadata, spec }): Policy => ({
    tier: spec.tier ?? 'default', order: spec.order ?? Infinity, name: metadata.name,
    decide: () => ((side === 'Egress' ? spec.egress : spec.ingress) ?? []).find((rule: Manifest) => rule.action !== 'Log' && holds(cluster, rule, metadata.namespace, side === 'Egress' ? pod : peer, side === 'Egress' ? peer : pod, call))?.action,
  }));
}

function holds(cluster: Cluster, rule: Manifest, namespace: string | undefined, from: End, to: End, call: Call): boolean {
  if (rule.protocol !== undefined && rule.protocol !== call.protocol) return false;
  if (rule.notProtocol !== undefined && rule.notProtocol === call.protocol) return false;
  // What is sent is an echo request.
  if (rule.icmp !== undefined && rule.icmp.type !== 8) return false;
  if (rule.ipVersion !== undefined && rule.ipVersion !== (to.address.includes(':') ? 6 : 4)) return false;
  const { ports, notPorts } = rule.destination ?? {};
  const isPort = (port: number | string) => (typeof port === 'number' ? port === call.port : port === 'web' ? to.kind === 'pod' && to.web === call.port : Number(port.split(':')[0]) <= call.port && call.port <= Number(port.split(':')[1]));
  if (ports?.length && !ports.some(isPort)) return false;
  if (notPorts?.length && notPorts.some(isPort)) return false;
  return isEnd(cluster, rule.source, namespace, from) && isEnd(cluster, rule.destination, namespace, to);
}

/** Everything that a rule asks of one end has to hold. */
function isEnd(cluster: Cluster, entity: Manifest, namespace: string | undefined, end: End): boolean {
  const { nets, notNets, selector, notSelector, namespaceSelector, domains } = entity ?? {};
  const inside = (blocks: readonly string[]) => blocks.some((block) => inBlock(end.address, block));
  if (nets?.length && !inside(nets)) return false;
  if (notNets?.length && inside(notNets)) return false;
  if (domains?.length && !(end.kind === 'outside' && domains.includes(end.name))) return false;
  if (notSelector && labelledBy(cluster, notSelector, undefined, namespace, end)) return false;
  return !(selector || namespaceSelector) || labelledBy(cluster, selector || 'all()', namespaceSelector, namespace, end);
}

/** Whether the end is a pod with such labels, or stands in a set of addresses that has them. A policy of a namespace that names none sees its own. */
function labelledBy(cluster: Cluster, selector: string, namespaces: string | undefined, namespace: string | undefined, end: End): boolean {
  const isThere = (own: string | undefined) => {
    if (namespaces === 'global()') return own === undefined;
    if (namespaces) return own !== undefined && matches(namespaces, calicoNamespace(cluster, own));
    return namespace === undefined || own === namespace;
  };
  if (end.kind === 'pod' && !end.hostNetwork && isThere(end.namespace) && matches(selector, podLabels(end))) return true;
  return cluster.objects.some(({ kind, metadata, spec }) => /^(Global)?NetworkSet$/.test(kind) && isThere(metadata.namespace) && matches(selector, { ...metadata.labels, ...(metadata.namespace ? { 'projectcalico.org/namespace': metadata.namespace } : {}) }) && spec.nets.some((block: string) => inBlock(end.address, block)));
}

const podLabels = (pod: PodAt): Labels => ({ ...pod.labels, 'projectcalico.org/namespace': pod.namespace, 'projectcalico.org/orchestrator': 'k8s' });
const calicoNamespace = (cluster: Cluster, name: string): Labels => ({ ...namespaceLabels(cluster, name), 'projectcalico.org/name': name });

/** What each expression says that random clusters use. */
export const EXPRESSIONS: Readonly<Record<string, (labels: Labels) => boolean>> = {
  'all()': () => true,
  "app == 'x'": ({ app }) => app === 'x',
  "app != 'x'": ({ app }) => app !== 'x',
  "has(tier)": ({ tier }) => tier !== undefined,
  "!has(tier)": ({ tier }) => tier === undefined,
  "app in {'x', 'z'}": ({ app }) => app === 'x' || app === 'z',
  "app not in {'x', 'y'}": ({ app }) => app !== 'x' && app !== 'y',
  "tier starts with 'we'": ({ tier }) => tier?.startsWith('we') ?? false,
  "app == 'x' && has(tier)": ({ app, tier }) => app === 'x' && tier !== undefined,
  "app == 'y' || tier == 'db'": ({ app, tier }) => app === 'y' || tier === 'db',
  "projectcalico.org/namespace == 'a'": (labels) => labels['projectcalico.org/namespace'] === 'a',
};

export const NAMESPACE_EXPRESSIONS: Readonly<Record<string, (labels: Labels) => boolean>> = {
  "team == 't'": ({ team }) => team === 't',
  "team != 't'": ({ team }) => team !== 't',
  'has(team)': ({ team }) => team !== undefined,
  '!has(team)': ({ team }) => team === undefined,
  "projectcalico.org/name == 'a'": (labels) => labels['projectcalico.org/name'] === 'a',
  "projectcalico.org/name in {'b'}": (labels) => labels['projectcalico.org/name'] === 'b',
  "kubernetes.io/metadata.name != 'a'": (labels) => labels['kubernetes.io/metadata.name'] !== 'a',
};

const ALL = { ...EXPRESSIONS, ...NAMESPACE_EXPRESSIONS };

function matches(expression: string, labels: Labels): boolean {
  return ALL[expression]!(labels);
}
