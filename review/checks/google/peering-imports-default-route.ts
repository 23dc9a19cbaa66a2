import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
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
    for (const [network, routes] of model.routes) {
      for (const route of routes) {
        if (!route.isImplied || route.nextHop.kind === 'internet-gateway' || !isWide(route.destination)) continue;
        const witness = verdicts.find((verdict) => verdict.kind !== 'none' && verdict.witness?.some((step) => step.address === route.address))?.witness;
        yield { address: route.address, message: `${network.name} gets ${route.label}`, ...witnessed(witness) };
      }
    }
  },
};
