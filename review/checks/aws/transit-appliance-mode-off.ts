/** Attachments of networks with a firewall. */
import type { AwsModel } from '../../model/aws/model';
import type { Check, Hit } from '../check';

export const check: Check<AwsModel> = {
  id: 'transit-appliance-mode-off',
  title: 'inspection attachment without appliance mode',
  severity: 'medium',
  why: 'Without appliance mode a transit gateway brings replies to the zone that they come from, so two firewall endpoints see one half of a connection each.',
  fix: 'Set appliance_mode_support to enable on the attachment of the network with the firewall.',
  references: ['https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html'],
  comparable: [],
  *run({ model }) {
    const guarded = new Set(model.firewalls.flatMap((firewall) => firewall.network ?? []));
    for (const transit of model.transits) {
      for (const attachment of transit.attachments) {
        if (attachment.network && guarded.has(attachment.network) && !attachment.applianceMode) {
          yield { address: attachment.address, message: `${attachment.address} joins ${attachment.network.address}, which has a firewall, with appliance_mode_support off`, witness: [{ address: transit.address, kind: 'transit' }, { address: attachment.address, kind: 'transit' }] } satisfies Hit;
        }
      }
    }
  },
};
