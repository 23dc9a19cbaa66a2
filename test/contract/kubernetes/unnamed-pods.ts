/** Pods that carry some of a group's labels and not all: nothing is opened for them, or by them for others. */
import type { Policy } from '../../../blueprints/policy/model';
import type { Evaluator, Pod, PortOf } from './evaluator';

type Group = NonNullable<Policy['segments'][number]['pods']>[number] & { readonly segment: string };

const DNS: readonly PortOf[] = [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }];
/** Whoever else listens on port 53: in the namespace of the cluster's DNS, and beside it. */
const OTHER_RESOLVERS: readonly Pod[] = [{ namespace: 'kube-system', labels: { 'k8s-app': 'stranger' } }, { namespace: 'elsewhere', labels: { 'k8s-app': 'kube-dns' } }];
/** A port that some statement of the policy may have opened to hosts. */
const HOST_PORTS: readonly number[] = [22, 80, 443, 8443];

/** The names of what such pods can do, and of name servers that groups reach beside the cluster's. */
export function unnamedPodFaults(groups: readonly Group[], evaluator: Evaluator): readonly string[] {
  const ports = portsOf(groups);
  const found = new Set<string>();
  const say = (holds: boolean, name: string) => { if (!holds) found.add(name); };
  for (const group of groups) {
    const id = `${group.namespace}/${group.name}`;
    for (const resolver of OTHER_RESOLVERS) say(!DNS.some((port) => evaluator.leaves(podOf(group), resolver, port)), `other-resolver ${id}`);
    for (const half of halves(group).filter((pod) => !groups.some((other) => carries(pod, other)))) {
      const hosts = HOST_PORTS.some((port) => evaluator.leaves(half, '198.51.100.7', { protocol: 'TCP', port })
        || group.hosts.some((host) => evaluator.reachesHost(half, host.replace('*', 'one'), { protocol: 'TCP', port })));
      say(!hosts, `half-labelled-hosts ${id}`);
      for (const port of ports) {
        say(!groups.some((other) => evaluator.enters(podOf(other), half, port)) && !evaluator.enters('8.8.8.8', half, port), `half-labelled-entered ${id}`);
        say(!groups.some((other) => evaluator.leaves(half, podOf(other), port)), `half-labelled-leaves ${id}`);
        // Whoever accepts pods by name accepts them by all of their labels; a segment or a namespace is accepted whole.
        for (const other of groups) {
          const whole = other.accepts.some((accept) => says(accept, port) && (
            (accept.from.kind === 'segment' && accept.from.segment === group.segment) || (accept.from.kind === 'namespace' && accept.from.namespace === half.namespace) || accept.from.kind === 'internet'
          ));
          say(whole || !evaluator.enters(half, podOf(other), port), `half-labelled-accepted ${other.namespace}/${other.name}`);
          say(!evaluator.leaves(podOf(other), half, port), `half-labelled-called ${other.namespace}/${other.name}`);
        }
      }
    }
  }
  return [...found];
}

/** A pod of the group for each of its labels, without that label. */
function halves({ namespace, labels }: Group): readonly Pod[] {
  return Object.keys(labels).map((gone) => ({ namespace, labels: Object.fromEntries(Object.entries(labels).filter(([key]) => key !== gone)) }));
}

/** The first of each range that some statement opens: what is opened too widely is opened there. */
function portsOf(groups: readonly Group[]): readonly PortOf[] {
  const all = groups.flatMap(({ accepts, calls }) => [...accepts, ...calls].flatMap(({ ports, protocol }) => ports.map(({ from }): PortOf => ({ protocol: protocol === 'tcp' ? 'TCP' : 'UDP', port: from }))));
  return [...new Map(all.filter(({ port }) => port !== 53).map((port) => [JSON.stringify(port), port])).values()];
}

const podOf = ({ namespace, labels }: Group): Pod => ({ namespace, labels });

function carries(pod: Pod, { namespace, labels }: Group): boolean {
  return pod.namespace === namespace && Object.entries(labels).every(([key, value]) => pod.labels[key] === value);
}

function says({ ports, protocol }: Group['accepts'][number], port: PortOf): boolean {
  return protocol.toUpperCase() === port.protocol && ports.some(({ from, to }) => from <= port.port && port.port <= to);
}
