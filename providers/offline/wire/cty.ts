/**
 * Terraform's value encoding: MessagePack, directed by a cty type.
 * Source: https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md
 */
import { decode as unpack, encode as pack, ExtData, ExtensionCodec } from '@msgpack/msgpack';
import { type CtyType } from '../schema/model';

const PLAIN_UNKNOWN = 0;
const REFINED_UNKNOWN = 12;

/** A value that is known only after apply; keeps what Terraform said about it (not null, prefix, …). */
export class Unknown {
  constructor(readonly refinement?: Uint8Array) {}
}

/** The unknown value about which nothing is known. */
export const UNKNOWN = new Unknown();

/** A value in a place whose type is `dynamic`: brings its own type. */
export class Dynamic {
  constructor(
    readonly type: CtyType,
    readonly value: Value,
  ) {}
}

/**
 * A cty value. Lists and sets are arrays, maps and objects are plain objects. A number that a
 * JavaScript number cannot hold exactly is the string of its digits, as on the wire.
 */
export type Value = null | boolean | number | string | Unknown | Dynamic | Value[] | ObjectValue;

/** A value of map or object type. */
export interface ObjectValue {
  [name: string]: Value;
}

const codec = new ExtensionCodec();
codec.register({ type: PLAIN_UNKNOWN, encode: (value) => (isPlainUnknown(value) ? new Uint8Array([0]) : null), decode: () => UNKNOWN });
codec.register({
  type: REFINED_UNKNOWN,
  encode: (value) => (value instanceof Unknown && value.refinement !== undefined ? value.refinement : null),
  decode: (data) => new Unknown(data.slice()),
});

function isPlainUnknown(value: unknown): boolean {
  return value instanceof Unknown && value.refinement === undefined;
}

/**
 * Reads a value of a type from the wire.
 *
 * @throws when the bytes do not hold a value of that type
 */
export function decodeValue(bytes: Uint8Array, type: CtyType): Value {
  return fromWire(unpack(bytes, { extensionCodec: codec, useBigInt64: true }), type, '');
}

/** Writes a value of a type for the wire; object members that the value lacks are null. */
export function encodeValue(value: Value, type: CtyType): Uint8Array {
  return pack(toWire(value, type, ''), { extensionCodec: codec });
}

/** Whether no part of a value is unknown. */
export function isWhollyKnown(value: Value): boolean {
  if (value instanceof Unknown) return false;
  if (value instanceof Dynamic) return isWhollyKnown(value.value);
  if (value === null || typeof value !== 'object') return true;
  return Object.values(value).every((member) => isWhollyKnown(member));
}

/** Whether a value is a map or object, rather than a list, a primitive or unknown. */
export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown) && !(value instanceof Dynamic);
}

/** Text that is equal for equal values: object keys in order, unknown values marked. Sets compare through `type`. */
export function canonical(value: Value | undefined, type: CtyType): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof Unknown) return 'unknown()';
  if (value instanceof Dynamic) return `dynamic(${JSON.stringify(value.type)},${canonical(value.value, value.type)})`;
  if (typeof type === 'string') return JSON.stringify(type === 'number' ? String(value) : value);
  if (Array.isArray(value)) {
    const members = value.map((member, index) => canonical(member, elementType(type, index)));
    return `[${(type[0] === 'set' ? [...new Set(members)].sort() : members).join()}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const names = type[0] === 'object' ? Object.keys(type[1]) : Object.keys(value);
  return `{${names.sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name], memberType(type, name))}`).join()}}`;
}

/**
 * Reads a value from the JSON of a state file. Members that the type does not know are dropped and missing ones are null,
 * because a state may have been written by another version of the provider.
 */
export function valueFromJson(json: unknown, type: CtyType): Value {
  if (json === null || json === undefined) return null;
  if (type === 'dynamic') return dynamicFromJson(json);
  if (typeof type === 'string') return primitiveFromJson(json, type);
  if (Array.isArray(json)) return json.map((member, index) => valueFromJson(member, elementType(type, index)));
  if (typeof json !== 'object') throw new Error(`cannot read ${JSON.stringify(json)} as ${JSON.stringify(type)}`);
  const members = json as { [name: string]: unknown };
  const names = type[0] === 'object' ? Object.keys(type[1]) : Object.keys(members);
  return Object.fromEntries(names.map((name) => [name, valueFromJson(members[name], memberType(type, name))]));
}

function primitiveFromJson(json: unknown, type: 'string' | 'number' | 'bool'): Value {
  if (type === 'string') return String(json);
  if (type === 'bool') return json === true || json === 'true';
  return typeof json === 'number' ? json : String(json);
}

/** State files write a dynamic value as `{"type": …, "value": …}`. */
function dynamicFromJson(json: unknown): Value {
  const { type, value } = json as { type: CtyType; value: unknown };
  return new Dynamic(type, valueFromJson(value, type));
}

function elementType(type: CtyType, index: number): CtyType {
  if (!Array.isArray(type) || type[0] === 'object') return 'dynamic';
  return type[0] === 'tuple' ? type[1][index] ?? 'dynamic' : type[1];
}

function memberType(type: CtyType, name: string): CtyType {
  if (!Array.isArray(type)) return 'dynamic';
  if (type[0] === 'tuple') return 'dynamic';
  return type[0] === 'object' ? (type[1][name] ?? 'dynamic') : type[1];
}

function fromWire(raw: unknown, type: CtyType, path: string): Value {
  if (raw === null || raw === undefined) return null;
  if (raw instanceof Unknown) return raw;
  if (raw instanceof ExtData) throw new Error(`${path || 'the value'} holds MessagePack extension ${raw.type}, which is not known`);
  if (type === 'dynamic') {
    if (!Array.isArray(raw) || raw.length !== 2) throw new Error(`${path || 'the value'} is dynamic but does not bring its type`);
    const own = JSON.parse(Buffer.from(raw[0] as Uint8Array).toString('utf8')) as CtyType;
    return new Dynamic(own, fromWire(raw[1], own, path));
  }
  if (type === 'number') return numberFromWire(raw, path);
  if (type === 'string' || type === 'bool') {
    if (typeof raw === (type === 'bool' ? 'boolean' : 'string')) return raw as Value;
    throw new Error(`${path || 'the value'} is not a ${type}`);
  }
  if (type[0] === 'list' || type[0] === 'set' || type[0] === 'tuple') {
    if (!Array.isArray(raw)) throw new Error(`${path || 'the value'} is not a ${type[0]}`);
    return raw.map((member, index) => fromWire(member, elementType(type, index), `${path}[${index}]`));
  }
  if (typeof raw !== 'object') throw new Error(`${path || 'the value'} is not a ${type[0]}`);
  const members = raw as { [name: string]: unknown };
  const names = type[0] === 'object' ? Object.keys(type[1]) : Object.keys(members);
  return Object.fromEntries(names.map((name) => [name, fromWire(members[name], memberType(type, name), `${path}.${name}`)]));
}

function numberFromWire(raw: unknown, path: string): Value {
  if (typeof raw === 'number' || typeof raw === 'string') return raw;
  if (typeof raw !== 'bigint') throw new Error(`${path || 'the value'} is not a number`);
  return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw.toString();
}

function toWire(value: Value | undefined, type: CtyType, path: string): unknown {
  if (value === undefined || value === null || value instanceof Unknown) return value ?? null;
  if (type === 'dynamic') {
    if (!(value instanceof Dynamic)) throw new Error(`${path || 'the value'} must bring its type`);
    return [Buffer.from(JSON.stringify(value.type)), toWire(value.value, value.type, path)];
  }
  if (typeof type === 'string') return value;
  if (type[0] === 'list' || type[0] === 'set' || type[0] === 'tuple') {
    if (!Array.isArray(value)) throw new Error(`${path || 'the value'} must be a ${type[0]}, got ${JSON.stringify(value)}`);
    return value.map((member, index) => toWire(member, elementType(type, index), `${path}[${index}]`));
  }
  if (!isObject(value)) throw new Error(`${path || 'the value'} must be a ${type[0]}, got ${JSON.stringify(value)}`);
  const names = type[0] === 'object' ? Object.keys(type[1]) : Object.keys(value);
  return Object.fromEntries(names.map((name) => [name, toWire(value[name], memberType(type, name), `${path}.${name}`)]));
}
