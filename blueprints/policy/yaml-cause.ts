/** Why a text is no YAML: the one place that a person has to change. */
import type { YAMLParseError } from 'yaml';
import { excerpt, type Finding } from './problems';
import { layoutOf, type Layout, type LayoutLine } from './yaml-layout';

/** A cause, and where it stands in the text. */
export interface SyntaxCause extends Finding {
  readonly offset: number;
}

const SYNTAX = 'yaml-syntax';

/** A host that begins with it is the likeliest reason; the same code stands for other faults of anchors. */
const ASTERISK = { code: 'yaml-alias', message: 'an asterisk stands here, which YAML takes for an alias', fix: 'put text that begins with it in quotes' };

const BY_CODE: Readonly<Record<string, Finding>> = {
  MULTIPLE_DOCS: { code: 'yaml-multiple-documents', message: 'the file holds more than one document', fix: "keep one document; remove the '---' line" },
  RESOURCE_EXHAUSTION: { code: 'yaml-too-deep', message: 'values are nested too deeply', fix: 'a policy is three levels deep; remove the nesting' },
  NON_STRING_KEY: { code: 'yaml-key', message: 'a key is not text', fix: "write keys as plain names such as 'host'" },
  TAB_AS_INDENT: { code: 'yaml-tab', message: 'a tab is used for indentation', fix: 'indent with spaces' },
};

/** The parser's words, as far as people meet them, and what to do. */
const BY_MESSAGE: readonly (readonly [words: RegExp, message: string, fix: string])[] = [
  [/cannot start with/, 'text begins with a character that YAML keeps for itself', 'put the text in quotes'],
  [/^Not a YAML token|^Block scalar header/, "'>' or '|' stands here, which begins a block of lines", 'put text that begins with it in quotes'],
  [/^Comments must be separated/, "'#' begins a comment only after a space", 'put a space before it, or the text in quotes'],
  [/^Unexpected scalar at node end/, 'something follows a value that has ended', 'put the whole value in quotes, and write a quote inside of them twice'],
];

/**
 * The cause of a text's errors. A parser reports what it trips over, several times and often lines
 * later: a wrong indent ends a value that nobody meant to end. So the lines are read first, as people
 * read them, up to where the parser gave up.
 *
 * @param errors of the parser, at least one.
 */
export function syntaxCause(text: string, errors: readonly YAMLParseError[]): SyntaxCause {
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  // Where the parser gave up says more about the stack than about the text.
  if (exhausted) return { ...BY_CODE['RESOURCE_EXHAUSTION']!, offset: 0 };
  const [first] = [...errors].sort((a, b) => a.pos[0] - b.pos[0]);
  const { code, message } = first!;
  const offset = first!.pos[0];
  if (code === 'BAD_ALIAS' && text[offset] === '*') return { ...ASTERISK, offset };
  const layout = layoutOf(text);
  return lineCause(layout, offset) ?? openCause(layout, message, offset) ?? templateCause(text, offset) ?? {
    ...(BY_CODE[code] ?? worded(message)),
    offset,
  };
}

function worded(message: string): Finding {
  const [, said, fix] = BY_MESSAGE.find(([words]) => words.test(message)) ?? [];
  if (said !== undefined && fix !== undefined) return { code: SYNTAX, message: said, fix };
  return { code: SYNTAX, message: excerpt(message.charAt(0).toLowerCase() + message.slice(1)), fix: 'correct the YAML; quotes and indentation are the usual suspects' };
}

/** A quote or bracket that nobody closes is told where it was opened. */
function openCause({ openQuote, openBracket }: Layout, message: string, offset: number): SyntaxCause | undefined {
  if (openQuote && /closing .quote/.test(message)) {
    return { code: SYNTAX, message: 'a quote is opened here and never closed', fix: `add ${openQuote.character} where the text ends`, offset: openQuote.offset };
  }
  const bracket = /^Flow /.test(message) ? openBracket(offset) : undefined;
  if (!bracket) return undefined;
  const end = bracket.character === '[' ? ']' : '}';
  return { code: SYNTAX, message: `'${bracket.character}' is opened here and not closed`, fix: `add '${end}' where the ${end === ']' ? 'list' : 'map'} ends`, offset: bracket.offset };
}

/** `{{ region }}`: nobody rendered the template. */
function templateCause(text: string, offset: number): SyntaxCause | undefined {
  const start = text.lastIndexOf('\n', offset) + 1;
  const at = text.slice(start, (text.indexOf('\n', start) + 1 || text.length + 1) - 1).search(/\{\{|\{%/);
  if (at < 0) return undefined;
  return { code: SYNTAX, message: 'a template stands here, and nothing fills it in', fix: 'render the template first, or put the text in quotes', offset: start + at };
}

/** The first line, no later than the second that begins after the parser's first error, that does not fit those before it. */
function lineCause({ lines }: Layout, offset: number): SyntaxCause | undefined {
  const open: Level[] = [];
  let awaits = true;
  const last = lines.findIndex((line) => line.offset > offset) + 1;
  for (const line of last > 0 ? lines.slice(0, last + 1) : lines) {
    const parts = partsOf(line);
    const cause = wrongCharacter(line) ?? wrongIndent(line, parts, open, awaits) ?? wrongText(line, parts);
    if (cause) return cause;
    if (parts.levels.length > 0) ({ awaits } = parts);
  }
  return undefined;
}

/** An open list or map, and the column of its entries. */
interface Level {
  readonly column: number;
  readonly isList: boolean;
}

interface Parts {
  /** What the line goes on with or begins: lists by its dashes, a map by its key. */
  readonly levels: readonly Level[];
  /** Whether the value of its last key or dash is to follow on the next lines. */
  readonly awaits: boolean;
  /** What stands after dashes and key, and where. */
  readonly value: string;
  readonly valueColumn: number;
}

const KEY = /^(?:"[^"]*"\s*|'[^']*'\s*|[^\s"'[{#&*!|>%@`-](?:[^:#]|:(?!\s|$)|(?<!\s)#)*):(?=\s|$)\s*/;
/** Nothing, a comment, or an anchor or tag of what follows. */
const NOTHING = /^(?:[&!]\S*\s*)?(?:#.*)?$/;

function partsOf({ text }: LayoutLine): Parts {
  const levels: Level[] = [];
  let column = /^ */.exec(text)![0].length;
  for (let dash = /^-(?:\s+|$)/.exec(text.slice(column)); dash; dash = /^-(?:\s+|$)/.exec(text.slice(column))) {
    levels.push({ column, isList: true });
    column += dash[0].length;
  }
  const key = KEY.exec(text.slice(column));
  if (key) levels.push({ column, isList: false });
  const valueColumn = column + (key?.[0].length ?? 0);
  const value = text.slice(valueColumn);
  return { levels, awaits: NOTHING.test(value), value, valueColumn };
}

/** Characters at the beginning that look like those of YAML. */
function wrongCharacter({ text, offset, continued }: LayoutLine): SyntaxCause | undefined {
  const [, before = '', odd = ''] = /^( *)(\s?)/.exec(text)!;
  const at = offset + before.length;
  if (odd && continued && !KEY.test(text.trim())) return undefined;
  if (odd === '\t') return { ...BY_CODE['TAB_AS_INDENT']!, offset: at };
  if (odd) {
    const hex = odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return { code: 'yaml-space', message: `the line begins with U+${hex}, which looks like a space and is none`, fix: 'indent with plain spaces', offset: at };
  }
  const dash = continued ? null : /^-(?![\s-]|$)|^[\u2010-\u2015\u2212]/u.exec(text.slice(before.length));
  if (!dash) return undefined;
  const message = dash[0] === '-' ? 'a dash stands here without a space after it' : `'${dash[0]}' stands here, which looks like a hyphen and is none`;
  return { code: SYNTAX, message, fix: "write '- ' before an entry of a list", offset: at };
}

/** Ends the levels that the line leaves and opens those that it begins, or says why it does neither. */
function wrongIndent({ offset }: LayoutLine, { levels }: Parts, open: Level[], awaits: boolean): SyntaxCause | undefined {
  const [level] = levels;
  if (!level) return undefined;
  const { column, isList } = level;
  const before = [...open];
  while (open.length > 0 && open.at(-1)!.column > column) open.pop();
  const same = open.findLastIndex((each) => each.column === column && each.isList === isList);
  if (same >= 0) {
    open.splice(same + 1, Infinity, ...levels.slice(1));
    return undefined;
  }
  const top = open.at(-1);
  // A list may stand right below the key that it belongs to, indented or not.
  const begins = awaits && (column > (before.at(-1)?.column ?? -1) || (isList && top?.column === column));
  if (begins) {
    open.push(...levels);
    return undefined;
  }
  const at = offset + column;
  if (top?.column === column) {
    return isList
      ? { code: 'yaml-indent', message: 'an entry of a list stands where keys stand', fix: 'remove the dash, or indent the line like the entries before it', offset: at }
      : { code: 'yaml-indent', message: 'a key stands where entries of a list stand', fix: "write '- ' before it, or indent the line like the other keys of its entry", offset: at };
  }
  const [nearest] = before.filter((each) => each.isList === isList).sort((a, b) => Math.abs(a.column - column) - Math.abs(b.column - column));
  return {
    code: 'yaml-indent',
    message: `the line is indented by ${spaces(column)}, and fits no line before it`,
    fix: nearest ? `indent it by ${spaces(nearest.column)}, as the other ${isList ? 'entries' : 'keys'} are` : 'indent it like the lines that it belongs to',
    offset: at,
  };
}

function spaces(count: number): string {
  return count === 0 ? 'no space' : count === 1 ? '1 space' : `${count} spaces`;
}

/** A key without its colon, and a colon in plain text. */
function wrongText({ offset, continued }: LayoutLine, { levels, value, valueColumn }: Parts): SyntaxCause | undefined {
  const at = offset + valueColumn;
  if (levels.at(-1)?.isList === false) {
    const colon = /^["'[{|>&*!#]/.test(value) ? null : /:\s/.exec(value.replace(/\s#.*$/, ''));
    return colon ? { code: SYNTAX, message: 'the text holds a colon and a space, which makes it a key', fix: 'put the text in quotes', offset: at + colon.index } : undefined;
  }
  if (continued) return undefined;
  const tight = /^([A-Za-z]+):([^\s/].*)$/.exec(value);
  if (tight) return { code: SYNTAX, message: 'a colon stands here without a space after it', fix: `write '${tight[1]}: ${tight[2]}'`, offset: at + tight[1]!.length };
  const loose = levels.length === 0 ? /^([A-Za-z]+)\s+([^\s:][^:]*)$/.exec(value) : null;
  return loose ? { code: SYNTAX, message: 'a key stands here without a colon', fix: `write '${loose[1]}: ${loose[2]}'`, offset: at } : undefined;
}
