/** Secure tags that machines are given by bindings, before any plan tells the machines' ids. */
import { asPlan } from '../as-plan';
import { INSIDE, kinds, network, outside, type Resources } from './one-machine';

describe('a tag that is bound to a machine by what no id tells', () => {
  const tag = 'tagValues/1';
  const allow: Resources = {
    google_compute_network_firewall_policy: { p: { name: 'p' } },
    google_compute_network_firewall_policy_association: { a: { name: 'a', firewall_policy: '${google_compute_network_firewall_policy.p.name}', attachment_target: network } },
    google_compute_network_firewall_policy_rule: Object.fromEntries([{ action: 'allow', priority: 1, target_secure_tags: [{ name: tag }] }, { action: 'deny', priority: 2 }].map((each) => [each.action, { firewall_policy: '${google_compute_network_firewall_policy.p.name}', direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }], ...each }])),
  };
  const bound = (parent: string, project?: string, more: Resources = {}) => {
    const own: Resources = { ...allow, ...outside(project === undefined ? {} : { project }), google_tags_location_tag_binding: { b: { parent, tag_value: tag, location: 'r-a' } }, ...more };
    return kinds(asPlan({ ...INSIDE, ...own }))['google_compute_instance.m'];
  };
  const at = (project: string, name: string) => `//compute.googleapis.com/projects/${project}/zones/r-a/instances/${name}`;

  test('by its name: where the project tells, it carries the tag', () => {
    expect([bound(at('p', 'm'), 'p'), bound(at('p', 'm')), bound(at('123', 'm'), 'p')]).toEqual(['open', 'unknown', 'unknown']);
    expect([bound(at('q', 'm'), 'p'), bound(at('p', 'other'), 'p'), bound('//compute.googleapis.com/projects/p/zones/r-b/instances/m', 'p')]).toEqual(['none', 'none', 'none']);
  });

  test('by what the apply finds: any machine may, but not by what is no machine', () => {
    expect([bound(at('p', '${data.google_compute_instance.q.instance_id}')), bound(at('${google_project.p.number}', '${data.google_compute_instance.q.instance_id}'), 'p', { google_project: { p: { project_id: 'p' } } })]).toEqual(['unknown', 'unknown']);
    expect(bound('//storage.googleapis.com/projects/_/buckets/${google_storage_bucket.b.name}', 'p', { google_storage_bucket: { b: { location: 'eu' } } })).toBe('none');
  });
});
