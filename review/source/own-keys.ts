/**
 * Whether an expression takes a thing by its own key as that key is, and whether what it takes it from has kept its keys.
 *
 * A plan lists `aws_subnet.s[replace(each.key, "app", "db")]` as it lists `aws_subnet.s[each.key]`, and of
 * `local.subnets[each.key]` it does not say what the local is. Here only what is known to be the same counts: whatever
 * is not among the forms below is taken for composed.
 */
import { getExpressionAst } from '@cdktf/hcl2json';
import { isList, isObject, own, type Json, type JsonObject } from '../plan/json';
import { isTemplate } from '../plan/template';
import type { SourceModule } from './terraform-files';

/** The module that an expression stands in, with what is around it. */
export interface Scope {
  readonly source: SourceModule;
  /** The module that calls this one, and the body of the call; absent for the root. */
  readonly caller?: { readonly scope: Scope; readonly call: JsonObject };
  /** The module behind a call; undefined where its files are not there. */
  readonly called: (name: string) => Promise<Scope | undefined>;
}

/** Of the parser's tree what is looked at. https://github.com/hashicorp/terraform-cdk/tree/main/packages/%40cdktf/hcl2json */
interface Node {
  readonly type: string;
  readonly children?: readonly (Node | null)[] | null;
  readonly meta?: {
    readonly fullAccessor?: string;
    readonly traversal?: readonly { readonly type: string; readonly segment: string }[];
    readonly name?: string;
    readonly keyVar?: string;
    readonly valVar?: string;
    readonly keyExpression?: string;
    readonly conditionalExpression?: string;
    readonly groupedValue?: boolean;
    readonly items?: Readonly<Record<string, string>>;
  } | null;
}

/** What most expressions are: a resource by a key as it is. */
const COMMON = /^\$\{(?!(?:local|module|var|each|count|data)\b)[\w-]+\.[\w-]+\[(?:each\.key|count\.index|each\.value(?:\.\w+)*|var\.\w+)\](?:\.\w+)*\}$/;
const MAKES_KEYS = /^(?:each|count|var|local)\./;
const PICKS = /^(?:each|count|path|terraform|self|var)\./;
/** Functions that leave the keys, and the order, of what they are given. https://developer.hashicorp.com/terraform/language/functions */
const KEEPING = new Set(['try', 'tolist', 'tomap', 'merge', 'coalesce', 'nonsensitive', 'sensitive']);
/** Locals of locals of outputs; nobody writes more. */
const MOST_STEPS = 32;

export class OwnKeys {
  private readonly trees = new Map<string, Promise<Node | undefined>>();

  /** Whether an attribute's value takes everything that it takes by a key by the key that a plan shows. */
  async isPlain(value: Json | undefined, scope: Scope): Promise<boolean> {
    for (const text of textsIn(value)) {
      if (!isTemplate(text) || COMMON.test(text)) continue;
      for (const part of await this.partsOf(text)) if (!(await this.isPlainTree(part, scope))) return false;
    }
    return true;
  }

  /** Whether what a map, or a list, has by a key is what has that key where it comes from. */
  async keepsKeys(value: Json | undefined, scope: Scope, steps = MOST_STEPS): Promise<boolean> {
    if (steps === 0 || value === undefined) return false;
    if (isList(value)) return true;
    if (isObject(value)) {
      for (const [key, entry] of Object.entries(value)) if (!(await this.isCalled(key, entry))) return false;
      return true;
    }
    if (typeof value !== 'string' || !isTemplate(value)) return true;
    const tree = await this.tree(value);
    return tree !== undefined && this.treeKeepsKeys(tree, scope, steps);
  }

  /** All that a value names, as a plan lists it; undefined where something in it cannot be read. */
  async references(value: Json): Promise<readonly string[] | undefined> {
    const found = new Set<string>();
    for (const text of [...textsIn(value), ...keysIn(value)]) {
      if (!isTemplate(text)) continue;
      for (const part of await this.partsOf(text)) {
        if (part === UNREAD) return undefined;
        for (const name of namesIn(part, [])) found.add(name);
      }
    }
    return [...found];
  }

  /** What the templates in a text hold; an expression that stands alone, or each of several. */
  private async partsOf(text: string): Promise<readonly Node[]> {
    const whole = await this.tree(text);
    if (whole) return [whole];
    // `${azurerm_virtual_network.v.id}/subnets/${each.key}`: a whole word of an id is the key itself.
    const words = text.replace(/(^|\/)\$\{\s*each\.key\s*\}(?=\/|$)/g, '$1');
    const parts = await Promise.all([...words.matchAll(/\$\{[^{}]*\}/g)].map(([part]) => this.tree(part)));
    const isRead = !isTemplate(words.replace(/\$\{[^{}]*\}/g, '')) && parts.every((part) => part !== undefined);
    return isRead ? parts as readonly Node[] : [UNREAD];
  }

  private async isPlainTree(node: Node, scope: Scope): Promise<boolean> {
    if (node === UNREAD) return false;
    const { type, meta } = node;
    const children = childrenOf(node);
    if (type === 'scopeTraversal') {
      if (isOwnKey(node)) return false;
      return !hasWrittenKey(node) || this.traversalKeepsKeys(node, scope, MOST_STEPS);
    }
    const [collection, key, ...others] = children;
    const isIndex = type === 'index' || (type === 'function' && (meta?.name === 'element' || meta?.name === 'lookup'));
    if (isIndex && collection && key) {
      // A function, a condition or a text around the key makes another one of it.
      const isKey = isOwnKey(key) || (key.type === 'scopeTraversal' ? await this.isPlainTree(key, scope) : traversalsIn(key).length === 0);
      const isPlain = isKey && await this.treeKeepsKeys(collection, scope, MOST_STEPS) && await this.isPlainTree(collection, scope);
      return isPlain && this.arePlain(others, scope);
    }
    // `module.network[each.key].subnet_ids["app"]`
    if (type === 'relativeTraversal' && hasTextKey(node) && !(await this.treeKeepsKeys(node, scope, MOST_STEPS))) return false;
    return this.arePlain(children, scope);
  }

  private async arePlain(nodes: readonly Node[], scope: Scope): Promise<boolean> {
    for (const node of nodes) if (!(await this.isPlainTree(node, scope))) return false;
    return true;
  }

  private async treeKeepsKeys(node: Node, scope: Scope, steps: number): Promise<boolean> {
    if (steps === 0) return false;
    const { type, meta } = node;
    const children = childrenOf(node);
    const all = async (nodes: readonly Node[]): Promise<boolean> => {
      for (const each of nodes) if (!(await this.treeKeepsKeys(each, scope, steps - 1))) return false;
      return true;
    };
    switch (type) {
      case 'scopeTraversal':
        return this.traversalKeepsKeys(node, scope, steps);
      case 'splat':
        return children.length > 0 && this.treeKeepsKeys(children[0] as Node, scope, steps - 1);
      case 'relativeTraversal': {
        const [name, output] = moduleBehind(node) ?? [];
        if (name !== undefined) return output === undefined || this.outputKeepsKeys(name, output, scope, steps);
        return children.length > 0 && this.treeKeepsKeys(children[0] as Node, scope, steps - 1);
      }
      // One of them: behind it there are no keys of its own.
      case 'index':
        return this.isPlainTree(node, scope);
      case 'for':
        return this.loopKeepsKeys(node, scope, steps);
      case 'conditional':
        return all(children.slice(1));
      case 'function':
        if (KEEPING.has(meta?.name ?? '')) return all(children);
        // Numbers stay where the rest is nothing: `concat(aws_subnet.s[*].id, [])`.
        if (meta?.name === 'concat') return children.filter(refers).length <= 1 && (children.length === 0 || refers(children[0] as Node)) && all(children);
        return !refers(node);
      case 'object': {
        for (const [key, entry] of Object.entries(meta?.items ?? {})) if (!(await this.isCalled(key.replace(/^"|"$/g, ''), `\${${entry}}`))) return false;
        return true;
      }
      case 'tuple':
      case 'template':
      case 'literalValue':
        return true;
      default:
        return children.length === 1 ? this.treeKeepsKeys(children[0] as Node, scope, steps - 1) : !refers(node);
    }
  }

  /** `{ for k, s in aws_subnet.s : k => s.id }`, `{ for s in azurerm_subnet.s : s.name => s.id }`, `[for s in aws_subnet.s : s.id]`, `{ for k, v in var.subnets : k => aws_subnet.s[k].id }` */
  private async loopKeepsKeys({ meta, ...node }: Node, scope: Scope, steps: number): Promise<boolean> {
    const { keyVar = '', valVar = '', keyExpression = '', conditionalExpression = '', groupedValue } = meta ?? {};
    const isMap = keyExpression !== '';
    // A map by names is read as one by keys is: names are in the plan.
    const isKept = isMap ? keyExpression.trim() === keyVar || keyExpression.trim() === `${valVar}.name` : conditionalExpression === '';
    if (groupedValue === true || !isKept) return false;
    const [collection, ...rest] = childrenOf(node as Node);
    if (!collection || !(await this.treeKeepsKeys(collection, scope, steps - 1))) return false;
    for (const each of rest) if (!(await this.isOfElement(each, keyVar, valVar, scope, steps - 1))) return false;
    return true;
  }

  /** What a loop makes of an element: the element, a part of it, or what has its key elsewhere. */
  private async isOfElement(node: Node, keyVar: string, valVar: string, scope: Scope, steps: number): Promise<boolean> {
    const { type, meta } = node;
    if (type === 'scopeTraversal') return [keyVar, valVar, 'var', 'each', 'path', 'terraform'].includes(meta?.traversal?.[0]?.segment ?? '');
    const [collection, key] = childrenOf(node);
    if (type === 'index') return key?.type === 'scopeTraversal' && key.meta?.fullAccessor === keyVar && collection?.type === 'scopeTraversal' && this.traversalKeepsKeys(collection, scope, steps);
    for (const each of childrenOf(node)) if (!(await this.isOfElement(each, keyVar, valVar, scope, steps))) return false;
    return true;
  }

  private async traversalKeepsKeys({ meta }: Node, scope: Scope, steps: number): Promise<boolean> {
    const [first, second, third, ...more] = meta?.traversal ?? [];
    const name = second?.segment.replace(/^\./, '') ?? '';
    if (first?.segment === 'local') return this.keepsKeys(scope.source.locals.get(name), scope, steps - 1);
    if (first?.segment === 'var') {
      const { caller } = scope;
      const handed = own(caller?.call, name);
      // The plan has the values of the root's variables; one that nobody hands anything has its default.
      return caller === undefined || handed === undefined || this.keepsKeys(handed, caller.scope, steps - 1);
    }
    if (first?.segment !== 'module') return true;
    const output = [third, ...more].find((step) => step?.type === 'nameTraversal');
    return output === undefined || this.outputKeepsKeys(name, output.segment.replace(/^\./, ''), scope, steps);
  }

  private async outputKeepsKeys(module: string, output: string, scope: Scope, steps: number): Promise<boolean> {
    const called = await scope.called(module);
    // Of a module whose files nobody has the plan's own list is all that there is.
    return called === undefined || this.keepsKeys(called.source.outputs.get(output), called, steps - 1);
  }

  /** An entry of a map that somebody wrote: whether what it holds has the key that it stands under, or that name. */
  private async isCalled(key: string, entry: Json): Promise<boolean> {
    const texts = textsIn(entry).filter(isTemplate);
    for (const text of texts) {
      const tree = await this.tree(text);
      if (!tree) return false;
      for (const { meta } of traversalsIn(tree)) {
        const steps = meta?.traversal ?? [];
        const keys = steps.filter(({ type }) => type === 'indexTraversal').map(({ segment }) => segment.replace(/^\[?"?|"?\]?$/g, ''));
        const root = steps[0]?.segment;
        if (root === 'var' || root === 'path' || root === 'terraform') continue;
        if (keys.length > 0 ? keys.at(-1) !== key : steps[root === 'data' ? 2 : 1]?.segment.replace(/^\./, '') !== key) return false;
      }
    }
    return true;
  }

  /** Undefined where the text is no single expression. */
  private tree(text: string): Promise<Node | undefined> {
    let found = this.trees.get(text);
    if (!found) this.trees.set(text, (found = treeOf(text)));
    return found;
  }
}

const UNREAD: Node = { type: 'unread' };

async function treeOf(text: string): Promise<Node | undefined> {
  const [, inside] = /^\$\{([\s\S]*)\}$/.exec(text) ?? [];
  if (inside === undefined) return undefined;
  try {
    return (await getExpressionAst('expression.tf', inside.trim()) as Node | null) ?? undefined;
  } catch {
    // `${a}-${b}` begins and ends as a template and is no expression.
    return undefined;
  }
}

function childrenOf({ children }: Node): readonly Node[] {
  return (children ?? []).filter((each): each is Node => each !== null);
}

function isOwnKey({ type, meta }: Node): boolean {
  return type === 'scopeTraversal' && /^(?:each\.key|count\.index)$/.test(meta?.fullAccessor ?? '');
}

/** `local.subnets["app"]`, `module.network["a"].subnets["app"].id`: taken out of what is handed on. */
function hasWrittenKey({ meta }: Node): boolean {
  const steps = meta?.traversal ?? [];
  const root = steps[0]?.segment;
  if (root !== 'local' && root !== 'module' && root !== 'var') return false;
  // The first key of a module is that of its instance.
  return steps.some((step, at) => isTextKey(step) && !(root === 'module' && at === 2));
}

function hasTextKey({ meta }: Node): boolean {
  return (meta?.traversal ?? []).some(isTextKey);
}

function isTextKey({ type, segment }: { readonly type: string; readonly segment: string }): boolean {
  return type === 'indexTraversal' && /^\[?"/.test(segment);
}

/** Module and output of `module.network[each.key].subnet_ids`. */
function moduleBehind({ meta, ...node }: Node): readonly [name: string, output: string | undefined] | undefined {
  const [index] = childrenOf(node as Node);
  const [collection] = index?.type === 'index' ? childrenOf(index) : [];
  const steps = collection?.type === 'scopeTraversal' ? collection.meta?.traversal ?? [] : [];
  if (steps[0]?.segment !== 'module' || steps.length !== 2) return undefined;
  return [steps[1]?.segment.replace(/^\./, '') ?? '', meta?.traversal?.find(({ type }) => type === 'nameTraversal')?.segment.replace(/^\./, '')];
}

function traversalsIn(node: Node): readonly Node[] {
  return node.type === 'scopeTraversal' ? [node] : childrenOf(node).flatMap(traversalsIn);
}

/** What it names but for what a loop around it binds. */
function namesIn(node: Node, bound: readonly string[]): readonly string[] {
  const { type, meta } = node;
  if (type === 'scopeTraversal') return bound.includes(meta?.traversal?.[0]?.segment ?? '') ? [] : [meta?.fullAccessor ?? ''];
  const inside = type === 'for' ? [...bound, meta?.keyVar ?? '', meta?.valVar ?? ''] : bound;
  return childrenOf(node).flatMap((each, at) => namesIn(each, at === 0 ? bound : inside));
}

/** Whether it names anything that there is more than one of. */
function refers(node: Node): boolean {
  return traversalsIn(node).some(({ meta }) => !/^(?:each|count|path|terraform|self)\b/.test(meta?.fullAccessor ?? ''));
}

/** Every text in a value. */
export function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Every key in a value: `{ (aws_vpc.main.id) = 1 }` has a template there. */
function keysIn(value: Json | undefined): readonly string[] {
  if (isList(value)) return value.flatMap(keysIn);
  return isObject(value) ? [...Object.keys(value), ...Object.values(value).flatMap(keysIn)] : [];
}

/** Whether an expression may take something by a key of which a plan shows only what it is made of. */
export function mayBeComposed(references: readonly string[]): boolean {
  return references.some(isOfHandedOn) || (references.some((text) => MAKES_KEYS.test(text)) && mayHandOn(references));
}

/** Whether it names what there may be several of. */
export function mayHandOn(references: readonly string[]): boolean {
  return references.some((text) => !PICKS.test(text));
}

/** A reference that tells which one of several is meant: the own key, or a key behind what is handed on. */
export function isByKey(text: string): boolean {
  return text === 'each.key' || text === 'count.index' || isOfHandedOn(text);
}

/** `local.subnets["app"]`, `module.network["a"].subnets["app"]`, but not `module.network["a"]`. */
function isOfHandedOn(text: string): boolean {
  return /^(?:local|var)\.[^[]*\["|^module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.[^[]*\["/.test(text);
}
