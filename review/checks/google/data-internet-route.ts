import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { decisionsOf, internetRoutes, segmentOf, verdictsOf, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'data-internet-route',
  title: 'a segment without hosts that sees a route to the internet',
  severity: 'medium',
  why: 'A data segment, or one that is granted no host, has nothing to look for on the internet. With a route the firewall is the only thing that stops it.',
  fix: 'Remove the network tag of the segment from the route, or the route.',
  references: ['https://cloud.google.com/vpc/docs/routes#applicable_routes'],
  comparable: [],
  *run({ model, policy, verdicts }) {
    for (const place of model.places) {
      const route = [...internetRoutes(place, 4), ...internetRoutes(place, 6)].find(({ isImplied }) => !isImplied);
      if (!route || place.segment === undefined) continue;
      const tier = policy?.segments.find(({ name }) => name === place.segment)?.tier ?? place.tier;
      const hosts = decisionsOf(place, 4).some(({ guard }) => guard !== undefined);
      if (tier === 'public' || (tier !== 'data' && hosts)) continue;
      const verdict = verdictsOf(verdicts, place).find(({ kind }) => kind !== 'none');
      yield {
        address: route.address,
        message: `${place.segment}${tier === undefined ? '' : ` (${tier})`} sees ${route.label}`,
        ...(tier === 'data' ? { severity: 'high' as const } : {}),
        ...segmentOf(place),
        ...witnessed(verdict?.witness),
      };
    }
  },
};
