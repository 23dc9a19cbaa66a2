/**
 * Cuts the source of one generated CDKTF binding into the parts that carry schema facts:
 * classes with their `// name - computed: …` comments, interfaces with their documentation,
 * and the attribute tables that CDKTF keeps for HCL output.
 */

/** One accessor of a generated class. */
export interface Member {
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** The field declaration, or the getter's body for values that cannot be set. */
  readonly declaration: string;
  /** The getter's body: shows whether a list is really a set. */
  readonly getter: string;
}

/** One property of a generated interface. */
export interface Property {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
}

/** One row of a generated HCL attribute table. */
export interface HclRow {
  readonly value: string;
  readonly type: string;
  readonly storage: string;
}

/** A binding's source, indexed by name. */
export interface GeneratedSource {
  /** Terraform type of each resource class, e.g. `aws_vpc` -> `Vpc`. */
  readonly terraformTypes: ReadonlyMap<string, string>;
  readonly classes: ReadonlyMap<string, readonly Member[]>;
  readonly interfaces: ReadonlyMap<string, readonly Property[]>;
  /** Names that an interface documents as "<name> block". */
  readonly blockNames: ReadonlyMap<string, ReadonlySet<string>>;
  /** Rows by struct name, or by class name for the table of a resource. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, HclRow>>;
}

const CLASS = /^export class (\w+) extends cdkt[fn]\.\w+ \{$([\s\S]*?)^\}$/gm;
const INTERFACE = /^export interface (\w+)(?: extends [\w.]+)? \{$([\s\S]*?)^\}$/gm;
const MAPPER = /^export function (\w+)ToHclTerraform\(([\s\S]*?)^\}$/gm;
const MEMBER =
  /^ *\/\/ (\S+) - computed: (true|false), optional: (true|false), required: (true|false)\n(.*)\n(.*)(?:\n(.*))?/gm;
const PROPERTY = /\{@link \S*#(\w+) [^}]*\}[\s\S]*?\n {2}readonly \w+(\??): (.+);$/gm;
const BLOCK_NAME = /^ *\* (\w+) block$/gm;
const ROW = /^ {4,8}(\w+): \{\n *value: (.*),\n *isBlock: (?:true|false),\n *type: "(\w+)",\n *storageClassType: "([^"]*)",/gm;
const TERRAFORM_TYPE = /tfResourceType = "(\w+)"/;

/** Indexes the text of one or more generated TypeScript files. */
export function indexGeneratedSource(text: string): GeneratedSource {
  const terraformTypes = new Map<string, string>();
  const classes = new Map<string, Member[]>();
  const interfaces = new Map<string, Property[]>();
  const blockNames = new Map<string, Set<string>>();
  const tables = new Map<string, Map<string, HclRow>>();

  for (const [, name = '', body = ''] of text.matchAll(CLASS)) {
    classes.set(name, membersOf(body));
    const terraformType = TERRAFORM_TYPE.exec(body)?.[1];
    if (terraformType === undefined) continue;
    terraformTypes.set(terraformType, name);
    tables.set(name, rowsOf(body));
  }
  for (const [, name = '', body = ''] of text.matchAll(INTERFACE)) {
    interfaces.set(name, propertiesOf(body));
    blockNames.set(name, new Set([...body.matchAll(BLOCK_NAME)].map((match) => match[1] ?? '')));
  }
  for (const [, mapper = '', body = ''] of text.matchAll(MAPPER)) {
    tables.set(mapper.charAt(0).toUpperCase() + mapper.slice(1), rowsOf(body));
  }
  return { terraformTypes, classes, interfaces, blockNames, tables };
}

function membersOf(body: string): Member[] {
  return [...body.matchAll(MEMBER)].map(([, name = '', computed, optional, required, first = '', second = '', third = '']) => {
    const settable = first.trim().startsWith('private ');
    return {
      name,
      computed: computed === 'true',
      optional: optional === 'true',
      required: required === 'true',
      declaration: settable ? first.trim() : second.trim(),
      getter: settable ? third.trim() : second.trim(),
    };
  });
}

function propertiesOf(body: string): Property[] {
  return [...body.matchAll(PROPERTY)].map(([, name = '', mark, type = '']) => ({ name, type, optional: mark === '?' }));
}

function rowsOf(body: string): Map<string, HclRow> {
  return new Map([...body.matchAll(ROW)].map(([, name = '', value = '', type = '', storage = '']) => [name, { value, type, storage }]));
}
