/**
 * Reads a Terraform schema out of a generated CDKTF binding.
 *
 * The generator throws away three facts, which this reader cannot bring back: limits on the
 * number of blocks other than "at least one" and "at most one", the mark "sensitive" and
 * provider-side checks. See docs/offline-plans.md.
 */
import { type GeneratedSource, type Member } from './generated-source';
import { type Attribute, type Block, type CtyType, impliedNestedType, type NestedBlock, type NestingMode, without } from './model';
import { isSensitiveName } from './sensitive';

/** Some block types contain themselves (WAF statements); Terraform's own schemas stop after a few turns too. */
const MAX_RECURSION = 3;

/** What a declaration says about a value before structs are resolved. */
interface Shape {
  /** Collection kinds from the outside in, e.g. `['list', 'map']`. */
  readonly collections: readonly ('list' | 'set' | 'map')[];
  readonly primitive?: 'string' | 'number' | 'bool' | 'dynamic';
  readonly struct?: string;
  /** The generator made a single object of it: at most one block, or a nested object. */
  readonly single?: boolean;
}

/**
 * The schema of one Terraform type.
 *
 * @param terraformType resource or data source type, or the provider's own name
 * @throws when the source holds no class of that type, or holds a declaration that is not understood
 */
export function readBlock(source: GeneratedSource, terraformType: string): Block {
  const className = source.terraformTypes.get(terraformType);
  if (className === undefined) throw new Error(`the binding holds no class for Terraform type '${terraformType}'`);
  const block = new BlockReader(source).block(className, `${className}Config`, className, []);
  // CDKTF adds "alias" to every provider; for Terraform it is no part of the schema.
  return isProviderClass(source, className) ? { ...block, attributes: without(block.attributes, ['alias']) } : block;
}

function isProviderClass(source: GeneratedSource, className: string): boolean {
  return className.endsWith('Provider') && source.tables.get(className)?.has('alias') === true;
}

class BlockReader {
  constructor(private readonly source: GeneratedSource) {}

  block(className: string, interfaceName: string, tableName: string, path: readonly string[]): Block {
    const attributes: { [name: string]: Attribute } = {};
    const blocks: { [name: string]: NestedBlock } = {};
    const blockNames = this.source.blockNames.get(interfaceName);
    for (const member of this.members(className, interfaceName)) {
      const shape = this.shape(member, tableName);
      if (blockNames?.has(member.name) === true && shape.struct !== undefined) {
        const nested = this.nestedBlock(member, shape, shape.struct, path);
        if (nested !== undefined) blocks[member.name] = nested;
      } else {
        attributes[member.name] = this.attribute(member, shape, path);
      }
    }
    return { attributes, blocks };
  }

  /** Members of a class; structs of provider blocks have no class, only an interface. */
  private members(className: string, interfaceName: string): readonly Member[] {
    const members = this.source.classes.get(className);
    if (members !== undefined) return members;
    const properties = this.source.interfaces.get(interfaceName);
    if (properties === undefined) return [];
    return properties.map(({ name, type, optional }) => ({
      name,
      computed: false,
      optional,
      required: !optional,
      declaration: `private _${name}?: ${type};`,
      getter: '',
    }));
  }

  private nestedBlock(member: Member, shape: Shape, struct: string, path: readonly string[]): NestedBlock | undefined {
    if (path.filter((name) => name === struct).length >= MAX_RECURSION) return undefined;
    const mode: NestingMode = shape.collections[0] ?? 'single';
    const counted = mode === 'list' || mode === 'set';
    return {
      mode,
      minItems: counted && member.required ? 1 : 0,
      maxItems: counted && shape.single === true ? 1 : 0,
      block: this.block(`${struct}OutputReference`, struct, struct, [...path, struct]),
    };
  }

  private attribute(member: Member, shape: Shape, path: readonly string[]): Attribute {
    const { computed, optional, required } = member;
    const flags = { computed, optional, required, sensitive: isSensitiveName(member.name, shape.primitive) };
    if (shape.struct === undefined) return { type: wrap(shape.collections, shape.primitive ?? 'dynamic'), ...flags };
    if (path.filter((name) => name === shape.struct).length >= MAX_RECURSION) return { type: 'dynamic', ...flags };
    const inner = this.block(`${shape.struct}OutputReference`, shape.struct, shape.struct, [...path, shape.struct]);
    if (shape.collections.length < 2 && this.isNestedType(member, inner)) {
      const mode: NestingMode = shape.collections[0] ?? 'single';
      return { type: impliedNestedType(mode, inner.attributes), ...flags, nested: { mode, attributes: inner.attributes } };
    }
    const object: CtyType = ['object', Object.fromEntries(Object.entries(inner.attributes).map(([name, a]) => [name, a.type]))];
    return { type: wrap(shape.collections, object), ...flags };
  }

  /** Members of a plain object inherit the flags of their attribute; other flags betray a framework nested type. */
  private isNestedType(parent: Member, inner: Block): boolean {
    return Object.values(inner.attributes).some(
      (a) => a.computed !== parent.computed || a.optional !== parent.optional || a.required !== parent.required,
    );
  }

  private shape(member: Member, tableName: string): Shape {
    const row = this.source.tables.get(tableName)?.get(member.name);
    const shape = classShape(member.declaration, row?.type) ?? getterShape(member.declaration) ?? fieldShape(member.declaration);
    if (shape === undefined) {
      throw new Error(`cannot read the type of '${member.name}' in ${tableName}: ${member.declaration}`);
    }
    const isSet = row === undefined ? /Fn\.tolist\(/.test(member.getter) : row.type === 'set';
    const [outer, ...rest] = shape.collections;
    return isSet && outer === 'list' ? { ...shape, collections: ['set', ...rest] } : shape;
  }
}

/** `new FooList(this, "foo", true)` and its relatives. */
function classShape(declaration: string, rowType: string | undefined): Shape | undefined {
  const match = /= new (cdkt[fn]\.)?(\w+)\(this, "[^"]*"(?:, (true|false))?/.exec(declaration);
  if (match === null) return undefined;
  const [, library, className = '', wrapsSet] = match;
  const list = wrapsSet === 'true' ? 'set' : 'list';
  const suffixes: [suffix: string, collections: Shape['collections']][] = [
    ['MapList', [list, 'map']],
    ['ListMap', ['map', 'list']],
    ['ListList', [list, 'list']],
    ['List', [list]],
    ['Map', ['map']],
  ];
  for (const [suffix, collections] of suffixes) {
    if (!className.endsWith(suffix)) continue;
    const element = className.slice(0, -suffix.length);
    return library === undefined ? { collections, struct: element } : { collections, primitive: libraryElement(element) };
  }
  if (!className.endsWith('OutputReference')) return undefined;
  const struct = className.slice(0, -'OutputReference'.length);
  const collections: Shape['collections'] = rowType === 'list' || rowType === 'set' ? [rowType] : [];
  return { collections, struct, single: true };
}

function libraryElement(name: string): Shape['primitive'] {
  const elements: { [name: string]: Shape['primitive'] } = { String: 'string', Number: 'number', Boolean: 'bool', Any: 'dynamic' };
  return elements[name] ?? 'dynamic';
}

/** `return this.getStringAttribute('foo')` and its relatives: values that cannot be set. */
function getterShape(declaration: string): Shape | undefined {
  if (!declaration.startsWith('return ')) return undefined;
  const collections: Shape['collections'] = [/tolist\(/.test(declaration) ? 'set' : 'list'];
  const method = /\.get(\w+)Attribute\(/.exec(declaration)?.[1] ?? (declaration.includes('interpolationForAttribute') ? 'Any' : '');
  const shapes: { [method: string]: Shape } = {
    String: { collections: [], primitive: 'string' },
    Number: { collections: [], primitive: 'number' },
    Boolean: { collections: [], primitive: 'bool' },
    Any: { collections: [], primitive: 'dynamic' },
    List: { collections, primitive: 'string' },
    NumberList: { collections, primitive: 'number' },
    StringMap: { collections: ['map'], primitive: 'string' },
    NumberMap: { collections: ['map'], primitive: 'number' },
    BooleanMap: { collections: ['map'], primitive: 'bool' },
    AnyMap: { collections: [], primitive: 'dynamic' },
  };
  return shapes[method];
}

/** `private _foo?: string[] | cdktf.IResolvable;` */
function fieldShape(declaration: string): Shape | undefined {
  const type = /^private \w+\??: (.+?);?$/.exec(declaration.trim())?.[1];
  return type === undefined ? undefined : typeShape(type);
}

function typeShape(text: string): Shape | undefined {
  let type = text.replace(/ \| (cdkt[fn]\.IResolvable|undefined)/g, '').trim();
  while (type.startsWith('(') && type.endsWith(')')) type = type.slice(1, -1).trim();
  const primitives: { [type: string]: Shape['primitive'] } = { string: 'string', number: 'number', boolean: 'bool', any: 'dynamic' };
  const primitive = primitives[type];
  if (primitive !== undefined) return { collections: [], primitive };
  if (type.endsWith('[]')) return within('list', typeShape(type.slice(0, -2)));
  const map = /^\{ \[key: string\]: (.+) \}$/.exec(type)?.[1];
  // The generator writes Terraform's "dynamic" as a map of any.
  if (map === 'any') return { collections: [], primitive: 'dynamic' };
  if (map !== undefined) return within('map', typeShape(map));
  return /^[A-Z]\w*$/.test(type) ? { collections: [], struct: type } : undefined;
}

function within(outer: 'list' | 'map', shape: Shape | undefined): Shape | undefined {
  return shape === undefined ? undefined : { ...shape, collections: [outer, ...shape.collections] };
}

function wrap(collections: Shape['collections'], inner: CtyType): CtyType {
  return collections.reduceRight<CtyType>((type, collection) => [collection, type], inner);
}
