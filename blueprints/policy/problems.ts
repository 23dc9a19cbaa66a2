/** What can be wrong with a policy file, and how it is written down. */
import { compare } from './rules';

/** What a check finds, before anybody knows where in the file it is. */
export interface Finding {
  /** Stable, kebab-case: tools and tests may rely on it. */
  readonly code: string;
  /** What is wrong, lower case, without the value (that is printed before it). */
  readonly message: string;
  /** The way out. */
  readonly fix: string;
}

/** An `error` means that there is no policy; a `warning` that somebody should look. */
export type Severity = 'error' | 'warning';

/** Where a value sits in the tree: `['allow', 2, 'host']`. */
export type Path = readonly (string | number)[];

/** One problem of a policy file or of its lock file. */
export interface PolicyProblem extends Finding {
  readonly severity: Severity;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units, as editors count. */
  readonly column: number;
  /** `allow[2].host`; empty for the file as a whole. */
  readonly path: string;
  /** The bad value, printable and cut to a readable length; absent when nothing was written. */
  readonly value?: string;
  /** The line of the file, where its layout is what is wrong. */
  readonly source?: string;
}

/** The longest value that a message repeats. */
const LONGEST_VALUE = 80;

/** Everything a terminal or a reviewer could be fooled by: controls, bidi marks, zero-width, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** True when the text holds only what can be seen. */
export function isPrintable(text: string): boolean {
  return text.search(UNPRINTABLE) < 0;
}

/** Writes characters that cannot be seen, or that steer a terminal, as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** A value as messages repeat it: printable, one line, not longer than a person reads. */
export function excerpt(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
  const characters = [...text.slice(0, 2 * LONGEST_VALUE + 2)];
  const cut = characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}…` : text;
  return printable(cut);
}

/** `['allow', 2, 'host']` as `allow[2].host`. */
export function pathText(path: Path): string {
  return path
    .map((step, depth) => (typeof step === 'number' ? `[${step}]` : depth ? `.${excerpt(step)}` : excerpt(step)))
    .join('');
}

/** In the order of the file, each problem once. */
export function sortProblems(problems: readonly PolicyProblem[]): PolicyProblem[] {
  const seen = new Set<string>();
  const once = problems.filter((problem) => {
    const { code, file, line, column, value, message } = problem;
    const key = JSON.stringify([code, file, line, column, value, message]);
    return !seen.has(key) && seen.add(key);
  });
  return once.sort(
    (a, b) =>
      compare(a.file, b.file)
      || a.line - b.line
      || a.column - b.column
      || compare(a.path, b.path)
      || compare(a.code, b.code)
      || compare(a.message, b.message),
  );
}

/**
 * One text per problem: `egress.yaml:7:11 allow[2].host '*.com': what is wrong → the way out`. Where the
 * layout of a line is wrong, two lines follow: the line itself, and a caret below the place.
 */
export function formatProblems(problems: readonly PolicyProblem[]): readonly string[] {
  return problems.map(formatProblem);
}

function formatProblem({ severity, file, line, column, path, value, message, fix, source }: PolicyProblem): string {
  const place = `${file}:${line}:${column}`;
  const subject = [path, value === undefined ? '' : `'${value}'`].filter(Boolean).join(' ');
  const level = severity === 'warning' ? 'warning: ' : '';
  const text = printable(`${place} ${level}${subject ? `${subject}: ` : ''}${message} → ${fix}`);
  return source === undefined ? text : `${text}\n${pointedAt(source, line, column)}`;
}

/** How much of a line is shown before and after its problem. */
const SHOWN = 60;

/** The part of a line around a column, and a caret below it. */
function pointedAt(source: string, line: number, column: number): string {
  const start = Math.max(0, column - 1 - SHOWN);
  const before = `${start > 0 ? '…' : ''}${printable(source.slice(start, column - 1))}`;
  const rest = source.slice(column - 1, column - 1 + SHOWN);
  const margin = `  ${line} | `;
  return `${margin}${before}${printable(rest)}${source.length > column - 1 + SHOWN ? '…' : ''}\n${' '.repeat(margin.length - 2)}| ${' '.repeat([...before].length)}^`;
}
