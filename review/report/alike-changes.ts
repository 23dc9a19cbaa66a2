/** Changes that are the same for many: without segments a plan has one for each machine behind a firewall that lets a host more through. */
import { groupBy } from '../group-by';
import type { ReachChange } from '../result';
import { listed } from './words';

/** So many are told one by one, and named before the rest is counted. */
const FEW = 3;

/** One for all whom the same happens to, with the way of the first. What is told of some places of a segment stays as it is. */
export function alikeChanges(changes: readonly ReachChange[]): readonly ReachChange[] {
  const kinds = groupBy(changes.map((change, at) => ({ change, at })), ({ change, at }) => {
    const { change: kind, input, what, family, traffic, reasons, owner, reason, places } = change;
    return places ? String(at) : JSON.stringify([kind, input, what, family, traffic, reasons, owner, reason]);
  });
  return [...kinds.values()].flatMap((alike): readonly ReachChange[] => {
    const all = alike.map(({ change }) => change);
    return all.length <= FEW ? all : [{ ...(all[0] as ReachChange), who: listed(all.map(({ who }) => who), FEW) }];
  });
}
