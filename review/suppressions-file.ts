/** `egress-review.yaml`: reads the suppressions. A review without such a file loads none of this. */
import * as z from 'zod';
import { readDocument, type SourceDocument } from '../blueprints/policy/document';
import { excerpt, pathText, sortProblems, type Path, type PolicyProblem } from '../blueprints/policy/problems';
import { SUPPRESSIONS_FILE, type Suppression } from './suppressions';

export type SuppressionsResult =
  | { readonly ok: true; readonly suppressions: readonly Suppression[] }
  /** Every problem at once, in the order of the file; never empty. */
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

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
