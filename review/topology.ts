/** The picture's nodes and edges, from the paths that the verdicts carry. */
import { privateTopology, type PrivateReach } from './endpoints/topology';
import type { Step } from './paths/trace';
import type { VerdictKind } from './paths/verdict';
import type { PlaceVerdict, Topology, TopologyEdge, TopologyNode } from './result';

const EDGE: Readonly<Record<VerdictKind, TopologyEdge['kind']>> = { open: 'open', allowlisted: 'guarded', none: 'blocked', unknown: 'unknown' };

/** The worst of a place's verdicts is drawn on it: of two families, the one that gets further. */
const WORST: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

const INTERNET = 'internet';

export function topologyOf(verdicts: readonly PlaceVerdict[], reaches: readonly PrivateReach[] = []): Topology {
  const nodes = new Map<string, TopologyNode>();
  const edges = new Map<string, TopologyEdge>();
  const join = (from: string, to: string, kind: TopologyEdge['kind']) => edges.set(`${kind}\n${from}\n${to}`, { from, to, kind });
  // Paths share their steps: what a step is called, and that two of them are joined, is worked out once.
  let ids = new Map<Step, string>();
  let joined = new Map<Step, Map<Step, Set<TopologyEdge['kind']>>>();
  let inputOfIds: string | undefined;
  for (const verdict of verdicts) {
    const { place, input, verdict: kind, zone } = verdict;
    if (input !== inputOfIds) {
      ids = new Map();
      joined = new Map();
      inputOfIds = input;
    }
    const known = nodes.get(place);
    if (!known?.verdict || WORST.indexOf(kind) < WORST.indexOf(known.verdict)) nodes.set(place, placeNode(verdict));
    let last = place;
    let before: Step | undefined;
    for (const step of verdict.witness ?? verdict.blocker?.path ?? []) {
      let id = ids.get(step);
      if (id === undefined) ids.set(step, (id = hopId(input, step)));
      const isKnown = before !== undefined && isJoined(joined, before, step, EDGE[kind]);
      before = step;
      if (isKnown) {
        last = id;
        continue;
      }
      if (!nodes.has(id)) nodes.set(id, { id, kind: step.kind, address: step.address, label: step.label ?? step.address, input, cloud: verdict.cloud, ...(zone === undefined ? {} : { zone }) });
      join(last, id, EDGE[kind]);
      last = id;
    }
    if (kind === 'open' || kind === 'allowlisted') {
      nodes.set(INTERNET, { id: INTERNET, kind: 'internet', label: INTERNET, input });
      join(last, INTERNET, EDGE[kind]);
    }
  }
  for (const reach of reaches) {
    const privately = privateTopology(reach);
    for (const node of privately.nodes) nodes.set(node.id, node);
    for (const { from, to, kind } of privately.edges) join(from, to, kind);
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Whether two steps were joined before; from now on they are. */
function isJoined(joined: Map<Step, Map<Step, Set<TopologyEdge['kind']>>>, from: Step, to: Step, kind: TopologyEdge['kind']): boolean {
  let byTarget = joined.get(from);
  if (!byTarget) joined.set(from, (byTarget = new Map()));
  let kinds = byTarget.get(to);
  if (!kinds) byTarget.set(to, (kinds = new Set()));
  if (kinds.has(kind)) return true;
  kinds.add(kind);
  return false;
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
