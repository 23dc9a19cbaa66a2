/** YAML text as plain values, with the place of every value a lookup away. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import type { Finding, Path } from './problems';
import { syntaxCause } from './yaml-cause';

/** A problem whose place is known as an offset already. */
export interface PlacedFinding extends Finding {
  readonly line: number;
  readonly column: number;
  readonly value?: string;
  /** The line that it stands on. */
  readonly source?: string;
}

/** Where something stands in a file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text that was read, and what is wrong with it as YAML. */
export interface SourceDocument {
  /** Plain objects, lists and scalars; undefined when the text cannot be trusted to mean anything. */
  readonly value: unknown;
  readonly problems: readonly PlacedFinding[];
  /** Numbers that another reader of YAML may take for others: `0443`, `0x1bb`, `1e3`. */
  readonly oddNumbers: readonly PlacedFinding[];
  /** The place of a value, or of its key; of the nearest thing around it when it is not there. */
  place(path: Path, of?: 'value' | 'key'): Place;
  /** A scalar as it was typed, before YAML made a number of it. */
  typed(path: Path): string | undefined;
}

/** A policy is three levels deep; more is an attack or an accident. */
const DEEPEST = 32;
/** The most values that anchors may repeat. Beyond it a small file could fill the memory. */
const MOST_REPEATED = 100_000;
/** What every reader takes for the same number. */
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;
/** A file of tags repeats itself; nobody reads the hundredth. */
const MOST_WARNINGS = 20;

/** Reads one YAML 1.2 document (core schema: only `true`, `false`, `null` and numbers are not text). */
export function readDocument(source: string): SourceDocument {
  // A byte order mark is no content; editors on Windows still write it. A carriage return alone ends a line, too.
  const text = source.replace(/^\uFEFF/, '').replace(/\r(?!\n)/g, '\n');
  const lines = new LineCounter();
  const reading = new Reading(lines, text);
  const conflict = /^<{7} /m.exec(text);
  if (conflict) return new Unreadable('yaml-conflict', 'git left a conflict here', 'keep the right lines of both sides, and remove those of git (<<<<<<<, =======, >>>>>>>)', text.slice(0, conflict.index).split('\n').length);
  const document = parse(text, lines);
  if (!document) return new Unreadable();
  if (document.errors.length > 0) {
    const { offset, ...cause } = syntaxCause(text, document.errors);
    reading.report(offset, cause);
  }
  for (const warning of document.warnings.slice(0, MOST_WARNINGS)) {
    reading.report(
      warning.pos[0],
      { code: 'yaml-tag', message: lowerFirst(warning.message), fix: 'remove the tag; every value here is plain text, a number, a list or a map' },
    );
  }
  // What a broken text means is a guess, and problems found in a guess only confuse.
  const broken = document.errors.length > 0;
  const value = broken ? undefined : document.contents ? reading.read(document.contents, 0, 0) : null;
  return {
    value: reading.aborted ? undefined : value,
    problems: reading.problems,
    oddNumbers: reading.oddNumbers,
    place: (path, of = 'value') => reading.place(document.contents, path, of),
    typed: (path) => {
      const node = reading.walk(document.contents, path).node;
      return isScalar(node) && typeof node.source === 'string' ? node.source : undefined;
    },
  };
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      stringKeys: true,
      // `Reading` finds duplicates itself: in linear time, and without giving up on the rest.
      uniqueKeys: false,
      prettyErrors: false,
    });
  } catch {
    return undefined; // the parser is recursive and ran out of stack
  }
}

class Unreadable implements SourceDocument {
  readonly value = undefined;
  readonly oddNumbers = [];
  readonly problems: readonly PlacedFinding[];
  constructor(code = 'yaml-syntax', message = 'this is not YAML that can be read', fix = 'correct the YAML; quotes and indentation are the usual suspects', line = 1) {
    this.problems = [{ code, message, fix, line, column: 1 }];
  }
  place = () => ({ line: 1, column: 1 });
  typed = () => undefined;
}

/** One pass over the nodes: to plain values, through anchors, noting what is wrong on the way. */
class Reading {
  readonly problems: PlacedFinding[] = [];
  readonly oddNumbers: PlacedFinding[] = [];
  aborted = false;
  private readonly anchors = new Map<string, Node>();
  private readonly targets = new Map<Node, Node>();
  private repeated = 0;
  /** The alias in the file itself through which the reading goes, when it does. */
  private outermost: Node | undefined;

  constructor(private readonly lines: LineCounter, private readonly text: string) {}

  report(offset: number, finding: Finding, value?: string): void {
    this.problems.push(this.placed(offset, finding, value));
  }

  private placed(offset: number, finding: Finding, value?: string): PlacedFinding {
    const start = this.text.lastIndexOf('\n', offset - 1) + 1;
    const end = this.text.indexOf('\n', offset);
    const source = this.text.slice(offset === 0 ? 0 : start, end < 0 ? undefined : end);
    return { ...finding, ...this.at(offset), source, ...(value === undefined ? {} : { value }) };
  }

  /**
   * @param aliases how many aliases lie around the node; 0 for what stands in the file itself.
   * @param isEntry whether the node is one of a list.
   */
  read(node: unknown, depth: number, aliases: number, isEntry = false): unknown {
    if (this.aborted) return null;
    if (aliases && ++this.repeated > MOST_REPEATED) return this.abort(
      node,
      'yaml-alias-limit',
      'anchors repeat too many values',
      'write the values out',
    );
    if (!aliases) this.outermost = undefined;
    if (depth > DEEPEST) return this.abort(
      node,
      'yaml-too-deep',
      'values are nested too deeply',
      'a policy is three levels deep; remove the nesting',
    );
    if (isAlias(node)) {
      if (!aliases) this.outermost = node;
      const target = this.anchors.get(node.source);
      if (!target) {
        // Nearly always a wildcard: an asterisk means an alias where no quotes stand around it.
        const wildcard = node.source.startsWith('.');
        this.report(
          offsetOf(node),
          wildcard
            ? { code: 'yaml-alias', message: 'begins with an asterisk, which YAML takes for an alias', fix: `put it in quotes: "*${node.source}"` }
            : { code: 'yaml-alias', message: 'no such anchor before this place', fix: `define '&${node.source}' first, or write the value out` },
          `*${node.source}`,
        );
        this.aborted = true;
        return null;
      }
      this.targets.set(node, target);
      return this.read(target, depth + 1, aliases + 1);
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor && !aliases) this.anchors.set(node.anchor, node as Node);
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1, aliases, true));
    if (isMap(node)) return this.readMap(node.items, depth, aliases, isEntry);
    if (isScalar(node) && typeof node.value === 'number' && !aliases && !DECIMAL.test(node.source ?? '')) {
      this.oddNumbers.push(this.placed(offsetOf(node), { code: 'yaml-number', message: `is read as ${node.value} here, and not by every reader of YAML`, fix: `write ${node.value}, if that is meant` }, node.source));
    }
    return isScalar(node) ? node.value : null;
  }

  private readMap(pairs: readonly Pair[], depth: number, aliases: number, isEntry: boolean): Record<string, unknown> | null {
    const result: Record<string, unknown> = {};
    let twice = 0;
    for (const pair of pairs) {
      const key = keyOf(pair);
      if (key === '<<') return this.abort(pair.key, 'yaml-merge', 'a merge key stands here, which YAML 1.2 does not have', 'write the keys out');
      // Of an entry without its dash all keys are there twice; the first one says it.
      if (Object.hasOwn(result, key) && !aliases && twice++ === 0) {
        const fix = isEntry ? "keep one of the two; where another entry begins, write '- ' before it" : 'keep one of the two';
        this.report(offsetOf(pair.key), { code: 'yaml-duplicate-key', message: 'the key is there twice', fix }, key);
      }
      // defineProperty, because assigning to '__proto__' would not make a key of it.
      Object.defineProperty(result, key, { value: this.read(pair.value, depth + 1, aliases), enumerable: true, configurable: true, writable: true });
    }
    return result;
  }

  private abort(node: unknown, code: string, message: string, fix: string): null {
    this.aborted = true;
    this.report(offsetOf(this.outermost ?? node), { code, message, fix });
    return null;
  }

  /** Follows a path as far as it goes. */
  walk(root: unknown, path: Path): { node: unknown; key?: unknown } {
    let node = this.resolve(root);
    let key: unknown;
    for (const step of path) {
      if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
        node = this.resolve(node.items[step]);
        key = undefined;
        continue;
      }
      const pair = isMap(node) ? node.items.findLast((item) => keyOf(item) === String(step)) : undefined;
      if (!pair) return { node, key };
      node = this.resolve(pair.value);
      key = pair.key;
    }
    return { node, key };
  }

  place(root: unknown, path: Path, of: 'value' | 'key'): Place {
    const { node, key } = this.walk(root, path);
    // A key without a value has nothing to point at but the key.
    const empty = !node || (isScalar(node) && node.value === null && !node.source);
    return this.at(offsetOf(key && (of === 'key' || empty) ? key : node));
  }

  private resolve(node: unknown): unknown {
    let target = node;
    for (let hops = 0; isAlias(target) && hops < DEEPEST; hops++) target = this.targets.get(target);
    return target;
  }

  private at(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function offsetOf(node: unknown): number {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range?.[0] ?? 0;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
