/** The picture's nodes and edges, from the paths that the verdicts carry. */
import type { Step } from './paths/trace';
import type { VerdictKind } from './paths/verdict';
import type { PlaceVerdict, Topology, TopologyEdge, TopologyNode } from './result';

const EDGE: Readonly<Record<VerdictKind, TopologyEdge['kind']>> = { open: 'open', allowlisted: 'guarded', none: 'blocked', unknown: 'unknown' };

/** The worst of a place's verdicts is drawn on it: of two families, the one that gets further. */
const WORST: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

const INTERNET = 'internet';

export function topologyOf(verdicts: readonly PlaceVerdict[]): Topology {
  const nodes = new Map<string, TopologyNode>();
  const edges = new Map<string, TopologyEdge>();
  const join = (from: string, to: string, kind: TopologyEdge['kind']) => edges.set(`${kind}\n${from}\n${to}`, { from, to, kind });
  for (const verdict of verdicts) {
    const { place, input, verdict: kind, zone } = verdict;
    const known = nodes.get(place);
    if (!known?.verdict || WORST.indexOf(kind) < WORST.indexOf(known.verdict)) nodes.set(place, placeNode(verdict));
    let last = place;
    for (const step of verdict.witness ?? verdict.blocker?.path ?? []) {
      const id = hopId(input, step);
      if (!nodes.has(id)) nodes.set(id, { id, kind: step.kind, address: step.address, label: step.label ?? step.address, input, cloud: verdict.cloud, ...(zone === undefined ? {} : { zone }) });
      join(last, id, EDGE[kind]);
      last = id;
    }
    if (kind === 'open' || kind === 'allowlisted') {
      nodes.set(INTERNET, { id: INTERNET, kind: 'internet', label: INTERNET, input });
      join(last, INTERNET, EDGE[kind]);
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function placeNode({ place, input, cloud, zone, segment, tier, verdict }: PlaceVerdict): TopologyNode {
  return {
    id: place, kind: 'place', label: place, input, cloud, verdict,
    ...(zone === undefined ? {} : { zone }),
    ...(segment === undefined ? {} : { segment }),
    ...(tier === undefined ? {} : { tier }),
  };
}

/** One resource can be several hops: a subnet's route and its filter. */
function hopId(input: string, { kind, address, label }: Step): string {
  return [input, kind, address, label ?? ''].join(' ');
}
