/** The picture's nodes and edges, from the paths that the verdicts carry. */
import { privateTopology, type PrivateReach } from './endpoints/topology';
import { RecentTails } from './paths/recent-tails';
import type { Step } from './paths/trace';
import type { VerdictKind } from './paths/verdict';
import type { PlaceVerdict, Topology, TopologyEdge, TopologyNode } from './result';

const EDGE: Readonly<Record<VerdictKind, TopologyEdge['kind']>> = { open: 'open', allowlisted: 'guarded', none: 'blocked', unknown: 'unknown' };

/** The worst of a place's verdicts is drawn on it: of two families, the one that gets further. */
const WORST: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

const INTERNET = 'internet';

export function topologyOf(verdicts: readonly PlaceVerdict[], reaches: readonly PrivateReach[] = []): Topology {
  const drawing = new Drawing();
  // Paths share their steps: what a step is called, and that two of them are joined, is worked out once.
  let numbers = new Map<Step, number>();
  let recent = new RecentTails();
  let inputOfSteps: string | undefined;
  for (const verdict of verdicts) {
    const { place, input, verdict: kind, zone, cloud } = verdict;
    if (input !== inputOfSteps) {
      numbers = new Map();
      recent = new RecentTails();
      inputOfSteps = input;
    }
    let last = drawing.number(place);
    const known = drawing.nodes[last]?.verdict;
    if (known === undefined || WORST.indexOf(kind) < WORST.indexOf(known)) drawing.nodes[last] = placeNode(verdict);
    const path = verdict.witness ?? verdict.blocker?.path ?? [];
    // Behind its first two steps such a path was drawn a moment ago.
    const isDrawn = recent.has(path, kind);
    for (let at = 0; at < (isDrawn ? 2 : path.length); at += 1) {
      const step = path[at] as Step;
      // The first step is each place's own.
      let number = at === 0 ? undefined : numbers.get(step);
      if (number === undefined) {
        const id = hopId(input, step);
        number = drawing.number(id);
        drawing.nodes[number] ??= { id, kind: step.kind, address: step.address, label: step.label ?? step.address, input, cloud, ...(zone === undefined ? {} : { zone }) };
        if (at > 0) numbers.set(step, number);
      }
      drawing.join(last, number, EDGE[kind]);
      last = number;
    }
    if (!isDrawn && (kind === 'open' || kind === 'allowlisted')) drawing.join(last, drawing.put({ id: INTERNET, kind: 'internet', label: INTERNET, input }), EDGE[kind]);
  }
  for (const reach of reaches) {
    const privately = privateTopology(reach);
    for (const node of privately.nodes) drawing.put(node);
    for (const { from, to, kind } of privately.edges) drawing.join(drawing.number(from), drawing.number(to), kind);
  }
  return drawing.done();
}

const EDGE_KINDS: readonly TopologyEdge['kind'][] = ['open', 'guarded', 'blocked', 'unknown', 'private'];
/** More nodes than a result can hold. */
const MOST_NODES = 2 ** 24;

/** Nodes and edges, each once, in the order in which they came. Ids are long and numbers are not: edges are told apart by the latter. */
class Drawing {
  private readonly numbers = new Map<string, number>();
  private readonly ids: string[] = [];
  /** By number; undefined for an id that only edges have. */
  readonly nodes: (TopologyNode | undefined)[] = [];
  private readonly joined = new Set<number>();
  private readonly edges: TopologyEdge[] = [];

  number(id: string): number {
    let number = this.numbers.get(id);
    if (number === undefined) {
      this.numbers.set(id, (number = this.ids.length));
      this.ids.push(id);
      this.nodes.push(undefined);
    }
    return number;
  }

  /** A node, or another for its id. */
  put(node: TopologyNode): number {
    const number = this.number(node.id);
    this.nodes[number] = node;
    return number;
  }

  join(from: number, to: number, kind: TopologyEdge['kind']): void {
    const key = (from * EDGE_KINDS.length + EDGE_KINDS.indexOf(kind)) * MOST_NODES + to;
    if (this.joined.has(key)) return;
    this.joined.add(key);
    this.edges.push({ from: this.ids[from] as string, to: this.ids[to] as string, kind });
  }

  done(): Topology {
    return { nodes: this.nodes.filter((node) => node !== undefined), edges: this.edges };
  }
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
  return `${input} ${kind} ${address} ${label ?? ''}`;
}
