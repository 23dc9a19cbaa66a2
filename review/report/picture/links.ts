/** The topology of one input without the filters that every packet passes. */
import type { HopKind } from '../../model/network-model';
import type { Step } from '../../paths/trace';
import type { Topology, TopologyEdge, TopologyNode } from '../../result';
import type { SegmentRow, Standing } from '../segment-rows';
import { tellingWay } from '../words';
import type { WayKind } from './picture';

/** From a segment's standing or a hop's id, to a hop, the internet, or where sight is lost. */
export interface Link {
  readonly from: { readonly row: number; readonly standing: number } | string;
  readonly to: TopologyNode | 'internet' | 'lost';
  readonly kind: WayKind | 'private';
}

type Graph = ReadonlyMap<string, readonly TopologyEdge[]>;

/** Kinds that a picture leaves out: what passes them is in the paths. */
const FILTERS: readonly (HopKind | 'place')[] = ['workload', 'group', 'acl', 'subnet', 'route', 'network-policy', 'place'];

/** Which edges tell the way of a verdict; blocked ways end at their segment. */
const TELLING: Readonly<Record<Standing['verdict'], readonly Link['kind'][]>> = {
  open: ['open', 'unknown', 'guarded', 'private'],
  unknown: ['unknown', 'guarded', 'private'],
  allowlisted: ['guarded', 'private'],
  none: ['private'],
};

export function linksOf(input: string, rows: readonly SegmentRow[], topology: Topology): readonly Link[] {
  const known = new Map(topology.nodes.map((node) => [node.id, node]));
  const own = (id: string) => known.get(id)?.input === input || known.get(id)?.kind === 'internet';
  const edges = topology.edges.filter(({ from, to }) => own(from) && own(to));
  const nodes = new Map(known);
  // A result without a picture of this input still has the paths of its verdicts.
  const graph = graphOf(edges.length > 0 ? edges : edgesOfPaths(input, rows, nodes));
  const links = new Map<string, Link>();
  const add = (link: Link) => links.set(JSON.stringify([link.from, typeof link.to === 'string' ? link.to : link.to.id, link.kind]), link);
  const met = new Set<string>();
  const queue: string[] = [];
  const targets = contraction(graph, nodes);
  const follow = (from: Link['from'], id: string, kind: Link['kind']): boolean => {
    const next = targets(id, kind);
    for (const to of next) {
      add({ from, to, kind });
      if (typeof to === 'string' || met.has(`${kind} ${to.id}`)) continue;
      met.add(`${kind} ${to.id}`);
      queue.push(`${kind} ${to.id}`);
    }
    return next.length > 0;
  };
  rows.forEach(({ standings }, row) => standings.forEach(({ verdict, verdicts, overshadowed }, standing) => {
    if (overshadowed && verdict === 'none') return;
    for (const { place } of verdicts) {
      for (const kind of TELLING[verdict]) {
        // A topology that forgets a way must not make it disappear.
        if (!follow({ row, standing }, place, kind) && kind === WAY_OF[verdict]) add({ from: { row, standing }, to: kind === 'unknown' ? 'lost' : 'internet', kind });
      }
    }
  }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const kind = next.slice(0, next.indexOf(' ')) as Link['kind'];
    const id = next.slice(kind.length + 1);
    follow(id, id, kind);
  }
  return [...links.values()];
}

/** The next hops that a picture shows, by edges of one kind, through any number of filters. Each is found once. */
function contraction(graph: Graph, nodes: ReadonlyMap<string, TopologyNode>): (id: string, kind: Link['kind']) => readonly Link['to'][] {
  const found = new Map<string, readonly Link['to'][]>();
  const search = (id: string, kind: Link['kind']): readonly Link['to'][] => {
    const targets = new Map<string, Link['to']>();
    const seen = new Set([id]);
    const open = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const out = (graph.get(at) ?? []).filter((edge) => edge.kind === kind);
      if (out.length === 0 && at !== id && kind === 'unknown') targets.set('lost', 'lost');
      for (const { to } of out) {
        const node = nodes.get(to);
        if (!node || seen.has(to)) continue;
        seen.add(to);
        if (node.kind === 'internet') targets.set('internet', 'internet');
        else if (FILTERS.includes(node.kind)) open.push(to);
        else targets.set(to, node);
      }
    }
    // A way of unknown end that was at a hop already ends there.
    const isHop = !FILTERS.includes(nodes.get(id)?.kind ?? 'place');
    return targets.size === 0 && kind === 'unknown' && isHop ? ['lost'] : [...targets.values()];
  };
  return (id, kind) => {
    const key = `${kind} ${id}`;
    const targets = found.get(key) ?? search(id, kind);
    found.set(key, targets);
    return targets;
  };
}

function graphOf(edges: readonly TopologyEdge[]): Graph {
  const graph = new Map<string, TopologyEdge[]>();
  for (const edge of edges) {
    const out = graph.get(edge.from);
    if (out) out.push(edge);
    else graph.set(edge.from, [edge]);
  }
  return graph;
}

const WAY_OF = { open: 'open', unknown: 'unknown', allowlisted: 'guarded', none: 'blocked' } as const;

function edgesOfPaths(input: string, rows: readonly SegmentRow[], nodes: Map<string, TopologyNode>): readonly TopologyEdge[] {
  const edges = new Map<string, TopologyEdge>();
  nodes.set('internet', { id: 'internet', kind: 'internet', label: 'internet', input });
  for (const verdict of rows.flatMap(({ standings }) => standings.flatMap(({ verdicts }) => verdicts))) {
    const { steps, end } = tellingWay(verdict);
    const hops = steps.filter(({ kind }) => !FILTERS.includes(kind));
    const idOf = ({ kind, address }: Step) => `${kind} ${address}`;
    for (const hop of hops) nodes.set(idOf(hop), { id: idOf(hop), kind: hop.kind, address: hop.address, label: hop.label ?? hop.address, input });
    const stops = [verdict.place, ...hops.map(idOf), ...(end === 'internet' ? ['internet'] : [])];
    stops.slice(1).forEach((to, index) => {
      const edge = { from: stops[index] as string, to, kind: WAY_OF[verdict.verdict] };
      edges.set(JSON.stringify(edge), edge);
    });
  }
  return [...edges.values()];
}
