/** Reviews the AWS part of plans and stacks as the tests write them. */
import type { Policy } from '../../../blueprints/policy/model';
import { awsChecks } from '../../../review/checks/aws';
import type { Hit } from '../../../review/checks/check';
import { buildAwsModel, type AwsModel } from '../../../review/model/aws/model';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import { TODAY } from '../../fixtures/stacks';
import { soundStack, type Stack } from '../sound-stack';

export interface Reviewed {
  readonly model: AwsModel;
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly (Hit & { readonly rule: string })[];
  /** Ids of the checks that found something, sorted. */
  readonly rules: readonly string[];
  /** The verdict of the first place whose id begins so. */
  at(place: string, family?: 4 | 6): Verdict;
}

/** Reviews a file's text, or the JSON of a stack. */
export function review(source: string | object, policy?: Policy, today = TODAY): Reviewed {
  const text = typeof source === 'string' ? source : JSON.stringify(source);
  const model = buildAwsModel(buildGraph(parsePlan(text, 'plan.json')));
  const verdicts = model.places.flatMap((place) => place.families.map((family) => verdictOf(trace(place, family))));
  const context = { model, verdicts, today, ...(policy ? { policy } : {}) };
  const findings = awsChecks.flatMap((check) => [...check.run(context)].map((hit) => ({ ...hit, rule: check.id })));
  return {
    model,
    verdicts,
    findings,
    rules: [...new Set(findings.map(({ rule }) => rule))].sort(),
    at: (place, family = 4) => {
      const found = verdicts.find((verdict) => verdict.place.id.startsWith(place) && verdict.family === family);
      if (!found) throw new Error(`no place ${place} among ${verdicts.map((verdict) => verdict.place.id).join(', ')}`);
      return found;
    },
  };
}

/** The review of the sound network after a change. */
export function changed(edit: (resource: Stack['resource'], stack: Stack) => void): ReturnType<typeof review> {
  const stack = soundStack();
  edit(stack.resource, stack);
  return review(stack);
}
