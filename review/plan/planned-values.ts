/**
 * A plan has most of its values twice: in `resource_changes`, which the review reads, and in
 * `planned_values`, which hold nothing else where they name no other resource. That can be seen
 * without parsing them, which saves a third of the text and of the memory.
 */
import { isObject, isList, own, ownObjects, ownText, type Json } from './json';
import { isResource } from './state-graph';

/** A part of the text, and the resources in it. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Absent when the part is not as Terraform writes it, so that only parsing it tells what it names. */
  readonly addresses?: readonly string[];
}

/** What an object or array is: the shape that Terraform documents for values. */
const enum Kind { Other, Values, Module, Modules, Resource, Resources }

/** Follows `planned_values` through the brackets and keys of the text, and notes the addresses of resources. */
export class PlannedValues {
  /** True when the next string is an address. */
  isAddressNext = false;
  private readonly kinds: Kind[] = [];
  private readonly addresses: string[] = [];
  private name = '';
  private isStrange = false;

  constructor(private readonly from: number) {}

  open(depth: number, isBrace: boolean): void {
    this.isStrange ||= this.isAddressNext;
    this.isAddressNext = false;
    this.kinds[depth] = depth === 2 ? Kind.Values : this.kindIn(this.kinds[depth - 1], isBrace);
    this.name = '';
  }

  private kindIn(outer: Kind | undefined, isBrace: boolean): Kind {
    if (outer === Kind.Values) return this.name === 'root_module' ? Kind.Module : Kind.Other;
    if (outer === Kind.Modules) return isBrace ? Kind.Module : Kind.Other;
    if (outer === Kind.Resources) return isBrace ? Kind.Resource : Kind.Other;
    if (outer !== Kind.Module) return Kind.Other;
    return this.name === 'resources' ? Kind.Resources : this.name === 'child_modules' ? Kind.Modules : Kind.Other;
  }

  /** True where keys matter. */
  isRead(depth: number): boolean {
    const kind = this.kinds[depth];
    return kind === Kind.Resource || kind === Kind.Module || kind === Kind.Values;
  }

  /** @param quoted with its quotation marks */
  key(quoted: string, depth: number): void {
    this.name = quoted.slice(1, -1);
    // A deposed object is another one than the resource at its address.
    this.isStrange ||= quoted.includes('\\') || this.isAddressNext || this.name === 'deposed_key';
    this.isAddressNext = this.name === 'address' && this.kinds[depth] === Kind.Resource;
  }

  address(text: string, start: number, end: number): void {
    this.isAddressNext = false;
    const quoted = text.slice(start, end);
    this.isStrange ||= quoted.includes('\\') && !this.isText(quoted);
    if (!this.isStrange) this.addresses.push(quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1));
  }

  private isText(quoted: string): boolean {
    try {
      return typeof JSON.parse(quoted) === 'string';
    } catch {
      return false;
    }
  }

  until(to: number): Span {
    return { from: this.from, to, ...(this.isStrange || this.isAddressNext ? {} : { addresses: this.addresses }) };
  }
}

/**
 * The document without its `planned_values`, where these name nothing that is not among its changes.
 * Nothing of them is judged then, so a mistake in their JSON that leaves the brackets whole goes untold.
 *
 * @returns undefined when the whole of the text has to be parsed
 */
export function withoutPlanned(text: string, span: Span | undefined): Json | undefined {
  if (!span?.addresses) return undefined;
  let document: Json;
  try {
    document = JSON.parse(`${text.slice(0, span.from)}{}${text.slice(span.to)}`) as Json;
  } catch {
    return undefined;
  }
  const changes = own(document, 'resource_changes');
  if (!isObject(document) || !isList(changes) || changes.length === 0) return undefined;
  const changed = new Set<string>();
  for (const change of ownObjects(document, 'resource_changes')) {
    const address = ownText(change, 'address');
    if (address !== undefined && ownText(change, 'deposed') === undefined && isResource(change)) changed.add(address);
  }
  return span.addresses.every((address) => changed.has(address)) ? document : undefined;
}
