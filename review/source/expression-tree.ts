/** Expressions as trees: what the parser makes of a text, and what stands in it. */
import { getExpressionAst } from '@cdktf/hcl2json';
import { isList, isObject, type Json } from '../plan/json';
import { withBeginnings } from '../plan/reference';
import { isTemplate } from '../plan/template';

export interface Step {
  readonly type: string;
  readonly segment: string;
}

/** Of the parser's tree what is looked at. https://github.com/hashicorp/terraform-cdk/tree/main/packages/%40cdktf/hcl2json */
export interface Node {
  readonly type: string;
  readonly children?: readonly (Node | null)[] | null;
  readonly meta?: {
    readonly fullAccessor?: string;
    readonly traversal?: readonly Step[];
    readonly name?: string;
    readonly keyVar?: string;
    readonly valVar?: string;
    readonly keyExpression?: string;
    readonly conditionalExpression?: string;
    readonly groupedValue?: boolean;
    readonly items?: Readonly<Record<string, string>>;
  } | null;
}

/** What no parser reads as it stands. */
export const UNREAD: Node = { type: 'unread' };

/** What most expressions are: `aws_subnet.s["app"].id`. The parser takes a millisecond for each. */
const TRAVERSAL = /^\$\{\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\["[^"\\$%]*"\]|\[\d+\])+)\s*\}$/;
const STEP = /\.?([A-Za-z_][\w-]*)|\[("[^"]*"|\d+)\]/g;

/** Reads expressions; remembers each by its text. */
export class ExpressionTrees {
  private readonly trees = new Map<string, Promise<Node | undefined>>();

  /** Undefined where the text is no single expression. */
  of(text: string): Promise<Node | undefined> {
    let found = this.trees.get(text);
    if (!found) this.trees.set(text, (found = treeOf(text)));
    return found;
  }

  /** What the templates in a text hold; an expression that stands alone, or each of several. */
  async partsOf(text: string): Promise<readonly Node[]> {
    const whole = await this.of(text);
    if (whole) return [whole];
    // `${azurerm_virtual_network.v.id}/subnets/${each.key}`: a whole word of an id is the key itself.
    const words = text.replace(/(^|\/)\$\{\s*each\.key\s*\}(?=\/|$)/g, '$1');
    const parts = await Promise.all([...words.matchAll(/\$\{[^{}]*\}/g)].map(([part]) => this.of(part)));
    const isRead = !isTemplate(words.replace(/\$\{[^{}]*\}/g, '')) && parts.every((part) => part !== undefined);
    return isRead ? parts as readonly Node[] : [UNREAD];
  }

  /** All that a value names, as a plan lists it: each with its own beginnings; undefined where something in it cannot be read. */
  async references(value: Json): Promise<readonly string[] | undefined> {
    const found = new Set<string>();
    for (const text of [...textsIn(value), ...keysIn(value)]) {
      if (!isTemplate(text)) continue;
      for (const part of await this.partsOf(text)) {
        if (part === UNREAD) return undefined;
        for (const name of namesIn(part, [])) found.add(name);
      }
    }
    return [...found].flatMap(withBeginnings);
  }
}

async function treeOf(text: string): Promise<Node | undefined> {
  const [, plain] = TRAVERSAL.exec(text) ?? [];
  if (plain !== undefined) {
    const traversal = [...plain.matchAll(STEP)].map(([, name, key]): Step => (name === undefined ? { type: 'indexTraversal', segment: key as string } : { type: 'nameTraversal', segment: name }));
    return { type: 'scopeTraversal', children: [], meta: { fullAccessor: plain, traversal } };
  }
  const [, inside] = /^\$\{([\s\S]*)\}$/.exec(text) ?? [];
  if (inside === undefined) return undefined;
  try {
    return (await getExpressionAst('expression.tf', inside.trim()) as Node | null) ?? undefined;
  } catch {
    // `${a}-${b}` begins and ends as a template and is no expression.
    return undefined;
  }
}

export function childrenOf({ children }: Node): readonly Node[] {
  return (children ?? []).filter((each): each is Node => each !== null);
}

export function traversalsIn(node: Node): readonly Node[] {
  return node.type === 'scopeTraversal' ? [node] : childrenOf(node).flatMap(traversalsIn);
}

export function stepsOf({ meta }: Node): readonly Step[] {
  return meta?.traversal ?? [];
}

/** `["app"]`, not `[0]`. */
export function isTextKey({ type, segment }: Step): boolean {
  return type === 'indexTraversal' && /^\[?"/.test(segment);
}

/** The name, or the key, that a step says. */
export function said({ type, segment }: Step): string {
  return type === 'indexTraversal' ? segment.replace(/^\[?"?|"?\]?$/g, '') : segment.replace(/^\./, '');
}

/** What it names but for what a loop around it binds. */
function namesIn(node: Node, bound: readonly string[]): readonly string[] {
  const { type, meta } = node;
  if (type === 'scopeTraversal') return bound.includes(meta?.traversal?.[0]?.segment ?? '') ? [] : [meta?.fullAccessor ?? ''];
  const inside = type === 'for' ? [...bound, meta?.keyVar ?? '', meta?.valVar ?? ''] : bound;
  return childrenOf(node).flatMap((each, at) => namesIn(each, at === 0 ? bound : inside));
}

/** Every text in a value. */
export function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Every key in a value: `{ (aws_vpc.main.id) = 1 }` has a template there. */
export function keysIn(value: Json | undefined): readonly string[] {
  if (isList(value)) return value.flatMap(keysIn);
  return isObject(value) ? [...Object.keys(value), ...Object.values(value).flatMap(keysIn)] : [];
}
