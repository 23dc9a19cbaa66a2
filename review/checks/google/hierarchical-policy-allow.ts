import { inFull, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { publicSize } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'hierarchical-policy-allow',
  title: 'a folder or organization that allows egress before the network is asked',
  severity: 'medium',
  why: 'An allow in a hierarchical policy ends the evaluation: the denies of the network are never reached.',
  fix: 'Use goto_next above, and allow in the network\'s own policy.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-overview'],
  comparable: [],
  *run({ model }) {
    for (const policy of model.policies) {
      if (policy.scope !== 'hierarchical') continue;
      for (const rule of policy.rules) {
        if (rule.isDisabled || rule.action !== 'allow' || rule.direction !== 'EGRESS') continue;
        if (publicSize(rule, 4) === 0n && publicSize(rule, 6) === 0n && rule.peers.fqdns.length + rule.peers.opaque.length === 0) continue;
        yield { ...inFull([...rule.peers.ranges, ...rule.peers.fqdns, ...rule.peers.opaque], 5), address: rule.address, message: `${rule.label} allows ${[...rule.peers.ranges, ...rule.peers.fqdns, ...rule.peers.opaque].slice(0, 5).join(', ')} for every network below`, confidence: 'likely' as const };
      }
    }
  },
};
