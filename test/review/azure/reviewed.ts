/** Reviews the Azure part of plans and stacks as the tests write them. */
import type { Policy } from '../../../blueprints/policy/model';
import { azureChecks } from '../../../review/checks/azure';
import type { Hit } from '../../../review/checks/check';
import { buildAzureModel, type AzureModel } from '../../../review/model/azure/azure-model';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { TODAY } from '../../fixtures/stacks';

export interface Reviewed {
  readonly model: AzureModel;
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly (Hit & { readonly rule: string })[];
  /** Ids of the checks that found something, sorted. */
  readonly rules: readonly string[];
  /** `none`, `open`, … of the place with this id. */
  kind(place: string): string | undefined;
}

/** Reviews a file's text, or the JSON of a stack. */
export function review(source: string | object, policy?: Policy, today = TODAY): Reviewed {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const model = buildAzureModel(buildGraph(parsePlan(text, 'plan.json')));
  const verdicts = model.places.flatMap((place) => place.families.map((family) => verdictOf(trace(place, family))));
  const context = { model, verdicts, today, ...(policy ? { policy } : {}) };
  const findings = azureChecks.flatMap((check) => [...check.run(context)].map((hit) => ({ ...hit, rule: check.id })));
  return {
    model,
    verdicts,
    findings,
    rules: [...new Set(findings.map(({ rule }) => rule))].sort(),
    kind: (place) => verdicts.find((verdict) => verdict.place.id === place && verdict.family === 4)?.kind,
  };
}
