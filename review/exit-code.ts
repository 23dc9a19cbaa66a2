/** What the command's exit code says, and why. */
import { SEVERITIES, type ReviewResult, type Severity } from './result';
import { count, listed, newWaysOut } from './report/words';

/** What makes a review fail. */
export interface FailOn {
  /** Findings of this severity or worse; absent: no finding fails it. */
  readonly severity?: Severity;
  /** A way out that was not there before. */
  readonly newEgress: boolean;
  /** New findings of this severity or worse; absent: new ones count as others. */
  readonly newSeverity?: Severity;
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

const NEW = 'new-';

/**
 * `high`, `new-medium`, `new-egress`, some of these with commas, or `none`. Without a severity of its own findings that
 * were there before are left out, with `new-egress` alone new ones, too: for a network that has some already and must not get worse.
 *
 * @returns undefined when the text is none of these
 */
export function parseFailOn(text: string): FailOn | undefined {
  if (text.trim() === 'none') return { newEgress: false };
  const words = text.split(',').map((word) => word.trim());
  const severities = words.filter(isSeverity);
  const newSeverities = words.flatMap((word) => (word.startsWith(NEW) ? [word.slice(NEW.length)] : [])).filter(isSeverity);
  const newEgress = words.includes('new-egress');
  const known = severities.length + newSeverities.length + words.filter((word) => word === 'new-egress').length;
  if (known !== words.length || severities.length > 1 || newSeverities.length > 1) return undefined;
  const [[severity], [newSeverity]] = [severities, newSeverities];
  return { ...(severity === undefined ? {} : { severity }), newEgress, ...(newSeverity === undefined ? {} : { newSeverity }) };
}

function isSeverity(word: string): word is Severity {
  return (SEVERITIES as readonly string[]).includes(word);
}

/** Decides. What stopped the review before it had a result is the caller's to report, with code 2. */
export function exitOf(result: ReviewResult, options: ExitOptions = {}): Exit {
  const { failOn = DEFAULT_FAIL_ON, allowUnknown = false } = options;
  if (result.inputs.length === 0) return { code: 2, reasons: ['nothing was reviewed'] };
  // A gate that has nothing to compare with would pass whatever comes.
  if (failOn.newSeverity && !result.inputs.some(({ comparedWith }) => comparedWith !== undefined)) return { code: 2, reasons: [`new-${failOn.newSeverity}: there is nothing to compare with; give --base, or a plan with a prior state`] };
  if (failOn.newEgress && !result.diff) return { code: 2, reasons: ['new-egress: there is nothing to compare with; give --base, or a plan with a prior state'] };

  const findings = counting(result.findings, allowUnknown);
  const failing = findings.filter((finding) => failsOn(finding, failOn.severity));
  const others = findings.filter((finding) => !failsOn(finding, failOn.severity) && failsOn(finding, failOn.newSeverity));
  const fresh = others.filter(({ baselineState }) => baselineState === 'new');
  const undated = others.filter(({ baselineState }) => baselineState === undefined);
  const opened = failOn.newEgress && result.diff ? newWaysOut(result.diff) : 0;
  const unknown = allowUnknown ? [] : result.verdicts.filter(({ verdict }) => verdict === 'unknown');
  const reasons = [
    ...(failing.length > 0 ? [`${count(failing.length, 'finding')} of severity ${failOn.severity as Severity} or worse`] : []),
    ...(fresh.length > 0 ? [`${count(fresh.length, 'new finding')} of severity ${failOn.newSeverity as Severity} or worse`] : []),
    // What nobody knows to be old is not old.
    ...(undated.length > 0 ? [undatedReason(undated, failOn.newSeverity as Severity)] : []),
    ...(opened > 0 ? [`${count(opened, 'way')} out that ${opened === 1 ? 'was' : 'were'} not there before`] : []),
    ...(unknown.length > 0 ? [`${count(unknown.length, 'verdict')} unknown; --allow-unknown lets ${unknown.length === 1 ? 'it' : 'them'} pass`] : []),
  ];
  return { code: reasons.length > 0 ? 1 : 0, reasons };
}

function undatedReason(findings: ReviewResult['findings'], severity: Severity): string {
  const inputs = [...new Set(findings.map(({ input }) => input))];
  return `${count(findings.length, 'finding')} of severity ${severity} or worse in ${listed(inputs)} of which nobody knows whether ${findings.length === 1 ? 'it is' : 'they are'} new; --base may tell`;
}

/** Without those that say no more than that a verdict is unknown, where these pass. */
export function counting<Each extends { readonly rule: string }>(findings: readonly Each[], allowUnknown: boolean): readonly Each[] {
  return allowUnknown ? findings.filter(({ rule }) => rule !== 'verdict-unknown') : findings;
}

/** Whether a finding is bad enough to fail a review. */
export function failsOn({ severity }: { readonly severity: Severity }, threshold: Severity | undefined): boolean {
  return threshold !== undefined && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
