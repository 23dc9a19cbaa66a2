/** Traffic in words: `tcp/443 to the internet`, `every protocol to 203.0.114.0/24`. */
import { append } from '../append';
import { cidrsOf, INTERNET, type Family } from '../model/addresses';
import { packetsText } from '../model/ip-protocols';
import { includes, size, subtract, type Ranges } from '../model/ranges';
import { IP_PROTOCOLS, type Box, type Traffic } from '../model/traffic';

/** Blocks that are listed before the rest is counted. */
const MOST_BLOCKS = 4;

/** Beyond so many it takes too long to leave out what others say as well. */
const MOST_BOXES = 64;

/** What a platform keeps for itself is no more. */
export const FEW_ADDRESSES = 16n;

const kept = new WeakMap<Traffic, readonly string[]>();

/** One phrase per set of destinations. */
export function trafficWords(flow: Traffic): readonly string[] {
  let words = kept.get(flow);
  if (!words) kept.set(flow, (words = phrases(flow)));
  return words;
}

const whole = new WeakMap<Traffic, string>();
/** By the list, which many places share. */
const wholeLists = new WeakMap<readonly Traffic[], string>();

/** Every protocol, port and address, whatever the order of what says so; for comparing. */
export function trafficInFull(all: readonly Traffic[]): string {
  let text = wholeLists.get(all);
  if (text === undefined) wholeLists.set(all, (text = [...new Set(all.map(oneInFull))].sort().join('\n')));
  return text;
}

function oneInFull(flow: Traffic): string {
  let text = whole.get(flow);
  if (text === undefined) whole.set(flow, (text = boxesInFull(flow)));
  return text;
}

function boxesInFull({ family, boxes }: Traffic): string {
  const rangesText = (ranges: Ranges) => ranges.map(([from, to]) => `${from}-${to}`).join();
  return [...new Set(boxes.map(({ protocol, ports, destinations, service }) => `${protocol} ${rangesText(ports)} ${isNearlyAll(destinations, family) ? `internet ${family}` : rangesText(destinations)}${service === undefined ? '' : ` of ${service}`}`))].sort().join('\n');
}

/** An address that a platform keeps for itself is missing here and there: nobody would call the rest a list. */
function isNearlyAll(destinations: Ranges, family: Family): boolean {
  return size(subtract(INTERNET[family], destinations)) <= FEW_ADDRESSES;
}

function phrases({ family, boxes }: Traffic): readonly string[] {
  const byDestination = new Map<string, Box[]>();
  for (const box of boxes) {
    const everywhere = destinationWords(box.destinations, family);
    const where = box.service === undefined ? everywhere : isNearlyAll(box.destinations, family) ? box.service : `${box.service} at ${everywhere}`;
    append(byDestination, where, box);
  }
  return [...byDestination].map(([where, all]) => {
    const what = new Set((all.length > MOST_BOXES ? all : all.filter((box) => !all.some((other) => isPart(box, other)))).map(packetsText));
    const everything = ['tcp', 'udp', 'icmp', 'other protocols'].every((each) => what.has(each)) && what.size === IP_PROTOCOLS.length;
    return `${everything ? 'everything' : [...what].sort().join(', ')} to ${where}`;
  });
}

/** Two places of a segment let out some of the same. */
function isPart(box: Box, other: Box): boolean {
  return box.protocol === other.protocol && includes(other.ports, box.ports) && !includes(box.ports, other.ports);
}

function destinationWords(destinations: Ranges, family: Family): string {
  const internet = family === 4 ? 'the internet' : 'the IPv6 internet';
  if (isNearlyAll(destinations, family)) return internet;
  const blocks = cidrsOf(destinations, family);
  // A network with addresses of the internet, or a route to some of them, cuts the rest into many blocks.
  const missing = blocks.length > MOST_BLOCKS ? cidrsOf(subtract(INTERNET[family], destinations), family) : [];
  if (missing.length > 0 && missing.length <= MOST_BLOCKS) return `${internet} but ${missing.join(', ')}`;
  const more = blocks.length - MOST_BLOCKS;
  return `${blocks.slice(0, MOST_BLOCKS).join(', ')}${more > 0 ? ` and ${more} more blocks` : ''}`;
}
