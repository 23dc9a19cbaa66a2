/** What connections of before reach that are written otherwise: a block within a block, a port of all. */
import { addressesOf, addressRange } from '../model/addresses';
import type { Connection } from '../model/kubernetes/connections';
import { includes, subtract, type Ranges } from '../model/ranges';

/** One way out, on one port. */
interface Cell {
  readonly to: string;
  readonly port: string;
}

/** @param known of one caller, and of nobody that the input does not tell */
export function isReached({ to, port }: Cell, known: readonly Connection[]): boolean {
  const own = blocksOf(to);
  return known.some((each) => each.internet && each.by !== 'unknown' && each.ports.some((other) => isWider(other, port)) && (each.to === 'anything' || each.to === to || (own !== undefined && isWithin(own, blocksOf(each.to)))));
}

function isWider(ports: string, port: string): boolean {
  if (ports === port || ports === 'any') return true;
  const [[protocol, span = ''], [own, wanted = '']] = [ports.split('/'), port.split('/')] as [string[], string[]];
  if (protocol !== own || wanted === 'any') return false;
  const [from, last] = spanOf(span);
  const [first, end] = spanOf(wanted);
  return from <= first && end <= last;
}

function spanOf(text: string): readonly [number, number] {
  if (text === 'any') return [0, 65_535];
  const [from, to = from] = text.split('-').map(Number) as [number, number?];
  return [from, to as number];
}

interface Blocks {
  readonly family: 4 | 6;
  readonly ranges: Ranges;
}

/** `8.0.0.0/8 but 8.8.0.0/16`; undefined for what is no addresses. */
function blocksOf(text: string): Blocks | undefined {
  const [all = '', except = ''] = text.split(' but ');
  const family = addressRange(all.split(', ')[0] as string)?.family;
  if (family === undefined) return undefined;
  return { family, ranges: subtract(addressesOf(all.split(', '), family), except === '' ? [] : addressesOf(except.split(', '), family)) };
}

function isWithin(own: Blocks, other: Blocks | undefined): boolean {
  return other !== undefined && own.family === other.family && includes(other.ranges, own.ranges);
}
