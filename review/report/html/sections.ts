/** The parts of the page below the pictures: the change, the findings, what was suppressed, notices. */
import { alikeChanges } from '../alike-changes';
import type { AbsentFinding, BaselineState, EgressDiff, EndpointChange, Finding, LikelyRename, PodReach, ReachChange, ReviewResult, WayChange } from '../../result';
import type { Step } from '../../paths/trace';
import { groupBy } from '../../group-by';
import { byAge, isCompared, wasWords } from '../by-age';
import { checkTexts, type CheckText } from '../check-text';
import { CONFIDENCE_MEANINGS, HOP_WORDS, POD_WORDS, RENAME_ADVICE, VERDICTS, bySeverity, count, endpointWords, isNothing, isUnsure, opens, otherWords, placeWords, settingTexts, whatWords, whyWords, worstFirst } from '../words';
import { esc } from './escape';
import { inlineIcon } from './icons';

/** More findings than this make a page slow and are read by nobody; the mildest are in the JSON report only. */
const MOST_FINDINGS = 1_500;

/** The same of changes. */
const MOST_CHANGES = 1_500;

/** From here on the browser is told to draw only what is in sight. */
const MANY_FINDINGS = 100;

/** More connections than this are in the JSON report only. */
const MOST_CONNECTIONS = 1_000;

/** What policies let pods call on the internet, and who may talk to whom inside of clusters; nothing when no input holds one. */
export function connectionsSection({ connections = [], pods = [] }: ReviewResult): string {
  if (connections.length + pods.length === 0) return '';
  const shown = connections.slice(0, MOST_CONNECTIONS);
  const left = connections.length - shown.length;
  const lists = [...groupBy(shown, ({ input }) => input)].map(([input, own]) => `<h3>Connections in ${esc(input)} <span class="number">${own.length}</span></h3><ul>${own.map(({ from, to, ports, internet }) =>
    `<li class="searchable"><div><code>${esc(from)}</code> → <code>${esc(to)}</code> ${esc(ports.join(' '))}${internet ? ' <span class="tag">internet</span>' : ''}</div></li>`).join('')}</ul>`);
  return section('connections', 'Inside of clusters', String(connections.length), `<div class="change">${podList(pods)}${lists.join('')}</div>${left > 0 ? `<p class="cut">${count(left, 'connection')} left out here. The JSON report has all.</p>` : ''}`);
}

function podList(pods: readonly PodReach[]): string {
  if (pods.length === 0) return '';
  const worstFirst = VERDICTS.flatMap((egress) => pods.filter((each) => each.egress === egress));
  const items = worstFirst.slice(0, MOST_CONNECTIONS).map(({ input, pods: name, egress, reached, reasons }) =>
    `<li class="searchable">${inlineIcon(egress)}<div><code>${esc(name)}</code> <span class="quiet">${POD_WORDS[egress]}, in ${esc(input)}</span>${[...reached, ...(egress === 'unknown' ? reasons : [])].length > 0 ? `<p class="quiet">${[...reached, ...(egress === 'unknown' ? reasons : [])].map(esc).join(' · ')}</p>` : ''}</div></li>`);
  const left = pods.length - items.length;
  return `<h3>Pods and the internet, by policy <span class="number">${pods.length}</span></h3><ul>${items.join('')}</ul>${left > 0 ? `<p class="cut">${count(left, 'kind')} of pods left out here. The JSON report has all.</p>` : ''}`;
}

export function changeSection(diff: EgressDiff): string {
  const { reach, ways, endpoints = [], connections = [], renames = [] } = diff;
  const [opened, closed] = [reach.filter(opens), reach.filter((change) => !opens(change))];
  const inside = (change: 'opened' | 'closed') => connections.filter((each) => each.change === change).map(({ input, from, to, port }) =>
    `<li class="searchable"><div><code>${esc(from)}</code> → <code>${esc(to)}</code> ${esc(port)} <span class="quiet">in ${esc(input)}</span></div></li>`);
  const body = isNothing(diff)
    ? '<p class="quiet">Nothing: every segment reaches what it reached before.</p>'
    : `<div class="columns">${changeList('Opens', 'opens', opened, [...endpoints.filter(({ wayOut }) => wayOut).map(endpointItem), ...inside('opened')])}${changeList('Closes', 'closes', closed, inside('closed'))}${changeList('Gateways, addresses, endpoints', 'ways', [], [...ways.map(wayItem), ...endpoints.filter(({ wayOut }) => !wayOut).map(endpointItem), ...renames.map(renameItem)])}</div>`;
  return section('change', 'What this change does', '', body);
}

function changeList(title: string, name: string, changes: readonly ReachChange[], others: readonly string[]): string {
  const told = worstFirst(alikeChanges(changes));
  const items = [...told.slice(0, MOST_CHANGES).map(changeItem), ...others];
  const left = told.length - MOST_CHANGES;
  return `<div class="change ${name}"><h3>${title} <span class="number">${changes.length + others.length}</span></h3>${items.length > 0 ? `<ul>${items.join('')}</ul>` : '<p class="quiet">nothing</p>'}${left > 0 ? `<p class="cut">${count(left, 'change')} left out here. The JSON report has all.</p>` : ''}</div>`;
}

function wayItem(way: WayChange): string {
  const { change, kind, address, input } = way;
  return `<li class="searchable"><div><span class="tag">${change}</span> ${HOP_WORDS[kind]} <code>${esc(address)}</code> <span class="quiet">in ${esc(input)}</span>${settingTexts(way).map((text) => `<p class="quiet">${esc(text)}</p>`).join('')}</div></li>`;
}

function renameItem({ from, to, input }: LikelyRename): string {
  return `<li class="searchable"><div><span class="tag">perhaps renamed</span> <code>${esc(from)}</code> → <code>${esc(to)}</code> <span class="quiet">in ${esc(input)}</span><p class="quiet">${RENAME_ADVICE}</p></div></li>`;
}

function endpointItem(change: EndpointChange): string {
  const { address, label, input, wayOut } = change;
  return `<li class="searchable">${wayOut ? inlineIcon('open') : ''}<div><span class="tag">${change.change}</span> private endpoint <b>${esc(label)}</b> <code>${esc(address)}</code><p class="quiet">${[endpointWords(change), `in ${input}`].filter(Boolean).map(esc).join(' · ')}</p></div></li>`;
}

function changeItem(change: ReachChange): string {
  const { who, what, family, input, path, reasons = [] } = change;
  const [why, places] = [reasons.length > 0 ? reasons.join('; ') : whyWords(change), placeWords(change)];
  const facts = [places && `by ${places}`, otherWords(change), why, `in ${input}`].filter(Boolean).map(esc).join(' · ');
  const icon = inlineIcon(isUnsure(change) ? 'unknown' : opens(change) ? (what === 'anything' || change.change === 'became-open' ? 'open' : 'allowlisted') : 'none');
  return `<li class="searchable">${icon}<div><b>${esc(who)}</b> → <code>${esc(whatWords(change))}</code>${family === 6 ? ' <span class="tag">IPv6</span>' : ''} <span class="tag">${change.change.replaceAll('-', ' ')}</span><p class="quiet">${facts}</p>${path ? pathDetails(path) : ''}</div></li>`;
}

export function findingsSection(result: ReviewResult, checks: readonly CheckText[]): string {
  const { findings, absent = [] } = result;
  const gone = absentList(absent);
  if (findings.length === 0) return section('findings', 'Findings', '', `<p class="quiet">None.</p>${gone}`);
  const texts = checkTexts(checks);
  const { fresh, old, undated } = byAge(findings);
  const shown = [...fresh, ...undated, ...old].slice(0, MOST_FINDINGS);
  const ages = isCompared(result) ? [['new', fresh], ['not compared', undated], ['there before', old]] as const : [];
  const ageFilter = ages.filter(([, own]) => own.length > 0).map(([age, own]) => `<label><input type="checkbox" name="age" value="${age}" checked> ${age} <span class="number">${own.length}</span></label>`).join('');
  const filter = bySeverity(findings).map(([severity, n]) => `<label class="severity ${severity}"><input type="checkbox" name="severity" value="${severity}" checked> ${severity} <span class="number">${n}</span></label>`).join('');
  const left = findings.length - shown.length;
  return section('findings', 'Findings', String(findings.length), [
    `<fieldset class="filter" data-control><legend>Show</legend>${ageFilter}${ageFilter ? '<span class="between" aria-hidden="true"></span>' : ''}${filter}</fieldset>`,
    gone,
    `<div${shown.length > MANY_FINDINGS ? ' class="many"' : ''}>${shown.map((finding) => findingCard(finding, texts.get(finding.rule))).join('')}</div>`,
    left > 0 ? `<p class="cut">${count(left, ages.length > 0 ? 'older or milder finding' : 'milder finding')} left out here. The JSON report has all.</p>` : '',
    '<p class="quiet none-shown" hidden>No finding matches.</p>',
  ].join(''));
}

/** What was found before and is no more. */
function absentList(absent: readonly AbsentFinding[]): string {
  if (absent.length === 0) return '';
  const items = absent.slice(0, MOST_FINDINGS).map(({ rule, severity, address, input, message }) => `<li class="searchable"><div><span class="tag">${severity}</span> <code>${esc(rule)}</code> <code>${esc(address)}</code> <span class="quiet">in ${esc(input)}</span><p class="quiet">${esc(message)}</p></div></li>`);
  return `<details class="change gone"><summary>${count(absent.length, 'finding')} of before ${absent.length === 1 ? 'is' : 'are'} gone</summary><ul>${items.join('')}</ul></details>`;
}

const AGES: Readonly<Record<BaselineState, string>> = { new: 'new', unchanged: 'there before', updated: 'there before' };

function findingCard(finding: Finding, text: CheckText | undefined): string {
  const { rule, severity, confidence, address, input, segment, message, fix, witness, source, baselineState } = finding;
  const was = wasWords(finding);
  const references = (text?.references ?? []).filter((reference) => /^https:\/\//.test(reference)).map((reference) => `<li><a href="${esc(reference)}" rel="noreferrer">${esc(reference)}</a></li>`).join('');
  const facts = [input, segment ? `segment ${segment}` : '', source?.constructPath ?? ''].filter(Boolean).map(esc).join(' · ');
  return [
    `<article class="finding searchable ${severity}" data-severity="${severity}"${baselineState ? ` data-age="${AGES[baselineState]}"` : ' data-age="not compared"'}>`,
    `<header><span class="severity ${severity}">${severity}</span>${baselineState === 'new' ? ' <span class="tag new">new</span>' : ''} <h3>${esc(text?.title ?? rule.replaceAll('-', ' '))}</h3> <code class="rule">${esc(rule)}</code></header>`,
    `<p class="message">${esc(message)}</p>`,
    was ? `<p class="message was quiet">${esc(was)}</p>` : '',
    `<p class="fix"><b>Fix</b> ${esc(fix)}</p>`,
    `<p class="where"><code>${esc(address)}</code> <span class="quiet">${facts}</span>${confidence === 'certain' ? '' : ` <span class="tag" title="${CONFIDENCE_MEANINGS[confidence]}">${confidence}</span>`}</p>`,
    witness && witness.length > 0 ? pathDetails(witness) : '',
    text ? `<details><summary>Why it matters</summary><p>${esc(text.why)}</p>${references ? `<ul>${references}</ul>` : ''}</details>` : '',
    '</article>',
  ].join('');
}

export function suppressedSection({ suppressed }: ReviewResult): string {
  if (suppressed.length === 0) return '';
  const rows = suppressed.map(({ rule, address, severity, statement, expires, owner, input, baselineState }) =>
    `<tr class="searchable"><td><code>${esc(rule)}</code>${baselineState === 'new' ? ' <span class="tag new">new</span>' : ''}<br><span class="quiet">${severity}</span></td><td><code>${esc(address)}</code><br><span class="quiet">${esc(input)}</span></td><td>${esc(statement)}</td><td>${esc(expires)}</td><td>${esc(owner ?? '')}</td></tr>`);
  return section('suppressed', 'Suppressed', String(suppressed.length), `<div class="scroll" tabindex="0" role="region" aria-label="Suppressed findings"><table><thead><tr><th>Rule</th><th>Address</th><th>Why it is accepted</th><th>Until</th><th>Owner</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`);
}

export function noticesSection({ notices, inputs }: ReviewResult): string {
  const all = [...inputs.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`)), ...notices];
  if (all.length === 0) return '';
  return section('notices', 'Notices', '', `<ul class="notices">${all.map((notice) => `<li class="searchable">${esc(notice)}</li>`).join('')}</ul>`);
}

function pathDetails(steps: readonly Step[]): string {
  const items = steps.map(({ kind, address, label }) => `<li><span class="kind">${HOP_WORDS[kind]}</span> <code>${esc(address)}</code>${label && label !== address ? ` <span class="quiet">${esc(label)}</span>` : ''}</li>`);
  return `<details class="path"><summary>Path, ${count(steps.length, 'step')}</summary><ol>${items.join('')}</ol></details>`;
}

function section(id: string, title: string, number: string, body: string): string {
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}${number ? ` <span class="number">${number}</span>` : ''}</h2>${body}</section>`;
}
