/** An earlier result of a review (`--json`), to compare findings with: the main branch's, say. */
import * as z from 'zod';
import { PlanInputError } from '../plan/input-error';
import type { ResourceGraph } from '../plan/resource-graph';
import { RESULT_VERSION, SEVERITIES } from '../result';
import type { Claim } from './compare-findings';

/** What was found in one input of an earlier review. */
export interface EarlierResult {
  /** The input's name then. */
  readonly input: string;
  /** What it was. */
  readonly kind: ResourceGraph['kind'];
  /** The result's file. */
  readonly file: string;
  /** Suppressed ones as well: they were there. */
  readonly claims: readonly Claim[];
}

const claim = z.object({
  rule: z.string(), severity: z.enum(SEVERITIES), confidence: z.enum(['certain', 'likely', 'possible']),
  input: z.string(), address: z.string(), segment: z.string().optional(), message: z.string(), digest: z.string().optional(),
});

const result = z.object({ version: z.literal(RESULT_VERSION), inputs: z.array(z.object({ name: z.string(), kind: z.enum(['plan', 'state', 'synthesized']) })), findings: z.array(claim), suppressed: z.array(claim) });

/** @throws PlanInputError when it is of another version, or was cut off. */
export function parseEarlierResult(text: string, file: string): readonly EarlierResult[] {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new PlanInputError(file, 'the file looks like a result of a review and is not whole', 'write it anew with --json');
  }
  const parsed = result.safeParse(json);
  if (!parsed.success) {
    const [problem] = parsed.error.issues;
    throw new PlanInputError(file, `the file is no result of this version of the review (at ${problem?.path.join('.') || 'its top'})`, 'write it anew with --json');
  }
  const { inputs, findings, suppressed } = parsed.data;
  const all = [...findings, ...suppressed];
  return inputs.map(({ name, kind }) => ({ input: name, kind, file, claims: all.filter(({ input }) => input === name).map(({ segment, digest, ...rest }) => ({ ...rest, ...(segment === undefined ? {} : { segment }), ...(digest === undefined ? {} : { digest }) })) }));
}
