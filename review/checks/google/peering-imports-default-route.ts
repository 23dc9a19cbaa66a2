import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { GoogleRoute } from '../../model/google/routes';
import { isWide, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'peering-imports-default-route',
  title: 'a default route that comes from a peer',
  severity: 'high',
  why: 'A default route of the peer leads through the peer\'s machines: the filters of this network see only what goes to the peer.',
  fix: 'Do not import custom routes, or inspect at the next hop and review it.',
  references: ['https://cloud.google.com/vpc/docs/vpc-peering#import-export-routes'],
  comparable: [],
  *run({ model, verdicts }) {
    // One route is one finding, however many networks get it.
    const found = new Map<string, { readonly route: GoogleRoute; readonly names: Set<string> }>();
    for (const [network, routes] of model.routes) {
      for (const route of routes) {
        if (!route.isImplied || route.nextHop.kind === 'internet-gateway' || !isWide(route.destination)) continue;
        const known = found.get(`${route.address} ${route.destination}`) ?? { route, names: new Set<string>() };
        found.set(`${route.address} ${route.destination}`, known);
        known.names.add(network.name);
      }
    }
    for (const { route, names } of found.values()) {
      const witness = verdicts.find((verdict) => verdict.kind !== 'none' && verdict.witness?.some((step) => step.address === route.address))?.witness;
      yield { address: route.address, message: `${listed([...names].sort())} ${names.size === 1 ? 'gets' : 'get'} ${route.label.replace(/, through .*$/, '')} by peering`, ...witnessed(witness) };
    }
  },
};

const MOST = 5;

function listed(names: readonly string[]): string {
  return names.length <= MOST ? names.join(', ') : `${names.slice(0, MOST).join(', ')} and ${names.length - MOST} more networks`;
}
