import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { blocksAt, textAt, textsAt } from '../../model/google/reading';

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
    // https://cloud.google.com/vpc/docs/private-services-access: third parties offer services in the same way as Google.
    for (const connection of model.graph.ofType('google_service_networking_connection')) {
      const service = textAt(connection, 'service');
      if (service !== undefined && !OF_GOOGLE.test(service)) yield { address: connection.address, message: `peers with the network of ${service}, which is no service of Google's` };
    }
    // https://cloud.google.com/network-connectivity/docs/network-connectivity-center/concepts/vpc-spokes-overview#auto-accept
    for (const group of model.graph.ofType('google_network_connectivity_group')) {
      const projects = blocksAt(group, ['auto_accept']).flatMap((block) => textsAt(group, [...block, 'auto_accept_projects']).values);
      const strangers = projects.filter((project) => project !== textAt(group, 'project'));
      if (strangers.length > 0) yield { address: group.address, message: `lets networks of ${strangers.join(', ')} join its hub by themselves`, severity: 'low' as const };
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

const OF_GOOGLE = /(^|\.)(googleapis\.com|servicenetworking\.goog)$/;
