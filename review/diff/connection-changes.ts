/** What a change opens and closes inside of a cluster. */
import type { Connection } from '../model/kubernetes/connections';
import type { ConnectionChange } from '../result';

/** Sorted by caller, callee, port. */
export function connectionChanges(input: string, before: readonly Connection[], after: readonly Connection[]): readonly ConnectionChange[] {
  const was = cells(before);
  const is = cells(after);
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((key): readonly ConnectionChange[] => {
    const change = was.has(key) ? (is.has(key) ? undefined : 'closed') : 'opened';
    return change ? [{ change, input, ...(was.get(key) ?? is.get(key)) as Cell }] : [];
  });
}

type Cell = Pick<ConnectionChange, 'from' | 'to' | 'port' | 'internet'>;

/** One entry per port, so that a port more is one change and not two. */
function cells(connections: readonly Connection[]): ReadonlyMap<string, Cell> {
  return new Map(connections.flatMap(({ from, to, ports, internet }) => ports.map((port) => [[from, to, port].join('\n'), { from, to, port, internet }] as const)));
}
