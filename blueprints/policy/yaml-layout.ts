/** A broken YAML text as lines: which of them say something, and what is open at a place. */
import { Lexer } from 'yaml';

/** A line that begins outside of quotes, brackets and blocks of text. */
export interface LayoutLine {
  /** Where it begins in the text. */
  readonly offset: number;
  readonly text: string;
  /** Whether it lies in plain text that began on a line before, as far as YAML can tell. */
  readonly continued: boolean;
}

/** A bracket or quote, and where it stands. */
export interface Opening {
  readonly character: string;
  readonly offset: number;
}

/** What the lexer, which refuses nothing, makes of the text. */
export interface Layout {
  /** Without those that are blank or a comment. */
  readonly lines: readonly LayoutLine[];
  /** The innermost bracket that is open at an offset. */
  openBracket(offset: number): Opening | undefined;
  /** The quote that nobody closes; it takes the rest of the text. */
  readonly openQuote: Opening | undefined;
}

/** What the lexer puts in front of text, and at the end of an unfinished bracket. */
const SCALAR = '\u001f';
const UNFINISHED = '\u0018';
const SIGNALS = new Set(['\u0002', UNFINISHED, SCALAR]);
const CLOSING: Readonly<Record<string, string>> = { ']': '[', '}': '{' };

interface Open extends Opening {
  readonly outer: Open | undefined;
}

/** One pass over the tokens. */
export function layoutOf(text: string): Layout {
  const lines: LayoutLine[] = [];
  const brackets: { readonly at: number; readonly open: Open | undefined }[] = [];
  let open: Open | undefined;
  let openQuote: Opening | undefined;
  let offset = 0;
  let isPlain = false;
  const line = (start: number, continued: boolean) => {
    const end = text.indexOf('\n', start);
    const whole = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
    if (!/^\s*(#|$)/.test(whole)) lines.push({ offset: start, text: whole, continued });
  };
  const change = (next: Open | undefined) => {
    open = next;
    brackets.push({ at: offset, open });
  };

  line(0, false);
  for (const token of new Lexer().lex(text)) {
    if (!isPlain && SIGNALS.has(token)) {
      if (token === UNFINISHED) change(undefined);
      isPlain = token === SCALAR;
      continue;
    }
    const first = token[0] ?? '';
    if (!isPlain && (token === '[' || token === '{')) change({ character: token, offset, outer: open });
    if (!isPlain && CLOSING[token] !== undefined && open?.character === CLOSING[token]) change(open?.outer);
    const quoted = !isPlain && (first === '"' || first === "'");
    if (quoted && (token.length === 1 || !token.trimEnd().endsWith(first))) openQuote = { character: first, offset };
    const isBreak = !isPlain && /^\r?\n$/.test(token);
    // Text of blocks ends with its line; plain text never does.
    const isBlock = isPlain && token.endsWith('\n');
    if (!open && !quoted) {
      if (isBreak || isBlock) line(offset + token.length, false);
      else if (isPlain) for (const { index } of token.matchAll(/\n/g)) line(offset + index + 1, true);
    }
    offset += token.length;
    isPlain = false;
  }
  return {
    lines,
    openBracket: (at) => brackets.findLast((change) => change.at < at)?.open,
    openQuote,
  };
}
