/** Findings by whether a change brings them, and the words for that. */
import type { Finding, ReviewResult } from '../result';
import { bySeverity, count, figure } from './words';

export interface FindingsByAge<Each> {
  readonly fresh: readonly Each[];
  /** There before, perhaps worse then. */
  readonly old: readonly Each[];
  /** Of inputs that were compared with nothing known. */
  readonly undated: readonly Each[];
}

export function byAge<Each extends Pick<Finding, 'baselineState'>>(findings: readonly Each[]): FindingsByAge<Each> {
  return {
    fresh: findings.filter(({ baselineState }) => baselineState === 'new'),
    old: findings.filter(({ baselineState }) => baselineState !== undefined && baselineState !== 'new'),
    undated: findings.filter(({ baselineState }) => baselineState === undefined),
  };
}

/** Whether anything was compared. */
export function isCompared({ inputs }: ReviewResult): boolean {
  return inputs.some(({ comparedWith }) => comparedWith !== undefined);
}

/** Why a finding of something that had one is new, or what became milder: `was low; said before: …`. Empty where there is nothing to tell. */
export function wasWords({ was = {}, anotherThing, message }: Pick<Finding, 'message' | 'was' | 'anotherThing'>): string {
  return [
    anotherThing ? `not the same thing in the same place as before${anotherThing.length > 0 ? ` (${anotherThing.join(', ')})` : ''}` : '',
    was.severity ? `was ${was.severity}` : '',
    was.confidence ? `was ${was.confidence}` : '',
    was.message === message ? 'not of quite the same as before' : was.message ? `said before: ${was.message}` : '',
  ].filter(Boolean).join('; ');
}

/** `3 findings (1 high, 2 low)`. */
export function numberWords(findings: readonly Pick<Finding, 'severity'>[], what = 'finding'): string {
  const severities = bySeverity(findings).map(([severity, n]) => `${figure(n)} ${severity}`).join(', ');
  return `${count(findings.length, what)}${severities ? ` (${severities})` : ''}`;
}

/** `brings 2 findings (1 high, 1 low)`, `takes away 3`; empty for neither. */
export function broughtWords({ findings, absent = [] }: Pick<ReviewResult, 'findings' | 'absent'>): readonly string[] {
  const { fresh } = byAge(findings);
  return [
    fresh.length > 0 ? `brings ${numberWords(fresh)}` : '',
    absent.length > 0 ? `takes away ${fresh.length > 0 ? figure(absent.length) : count(absent.length, 'finding')}` : '',
  ].filter(Boolean);
}
