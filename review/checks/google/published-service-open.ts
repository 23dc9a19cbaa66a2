import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { nameOf, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'published-service-open',
  title: 'a service attachment that anybody may connect to',
  severity: 'medium',
  why: 'Whoever knows its name gets a private way to what stands behind it, from any project of any organization, and carries off what that answers; no address of this network is public, and callers come with addresses of the attachment\'s own subnet.',
  fix: 'Set connection_preference to ACCEPT_MANUAL, and list projects or networks in consumer_accept_lists.',
  references: ['https://cloud.google.com/vpc/docs/about-vpc-hosted-services#accept-automatic'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const attachment of graph.ofType('google_compute_service_attachment')) {
      if (attachment.mode === 'managed' && textAt(attachment, 'connection_preference') === 'ACCEPT_AUTOMATIC') yield { address: attachment.address, message: `${nameOf(attachment)} accepts every project that asks` };
    }
  },
};
