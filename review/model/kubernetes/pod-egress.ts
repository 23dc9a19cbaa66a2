/**
 * What their policies let pods reach on the internet. No verdict: whether a packet that leaves a pod gets
 * out is for the network to say, of which a cluster's objects tell nothing.
 */
import { groupBy } from '../../group-by';
import { isAnyName } from './any-name';
import type { Connection } from './connections';
import type { PodIdentity } from './workloads';

/** In the words of verdicts: `open` is any address without control by name, `allowlisted` listed hosts alone. */
export interface PodEgress {
  /** As in connections. */
  readonly pods: string;
  /** The workload, or the policy that selects such pods. */
  readonly address: string;
  readonly egress: 'open' | 'unknown' | 'allowlisted' | 'none';
  /** `api.stripe.com tcp/443`; of `open` the addresses. Sorted. */
  readonly reached: readonly string[];
  /** What the input does not say; never empty for `unknown`. */
  readonly reasons: readonly string[];
}

/** What may open anything for pods of a namespace; empty: of every one. */
export interface Doubt {
  readonly namespace: string;
  /** For these alone. Default: all of the namespace. */
  readonly pods?: string;
  readonly reason: string;
}

/** In the order of the pods. */
export function podEgressOf(pods: readonly PodIdentity[], connections: readonly Connection[], doubts: readonly Doubt[]): readonly PodEgress[] {
  const outwards = groupBy(connections.filter(({ internet }) => internet), ({ from }) => from);
  return pods.map(({ id, address, namespace }) => {
    const own = outwards.get(id) ?? [];
    const open = own.filter(({ by, to }) => by === 'address' || (by === 'name' && isAnyName(to)));
    const hidden = own.filter(({ by }) => by === 'unknown');
    const reasons = [...hidden.map(({ to }) => `${to}: whom this stands for is not in the input`), ...doubts.filter((doubt) => (doubt.pods ?? id) === id && (doubt.namespace === '' || doubt.namespace === namespace)).map(({ reason }) => reason)].sort();
    const egress = open.length > 0 ? 'open' : reasons.length > 0 ? 'unknown' : own.length > 0 ? 'allowlisted' : 'none';
    return { pods: id, address, egress, reached: (open.length > 0 ? open : own.filter(({ by }) => by === 'name')).map(({ to, ports }) => `${to} ${ports.join(' ')}`), reasons };
  });
}
