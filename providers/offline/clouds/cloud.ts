/**
 * What a stand-in has to know about a cloud: how its ids look, what it fills in, what cannot change in place.
 */
import { createHash } from 'node:crypto';
import { isObject, type ObjectValue, type Value } from '../wire/cty';

/** What the provider was configured with, and everything it has made or been shown. */
export interface Surroundings {
  /** Values of the provider's configuration, e.g. `region`, `project`, `subscription_id`. */
  readonly config: ObjectValue;
  /** Resources that exist, by id: those in the state and those made in this run. */
  readonly memory: ReadonlyMap<string, Known>;
}

/** A resource that exists. */
export interface Known {
  readonly type: string;
  readonly values: ObjectValue;
}

/** A resource or data source whose computed values are wanted. */
export interface Subject {
  readonly type: string;
  /** Its values as far as they are known by now; the id is filled in first. */
  readonly self: ObjectValue;
  /** Text that no other resource of the stack has: the source of all its made-up values. */
  readonly seed: string;
  readonly surroundings: Surroundings;
}

/** Makes the value of an attribute. Undefined leaves it to the next rule. */
export type ValueRule = (subject: Subject, attribute: string) => Value | undefined;

/** One cloud's rules. All are optional, so a provider without rules of its own gets plausible values by name. */
export interface CloudRules {
  /** Id templates by resource type; see {@link fillTemplate}. */
  readonly ids?: { readonly [type: string]: string };
  /** Id template of all other types. */
  readonly defaultId?: (type: string, self: ObjectValue) => string;
  /** Values of single attributes: by `type.attribute` first, then by attribute, then `*`. A string is a template. */
  readonly values?: { readonly [attribute: string]: string | ValueRule };
  /** Values of data sources, by type. */
  readonly dataSources?: { readonly [type: string]: (subject: Subject) => ObjectValue };
  /** Values for template names that a resource leaves out, such as the provider's region. */
  readonly defaults?: (name: string, surroundings: Surroundings) => string | undefined;
  /** Whether a change of this attribute or block makes a new resource. */
  readonly replaces?: (type: string, attribute: string) => boolean;
  /** Why the cloud does not make or delete a resource as things are; undefined when it does. */
  readonly refuses?: (what: 'make' | 'delete', type: string, values: ObjectValue, memory: ReadonlyMap<string, Known>) => string | undefined;
  /** Values that the real provider knows already when planning, such as merged tags. */
  readonly planned?: (type: string, planned: ObjectValue, surroundings: Surroundings) => ObjectValue;
  /** Computed attributes that follow others, by type: `firewall_status` changes with `subnet_mapping`. */
  readonly follows?: { readonly [type: string]: { readonly [computed: string]: readonly string[] } };
}

/** The first hexadecimal digits of a hash; the same words always give the same digits. */
export function hex(length: number, ...words: string[]): string {
  return createHash('sha256').update(words.join('\u0000')).digest('hex').slice(0, length);
}

/** A number below a bound, drawn from words like {@link hex}. */
export function draw(bound: number, ...words: string[]): number {
  return Number.parseInt(hex(12, ...words), 16) % bound;
}

/** A UUID drawn from words. */
export function uuid(...words: string[]): string {
  const digits = hex(32, ...words);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}

/** An address in 10.0.0.0/8 for private, in the documentation range 203.0.113.0/24 and its neighbours for public values. */
export function address(kind: 'private' | 'public', ...words: string[]): string {
  if (kind === 'public') return `${['192.0.2', '198.51.100', '203.0.113'][draw(3, 'net', ...words)]}.${1 + draw(254, ...words)}`;
  return `10.${draw(256, 'b', ...words)}.${draw(256, 'c', ...words)}.${4 + draw(250, ...words)}`;
}

/**
 * Fills a template. `{hex17}` is that many digits, `{uuid}` a UUID, `{digits}` a number;
 * every other name is an attribute of the resource, or else one of the cloud's defaults.
 * `{network|basename}` takes the part of a value after its last slash.
 */
export function fillTemplate(template: string, subject: Subject, defaults: CloudRules['defaults']): string {
  const { self, seed, surroundings } = subject;
  return template.replace(/\{(\w+)(\|basename)?\}/g, (_, name: string, basename: string | undefined) => {
    const digits = /^hex(\d+)$/.exec(name)?.[1];
    if (digits !== undefined) return hex(Number(digits), seed);
    if (name === 'uuid') return uuid(seed);
    if (name === 'digits') return String(10 ** 17 + draw(9 * 10 ** 14, seed));
    const own = text(self[name]);
    const value = own ?? defaults?.(name, surroundings) ?? `${name}-${hex(8, seed, name)}`;
    return basename === undefined ? value : value.slice(value.lastIndexOf('/') + 1);
  });
}

/** A certificate as clouds return it: base64, and recognisably none. */
export const CERTIFICATE = Buffer.from('-----BEGIN CERTIFICATE-----\noffline\n-----END CERTIFICATE-----\n').toString('base64');

/** A value as text when it is a non-empty primitive. */
export function text(value: Value | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;
}

/** The blocks or objects below a name, whatever their nesting. */
export function objects(value: Value | undefined): ObjectValue[] {
  if (Array.isArray(value)) return value.filter((member) => isObject(member));
  return isObject(value) ? [value] : [];
}

/** The non-empty strings below a name. */
export function strings(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.flatMap((member) => text(member) ?? []) : [];
}
