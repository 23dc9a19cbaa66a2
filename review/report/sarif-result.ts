/** One finding as a SARIF result: where it is, the path that proves it, who accepted it. */
import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import type { CodeFlow, PhysicalLocation, Result } from 'sarif';
import { printable } from '../../blueprints/policy/problems';
import type { Finding, ReviewResult, SuppressedFinding } from '../result';
import { wasWords } from './by-age';
import { LEVELS } from './sarif-rules';
import { plainText } from './sarif-text';
import { HOP_WORDS } from './words';

export interface SourcePlace {
  /** Relative to the root of the repository, or absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface LocationOptions {
  /** Where in our source a finding comes from. Default, and where it does not know: the reviewed file. */
  readonly sourceOf?: (finding: Finding) => SourcePlace | undefined;
  /** The file of an input. Default: the input's name, for synthesized JSON `cdktf.out/stacks/<name>/cdk.tf.json`. */
  readonly fileOf?: (input: string) => string | undefined;
}

/** A finding, perhaps accepted by somebody. */
export type Weighed = Finding & Partial<Pick<SuppressedFinding, 'statement' | 'expires' | 'owner'>>;

export function sarifResult(finding: Weighed, ruleIndex: number, result: ReviewResult, options: LocationOptions): Result {
  const { rule, severity, confidence, address, message, fix, witness, fingerprint, statement, expires, owner, input, segment, source, baselineState } = finding;
  const was = wasWords(finding);
  const physicalLocation = placeOf(finding, result, options);
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    kind: 'fail',
    ...(baselineState ? { baselineState } : {}),
    message: { text: plainText(`${message}${/[.!?]$/.test(message) ? '' : '.'}${was ? ` ${sentence(was)}.` : ''} Fix: ${fix}`) },
    locations: [{
      physicalLocation,
      logicalLocations: [{ fullyQualifiedName: printable(address), name: printable(address), kind: 'resource' }],
    }],
    ...(witness && witness.length > 0 ? { codeFlows: [codeFlow(witness, physicalLocation)] } : {}),
    // GitHub reads the second only. It stands for the finding and not for a line, which moves.
    partialFingerprints: { 'egressReview/v1': fingerprint, primaryLocationLineHash: `${fingerprint}:1` },
    suppressions: statement === undefined ? [] : [{
      kind: 'external', status: 'accepted',
      justification: printable(`${statement} (until ${expires ?? '?'}${owner ? `, ${owner}` : ''})`),
    }],
    properties: {
      severity, confidence, input: printable(input),
      ...(segment ? { segment: printable(segment) } : {}),
      ...(source?.constructPath ? { constructPath: printable(source.constructPath) } : {}),
    },
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function placeOf(finding: Weighed, { inputs }: ReviewResult, { sourceOf, fileOf }: LocationOptions): PhysicalLocation {
  const place = sourceOf?.(finding);
  if (place) return { artifactLocation: { uri: uriOf(place.file) }, region: { startLine: Math.max(1, Math.floor(place.line)) } };
  const { input: name, address } = finding;
  const input = inputs.find((each) => each.name === name);
  // Of several files that are one network the one that has the resource.
  const own = input?.together?.find(({ prefix }) => address.startsWith(prefix)) ?? input;
  const file = fileOf?.(own?.name ?? name) ?? (own?.kind === 'synthesized' ? `cdktf.out/stacks/${own.name}/cdk.tf.json` : own?.name ?? name);
  return { artifactLocation: { uri: uriOf(file) }, region: { startLine: 1 } };
}

/** A relative reference that no character of a file's name can turn into an address with a scheme or a host. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  const parts = file.replaceAll('\\', '/').split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((part) => encodeURIComponent(printable(part))).join('/') || '.';
}

function codeFlow(steps: NonNullable<Finding['witness']>, physicalLocation: PhysicalLocation): CodeFlow {
  return {
    message: { text: 'the way that traffic takes' },
    threadFlows: [{
      locations: steps.map(({ kind, address, label }, index) => ({
        executionOrder: index + 1,
        location: {
          physicalLocation,
          logicalLocations: [{ fullyQualifiedName: printable(address), kind: 'resource' }],
          message: { text: plainText(`${HOP_WORDS[kind]} ${address}${label && label !== address ? ` (${label})` : ''}`) },
        },
      })),
    }],
  };
}
