/**
 * Whether what a map, or a list, has by a key is what has that key where it comes from: then a plan's list of references,
 * which leaves out what a local, a variable or an output makes of keys, is read as it stands. Only the forms below count.
 */
import { resourceKey } from '../plan/configuration';
import { HANDED_OUT, OWN_NAMES } from '../plan/identity';
import { isList, isObject, own, type Json, type JsonObject } from '../plan/json';
import { isTemplate } from '../plan/template';
import { childrenOf, said, stepsOf, textsIn, traversalsIn, UNREAD, type ExpressionTrees, type Node, type Step } from './expression-tree';
import type { SourceModule } from './terraform-files';

/** The module that an expression stands in, with what is around it. */
export interface Scope {
  readonly source: SourceModule;
  /** The module that calls this one, and the body of the call; absent for the root. */
  readonly caller?: { readonly scope: Scope; readonly call: JsonObject };
  /** The module behind a call; undefined where its files are not there. */
  readonly called: (name: string) => Promise<Scope | undefined>;
}

/** Who asks. */
export interface Asked {
  /** True where something is read of the element that may be another thing's: `.route_table_id` of an association. */
  readonly passing?: boolean;
  /** True where names count as keys do, as for Azure, which reads maps by either. */
  readonly byName?: boolean;
}

/** Functions that leave the keys, and the order, of what they are given. https://developer.hashicorp.com/terraform/language/functions */
const KEEPING = new Set(['try', 'tolist', 'tomap', 'merge', 'coalesce', 'nonsensitive', 'sensitive']);
const SETTINGS = new Set(['path', 'terraform']);
/** Arguments of every block, which say nothing of what it is. */
const META = new Set(['for_each', 'count', 'provider', 'depends_on', 'lifecycle', 'tags']);
/** What a thing hands out of its own. */
const OWN_PARTS: ReadonlySet<string> = new Set([...OWN_NAMES, ...Object.values(HANDED_OUT).flatMap((paths) => paths.map((path) => path.split('.')[0] as string))]);

/** `route_table_id`: what another thing may be known by. */
export function isPassing(attribute: Step | undefined): boolean {
  return attribute?.type === 'nameTraversal' && !OWN_PARTS.has(said(attribute));
}

export class KeptKeys {
  /** How many written maps were looked at. */
  private maps = 0;
  /** Answers by scope. While one is looked for it is no: locals may name each other in a circle. */
  private readonly kept = new WeakMap<Scope, Map<string, Promise<boolean>>>();

  constructor(private readonly trees: ExpressionTrees) {}

  async of(value: Json | undefined, scope: Scope, asked: Asked = {}): Promise<boolean> {
    if (value === undefined) return false;
    if (isList(value)) return true;
    if (isObject(value)) return this.objectKeepsKeys(value, scope);
    if (typeof value !== 'string' || !isTemplate(value)) return true;
    const tree = await this.trees.of(value);
    return tree !== undefined && this.tree(tree, scope, asked);
  }

  async tree(node: Node, scope: Scope, asked: Asked): Promise<boolean> {
    const { type, meta } = node;
    const children = childrenOf(node);
    const [first] = children;
    const all = async (nodes: readonly Node[]): Promise<boolean> => {
      for (const each of nodes) if (!(await this.tree(each, scope, asked))) return false;
      return true;
    };
    switch (type) {
      case 'scopeTraversal':
        return this.traversal(stepsOf(node), scope, asked);
      case 'splat':
        return first !== undefined && this.tree(first, scope, asked);
      case 'relativeTraversal': {
        const [name, output] = moduleBehind(node) ?? [];
        if (name !== undefined) return output === undefined || this.output(name, output, scope, asked);
        return first !== undefined && this.tree(first, scope, asked);
      }
      // One of them: behind it there are no keys of its own.
      case 'index':
        return all(children.slice(0, 1));
      case 'for':
        return this.loop(node, scope, asked);
      case 'conditional':
        return all(children.slice(1));
      case 'function':
        if (KEEPING.has(meta?.name ?? '')) return all(children);
        // Numbers stay where the rest is nothing: `concat(aws_subnet.s[*].id, [])`.
        if (meta?.name === 'concat') return children.filter(refers).length <= 1 && (first === undefined || refers(first)) && all(children);
        return this.isData(node, scope);
      case 'object':
        return this.objectKeepsKeys(Object.fromEntries(Object.entries(meta?.items ?? {}).map(([key, entry]) => [key.replace(/^"|"$/g, ''), `\${${entry}}`])), scope);
      case 'tuple':
      case 'template':
      case 'literalValue':
        return true;
      default:
        return children.length === 1 ? all(children) : !refers(node);
    }
  }

  async traversal(steps: readonly Step[], scope: Scope, asked: Asked): Promise<boolean> {
    const [first, second, ...more] = steps;
    const name = second ? said(second) : '';
    switch (first?.segment) {
      case 'local':
        return this.once(scope, `local ${name}`, asked, () => this.of(scope.source.locals.get(name), scope, asked));
      case 'var': {
        const { caller } = scope;
        const handed = own(caller?.call, name);
        // The plan has the values of the root's variables; one that nobody hands anything has its default.
        return caller === undefined || handed === undefined || this.once(scope, `var ${name}`, asked, () => this.of(handed, caller.scope, asked));
      }
      case 'module': {
        const output = more.slice(0, 2).find((step) => step.type === 'nameTraversal');
        return output === undefined ? asked.passing !== true : this.output(name, said(output), scope, asked);
      }
      default:
        return asked.passing !== true || this.handsOnByOwnKey(blockOf(steps, scope), scope);
    }
  }

  private async output(module: string, output: string, scope: Scope, asked: Asked): Promise<boolean> {
    const called = await scope.called(module);
    // Of a module whose files nobody has the plan's own list is all that there is.
    return called === undefined || this.once(called, `output ${output}`, asked, () => this.of(called.source.outputs.get(output), called, asked));
  }

  private once(scope: Scope, name: string, { passing = false, byName = false }: Asked, find: () => Promise<boolean>): Promise<boolean> {
    let known = this.kept.get(scope);
    if (!known) this.kept.set(scope, (known = new Map()));
    const key = `${name} ${passing} ${byName}`;
    const before = known.get(key);
    if (before) return before;
    known.set(key, Promise.resolve(false));
    const found = find();
    const answers = known;
    return found.then((answer) => {
      answers.set(key, Promise.resolve(answer));
      return answer;
    });
  }

  /** `{ for k, s in aws_subnet.s : k => s.id }`, `[for s in aws_subnet.s : s.id]`, `{ for k in var.names : k => aws_subnet.s[k].id }` */
  private async loop(node: Node, scope: Scope, asked: Asked): Promise<boolean> {
    const { keyVar = '', valVar = '', keyExpression = '', conditionalExpression = '', groupedValue } = node.meta ?? {};
    const key = keyExpression.trim();
    const [collection, ...rest] = childrenOf(node);
    const element = rest[key === '' ? 0 : 1];
    if (groupedValue === true || (key === '' && conditionalExpression !== '') || !collection || !element) return false;
    const isData = await this.isData(collection, scope);
    const isKept = key === '' || (keyVar !== '' && key === keyVar) || (key === `${valVar}.name` && isByName(collection, scope, asked));
    const isWhole = element.type === 'scopeTraversal' && stepsOf(element).length === 1;
    const takes = isData || (isKept && await this.tree(collection, scope, isWhole ? asked : { ...asked, passing: false }));
    const isPassed = collection.type === 'scopeTraversal' && !isData && await this.handsOnByOwnKey(blockOf(stepsOf(collection), scope), scope);
    return this.isOfElement(element, { scope, asked, collection, keyVar, valVar, key: key === '' ? keyVar : key, takes, mayPass: isData || isPassed });
  }

  /** What a loop makes of an element: the element, a part of it, or what has its key elsewhere. */
  private async isOfElement(node: Node, loop: Loop): Promise<boolean> {
    const { scope, keyVar, valVar, key } = loop;
    if (node.type === 'scopeTraversal') {
      const [root, attribute] = stepsOf(node);
      if (root?.segment === keyVar) return true;
      if (root?.segment === valVar) return loop.takes && (loop.mayPass || !isPassing(attribute) || this.isOwnOutput(loop.collection, attribute as Step, scope));
      return this.isDataTraversal(stepsOf(node), scope);
    }
    const [collection, picked] = childrenOf(node);
    if (node.type === 'index') {
      return key !== '' && picked?.type === 'scopeTraversal' && picked.meta?.fullAccessor === key && collection?.type === 'scopeTraversal' && this.traversal(stepsOf(collection), scope, { ...loop.asked, passing: false });
    }
    if (node.type === 'relativeTraversal' && collection?.type === 'index' && isPassing(stepsOf(node)[0])) {
      const [of] = childrenOf(collection);
      if (!of || !(await this.tree(of, scope, { ...loop.asked, passing: true }))) return false;
    }
    for (const each of childrenOf(node)) if (!(await this.isOfElement(each, loop))) return false;
    return true;
  }

  /** A map that somebody wrote: whether each entry holds what has the key that it stands under, or nothing in it has any. */
  private async objectKeepsKeys(map: JsonObject, scope: Scope): Promise<boolean> {
    if (await this.hasNoKeys(map, { keys: new Set(Object.keys(map)), id: (this.maps += 1) }, scope)) return true;
    for (const [key, entry] of Object.entries(map)) if (!(await this.isCalled(key, entry, scope))) return false;
    return true;
  }

  /** `{ vpc_id = aws_vpc.main.id, group = aws_security_group.app.id }`: single things, of which none can be taken for another by a key. */
  private async hasNoKeys(value: Json | undefined, map: WrittenMap, scope: Scope): Promise<boolean> {
    if (value === undefined) return false;
    for (const text of textsIn(value).filter(isTemplate)) {
      for (const part of await this.trees.partsOf(text)) {
        if (part === UNREAD) return false;
        for (const node of traversalsIn(part)) if (!(await this.isSingle(stepsOf(node), map, scope))) return false;
      }
    }
    return true;
  }

  private async isSingle(steps: readonly Step[], map: WrittenMap, scope: Scope): Promise<boolean> {
    if (await this.isDataTraversal(steps, scope)) return true;
    const [root, second, third] = steps;
    const name = second ? said(second) : '';
    const follow = (from: Scope, said: string, value: Json | undefined) => this.once(from, `${said} in ${map.id}`, {}, () => this.hasNoKeys(value, map, from));
    if (root?.segment === 'local') return follow(scope, `local ${name}`, scope.source.locals.get(name));
    if (root?.segment === 'var') return scope.caller !== undefined && this.once(scope, `var ${name} in ${map.id}`, {}, () => this.hasNoKeys(own(scope.caller?.call, name), map, (scope.caller as NonNullable<Scope['caller']>).scope));
    if (root?.segment === 'module') {
      const called = third?.type === 'nameTraversal' && !isRepeated(scope.source.calls.get(name)?.body ?? {}) ? await scope.called(name) : undefined;
      return called !== undefined && follow(called, `output ${said(third as Step)}`, called.source.outputs.get(said(third as Step)));
    }
    const block = blockOf(steps, scope);
    if (!block || isRepeated(block.body) || isPassing(steps[block.steps])) return false;
    const called = own(block.body, 'name');
    return !block.type.startsWith('azurerm_') || (typeof called === 'string' && !isTemplate(called) && !map.keys.has(called));
  }

  private async isCalled(key: string, entry: Json, scope: Scope): Promise<boolean> {
    for (const text of textsIn(entry).filter(isTemplate)) {
      for (const part of await this.trees.partsOf(text)) {
        if (part === UNREAD) return false;
        for (const node of traversalsIn(part)) if (!(await this.isOfKey(key, stepsOf(node), scope))) return false;
      }
    }
    return true;
  }

  /** Whether something that an entry names has the entry's key; or its name, where it is the only one. */
  private async isOfKey(key: string, steps: readonly Step[], scope: Scope): Promise<boolean> {
    if (await this.isDataTraversal(steps, scope)) return true;
    const [root, second] = steps;
    const last = steps.findLastIndex(({ type }) => type === 'indexTraversal');
    const name = second ? said(second) : '';
    if (root?.segment === 'local' && last < 0) return this.once(scope, `local ${name} called ${key}`, {}, () => this.isCalled(key, scope.source.locals.get(name) ?? null, scope));
    if (root?.segment === 'var' && last < 0) {
      const { caller } = scope;
      return caller !== undefined && this.once(scope, `var ${name} called ${key}`, {}, () => this.isCalled(key, own(caller.call, name) ?? null, caller.scope));
    }
    if (last >= 0) {
      if (said(steps[last] as Step) !== key) return false;
      // What the instance of a module has that key hands out may be what it was handed.
      if (root?.segment === 'module' && last === 2) return steps[3] !== undefined && this.handsOutOwn(name, said(steps[3]), scope);
      return this.traversal(steps, scope, { passing: isPassing(steps[last + 1]) && !isHandingOn(root) });
    }
    const block = blockOf(steps, scope);
    if (root?.segment === 'module' || !block || isRepeated(block.body) || block.name !== key || isPassing(steps[block.steps])) return false;
    // A subnet of Azure is found by the name that it has there, too.
    return !block.type.startsWith('azurerm_') || own(block.body, 'name') === key;
  }

  /** Of the instances of a module, `m.subnet_id`. */
  private isOwnOutput(collection: Node, output: Step, scope: Scope): Promise<boolean> {
    const [root, name, ...more] = collection.type === 'scopeTraversal' ? stepsOf(collection) : [];
    return root?.segment === 'module' && name && more.length === 0 ? this.handsOutOwn(said(name), said(output), scope) : Promise.resolve(false);
  }

  /** Whether a module's output is of what the module itself makes. */
  private async handsOutOwn(module: string, output: string, scope: Scope): Promise<boolean> {
    const called = await scope.called(module);
    return called === undefined || this.once(called, `output ${output} own`, {}, async () => {
      for (const text of textsIn(called.source.outputs.get(output)).filter(isTemplate)) {
        for (const part of await this.trees.partsOf(text)) if (part === UNREAD || !(await this.isOwnIn(part, called))) return false;
      }
      return true;
    });
  }

  private async isOwnIn(node: Node, scope: Scope): Promise<boolean> {
    if (node.type === 'scopeTraversal') {
      const steps = stepsOf(node);
      if (await this.isDataTraversal(steps, scope)) return true;
      const block = blockOf(steps, scope);
      return block !== undefined && !isPassing(steps.slice(block.steps).find(({ type }) => type === 'nameTraversal'));
    }
    if (node.type === 'relativeTraversal' && isPassing(stepsOf(node)[0])) return false;
    for (const each of childrenOf(node)) if (!(await this.isOwnIn(each, scope))) return false;
    return true;
  }

  /** Whether all that a block takes from what there is several of it takes by its own key: then what it hands on has that key as well. */
  private handsOnByOwnKey(block: Block | undefined, scope: Scope): Promise<boolean> {
    if (!block) return Promise.resolve(false);
    return this.once(scope, `block ${block.key}`, {}, async () => {
      for (const [name, value] of Object.entries(block.body)) {
        if (META.has(name)) continue;
        for (const text of textsIn(value).filter(isTemplate)) {
          for (const part of await this.trees.partsOf(text)) if (!(await this.isByOwnKey(part, block, scope))) return false;
        }
      }
      return true;
    });
  }

  private async isByOwnKey(node: Node, block: Block, scope: Scope): Promise<boolean> {
    if (node === UNREAD) return false;
    if (node.type === 'scopeTraversal') {
      const steps = stepsOf(node);
      if (steps[0]?.segment === 'each' && steps[1]?.segment === 'value') return this.isDataValue(own(block.body, 'for_each'), scope);
      if (steps[0]?.segment === 'each' || steps[0]?.segment === 'count' || await this.isDataTraversal(steps, scope)) return true;
      const named = blockOf(steps, scope);
      return named !== undefined && !isRepeated(named.body) && !isPassing(steps[named.steps]);
    }
    const [collection, key] = childrenOf(node);
    if (node.type === 'index' && collection?.type === 'scopeTraversal' && blockOf(stepsOf(collection), scope) !== undefined) return key?.meta?.fullAccessor === 'each.key';
    for (const each of childrenOf(node)) if (!(await this.isByOwnKey(each, block, scope))) return false;
    return true;
  }

  /** Whether it names nothing that a plan makes or reads: settings, and what callers and locals write out. */
  private async isData(node: Node, scope: Scope): Promise<boolean> {
    for (const each of traversalsIn(node)) if (!(await this.isDataTraversal(stepsOf(each), scope))) return false;
    return true;
  }

  private async isDataTraversal([first, second]: readonly Step[], scope: Scope): Promise<boolean> {
    const name = second ? said(second) : '';
    if (first?.segment === 'local') return this.once(scope, `local ${name} data`, {}, () => this.isDataValue(scope.source.locals.get(name), scope));
    if (first?.segment === 'var') {
      const { caller } = scope;
      const handed = own(caller?.call, name);
      return caller === undefined || handed === undefined || this.once(scope, `var ${name} data`, {}, () => this.isDataValue(handed, caller.scope));
    }
    return SETTINGS.has(first?.segment ?? '');
  }

  private async isDataValue(value: Json | undefined, scope: Scope): Promise<boolean> {
    if (value === undefined) return false;
    for (const text of textsIn(value).filter(isTemplate)) {
      for (const part of await this.trees.partsOf(text)) if (part === UNREAD || !(await this.isData(part, scope))) return false;
    }
    return true;
  }
}

/** A map that somebody wrote, of which much may be asked. */
interface WrittenMap {
  readonly keys: ReadonlySet<string>;
  readonly id: number;
}

interface Loop {
  readonly scope: Scope;
  readonly asked: Asked;
  readonly collection: Node;
  readonly keyVar: string;
  readonly valVar: string;
  /** What the map's keys are, or the name that numbers have. */
  readonly key: string;
  /** Whether elements, and parts of them, may be taken. */
  readonly takes: boolean;
  /** Whether what they are handed is theirs as well. */
  readonly mayPass: boolean;
}

interface Block {
  readonly type: string;
  readonly name: string;
  readonly key: string;
  readonly body: JsonObject;
  /** How many steps name it. */
  readonly steps: number;
}

/** The resource, or the data source, that a traversal names. */
function blockOf(steps: readonly Step[], { source }: Scope): Block | undefined {
  const isData = steps[0]?.segment === 'data';
  const [type = '', name = ''] = steps.slice(isData ? 1 : 0, isData ? 3 : 2).map(said);
  const key = resourceKey(isData ? 'data' : 'managed', type, name);
  const body = source.blocks.get(key)?.body;
  return body && { type, name, key, body, steps: isData ? 3 : 2 };
}

function isRepeated(body: JsonObject): boolean {
  return own(body, 'for_each') !== undefined || own(body, 'count') !== undefined;
}

function isHandingOn(root: Step | undefined): boolean {
  return root?.segment === 'local' || root?.segment === 'var' || root?.segment === 'module';
}

/** Whether names of a collection are its keys: `name = each.key`; or read as such by who asks. */
function isByName(collection: Node, scope: Scope, asked: Asked): boolean {
  const block = collection.type === 'scopeTraversal' ? blockOf(stepsOf(collection), scope) : undefined;
  return block !== undefined && (own(block.body, 'name') === '${each.key}' || (asked.byName === true && block.type.startsWith('azurerm_')));
}

/** Module and output of `module.network[each.key].subnet_ids`. */
function moduleBehind(node: Node): readonly [name: string, output: string | undefined] | undefined {
  const [index] = childrenOf(node);
  const [collection] = index?.type === 'index' ? childrenOf(index) : [];
  const steps = collection?.type === 'scopeTraversal' ? stepsOf(collection) : [];
  if (steps[0]?.segment !== 'module' || steps.length !== 2) return undefined;
  const output = stepsOf(node).find(({ type }) => type === 'nameTraversal');
  return [said(steps[1] as Step), output && said(output)];
}

/** Whether it names anything that there is more than one of. */
function refers(node: Node): boolean {
  return traversalsIn(node).some(({ meta }) => !/^(?:each|count|path|terraform|self)\b/.test(meta?.fullAccessor ?? ''));
}

