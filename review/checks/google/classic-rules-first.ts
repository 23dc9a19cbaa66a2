import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { openWitness, ownNetworks, policiesOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'classic-rules-first',
  title: 'classic rules that are evaluated before the policy',
  severity: 'high',
  why: 'By default classic rules come first, and any classic egress allow beats the denies of the policy, also one that is made later and elsewhere.',
  fix: 'Set network_firewall_policy_enforcement_order to BEFORE_CLASSIC_FIREWALL.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-overview#rule-evaluation'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const network of ownNetworks(model)) {
      if (network.policiesFirst || policiesOf(model, network).length === 0) continue;
      const allow = (model.classicRules.get(network) ?? []).find((rule) => rule.direction === 'EGRESS' && rule.action === 'allow' && !rule.isDisabled);
      yield {
        address: network.address,
        message: allow ? `${allow.address} allows egress before the policy is asked` : 'any classic egress allow would beat the policy',
        ...(allow ? {} : { severity: 'medium' as const }),
        ...witnessed(allow ? openWitness(verdicts, allow.address) : undefined),
      };
    }
  },
};
