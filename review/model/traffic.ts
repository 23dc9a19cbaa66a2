/** A set of packets: where to, which protocol, which ports. What filters and routes cut down hop by hop. */
import { INTERNET, type Family } from './addresses';
import { includes, intersect, isApart, isEmpty, NOTHING, rangesOf, size, subtract, unionOf, type Ranges } from './ranges';

/** `other` is every IP protocol that is none of the first three. */
export type IpProtocol = 'tcp' | 'udp' | 'icmp' | 'other';

export const IP_PROTOCOLS: readonly IpProtocol[] = ['tcp', 'udp', 'icmp', 'other'];

/** Every port of tcp and udp, every type and code of ICMP, every other protocol: see `Box.ports`. */
export const ALL_PORTS: Ranges = [[0n, 65535n]];

/** One protocol to some ports of some addresses. */
export interface Box {
  readonly protocol: IpProtocol;
  /** Of ICMP its types and codes, 256 x type + code; of `other` the protocols' numbers. No packet has a number above 255, but a set of all of them has. */
  readonly ports: Ranges;
  readonly destinations: Ranges;
  /** Who alone answers there, for every customer of theirs: addresses of a cloud's service that no plan tells. Default: everybody. */
  readonly service?: string;
}

/** What the name of a service begins with where it is a set of addresses that may have some in common with any other service. */
const TAG = 'the service tag ';

/** The service behind a tag of Azure's: `Storage` and `AzureCloud` are different tags, and have addresses in common. */
export function taggedService(tag: string): string {
  return `${TAG}${tag}`;
}

/** Whether nobody answers for both. */
function isOtherService({ service: one }: Box, { service: other }: Box): boolean {
  return one !== undefined && other !== undefined && one !== other && !one.startsWith(TAG) && !other.startsWith(TAG);
}

/** Of two boxes that have packets in common the one that says who answers, a tag after all else. */
function namedService(x: Box, y: Box): Box {
  return y.service === undefined || (x.service !== undefined && y.service.startsWith(TAG)) ? x : y;
}

/** Boxes of one family. They may overlap; an empty list is no packet at all. */
export interface Traffic {
  readonly family: Family;
  readonly boxes: readonly Box[];
}

/** Everything to a set of addresses. */
export function everythingTo(family: Family, destinations: Ranges): Traffic {
  return traffic(family, IP_PROTOCOLS.map((protocol) => ({ protocol, ports: ALL_PORTS, destinations })));
}

/** Everything to the internet: what a review starts with. */
export function everythingToInternet(family: Family): Traffic {
  return everythingTo(family, INTERNET[family]);
}

/** The same ports and addresses, whoever answers there: of what a rule may let through, for what surely is left when it does. */
export function ofAnybody({ family, boxes }: Traffic): Traffic {
  return { family, boxes: boxes.map(({ protocol, ports, destinations }) => ({ protocol, ports, destinations })) };
}

/** Drops empty boxes. */
export function traffic(family: Family, boxes: readonly Box[]): Traffic {
  return { family, boxes: boxes.filter((box) => !isEmpty(box.destinations) && !isEmpty(box.ports)) };
}

/**
 * The same, as one of some traffic that it may be equal to. Most filters and routes take all of
 * what comes or nothing: what they hand on is then known by its object wherever it goes.
 */
function trafficLike(family: Family, boxes: readonly Box[], ...known: readonly Traffic[]): Traffic {
  const made = traffic(family, boxes);
  return known.find((each) => each.family === family && each.boxes.length === made.boxes.length && each.boxes.every((box, index) => box === made.boxes[index])) ?? made;
}

/** A box with other ports and destinations; itself where they are its own. */
function boxLike(box: Box, ports: Ranges, destinations: Ranges): Box {
  return ports === box.ports && destinations === box.destinations ? box : box.service === undefined ? { protocol: box.protocol, ports, destinations } : { ...box, ports, destinations };
}

export function isNothing({ boxes }: Traffic): boolean {
  return boxes.length === 0;
}

/** The networks of a plan are alike: what was asked a moment ago is asked again. */
const REMEMBERED = 8;

/** Remembers the last answers, by the very objects. */
function keepingAnswers(compute: (a: Traffic, b: Traffic) => Traffic): (a: Traffic, b: Traffic) => Traffic {
  const asked: Traffic[] = [];
  const answers: Traffic[] = [];
  let next = 0;
  return (a, b) => {
    for (let at = 0; at < answers.length; at += 1) if (asked[2 * at] === a && asked[2 * at + 1] === b) return answers[at] as Traffic;
    const answer = compute(a, b);
    asked[2 * next] = a;
    asked[2 * next + 1] = b;
    answers[next] = answer;
    next = (next + 1) % REMEMBERED;
    return answer;
  };
}

/** What both let through. */
export const both = keepingAnswers((a, b) => {
  // Plain loops: a control of a thousand rules asks for millions of pairs, most of which have nothing in common.
  const boxes: Box[] = [];
  for (const x of a.boxes) for (const y of b.boxes) {
    if (x.protocol !== y.protocol || isOtherService(x, y)) continue;
    // Ports before addresses: there are few of them, and thousands of addresses may be.
    if (isApart(x.destinations, y.destinations)) continue;
    const ports = intersect(x.ports, y.ports);
    const destinations = isEmpty(ports) ? NOTHING : intersect(x.destinations, y.destinations);
    if (isEmpty(destinations)) continue;
    const named = namedService(x, y);
    boxes.push(ports === y.ports && destinations === y.destinations && named.service === y.service ? y : boxLike(named, ports, destinations));
  }
  return trafficLike(a.family, boxes, a, b);
});

/** What either lets through. */
export function either(family: Family, parts: readonly Traffic[]): Traffic {
  const filled = parts.filter((part) => part.boxes.length > 0);
  const [first] = filled;
  return filled.length === 1 && first?.family === family ? first : traffic(family, filled.flatMap((part) => part.boxes));
}

/** The same packets in fewer boxes: one for what has the same protocol and ports. */
export function joined(from: Traffic): Traffic {
  if (from.boxes.length < 2) return from;
  const merged = new Map<string, { protocol: IpProtocol; ports: Ranges; parts: Ranges[]; service?: string }>();
  for (const { protocol, ports, destinations, service } of from.boxes) {
    const key = `${protocol} ${ports.map(([a, b]) => `${a}-${b}`).join()}${service === undefined ? '' : ` ${service}`}`;
    const known = merged.get(key);
    if (known) known.parts.push(destinations);
    else merged.set(key, { protocol, ports, parts: [destinations], ...(service === undefined ? {} : { service }) });
  }
  if (merged.size === from.boxes.length) return from;
  return traffic(from.family, [...merged.values()].map(({ parts, ...box }) => ({ ...box, destinations: rangesOf(parts.flat()) })));
}

/**
 * The same packets in as few boxes as there are sets of ports that get to the same addresses; itself where that is not worth
 * the work. A hundred blocks that are taken out of one port, one after the other, leave a box each for all other ports.
 */
export function repacked(from: Traffic): Traffic {
  if (from.boxes.some(({ service }) => service !== undefined)) return from;
  const boxes = IP_PROTOCOLS.flatMap((protocol) => {
    const own = from.boxes.filter((box) => box.protocol === protocol);
    const byPorts = new Map<string, { readonly ports: Ranges; readonly parts: Ranges[] }>();
    for (const { ports, destinations } of own) {
      const key = ports.map(([a, b]) => `${a}-${b}`).join();
      const known = byPorts.get(key);
      if (known) known.parts.push(destinations);
      else byPorts.set(key, { ports, parts: [destinations] });
    }
    if (byPorts.size * 8 > own.length) return own;
    const sets = [...byPorts.values()].map(({ ports, parts }) => ({ ports, destinations: unionOf(parts) }));
    return alike(sets.map(({ ports }) => ports)).map(({ ports, of }): Box => ({ protocol, ports, destinations: unionOf(of.map((at) => (sets[at] as { readonly destinations: Ranges }).destinations)) }));
  });
  return boxes.length * 2 > from.boxes.length ? from : traffic(from.family, boxes);
}

/** Numbers that are in the very same ones of some sets, together. */
function alike(sets: readonly Ranges[]): readonly { readonly ports: Ranges; readonly of: readonly number[] }[] {
  const bounds = [...new Set(sets.flatMap((set) => set.flatMap(([from, to]) => [from, to + 1n])))].sort((a, b) => (a < b ? -1 : 1));
  const found = new Map<string, { readonly ranges: (readonly [bigint, bigint])[]; readonly of: readonly number[] }>();
  bounds.slice(0, -1).forEach((from, at) => {
    const of = sets.flatMap((set, index) => (includes(set, [[from, from]]) ? [index] : []));
    if (of.length === 0) return;
    const range = [from, (bounds[at + 1] as bigint) - 1n] as const;
    const known = found.get(of.join());
    if (known) known.ranges.push(range);
    else found.set(of.join(), { ranges: [range], of });
  });
  return [...found.values()].map(({ ranges, of }) => ({ ports: rangesOf(ranges), of }));
}

/** From so many boxes on it pays to look how they lie. */
const MANY = 16;

/** What of `a` is not in `b`. */
export const except = keepingAnswers((a, b) => {
  if (b.boxes.length > MANY && b.boxes.every(({ service }) => service === undefined)) return exceptMany(a, b);
  const left = cutBy(a.boxes, b.boxes);
  return left === a.boxes ? a : trafficLike(a.family, left, a);
});

/**
 * What of some traffic a filter does not take. Of thousands of boxes it may take thousands, and to cut these by each other is slow; to cut
 * by what the filter says leaves the same packets. @param taken what of the traffic is the filter's
 */
export function leftBehind(from: Traffic, filter: Traffic, taken: Traffic): Traffic {
  if (isNothing(taken)) return from;
  return except(from, filter.boxes.length < taken.boxes.length ? filter : taken);
}

function cutBy(boxes: readonly Box[], cuts: readonly Box[]): readonly Box[] {
  let left = boxes;
  for (const cut of cuts) {
    const next: Box[] = [];
    for (const box of left) {
      if (box.protocol !== cut.protocol || (cut.service !== undefined && cut.service !== box.service)) next.push(box);
      else cutBox(box, cut, next);
    }
    left = next;
  }
  return left;
}

function cutBox(box: Box, cut: Box, left: Box[]): void {
  const shared = isApart(box.destinations, cut.destinations) || isEmpty(intersect(box.ports, cut.ports)) ? NOTHING : intersect(box.destinations, cut.destinations);
  if (isEmpty(shared)) {
    left.push(box);
    return;
  }
  const destinations = subtract(box.destinations, shared);
  const ports = subtract(box.ports, cut.ports);
  if (!isEmpty(destinations)) left.push({ ...box, destinations });
  if (!isEmpty(ports)) left.push({ ...box, destinations: shared, ports });
}

/** The same at once for boxes that do not overlap in ports, or not in addresses: to cut by one after the other makes more pieces with each. */
function exceptMany(a: Traffic, b: Traffic): Traffic {
  const left = IP_PROTOCOLS.flatMap((protocol) => {
    const own = a.boxes.filter((box) => box.protocol === protocol);
    const cuts = b.boxes.filter((box) => box.protocol === protocol);
    if (own.length === 0 || cuts.length === 0) return own;
    const axis = (['ports', 'destinations'] as const).find((each) => areApart(cuts.map((cut) => cut[each])));
    if (!axis) return cutBy(own, cuts);
    const other = axis === 'ports' ? 'destinations' : 'ports';
    const all = unionOf(cuts.map((cut) => cut[axis]));
    return own.flatMap((box) => {
      const besides = subtract(box[axis], all);
      if (besides === box[axis]) return [box];
      const pieces = cuts.map((cut): Box => ({ ...box, [axis]: intersect(box[axis], cut[axis]), [other]: subtract(box[other], cut[other]) }));
      return [{ ...box, [axis]: besides }, ...pieces];
    });
  });
  return trafficLike(a.family, left, a);
}

/** Whether no number is in two of the sets. */
function areApart(sets: readonly Ranges[]): boolean {
  return size(unionOf(sets)) === sets.reduce((sum, set) => sum + size(set), 0n);
}

/** The part of it that goes to these addresses. */
export function towards(a: Traffic, destinations: Ranges): Traffic {
  return trafficLike(a.family, a.boxes.map((box) => boxLike(box, box.ports, intersect(box.destinations, destinations))), a);
}

/** Ports as a box wants them. */
export function ports(from: number, to = from): Ranges {
  return rangesOf([[BigInt(from), BigInt(to)]]);
}
