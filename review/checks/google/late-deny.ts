import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hasTarget } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'late-deny',
  title: 'a deny of countries or threat lists that an allow goes before',
  severity: 'medium',
  why: 'The first rule that matches decides. A deny behind the allows, or for some machines only, stops nothing that an allow lets through.',
  fix: 'Give the deny a lower priority number than every allow, and no target.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details#threat-intelligence-fw-policy'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies.filter(({ scope }) => scope !== 'hierarchical')) {
      const egress = policy.rules.filter(({ isDisabled, direction }) => !isDisabled && direction === 'EGRESS');
      const firstAllow = Math.min(...egress.filter(({ action }) => action === 'allow').map(({ priority }) => priority));
      for (const rule of egress) {
        if (rule.action !== 'deny' || rule.peers.opaque.length === 0) continue;
        if (rule.priority > firstAllow) yield { address: rule.address, message: `${rule.label} denies ${rule.peers.opaque.join(', ')} behind an allow with priority ${firstAllow}` };
        else if (hasTarget(rule)) yield { address: rule.address, message: `${rule.label} denies ${rule.peers.opaque.join(', ')} to some machines only` };
      }
    }
  },
};
