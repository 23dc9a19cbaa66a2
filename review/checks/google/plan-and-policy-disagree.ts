import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { grants } from '../../model/google/policy-hosts';
import { doubtOf } from '../../model/policy-rules';
import { segmentOf, witnessed } from '../../model/google/questions';
import { askedAndMissing } from './asked-and-missing';

export const check: Check<GoogleModel> = {
  id: 'plan-and-policy-disagree',
  title: 'plan that lets through other hosts than the policy file, or lacks what that asks for',
  severity: 'high',
  why: 'The policy file is what people reviewed. A host that only the plan has was granted by nobody; one that only the file has does not work. A control that the file names and no plan makes controls nothing.',
  fix: 'Change the policy file, and build the plan from it.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: [],
  *run({ policy, verdicts, model }) {
    if (!policy) return;
    yield* askedAndMissing(model, policy);
    for (const { granted, planned, certain, agreement, isKnown, place, witness } of grants(policy, verdicts)) {
      for (const [key, host] of granted) {
        if (!planned.has(key)) yield { address: host.rule, message: `${place.segment} reaches ${key}, which the policy file does not grant`, ...segmentOf(place), ...witnessed(witness) };
        else if (!certain.has(key)) yield { address: host.rule, severity: 'medium', confidence: 'possible', message: `${place.segment} reaches ${key}, and ${doubtOf(agreement)}`, ...segmentOf(place), ...witnessed(witness) };
      }
      for (const key of certain) {
        if (isKnown && !granted.has(key)) yield { address: place.addresses[0] ?? place.id, message: `the policy file grants ${key} to ${place.segment}, and no rule of the plan does`, severity: 'low' as const, ...segmentOf(place) };
      }
    }
  },
};
