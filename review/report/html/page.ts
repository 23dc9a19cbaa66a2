/** The report as one HTML page that needs nothing but itself. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReviewResult } from '../../result';
import type { CheckText } from '../check-text';
import { headline, type Headline } from '../headline';
import { pictures } from '../picture/picture';
import { reportTitle } from '../report-name';
import { segmentRows } from '../segment-rows';
import { VERDICTS, VERDICT_MEANINGS, VERDICT_WORDS, count } from '../words';
import { pageData } from './data';
import { esc, jsonInScript } from './escape';
import { iconDefinitions, inlineIcon } from './icons';
import { layOut } from './layout';
import { pictureSvg, type Drawing, type Frame } from './picture-svg';
import { changeSection, connectionsSection, findingsSection, noticesSection, suppressedSection } from './sections';
import { columnsOf, tableOf } from './table';

export interface HtmlOptions {
  /** Tells apart several reviews of one commit, see `isReportName`. Default: there is one. */
  readonly name?: string;
  /** Texts of the checks: why a finding matters. Default: none. */
  readonly checks?: readonly CheckText[];
}

/** Modules, in the order in which they are run: each imports from earlier ones only. */
const SCRIPTS = ['data.js', 'elements.js', 'panel.js', 'diagram.js', 'search.js', 'theme.js'] as const;

/** Lays the pictures out, which takes a moment; the same result gives the same page, byte for byte. */
export async function htmlReport(result: ReviewResult, { name, checks = [] }: HtmlOptions = {}): Promise<string> {
  const title = reportTitle(name);
  const rows = segmentRows(result);
  const all = pictures(result, rows);
  const columns = columnsOf(all);
  const drawings: Drawing[] = [];
  for (const [index, picture] of all.entries()) {
    const table = tableOf(picture);
    drawings.push({ index, picture, table, layout: await layOut(picture, table, columns.end) });
  }
  const frame: Frame = { columns, internet: Math.max(columns.end + 60, ...drawings.map(({ layout }) => layout.internet ?? layout.width + 40)) };
  const style = asset('page.css');
  const script = scriptOf(SCRIPTS.map((name) => asset(join('client', name))));
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    // Nothing may be loaded or sent, and no script runs but the one that has this hash.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${esc(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    iconDefinitions(),
    header(title, headline(result, rows), result),
    '<main>',
    `<section id="ways" aria-labelledby="ways-title"><h2 id="ways-title">Ways to the internet</h2>${legend()}${drawings.map((drawing) => figure(drawing, frame, result)).join('\n')}</section>`,
    result.diff ? changeSection(result.diff) : '',
    connectionsSection(result),
    findingsSection(result, checks),
    suppressedSection(result),
    noticesSection(result),
    '</main>',
    '<aside id="panel" role="dialog" aria-labelledby="panel-title" tabindex="-1" hidden data-control></aside>',
    `<script type="application/json" id="review-data">${jsonInScript(pageData(drawings))}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function header(title: string, { tone, verdict, findings, change, segments }: Headline, { diff }: ReviewResult): string {
  const icon = inlineIcon(tone === 'good' ? 'allowlisted' : tone === 'bad' ? 'open' : 'unknown');
  const counts = VERDICTS.map((kind) => `<li class="${kind}${segments[kind] === 0 ? ' zero' : ''}" title="${esc(VERDICT_MEANINGS[kind])}">${inlineIcon(kind)}<b>${segments[kind]}</b> ${VERDICT_WORDS[kind]}</li>`).join('');
  return [
    '<header class="top">',
    `<div class="bar"><span class="brand">${esc(title)}</span>`,
    '<search data-control><label for="search">Search</label><input id="search" type="search" placeholder="segment, host or address" autocomplete="off" spellcheck="false" aria-describedby="matches"><kbd aria-hidden="true">/</kbd></search>',
    '<button id="theme" type="button" data-control>Dark</button></div>',
    `<p id="matches" role="status" data-control></p>`,
    `<div class="verdict ${tone}">${icon}<h1>${esc(verdict)}</h1></div>`,
    `<p class="summary"><a href="#findings">${esc(findings)}</a>${change ? ` · <a href="#${diff ? 'change' : 'findings'}">${esc(change)}</a>` : ''}</p>`,
    `<ul class="counts" aria-label="Segments by verdict">${counts}</ul>`,
    '</header>',
  ].join('\n');
}

function figure(drawing: Drawing, frame: Frame, { inputs, connections = [], pods = [] }: ReviewResult): string {
  const { picture, index } = drawing;
  const input = inputs[index];
  const facts = [input?.kind, count(input?.resources ?? 0, 'resource'), input?.terraformVersion ? `Terraform ${input.terraformVersion}` : ''].filter((text): text is string => Boolean(text)).map(esc).join(' · ');
  const isOwn = (each: { readonly input: string }) => each.input === picture.input;
  const isCluster = connections.some(isOwn) || pods.some(isOwn);
  const body = picture.rows.length === 0
    ? `<p class="quiet">${isCluster ? 'No network in it; <a href="#connections">inside of clusters</a> says who may call whom.' : 'No network to judge.'}</p>`
    : `<div class="scroll" tabindex="0" role="region" aria-label="${esc(`Diagram of ${picture.input}`)}">${pictureSvg(drawing, frame)}</div>`;
  return `<figure><figcaption><h3>${esc(picture.input)}</h3> <span class="quiet">${facts}</span></figcaption>${body}</figure>`;
}

function legend(): string {
  const items = [
    `<li>${line('open')} without control</li>`,
    `<li>${line('guarded')} to listed hosts only</li>`,
    `<li>${line('unknown')} not told by the plan</li>`,
    '<li><svg class="sample" viewBox="0 0 34 16" aria-hidden="true"><g class="stop"><path d="M2 8h22m0 -6v12"/></g></svg> ends here</li>',
  ];
  return `<ul class="legend">${items.join('')}<li class="hint" data-control>Choose a segment or a box to see its paths.</li></ul>`;
}

function line(kind: string): string {
  return `<svg class="sample" viewBox="0 0 34 16" aria-hidden="true"><path class="way ${kind}" d="M2 8H28" marker-end="url(#arrow-${kind})"/></svg>`;
}

/** Modules as one script: a page that loads nothing has nowhere to import from. Their names differ, so they share a scope. */
function scriptOf(modules: readonly string[]): string {
  const bodies = modules.map((text) => text.replace(/^import .*;\n/gm, '').replace(/^export /gm, ''));
  return `(() => {\n'use strict';\n${bodies.join('\n')}})();`;
}

function asset(name: string): string {
  return readFileSync(join(__dirname, name), 'utf8');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
