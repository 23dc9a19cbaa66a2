import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { decisionsOf, segmentOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'nat-for-segment-without-hosts',
  title: 'a NAT that serves a segment without hosts',
  severity: 'medium',
  why: 'A segment that is granted no host needs no address on the internet.',
  fix: 'Take its subnet out of the list.',
  references: ['https://cloud.google.com/nat/docs/overview'],
  comparable: [],
  *run({ model }) {
    for (const nat of model.nats) {
      for (const place of model.places) {
        if (place.segment === undefined || decisionsOf(place, 4).some(({ guard }) => guard !== undefined)) continue;
        const subnet = place.interfaces.flatMap(({ subnets }) => (subnets.length === 1 ? subnets : [])).find((each) => nat.subnets.includes(each));
        if (subnet) yield { address: nat.address, message: `serves ${subnet.name}, whose segment ${place.segment} is granted no host`, ...segmentOf(place) };
      }
    }
  },
};
