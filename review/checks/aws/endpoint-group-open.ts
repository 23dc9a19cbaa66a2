/** Groups of interface endpoints. */
import { INTERNET } from '../../model/addresses';
import { isWorldly, ruleText } from '../../model/aws/facts';
import { rangesIn } from '../../model/aws/prefix-lists';
import { intersect } from '../../model/ranges';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'endpoint-group-open',
  title: 'endpoint that answers anybody',
  severity: 'medium',
  why: 'An endpoint\'s group says who may use it; without one the default group of the network applies, which is not made for it.',
  fix: 'Give it a group that lets the segments in on 443, by group, and lets nothing out.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html'],
  comparable: [],
  *run({ model }) {
    for (const endpoint of model.endpoints) {
      if (endpoint.kind !== 'interface') continue;
      if (!endpoint.namesGroups) {
        yield { address: endpoint.address, message: `${endpoint.address} names no group, so the default group of its network applies` };
        continue;
      }
      const isSure = endpoint.groups.others.length === 0 && endpoint.groups.widened === undefined;
      for (const group of endpoint.groups.likely) {
        for (const rule of group.rules) {
          const isWorld = ([4, 6] as const).some((family) => isWorldly(intersect(rangesIn(rule.cidrs, family), INTERNET[family]), family));
          const isWide = rule.direction === 'ingress' && (isWorld || rule.protocol === '-1');
          if (isWide) yield { address: rule.address, message: `${group.address} of ${endpoint.address} allows ${ruleText(rule)}`, ...(isSure ? {} : { confidence: 'possible' as const }) };
          else if (isSure && rule.direction === 'egress' && isWorld) yield { address: rule.address, message: `${group.address} of ${endpoint.address} allows ${ruleText(rule)}, and an endpoint opens no connection`, severity: 'low' };
        }
      }
    }
  },
};
