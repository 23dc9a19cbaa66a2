import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import type { FirewallRule } from '../../model/google/firewall-rule';
import { layer4Text } from '../../model/google/layer4';
import { allRules, isPublic, isWide } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'wide-ingress',
  title: 'a rule that lets the whole internet in',
  severity: 'high',
  why: 'Machines behind load balancers are reached from Google\'s own ranges. Everything else that a rule from 0.0.0.0/0 lets in is somebody knocking.',
  fix: 'Accept Google\'s load balancers (130.211.0.0/22, 35.191.0.0/16), Identity-Aware Proxy (35.235.240.0/20) or a secure tag.',
  references: ['https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges'],
  comparable: ['checkov CKV2_GCP_12', 'checkov CKV_GCP_2', 'checkov CKV_GCP_3', 'checkov CKV_GCP_75', 'checkov CKV_GCP_77', 'checkov CKV_GCP_88', 'checkov CKV_GCP_106', 'trivy GCP-0027', 'trivy GCP-0070', 'trivy GCP-0071', 'trivy GCP-0072'],
  *run({ model }) {
    for (const rule of new Set(allRules(model))) {
      if (rule.action === 'deny' || rule.direction !== 'INGRESS' || hasTags(rule)) continue;
      const wide = rule.peers.ranges.filter(isWide);
      // Only a passthrough load balancer brings udp, with its clients' own addresses.
      const ports = rule.layer4.filter(({ protocol }) => protocol !== 'udp');
      if ((wide.length === 0 && rule.peers.opaque.length === 0) || ports.length === 0) continue;
      const isAnyPublic = wide.some(isPublic) || rule.peers.opaque.length > 0;
      if (!isAnyPublic) continue;
      const isReachable = model.workloads.some(({ interfaces }) => interfaces.some(({ publicIpv4, publicIpv6 }) => publicIpv4 !== 'no' || publicIpv6 !== 'no'));
      yield {
        address: rule.address,
        message: `${rule.label} accepts ${[...wide, ...rule.peers.opaque].join(', ')} on ${ports.map(layer4Text).join(', ')}`,
        ...(isReachable ? {} : { severity: 'medium' as const }),
      };
    }
  },
};

/** A source tag beside a range widens the rule, and does not narrow it; alone it is no range at all. */
function hasTags(rule: FirewallRule): boolean {
  return rule.peers.ranges.length === 0 && rule.peers.opaque.length === 0;
}
