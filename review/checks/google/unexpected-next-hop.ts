import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { isWide, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'unexpected-next-hop',
  title: 'a default route that leads to a machine or a tunnel',
  severity: 'medium',
  why: 'What the next hop lets through is in no plan, and it may have a public address of its own.',
  fix: 'Lead to the internet gateway behind the firewall policy, or review the next hop with its own rules.',
  references: ['https://cloud.google.com/vpc/docs/routes#static-route-next-hops'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const [, routes] of model.routes) {
      for (const route of routes) {
        if (route.isImplied || route.nextHop.kind === 'internet-gateway' || !isWide(route.destination)) continue;
        const witness = verdicts.find((verdict) => verdict.kind !== 'none' && verdict.witness?.some((step) => step.address === route.address))?.witness;
        yield { address: route.address, message: `${route.label}: what lies behind it is not filtered by this network`, ...witnessed(witness) };
      }
    }
  },
};
