import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { API_RANGES } from '../../model/google/api-ranges';
import { addressRange, addressesOf } from '../../model/addresses';
import { subtract } from '../../model/ranges';
import { isControlPlane, isPrivatePlace, privateRanges } from '../../model/google/private-endpoints';
import { segmentedNetworks, segmentOfRange, targetsOf } from '../../model/google/network-segments';
import { isPublic, policiesOf } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'segment-reach-too-wide',
  title: 'a segment that may call more than a segment',
  severity: 'medium',
  why: 'A range that spans several segments lets a caller reach what did not accept it, as soon as the other side is loosened.',
  fix: 'Name the range of the segment that is called.',
  references: ['https://cloud.google.com/firewall/docs/firewall-policies-rule-details'],
  comparable: [],
  *run({ model }) {
    const places = privateRanges(model);
    for (const [network, own] of segmentedNetworks(model)) {
      const { segments } = own;
      if (segments.filter(({ subnets }) => subnets.length > 0).length < 2) continue;
      for (const rule of policiesOf(model, network).flatMap(({ rules }) => rules)) {
        if (rule.isDisabled || rule.action !== 'allow' || rule.direction !== 'EGRESS') continue;
        const wide = rule.peers.ranges.filter((range) => !isPublic(range) && segmentOfRange(segments, range) === undefined && !isApi(range)
          && !isPrivatePlace(places, range) && !isControlPlane(model, network, rule, range));
        if (wide.length > 0) yield { address: rule.address, message: `${rule.label} lets ${targetsOf(own, rule).join(', ') || 'every machine'} send to ${wide.join(', ')}, which is not one segment` };
      }
    }
  },
};

function isApi(text: string): boolean {
  const known = addressRange(text);
  return known !== undefined && subtract([known.range], addressesOf(API_RANGES, known.family)).length === 0;
}
