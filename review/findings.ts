/** From what a check hit to a finding that reports can show. */
import { createHash } from 'node:crypto';
import type { Check, Hit } from './checks/check';
import type { WayThrough } from './paths/ways-through';
import type { ResourceGraph } from './plan/resource-graph';
import { SEVERITIES, type Finding } from './result';

export type AnyCheck = Omit<Check<never>, 'run'>;

/** @param wayThrough for a hit that brings no witness: a way that it concerns. */
export function findingOf(check: AnyCheck, hit: Hit, input: string, graph: ResourceGraph, wayThrough: WayThrough = () => undefined): Finding {
  const witness = hit.witness ?? wayThrough(hit.address, hit.segment);
  const source = graph.byAddress(hit.address)?.source;
  return {
    rule: check.id,
    severity: hit.severity ?? check.severity,
    confidence: hit.confidence ?? 'certain',
    input,
    address: hit.address,
    ...(hit.segment === undefined ? {} : { segment: hit.segment }),
    message: hit.message,
    fix: check.fix,
    ...(witness ? { witness } : {}),
    ...(source ? { source } : {}),
    fingerprint: createHash('sha256').update([check.id, input, hit.address, hit.segment ?? '', hit.message].join('\n')).digest('hex').slice(0, 32),
  };
}

/** By severity, rule, address. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const key = ({ severity, rule, input, address, message }: Finding) => [SEVERITIES.indexOf(severity), rule, input, address, message].join('\n');
  return findings.map((finding) => ({ finding, key: key(finding) })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ finding }) => finding);
}
