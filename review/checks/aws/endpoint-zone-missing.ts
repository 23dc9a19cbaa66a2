/** Zones of places against those of interface endpoints. */
import { everyOf } from '../../model/aws/read';
import { placesByNetwork } from '../../model/aws/facts';
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'endpoint-zone-missing',
  title: 'zone with workloads and no endpoint',
  severity: 'low',
  why: 'Calls from that zone cross to another one, and stop when that one fails.',
  fix: 'Add a subnet of each zone that workloads use.',
  references: ['https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html'],
  comparable: [],
  *run({ model }) {
    for (const endpoint of model.endpoints) {
      if (endpoint.kind !== 'interface' || endpoint.subnets.unknown !== undefined) continue;
      const own = everyOf(endpoint.subnets);
      if (own.length === 0 || own.some((subnet) => subnet.zone === undefined)) continue;
      const zones = new Set(own.map((subnet) => subnet.zone));
      const used = new Set((placesByNetwork(model).get(endpoint.network) ?? []).map((place) => place.zone));
      const missing = [...used].filter((zone) => zone !== undefined && !zones.has(zone)).sort();
      if (missing.length > 0) yield { address: endpoint.address, message: `${endpoint.address} (${endpoint.service ?? 'unknown service'}) has no address in ${missing.join(', ')}, where workloads are` };
    }
  },
};
