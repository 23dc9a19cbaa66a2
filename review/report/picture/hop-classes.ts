/** Hops that do the same thing, put together: a NAT per zone is one box. */
import type { HopKind } from '../../model/network-model';
import type { TopologyNode } from '../../result';
import type { Link } from './links';

export interface HopClass {
  readonly id: number;
  readonly kind: HopKind;
  readonly nodes: readonly TopologyNode[];
  readonly zones: readonly string[];
  readonly rows: readonly number[];
  readonly hosts: number;
}

export interface HopClasses {
  /** On a way to the internet. */
  readonly hops: readonly HopClass[];
  /** The class of each hop on a way, by the hop's id. */
  readonly classOf: ReadonlyMap<string, number>;
}

/** Two hops are alike when they are of one kind and lead to hops that are alike. */
export function classesOf(links: readonly Link[]): HopClasses {
  const onWays = hopsOf(links.filter(({ kind }) => kind !== 'private'));
  const next = new Map<string, Set<string>>();
  for (const { from, to, kind } of links) {
    if (typeof from !== 'string' || kind === 'private') continue;
    const ends = next.get(from) ?? new Set<string>();
    ends.add(typeof to === 'string' ? to : to.id);
    next.set(from, ends);
  }
  const signatures = new Map<string, string>();
  const signature = (id: string, above: ReadonlySet<string>): string => {
    const node = onWays.get(id);
    if (!node) return id;
    const known = signatures.get(id);
    if (known !== undefined) return known;
    if (above.has(id)) return `circle ${node.kind}`;
    const inside = new Set(above).add(id);
    const ends = [...new Set([...(next.get(id) ?? [])].map((end) => signature(end, inside)))].sort();
    const own = `${node.kind}(${ends.join()})`;
    signatures.set(id, own);
    return own;
  };
  const groups = grouped([...onWays.values()], ({ id }) => signature(id, new Set()));
  const hops = groups.map(classOf);
  return { hops, classOf: new Map(groups.flatMap((nodes, index) => nodes.map(({ id }) => [id, index] as const))) };
}

function classOf(nodes: readonly TopologyNode[], id: number): HopClass {
  const zones = [...new Set(nodes.flatMap(({ zone }) => (zone === undefined ? [] : [zone])))].sort();
  return { id, kind: (nodes[0] as TopologyNode).kind as HopKind, nodes, zones, rows: [], hosts: 0 };
}

function hopsOf(links: readonly Link[]): ReadonlyMap<string, TopologyNode> {
  return new Map(links.flatMap(({ to }) => (typeof to === 'string' ? [] : [[to.id, to] as const])));
}

/** In the order of the first of each, which is the order of the ids. */
function grouped(nodes: readonly TopologyNode[], keyOf: (node: TopologyNode) => string): readonly (readonly TopologyNode[])[] {
  const groups = new Map<string, TopologyNode[]>();
  for (const node of [...nodes].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    const key = keyOf(node);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return [...groups.values()];
}
