/**
 * A plan has most of its values twice: in `resource_changes`, which the review reads, and in
 * `planned_values`, which hold nothing else where they name no other resource. That can be seen
 * without parsing them, which saves a third of the text and of the memory.
 */
import { isList, isObject, own, ownText, type Json } from './json';
import { spells } from './spells';
import { isResource } from './state-graph';

/** A part of the text, and the resources in it. */
export interface PlannedText {
  readonly from: number;
  readonly to: number;
  /** Absent when the part is not as Terraform writes it, so that only parsing it tells what it names. */
  readonly addresses?: readonly string[];
}

/** What an object or array is: the shape that Terraform documents for values. */
const enum Kind { Values, Module, Modules, Resource, Resources }

const ADDRESS = 'address';
const DEPOSED = 'deposed_key';
const MODULES = 'child_modules';
const RESOURCES = 'resources';
const ROOT = 'root_module';
const NAMES = [ADDRESS, DEPOSED, MODULES, RESOURCES, ROOT];
const VALUES = 2;

/** Follows `planned_values` through the brackets and keys of the text, and notes the addresses of resources. */
export class PlannedValues {
  /** True when the next string is an address. */
  isAddressNext = false;
  /** The depth of the innermost open bracket; each has a kind, because the others are passed over. */
  private level = 1;
  private readonly kinds: Kind[] = [];
  private readonly addresses: string[] = [];
  /** The last key, where it is one that matters. */
  private name = '';
  private isStrange = false;

  constructor(
    private readonly bytes: Buffer,
    private readonly from: number,
  ) {}

  /** @returns false for a bracket in which nothing matters */
  open(depth: number, isBrace: boolean): boolean {
    this.isStrange ||= this.isAddressNext;
    this.isAddressNext = false;
    const kind = depth === VALUES ? Kind.Values : this.kindIn(this.kinds[this.level], isBrace);
    this.name = '';
    if (kind === undefined) return false;
    this.kinds[depth] = kind;
    this.level = depth;
    return true;
  }

  close(depth: number): void {
    if (depth < this.level) this.level = depth;
  }

  private kindIn(outer: Kind | undefined, isBrace: boolean): Kind | undefined {
    if (outer === Kind.Values) return this.name === ROOT ? Kind.Module : undefined;
    if (outer === Kind.Modules) return isBrace ? Kind.Module : undefined;
    if (outer === Kind.Resources) return isBrace ? Kind.Resource : undefined;
    if (outer !== Kind.Module) return undefined;
    return this.name === RESOURCES ? Kind.Resources : this.name === MODULES ? Kind.Modules : undefined;
  }

  /** A key with its quotation marks. */
  key(start: number, end: number, isEscaped: boolean): void {
    this.name = '';
    for (const name of NAMES) if (spells(this.bytes, start, end, name)) this.name = name;
    // A deposed object is another one than the resource at its address.
    this.isStrange ||= isEscaped || this.isAddressNext || this.name === DEPOSED;
    this.isAddressNext = this.name === ADDRESS && this.kinds[this.level] === Kind.Resource;
  }

  address(start: number, end: number, isEscaped: boolean): void {
    this.isAddressNext = false;
    if (!isEscaped) {
      this.addresses.push(this.bytes.toString('utf8', start + 1, end - 1));
      return;
    }
    try {
      this.addresses.push(JSON.parse(this.bytes.toString('utf8', start, end)) as string);
    } catch {
      this.isStrange = true;
    }
  }

  until(to: number): PlannedText {
    return { from: this.from, to, ...(this.isStrange || this.isAddressNext ? {} : { addresses: this.addresses }) };
  }
}

/** True when the document's changes name all of the addresses, too. */
export function namesAll(document: Json, addresses: readonly string[]): boolean {
  const changes = own(document, 'resource_changes');
  if (!isObject(document) || !isList(changes) || changes.length === 0) return false;
  // Nearly always both have the same order.
  let next = 0;
  for (const change of changes) if (changedAddress(change) === addresses[next]) next += 1;
  if (next >= addresses.length) return true;
  const changed = new Set(changes.map(changedAddress));
  return addresses.slice(next).every((address) => changed.has(address));
}

/** Which resource a change leaves there, or deletes. */
function changedAddress(change: Json): string | undefined {
  if (!isObject(change) || ownText(change, 'deposed') !== undefined || !isResource(change)) return undefined;
  return ownText(change, 'address');
}
