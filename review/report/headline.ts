/** The answer before the details: what a reader has to know who reads one line. */
import { failsOn } from '../exit-code';
import type { EgressDiff, ReviewResult } from '../result';
import type { VerdictKind } from '../paths/verdict';
import { hostsOfRow, segmentRows, type SegmentRow } from './segment-rows';
import { broughtWords, byAge, isCompared, numberWords } from './by-age';
import { count, figure, hostWords, isNothing, listed, newWaysOut, opens } from './words';

export interface Headline {
  /** `good`: shown to have no other way out. `flawed`: the same, with findings of severity medium or worse. `unsure`: not shown. `bad`: a way out is shown. */
  readonly tone: 'good' | 'flawed' | 'unsure' | 'bad';
  /** What can reach the internet. */
  readonly verdict: string;
  /** What the checks found. */
  readonly findings: string;
  /** What the change opens; absent without something to compare with. */
  readonly change?: string;
  /** Segments per verdict. */
  readonly segments: Readonly<Record<VerdictKind, number>>;
  /** Distinct hosts that some segment may reach. */
  readonly hosts: number;
}

/** @param rows of the same result, where the caller has them already. */
export function headline(result: ReviewResult, rows: readonly SegmentRow[] = segmentRows(result)): Headline {
  const segments = { open: 0, unknown: 0, allowlisted: 0, none: 0 };
  for (const row of rows) segments[row.worst] += 1;
  const hosts = new Set(rows.flatMap((row) => hostsOfRow(row).map(hostWords))).size;
  const change = changeSentence(result);
  const { tone, verdict } = verdictSentence(segments, rows.length, hosts, result.connections?.length ?? 0);
  const isFlawed = tone === 'good' && result.findings.some((finding) => failsOn(finding, 'medium'));
  return {
    tone: isFlawed ? 'flawed' : tone,
    verdict,
    findings: findingsSentence(result),
    ...(change ? { change } : {}),
    segments,
    hosts,
  };
}

function verdictSentence(segments: Headline['segments'], all: number, hosts: number, connections: number): Pick<Headline, 'tone' | 'verdict'> {
  if (all === 0 && connections > 0) return { tone: 'unsure', verdict: `${count(connections, 'connection')} inside of the cluster; no network here to judge its way out by` };
  if (all === 0) return { tone: 'unsure', verdict: 'Nothing to judge: no workload and no subnet for one was found' };
  const unknown = segments.unknown > 0 ? `${segments.unknown} cannot be judged` : '';
  if (segments.open > 0) {
    const open = `${segments.open} of ${count(all, 'segment')} ${segments.open === 1 ? 'reaches' : 'reach'} the internet without control`;
    return { tone: 'bad', verdict: unknown ? `${open}, ${unknown}` : open };
  }
  if (unknown) return { tone: 'unsure', verdict: `${segments.unknown} of ${count(all, 'segment')} cannot be judged` };
  if (segments.allowlisted === 0) return { tone: 'good', verdict: 'Nothing reaches the internet' };
  return { tone: 'good', verdict: `No way out but the allowlist: ${figure(segments.allowlisted)} of ${count(all, 'segment')} ${segments.allowlisted === 1 ? 'reaches' : 'reach'} ${count(hosts, 'host')}` };
}

/** `302 findings (40 high, 262 low): 2 new, 300 old; 1 suppressed`. */
function findingsSentence(result: ReviewResult): string {
  const { findings, suppressed } = result;
  const newlyAccepted = byAge(suppressed).fresh.length;
  const accepted = suppressed.length > 0 ? `${figure(suppressed.length)} suppressed${newlyAccepted > 0 ? `, ${figure(newlyAccepted)} of them new` : ''}` : '';
  if (findings.length === 0) return ['no findings', accepted].filter(Boolean).join(', ');
  const { fresh, old, undated } = byAge(findings);
  const ages = isCompared(result) ? `: ${[`${figure(fresh.length)} new`, `${figure(old.length)} old`, undated.length > 0 ? `${figure(undated.length)} not compared` : ''].filter(Boolean).join(', ')}` : '';
  return `${numberWords(findings)}${ages}${accepted ? `${ages ? ';' : ','} ${accepted}` : ''}`;
}

function changeSentence(result: ReviewResult): string | undefined {
  const { diff } = result;
  const brought = broughtWords(result);
  const ways = diff ? waysWords(diff) : [];
  if (diff && ways.length === 0) return brought.length === 0 && isNothing(diff) ? 'this change opens and closes nothing' : `this change ${listed(['opens no way out', ...brought])}`;
  return ways.length + brought.length > 0 ? `this change ${listed([...ways, ...brought], 5)}` : undefined;
}

function waysWords(diff: EgressDiff): readonly string[] {
  const perhaps = diff.reach.filter(({ change }) => change === 'became-unknown').length;
  const opened = newWaysOut(diff) - perhaps;
  const unsettled = diff.reach.filter(({ change }) => change === 'perhaps-closed').length;
  const closed = diff.reach.filter((change) => !opens(change)).length - unsettled;
  return [
    opened > 0 ? `opens ${count(opened, 'way')} out` : '',
    perhaps > 0 ? `may open ${opened > 0 ? figure(perhaps) : `${count(perhaps, 'way')} out`}` : '',
    closed > 0 ? `closes ${opened + perhaps > 0 ? figure(closed) : `${count(closed, 'way')} out`}` : '',
    unsettled > 0 ? `may close ${opened + perhaps + closed > 0 ? figure(unsettled) : `${count(unsettled, 'way')} out`}` : '',
  ].filter(Boolean);
}
