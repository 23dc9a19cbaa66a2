/** What a change opens and closes inside of a cluster. */
import type { Connection } from '../model/kubernetes/connections';
import { groupBy } from '../group-by';
import type { ConnectionChange } from '../result';
import { isReached } from './connection-cover';

/** Sorted by caller, callee, port. */
export function connectionChanges(input: string, before: readonly Connection[], after: readonly Connection[]): readonly ConnectionChange[] {
  const was = cells(before);
  const is = cells(after);
  const earlier = groupBy(before, ({ from }) => from);
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((key): readonly ConnectionChange[] => {
    const change = was.has(key) ? (is.has(key) ? undefined : 'closed') : 'opened';
    const cell = (was.get(key) ?? is.get(key)) as Cell;
    // The same in other words is no way out more: a block within one that was open, or a port of all.
    if (change === undefined || (change === 'opened' && cell.internet && isReached(cell, earlier.get(cell.from) ?? []))) return [];
    return [{ change, input, ...cell }];
  });
}

type Cell = Pick<ConnectionChange, 'from' | 'to' | 'port' | 'internet'>;

/** One entry per port, so that a port more is one change and not two. */
function cells(connections: readonly Connection[]): ReadonlyMap<string, Cell> {
  return new Map(connections.flatMap(({ from, to, ports, internet }) => ports.map((port) => [[from, to, port].join('\n'), { from, to, port, internet }] as const)));
}
