/** The report as SARIF 2.1.0, for GitHub code scanning and for editors: a run for the findings, and one for what a change opens. */
import { gzipSync } from 'node:zlib';
import type { Log, Notification, Result, Run } from 'sarif';
import type { ReviewResult } from '../result';
import { byAge, isCompared } from './by-age';
import type { CheckText } from './check-text';
import { NEW_EGRESS, newEgress } from './new-egress';
import { sarifCategory } from './report-name';
import { sarifResult, type LocationOptions, type Weighed } from './sarif-result';
import { sarifRules } from './sarif-rules';
import { plainText } from './sarif-text';
import { count } from './words';

/** What GitHub takes: more is refused whole, so the mildest findings are left out before. */
const SARIF_LIMITS = { results: 25_000, gzippedBytes: 10_000_000 } as const;

export interface SarifOptions extends LocationOptions {
  /** Texts of the checks, for the rules' help. Default: what the findings say. */
  readonly checks?: readonly CheckText[];
  /** Tells apart several reviews of one commit, see `isReportName`. Default: there is one. */
  readonly name?: string;
  /** Of this tool. Default: not said. */
  readonly toolVersion?: string;
  /** Default: `SARIF_LIMITS`. */
  readonly limits?: { readonly results: number; readonly gzippedBytes: number };
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** JSON text, with a newline at the end. */
export function sarifReport(result: ReviewResult, options: SarifOptions = {}): string {
  const limits = options.limits ?? SARIF_LIMITS;
  const opened = result.diff ? newEgress(result.diff) : [];
  // Findings are sorted from the worst to the mildest; what somebody accepted goes before them when room is short, then what is old, and new ways out last.
  const { fresh, old, undated } = byAge(result.findings);
  const found: readonly Weighed[] = [...fresh, ...undated, ...old, ...result.suppressed];
  const parts = [
    { category: '', isDated: isCompared(result), ...resultsOf(found, options.checks ?? [], result, options) },
    ...(result.diff ? [{ category: `${NEW_EGRESS.id}/`, isDated: true, ...resultsOf(opened.map((each) => ({ ...each, baselineState: 'new' as const })), [NEW_EGRESS], result, options) }] : []),
  ];
  const total = opened.length + found.length;
  let kept = Math.min(total, limits.results);
  for (;;) {
    const text = `${JSON.stringify(logOf(parts, kept, total - kept, result, options), null, 1)}\n`;
    const size = gzipSync(text, { level: 6 }).length;
    if (size <= limits.gzippedBytes || kept === 0) return text;
    // Results are much alike, so the size is nearly their number; a little less makes a second round rare.
    kept = Math.min(kept - 1, Math.floor(kept * (limits.gzippedBytes / size) * 0.95));
  }
}

/**
 * What becomes a run of its own. A run has a baseline state on all of its results or on none, so that what nobody knows to be old is new; and GitHub takes
 * several runs of one tool as long as their categories differ.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (3.27.24),
 * What is `absent` is left out: code scanning reads no baseline state, and would open an alert for it.
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning,
 * https://github.blog/changelog/2024-05-06-code-scanning-will-stop-combining-runs-from-a-single-upload/
 */
interface Part {
  readonly category: string;
  readonly isDated: boolean;
  readonly rules: ReturnType<typeof sarifRules>;
  readonly results: readonly Result[];
}

function resultsOf(found: readonly Weighed[], checks: readonly CheckText[], result: ReviewResult, options: SarifOptions): Pick<Part, 'rules' | 'results'> {
  const rules = sarifRules(found, checks);
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  return { rules, results: found.map((finding) => sarifResult(finding, indices.get(finding.rule) as number, result, options)) };
}

/** @param kept how many results, from the last part on: what is new is the last to be left out. */
function logOf(parts: readonly Part[], kept: number, left: number, result: ReviewResult, options: SarifOptions): Log {
  const notifications: Notification[] = [
    ...(left > 0 ? [notification('warning', `${count(left, 'finding')} left out, the mildest first, because GitHub takes no more. The JSON and HTML reports hold all.`)] : []),
    ...result.inputs.flatMap(({ name, warnings }) => warnings.map((warning) => notification('warning', `${name}: ${warning}`))),
    ...result.notices.map((notice) => notification('note', notice)),
  ];
  let room = kept;
  const shown = [...parts].reverse().map(({ results }) => {
    const own = results.slice(0, room);
    room -= own.length;
    return own;
  }).reverse();
  const runs = parts.map(({ category, rules, isDated }, index): Run => ({
    tool: { driver: { name: 'egress review', ...(options.toolVersion ? { version: options.toolVersion } : {}), rules: [...rules] } },
    automationDetails: { id: `${sarifCategory(options.name)}/${category}` },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, ...(index === 0 && notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}) }],
    results: (shown[index] ?? []).map(({ baselineState, ...each }) => ({ ...each, ...(isDated ? { baselineState: baselineState ?? 'new' } : {}) })),
  }));
  return { $schema: SCHEMA, version: '2.1.0', runs };
}

function notification(level: 'note' | 'warning', text: string): Notification {
  return { level, message: { text: plainText(text) } };
}
