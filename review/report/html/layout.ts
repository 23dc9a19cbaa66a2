/** Lays the hops out and routes the ways between them, with the Eclipse Layout Kernel. */
import ELK, { type ElkExtendedEdge, type ElkNode, type ElkPort } from 'elkjs/lib/elk.bundled.js';
import { WAY_KINDS, type Picture, type PictureWay } from '../picture/picture';
import { count } from '../words';
import type { GridTable } from './table';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface RoutedWay {
  readonly way: PictureWay;
  readonly points: readonly Point[];
}

/** Where everything right of the table is. The origin is the table's upper left corner. */
export interface Layout {
  readonly hops: ReadonlyMap<number, Box>;
  readonly lost?: Box;
  /** The left edge of the internet, which is as tall as whoever draws it likes; absent when nothing arrives. */
  readonly internet?: number;
  readonly ways: readonly RoutedWay[];
  readonly width: number;
  readonly height: number;
  /** How far above the table something was placed; zero or less. */
  readonly top: number;
}

const HOP = { width: 168, height: 62 } as const;
const LOST = 30;
/** One for each way that arrives, so that it arrives straight: room for its words. */
const ARRIVAL = { width: 90, height: 18 } as const;

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.nodeNodeBetweenLayers': '44',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  // Segments are in a fixed order, so the order of what they lead to is known, too; left to itself the layout may turn it over.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.crossingMinimization.forceNodeModelOrder': 'true',
  'elk.randomSeed': '1',
};

/** @param tableWidth where the table ends and ways begin */
export async function layOut(picture: Picture, table: GridTable, tableWidth: number): Promise<Layout> {
  const { ways, hops } = picture;
  if (ways.length === 0) return { hops: new Map(), ways: [], width: tableWidth, height: table.height, top: 0 };
  const arrivals = ways.filter(({ to }) => to === 'internet');
  const hasLost = ways.some(({ to }) => to === 'lost');
  const graph: ElkNode = {
    id: 'picture',
    layoutOptions: OPTIONS,
    children: [
      { id: 'table', width: tableWidth, height: table.height, ports: tablePorts(ways, table, tableWidth), layoutOptions: { 'elk.portConstraints': 'FIXED_POS', 'elk.layered.layering.layerConstraint': 'FIRST' } },
      // In the order of the segments that they serve.
      ...[...hops].sort((a, b) => middle(a.rows) - middle(b.rows)).map(({ id }) => ({ id: `h${id}`, ...HOP, ports: hopPorts(id, ways), layoutOptions: { 'elk.portConstraints': 'FIXED_ORDER' } })),
      ...(hasLost ? [{ id: 'lost', width: LOST, height: LOST }] : []),
      ...[...arrivals].sort((a, b) => middle(a.rows) - middle(b.rows)).map((way) => ({ id: arrivalOf(way), ...ARRIVAL, layoutOptions: { 'elk.layered.layering.layerConstraint': 'LAST' } })),
    ],
    edges: ways.map((way, index): ElkExtendedEdge => ({ id: `w${index}`, sources: [sourcePort(way)], targets: [targetPort(way)] })),
  };
  const done = await new ELK().layout(graph);
  const boxes = new Map((done.children ?? []).map((node) => [node.id, boxOf(node)]));
  // The table has its place already: everything else moves with it.
  const { x, y } = boxes.get('table') as Box;
  const moved = (point: Point): Point => ({ x: point.x - x, y: point.y - y });
  const box = (id: string): Box | undefined => {
    const found = boxes.get(id);
    return found && { ...found, ...moved(found) };
  };
  const lost = box('lost');
  const internet = arrivals[0] && box(arrivalOf(arrivals[0]))?.x;
  return {
    hops: new Map(hops.map(({ id }) => [id, box(`h${id}`) as Box])),
    ...(lost ? { lost } : {}),
    ...(internet === undefined ? {} : { internet }),
    ways: ways.map((way, index) => ({ way, points: pointsOf(done.edges?.[index]).map(moved) })),
    width: (done.width ?? 0) - x,
    height: (done.height ?? 0) - y,
    top: -y,
  };
}

/** `12 hosts`, `anything`, `unknown`: what comes to the internet by a way. */
export function arrivalWords({ kind, hosts }: PictureWay): string {
  return kind === 'guarded' ? count(hosts, 'host') : kind === 'open' ? 'anything' : 'unknown';
}

function tablePorts(ways: readonly PictureWay[], table: GridTable, tableWidth: number): ElkPort[] {
  const ports = new Map<string, ElkPort>();
  for (const way of ways) {
    if (!('row' in way.from)) continue;
    const { row, standing } = way.from;
    const id = sourcePort(way);
    const pill = table.rows[row]?.pills.find(({ index }) => index === standing);
    const kinds = WAY_KINDS.filter((kind) => ways.some(({ from, kind: other }) => other === kind && 'row' in from && from.row === row && from.standing === standing));
    const shift = (kinds.indexOf(way.kind) - (kinds.length - 1) / 2) * 8;
    ports.set(id, { id, width: 0, height: 0, x: tableWidth, y: (pill?.y ?? 0) + shift, layoutOptions: { 'elk.port.side': 'EAST' } });
  }
  return [...ports.values()];
}

/** One port for each kind of way in and out, so that ways of one kind run together and those of two kinds do not. */
function hopPorts(hop: number, ways: readonly PictureWay[]): ElkPort[] {
  const ids = new Map<string, 'EAST' | 'WEST'>();
  for (const way of ways) {
    if (way.to === hop) ids.set(targetPort(way), 'WEST');
    if ('hop' in way.from && way.from.hop === hop) ids.set(sourcePort(way), 'EAST');
  }
  // The worst kind on top on both sides, so that ways go through a hop without crossing. ELK counts clockwise.
  return [...ids].map(([id, side]) => {
    const rank = WAY_KINDS.findIndex((kind) => id.endsWith(`-${kind}`));
    return port(id, side, side === 'EAST' ? rank : 2 * WAY_KINDS.length - rank);
  });
}

function port(id: string, side: 'EAST' | 'WEST', index = 0): ElkPort {
  return { id, width: 0, height: 0, layoutOptions: { 'elk.port.side': side, 'elk.port.index': String(index) } };
}

function sourcePort({ from, kind }: PictureWay): string {
  return 'row' in from ? `r${from.row}s${from.standing}-${kind}` : `h${from.hop}-out-${kind}`;
}

function targetPort(way: PictureWay): string {
  if (way.to === 'lost') return 'lost';
  return way.to === 'internet' ? arrivalOf(way) : `h${way.to}-in-${way.kind}`;
}

function arrivalOf(way: PictureWay): string {
  return `internet-${sourcePort(way)}`;
}

function middle(rows: readonly number[]): number {
  return rows.reduce((sum, row) => sum + row, 0) / Math.max(1, rows.length);
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: ElkNode): Box {
  return { x, y, width, height };
}

function pointsOf(edge: ElkExtendedEdge | undefined): readonly Point[] {
  const [section] = edge?.sections ?? [];
  return section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
}
