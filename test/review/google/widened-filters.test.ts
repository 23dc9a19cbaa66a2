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

describe('a rule of Google Cloud that lists addresses which another one lets out to, too', () => {
  const rules = (wide: boolean, ...listed: readonly string[]): unknown => {
    const own = policy('google_compute_network_firewall_policy', { priority: 60000 });
    const of = own['google_compute_network_firewall_policy_rule']!;
    const { firewall_policy } = of['r'] as { firewall_policy: string };
    const rule = (priority: number, action: string, ip_protocol: string, cidr: string) => ({ firewall_policy, direction: 'EGRESS', priority, action, match: [{ layer4_configs: [{ ip_protocol, ...(ip_protocol === 'tcp' ? { ports: ['443'] } : {}) }], dest_ip_ranges: [cidr] }] });
    if (wide) of['wide'] = rule(500, 'allow', 'tcp', '0.0.0.0/0');
    listed.forEach((cidr, at) => (of[`listed${at}`] = rule(400 + at, 'allow', 'tcp', cidr)));
    of['rest'] = rule(1000, 'deny', 'all', '0.0.0.0/0');
    return googleStack(Object.assign({}, INSIDE, outside(), own) as Resources);
  };

  test('has closed nothing for who reaches them all the same, and has for who does not', () => {
    expect(opened(rules(true), rules(true, '185.60.216.0/24'))).toEqual([]);
    expect(opened(rules(true, '185.60.216.0/24'), rules(false, '185.60.216.0/24'))).toEqual(['became-guarded anything']);
    expect(opened(rules(true, '185.60.216.0/24'), rules(false))).toEqual(['closed anything', expect.stringMatching(/^closed .*185\.60\.216\.0\/24/)]);
  });
});
