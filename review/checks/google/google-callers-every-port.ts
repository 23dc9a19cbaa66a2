import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { addressesOf, addressRange } from '../../model/addresses';
import { subtract } from '../../model/ranges';
import { isEveryPort, layer4Text } from '../../model/google/layer4';
import { allRules } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'google-callers-every-port',
  title: 'a rule that lets Google-run callers reach every port',
  severity: 'medium',
  why: 'Health checks and Identity-Aware Proxy use the ports that are served. Load balancers come from the same ranges as health checks, so every port is every port to the internet.',
  fix: 'Name the ports that are checked, or that sessions use.',
  references: ['https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges', 'https://cloud.google.com/iap/docs/using-tcp-forwarding'],
  comparable: [],
  *run({ model }) {
    for (const rule of new Set(allRules(model))) {
      if (rule.action !== 'allow' || rule.direction !== 'INGRESS' || !rule.layer4.some(isEveryPort)) continue;
      const callers = rule.peers.ranges.filter(isCaller);
      if (callers.length > 0) yield { address: rule.address, message: `${rule.label} accepts ${rule.layer4.filter(isEveryPort).map(layer4Text).join(', ')} from ${callers.join(', ')}` };
    }
  },
};

const CALLERS = addressesOf(['35.191.0.0/16', '130.211.0.0/22', '209.85.152.0/22', '209.85.204.0/22', '35.235.240.0/20'], 4);

function isCaller(range: string): boolean {
  const known = addressRange(range);
  return known?.family === 4 && subtract([known.range], CALLERS).length === 0;
}
