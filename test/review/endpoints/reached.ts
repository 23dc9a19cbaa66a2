/** Who reaches which private endpoint, as a review's topology draws it. */
import { review } from '../../../review/review';
import { parsePlan } from '../../../review/plan/load';
import type { Topology } from '../../../review/result';
import { TODAY } from '../../fixtures/stacks';

/** Labels of endpoints by segment, or by place where there is none, each once and sorted; through groups. */
export function reachedIn({ nodes, edges }: Topology): Record<string, readonly string[]> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const privately = edges.filter(({ kind }) => kind === 'private');
  const found: Record<string, Set<string>> = {};
  const follow = (own: Set<string>, id: string): void => {
    const node = byId.get(id)!;
    if (node.members === undefined) own.add(node.label);
    else privately.filter(({ from }) => from === id).forEach(({ to }) => follow(own, to));
  };
  for (const node of nodes.filter(({ kind }) => kind === 'place')) {
    const own = (found[node.segment ?? node.id] ??= new Set());
    privately.filter(({ from }) => from === node.id).forEach(({ to }) => follow(own, to));
  }
  return Object.fromEntries(Object.entries(found).map(([who, labels]) => [who, [...labels].sort()]));
}

/** The same of a stack's JSON. */
export function reached(stack: unknown): Record<string, readonly string[]> {
  return reachedIn(review({ inputs: [parsePlan(JSON.stringify(stack), 'plan.json')], today: TODAY }).topology);
}
