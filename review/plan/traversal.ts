/**
 * Terraform's way of pointing: `module.net["a.b"].aws_vpc.x["k[0].z"].id`. Keys may hold dots,
 * brackets and quotes, so nothing here ever splits on a dot.
 */

/** One step: an attribute's or block's name, a number, or a string in brackets. */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly key: string };

const NAME = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /\d+/y;

/** The steps of a whole text, or undefined when it is anything else. */
export function parseTraversal(text: string): readonly Step[] | undefined {
  const first = nameAt(text, 0);
  if (first === undefined) return undefined;
  const { steps, end } = stepsAt(text, first.length, [{ kind: 'name', name: first }]);
  return end === text.length ? steps : undefined;
}

/**
 * Reads steps from a place in a text for as long as there are any; `end` is where they stop.
 * A splat or a computed index is no step.
 */
export function stepsAt(text: string, start: number, before: readonly Step[] = []): { readonly steps: readonly Step[]; readonly end: number } {
  const steps = [...before];
  let at = start;
  for (;;) {
    const read = stepAt(text, at);
    if (!read) return { steps, end: at };
    steps.push(read.step);
    at = read.end;
  }
}

function stepAt(text: string, at: number): { step: Step; end: number } | undefined {
  if (text[at] === '.') {
    const name = nameAt(text, at + 1);
    if (name !== undefined) return { step: { kind: 'name', name }, end: at + 1 + name.length };
    // `aws_x.y.0.id`, as Terraform 0.11 wrote it.
    const digits = match(NUMBER, text, at + 1);
    return digits === undefined ? undefined : { step: { kind: 'index', index: Number(digits) }, end: at + 1 + digits.length };
  }
  if (text[at] !== '[') return undefined;
  const digits = match(NUMBER, text, at + 1);
  if (digits !== undefined) {
    const end = at + 1 + digits.length;
    return text[end] === ']' ? { step: { kind: 'index', index: Number(digits) }, end: end + 1 } : undefined;
  }
  const quoted = quotedAt(text, at + 1);
  return quoted && text[quoted.end] === ']' ? { step: { kind: 'key', key: quoted.value }, end: quoted.end + 1 } : undefined;
}

export function nameAt(text: string, at: number): string | undefined {
  return match(NAME, text, at);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'], ['r', '\r'], ['t', '\t'], ['"', '"'], ['\\', '\\'],
  // Go's %q, with which Terraform writes keys in lists of references.
  ['a', '\x07'], ['b', '\b'], ['f', '\f'], ['v', '\v'],
]);
const CODE_DIGITS: ReadonlyMap<string, number> = new Map([['x', 2], ['u', 4], ['U', 8]]);

/** A quoted string without interpolation; undefined when it has one, or does not end. */
function quotedAt(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  if (text[start] !== '"') return undefined;
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (letter === '"') return { value, end: at + 1 };
    if (letter === '$' || letter === '%') {
      if (text[at + 1] === '{') return undefined;
      if (text[at + 1] === letter && text[at + 2] === '{') at += 1;
      value += letter;
      if (text[at + 1] === '{') {
        value += '{';
        at += 1;
      }
    } else if (letter === '\\') {
      at += 1;
      const escape = text[at] ?? '';
      const plain = ESCAPES.get(escape);
      const digits = CODE_DIGITS.get(escape);
      if (plain !== undefined) value += plain;
      else if (digits !== undefined) {
        const code = text.slice(at + 1, at + 1 + digits);
        if (!/^[0-9a-fA-F]+$/.test(code) || code.length !== digits || parseInt(code, 16) > 0x10ffff) return undefined;
        value += String.fromCodePoint(parseInt(code, 16));
        at += digits;
      } else return undefined;
    } else value += letter;
  }
  return undefined;
}

/** A string as Terraform writes it in an address. */
function quote(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    // A lone surrogate is no character: it is written by its number, like what does not print.
    .replace(/(?! )[\p{C}\p{Z}]/gu, (character) => {
      const code = character.codePointAt(0) as number;
      return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    })
    .replace(/[$%](?=\{)/g, '$&$&');
  return `"${escaped}"`;
}

/** `.name`, `[0]` and `["key"]`, joined; the first name has no dot. */
export function printTraversal(steps: readonly Step[]): string {
  return steps.map((step, index) => {
    if (step.kind === 'name') return index === 0 ? step.name : `.${step.name}`;
    return step.kind === 'index' ? `[${step.index}]` : `[${quote(step.key)}]`;
  }).join('');
}
