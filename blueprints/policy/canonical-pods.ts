/** Pods and clusters in their canonical form: defaults, sorted, merged. */
import { blockText } from './cidr';
import { hostText } from './host-pattern';
import type { PortRange } from './model';
import type { KubernetesCluster, Labels, PodAccept, PodCall, PodCallee, PodCaller, PodGroup, PodPorts } from './pods';
import type { ClusterInput, PodsInput } from './pods-schema';
import { mergePorts, parsePort } from './ports';
import { compare, uniqueSorted } from './rules';

/** The port of what is called over HTTPS only. */
const HTTPS = 443;

/** The pods of one segment; nothing for a segment without. */
export function canonicalPods(segment: string, pods: readonly PodsInput[] | undefined): { readonly pods?: readonly PodGroup[] } {
  if (!pods) return {};
  const groups = pods.map((group): PodGroup => ({
    name: group.name,
    namespace: group.namespace ?? segment,
    labels: sortedLabels(group.labels),
    accepts: merged((group.accepts ?? []).map(({ from, ports, protocol = 'tcp' }): PodAccept => ({ from: callerOf(from), ports: ranges(ports), protocol })), ({ from }) => from),
    calls: merged(
      (group.calls ?? []).map(({ to, ports = [HTTPS], protocol = 'tcp' }): PodCall => ({ to: calleeOf(to), ports: ranges(ports), protocol })),
      ({ to }) => to,
    ),
    hosts: uniqueSorted((group.hosts ?? []).map(hostText)),
  }));
  return { pods: groups.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name)) };
}

/** The cluster of one environment and cloud; nothing for an environment without. */
export function canonicalCluster(input: ClusterInput | undefined, defaultName: string): { readonly cluster?: KubernetesCluster } {
  if (!input) return {};
  const { name = defaultName, cni, system, dns = [], apiServer, resourceGroup, nodes } = input;
  return {
    cluster: {
      name,
      cni,
      system,
      dns: uniqueSorted(dns.map(blockText)),
      ...(apiServer === undefined ? {} : { apiServer: blockText(apiServer) }),
      ...(resourceGroup === undefined ? {} : { resourceGroup }),
      ...(nodes ? {
        nodes: { machine: nodes.machine, min: nodes.min ?? 1, max: nodes.max ?? Math.max(3, nodes.min ?? 1), ...(nodes.role === undefined ? {} : { role: nodes.role }) },
      } : {}),
    },
  };
}

function callerOf(from: PodsInputCaller): PodCaller {
  if (from.segment !== undefined) return { kind: 'segment', segment: from.segment };
  if (from.pods !== undefined) {
    const [namespace, pods] = from.pods.split('/') as [string, string];
    return { kind: 'pods', namespace, pods };
  }
  if (from.namespace !== undefined) return { kind: 'namespace', namespace: from.namespace, labels: sortedLabels(from.labels ?? {}) };
  return from.cidr !== undefined ? { kind: 'cidr', cidr: blockText(from.cidr) } : { kind: 'internet' };
}

function calleeOf(to: PodsInputCallee): PodCallee {
  if (to.segment !== undefined) return { kind: 'segment', segment: to.segment };
  if (to.namespace !== undefined) return { kind: 'namespace', namespace: to.namespace, labels: sortedLabels(to.labels ?? {}) };
  if (to.cidr !== undefined) return { kind: 'cidr', cidr: blockText(to.cidr) };
  return to.service !== undefined ? { kind: 'service', service: to.service } : { kind: 'api-server' };
}

type PodsInputCaller = NonNullable<PodsInput['accepts']>[number]['from'];
type PodsInputCallee = NonNullable<PodsInput['calls']>[number]['to'];

/** One entry per peer and protocol, sorted. */
function merged<T extends PodPorts>(entries: readonly T[], peerOf: (entry: T) => object): readonly T[] {
  const byPeer = new Map<string, T>();
  for (const entry of entries) {
    const key = `${JSON.stringify(peerOf(entry))} ${entry.protocol}`;
    const known = byPeer.get(key);
    byPeer.set(key, known ? { ...known, ports: mergePorts([...known.ports, ...entry.ports]) } : entry);
  }
  return [...byPeer].sort(([a], [b]) => compare(a, b)).map(([, entry]) => entry);
}

function ranges(ports: readonly (string | number)[]): readonly PortRange[] {
  return mergePorts(ports.map((port) => {
    const parsed = parsePort(port);
    if (!parsed.ok) throw new Error(`unchecked port: ${parsed.problem.message}`);
    return parsed.range;
  }));
}

function sortedLabels(labels: Readonly<Record<string, string>>): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => compare(a, b)));
}
