/** Findings that somebody accepted, with why and until when. */
import { isDate } from '../blueprints/policy/dates';
import { excerpt } from '../blueprints/policy/problems';
import { withoutFile } from './plan/address';
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

/** What suppressions leave of the findings. */
export interface AppliedSuppressions {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Suppressions that are out of date or match nothing, in words, in the order of the file. */
  readonly notices: readonly string[];
}

/** Where the file stands when no other is named. */
export const SUPPRESSIONS_FILE = 'egress-review.yaml';

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
  // Of several files that are one network an address begins with the file's name; what is accepted in one alone holds there, too.
  return [finding.address, withoutFile(finding.address)].some((address) => (pattern.endsWith('*') ? address.startsWith(pattern.slice(0, -1)) : address === pattern));
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
  const way = used ? 'fix the finding or give the suppression a new date' : 'remove it, or correct its rule or address';
  return [`the suppression of '${rule}' for '${pattern}' (${place}) ${what}: ${way}`];
}
