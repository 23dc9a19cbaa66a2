/** Transit routes outwards whose network has no firewall, where another attached network has one, or the transit gateway itself. */
import { INSIDE } from '../../model/aws/facts';
import { everyOf } from '../../model/aws/read';
import { includes } from '../../model/ranges';
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'transit-route-skips-inspection',
  title: 'transit route to the internet past the inspection network',
  severity: 'high',
  why: 'Spokes whose default route ends at a network without a firewall leave uninspected, whatever the firewall elsewhere allows.',
  fix: 'Lead the default route of spoke tables to the attachment of the inspection network, or of the firewall.',
  references: ['https://docs.aws.amazon.com/prescriptive-guidance/latest/inline-traffic-inspection-third-party-appliances/architecture-2.html', 'https://docs.aws.amazon.com/network-firewall/latest/developerguide/tgw-firewall.html'],
  comparable: [],
  *run({ model }) {
    const guarded = new Set(model.firewalls.flatMap((firewall) => firewall.network ?? []));
    const seen = new Set<string>();
    for (const transit of model.transits) {
      const attached = new Map(transit.attachments.map((attachment) => [attachment.resource, attachment.network]));
      if (!transit.hasFirewall && ![...attached.values()].some((network) => network && guarded.has(network))) continue;
      for (const { address, table, network } of transit.attachments) {
        if (network && guarded.has(network)) continue;
        for (const route of everyOf(table).flatMap((each) => each.routes)) {
          const isOut = !route.blackhole && route.prefixes.some((prefix) => !includes(INSIDE[prefix.family], [prefix.range]));
          const targets = route.attachment.likely.map((target) => attached.get(target));
          if (!isOut || seen.has(route.address) || targets.length === 0 || targets.some((target) => target === undefined || target === network || guarded.has(target))) continue;
          seen.add(route.address);
          yield { address: route.address, message: `${route.address} leads ${route.destination} to ${targets[0]?.address ?? 'a network'}, which has no firewall`, ...(table.likely.length === 1 && table.others.length === 0 ? {} : { severity: 'low' as const, confidence: 'possible' as const }), witness: [{ address, kind: 'transit' }, { address: route.address, kind: 'route', label: route.destination }] } satisfies Hit;
        }
      }
    }
  },
};
