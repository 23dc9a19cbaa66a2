import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { addressRange } from '../../model/addresses';
import { layer4Text } from '../../model/google/layer4';
import { allRules } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'kubernetes-webhooks-unreachable',
  title: 'a control plane that cannot call the cluster',
  severity: 'low',
  why: 'Admission webhooks are called by the control plane on ports of their own. One that cannot be reached lets no pod start, or every pod, as it says.',
  fix: 'Accept tcp/8443, 9443 and 15017, or those in use, from the range of the control plane.',
  references: ['https://cloud.google.com/kubernetes-engine/docs/how-to/private-clusters#add_firewall_rules'],
  comparable: [],
  *run({ model }) {
    // A rule that lets nodes call a /28 on HTTPS says that a private cluster is meant to be there.
    const rules = [...new Set(allRules(model))].filter(({ action, peers }) => action === 'allow' && peers.ranges.length === 1);
    const planes = rules.filter(({ direction, peers, layer4 }) => direction === 'EGRESS' && isPlane(peers.ranges[0] as string) && layer4.every((each) => layer4Text(each) === 'tcp/443'));
    for (const plane of planes) {
      const [range] = plane.peers.ranges;
      if (!rules.some(({ direction, peers }) => direction === 'INGRESS' && peers.ranges[0] === range)) yield { address: plane.address, message: `no rule accepts calls from ${range}` };
    }
  },
};

function isPlane(range: string): boolean {
  return addressRange(range)?.family === 4 && range.endsWith('/28');
}
