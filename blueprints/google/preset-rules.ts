/** Callers that belong to Google: health checks and Identity-Aware Proxy, by name instead of by range; pure data. */
import type { GoogleAccept, GoogleCaller } from '../policy/google-model';
import type { PortRange } from '../policy/model';
import { mergePorts } from '../policy/ports';
import { portText, type FirewallRule } from './firewall-rule';
import { singlePriority } from './priorities';
import { IAP_RANGE } from '../policy/google-private-services';
import { GOOGLE_FRONT_ENDS } from './segmentation-rules';

/**
 * Where each caller comes from.
 * https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges
 * https://cloud.google.com/iap/docs/using-tcp-forwarding#create-firewall-rule
 */
export const CALLER_RANGES: Readonly<Record<GoogleCaller, readonly string[]>> = {
  'health-checks': GOOGLE_FRONT_ENDS,
  iap: [IAP_RANGE],
  'passthrough-health-checks': ['209.85.152.0/22', '209.85.204.0/22', '35.191.0.0/16'],
};

/** One rule per caller and segment. A caller's health checks reach no other port than those named. */
export function presetRules(accepts: readonly GoogleAccept[], slotOf: (segment: string) => number): readonly FirewallRule[] {
  const pairs = new Map<string, { from: GoogleCaller; to: string; ports: PortRange[] }>();
  for (const { from, to, ports } of accepts) {
    for (const segment of to) {
      const pair = pairs.get(`${from}-to-${segment}`) ?? { from, to: segment, ports: [] };
      pair.ports.push(...ports);
      pairs.set(`${from}-to-${segment}`, pair);
    }
  }
  return [...pairs].map(([id, { from, to, ports }]) => ({
    id: `in-${id}`,
    priority: singlePriority(slotOf(to), from),
    action: 'allow',
    direction: 'INGRESS',
    ruleName: `in-${id}`,
    description: `${to} accepts ${from}`,
    target: to,
    from: { ranges: CALLER_RANGES[from] },
    layer4: [{ ipProtocol: 'tcp', ports: mergePorts(ports).map(portText) }],
  }));
}
