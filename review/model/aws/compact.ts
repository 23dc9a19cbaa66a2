/**
 * One form for the same packets: boxes that do not overlap, as few as there are different sets of
 * addresses per protocol. Without it every filter on a way would cut the boxes of the one before.
 */
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

function compute(flow: Traffic): Traffic {
  const boxes = IP_PROTOCOLS.flatMap((protocol) => {
    const own = flow.boxes.filter((box) => box.protocol === protocol);
    return own.length < 2 ? own : byPorts(own);
  });
  return { family: flow.family, boxes };
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

/** Cuts the ports wherever a box begins or ends, and joins again what goes to the same addresses. */
function byPorts(boxes: readonly Box[]): readonly Box[] {
  const edges = [...new Set(boxes.flatMap((box) => box.ports.flatMap(([from, to]) => [from, to + 1n])))].sort((a, b) => (a < b ? -1 : 1));
  const joined = new Map<string, { destinations: Ranges; ports: Range[] }>();
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const from = edges[index] as bigint;
    const inside = boxes.filter((box) => box.ports.some(([first, last]) => first <= from && from <= last));
    if (inside.length === 0) continue;
    const destinations = inside.length === 1 ? (inside[0] as Box).destinations : unionOf(inside.map((box) => box.destinations));
    const key = destinations.join(';');
    const known = joined.get(key) ?? { destinations, ports: [] };
    known.ports.push([from, (edges[index + 1] as bigint) - 1n]);
    joined.set(key, known);
  }
  const protocol = (boxes[0] as Box).protocol;
  return [...joined.values()].map(({ destinations, ports }) => ({ protocol, ports: rangesOf(ports), destinations }));
}
