/** The report as SARIF 2.1.0, for GitHub code scanning and for editors. */
import { gzipSync } from 'node:zlib';
import type { Log, Notification, Result, Run } from 'sarif';
import type { ReviewResult } from '../result';
import type { CheckText } from './check-text';
import { sarifResult, type LocationOptions, type Weighed } from './sarif-result';
import { sarifRules } from './sarif-rules';
import { plainText } from './sarif-text';
import { count } from './words';

/** What GitHub takes: more is refused whole, so the mildest findings are left out before. */
export const SARIF_LIMITS = { results: 25_000, gzippedBytes: 10_000_000 } as const;

export interface SarifOptions extends LocationOptions {
  /** Texts of the checks, for the rules' help. Default: what the findings say. */
  readonly checks?: readonly CheckText[];
  /** Tells apart several reviews of one commit: `egress-review/prod`. Default: `egress-review`. */
  readonly category?: string;
  /** Of this tool. Default: not said. */
  readonly toolVersion?: string;
  /** Default: `SARIF_LIMITS`. */
  readonly limits?: { readonly results: number; readonly gzippedBytes: number };
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** JSON text, with a newline at the end. */
export function sarifReport(result: ReviewResult, options: SarifOptions = {}): string {
  const limits = options.limits ?? SARIF_LIMITS;
  // Findings are sorted from the worst to the mildest; what somebody accepted goes before them when room is short.
  const all: readonly Weighed[] = [...result.findings, ...result.suppressed];
  const rules = sarifRules(all, options.checks ?? []);
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  const results = all.map((finding) => sarifResult(finding, indices.get(finding.rule) as number, result, options));
  let kept = Math.min(results.length, limits.results);
  for (;;) {
    const text = `${JSON.stringify(logOf(results.slice(0, kept), results.length - kept, rules, result, options), null, 1)}\n`;
    const size = gzipSync(text, { level: 6 }).length;
    if (size <= limits.gzippedBytes || kept === 0) return text;
    // Results are much alike, so the size is nearly their number; a little less makes a second round rare.
    kept = Math.min(kept - 1, Math.floor(kept * (limits.gzippedBytes / size) * 0.95));
  }
}

function logOf(results: Result[], left: number, rules: ReturnType<typeof sarifRules>, result: ReviewResult, options: SarifOptions): Log {
  const notifications: Notification[] = [
    ...(left > 0 ? [notification('warning', `${count(left, 'finding')} left out, the mildest first, because GitHub takes no more. The JSON and HTML reports hold all.`)] : []),
    ...result.inputs.flatMap(({ name, warnings }) => warnings.map((warning) => notification('warning', `${name}: ${warning}`))),
    ...result.notices.map((notice) => notification('note', notice)),
  ];
  const run: Run = {
    tool: { driver: { name: 'egress review', ...(options.toolVersion ? { version: options.toolVersion } : {}), rules: [...rules] } },
    automationDetails: { id: `${options.category ?? 'egress-review'}/` },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, ...(notifications.length > 0 ? { toolExecutionNotifications: notifications } : {}) }],
    results,
  };
  return { $schema: SCHEMA, version: '2.1.0', runs: [run] };
}

function notification(level: 'note' | 'warning', text: string): Notification {
  return { level, message: { text: plainText(text) } };
}
