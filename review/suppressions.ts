/** `egress-review.yaml`: findings that somebody accepted, with why and until when. */
import * as z from 'zod';
import { isDate } from '../blueprints/policy/dates';
import { readDocument, type SourceDocument } from '../blueprints/policy/document';
import { excerpt, pathText, sortProblems, type Path, type PolicyProblem } from '../blueprints/policy/problems';
import type { Finding, SuppressedFinding } from './result';

/** One accepted finding, or those below an address. */
export interface Suppression {
  /** A check's id. */
  readonly rule: string;
  /** A Terraform address, or the start of one and `*`. */
  readonly address: string;
  /** Why it is accepted. */
  readonly statement: string;
  /** As written. The last day on which it counts; what is no `YYYY-MM-DD` has expired. */
  readonly expires: string;
  readonly owner?: string;
  /** `egress-review.yaml:3`, for notices. */
  readonly place: string;
}

export type SuppressionsResult =
  | { readonly ok: true; readonly suppressions: readonly Suppression[] }
  /** Every problem at once, in the order of the file; never empty. */
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** What suppressions leave of the findings. */
export interface AppliedSuppressions {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Suppressions that are out of date or match nothing, in words, in the order of the file. */
  readonly notices: readonly string[];
}

/** Where the file stands when no other is named. */
export const SUPPRESSIONS_FILE = 'egress-review.yaml';

const text = z.string().trim().min(1);

/** `*` alone would hide whatever comes next, in every stack. */
const address = text.refine((value) => !value.slice(0, -1).includes('*') && value !== '*', 'takes one * only, as the last character, after the start of an address');

const entry = z.strictObject({
  rule: text.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "is no check's id; see docs/checks.md"),
  address,
  statement: text,
  // Not checked as a date here: a malformed one counts as expired and is announced, as a lapsed one is.
  expires: z.union([z.string(), z.number()]).transform(String),
  owner: text.optional(),
});

const schema = z.array(entry);

/** Reads suppressions from YAML. An empty file holds none. No text makes it throw. */
export function parseSuppressions(source: string, file: string = SUPPRESSIONS_FILE): SuppressionsResult {
  const document = readDocument(source);
  const unreadable = document.problems.map(({ value, ...problem }): PolicyProblem => ({
    ...problem, severity: 'error', file, path: '', ...(value === undefined ? {} : { value: excerpt(value) }),
  }));
  if (unreadable.length > 0) return { ok: false, problems: sortProblems(unreadable) };
  const parsed = schema.safeParse(document.value ?? []);
  if (!parsed.success) {
    return { ok: false, problems: sortProblems(parsed.error.issues.flatMap((issue) => problemsOf(issue, document, file))) };
  }
  const suppressions = parsed.data.map(({ owner, expires, ...given }, index): Suppression => ({
    ...given,
    expires: document.typed([index, 'expires']) ?? expires,
    ...(owner === undefined ? {} : { owner }),
    place: `${file}:${document.place([index]).line}`,
  }));
  return { ok: true, suppressions };
}

/**
 * Takes accepted findings out.
 *
 * @param today `YYYY-MM-DD`
 */
export function applySuppressions(findings: readonly Finding[], suppressions: readonly Suppression[], today: string): AppliedSuppressions {
  if (suppressions.length === 0) return { findings, suppressed: [], notices: [] };
  const used = new Set<Suppression>();
  const left: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const matching = suppressions.filter((suppression) => matches(suppression, finding));
    matching.forEach((suppression) => used.add(suppression));
    // Of several the one that lasts longest counts, so that the order in the file means nothing.
    const lasting = matching.filter(({ expires }) => !hasExpired(expires, today)).sort((a, b) => (a.expires < b.expires ? 1 : a.expires > b.expires ? -1 : 0))[0];
    if (!lasting) left.push(finding);
    else suppressed.push({ ...finding, statement: lasting.statement, expires: lasting.expires, ...(lasting.owner === undefined ? {} : { owner: lasting.owner }) });
  }
  return { findings: left, suppressed, notices: suppressions.flatMap((suppression) => noticesOf(suppression, used.has(suppression), today)) };
}

function matches({ rule, address: pattern }: Suppression, finding: Finding): boolean {
  if (rule !== finding.rule) return false;
  return pattern.endsWith('*') ? finding.address.startsWith(pattern.slice(0, -1)) : finding.address === pattern;
}

function hasExpired(expires: string, today: string): boolean {
  return !isDate(expires) || expires < today;
}

function noticesOf(suppression: Suppression, used: boolean, today: string): readonly string[] {
  const { rule, address: pattern, expires, place } = suppression;
  const expired = !isDate(expires)
    ? `has no valid date ('${excerpt(expires)}', not YYYY-MM-DD) and counts as expired`
    : expires < today ? `expired on ${expires}` : '';
  if (used && !expired) return [];
  const what = [expired, used ? '' : 'matches nothing'].filter(Boolean).join(' and ');
  const way = used ? 'fix the finding or give the suppression a new date' : 'remove it';
  return [`the suppression of '${rule}' for '${pattern}' (${place}) ${what}: ${way}`];
}

function problemsOf(issue: z.core.$ZodIssue, document: SourceDocument, file: string): readonly PolicyProblem[] {
  const at = (path: Path, of: 'value' | 'key', code: string, message: string, fix: string): PolicyProblem => {
    const typed = document.typed(path);
    return { severity: 'error', file, ...document.place(path, of), path: pathText(path), ...(typed ? { value: excerpt(typed) } : {}), code, message, fix };
  };
  const path = issue.path as Path;
  const name = String(path.at(-1) ?? 'the file');
  const missing = document.typed(path) === undefined && path.length === 2;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => at([...path, key], 'key', 'unknown-key', 'is not a key that is known here', 'keys here: rule, address, statement, expires, owner'));
    case 'invalid_type':
    case 'invalid_union':
      if (missing) return [at(path, 'value', 'missing-field', `'${name}' is missing or no text`, `add '${name}'; every entry has rule, address, statement and expires`)];
      return [at(path, 'value', 'wrong-type', 'has the wrong shape', 'write a list of entries: - { rule: …, address: …, statement: …, expires: YYYY-MM-DD }')];
    case 'too_small':
      return [at(path, 'value', 'empty-value', `'${name}' is empty`, 'give it a value')];
    default:
      return [at(path, 'value', 'invalid', issue.message, 'write a value as docs/review-reports.md shows it')];
  }
}
