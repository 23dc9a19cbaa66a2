/** The rules of a SARIF run: why a check exists and how to fix what it finds. */
import type { ReportingDescriptor } from 'sarif';
import { SEVERITIES, type Finding, type Severity } from '../result';
import { prose } from './markdown-escape';
import { plainText } from './sarif-text';
import { checkTexts, type CheckText } from './check-text';

/** SARIF knows three levels. */
export const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' };

/**
 * As GitHub cuts them: above 9.0 critical, from 7.0 high, from 4.0 medium, else low.
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.5' };

/** Of every check that was run and every rule that a finding names, sorted by id. */
export function sarifRules(findings: readonly Finding[], checks: readonly CheckText[]): readonly ReportingDescriptor[] {
  const texts = checkTexts(checks);
  const worst = new Map<string, Finding>();
  for (const finding of findings) {
    const known = worst.get(finding.rule);
    if (!known || SEVERITIES.indexOf(finding.severity) < SEVERITIES.indexOf(known.severity)) worst.set(finding.rule, finding);
  }
  return [...new Set([...texts.keys(), ...worst.keys()])].sort().map((id) => ruleOf(id, texts.get(id), worst.get(id)));
}

function ruleOf(id: string, text: CheckText | undefined, worst: Finding | undefined): ReportingDescriptor {
  // GitHub shows the rule's severity for each result, so the worst result decides and not the check's default.
  const severity = worst?.severity ?? text?.severity ?? 'medium';
  const title = plainText(text?.title ?? id.replaceAll('-', ' '));
  const fix = text?.fix ?? worst?.fix ?? '';
  const reference = text?.references.find((address) => address.startsWith('https://'));
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: text ? plainText(text.why) : title },
    help: { text: [text?.why ?? '', `Fix: ${fix}`].filter(Boolean).map(plainText).join('\n\n'), markdown: helpMarkdown(fix, text) },
    ...(reference ? { helpUri: encodeURI(reference) } : {}),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { 'security-severity': SECURITY_SEVERITY[severity], precision: 'high', tags: ['security', 'network', 'egress'] },
  };
}

function helpMarkdown(fix: string, text: CheckText | undefined): string {
  const references = (text?.references ?? []).map((address) => `- <${encodeURI(address)}>`).join('\n');
  return [
    text ? prose(text.why) : '',
    `**Fix:** ${prose(fix)}`,
    references ? `**References**\n\n${references}` : '',
    text && text.comparable.length > 0 ? `Comparable: ${text.comparable.map(prose).join(', ')}` : '',
  ].filter(Boolean).join('\n\n');
}
