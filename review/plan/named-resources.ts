/**
 * A plan has most of its values more than once: in `resource_changes`, which the review reads, in
 * `planned_values`, which hold nothing else where they name no other resource, and in `prior_state`, which
 * holds nothing else where nothing changes. That can be seen without parsing them, which saves a third of
 * the text and of the memory, and two thirds of a plan that changes nothing.
 */
import { parseAddress, printModuleAddress } from './address';
import { isList, isObject, own, ownText, type Json, type JsonObject } from './json';
import { behindBlanks, spells } from './spells';
import { isResource } from './state-graph';
import type { ValuesBefore } from './values-before';

/** A part of the text, and the resources in it. */
export interface NamedText {
  readonly from: number;
  readonly to: number;
  /** Absent when the part is not as Terraform writes it, so that only parsing it tells what it names. */
  readonly addresses?: readonly string[];
  /** Where each of them begins and ends: two numbers for each address. */
  readonly places: readonly number[];
  /** Values that some change has before it: where they begin and end, and the change's number. */
  readonly same: readonly number[];
}

/** What an object or array is: the shape that Terraform documents for values. */
const enum Kind { State, Values, Module, Modules, Resource, Resources }

const ADDRESS = 'address';
const DEPOSED = 'deposed_key';
const MODULES = 'child_modules';
const RESOURCES = 'resources';
const ROOT = 'root_module';
const VALUES = 'values';
const NAMES = [ADDRESS, DEPOSED, MODULES, RESOURCES, ROOT, VALUES];
const OUTERMOST = 2;
const QUOTE = 0x22;

/** What is followed, and what its outermost bracket is. */
const FOLLOWED: ReadonlyMap<string, Kind> = new Map([['planned_values', Kind.Values], ['prior_state', Kind.State]]);

/** Follows `planned_values` or `prior_state` through the brackets and keys of the text, and notes where resources stand and their addresses. */
export class NamedResources {
  /** True when the next string is an address. */
  isAddressNext = false;
  /** The depth of the innermost open bracket; each has a kind, because the others are passed over. */
  private level = 1;
  private readonly kinds: Kind[] = [];
  private readonly addresses: string[] = [];
  private readonly places: number[] = [];
  /** The last key, where it is one that matters. */
  private name = '';
  private isStrange = false;
  private readonly same: number[] = [];
  /** The change of the resource that is open. */
  private change: number | undefined;

  private constructor(
    private readonly bytes: Buffer,
    private readonly from: number,
    private readonly outermost: Kind,
    private readonly before: ValuesBefore | undefined,
  ) {}

  /**
   * @param before what the changes tell, where they stand further up
   * @returns undefined for a key of a plan below which no resources are named
   */
  static below(key: string, bytes: Buffer, from: number, before: ValuesBefore | undefined): NamedResources | undefined {
    const outermost = FOLLOWED.get(key);
    return outermost === undefined ? undefined : new NamedResources(bytes, from, outermost, outermost === Kind.State ? before : undefined);
  }

  /** @returns false for a bracket in which nothing matters */
  open(depth: number, isBrace: boolean, at: number): boolean {
    this.isStrange ||= this.isAddressNext || (depth === OUTERMOST && !isBrace);
    this.isAddressNext = false;
    const kind = depth === OUTERMOST ? this.outermost : this.kindIn(this.kinds[this.level], isBrace);
    this.name = '';
    if (kind === undefined) return false;
    if (kind === Kind.Resource) {
      this.places.push(at);
      this.change = undefined;
    }
    this.kinds[depth] = kind;
    this.level = depth;
    return true;
  }

  /** @param depth that around the bracket */
  close(depth: number, end: number): void {
    if (depth >= this.level) return;
    if (this.kinds[this.level] === Kind.Resource) {
      // One with two addresses, or none, is not as Terraform writes it.
      this.isStrange ||= this.places.push(end) !== this.addresses.length * 2;
    }
    this.level = depth;
  }

  private kindIn(outer: Kind | undefined, isBrace: boolean): Kind | undefined {
    if (outer === Kind.State) return this.name === VALUES && isBrace ? Kind.Values : undefined;
    if (outer === Kind.Values) return this.name === ROOT ? Kind.Module : undefined;
    if (outer === Kind.Modules) return isBrace ? Kind.Module : undefined;
    if (outer === Kind.Resources) return isBrace ? Kind.Resource : undefined;
    if (outer !== Kind.Module) return undefined;
    return this.name === RESOURCES ? Kind.Resources : this.name === MODULES ? Kind.Modules : undefined;
  }

  /**
   * A key with its quotation marks, and the place of the colon behind it.
   *
   * @returns the last place that needs no scanning: the colon's, or that of the end of values that a change has, too
   */
  key(start: number, end: number, isEscaped: boolean, colon: number): number {
    this.name = '';
    for (const name of NAMES) if (spells(this.bytes, start, end, name)) this.name = name;
    // A deposed object is another one than the resource at its address.
    this.isStrange ||= isEscaped || this.isAddressNext || this.name === DEPOSED;
    const isOfResource = this.kinds[this.level] === Kind.Resource;
    this.isAddressNext = this.name === ADDRESS && isOfResource;
    return this.before && isOfResource && this.name === VALUES ? this.value(this.before, behindBlanks(this.bytes, colon)) : colon;
  }

  private value(before: ValuesBefore, at: number): number {
    // A text would be taken for a change's number.
    this.isStrange ||= this.bytes[at] === QUOTE;
    const found = this.change === undefined ? undefined : before.sameAt(this.change, at);
    if (!found) return at - 1;
    this.same.push(at, ...found);
    return found[0] - 1;
  }

  address(start: number, end: number, isEscaped: boolean): void {
    this.isAddressNext = false;
    this.change = this.before?.of(start, end);
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

  until(to: number): NamedText {
    const { from, places, same, addresses } = this;
    return { from, to, places, same, ...(this.isStrange || this.isAddressNext ? {} : { addresses }) };
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

/**
 * A state with those of its resources that no change names: data sources that were read, and what `-target` leaves out.
 *
 * @returns undefined where an address tells no module
 */
export function withoutChanged(document: Json, bytes: Buffer, { addresses = [], places }: NamedText): JsonObject | undefined {
  const changes = own(document, 'resource_changes');
  const changed = new Set(isList(changes) ? changes.map(changedAddress) : []);
  const modules: { readonly address: string; readonly resources: Json[] }[] = [];
  for (const [at, address] of addresses.entries()) {
    if (changed.has(address)) continue;
    const parsed = parseAddress(address);
    if (!parsed) return undefined;
    const module = printModuleAddress(parsed.module);
    const last = modules.at(-1);
    const { resources } = last?.address === module ? last : (modules[modules.length] = { address: module, resources: [] });
    resources.push(JSON.parse(bytes.toString('utf8', places[at * 2], places[at * 2 + 1])) as Json);
  }
  return { values: { root_module: { child_modules: modules } } };
}
