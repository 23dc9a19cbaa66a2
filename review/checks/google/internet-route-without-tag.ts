import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hasKeys } from '../../model/google/keys';
import { MOST_LISTED } from '../../model/google/firewall-stages';
import { segmentedNetworks } from '../../model/google/network-segments';
import { leadsToInternet, openWitness, ownNetworks, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'internet-route-without-tag',
  title: 'a way to the internet for every machine',
  severity: 'medium',
  why: 'Routes to the internet gateway are shown to every machine of the network unless they name network tags. Segments that need no host should see none.',
  fix: 'Name the network tag of the segment that needs the route.',
  references: ['https://cloud.google.com/vpc/docs/routes#applicable_routes'],
  comparable: [],
  *run({ model, verdicts }) {
    const segmented = segmentedNetworks(model);
    for (const network of ownNetworks(model)) {
      for (const route of model.routes.get(network) ?? []) {
        if (route.isImplied || !leadsToInternet(route) || hasKeys(route.tags)) continue;
        // Where no segment is to be without it, a route to a few addresses is what it is.
        if (!segmented.has(network) && route.range[1] - route.range[0] < MOST_LISTED[route.family]) continue;
        yield { address: route.address, message: `${route.label} names no network tag`, ...witnessed(openWitness(verdicts, route.address)) };
      }
    }
  },
};
