/**
 * What a plan says of a resource before the change, its prior state says once more, nearly always in the very
 * same words: such values are parsed once. Whether the words are the same is looked at, and not only supposed.
 */
import { isList, isObject, own, type Json } from './json';

/** Where values before a change stand: four numbers for each. */
const WIDTH = 4;

/** The changes of a plan that tell values before. */
export class ValuesBefore {
  /** Of each change: where its address begins, where its values before begin and end, and which of the list's entries it is. */
  private readonly noted: number[] = [];
  /** Nearly always both have the same order. */
  private next = 0;
  private byAddress: Map<string, number> | undefined;

  /** @param entries so many entries the list of changes has, each in brackets */
  constructor(private readonly bytes: Buffer, public entries = 0) {}

  note(address: number, from: number, to: number): void {
    this.noted.push(address, from, to, this.entries - 1);
  }

  /** @returns the change of the resource whose address stands there, with its quotation marks */
  of(start: number, end: number): number | undefined {
    const { next } = this;
    if (next < this.noted.length && this.isSame(this.noted[next] as number, start, end)) {
      this.next += WIDTH;
      return next;
    }
    const found = (this.byAddress ??= this.index()).get(this.bytes.toString('latin1', start, end));
    if (found !== undefined) this.next = found + WIDTH;
    return found;
  }

  /** @returns where the values end that begin at a place, if they are those before the change; and the entry */
  sameAt(change: number, at: number): readonly [end: number, entry: number] | undefined {
    const from = this.noted[change + 1] as number;
    const end = at + (this.noted[change + 2] as number) - from;
    return this.isSame(from, at, end) ? [end, this.noted[change + 3] as number] : undefined;
  }

  private isSame(from: number, start: number, end: number): boolean {
    const { bytes } = this;
    const to = from + end - start;
    return to <= bytes.length && end <= bytes.length && bytes[to - 1] === bytes[end - 1] && bytes.compare(bytes, start, end, from, to) === 0;
  }

  private index(): Map<string, number> {
    const found = new Map<string, number>();
    for (let at = 0; at < this.noted.length; at += WIDTH) {
      const start = this.noted[at] as number;
      found.set(this.bytes.toString('latin1', start, endOfText(this.bytes, start)), at);
    }
    return found;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function endOfText(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (; at < bytes.length && bytes[at] !== QUOTE; at += 1) if (bytes[at] === BACKSLASH) at += 1;
  return at + 1;
}

/**
 * Puts values into a state where the numbers of changes stand.
 *
 * @param entries see `ValuesBefore`
 * @throws RangeError where the changes are not those that were counted
 */
export function restoreBefore(state: Json, document: Json, entries: number): void {
  const changes = own(document, 'resource_changes');
  if (!isList(changes) || changes.length !== entries) throw new RangeError('entries without brackets');
  const visit = (module: Json | undefined): void => {
    const resources = own(module, 'resources');
    for (const resource of isList(resources) ? resources : []) {
      const number = own(resource, 'values');
      if (typeof number === 'string') (resource as { values?: Json }).values = own(own(changes[Number(number)], 'change'), 'before') as Json;
    }
    const modules = own(module, 'child_modules');
    if (isList(modules)) modules.forEach(visit);
  };
  const values = own(state, 'values');
  if (isObject(values)) visit(own(values, 'root_module'));
}
