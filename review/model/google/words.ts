/** Traffic in the words of messages. */
import { cidrsOf, INTERNET } from '../addresses';
import { packetsText } from '../ip-protocols';
import { includes, type Ranges } from '../ranges';
import { ALL_PORTS, IP_PROTOCOLS, type Box, type Traffic } from '../traffic';

/** `anything on the internet`, or `tcp/443 to 8.8.8.8/32`; the first few where there are many. */
export function describe(parts: readonly Traffic[]): string {
  const texts = [...new Set(parts.flatMap(words))];
  return texts.length > 3 ? `${texts.slice(0, 3).join(', ')}, …` : texts.join(', ') || 'the internet';
}

const LISTENED: Ranges = [[1n, 65535n]];

const kept = new WeakMap<Traffic, readonly string[]>();

function words(flow: Traffic): readonly string[] {
  let found = kept.get(flow);
  if (!found) kept.set(flow, (found = wordsOf(flow)));
  return found;
}

function wordsOf({ family, boxes }: Traffic): readonly string[] {
  const isAll = IP_PROTOCOLS.every((protocol) => boxes.some((box) => box.protocol === protocol && isEveryPort(box)));
  if (isAll) return ['anything'];
  return boxes.map((box) => {
    const most = includes(box.destinations, INTERNET[family]);
    const cidrs = most ? [] : cidrsOf(box.destinations, family);
    const to = most || cidrs.length > 3 ? 'the internet' : cidrs.join(', ');
    return `${box.protocol === 'tcp' || box.protocol === 'udp' ? `${box.protocol}${portText(box)}` : packetsText(box)} to ${to}`;
  });
}

/** Nobody listens on port 0. */
function isEveryPort({ protocol, ports }: Box): boolean {
  return includes(ports, protocol === 'tcp' || protocol === 'udp' ? LISTENED : ALL_PORTS);
}

function portText(box: Box): string {
  if (isEveryPort(box)) return '';
  const { ports } = box;
  return `/${ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')}`;
}
