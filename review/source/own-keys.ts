/**
 * Whether an expression takes a thing by its own key as that key is, and whether what it takes it from has kept its keys.
 *
 * A plan lists `aws_subnet.s[replace(each.key, "app", "db")]` as it lists `aws_subnet.s[each.key]`, and of
 * `local.subnets[each.key]` it does not say what the local is. Here only what is known to be the same counts: whatever
 * is not among the forms below is taken for composed.
 */
import type { Json } from '../plan/json';
import { isTemplate } from '../plan/template';
import { childrenOf, ExpressionTrees, isTextKey, stepsOf, textsIn, traversalsIn, UNREAD, type Node } from './expression-tree';
import { isPassing, KeptKeys, type Asked, type Scope } from './kept-keys';

/** What most expressions are: a resource by a key as it is. */
const COMMON = /^\$\{(?!(?:local|module|var|each|count|data)\b)[\w-]+\.[\w-]+\[(?:each\.key|count\.index|each\.value(?:\.\w+)*|var\.\w+)\](?:\.\w+)*\}$/;
const MAKES_KEYS = /^(?:each|count|var|local)\./;
const PICKS = /^(?:each|count|path|terraform|self|var)\./;
/** As who reads an expression does: maps of Azure by keys and by names. */
const BY_EITHER: Asked = { byName: true };

export class OwnKeys {
  readonly trees = new ExpressionTrees();
  private readonly kept = new KeptKeys(this.trees);

  /** Whether an attribute's value takes everything that it takes by a key by the key that a plan shows. */
  async isPlain(value: Json | undefined, scope: Scope): Promise<boolean> {
    for (const text of textsIn(value)) {
      if (!isTemplate(text) || COMMON.test(text)) continue;
      for (const part of await this.trees.partsOf(text)) if (!(await this.isPlainTree(part, scope))) return false;
    }
    return true;
  }

  /** Whether what a map, or a list, has by a key is what has that key where it comes from. */
  keepsKeys(value: Json | undefined, scope: Scope): Promise<boolean> {
    return this.kept.of(value, scope);
  }

  private async isPlainTree(node: Node, scope: Scope): Promise<boolean> {
    if (node === UNREAD) return false;
    const { type, meta } = node;
    const children = childrenOf(node);
    if (type === 'scopeTraversal') {
      if (isOwnKey(node)) return false;
      return !hasWrittenKey(node) || this.kept.traversal(stepsOf(node), scope, BY_EITHER);
    }
    const [collection, key, ...others] = children;
    const isIndex = type === 'index' || (type === 'function' && (meta?.name === 'element' || meta?.name === 'lookup'));
    if (isIndex && collection && key) {
      // A function, a condition or a text around the key makes another one of it.
      const isKey = isOwnKey(key) || (key.type === 'scopeTraversal' ? await this.isPlainTree(key, scope) : traversalsIn(key).length === 0);
      const isPlain = isKey && await this.kept.tree(collection, scope, BY_EITHER) && await this.isPlainTree(collection, scope);
      return isPlain && this.arePlain(others, scope);
    }
    // `module.network[each.key].subnet_ids["app"]`
    if (type === 'relativeTraversal' && stepsOf(node).some(isTextKey) && !(await this.kept.tree(node, scope, BY_EITHER))) return false;
    // `local.associations[each.key].route_table_id`
    const [of] = type === 'relativeTraversal' && isPassing(stepsOf(node)[0]) && collection?.type === 'index' ? childrenOf(collection) : [];
    if (of && isHandedOn(of) && !(await this.kept.tree(of, scope, { ...BY_EITHER, passing: true }))) return false;
    return this.arePlain(children, scope);
  }

  private async arePlain(nodes: readonly Node[], scope: Scope): Promise<boolean> {
    for (const node of nodes) if (!(await this.isPlainTree(node, scope))) return false;
    return true;
  }
}

function isOwnKey({ type, meta }: Node): boolean {
  return type === 'scopeTraversal' && /^(?:each\.key|count\.index)$/.test(meta?.fullAccessor ?? '');
}

/** `local.subnets["app"]`, `local.subnets.app`, `module.network["a"].subnets["app"].id`: taken out of what is handed on. */
function hasWrittenKey({ meta }: Node): boolean {
  return isOfHandedOn(meta?.fullAccessor ?? '');
}

/** A local, or a variable; of a module the next name is that of an output. */
function isHandedOn(node: Node): boolean {
  const [root, , ...more] = node.type === 'scopeTraversal' ? stepsOf(node) : [];
  return root?.segment === 'local' || root?.segment === 'var' || (root?.segment === 'module' && more.length > 0);
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

/** `local.subnets["app"]`, `module.network["a"].subnets.app`, but not `module.network["a"].subnets`, nor a number alone. */
function isOfHandedOn(text: string): boolean {
  return /^(?:(?:local|var)\.[\w-]+|module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.[\w-]+)(?:\[\d+\])*(?:\.[\w-]|\[")/u.test(text);
}
