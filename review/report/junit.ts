/** The report as JUnit XML: one test case per check and input, and per segment that gains a way out, for CI systems that read nothing else. */
import { printable } from '../../blueprints/policy/problems';
import { counting, DEFAULT_FAIL_ON, failsOn, type FailOn } from '../exit-code';
import type { Finding, PlaceVerdict, ReviewResult, SuppressedFinding } from '../result';
import type { Step } from '../paths/trace';
import { groupBy } from '../group-by';
import { byAge, wasWords } from './by-age';
import { NEW_EGRESS, newEgress } from './new-egress';
import { HOP_WORDS, count, lineOf } from './words';

export interface JunitOptions {
  /** Ids of the checks that were run on an input, so that those that found nothing are listed as passed. Default: only what failed. */
  readonly checksOf?: (input: string) => readonly string[];
  /** What fails a case: findings of a severity or worse, new ones of another, new ways out. Default: as the exit code, medium. */
  readonly failOn?: Partial<FailOn>;
  /** Default: false. */
  readonly allowUnknown?: boolean;
  /** Tells apart several reviews of one commit, see `isReportName`. Default: there is one. */
  readonly name?: string;
}

interface Case {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly summary: string;
  readonly text: string;
}

/** The case beside the checks: that there is a verdict on everything. */
const KNOWN = 'every-verdict-known';

export function junitReport(result: ReviewResult, { checksOf = () => [], failOn = DEFAULT_FAIL_ON, allowUnknown = false, name: own }: JunitOptions = {}): string {
  const opened = result.diff && newEgress(result.diff);
  const suites = result.inputs.map(({ name }) => {
    const findings = result.findings.filter(({ input }) => input === name);
    const suppressed = result.suppressed.filter(({ input }) => input === name);
    const ids = [...new Set([...checksOf(name), ...findings.map(({ rule }) => rule), ...suppressed.map(({ rule }) => rule)])].sort();
    const cases = [
      ...ids.map((id) => caseOf(id, findings.filter(({ rule }) => rule === id), suppressed.filter(({ rule }) => rule === id), failOn, allowUnknown)),
      ...(opened ? openedCases(opened.filter(({ input }) => input === name), failOn.newEgress === true) : []),
      knownCase(result.verdicts.filter(({ input, verdict }) => input === name && verdict === 'unknown'), allowUnknown),
    ];
    return { name, cases };
  });
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="egress review${own === undefined ? '' : xml(`: ${own}`)}" ${counts(all)}>`,
    ...suites.flatMap(({ name, cases }) => [`  <testsuite name="${xml(name)}" ${counts(cases)}>`, ...cases.flatMap((one) => caseLines(one, name)), '  </testsuite>']),
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(id: string, findings: readonly Finding[], suppressed: readonly SuppressedFinding[], { severity, newSeverity }: Partial<FailOn>, allowUnknown: boolean): Case {
  const failing = counting(findings, allowUnknown).filter((finding) => failsOn(finding, severity) || (finding.baselineState !== 'unchanged' && finding.baselineState !== 'updated' && failsOn(finding, newSeverity)));
  const { fresh, old, undated } = byAge(findings);
  const text = [...[...fresh, ...undated, ...old].map(findingText), ...suppressed.map((finding) => `suppressed until ${finding.expires}: ${finding.statement}\n${findingText(finding)}`)].join('\n\n');
  if (failing.length > 0) return { name: id, state: 'failed', summary: `${count(failing.length, 'finding')}: ${failing[0]?.address ?? ''}`, text };
  if (findings.length === 0 && suppressed.length > 0) return { name: id, state: 'skipped', summary: `suppressed: ${suppressed[0]?.statement ?? ''}`, text };
  return { name: id, state: 'passed', summary: '', text };
}

/** One per segment, place or endpoint that gains something; one that passes where none does. */
function openedCases(opened: readonly Finding[], fails: boolean): readonly Case[] {
  if (opened.length === 0) return [{ name: NEW_EGRESS.id, state: 'passed', summary: '', text: '' }];
  return [...groupBy(opened, ({ segment, address }) => segment ?? address)].map(([who, own]): Case => ({
    name: `${NEW_EGRESS.id} ${who}`,
    state: fails ? 'failed' : 'passed',
    summary: own.length === 1 ? own[0]?.message ?? '' : `${count(own.length, 'way')} out that ${who} did not have before`,
    text: own.map(findingText).join('\n\n'),
  }));
}

function knownCase(unknown: readonly PlaceVerdict[], allowed: boolean): Case {
  const text = unknown.map(({ place, reasons }) => `${place}: ${reasons.join('; ')}`).join('\n');
  return { name: KNOWN, state: unknown.length > 0 && !allowed ? 'failed' : 'passed', summary: count(unknown.length, 'verdict') + ' unknown', text };
}

function findingText(finding: Finding): string {
  const { severity, confidence, address, message, fix, witness, baselineState } = finding;
  const was = wasWords(finding);
  const line = lineOf(finding);
  return [`${baselineState ? `${baselineState}: ` : ''}${severity} (${confidence}) ${address}: ${message}`, ...(was ? [`(${was})`] : []), ...(line === undefined ? [] : [`at ${line}`]), `fix: ${fix}`, ...(witness ?? []).map(stepText)].join('\n');
}

function stepText({ kind, address, label }: Step): string {
  return `  -> ${HOP_WORDS[kind]} ${address}${label && label !== address ? ` (${label})` : ''}`;
}

function caseLines({ name, state, summary, text }: Case, input: string): readonly string[] {
  const open = `    <testcase classname="${xml(input)}" name="${xml(name)}" time="0"`;
  const body = lines(text);
  if (state === 'failed') return [`${open}>`, `      <failure type="finding" message="${xml(summary)}">${body}</failure>`, '    </testcase>'];
  const skipped = state === 'skipped' ? [`      <skipped message="${xml(summary)}"/>`] : [];
  if (!text) return [`${open}/>`];
  return [`${open}>`, ...skipped, `      <system-out>${body}</system-out>`, '    </testcase>'];
}

function counts(cases: readonly Case[]): string {
  const of = (state: Case['state']) => cases.filter((one) => one.state === state).length;
  return `tests="${cases.length}" failures="${of('failed')}" errors="0" skipped="${of('skipped')}" time="0"`;
}

function lines(text: string): string {
  return text.split('\n').map(xml).join('\n');
}

/** What cannot be seen is written out: XML 1.0 has no way to hold most control characters at all. */
function xml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
