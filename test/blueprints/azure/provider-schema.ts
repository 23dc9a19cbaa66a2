/** Holds synthesized resources against the schema of the real provider, of which the fixture is a part. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthesizedStack } from '../../contract/observation';

interface Block {
  /** `required string`, `optional computed set of string`. */
  readonly a: Readonly<Record<string, string>>;
  readonly b?: Readonly<Record<string, Block & { readonly min: number; readonly max: number }>>;
}

const SCHEMA: { readonly resources: Readonly<Record<string, Block>> } = JSON.parse(readFileSync(join(__dirname, 'azurerm-4.55.0.json'), 'utf8'));
/** Terraform's own. */
const META = ['depends_on', 'lifecycle', 'provider', 'count', 'for_each', '//'];

/** Types that the fixture leaves out: their schema was not at hand. */
export const NOT_IN_FIXTURE = ['azurerm_management_lock', 'azurerm_monitor_private_link_scope', 'azurerm_monitor_private_link_scoped_service', 'azurerm_role_assignment'];

/** What the provider's schema would refuse. */
export function schemaProblems(stack: SynthesizedStack): readonly string[] {
  return Object.entries(stack.resource ?? {}).flatMap(([type, instances]) => {
    const schema = SCHEMA.resources[type];
    if (!schema) return NOT_IN_FIXTURE.includes(type) ? [] : [`${type}: no schema`];
    return Object.entries(instances).flatMap(([name, config]) => blockProblems(`${type}.${name}`, Object.fromEntries(Object.entries(config).filter(([key]) => !META.includes(key))), schema));
  });
}

function blockProblems(at: string, config: Record<string, unknown>, { a, b = {} }: Block): readonly string[] {
  const problems: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (value === null || value === undefined) continue;
    const kind = a[key];
    const block = b[key];
    if (kind !== undefined) {
      if (kind.startsWith('computed')) problems.push(`${at}.${key}: only the provider sets it`);
      else if (!fits(value, kind.replace(/^(required|optional)( computed)? /, ''))) problems.push(`${at}.${key}: ${JSON.stringify(value)} is no ${kind}`);
    } else if (block) {
      const list = Array.isArray(value) ? value : [value];
      if (list.length < block.min || (block.max > 0 && list.length > block.max)) problems.push(`${at}.${key}: ${list.length} blocks, and there are ${block.min} to ${block.max}`);
      list.forEach((each, index) => problems.push(...blockProblems(`${at}.${key}[${index}]`, each, block)));
    } else problems.push(`${at}.${key}: no such argument`);
  }
  for (const [key, kind] of Object.entries(a)) if (kind.startsWith('required') && (config[key] === undefined || config[key] === null)) problems.push(`${at}.${key}: is required`);
  for (const [key, block] of Object.entries(b)) if (block.min > 0 && config[key] === undefined) problems.push(`${at}.${key}: is required`);
  return problems;
}

function fits(value: unknown, kind: string): boolean {
  // Blocks that are attributes: each key is one that the provider knows, or is null.
  if (kind.startsWith('["object",')) {
    const [, known] = JSON.parse(kind) as [string, Record<string, string | [string, string]>];
    return typeof value === 'object' && value !== null && Object.entries(value).every(([key, each]) => {
      const type = known[key];
      return type !== undefined && (each === null || fits(each, typeof type === 'string' ? type : type.join(' of ')));
    });
  }
  const [, item] = /^(?:list|set) of (.+)$/.exec(kind) ?? [];
  if (item) return Array.isArray(value) && value.every((each) => fits(each, item));
  if (kind.startsWith('map of')) return typeof value === 'object' && !Array.isArray(value);
  // A token stands for whatever the attribute behind it is.
  if (typeof value === 'string' && value.startsWith('${')) return true;
  return typeof value === (kind === 'bool' ? 'boolean' : kind);
}
