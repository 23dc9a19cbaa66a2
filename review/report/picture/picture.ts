/**
 * What the zero-egress diagram shows of one input, before anybody lays it out: segments, the hops
 * that decide, and the ways between them.
 *
 * It stays small however big the plan is. Hops that do the same (a NAT per zone, all leading to one
 * gateway) are one; filters that every packet passes (groups, ACLs, route tables) are left to the
 * paths in the details.
 */
import type { HopKind } from '../../model/network-model';
import type { ReviewResult, TopologyNode } from '../../result';
import { segmentRows, type SegmentRow } from '../segment-rows';
import { hostWords } from '../words';
import { classesOf } from './hop-classes';
import { linksOf, type Link } from './links';
import { reachedPrivately, type PrivateHop } from './reached-privately';

export type WayKind = 'open' | 'unknown' | 'guarded';

/** The worst first. */
export const WAY_KINDS: readonly WayKind[] = ['open', 'unknown', 'guarded'];

/** Hops that do the same, as one. */
export interface PictureHop {
  /** Unique within the picture, from 0 up. */
  readonly id: number;
  readonly kind: HopKind;
  readonly nodes: readonly TopologyNode[];
  /** Sorted. */
  readonly zones: readonly string[];
  /** Hosts that guarded ways through it lead to. */
  readonly hosts: number;
  /** Indices of the segments whose ways pass it. */
  readonly rows: readonly number[];
}

/** A way from a segment to a hop, from hop to hop, or onto the internet. */
export interface PictureWay {
  readonly from: { readonly row: number; readonly standing: number } | { readonly hop: number };
  readonly to: number | 'internet' | 'lost';
  readonly kind: WayKind;
  readonly rows: readonly number[];
  /** Hosts that it leads to, when it is guarded. */
  readonly hosts: number;
}

export interface Picture {
  readonly input: string;
  readonly rows: readonly SegmentRow[];
  readonly hops: readonly PictureHop[];
  readonly ways: readonly PictureWay[];
  /** What is reached without the internet, by name. */
  readonly privately: readonly PrivateHop[];
}

/** One per input, in the result's order. */
export function pictures(result: ReviewResult, rows: readonly SegmentRow[] = segmentRows(result)): readonly Picture[] {
  return result.inputs.map(({ name }) => pictureOf(name, rows.filter((row) => row.input === name), result));
}

function pictureOf(input: string, rows: readonly SegmentRow[], result: ReviewResult): Picture {
  const links = linksOf(input, rows, result.topology);
  const classes = classesOf(links);
  const hosts = rows.map((row) => row.standings.map((standing) => standing.hosts.map(hostWords)));
  const ways = joined(links, classes.classOf);
  const flows = flowsOf(ways, hosts);
  const rowsOf = (hop: number) => [...new Set(WAY_KINDS.flatMap((kind) => [...(flows.get(`${hop} ${kind}`)?.rows ?? [])]))].sort((a, b) => a - b);
  return {
    input,
    rows,
    hops: classes.hops.map((hop) => ({ ...hop, rows: rowsOf(hop.id), hosts: flows.get(`${hop.id} guarded`)?.hosts.size ?? 0 })),
    ways: ways.map((way) => {
      const flow = 'row' in way.from ? undefined : flows.get(`${way.from.hop} ${way.kind}`);
      const ownHosts = 'row' in way.from ? (hosts[way.from.row]?.[way.from.standing] ?? []) : [];
      const ownRows = 'row' in way.from ? [way.from.row] : [...(flow?.rows ?? [])].sort((a, b) => a - b);
      return { ...way, rows: ownRows, hosts: way.kind === 'guarded' ? new Set(flow?.hosts ?? ownHosts).size : 0 };
    }),
    privately: reachedPrivately(links, classes.hops.length, new Set(classes.classOf.keys()), unreached(input, result)),
  };
}

const aloneByResult = new WeakMap<ReviewResult, readonly TopologyNode[]>();

/** Endpoints that nothing leads to. A hop has an edge; only an endpoint that nobody reaches has none. */
function unreached(input: string, result: ReviewResult): readonly TopologyNode[] {
  let alone = aloneByResult.get(result);
  if (!alone) {
    const touched = new Set(result.topology.edges.flatMap(({ from, to }) => [from, to]));
    aloneByResult.set(result, (alone = result.topology.nodes.filter(({ id, kind }) => kind === 'endpoint' && !touched.has(id))));
  }
  return alone.filter((node) => node.input === input);
}

type BareWay = Pick<PictureWay, 'from' | 'to' | 'kind'>;

/** Ways between classes, each once, without those from a class to itself. */
function joined(links: readonly Link[], classOf: ReadonlyMap<string, number>): readonly BareWay[] {
  const ways = new Map<string, BareWay>();
  for (const { from, to, kind } of links) {
    if (kind === 'private') continue;
    const source = typeof from === 'string' ? { hop: classOf.get(from) as number } : from;
    const target = to === 'internet' || to === 'lost' ? to : (classOf.get(to.id) as number);
    if ('hop' in source && source.hop === target) continue;
    ways.set(JSON.stringify([source, target, kind]), { from: source, to: target, kind });
  }
  return [...ways.values()];
}

interface Flow {
  readonly rows: Set<number>;
  readonly hosts: Set<string>;
}

/** Which segments, and by how many hosts, come through each hop by each kind of way. */
function flowsOf(ways: readonly BareWay[], hosts: readonly (readonly (readonly string[])[])[]): ReadonlyMap<string, Flow> {
  const flows = new Map<string, Flow>();
  const flowAt = (hop: number, kind: WayKind): Flow => {
    const key = `${hop} ${kind}`;
    const flow = flows.get(key) ?? { rows: new Set<number>(), hosts: new Set<string>() };
    flows.set(key, flow);
    return flow;
  };
  // Until nothing new arrives anywhere; sets only grow, so it ends even where ways lead in a circle.
  for (let grown = true; grown;) {
    grown = false;
    for (const { from, to, kind } of ways) {
      if (typeof to !== 'number') continue;
      const flow = flowAt(to, kind);
      const before = flow.rows.size + flow.hosts.size;
      if ('row' in from) {
        flow.rows.add(from.row);
        hosts[from.row]?.[from.standing]?.forEach((host) => flow.hosts.add(host));
      } else {
        const source = flowAt(from.hop, kind);
        source.rows.forEach((row) => flow.rows.add(row));
        source.hosts.forEach((host) => flow.hosts.add(host));
      }
      grown ||= flow.rows.size + flow.hosts.size > before;
    }
  }
  return flows;
}
