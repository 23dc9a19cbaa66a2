import type { Check } from '../check';
import { addressesOf } from '../../model/addresses';
import type { GoogleModel } from '../../model/google/google-model';
import { PRIVATE_VIP } from '../../model/google/api-ranges';
import { serviceEndpoints } from '../../model/google/private-endpoints';
import type { GoogleSubnet } from '../../model/google/networks';
import type { GooglePlace } from '../../model/google/places';
import { decisionsOf, internetRoutes, verdictsOf } from '../../model/google/questions';
import { includes } from '../../model/ranges';

export const check: Check<GoogleModel> = {
  id: 'endpoint-serves-all-apis',
  title: 'a private way to APIs which no perimeter can restrict',
  severity: 'low',
  why: 'The bundle all-apis, private.googleapis.com and the public addresses of the APIs serve every API of Google. Those that VPC Service Controls does not support are a way for data that no perimeter stops, to whoever\'s project a caller names.',
  fix: 'Target vpc-sc, or route 199.36.153.4/30 (restricted.googleapis.com) alone, and deny the rest of the internet.',
  references: ['https://cloud.google.com/vpc/docs/about-accessing-google-apis-endpoints#supported-apis', 'https://cloud.google.com/vpc/docs/configure-private-google-access#domain-options'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const { resource, target } of serviceEndpoints(model)) if (target === 'all-apis') yield { address: resource.address, message: 'its target is all-apis' };
    const told = new Set<string>();
    for (const { address, resource, isImplied, family, range, destination } of [...model.routes.values()].flat()) {
      if (!resource || isImplied || told.has(address) || !includes(addressesOf(PRIVATE_VIP, family), [range])) continue;
      told.add(address);
      yield { address, message: `${destination} is private.googleapis.com` };
    }
    // By a way to the internet that nothing translates only Google answers. https://cloud.google.com/vpc/docs/private-google-access
    const reaching = new Map<GoogleSubnet, string>();
    for (const place of model.places) {
      if (!verdictsOf(verdicts, place).some(({ family, kind }) => family === 4 && kind === 'none')) continue;
      const [route] = internetRoutes(place, 4);
      if (!route || !isLetOut(place)) continue;
      for (const subnet of place.ways.flatMap(({ from }) => from.subnets)) if (subnet.hasPrivateAccess && !reaching.has(subnet)) reaching.set(subnet, `${route.label} leads ${place.id} to the public addresses of Google's APIs, by private_ip_google_access`);
    }
    for (const [{ address }, message] of reaching) yield { address, message };
  },
};

/** Whether its firewall lets it call the internet at 443, and not what it lists alone. */
function isLetOut(place: GooglePlace): boolean {
  return decisionsOf(place, 4).some(({ kind, guard, traffic }) => kind === 'allow' && guard === undefined && traffic.boxes.some(({ protocol, ports }) => protocol === 'tcp' && includes(ports, [[443n, 443n]])));
}
