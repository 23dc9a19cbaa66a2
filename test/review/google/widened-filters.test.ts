/** A list of names that stays, and a rule before it that lets out more of them: to any address. */
import { openedBetween as opened } from '../opened-between';
import { INSIDE, outside, policy, type Resources } from './one-machine';
import { stack as googleStack } from './reviewing';

describe('a rule of Google Cloud before one that names hosts', () => {
  const listed = { priority: 500, action: 'allow', match: [{ layer4_configs: [{ ip_protocol: 'tcp', ports: ['443'] }], dest_fqdns: ['api.example.com'] }] };
  const rules = (...cidrs: readonly string[]): unknown => {
    const own = policy('google_compute_network_firewall_policy', { priority: 60000 });
    const of = own['google_compute_network_firewall_policy_rule']!;
    const { firewall_policy } = of['r'] as { firewall_policy: string };
    of['hosts'] = { firewall_policy, direction: 'EGRESS', ...listed };
    cidrs.forEach((cidr, index) => (of[`deny${index}`] = { firewall_policy, direction: 'EGRESS', priority: 100 + index, action: 'deny', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: [cidr] }] }));
    return googleStack(Object.assign({}, INSIDE, outside(), own) as Resources);
  };

  test('that denies all but some addresses, and then none', () => {
    const [narrow, wide] = [rules('128.0.0.0/1', '0.0.0.0/2', '96.0.0.0/3', '80.0.0.0/4'), rules()];
    expect(opened(narrow, wide)).toEqual(['opened any api.example.com:443 beyond 64.0.0.0/4']);
    expect(opened(wide, narrow)).toEqual(['closed any api.example.com:443 beyond 64.0.0.0/4']);
  });
});
