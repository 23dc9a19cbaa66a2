import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { segmentedNetworks } from '../../model/google/network-segments';
import { leadsToInternet, placesIn } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'internet-route-unknown-tag',
  title: 'a way to the internet for a tag of no segment',
  severity: 'low',
  why: 'Anybody who may edit a machine can set a network tag. A route for a tag that no segment has is a way that nobody granted.',
  fix: 'Name the network tag of a segment that has hosts, or remove the route.',
  references: ['https://cloud.google.com/vpc/docs/add-remove-network-tags'],
  comparable: [],
  *run({ model }) {
    for (const network of segmentedNetworks(model).keys()) {
      const known = new Set(placesIn(model, network).flatMap((place) => place.interfaces.flatMap(({ carrier }) => [...carrier.networkTags.sure])));
      for (const route of model.routes.get(network) ?? []) {
        const strange = leadsToInternet(route) ? [...route.tags.sure].filter((tag) => !known.has(tag)) : [];
        if (strange.length > 0) yield { address: route.address, message: `${route.label} is for machines with ${strange.join(', ')}, which fits no segment` };
      }
    }
  },
};
