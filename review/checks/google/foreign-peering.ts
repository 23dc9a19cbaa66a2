import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { textAt, textsAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'foreign-peering',
  title: 'a peering with a network that the plan does not have',
  severity: 'medium',
  why: 'The peer\'s machines are neighbours, its custom routes may lead to the internet around this network\'s control, and neither is in the plan.',
  fix: 'Review both networks together; do not import custom routes unless they are needed.',
  references: ['https://cloud.google.com/vpc/docs/vpc-peering'],
  comparable: [],
  *run({ model }) {
    for (const peering of model.peerings) {
      const strangers = peering.peers.filter(({ isForeign, isDefault }) => isForeign || isDefault);
      if (strangers.length === 0) continue;
      const imports = peering.importsRoutes === false ? '' : ', and imports its custom routes';
      yield { address: peering.address, message: `peers with ${strangers.map(({ address }) => address).join(', ')}${imports}`, ...(peering.importsRoutes === false ? {} : { severity: 'high' as const }) };
    }
    // https://cloud.google.com/vpc/docs/about-network-attachments
    for (const attachment of model.graph.ofType('google_compute_network_attachment')) {
      const isOpen = textAt(attachment, 'connection_preference') !== 'ACCEPT_MANUAL';
      const own = textAt(attachment, 'project');
      const others = textsAt(attachment, 'producer_accept_lists');
      if (!isOpen && others.unknown === undefined && others.values.every((project) => project === own)) continue;
      const whose = isOpen ? 'any project that knows its name' : others.values.join(', ') || 'projects that the plan does not tell';
      yield { address: attachment.address, message: `lets machines of ${whose} stand in its subnets with an interface`, ...(isOpen ? {} : { severity: 'low' as const }) };
    }
  },
};
