import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { hiddenAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'nat-automatic-addresses',
  title: 'a NAT whose addresses Google picks',
  severity: 'low',
  why: 'Partners cannot allowlist addresses that change, and a log of a partner names an address that is somebody else\'s by then.',
  fix: 'Set nat_ip_allocate_option to MANUAL_ONLY with reserved addresses.',
  references: ['https://cloud.google.com/nat/docs/ports-and-addresses'],
  comparable: [],
  *run({ model }) {
    for (const { resource, address } of model.nats) {
      const option = textAt(resource, 'nat_ip_allocate_option');
      if (option !== 'MANUAL_ONLY' && hiddenAt(resource, 'nat_ip_allocate_option') === undefined) yield { address, message: `nat_ip_allocate_option is ${option ?? 'AUTO_ONLY'}` };
    }
  },
};
