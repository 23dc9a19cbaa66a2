import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { ownNetworks, policiesOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'policy-unassociated',
  title: 'a firewall policy that holds for no network',
  severity: 'high',
  why: 'A policy does nothing until it is associated. Its denies look like a control in every review and are none.',
  fix: 'Associate the policy with the network (google_compute_network_firewall_policy_association).',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-overview'],
  comparable: [],
  *run({ model, verdicts }) {
    const policies = model.policies.filter(({ scope }) => scope !== 'hierarchical');
    for (const policy of policies) {
      if (policy.associations.length === 0) yield { address: policy.address, message: 'is associated with no network' };
    }
    if (policies.length === 0) return;
    for (const network of ownNetworks(model)) {
      if (policiesOf(model, network).length > 0 || (model.classicRules.get(network) ?? []).some(({ direction }) => direction === 'EGRESS')) continue;
      const inside = verdicts.filter(({ place }) => place.network === network.address);
      const open = inside.find(({ kind }) => kind === 'open');
      // Where nothing could leave anyway a policy is missing only for what comes later.
      const isClosed = inside.length > 0 && inside.every(({ kind }) => kind === 'none');
      // Policies that all hold somewhere are not forgotten: they are meant for other networks, perhaps.
      const isMeantElsewhere = policies.every(({ associations }) => associations.length > 0);
      const named = policies.slice(0, 3).map(({ address }) => address).join(', ');
      yield {
        address: network.address,
        message: `no firewall policy is associated with ${network.name}, and the plan has ${named}${policies.length > 3 ? ` and ${policies.length - 3} more` : ''}`,
        ...(isClosed || isMeantElsewhere ? { severity: 'low' as const } : {}),
        ...witnessed(open?.witness),
      };
    }
  },
};
