/** What the command's exit code says, and why. */
import { SEVERITIES, type ReviewResult, type Severity } from './result';
import { count, newWaysOut } from './report/words';

/** What makes a review fail. */
export interface FailOn {
  /** Findings of this severity or worse; absent: no finding fails it. */
  readonly severity?: Severity;
  /** A way out that was not there before. */
  readonly newEgress: boolean;
}

export const DEFAULT_FAIL_ON: FailOn = { severity: 'medium', newEgress: false };

export interface ExitOptions {
  /** Default: findings of severity medium or worse. */
  readonly failOn?: FailOn;
  /** Pass although some verdict is unknown. Default: false. */
  readonly allowUnknown?: boolean;
}

export interface Exit {
  /** 0: clean. 1: something that `failOn` names, or an unknown verdict. 2: the review could not be done. */
  readonly code: 0 | 1 | 2;
  /** Every reason for a code above 0, in words. */
  readonly reasons: readonly string[];
}

/**
 * `high`, `new-egress`, `high,new-egress`, or `none`. `new-egress` alone leaves findings out: for a
 * network that has some already and must not get worse.
 *
 * @returns undefined when the text is none of these
 */
export function parseFailOn(text: string): FailOn | undefined {
  if (text.trim() === 'none') return { newEgress: false };
  const words = text.split(',').map((word) => word.trim());
  const severities = words.filter((word): word is Severity => (SEVERITIES as readonly string[]).includes(word));
  const newEgress = words.includes('new-egress');
  const known = severities.length + words.filter((word) => word === 'new-egress').length;
  if (known !== words.length || severities.length > 1) return undefined;
  const [severity] = severities;
  return severity === undefined ? { newEgress } : { severity, newEgress };
}

/** Decides. What stopped the review before it had a result is the caller's to report, with code 2. */
export function exitOf(result: ReviewResult, options: ExitOptions = {}): Exit {
  const { failOn = DEFAULT_FAIL_ON, allowUnknown = false } = options;
  if (result.inputs.length === 0) return { code: 2, reasons: ['nothing was reviewed'] };
  // A gate that has nothing to compare with would pass whatever comes.
  if (failOn.newEgress && !result.diff) return { code: 2, reasons: ['new-egress: there is nothing to compare with; give --base, or a plan with a prior state'] };

  const failing = failingFindings(result, failOn.severity);
  const opened = failOn.newEgress && result.diff ? newWaysOut(result.diff) : 0;
  const unknown = allowUnknown ? [] : result.verdicts.filter(({ verdict }) => verdict === 'unknown');
  const reasons = [
    ...(failing.length > 0 ? [`${count(failing.length, 'finding')} of severity ${failOn.severity as Severity} or worse`] : []),
    ...(opened > 0 ? [`${count(opened, 'way')} out that ${opened === 1 ? 'was' : 'were'} not there before`] : []),
    ...(unknown.length > 0 ? [`${count(unknown.length, 'verdict')} unknown; --allow-unknown lets ${unknown.length === 1 ? 'it' : 'them'} pass`] : []),
  ];
  return { code: reasons.length > 0 ? 1 : 0, reasons };
}

/** Whether a finding is bad enough to fail a review. */
export function failsOn({ severity }: { readonly severity: Severity }, threshold: Severity | undefined): boolean {
  return threshold !== undefined && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

function failingFindings({ findings }: ReviewResult, threshold: Severity | undefined): ReviewResult['findings'] {
  return findings.filter((finding) => failsOn(finding, threshold));
}
