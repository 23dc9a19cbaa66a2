import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { FirewallRule } from '../../model/google/firewall-rule';
import { layer4Text } from '../../model/google/layer4';
import { namesOf, segmentedNetworks, segmentOfRange, targetsOf } from '../../model/google/network-segments';
import { policiesOf } from '../../model/google/questions';

interface Sides {
  readonly out: string[];
  readonly into: string[];
  readonly rule: string;
  readonly segment: string;
}

export const check: Check<GoogleModel> = {
  id: 'segment-sides-disagree',
  title: 'a call that one side allows and the other does not',
  severity: 'low',
  why: 'Each call stands behind two rules, one at each end. A side that allows more is a lock that is open already.',
  fix: 'Allow the same ports at the caller and at the callee, or remove both rules.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: [],
  *run({ model }) {
    for (const [network, told] of segmentedNetworks(model)) {
      const { segments } = told;
      if (segments.some(({ subnets }) => subnets.length !== 1)) continue;
      const sides = new Map<string, Sides>();
      const add = (caller: string, callee: string, side: 'out' | 'into', rule: FirewallRule) => {
        const key = `${caller} to ${callee}`;
        const both = sides.get(key) ?? { out: [], into: [], rule: rule.address, segment: caller };
        both[side].push(...rule.layer4.map(layer4Text));
        sides.set(key, both);
      };
      for (const rule of policiesOf(model, network).flatMap(({ rules }) => rules)) {
        if (rule.isDisabled || rule.action !== 'allow') continue;
        const own = targetsOf(told, rule);
        if (rule.direction === 'EGRESS') {
          const callees = rule.peers.ranges.flatMap((range) => segmentOfRange(segments, range) ?? []);
          for (const caller of own) for (const callee of callees) add(caller, callee, 'out', rule);
        } else {
          const callers = [...namesOf(segments, rule.peers.tags.sure), ...rule.peers.ranges.flatMap((range) => segmentOfRange(segments, range) ?? [])];
          for (const callee of own) for (const caller of callers) add(caller, callee, 'into', rule);
        }
      }
      for (const [pair, { out, into, rule, segment }] of sides) {
        const [from, to] = [out, into].map((ports) => [...new Set(ports)].sort().join(', '));
        if (from !== to) yield { address: rule, message: `${pair}: out on ${from || 'nothing'}, in on ${to || 'nothing'}`, segment };
      }
    }
  },
};
