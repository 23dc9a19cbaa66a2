/** Runs the whole Google part of the review on one document, as the review itself does. */
import type { Policy } from '../../../blueprints/policy/model';
import type { Hit } from '../../../review/checks/check';
import { googleChecks } from '../../../review/checks/google';
import { buildGoogleModel, type GoogleModel } from '../../../review/model/google/google-model';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { TODAY } from '../../fixtures/stacks';

export interface Reviewed {
  readonly model: GoogleModel;
  readonly verdicts: readonly Verdict[];
  /** Findings as `id address`. */
  readonly findings: readonly string[];
  readonly hits: readonly (Hit & { readonly rule: string })[];
  /** `payments 4`: the verdict's kind, by segment or place and family. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** The verdicts alone. */
export function verdictsOf(document: unknown): { readonly model: GoogleModel; readonly verdicts: readonly Verdict[] } {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const model = buildGoogleModel(buildGraph(parsePlan(text, 'test')));
  return { model, verdicts: model.places.flatMap((place) => ([4, 6] as const).map((family) => verdictOf(trace(place, family)))) };
}

/** @param document a plan, a state, or a synthesized stack: an object, or its text */
export function review(document: unknown, policy?: Policy, today = TODAY): Reviewed {
  const { model, verdicts } = verdictsOf(document);
  const hits = googleChecks.flatMap((check) => [...check.run({ model, verdicts, today, ...(policy ? { policy } : {}) })].map((hit) => ({ ...hit, rule: check.id })));
  return {
    model,
    verdicts,
    hits,
    findings: hits.map((hit) => `${hit.rule} ${hit.address}`),
    kinds: Object.fromEntries(verdicts.map(({ place, family, kind }) => [`${place.segment ?? place.id} ${family}`, kind])),
  };
}

/** A synthesized stack of some resources: `{ google_compute_network: { main: {…} } }`. */
export function stack(resource: Record<string, Record<string, unknown>>): unknown {
  return { terraform: { required_providers: { google: { source: 'hashicorp/google' } } }, resource };
}
