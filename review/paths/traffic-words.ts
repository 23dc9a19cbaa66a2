/** Traffic in words: `tcp/443 to the internet`, `every protocol to 203.0.114.0/24`. */
import { cidrsOf, INTERNET, type Family } from '../model/addresses';
import { packetsText } from '../model/ip-protocols';
import { size, subtract, type Ranges } from '../model/ranges';
import { IP_PROTOCOLS, type Traffic } from '../model/traffic';

/** Blocks that are listed before the rest is counted. */
const MOST_BLOCKS = 4;

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
  const byDestination = new Map<string, Set<string>>();
  for (const { protocol, ports, destinations, service } of boxes) {
    const everywhere = destinationWords(destinations, family);
    const where = service === undefined ? everywhere : isNearlyAll(destinations, family) ? service : `${service} at ${everywhere}`;
    const what = (byDestination.get(where) ?? byDestination.set(where, new Set()).get(where)) as Set<string>;
    what.add(packetsText({ protocol, ports }));
  }
  return [...byDestination].map(([where, what]) => {
    const everything = ['tcp', 'udp', 'icmp', 'other protocols'].every((each) => what.has(each)) && what.size === IP_PROTOCOLS.length;
    return `${everything ? 'everything' : [...what].sort().join(', ')} to ${where}`;
  });
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
