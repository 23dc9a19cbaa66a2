/** What segments reach without the internet, put together so that it fits a line or two. */
import { groupBy } from '../../group-by';
import type { TopologyNode } from '../../result';
import { count } from '../words';
import type { Link } from './links';
import type { PictureHop } from './picture';

/** Private endpoints that are shown as one. */
export interface PrivateHop extends PictureHop {
  /** `s3`, `s3 ×3`, `12 endpoints`. */
  readonly label: string;
}

/** Names that are told apart; with more, endpoints are counted by who reaches them. */
const MOST_NAMES = 14;

interface Reached {
  readonly node: TopologyNode;
  readonly rows: Set<number>;
}

/**
 * One per name, or, where there are many, one per set of segments. Endpoints that no segment reaches
 * are there, too, without rows.
 *
 * @param first number of the first of them
 * @param onWays hops that a way to the internet passes: these are drawn already
 * @param alone endpoints that nothing leads to
 */
export function reachedPrivately(links: readonly Link[], first: number, onWays: ReadonlySet<string>, alone: readonly TopologyNode[]): readonly PrivateHop[] {
  const reached = [...endpointsOf(links, alone)].filter(({ node }) => !onWays.has(node.id)).sort((a, b) => compare(a.node.id, b.node.id));
  const byName = groupBy(reached, ({ node }) => node.label);
  const groups = byName.size <= MOST_NAMES ? [...byName.values()] : [...groupBy(reached, ({ rows }) => rowsOf([...rows]).join()).values()];
  return groups.map(shown).sort((a, b) => Number(a.rows.length === 0) - Number(b.rows.length === 0) || compare(a.label, b.label)).map((hop, index) => ({ ...hop, id: first + index }));
}

function shown(each: readonly Reached[]): Omit<PrivateHop, 'id'> {
  const nodes = each.map(({ node }) => node);
  const { kind, label } = nodes[0] as TopologyNode;
  const isOneName = nodes.every((node) => node.label === label);
  return {
    kind: kind === 'place' ? 'endpoint' : kind,
    nodes,
    label: isOneName ? `${label}${nodes.length > 1 ? ` ×${nodes.length}` : ''}` : count(nodes.length, 'endpoint'),
    zones: [],
    rows: rowsOf(each.flatMap(({ rows }) => [...rows])),
    hosts: 0,
  };
}

/** Every endpoint once, with the segments that lead to it, be it through a group. */
function endpointsOf(links: readonly Link[], alone: readonly TopologyNode[]): Iterable<Reached> {
  const direct = new Map<string, Reached>();
  const ownOf = (node: TopologyNode): Reached => {
    const known = direct.get(node.id) ?? { node, rows: new Set<number>() };
    direct.set(node.id, known);
    return known;
  };
  const privately = links.flatMap(({ from, to, kind }) => (kind === 'private' && typeof to !== 'string' ? [{ from, to }] : []));
  for (const { from, to } of privately) if (typeof from !== 'string') ownOf(to).rows.add(from.row);
  for (const [group, members] of groupBy(privately.filter(({ from }) => typeof from === 'string'), ({ from }) => from as string)) {
    const rows = direct.get(group)?.rows ?? new Set<number>();
    direct.delete(group);
    for (const { to } of members) for (const row of rows) ownOf(to).rows.add(row);
  }
  alone.forEach(ownOf);
  return direct.values();
}

function rowsOf(rows: readonly number[]): readonly number[] {
  return [...new Set(rows)].sort((a, b) => a - b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
