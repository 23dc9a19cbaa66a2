/** Findings in Markdown: what a change brings, what is gone, what was there before. */
import type { AbsentFinding, Finding, ReviewResult, Severity } from '../result';
import type { Step } from '../paths/trace';
import { alikeFindings, type AlikeFinding } from './alike-findings';
import { numberWords, wasWords } from './by-age';
import type { Section } from './markdown-budget';
import { code, prose } from './markdown-escape';
import { HOP_WORDS, count, figure, lineOf } from './words';

/** Whole, and before everything that was there already. */
export function newSection(fresh: readonly Finding[], shown: Map<string, string>, inputs: (name: string) => string): Section {
  return {
    open: '\n### New findings\n\n',
    items: alikeFindings(fresh).map((alike) => `- **${alike.finding.severity}** ${findingItem(alike, shown, inputs)}`),
    close: '',
  };
}

/** An entry of the suppression file may be of something else, which had the address before. */
export function newlySuppressed(fresh: ReviewResult['suppressed'], inputs: (name: string) => string): Section {
  return {
    open: '\n### New, and suppressed\n\n',
    items: fresh.map((finding) => `- **${finding.severity}** **${code(finding.rule)}** ${code(finding.address)}${inputs(finding.input)}<br>${prose(finding.message)}${wasText(finding)}<br>Suppressed: ${prose(finding.statement)} (until ${prose(finding.expires)})\n`),
    close: '',
  };
}

export function absentSection(absent: readonly AbsentFinding[], inputs: (name: string) => string): Section {
  return {
    open: `<details><summary><b>${count(absent.length, 'finding')}</b> of before ${absent.length === 1 ? 'is' : 'are'} gone</summary>\n\n| | check | where | what it said |\n|---|---|---|---|\n`,
    items: absent.map(findingRow(inputs)),
    close: '\n</details>\n',
  };
}

/** The fix stands with the check in docs/checks.md and in the page. */
export function oldSection(old: readonly Finding[], inputs: (name: string) => string): Section {
  return {
    open: `<details><summary><b>${numberWords(old)}</b> that ${old.length === 1 ? 'was' : 'were'} there before</summary>\n\n| | check | where | what it says |\n|---|---|---|---|\n`,
    items: old.map(findingRow(inputs)),
    close: '\n</details>\n',
  };
}

function findingRow(inputs: (name: string) => string): (finding: AbsentFinding & Pick<Finding, 'was' | 'anotherThing'>) => string {
  return (finding) => `| ${finding.severity} | ${code(finding.rule)} | ${code(finding.address)}${inputs(finding.input)} | ${prose(finding.message)}${wasText(finding)} |\n`;
}

function wasText(finding: Pick<Finding, 'message' | 'was' | 'anotherThing'>): string {
  const words = wasWords(finding);
  return words ? `<br>${prose(`${words.charAt(0).toUpperCase()}${words.slice(1)}`)}` : '';
}

export function findingSections(findings: readonly Finding[], severities: readonly Severity[], shown: Map<string, string>, inputs: (name: string) => string): readonly Section[] {
  return severities.map((severity) => findingSection(severity, findings.filter((finding) => finding.severity === severity), shown, inputs));
}

/** @param shown ways that stand above already: many findings concern one way, which is worth reading once. */
function findingSection(severity: Severity, findings: readonly Finding[], shown: Map<string, string>, inputs: (name: string) => string): Section {
  const open = severity === 'critical' || severity === 'high' ? ' open' : '';
  return {
    open: `<details${open}><summary><b>${severity}</b>: ${count(findings.length, 'finding')}</summary>\n\n`,
    items: alikeFindings(findings).map((alike) => `- ${findingItem(alike, shown, inputs)}`),
    close: '\n</details>\n',
  };
}

/** Addresses named beside the first before the rest is counted. */
const ALIKE_SHOWN = 10;

function findingItem({ finding, others }: AlikeFinding, shown: Map<string, string>, inputs: (name: string) => string): string {
  const { rule, address, input, message, fix, witness, confidence } = finding;
  const line = lineOf(finding);
  return `**${code(rule)}** ${code(address)}${line === undefined ? '' : ` at ${code(line)}`}${inputs(input)}${confidence === 'certain' ? '' : ` (${confidence})`}<br>${prose(message)}${wasText(finding)}${alikeText(others)}<br>**Fix:** ${prose(fix)}\n${witness && witness.length > 0 ? `  <br>${wayLine(witness, `${code(rule)} ${code(address)}`, shown)}\n` : ''}`;
}

function alikeText(others: readonly string[]): string {
  const more = others.length - ALIKE_SHOWN;
  return others.length === 0 ? '' : `<br>The same of ${count(others.length, 'other')}: ${others.slice(0, ALIKE_SHOWN).map(code).join(', ')}${more > 0 ? ` and ${figure(more)} more` : ''}`;
}

function wayLine(witness: readonly Step[], who: string, shown: Map<string, string>): string {
  const key = JSON.stringify(witness);
  const first = shown.get(key);
  if (first !== undefined) return `Way: that of ${first}`;
  shown.set(key, who);
  return pathLine(witness);
}

function pathLine(steps: readonly Step[]): string {
  return steps.map(({ kind, address }) => `${HOP_WORDS[kind]} ${code(address)}`).join(' → ');
}
