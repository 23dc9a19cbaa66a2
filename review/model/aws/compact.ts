/**
 * One form for the same packets: boxes that do not overlap, as few as there are different sets of
 * addresses per protocol. Without it every filter on a way would cut the boxes of the one before.
 */
import { rangesOf, union, type Range, type Ranges } from '../ranges';
import { ALL_PORTS, IP_PROTOCOLS, type Box, type Traffic } from '../traffic';

export function compact(flow: Traffic): Traffic {
  if (flow.boxes.length < 2) return flow;
  let found = compacted.get(flow);
  if (!found) {
    found = isCompact(flow) ? flow : compute(flow);
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
    if (own.length < 2) return own;
    if (protocol === 'icmp' || protocol === 'other') return [{ protocol, ports: ALL_PORTS, destinations: union(...own.map((box) => box.destinations)) }];
    return byPorts(own);
  });
  return { family: flow.family, boxes };
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
    const destinations = inside.length === 1 ? (inside[0] as Box).destinations : union(...inside.map((box) => box.destinations));
    const key = destinations.join(';');
    const known = joined.get(key) ?? { destinations, ports: [] };
    known.ports.push([from, (edges[index + 1] as bigint) - 1n]);
    joined.set(key, known);
  }
  const protocol = (boxes[0] as Box).protocol;
  return [...joined.values()].map(({ destinations, ports }) => ({ protocol, ports: rangesOf(ports), destinations }));
}
