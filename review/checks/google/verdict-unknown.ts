import { inFull, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'verdict-unknown',
  title: 'a place of which the plan does not tell what it reaches',
  severity: 'medium',
  why: 'What is not known may be open. An unknown is never a pass.',
  fix: 'Put the missing network, rules or values into the plan, or review the applied state.',
  references: ['https://cloud.google.com/vpc/docs/routes'],
  comparable: [],
  *run({ verdicts }) {
    for (const { place, family, kind, witness, reasons } of verdicts) {
      if (kind !== 'unknown') continue;
      yield {
        address: place.addresses[0] ?? place.id,
        message: `what ${place.id} reaches over IPv${family} is not known: ${reasons.slice(0, 3).join('; ')}`,
        ...inFull(reasons, 3),
        confidence: 'possible' as const,
        ...segmentOf(place),
        ...witnessed(witness),
      };
    }
  },
};
