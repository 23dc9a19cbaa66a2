import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { addressRange } from '../../model/addresses';
import { intersect, isEmpty } from '../../model/ranges';
import { isEveryPort, layer4Text } from '../../model/google/layer4';
import { isPrivatePlace, privateRanges } from '../../model/google/private-endpoints';
import { addressesOf } from '../../model/addresses';
import { segmentedNetworks } from '../../model/google/network-segments';
import { isPublic, policiesOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'private-rule-every-port',
  title: 'a rule that opens every port of a private endpoint',
  severity: 'low',
  why: 'An endpoint, a proxy, a control plane and a peered database each answer on known ports. Every port of them is more than anybody asked for.',
  fix: 'Name tcp and the ports.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: [],
  *run({ model }) {
    const places = privateRanges(model);
    for (const network of segmentedNetworks(model).keys()) {
      const local = addressesOf(model.subnets.filter((subnet) => subnet.networks.includes(network) && subnet.holdsMachines).flatMap(({ cidrs }) => cidrs), 4);
      for (const rule of policiesOf(model, network).flatMap(({ rules }) => rules)) {
        if (rule.isDisabled || rule.action !== 'allow' || !rule.layer4.some(isEveryPort)) continue;
        const outside = rule.peers.ranges.filter((range) => !isPublic(range) && isElsewhere(range, local));
        const isOut = rule.direction === 'EGRESS' ? outside.filter((range) => isPrivatePlace(places, range) || isPlane(range)) : outside.filter(isPlane);
        if (isOut.length > 0) yield { address: rule.address, message: `${rule.label} allows ${rule.layer4.filter(isEveryPort).map(layer4Text).join(', ')} ${rule.direction === 'EGRESS' ? 'to' : 'from'} ${isOut.join(', ')}` };
      }
    }
  },
};

/** A /28 of no subnet is a control plane. */
function isPlane(range: string): boolean {
  return range.endsWith('/28');
}

function isElsewhere(range: string, local: ReturnType<typeof addressesOf>): boolean {
  const known = addressRange(range);
  return known?.family === 4 && isEmpty(intersect([known.range], local));
}
