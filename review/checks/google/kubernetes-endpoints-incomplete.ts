import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { addressesOf } from '../../model/addresses';
import { includes } from '../../model/ranges';
import { serves } from '../../model/google/nats';
import { segmentOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'kubernetes-endpoints-incomplete',
  title: 'private nodes that cannot reach Google\'s APIs',
  severity: 'low',
  why: 'Nodes pull images and report to the control plane through the APIs. A cluster that cannot gets a NAT for everything in its first week.',
  fix: 'Turn private_ip_google_access on and route the private address of the APIs (199.36.153.4/30) to default-internet-gateway.',
  references: ['https://cloud.google.com/kubernetes-engine/docs/concepts/private-cluster-concept'],
  comparable: [],
  *run({ model }) {
    for (const place of model.places) {
      const { workload } = place;
      if (!workload?.resource.type.startsWith('google_container_')) continue;
      for (const way of place.ways) {
        const { subnets, publicIpv4 } = way.from;
        if (way.network.isForeign || publicIpv4 !== 'no') continue;
        const isRouted = way.wayOut.seen(4).some((route) => route.nextHop.kind === 'internet-gateway' && includes([route.range], addressesOf(['199.36.153.4/30'], 4)))
          || way.wayOut.seen(4).some((route) => route.nextHop.kind === 'internet-gateway' && includes([route.range], addressesOf(['199.36.153.8/30'], 4)));
        if (!isRouted) yield { address: place.id, message: `no route of ${way.network.name} leads to Google's APIs`, ...segmentOf(place) };
        else if (subnets.length > 0 && subnets.every(({ hasPrivateAccess }) => !hasPrivateAccess) && !model.nats.some((nat) => serves(nat, way.network, subnets, 4) !== false)) {
          yield { address: place.id, message: `private_ip_google_access is off for ${subnets.map(({ name }) => name).join(', ')}, and no NAT serves the nodes`, ...segmentOf(place) };
        }
      }
    }
  },
};
