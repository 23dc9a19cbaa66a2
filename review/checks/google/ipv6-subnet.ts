import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'ipv6-subnet',
  title: 'a subnet with public IPv6 addresses',
  severity: 'medium',
  why: 'Every IPv6 address of such a subnet is on the internet: there is no NAT in between, and the firewall needs rules of its own for IPv6.',
  fix: 'Set stack_type to IPV4_ONLY, or ipv6_access_type to INTERNAL.',
  references: ['https://cloud.google.com/vpc/docs/subnets#ipv6-ranges'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const subnet of model.subnets) {
      if (subnet.ipv6 !== 'external' || subnet.isForeign) continue;
      const open = verdicts.find(({ family, kind, place }) => family === 6 && kind === 'open' && place.addresses.includes(subnet.address));
      yield { address: subnet.address, message: `${subnet.name} has IPv6 addresses of the internet`, ...witnessed(open?.witness) };
    }
  },
};
