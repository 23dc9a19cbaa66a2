/** The report for GitHub: a sticky pull request comment, or a job summary. */
import { alikeChanges } from './alike-changes';
import type { EgressDiff, ReachChange, ReviewResult } from '../result';
import { failsOn } from '../exit-code';
import { byAge } from './by-age';
import { headline, type Headline } from './headline';
import { fitted, type Section } from './markdown-budget';
import { code, prose } from './markdown-escape';
import { absentSection, findingSections, newlySuppressed, newSection, oldSection } from './markdown-findings';
import { mermaid } from './mermaid';
import { commentMarker } from './report-name';
import { segmentRows, tellings, type SegmentRow } from './segment-rows';
import { HOP_WORDS, POD_CELLS, RENAME_ADVICE, VERDICTS, VERDICT_WORDS, count, endpointWords, hostWords, isNothing, listed, newWaysOut, isUnsure, opens, otherWords, placeWords, settingWords, tellingWay, wayWords, whatWords, whyWords, worstFirst } from './words';

/** In bytes of UTF-8, which is never less than what GitHub counts. */
export const MARKDOWN_LIMITS = { comment: 65_536, summary: 1_048_576 } as const;

export interface MarkdownOptions {
  /** Default: `comment`. */
  readonly target?: keyof typeof MARKDOWN_LIMITS;
  /** Tells apart several reviews of one commit, see `isReportName`. Default: there is one. */
  readonly name?: string;
  /** Where the whole report is found, in words or as an https address. Default: the HTML report of this run. */
  readonly fullReport?: string;
  /** Why the command fails, in words; see `Exit`. Default: not said. */
  readonly failure?: readonly string[];
}

/** Hosts in one cell before the rest is counted. */
const HOSTS_SHOWN = 5;

export function markdownReport(result: ReviewResult, { target = 'comment', name, fullReport, failure = [] }: MarkdownOptions = {}): string {
  const rows = segmentRows(result);
  const lead = headline(result, rows);
  const head = [commentMarker(name), ...headLines(lead, result, name === undefined ? '' : `${code(name)}: `), ...(failure.length > 0 ? [`**This fails:** ${prose(failure.join('; '))}.`] : [])].join('\n\n');
  const whole = fullReport === undefined ? 'the HTML report of this run' : /^https:\/\/[\w.~:/?#&=%+-]+$/.test(fullReport) ? `[the full report](${fullReport})` : prose(fullReport);
  const isQuiet = result.diff !== undefined && newWaysOut(result.diff) === 0;
  const inputs = inputWords(result);
  const shown = new Map<string, string>();
  // What comes first is cut last.
  const { fresh, old, undated } = byAge(result.findings);
  const change = [
    ...(result.diff && !isNothing(result.diff) ? [diffSection(result.diff, inputs)] : []),
    newSection(fresh, shown, inputs),
    newlySuppressed(byAge(result.suppressed).fresh, inputs),
    absentSection(result.absent ?? [], inputs),
  ];
  const notices = listSection('Notices', [...result.notices, ...result.inputs.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`))].map((notice) => `- ${prose(notice)}\n`));
  const network = [
    ...findingSections(undated, ['critical', 'high'], shown, inputs),
    ...result.inputs.map(({ name }) => verdictSection(name, rows.filter((row) => row.input === name))),
    ...result.inputs.map(({ name }) => podSection(name, (result.pods ?? []).filter(({ input }) => input === name))),
    ...result.inputs.map(({ name }) => connectionSection(name, (result.connections ?? []).filter(({ input }) => input === name))),
    ...findingSections(undated, ['medium', 'low', 'info'], shown, inputs),
    oldSection(old, inputs),
    pictureSection(result, rows),
    listSection('Suppressed', result.suppressed.map(({ rule, address, statement, expires, owner }) =>
      `- **${code(rule)}** ${code(address)}: ${prose(statement)} (until ${prose(expires)}${owner ? `, ${prose(owner)}` : ''})\n`)),
  ];
  const folds = [
    { open: '', sections: change, close: '' },
    // Whoever looks at a change that opens nothing did not ask how the network stood before.
    isQuiet ? { open: '\n<details><summary>The network as it will be</summary>\n', sections: network, close: '\n</details>\n' } : { open: '', sections: network, close: '' },
    { open: '', sections: [notices], close: '' },
  ];
  return fitted(head, folds.map((fold) => ({ ...fold, sections: fold.sections.filter(({ items }) => items.length > 0) })), MARKDOWN_LIMITS[target], (left) => `\n> [!NOTE]\n> ${left} left out, because GitHub allows no more here. All of it is in ${whole}.\n`);
}

const MARKS: Readonly<Record<Headline['tone'], string>> = { good: '✅', flawed: '⚠️', unsure: '❔', bad: '❌' };

/** Of a change what it opens, and the network beside; else the network. */
function headLines({ tone, verdict, findings, change }: Headline, result: ReviewResult, of: string): readonly string[] {
  if (change === undefined) return [`## ${MARKS[tone]} ${of}${verdict}`, sentence(findings)];
  return [`## ${MARKS[changeTone(result)]} ${of}${capital(change)}`, `The network: ${MARKS[tone]} ${sentence(`${verdict}; ${findings}`)}`];
}

/** Whether what a change opens is listed hosts alone, and what it brings is mild. */
function changeTone({ diff, findings }: ReviewResult): Headline['tone'] {
  if (!diff || newWaysOut(diff) === 0) return byAge(findings).fresh.some((finding) => failsOn(finding, 'medium')) ? 'flawed' : diff?.reach.some(isUnsure) ? 'unsure' : 'good';
  if (diff.reach.some(({ change }) => change === 'became-open')) return 'bad';
  return diff.reach.some(({ change }) => change === 'became-unknown') ? 'unsure' : 'flawed';
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** ` in aws-prod`, where there are several inputs: without the folder and the ending that all of them share. */
function inputWords({ inputs }: ReviewResult): (name: string) => string {
  if (inputs.length < 2) return () => '';
  const names = inputs.map(({ name }) => name);
  const shared = names.reduce((prefix, name) => {
    let length = 0;
    while (length < prefix.length && prefix[length] === name[length]) length += 1;
    return prefix.slice(0, length);
  });
  const folder = shared.slice(0, shared.lastIndexOf('/') + 1);
  const ending = names.every((name) => name.endsWith('.json')) ? '.json' : '';
  return (name) => ` in ${code(name.slice(folder.length, ending ? -ending.length : undefined))}`;
}

function sentence(text: string): string {
  return `${capital(text)}.`;
}

/** What policies let pods call on the internet. */
function podSection(input: string, pods: NonNullable<ReviewResult['pods']>): Section {
  const worstFirst = VERDICTS.flatMap((egress) => pods.filter((each) => each.egress === egress));
  return {
    open: `<details><summary><b>${prose(input)}</b>: what policies let ${count(pods.length, 'kind')} of pods call on the internet</summary>\n\n| pods | may call | which |\n|---|---|---|\n`,
    items: worstFirst.map(({ pods: name, egress, reached, reasons }) => {
      const bold = egress === 'open' || egress === 'unknown' ? `**${POD_CELLS[egress]}**` : POD_CELLS[egress];
      const shown = egress === 'unknown' ? prose(reasons[0] ?? '') : reached.slice(0, HOSTS_SHOWN).map(code).join('<br>') + (reached.length > HOSTS_SHOWN ? `<br>and ${reached.length - HOSTS_SHOWN} more` : '');
      return `| ${code(name)} | ${bold} | ${shown} |\n`;
    }),
    close: '\n</details>\n',
  };
}

/** Who may talk to whom inside of a cluster. */
function connectionSection(input: string, connections: NonNullable<ReviewResult['connections']>): Section {
  return {
    open: `<details><summary><b>${prose(input)}</b>: ${count(connections.length, 'connection')} inside of the cluster</summary>\n\n| from | to | ports |\n|---|---|---|\n`,
    items: connections.map(({ from, to, ports }) => `| ${code(from)} | ${code(to)} | ${prose(ports.join(' '))} |\n`),
    close: '\n</details>\n',
  };
}

function diffSection({ reach, ways, endpoints = [], connections = [], renames = [] }: EgressDiff, inputs: (name: string) => string): Section {
  return {
    open: '### What this change opens and closes\n\n| | who | what | way | why |\n|---|---|---|---|---|\n',
    items: [
      ...worstFirst(alikeChanges(reach)).map((change) => `| ${changeWord(change)} | ${code(change.who)}${inputs(change.input)}${whichPlaces(change)} | ${code(whatWords(change))}${change.family === 6 ? ' (IPv6)' : ''} | ${change.path ? prose(wayWords(change.path, endOf(change))) : ''} | ${prose(whyWords(change))} |\n`),
      ...ways.map((way) => `| ${way.change} | ${HOP_WORDS[way.kind]}${inputs(way.input)} | ${code(way.address)} | | ${prose(settingWords(way))} |\n`),
      ...endpoints.map((change) => `| ${change.wayOut ? `🔴 **${change.change}**` : change.change} | private endpoint ${code(change.label)}${inputs(change.input)} | ${code(change.address)} | | ${prose(endpointWords(change))} |\n`),
      ...connections.map(({ change, input, from, to, port }) => `| ${change === 'opened' ? '🔴 **opened**' : '🟢 closed'} | ${code(from)}${inputs(input)} | ${code(`${to} ${port}`)} | | |\n`),
      ...renames.map(({ from, to, input }) => `| perhaps renamed | ${code(from)}${inputs(input)} | ${code(to)} | | ${RENAME_ADVICE} |\n`),
    ],
    close: '',
  };
}

function whichPlaces(change: ReachChange): string {
  const [places, others] = [placeWords(change), otherWords(change)];
  return places ? `<br>${code(places)}${others ? `<br>${others}` : ''}` : '';
}

function endOf(change: ReachChange): 'internet' | 'stop' | 'unknown' {
  return isUnsure(change) ? 'unknown' : opens(change) ? 'internet' : 'stop';
}

function changeWord(change: ReachChange): string {
  const word = change.change.replaceAll('-', ' ');
  return opens(change) ? `🔴 **${word}**` : `${isUnsure(change) ? '❔' : '🟢'} ${word}`;
}

function verdictSection(input: string, rows: readonly SegmentRow[]): Section {
  const bad = rows.filter(({ worst }) => worst === 'open' || worst === 'unknown').length;
  return {
    // What is well is folded away: the reader's eye is for the rest.
    open: `<details${bad > 0 ? ' open' : ''}><summary><b>${prose(input)}</b>: ${count(rows.length, 'segment')}${bad > 0 ? `, ${bad} open or unknown` : ''}</summary>\n\n| segment | tier | verdict | hosts | way |\n|---|---|---|---|---|\n`,
    items: rows.flatMap((row) => tellings(row).map(({ standing, where }, index) => {
      const first = standing.verdicts[0];
      const way = first ? tellingWay(first) : { steps: [], end: 'stop' as const };
      const word = standing.verdict === 'open' || standing.verdict === 'unknown' ? `**${VERDICT_WORDS[standing.verdict]}**` : VERDICT_WORDS[standing.verdict];
      const hosts = standing.hosts.slice(0, HOSTS_SHOWN).map((host) => code(hostWords(host))).join('<br>') + (standing.hosts.length > HOSTS_SHOWN ? `<br>and ${standing.hosts.length - HOSTS_SHOWN} more` : '');
      const traffic = standing.verdict === 'open' ? code(listed([...new Set(standing.verdicts.flatMap(({ openTraffic }) => openTraffic ?? []))]) || 'anything') : hosts || 'none';
      const why = first?.blocker?.reason ?? first?.reasons[0];
      return `| ${index === 0 ? code(row.name) : ''} | ${index === 0 ? (row.tier ?? '') : ''} | ${word}${where ? `<br>${prose(where)}` : ''} | ${traffic} | ${prose(wayWords(way.steps, way.end))}${why ? `<br>${prose(why)}` : ''} |\n`;
    })),
    close: '\n</details>\n',
  };
}

function pictureSection(result: ReviewResult, rows: readonly SegmentRow[]): Section {
  const chart = mermaid(result, rows);
  return { open: '<details><summary><b>Picture</b>: every way to the internet</summary>\n\n', items: chart ? [`\`\`\`mermaid\n${chart}\n\`\`\`\n`] : [], close: '\n</details>\n' };
}

function listSection(title: string, items: readonly string[]): Section {
  return { open: `<details><summary><b>${title}</b>: ${items.length}</summary>\n\n`, items, close: '\n</details>\n' };
}
