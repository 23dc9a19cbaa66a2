import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { privateApis } from '../../model/google/private-apis';
import { hasKeys } from '../../model/google/keys';
import { addressesOf } from '../../model/addresses';
import { includes, type Ranges } from '../../model/ranges';
import type { GoogleNetwork } from '../../model/google/networks';
import { decide } from '../../model/google/firewall-decision';
import { leadsToInternet, ownNetworks, UNTAGGED } from '../../model/google/questions';
import { everythingTo } from '../../model/traffic';

export const check: Check<GoogleModel> = {
  id: 'dns-vip-mismatch',
  title: 'a route, record or rule that names another address of Google\'s APIs than the rest',
  severity: 'medium',
  why: 'Records, route and firewall rule must name the same address. One that differs sends requests into the deny, or to the internet.',
  fix: 'Name 199.36.153.4/30 (restricted.googleapis.com) in all of them.',
  references: ['https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity'],
  comparable: [],
  *run({ model }) {
    for (const network of ownNetworks(model)) {
      const { routes, endpoints, zones, allows } = privateApis(model, network);
      const isUsed = zones.length > 0 || allows.length > 0;
      if (!isUsed) continue;
      const routed = addressesOf([...routes.map(({ destination }) => destination), ...endpoints], 4);
      const hasDefault = (model.routes.get(network) ?? []).some((route) => route.family === 4 && !hasKeys(route.tags) && leadsToInternet(route));
      if (routes.length === 0 && endpoints.length === 0 && zones.length > 0 && !hasDefault) yield { address: network.address, message: 'private zones lead to the APIs, and no route does' };
      // Routes to both lose nothing.
      if (new Set(routes.map(({ destination }) => destination)).size > 1) yield { address: routes[0]?.address ?? network.address, message: `routes name ${routes.map(({ destination }) => destination).join(' and ')}`, severity: 'low' };
      for (const record of zones.flatMap(({ records }) => records).filter(({ type }) => type === 'A')) {
        const strays = record.values.filter((value) => !includes(routed, addressesOf([value], 4)));
        if (strays.length > 0 && (routes.length > 0 || endpoints.length > 0 || !hasDefault)) yield { address: record.address, message: `${record.name} is ${strays.join(', ')}, where no route or endpoint is` };
      }
      for (const { rule, ranges } of allows) {
        const strays = ranges.filter((range) => !includes(routed, addressesOf([range], 4)));
        if (strays.length > 0 && (routes.length > 0 || endpoints.length > 0 || !hasDefault)) yield { address: rule.address, message: `${rule.label} allows ${strays.join(', ')}, where no route or endpoint is` };
      }
      if (routes.length + endpoints.length > 0 && allows.length === 0 && isClosed(model, network, routed)) yield { address: network.address, message: 'no rule lets machines reach the routed address' };
    }
  },
};

/** True when no rule of the network, nor the implied one, lets a machine there: the APIs need a rule of their own. */
function isClosed(model: GoogleModel, network: GoogleNetwork, routed: Ranges): boolean {
  return decide(model.stages.get(network) ?? [], UNTAGGED, everythingTo(4, routed)).every(({ kind }) => kind === 'deny');
}
