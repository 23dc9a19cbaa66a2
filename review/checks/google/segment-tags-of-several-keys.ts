import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedPolicies } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'segment-tags-of-several-keys',
  title: 'segment tags of several keys',
  severity: 'low',
  why: 'A machine holds one value of each key. With one key it is in one segment; with two it can be in two, and has the hosts of both.',
  fix: 'Make all segments values of one key.',
  references: ['https://cloud.google.com/firewall/docs/tags-firewalls-overview'],
  comparable: [],
  *run({ model }) {
    for (const policy of segmentedPolicies(model)) {
      const targeted = new Set(policy.rules.flatMap(({ secureTags }) => [...secureTags.sure]));
      const parents = new Set(model.tags.filter(({ address }) => targeted.has(address)).flatMap((tag) => tag.parents));
      if (parents.size > 1) yield { address: policy.address, message: `its rules target values of ${[...parents].sort().join(', ')}` };
    }
  },
};
