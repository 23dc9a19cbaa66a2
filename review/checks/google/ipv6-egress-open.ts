import { inFull, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { Decision } from '../../model/google/firewall-decision';
import { decisionsOf, ownNetworks, placesIn, untaggedDecisions, verdictsOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'ipv6-egress-open',
  title: 'a network whose firewall lets out IPv6 that no rule names',
  severity: 'high',
  why: 'Google\'s implied rule at priority 65535 allows all egress. What no rule denies leaves as soon as there is a route and an address. A rule holds one address family, so a deny of 0.0.0.0/0 does not touch IPv6.',
  fix: 'Add a deny for ::/0, all protocols, no target, behind all allows of the network\'s firewall policy.',
  references: ['https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const network of ownNetworks(model)) {
      const passes = (decisions: readonly Decision[]) => decisions.some(({ kind, rule, guard }) => kind === 'allow' && rule === undefined && guard === undefined);
      const hasIpv6 = model.subnets.some((subnet) => subnet.networks.includes(network) && subnet.ipv6 !== 'none');
      const who = hasIpv6 ? placesIn(model, network).filter((place) => place.families.includes(6) && passes(decisionsOf(place, 6, network))) : [];
      const untagged = passes(untaggedDecisions(model, network, 6));
      if (who.length === 0 && !untagged) continue;
      // One finding is enough where nothing at all is denied.
      if (!hasIpv6 && untaggedDecisions(model, network, 4).every(({ kind }) => kind === 'allow')) continue;
      const open = who.flatMap((place) => verdictsOf(verdicts, place)).find(({ family, kind, witness }) => kind === 'open' && family === 6 && witness?.some((step) => step.kind === 'provider-default'));
      const names = [...(untagged ? ['machines without a tag'] : []), ...who.map((place) => place.segment ?? place.id)];
      yield {
        address: network.address,
        ...inFull([...new Set(names)].sort(), 5),
        message: `no rule denies ::/0: the implied rule lets out ${[...new Set(names)].sort().slice(0, 5).join(', ')}`,
        ...(open ? {} : { severity: (hasIpv6 ? 'medium' : 'low') as 'medium' | 'low' }),
        ...witnessed(open?.witness),
      };
    }
  },
};
