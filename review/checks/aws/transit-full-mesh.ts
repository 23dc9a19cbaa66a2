/** Defaults that are on, with two networks or more, or one route table, or segment of a core network, that all of them propagate to. */
import { firewallNetworks } from '../../model/aws/guarded-networks';
import type { AwsModel } from '../../model/aws/model';
import type { TransitTable } from '../../model/aws/transit';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'transit-full-mesh',
  title: 'transit gateway that joins every network with every other',
  severity: 'medium',
  why: 'With default association and propagation each attached network learns the way to all others, past any firewall.',
  fix: 'Set default_route_table_association and default_route_table_propagation to disable, and lead spokes to the inspection network only.',
  references: ['https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html'],
  comparable: [],
  *run({ model }) {
    // What every network is led to for inspection is no part of a mesh.
    const inspecting = firewallNetworks(model.firewalls);
    for (const transit of model.transits) {
      const spokes = transit.attachments.filter(({ network }) => network === undefined || !inspecting.has(network));
      const meshed = spokes.filter((attachment) => attachment.table.likely.some((table) => table.isDefault));
      if (transit.defaultPropagation && meshed.length > 1) yield { address: transit.address, message: `${transit.address} propagates ${meshed.length} networks into one default route table` };
      const byTable = new Map<TransitTable, number>();
      for (const attachment of spokes) {
        // Of several tables that may be meant nobody knows which is shared with whom.
        for (const table of attachment.table.likely.length === 1 ? attachment.table.likely : []) {
          if (!table.isDefault && table.taught.size > 1 && table.taught.has(attachment.resource)) byTable.set(table, (byTable.get(table) ?? 0) + 1);
        }
      }
      for (const [{ address, label }, count] of byTable) if (count > 1) yield { address, message: `${label === undefined ? '' : `${label} of `}${address} is the table of ${count} networks that all propagate into it` };
    }
  },
};
