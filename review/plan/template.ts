/**
 * Templates of Terraform's JSON syntax: `${aws_nat_gateway.n.id}`, also in the middle of a JSON
 * policy. A template is read for what it refers to and is never a value.
 */
import { nameAt, stepsAt, type Step } from './traversal';

export interface Template {
  /** The text itself, escapes undone, when nothing in it is computed. */
  readonly literal?: string;
  /** Everything that it names, in order, each once per place. */
  readonly traversals: readonly (readonly Step[])[];
  /**
   * True when each `${…}` is one reference and nothing else, so that all of them are meant.
   * A condition or a function call may pick among what it names.
   */
  readonly plain: boolean;
  /** True when the text nests so deep that its references were not all read. */
  readonly incomplete: boolean;
}

/** Templates in strings in templates; nobody writes four. */
const DEEPEST_TEMPLATE = 50;

/** Words of the expression language that begin no reference. */
const WORDS = new Set(['for', 'in', 'if', 'else', 'endif', 'endfor', 'true', 'false', 'null']);

/** True for a text that has a template in it, or looks like it. */
export function isTemplate(text: string): boolean {
  return text.includes('${') || text.includes('%{');
}

/** Reads a template. A broken one, which Terraform would refuse, is read for as long as it lasts. */
export function parseTemplate(text: string): Template {
  if (!isTemplate(text)) return { literal: text, traversals: [], plain: true, incomplete: false };
  const reader = new TemplateReader(text);
  const { literal, computed, plain } = reader.template(0, undefined);
  return { ...(computed ? {} : { literal }), traversals: reader.traversals, plain, incomplete: reader.incomplete };
}

class TemplateReader {
  readonly traversals: (readonly Step[])[] = [];
  incomplete = false;
  private depth = 0;
  /** Names that a `for` binds: `s` in `[for s in aws_subnet.b : s.id]`. */
  private readonly bound = new Set<string>();

  constructor(private readonly text: string) {}

  /** Reads text up to a closing quote, or to the end. */
  template(start: number, quote: '"' | undefined): { end: number; literal: string; computed: boolean; plain: boolean } {
    const { text } = this;
    let computed = false;
    let plain = true;
    let literal = '';
    let at = start;
    while (at < text.length) {
      const letter = text[at] as string;
      if (quote && letter === quote) return { end: at + 1, literal, computed, plain };
      if (quote && letter === '\\') {
        literal += text.slice(at, at + 2);
        at += 2;
      } else if ((letter === '$' || letter === '%') && text[at + 1] === letter && text[at + 2] === '{') {
        literal += `${letter}{`;
        at += 3;
      } else if ((letter === '$' || letter === '%') && text[at + 1] === '{') {
        const first = this.traversals.length;
        const end = this.nested(at + 2);
        const inside = text.slice(at + 2, end - 1).replace(/^~|~$/g, '').trim();
        const isOne = stepsAt(inside, nameAt(inside, 0)?.length ?? 0).end === inside.length;
        computed = true;
        plain &&= letter === '$' && isOne && this.traversals.length === first + 1;
        at = end;
      } else {
        literal += letter;
        at += 1;
      }
    }
    return { end: at, literal, computed, plain };
  }

  private nested(start: number): number {
    if (this.depth >= DEEPEST_TEMPLATE) {
      this.incomplete = true;
      return this.text.length;
    }
    this.depth += 1;
    const end = this.expression(start);
    this.depth -= 1;
    return end;
  }

  /** Reads an expression up to the brace that closes it; returns the place behind. */
  private expression(start: number): number {
    const { text } = this;
    // Brackets that are open: a string in brackets is a key, and braces may be an object's.
    let open = 0;
    let binding = false;
    let at = start;
    while (at < text.length) {
      const letter = text[at] as string;
      const name = nameAt(text, at);
      if (letter === '"') at = this.template(at + 1, '"').end;
      else if (letter === '{') {
        open += 1;
        at += 1;
      } else if (letter === '}') {
        at += 1;
        if (open === 0) return at;
        open -= 1;
      } else if (letter === '.' && nameAt(text, at + 1) !== undefined) {
        // An attribute of what a splat, a call or a computed index gave.
        at = stepsAt(text, at).end;
      } else if (name !== undefined) {
        if (name === 'for') binding = true;
        else if (name === 'in') binding = false;
        else if (binding) this.bound.add(name);
        at = this.name(at, name);
      } else if (/[0-9]/.test(letter)) at += /[0-9.eE]+/.exec(text.slice(at, at + 40))?.[0].length ?? 1;
      else at += 1;
    }
    return at;
  }

  /** A name: a word of the language, a function, an object's key, a bound name, or a reference. */
  private name(at: number, name: string): number {
    const { text } = this;
    const { steps, end } = stepsAt(text, at + name.length, [{ kind: 'name', name }]);
    if (WORDS.has(name) && steps.length === 1) return end;
    if (steps.length === 1) return end;
    if (!this.bound.has(name)) this.traversals.push(steps);
    return end;
  }
}
