import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedPolicies } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'unknown-tag',
  title: 'a rule for a tag that no segment of the plan has',
  severity: 'medium',
  why: 'Nobody can tell from the plan which machines carry it, and IAM of another project may decide that.',
  fix: 'Use the tag value of a segment, or put the tag into the plan.',
  references: ['https://cloud.google.com/firewall/docs/tags-firewalls-overview'],
  comparable: [],
  *run({ model }) {
    const made = new Set(model.tags.map(({ address }) => address));
    const known = new Set(model.graph.ofType('google_tags_tag_value', 'data').map(({ address }) => address));
    for (const policy of segmentedPolicies(model)) {
      if (!policy.rules.some(({ secureTags }) => [...secureTags.sure].some((key) => made.has(key)))) continue;
      for (const rule of policy.rules) {
        if (rule.isDisabled || rule.action === 'deny') continue;
        const strange = [...rule.secureTags.sure, ...rule.peers.tags.sure].filter((key) => !made.has(key) && !known.has(key));
        if (strange.length > 0) yield { address: rule.address, message: `${rule.label} names ${strange.join(', ')}, which is no segment of the plan` };
      }
    }
  },
};
