/**
 * One form for the same packets: boxes that do not overlap, as few as there are different sets of
 * addresses per protocol, or of ports where that is far less. Without it every filter on a way would cut the boxes of the one before.
 */
import { append } from '../../append';
import { isSame as isSameSet, rangesOf, unionOf, type Range, type Ranges } from '../ranges';
import { IP_PROTOCOLS, type Box, type Traffic } from '../traffic';

export function compact(flow: Traffic): Traffic {
  if (isCompact(flow)) return flow;
  let found = compacted.get(flow);
  if (!found) {
    found = compute(flow);
    compacted.set(flow, found);
    compacted.set(found, found);
  }
  return found;
}

/** One box per protocol, in their order, is as few as there can be. */
function isCompact({ boxes }: Traffic): boolean {
  return boxes.every((box, index) => index === 0 || IP_PROTOCOLS.indexOf(box.protocol) > IP_PROTOCOLS.indexOf((boxes[index - 1] as Box).protocol));
}

const compacted = new WeakMap<Traffic, Traffic>();

/** As many ranges of addresses as boxes by ports may have before boxes by addresses are tried. */
const MANY = 1_000;

function compute(flow: Traffic): Traffic {
  const boxes = IP_PROTOCOLS.flatMap((protocol) => {
    const own = flow.boxes.filter((box) => box.protocol === protocol);
    return own.length < 2 ? own : smallest(own);
  });
  return { family: flow.family, boxes };
}

/**
 * By ports, as people think of them. A thousand rules that overlap in ports, each for other addresses, have a hundred times as
 * many ranges so as by addresses: then by these. How many there are depends on the packets alone, so that the form does, too.
 */
function smallest(own: readonly Box[]): readonly Box[] {
  const few = cutBy('ports', own, MANY);
  if (few) return few;
  const byAddresses = cutBy('destinations', own, 10 * MANY);
  const rest = byAddresses && 2 * byAddresses.reduce((sum, { ports }) => sum + ports.length, 0);
  return cutBy('ports', own, rest) ?? byAddresses ?? [];
}

const RECENT = 16;
const recent: Traffic[] = [];
let nextRecent = 0;

/** The same packets as one of the last few objects that are equal: groups and ACLs of one plan are often alike, and what is kept by object is then known again. */
export function recentLike(flow: Traffic): Traffic {
  const own = compact(flow);
  const known = recent.find((each) => isSame(each, own));
  if (known) return known;
  recent[nextRecent] = own;
  nextRecent = (nextRecent + 1) % RECENT;
  return own;
}

/** True for the same packets, both compact: what is compact has its boxes in one order. */
export function isSame(a: Traffic, b: Traffic): boolean {
  return a === b || (a.family === b.family && a.boxes.length === b.boxes.length && a.boxes.every((box, at) => isSameBox(box, b.boxes[at] as Box)));
}

function isSameBox(a: Box, b: Box): boolean {
  return a === b || (a.protocol === b.protocol && isSameSet(a.destinations, b.destinations) && isSameSet(a.ports, b.ports));
}

/** A key that is the same for the same packets. */
export function trafficKey(flow: Traffic): string {
  const own = compact(flow);
  let key = keys.get(own);
  if (key === undefined) keys.set(own, (key = print(own)));
  return key;
}

const keys = new WeakMap<Traffic, string>();

function print({ family, boxes }: Traffic): string {
  return `${family}|${boxes.map((box) => `${box.protocol} ${box.ports.join(';')} ${box.destinations.join(';')}`).sort().join('|')}`;
}

type Axis = 'ports' | 'destinations';

/** Cuts one side wherever a box begins or ends, and joins again what has the same on the other; undefined where that has more ranges. */
function cutBy(axis: Axis, boxes: readonly Box[], most = Infinity): readonly Box[] | undefined {
  const other = axis === 'ports' ? 'destinations' : 'ports';
  const begins = new Map<bigint, Box[]>();
  const ends = new Map<bigint, Box[]>();
  for (const box of boxes) for (const [from, to] of box[axis]) { append(begins, from, box); append(ends, to + 1n, box); }
  const edges = [...new Set([...begins.keys(), ...ends.keys()])].sort((a, b) => (a < b ? -1 : 1));
  const joined = new Map<string, { readonly others: Ranges; readonly own: Range[] }>();
  const inside = new Set<Box>();
  let size = 0;
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const from = edges[index] as bigint;
    for (const box of ends.get(from) ?? []) inside.delete(box);
    for (const box of begins.get(from) ?? []) inside.add(box);
    if (inside.size === 0) continue;
    const others = unionOf([...inside].map((box) => box[other]));
    const key = others.join(';');
    let known = joined.get(key);
    if (!known) {
      size += others.length;
      if (size > most) return undefined;
      joined.set(key, (known = { others, own: [] }));
    }
    known.own.push([from, (edges[index + 1] as bigint) - 1n]);
  }
  const protocol = (boxes[0] as Box).protocol;
  return [...joined.values()].map(({ others, own }) => (axis === 'ports' ? { protocol, ports: rangesOf(own), destinations: others } : { protocol, ports: others, destinations: rangesOf(own) }));
}
