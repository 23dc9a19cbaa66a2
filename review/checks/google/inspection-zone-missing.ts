import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { targets } from '../../model/google/firewall-decision';
import { openWitness, ownNetworks, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'inspection-zone-missing',
  title: 'a machine in a zone without the firewall endpoint that its rules need',
  severity: 'medium',
  why: 'Names are filtered by a firewall endpoint in the zone of the machine. In a zone where the network has none, nothing looks at the packets that the rule means.',
  fix: 'Make a firewall endpoint in the zone, and associate it with the network.',
  references: ['https://cloud.google.com/firewall/docs/about-firewall-endpoints'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const network of ownNetworks(model)) {
      const stages = model.stages.get(network) ?? [];
      const rules = stages.flatMap(({ rules: all }) => all).filter(({ names, direction, isDisabled }) => names !== undefined && !names.isOfEveryProtocol && direction === 'EGRESS' && !isDisabled);
      if (rules.length === 0) continue;
      const zones = stages.find(({ inspects }) => inspects !== undefined)?.inspects;
      for (const { address, zone, interfaces } of model.workloads) {
        if (zone === undefined || zones?.has(zone)) continue;
        const inside = interfaces.filter(({ networks }) => networks.includes(network));
        const rule = rules.find((each) => inside.some(({ carrier }) => targets(each, carrier).kind !== 'no'));
        if (rule) yield { address, message: `${rule.address} filters by name, and network ${network.name} has no firewall endpoint in ${zone}`, ...witnessed(openWitness(verdicts, address)) };
      }
    }
  },
};
