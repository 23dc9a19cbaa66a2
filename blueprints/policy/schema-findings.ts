/** What the schema found, in this project's words; and the input without the parts that it refused. */
import type * as z from 'zod';
import type { Finding, Path } from './problems';
import { nearest, suggestion } from './suggest';

/** A finding with its place in the tree. */
export interface LocatedFinding extends Finding {
  readonly path: Path;
  /** An unknown key is wrong itself, not what stands after it. */
  readonly of: 'value' | 'key';
  /** What was written, unless nothing was. */
  readonly value?: unknown;
  /** The known key that an unknown one was meant to be. */
  readonly meant?: string;
}

/** The input as checks see it: `null` stands for whatever the schema refused. */
export type Sound<T> = T extends readonly (infer Item)[]
  ? readonly (Sound<Item> | null)[]
  : T extends object
    ? { readonly [Key in keyof T]: Sound<T[Key]> | null }
    : T;

/** What people call a thing that is named otherwise here. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  location: 'region',
  gcp: 'google',
  azurerm: 'azure',
  amazon: 'aws',
  port: 'ports',
  hosts: 'host',
  domain: 'host',
  fqdn: 'host',
  segments: 'from',
  source: 'from',
  expiry: 'expires',
  until: 'expires',
  team: 'owner',
  description: 'reason',
  ip: 'addresses',
  subscriptionId: 'subscription',
  projectId: 'project',
  accountId: 'account',
  org: 'organization',
  egress: 'allow',
  services: 'privateServices',
};

/** Translates zod's issues. `typed` gives a scalar as it stands in the file. */
export function schemaFindings(
  input: unknown,
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  typed: (path: Path) => string | undefined,
): LocatedFinding[] {
  const meant = new Set<string>();
  const unknown = issues.flatMap((issue): LocatedFinding[] => {
    if (issue.code !== 'unrecognized_keys') return [];
    const path = issue.path as Path;
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      const near = meantKey(key, known);
      if (near) meant.add(JSON.stringify([...path, near]));
      return { ...unknownKey(near, known), path: [...path, key], of: 'key', value: key, ...(near ? { meant: near } : {}) };
    });
  });
  const others = issues.flatMap((issue): LocatedFinding[] => {
    const path = issue.path as Path;
    const value = valueAt(input, path);
    // Whoever wrote 'location' need not hear that 'region' is missing, too.
    if (issue.code === 'unrecognized_keys' || (value === undefined && meant.has(JSON.stringify(path)))) return [];
    return [{ ...translate(issue, value, typed(path)), path, of: 'value', ...written(value) }];
  });
  return [...unknown, ...others];
}

/** The input with `null` in place of every refused or misspelt part. Changes it: it is nobody else's. */
export function withoutRefused<T>(input: unknown, findings: readonly LocatedFinding[]): Sound<T> | null {
  const holder: { root: unknown } = { root: input };
  for (const { path, of, meant } of findings) {
    const parent = valueAt(holder, ['root', ...path].slice(0, -1));
    if (typeof parent !== 'object' || parent === null) continue;
    const fields = parent as Record<string | number, unknown>;
    if (of === 'value') fields[path.at(-1) ?? 'root'] = null;
    // Unknown keys stay: no check reads them, and an entry that holds one is not an empty entry.
    else if (meant !== undefined) fields[meant] ??= null;
  }
  return holder.root as Sound<T> | null;
}

function translate(issue: z.core.$ZodIssue, value: unknown, source: string | undefined): Finding {
  switch (issue.code) {
    case 'custom':
      return { code: String(issue.params?.['code']), message: issue.message, fix: String(issue.params?.['fix']) };
    case 'invalid_type':
      return wrongType(issue.expected, value, source, String(issue.path.at(-1) ?? 'the file'));
    case 'invalid_value':
      return value === undefined
        ? missing(String(issue.path.at(-1)), `one of ${issue.values.join(', ')}`)
        : { code: 'unknown-value', message: 'is not known here', fix: suggestion(String(value), issue.values.map(String), 'choices') };
    case 'too_small':
      return { code: 'empty-list', message: 'is empty', fix: 'name at least one, or leave the whole line out where it is optional' };
    default:
      return { code: 'invalid', message: issue.message.toLowerCase(), fix: 'see docs/policy.md' };
  }
}

function missing(name: string, what: string): Finding {
  return { code: 'missing-field', message: `'${name}' is missing`, fix: `add '${name}': ${what}` };
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  number: 'a number',
  boolean: 'true or false',
};

function wrongType(expected: string, value: unknown, source: string | undefined, name: string): Finding {
  // The clouds share the fields of clusters, and not each field is one of each cloud.
  if (expected === 'never') return { code: 'unknown-key', message: 'is for another cloud', fix: 'remove the line' };
  const wanted = KINDS[expected] ?? expected;
  if (value === undefined) return missing(name, wanted);
  const found = value === null ? 'empty' : KINDS[Array.isArray(value) ? 'array' : typeof value] ?? `a ${typeof value}`;
  const message = `is ${found}, not ${wanted}`;
  return { code: value === null ? 'empty-value' : 'wrong-type', message, fix: wayToType(expected, value, source, name) };
}

function wayToType(expected: string, value: unknown, source: string | undefined, name: string): string {
  if (value === null) return expected === 'array' ? 'write [] for none, or remove the line' : 'give it a value, or remove the line';
  if (expected === 'string' && typeof value !== 'object') return `put it in quotes: "${source ?? String(value)}"`;
  if (expected === 'array' && typeof value !== 'object') return `write a list: [${source ?? String(value)}]`;
  if (name === 'region' && Array.isArray(value)) return 'write one region, without brackets; another region is an environment of its own';
  if (expected === 'string' && Array.isArray(value)) return 'write one value, without brackets; where several are needed, repeat the entry';
  if (name === 'state') return `write a map: { ${String(value)}: {} }`;
  return `write ${KINDS[expected] ?? expected}; see docs/policy.md`;
}

function meantKey(key: string, known: readonly string[]): string | undefined {
  const other = Object.hasOwn(OTHER_WORDS, key) ? OTHER_WORDS[key] : undefined;
  return other !== undefined && known.includes(other) ? other : nearest(key, known);
}

function unknownKey(near: string | undefined, known: readonly string[]): Finding {
  const keys = `keys here: ${known.join(', ')}`;
  return { code: 'unknown-key', message: 'is not a key that is known here', fix: near ? `did you mean '${near}'? ${keys}` : keys };
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let current: unknown = schema;
  for (const step of [...path, undefined]) {
    while ((current as { def?: { innerType?: unknown } })?.def?.innerType) current = (current as { def: { innerType: unknown } }).def.innerType;
    const { shape, element } = (current as { def?: { shape?: Record<string, unknown>; element?: unknown } })?.def ?? {};
    if (step === undefined) return Object.keys(shape ?? {});
    current = typeof step === 'number' ? element : shape?.[step];
  }
  return [];
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

function written(value: unknown): { value?: unknown } {
  // A whole map or list would drown the message; its place says enough.
  return value === undefined || value === null || typeof value === 'object' ? {} : { value };
}
