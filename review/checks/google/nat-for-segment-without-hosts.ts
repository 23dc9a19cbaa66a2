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
    const closed = model.places.filter((place) => place.segment !== undefined && !decisionsOf(place, 4).some(({ guard }) => guard !== undefined))
      .map((place) => ({ place, certain: place.interfaces.flatMap(({ subnets }) => (subnets.length === 1 ? subnets : [])) }));
    for (const nat of model.nats) {
      const served = new Set(nat.subnets);
      for (const { place, certain } of served.size === 0 ? [] : closed) {
        const subnet = certain.find((each) => served.has(each));
        if (subnet) yield { address: nat.address, message: `serves ${subnet.name}, whose segment ${place.segment} is granted no host`, ...segmentOf(place) };
      }
    }
  },
};
