import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { isApiZone } from '../../model/google/private-apis';
import { hiddenBlockAt } from '../../model/google/reading';
import { ownNetworks } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'endpoint-private-dns-off',
  title: 'a zone for Google\'s APIs that the network does not see',
  severity: 'low',
  why: 'A zone that is not private, or not linked to the network, answers nobody in it: names lead to public addresses.',
  fix: 'Set visibility to private and link the network in private_visibility_config.',
  references: ['https://cloud.google.com/dns/docs/zones'],
  comparable: [],
  *run({ model }) {
    const own = ownNetworks(model);
    for (const zone of model.dns.zones) {
      if (!isApiZone(zone)) continue;
      const isLinked = zone.networks.some((network) => own.includes(network) || network.isForeign);
      const hidden = hiddenBlockAt(zone.resource, 'private_visibility_config') !== undefined && zone.resource.configExpression('private_visibility_config') !== undefined;
      if (!zone.isPrivate || (!isLinked && !hidden && own.length > 0)) yield { address: zone.address, message: `${zone.dnsName} is ${zone.isPrivate ? 'linked to no network of the plan' : 'not private'}` };
    }
  },
};
