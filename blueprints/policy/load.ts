/** The policy file in, the policy out; or everything that is wrong with it, at once. */
import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { canonicalPolicy } from './canonical';
import { declaredSegments } from './check-context';
import { checkPolicy } from './check-policy';
import { currentDay, isDate } from './dates';
import { readDocument, type PlacedFinding, type SourceDocument } from './document';
import { lockPath, lockText, readLock, type AddressLock } from './slots';
import type { Policy } from './model';
import { excerpt, pathText, sortProblems, type PolicyProblem, type Severity } from './problems';
import { policySchema, type PolicyInput } from './schema';
import { schemaFindings, withoutRefused, type LocatedFinding, type Sound } from './schema-findings';

/** What came of reading a policy. */
export type LoadResult =
  | {
      readonly ok: true;
      /** Frozen, all the way down. */
      readonly policy: Policy;
      readonly warnings: readonly PolicyProblem[];
      /** What the lock file has to hold from now on. */
      readonly lock: AddressLock;
      /** True when that is not what it holds, or when there is none: see `writeLock`. */
      readonly lockChanged: boolean;
    }
  | {
      readonly ok: false;
      /** Errors, in the order of the file; never empty. */
      readonly problems: readonly PolicyProblem[];
      readonly warnings: readonly PolicyProblem[];
    };

/** How to read a policy. */
export interface ParseOptions {
  /** The file's name in messages. */
  readonly file: string;
  /** The day on which rules expire or not, `YYYY-MM-DD`. Default: today, in UTC. */
  readonly today?: string;
  /** The slots that were given out. Default: none. */
  readonly lock?: AddressLock;
}

/** Ten thousand rules take one. */
const LARGEST_FILE = 16 * 1024 * 1024;

/**
 * Reads a policy from text. No text makes it throw.
 *
 * @throws RangeError when `today` is no day: a wrong one would let expired rules live on
 */
export function parsePolicy(text: string, options: ParseOptions): LoadResult {
  const { file, today = currentDay(), lock } = options;
  if (!isDate(today)) throw new RangeError(`'${today}' is not a date; write it as YYYY-MM-DD`);
  const document = readDocument(text);
  const placed = document.problems.map((problem) => ofText(problem, file));
  if (document.value === undefined) return failure(placed, []);
  if (typeof document.value !== 'object' || document.value === null || Array.isArray(document.value)) {
    return failure([...placed, notAPolicy(document.value, file)], []);
  }
  const errors = placed;
  const warnings: PolicyProblem[] = [];
  const report = (severity: Severity, finding: LocatedFinding) => {
    (severity === 'error' ? errors : warnings).push(inFile(document, file, severity, finding));
  };

  const parsed = policySchema.safeParse(document.value);
  const refused = schemaFindings(document.value, parsed.error?.issues ?? [], policySchema, document.typed);
  refused.forEach((finding) => report('error', finding));
  const segments = declaredSegments(document.value);
  // A number that is refused anyway needs no second reason.
  errors.push(...document.oddNumbers.filter(({ line, column }) => !errors.some((error) => error.line === line && error.column === column)).map((problem) => ofText(problem, file)));
  const input = withoutRefused<PolicyInput>(document.value, refused);
  if (input) {
    checkPolicy(input, {
      today,
      segments,
      error: (path, code, message, fix, value) => report('error', { path, code, message, fix, value, of: 'value' }),
      warning: (path, code, message, fix, value) => report('warning', { path, code, message, fix, value, of: 'value' }),
      where: (path) => `${pathText(path)} (line ${document.place(path).line})`,
    });
  }
  if (errors.length || !parsed.success) return failure(errors, warnings);

  const canonical = canonicalPolicy(parsed.data, lock, (rule) => ({ file, ...document.place(['allow', rule]) }));
  return {
    ok: true,
    policy: canonical.policy,
    warnings: sortProblems(warnings),
    lock: canonical.lock,
    lockChanged: !lock || lockText(lock) !== lockText(canonical.lock),
  };
}

/**
 * Reads a policy and the lock file beside it (`egress.yaml`, `egress.lock.json`). Writes nothing,
 * and no file makes it throw.
 */
export function loadPolicyFile(path: string, options: { readonly today?: string } = {}): LoadResult {
  const source = readSource(path);
  if (!source.ok) return failure([source.problem], []);
  const lock = readLock(lockPath(path));
  const result = parsePolicy(source.text, { ...options, file: path, ...(lock?.ok ? { lock: lock.lock } : {}) });
  if (!lock || lock.ok) return result;
  return failure([...(result.ok ? [] : result.problems), ...lock.problems], result.warnings);
}

/** A policy as it is written: what of it is sound, and where everything stands. Undefined for what is no policy at all. */
export function readInput(text: string): { readonly input: Sound<PolicyInput>; readonly document: SourceDocument } | undefined {
  const document = readDocument(text);
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const input = withoutRefused<PolicyInput>(value, schemaFindings(value, policySchema.safeParse(value).error?.issues ?? [], policySchema, document.typed));
  return input ? { input, document } : undefined;
}

function failure(problems: readonly PolicyProblem[], warnings: readonly PolicyProblem[]): LoadResult {
  return { ok: false, problems: sortProblems(problems), warnings: sortProblems(warnings) };
}

function ofText({ value, ...problem }: PlacedFinding, file: string): PolicyProblem {
  return { ...problem, severity: 'error', file, path: '', ...(value === undefined ? {} : { value: excerpt(value) }) };
}

function inFile(document: SourceDocument, file: string, severity: Severity, finding: LocatedFinding): PolicyProblem {
  const { code, message, fix, path, of, value } = finding;
  return {
    code,
    severity,
    file,
    ...document.place(path, of),
    path: pathText(path),
    ...(value === undefined ? {} : { value: excerpt(value) }),
    message,
    fix,
  };
}

function notAPolicy(value: unknown, file: string): PolicyProblem {
  const place = { severity: 'error', file, line: 1, column: 1, path: '' } as const;
  const fix = "start with 'organization:', 'segments:' and 'environments:'; docs/policy.md has an example";
  if (value === null) return { code: 'empty-file', ...place, message: 'the file holds no policy', fix };
  return { code: 'not-a-map', ...place, message: `the file holds ${Array.isArray(value) ? 'a list' : 'a single value'}, not a policy`, fix };
}

type Source = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: PolicyProblem };

/** The text of a file, or why there is none. */
export function readSource(path: string): Source {
  const fail = (code: string, message: string, fix: string, { line, column } = { line: 1, column: 1 }): Source => ({
    ok: false,
    problem: { code, severity: 'error', file: path, line, column, path: '', message, fix },
  });
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const stat = fstatSync(file);
    const { size } = stat;
    if (stat.isDirectory()) return fail('file-is-directory', 'this is a folder', "name the file in it, such as 'egress.yaml'");
    if (!stat.isFile()) return fail('file-unreadable', 'this is not a regular file', 'name a file on disk');
    if (size > LARGEST_FILE) return fail('file-too-large', `the file has ${size} bytes`, `a policy has at most ${LARGEST_FILE}`);
    const bytes = readFileSync(file);
    if (isUtf8(bytes)) return { ok: true, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
    if (/^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(bytes.toString('latin1', 0, 2))) return fail('file-encoding', 'the file is UTF-16, not UTF-8', "save it as UTF-8; in PowerShell by '-Encoding utf8'");
    const before = bytes.toString('utf8').split('\ufffd', 1)[0]!.split('\n');
    return fail('file-encoding', 'the file is not UTF-8', 'save it as UTF-8', { line: before.length, column: before.at(-1)!.length + 1 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return fail(
      'file-missing',
      'there is no such file',
      'check the name, or set EGRESS_CONFIG to the policy file',
    );
    return fail('file-unreadable', `the file cannot be read (${code ?? 'unknown error'})`, 'check its permissions');
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
