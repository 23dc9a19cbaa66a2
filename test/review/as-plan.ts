/** A synthesized stack as the first plan of it: what refers to something is not known, and the configuration says to what. */

type Json = any;
export type Resources = Record<string, Record<string, Json>>;

const TEMPLATE = /\$\{([^}]*)\}/g;
/** `aws_vpc.main.id`, without what picks an element. */
const REFERENCE = /\b((?:(?:data\.)?[a-z]+_\w+|var|local|module|each|random_id)\.[\w-]+)((?:\.\w+)*)/g;
/** Attributes whose objects are maps, and no blocks. */
const MAPS = new Set(['manifest', 'tags', 'tags_all', 'labels', 'variables', 'params', 'resource_manager_tags', 'parameters']);
const SIMPLE = /^([a-z]+_\w+\.[\w-]+)\.(\w+)$/;
const NO_ATTRIBUTES = new Set(['lifecycle', 'depends_on', 'provider', '//', 'count', 'for_each']);

interface Stack {
  readonly resource: Resources;
  readonly known: boolean;
}

interface Planned {
  readonly after: Json;
  readonly unknown: Json;
  readonly expression: Json;
}

/** @param known takes it for a plan of what exists: each resource has an id, and references to ids are values. */
export function asPlan(resource: Resources, known = false): Json {
  const read = readOf(resource);
  const all = Object.entries(resource).flatMap(([type, byName]) => Object.entries(byName ?? {}).filter(([, body]) => typeof body === 'object' && body !== null).map(([name, body]) => ({ type, name, address: `${type}.${name}`, ...planned(body, { resource, known }) })));
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: all.map(({ address, type, name, after, unknown }) => ({
      address, mode: 'managed', type, name, provider_name: `registry.terraform.io/hashicorp/${type.slice(0, type.indexOf('_'))}`,
      change: known ? { actions: ['no-op'], before: identified(address, after, read.get(address) ?? new Set(['id'])), after: identified(address, after, read.get(address) ?? new Set(['id'])), after_unknown: {} } : { actions: ['create'], before: null, after, after_unknown: { id: true, arn: true, self_link: true, ...unknown } },
    })),
    configuration: { root_module: { resources: all.map(({ address, type, name, expression }) => ({ address, mode: 'managed', type, name, provider_config_key: type.slice(0, type.indexOf('_')), expressions: expression })) } },
  };
}

/** With everything that others read of it: `id` of `aws_vpc.main` is `id-aws_vpc.main`. */
function identified(address: string, after: Json, read: ReadonlySet<string>): Json {
  return { ...Object.fromEntries([...read].map((attribute) => [attribute, `${attribute}-${address}`])), ...after };
}

/** Which attributes of each resource others read. */
function readOf(resource: Resources): ReadonlyMap<string, ReadonlySet<string>> {
  const read = new Map<string, Set<string>>();
  for (const [, text] of JSON.stringify(resource).matchAll(TEMPLATE)) {
    const [, address, attribute] = SIMPLE.exec((text as string).trim()) ?? [];
    if (address !== undefined && attribute !== undefined) read.set(address, (read.get(address) ?? new Set(['id'])).add(attribute));
  }
  return read;
}

function planned(body: Json, stack: Stack): Planned {
  const parts = Object.entries<Json>(body).filter(([key]) => !NO_ATTRIBUTES.has(key)).map(([key, value]) => [key, valueOf(key, value, stack)] as const);
  return {
    after: Object.fromEntries(parts.flatMap(([key, { after }]) => (after === undefined ? [] : [[key, after]]))),
    unknown: Object.fromEntries(parts.flatMap(([key, { unknown }]) => (unknown === false ? [] : [[key, unknown]]))),
    expression: Object.fromEntries(parts.map(([key, { expression }]) => [key, expression])),
  };
}

function valueOf(key: string, value: Json, stack: Stack): Planned {
  if (typeof value === 'object' && value !== null && !MAPS.has(key)) {
    const items = Array.isArray(value) ? value : [value];
    if (items.length > 0 && items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))) {
      const blocks = items.map((item) => planned(item, stack));
      return { after: blocks.map(({ after }) => after), unknown: blocks.map(({ unknown }) => unknown), expression: blocks.map(({ expression }) => expression) };
    }
  }
  const references = referencesIn(value);
  if (references.length === 0 && !JSON.stringify(value ?? null).includes('${')) return { after: value, unknown: false, expression: { constant_value: value } };
  const expression = { references };
  const said = literalAt(value, stack.resource);
  if (said !== undefined) return { after: said, unknown: false, expression };
  if (stack.known) return { after: resolved(value, stack.resource), unknown: false, expression };
  return { after: undefined, unknown: true, expression };
}

function referencesIn(value: Json): readonly string[] {
  return [...new Set([...JSON.stringify(value ?? null).matchAll(TEMPLATE)].flatMap(([, text]) => [...(text as string).matchAll(REFERENCE)].flatMap(([whole, address]) => [whole, address as string])))];
}

/** What is written out where a reference leads to. */
function literalAt(value: Json, resource: Resources): string | undefined {
  const [, text] = /^\$\{([^}]*)\}$/.exec(String(value)) ?? [];
  const [, address, attribute] = SIMPLE.exec(text?.trim() ?? '') ?? [];
  const [type, name] = address?.split('.') ?? [];
  const said = resource[type as string]?.[name as string]?.[attribute as string];
  return typeof said === 'string' && !said.includes('${') ? said : undefined;
}

/** As `identified` gives them; what reads anything else becomes a text that names nothing. */
function resolved(value: Json, resource: Resources): Json {
  if (Array.isArray(value)) return value.map((item) => resolved(item, resource));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, resource)]));
  if (typeof value !== 'string') return value;
  return value.replace(TEMPLATE, (_, text: string) => {
    const [, address, attribute] = SIMPLE.exec(text.trim()) ?? [];
    if (address === undefined || attribute === undefined) return `nothing-${text.length}`;
    return literalAt(`\${${text}}`, resource) ?? `${attribute}-${address}`;
  });
}
