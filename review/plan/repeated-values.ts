/**
 * A plan says the same of many resources: which values are unknown, which are sensitive, and of what
 * stays as it is the values before and after. Such a text is parsed once, and the resources share
 * what it means, which saves half of a plan's changes and of their memory.
 */
import { isList, isObject, own, type Json } from './json';
import { behindBlanks, spells } from './spells';
import { ValuesBefore } from './values-before';

/** Instead of the number of a text: it is that of `before` in the same change. */
export const AS_BEFORE = -1;

/** The places of texts that are parsed once. */
export interface RepeatedTexts {
  /** Where a text begins and ends, and its number or `AS_BEFORE`: three numbers for each place, in the file's order. */
  readonly places: readonly number[];
  /** Where each text stands first: its beginning and its end, in the order of the numbers. */
  readonly texts: readonly number[];
  /** So many entries stand in brackets. */
  readonly entries: number;
}

const BEFORE = 'before';
const AFTER = 'after';
const KEYS = [BEFORE, AFTER, 'after_unknown', 'after_sensitive', 'before_sensitive'];
/** `resource_changes` is a list at depth 2 of objects at depth 3, whose `change` is an object at depth 4. */
const LIST = 2;
const ENTRY = 3;
const CHANGE = 4;
/** So many texts that a type has had are looked for. */
const REMEMBERED = 8;

const QUOTE = 0x22;
const OPEN = 0x7b;

/** Follows `resource_changes` through the brackets and keys of the text. */
export class RepeatedValues {
  private readonly places: number[] = [];
  private readonly texts: number[] = [];
  /** Numbers of texts by type, and by the place of the key among `KEYS`, the last one first. */
  private readonly known = new Map<string, number[][]>();
  /** Those of the entry's type. */
  private ofType: number[][] = [];
  private isStrange = false;
  private isFollowed = false;
  private isChange = false;
  /** The key whose value is open, and where it began. */
  private key = '';
  private from = -1;
  /** Where the last `before` of this change stands. */
  private before: readonly [from: number, to: number] | undefined;
  private hasBefore = false;
  readonly valuesBefore: ValuesBefore;
  /** Where the entry's address begins. */
  private address = -1;

  constructor(private readonly bytes: Buffer) {
    this.valuesBefore = new ValuesBefore(bytes);
  }

  /** @returns false for a bracket in which nothing matters; `close` then tells where it ends */
  open(depth: number, isBrace: boolean, at: number): boolean {
    if (depth === LIST) {
      this.isFollowed = !isBrace;
    } else if (depth === ENTRY) {
      this.isChange = false;
      this.address = -1;
      this.hasBefore = false;
      this.valuesBefore.entries += 1;
    } else if (depth === CHANGE) {
      this.isChange &&= isBrace;
      this.before = undefined;
      return this.isChange;
    } else if (this.from !== at) {
      this.from = -1;
    }
    return depth < CHANGE && this.isFollowed;
  }

  close(end: number): void {
    const { from, key } = this;
    if (from < 0) return;
    this.from = -1;
    if (key === BEFORE) {
      this.before = [from, end];
      if (this.address >= 0) this.valuesBefore.note(this.address, from, end);
    } else if (key !== AFTER) this.learn(this.numbersOf(key), from, end);
  }

  /**
   * A key with its quotation marks, and the place of the colon behind it.
   *
   * @returns the last place that needs no scanning: the colon's, or that of the end of a value that was there before
   */
  colon(depth: number, start: number, end: number, isEscaped: boolean, colon: number): number {
    if (!this.isFollowed || (depth !== ENTRY && depth !== CHANGE)) return colon;
    // `"after"` may be written `"\u0061fter"`.
    this.isStrange ||= isEscaped;
    if (depth === ENTRY) {
      this.isChange = spells(this.bytes, start, end, 'change');
      if (spells(this.bytes, start, end, 'address')) this.address = behindBlanks(this.bytes, colon);
      if (spells(this.bytes, start, end, 'type')) this.ofType = this.remembered(this.textBehind(colon));
      return colon;
    }
    if (!this.isChange) return colon;
    for (const key of KEYS) if (spells(this.bytes, start, end, key)) return this.value(key, behindBlanks(this.bytes, colon));
    return colon;
  }

  private value(key: string, at: number): number {
    const code = this.bytes[at];
    // A text would be taken for one of our numbers, and a second `before` for the one that was compared.
    this.isStrange ||= code === QUOTE || (key === BEFORE && this.hasBefore);
    this.hasBefore ||= key === BEFORE;
    if (code !== OPEN) return at - 1;
    const { before } = this;
    if (key === AFTER && before && this.isSame(before[0], before[1], at)) {
      const to = at + before[1] - before[0];
      this.places.push(at, to, AS_BEFORE);
      return to - 1;
    }
    if (key !== AFTER && key !== BEFORE) {
      const numbers = this.numbersOf(key);
      for (let rank = 0; rank < numbers.length; rank += 1) {
        const number = numbers[rank] as number;
        if (!this.isSame(this.texts[number * 2] as number, this.texts[number * 2 + 1] as number, at)) continue;
        if (rank > 0) numbers.unshift(...numbers.splice(rank, 1));
        return this.repeat(number, at);
      }
    }
    this.key = key;
    this.from = at;
    return at - 1;
  }

  private repeat(number: number, at: number): number {
    const to = at + (this.texts[number * 2 + 1] as number) - (this.texts[number * 2] as number);
    this.places.push(at, to, number);
    return to - 1;
  }

  private learn(numbers: number[], from: number, to: number): void {
    const number = this.texts.push(from, to) / 2 - 1;
    this.places.push(from, to, number);
    numbers.unshift(number);
    if (numbers.length > REMEMBERED) numbers.pop();
  }

  private remembered(type: string): number[][] {
    let numbers = this.known.get(type);
    if (!numbers) this.known.set(type, (numbers = KEYS.map(() => [])));
    return numbers;
  }

  private numbersOf(key: string): number[] {
    return this.ofType[KEYS.indexOf(key)] ?? [];
  }

  /** True when the text stands at another place, too. */
  private isSame(from: number, to: number, at: number): boolean {
    const { bytes } = this;
    const last = at + to - from - 1;
    const middle = (to - from) >> 1;
    return last < bytes.length && bytes[last] === bytes[to - 1] && bytes[at + middle] === bytes[from + middle]
      && bytes.compare(bytes, at, last + 1, from, to) === 0;
  }

  private textBehind(colon: number): string {
    const at = behindBlanks(this.bytes, colon);
    return this.bytes[at] === QUOTE ? this.bytes.toString('latin1', at, this.bytes.indexOf(QUOTE, at + 1)) : '';
  }

  found(): RepeatedTexts | undefined {
    return this.isStrange || this.places.length === 0 ? undefined : { places: this.places, texts: this.texts, entries: this.valuesBefore.entries };
  }
}

/** Puts the values where their numbers stand. */
export function restore(document: Json, values: readonly Json[]): void {
  const changes = own(document, 'resource_changes');
  if (!isList(changes)) return;
  for (const entry of changes) {
    const change = own(entry, 'change') as { [key: string]: Json } | undefined;
    if (!isObject(change)) continue;
    for (const key of KEYS) {
      const value = own(change, key);
      if (typeof value === 'string') change[key] = (Number(value) === AS_BEFORE ? own(change, BEFORE) : values[Number(value)]) as Json;
    }
  }
}
