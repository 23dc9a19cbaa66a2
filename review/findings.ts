/** From what a check hit to a finding that reports can show. */
import crypto from 'node:crypto';
import { compareTexts } from './compare-texts';
import type { Check, Hit } from './checks/check';
import type { WayThrough } from './paths/ways-through';
import type { ResourceGraph } from './plan/resource-graph';
import { SEVERITIES, type Finding } from './result';

export type AnyCheck = Omit<Check<never>, 'run'>;

/** @param wayThrough for a hit that brings no witness: a way that it concerns. */
export function findingOf(check: AnyCheck, hit: Hit, input: string, graph: ResourceGraph, wayThrough: WayThrough = () => undefined): Finding {
  const { address, segment, message } = hit;
  const witness = hit.witness ?? wayThrough(address, segment);
  const source = graph.byAddress(address)?.source;
  // Property by property, in the order of the schema: there may be a hundred thousand.
  const finding = { rule: check.id, severity: hit.severity ?? check.severity, confidence: hit.confidence ?? 'certain', input, address } as Writable<Finding>;
  if (segment !== undefined) finding.segment = segment;
  finding.message = message;
  finding.fix = check.fix;
  if (witness) finding.witness = witness;
  if (source) finding.source = source;
  const digest = digestOf(hit);
  if (digest !== undefined) finding.digest = digest;
  finding.fingerprint = fingerprintOf(check.id, input, address, segment, message);
  return finding;
}

export function fingerprintOf(rule: string, input: string, address: string, segment: string | undefined, message: string): string {
  return sha256(`${rule}\n${input}\n${address}\n${segment ?? ''}\n${message}`).slice(0, 32);
}

const digests = new Map<string, string>();
/** Many places let out the very same. */
const MOST_DIGESTS = 10_000;

/** Of what the message tells in part; undefined where it tells all. */
export function digestOf({ whole }: Pick<Hit, 'whole'>): string | undefined {
  if (whole === undefined) return undefined;
  let digest = digests.get(whole);
  if (digest === undefined) {
    if (digests.size >= MOST_DIGESTS) digests.clear();
    digests.set(whole, (digest = sha256(whole).slice(0, 16)));
  }
  return digest;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** In one call where this Node has it, which takes half the time. */
function sha256(text: string): string {
  const once = (crypto as { readonly hash?: typeof crypto.hash }).hash;
  return once ? once('sha256', text, 'hex') : crypto.createHash('sha256').update(text).digest('hex');
}

/** By severity, rule, input, address, message. */
export function sortFindings<Each extends Pick<Finding, 'severity' | 'rule' | 'input' | 'address' | 'message'>>(findings: readonly Each[]): readonly Each[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
    || compareTexts(a.rule, b.rule) || compareTexts(a.input, b.input) || compareTexts(a.address, b.address) || compareTexts(a.message, b.message));
}
