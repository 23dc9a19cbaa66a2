/** The report for a terminal. */
import { alikeChanges } from './alike-changes';
import { alikeFindings } from './alike-findings';
import { createColors } from 'picocolors';
import { printable } from '../../blueprints/policy/problems';
import { groupBy } from '../group-by';
import { SEVERITIES, type AbsentFinding, type EgressDiff, type EndpointChange, type Finding, type ReviewedInput, type ReviewResult, type Severity } from '../result';
import type { Step } from '../paths/trace';
import { byAge, numberWords, wasWords } from './by-age';
import { headline, type Headline } from './headline';
import { pictures, type Picture, type PictureHop } from './picture/picture';
import { segmentRows, type SegmentRow } from './segment-rows';
import { verdictTable } from './text-table';
import { wrap } from './wrap';
import { HOP_WORDS, POD_WORDS, RENAME_ADVICE, VERDICTS, VERDICT_WORDS, count, endpointWords, figure, isNothing, listed, isUnsure, opens, otherWords, placeWords, settingWords, whatWords, whyWords, worstFirst } from './words';

export interface TextOptions {
  /** ANSI colours. The caller knows about NO_COLOR and about terminals. */
  readonly color: boolean;
  /** Columns of the terminal. Default: 120. Nothing is wider but what cannot be broken. */
  readonly width?: number;
}

type Colors = ReturnType<typeof createColors>;

/** `, in network.json`, where there are several inputs. */
type Where = (input: string) => string;

/** Names come from whoever wrote the plan: what would steer the terminal is written out as `\u{1b}`. */
export function textReport(result: ReviewResult, { color, width = 120 }: TextOptions): string {
  const colors = createColors(color);
  const columns = Math.max(48, Math.min(width, 180));
  const rows = segmentRows(result);
  const drawn = result.topology.nodes.some(({ kind }) => kind === 'endpoint') ? pictures(result, rows) : [];
  const shown = new Map<string, string>();
  const where: Where = (input) => (result.inputs.length > 1 ? `, in ${input}` : '');
  // Of one input each finding is in it.
  const told = result.inputs.length > 1 ? result : { ...result, findings: result.findings.map((finding) => ({ ...finding, input: '' })) };
  const sections = [
    headlineLines(headline(result, rows), colors, columns),
    ...(result.diff ? [diffLines(result.diff, where, colors, columns)] : []),
    ...broughtLines(told, shown, colors, columns),
    ...result.inputs.map((input, index) => [
      inputLine(input, colors, columns),
      ...networkLines(result, input, drawn[index], rows, colors, columns),
      ...input.warnings.flatMap((warning) => wrap(warning, columns, `${colors.yellow('!')} `, '  ')),
    ]),
    ...standingLines(told, shown, colors, columns),
    suppressedLines(result, colors, columns),
    result.notices.flatMap((notice) => wrap(notice, columns, `${colors.yellow('!')} `, '  ')),
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headlineLines({ tone, verdict, findings, change }: Headline, colors: Colors, width: number): readonly string[] {
  const paint = tone === 'bad' ? colors.red : tone === 'good' ? colors.green : colors.yellow;
  return [
    ...wrap(verdict, width, '', '').map((line) => colors.bold(paint(line))),
    ...wrap([findings, change].filter(Boolean).join('; '), width, '', ''),
  ];
}

function inputLine({ name, kind, resources, terraformVersion, comparedWith }: ReviewedInput, colors: Colors, width: number): string {
  const facts = [kind, count(resources, 'resource'), terraformVersion ? `Terraform ${terraformVersion}` : '', comparedWith ? `compared with ${printable(comparedWith)}` : ''].filter(Boolean).join(', ');
  return wrap(facts, width, `${colors.bold(colors.cyan(printable(name)))}  `, '  ', printable(name).length + 2).join('\n');
}

/** Connections shown per cluster before the rest is counted; the JSON report has them all. */
const CONNECTIONS_SHOWN = 60;
/** Findings shown per rule. */
const FINDINGS_SHOWN = 20;
/** Addresses named beside the first of findings that say the same. */
const ALIKE_SHOWN = 10;
/** Rows shown of an input's table, the worst. */
const ROWS_SHOWN = 50;
/** Lines shown of each kind of change. */
const CHANGES_SHOWN = 100;

/** Of many things the first ones, and how many there are beside them: nobody scrolls through a hundred thousand. */
function firsts<T>(things: readonly T[], most: number, what: string, lines: (thing: T) => readonly string[]): readonly string[] {
  const shown = things.slice(0, most).flatMap(lines);
  return things.length > most ? [...shown, `  and ${figure(things.length - most)} more ${what}: --json has them all`] : shown;
}

/** Where not all changes are shown, those that open something are. */
function openingFirst<T>(changes: readonly T[], opening: (change: T) => boolean): readonly T[] {
  return changes.length <= CHANGES_SHOWN ? changes : [...changes.filter(opening), ...changes.filter((change) => !opening(change))];
}

/** The table of the worst rows, in the order of all; and a line about the others. */
function tableLines(rows: readonly SegmentRow[], colors: Colors, width: number): readonly string[] {
  if (rows.length <= ROWS_SHOWN) return [verdictTable(rows, colors, width)];
  const sorted = VERDICTS.flatMap((verdict) => rows.filter(({ worst }) => worst === verdict));
  const shown = new Set(sorted.slice(0, ROWS_SHOWN));
  const others = groupBy(sorted.slice(ROWS_SHOWN), ({ worst }) => worst);
  const words = [...others].map(([verdict, own]) => `${figure(own.length)} ${VERDICT_WORDS[verdict]}`);
  return [verdictTable(rows.filter((row) => shown.has(row)), colors, width), `  and ${figure(rows.length - ROWS_SHOWN)} more segments (${words.join(', ')}): --json has them all`];
}

/** The network's table; of an input that holds a cluster, who may talk to whom. */
function networkLines(result: ReviewResult, input: ReviewedInput, picture: Picture | undefined, rows: readonly SegmentRow[], colors: Colors, width: number): readonly string[] {
  const own = rows.filter((row) => row.input === input.name);
  const inside = (result.connections ?? []).filter((each) => each.input === input.name);
  return [
    ...(own.length > 0 || inside.length === 0 ? tableLines(own, colors, width) : []),
    ...privateLines(picture, width),
    ...podLines(result, input, colors, width),
    ...firsts(inside, CONNECTIONS_SHOWN, 'connections', ({ from, to, ports }) => wrap(`${from} → ${to}  ${ports.join(' ')}`, width, '  ', '    ')),
  ];
}

/** Kinds of pods named of each that policies treat alike. */
const PODS_SHOWN = 8;

function podLines({ pods = [] }: ReviewResult, input: ReviewedInput, colors: Colors, width: number): readonly string[] {
  const paint = { open: colors.yellow, unknown: colors.yellow, allowlisted: colors.blue, none: colors.green };
  return VERDICTS.flatMap((egress) => {
    const own = pods.filter((each) => each.input === input.name && each.egress === egress);
    return own.length === 0 ? [] : wrap(`${POD_WORDS[egress]}: ${listed(own.map((each) => each.pods), PODS_SHOWN)}`, width, `  ${paint[egress]('●')} `, '    ');
  });
}

/** Segments named beside what they reach before the rest is counted. */
const SEGMENTS_SHOWN = 6;

/** What is reached without the internet, by who reaches it. */
function privateLines(picture: Picture | undefined, width: number): readonly string[] {
  if (!picture) return [];
  const { privately, rows } = picture;
  return [...groupBy(privately, (hop) => hop.rows.join()).values()].flatMap((hops) => {
    const own = (hops[0] as PictureHop).rows;
    const who = own.length === rows.length ? 'every segment' : own.length === 0 ? 'nobody' : listed(own.map((row) => (rows[row] as SegmentRow).name), SEGMENTS_SHOWN);
    return wrap(`reached privately by ${who}: ${hops.map(({ label }) => label).join(', ')}`, width, '  ', '    ');
  });
}

function diffLines(diff: EgressDiff, where: Where, colors: Colors, width: number): readonly string[] {
  const { reach, ways, endpoints = [], connections = [], renames = [] } = diff;
  if (isNothing(diff)) return [colors.bold('What this change opens'), '  nothing'];
  return [
    colors.bold('What this change opens and closes'),
    ...firsts(worstFirst(alikeChanges(reach)), CHANGES_SHOWN, 'changes of what is reached', (change) => {
      const sign = opens(change) ? colors.red('+') : isUnsure(change) ? colors.yellow('?') : colors.green('-');
      const [why, which] = [whyWords(change), [placeWords(change), otherWords(change)].filter(Boolean).join('; ')];
      const what = `${change.change.replaceAll('-', ' ')}: ${change.who}${which ? ` (${which})` : ''} → ${whatWords(change)}${change.family === 6 ? ' (IPv6)' : ''}${where(change.input)}${why ? ` (${why})` : ''}`;
      return [...wrap(what, width, `  ${sign} `, '    '), ...pathLines(change.path, colors, width)];
    }),
    ...firsts(openingFirst(ways, ({ change }) => change !== 'removed'), CHANGES_SHOWN, 'gateways, addresses and peerings', (way) => {
      const { change, input, kind, address } = way;
      const sign = change === 'added' ? colors.yellow('+') : change === 'changed' ? colors.yellow('~') : '-';
      return wrap([`${HOP_WORDS[kind]} ${change}: ${address}`, settingWords(way)].filter(Boolean).join(', ') + where(input), width, `  ${sign} `, '    ');
    }),
    ...firsts(alikeEndpoints(openingFirst(endpoints, ({ wayOut }) => wayOut)), CHANGES_SHOWN, 'private endpoints', (alike) => {
      const change = alike[0] as EndpointChange;
      const sign = change.wayOut ? colors.red('+') : GROWS.has(change.change) ? colors.yellow('+') : '-';
      const which = alike.length === 1 ? `private endpoint ${change.change}: ${change.label} (${change.address})` : `private endpoints ${change.change}: ${alike.map(({ label }) => label).join(', ')}`;
      return wrap([which, endpointWords(change)].filter(Boolean).join(', ') + where(change.input), width, `  ${sign} `, '    ');
    }),
    ...firsts(openingFirst(connections, ({ change }) => change === 'opened'), CHANGES_SHOWN, 'connections', ({ change, input, from, to, port }) =>
      wrap(`${change}: ${from} → ${to} ${port}${where(input)}`, width, `  ${change === 'opened' ? colors.red('+') : colors.green('-')} `, '    ')),
    ...firsts(renames, CHANGES_SHOWN, 'names', ({ from, to, input }) => wrap(`perhaps renamed: ${from} → ${to}${where(input)} (${RENAME_ADVICE})`, width, `  ${colors.yellow('?')} `, '    ')),
  ];
}

/** A segment more reaches a dozen endpoints, all in the same words: said once. */
function alikeEndpoints(changes: readonly EndpointChange[]): readonly (readonly EndpointChange[])[] {
  return [...groupBy(changes, (change) => JSON.stringify([change.change, change.wayOut, change.input, endpointWords(change)])).values()];
}

const GROWS: ReadonlySet<EndpointChange['change']> = new Set(['added', 'opened', 'reached']);

type Lines = readonly (readonly string[])[];

/** What the change brings, whole, and what is gone, by check. */
function broughtLines({ findings, absent = [] }: ReviewResult, shown: Map<string, string>, colors: Colors, width: number): Lines {
  const { fresh } = byAge(findings);
  return [
    ...(fresh.length > 0 ? [[colors.bold(`What this change brings: ${numberWords(fresh, 'new finding')}`)], ...wholeLines(fresh, shown, colors, width)] : []),
    ...(absent.length > 0 ? [[colors.bold(`${count(absent.length, 'finding')} of before ${absent.length === 1 ? 'is' : 'are'} gone`), ...checkLines(absent, colors, width)]] : []),
  ];
}

/** What nobody knows to be old, whole; what was there before by check. */
function standingLines({ findings }: ReviewResult, shown: Map<string, string>, colors: Colors, width: number): Lines {
  const { old, undated } = byAge(findings);
  const title = `${numberWords(old)} that ${old.length === 1 ? 'was' : 'were'} there before`;
  return [
    ...wholeLines(undated, shown, colors, width),
    ...(old.length > 0 ? [[colors.bold(title), ...checkLines(old, colors, width), ...wrap('what each says and how to fix it: --html, --json, or a review of the state', width, '  ', '  ')]] : []),
  ];
}

function wholeLines(findings: readonly Finding[], shown: Map<string, string>, colors: Colors, width: number): Lines {
  return SEVERITIES.map((severity) => findingLines(severity, findings, shown, colors, width)).filter((lines) => lines.length > 0);
}

/** Addresses shown of a check whose findings are not new. */
const OLD_SHOWN = 5;

function checkLines(findings: readonly AbsentFinding[], colors: Colors, width: number): readonly string[] {
  return [...groupBy(findings, ({ severity, rule }) => `${severity}  ${rule}`)].flatMap(([what, own]) => {
    const addresses = [...new Set(own.map(({ address }) => address))];
    return wrap(`${what}  ${listed(addresses, OLD_SHOWN)}`, width, `  ${colors.dim('●')} `, '    ');
  });
}

function findingLines(severity: Severity, findings: readonly Finding[], shown: Map<string, string>, colors: Colors, width: number): readonly string[] {
  const own = findings.filter((finding) => finding.severity === severity);
  if (own.length === 0) return [];
  const paint = severity === 'critical' || severity === 'high' ? colors.red : severity === 'medium' ? colors.yellow : colors.blue;
  return [
    colors.bold(paint(`${severity.toUpperCase()} (${figure(own.length)})`)),
    ...[...groupBy(own, ({ rule }) => rule)].flatMap(([rule, ofRule]) => firsts(alikeFindings(ofRule), FINDINGS_SHOWN, `of ${rule}`, ({ finding, others }) => [
      ...wrap(`${finding.rule}  ${finding.address}`, width, `  ${paint('●')} `, '    ').map((line) => colors.bold(line)),
      ...wrap(`${finding.message}${finding.confidence === 'certain' ? '' : ` (${finding.confidence})`}`, width, '    ', '    '),
      ...wrap(wasWords(finding), width, '    ', '    ').filter((line) => line.trim()),
      ...(others.length > 0 ? wrap(`the same of ${count(others.length, 'other')}: ${listed(others, ALIKE_SHOWN)}`, width, '    ', '      ') : []),
      ...wayLines(finding, shown, colors, width),
      ...wrap(finding.fix, width, `    ${colors.green('fix:')} `, '         ', 9),
      ...wrap(sourceOf(finding), width, colors.dim('    '), '    ').filter((line) => line.trim()).map((line) => colors.dim(line)),
    ])),
  ];
}

/** Many findings concern one way, which is worth reading once. */
function wayLines({ rule, address, witness }: Finding, shown: Map<string, string>, colors: Colors, width: number): readonly string[] {
  if (!witness || witness.length === 0) return [];
  const key = JSON.stringify(witness);
  const first = shown.get(key);
  if (first !== undefined) return wrap(`that of ${first}`, width, `    ${colors.dim('way:')} `, '         ', 9);
  shown.set(key, `${rule} ${address}`);
  return pathLines(witness, colors, width);
}

function sourceOf({ input, segment, source }: Finding): string {
  return [input === '' ? '' : `in ${input}`, segment ? `segment ${segment}` : '', source?.constructPath ? `from ${source.constructPath}` : ''].filter(Boolean).join(', ');
}

function suppressedLines({ suppressed }: ReviewResult, colors: Colors, width: number): readonly string[] {
  if (suppressed.length === 0) return [];
  return [
    colors.bold(`Suppressed (${figure(suppressed.length)})`),
    ...firsts(suppressed, CHANGES_SHOWN, 'suppressed findings', ({ rule, address, statement, expires, owner, baselineState }) =>
      wrap(`${baselineState === 'new' ? 'new: ' : ''}${rule}  ${address}: ${statement} (until ${expires}${owner ? `, ${owner}` : ''})`, width, '  ', '    ')),
  ];
}

function pathLines(path: readonly Step[] | undefined, colors: Colors, width: number): readonly string[] {
  return (path ?? []).flatMap(({ kind, address, label }, index) =>
    wrap(`${HOP_WORDS[kind]} ${address}${label && label !== address ? ` (${label})` : ''}`, width, `      ${colors.dim(index === 0 ? '┌' : '→')} `, '        ', 8));
}
