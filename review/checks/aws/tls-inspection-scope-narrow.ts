/** Destinations of outward TLS inspection. */
import { EVERYWHERE } from '../../model/addresses';
import { includes, union, type Ranges } from '../../model/ranges';
import { tlsInspections } from '../../model/aws/tls-inspection';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'tls-inspection-scope-narrow',
  title: 'TLS inspection of some destinations only',
  severity: 'low',
  why: 'Who controls a name controls the address that it leads to: a connection to an address outside of the scope is judged by its server name alone.',
  fix: 'Let the scope hold for 0.0.0.0/0 and protocol 6, and choose whose connections are decrypted by source.',
  references: ['https://docs.aws.amazon.com/network-firewall/latest/developerguide/tls-inspection-considerations.html'],
  comparable: [],
  *run({ model }) {
    for (const { resource, isOutward, scopes } of tlsInspections(model)) {
      const reached = (from: Ranges) => union(...scopes.filter(({ isTcp, sources }) => isTcp && includes(sources, from)).map(({ destinations }) => destinations));
      if (isOutward && scopes.some(({ sources }) => !includes(reached(sources), EVERYWHERE[4]))) yield { address: resource.address, message: `${resource.address} does not hold for every destination` };
    }
  },
};
