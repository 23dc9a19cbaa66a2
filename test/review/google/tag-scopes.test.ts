/** Secure tags hold in the network of their key: a deny for one of another network is for nobody. */
import { INSIDE, kinds, outside, policy, SUBNET, subnetwork, type Resources } from './one-machine';
import { review, stack } from './reviewing';

const MACHINE = 'google_compute_instance.m';
const VALUE = '${google_tags_tag_value.v.id}';
const tags = (key: object): Resources => ({ google_tags_tag_key: { k: { short_name: 'k', parent: 'organizations/1', ...key } }, google_tags_tag_value: { v: { parent: '${google_tags_tag_key.k.id}', short_name: 'v' } } });
const of = (network: string) => tags({ purpose: 'GCE_FIREWALL', purpose_data: { network } });
const carrying = outside({ labels: { segment: MACHINE }, params: [{ resource_manager_tags: { '${google_tags_tag_key.k.id}': VALUE } }] });
const OTHER: Resources = { google_compute_network: { ...INSIDE['google_compute_network'], o: { name: 'o', auto_create_subnetworks: false } } };
const byTag = (more: object = {}) => policy('google_compute_network_firewall_policy', { target_secure_tags: [{ name: VALUE, ...more }] });
const all = (...parts: readonly Resources[]) => stack(Object.assign({}, INSIDE, carrying, byTag(), ...parts));
const kind = (...parts: readonly Resources[]) => kinds(all(...parts))['v'] ?? kinds(all(...parts))[MACHINE];

test.each<[string, readonly Resources[], string]>([
  ['of the network', [of('${google_compute_network.n.self_link}')], 'none'],
  ['of the network by its name', [of('p/n')], 'none'],
  ['of a whole organization', [tags({ purpose: 'GCE_FIREWALL', purpose_data: { organization: 'auto' } })], 'none'],
  ['of a network by the number that Google gave it', [of('https://www.googleapis.com/compute/v1/projects/p/global/networks/4711')], 'none'],
  ['of another network of the plan', [OTHER, of('${google_compute_network.o.self_link}')], 'open'],
  ['of another network by its name', [of('p/o')], 'open'],
  ['that is none for firewalls', [tags({})], 'open'],
  ['that may be one for firewalls', [tags({ purpose: '${var.purpose}' })], 'none'],
  ['that is gone, says Google', [of('p/n'), byTag({ state: 'INEFFECTIVE' })], 'open'],
  ['that is there, says Google', [of('p/n'), byTag({ state: 'EFFECTIVE' })], 'none'],
])('a deny for a tag %s', (_, parts, expected) => expect(kind(...parts)).toBe(expected));

test('a deny for a tag that is gone and one that is there is for the latter alone', () => {
  const two: Resources = { google_tags_tag_value: { ...of('p/n')['google_tags_tag_value'], w: { parent: '${google_tags_tag_key.k.id}', short_name: 'w' } } };
  const rule = (gone: string, there: string) => policy('google_compute_network_firewall_policy', { target_secure_tags: [{ name: gone, state: 'INEFFECTIVE' }, { name: there }] });
  expect([kind(of('p/n'), two, rule('${google_tags_tag_value.w.id}', VALUE)), kind(of('p/n'), two, rule(VALUE, '${google_tags_tag_value.w.id}'))]).toEqual(['none', 'open']);
});

test('a machine that may be in either network has the tag in one', () => {
  const somewhere: Resources = { google_compute_subnetwork: { s: { ...SUBNET, network: '${var.network}' } }, google_compute_instance: { m: { ...carrying['google_compute_instance']?.['m'], network_interface: [{ subnetwork, access_config: [{}] }] } } };
  expect(kind(OTHER, of('${google_compute_network.n.self_link}'), somewhere)).not.toBe('none');
});

test('the key is told, with the network that it is for', () => {
  const told = (...parts: readonly Resources[]) => review(all(...parts)).hits.filter(({ rule }) => rule === 'segment-tag-not-secure').map(({ message }) => message);
  expect(told(of('${google_compute_network.n.self_link}'))).toEqual([]);
  expect(told(OTHER, of('${google_compute_network.o.self_link}'))).toEqual(['its values hold in network o alone, and rules of network n ask for them']);
  expect(told(tags({}))).toEqual(['purpose is not set, and rules target its values']);
});

describe('nodes that have a tag by its name', () => {
  const G = 'google_compute_network_firewall_policy';
  const rules = (tag: string): Resources => {
    const rule = (more: object) => ({ firewall_policy: `\${${G}.p.name}`, direction: 'EGRESS', match: [{ layer4_configs: [{ ip_protocol: 'all' }], dest_ip_ranges: ['0.0.0.0/0'] }], ...more });
    return { ...policy(G, {}), [`${G}_rule`]: { a: rule({ priority: 1, action: 'allow', target_secure_tags: [{ name: tag }] }), d: rule({ priority: 2, action: 'deny' }) } };
  };
  const nodes = (resource_manager_tags: object): Resources => ({ google_compute_instance: {}, google_container_cluster: { c: { name: 'c', network: '${google_compute_network.n.id}', subnetwork, node_config: [{ resource_manager_tags }] } } });
  const key = (parent: string): Resources => ({ google_tags_tag_key: { k: { short_name: 'k', parent, purpose: 'GCE_FIREWALL', purpose_data: { network: 'p/n' } } }, google_tags_tag_value: { v: { parent: '${google_tags_tag_key.k.id}', short_name: 'v' } } });
  const verdict = (tag: string, names: object, ...parts: readonly Resources[]) => kinds(stack(Object.assign({}, INSIDE, rules(tag), nodes(names), ...parts)))['google_container_cluster.c'];

  test.each<[string, object, string, string]>([
    ['of the plan', { 'p/k': 'v' }, 'projects/p', 'open'],
    ['of another project', { 'q/k': 'v' }, 'projects/p', 'none'],
    ['of another key', { 'p/l': 'v' }, 'projects/p', 'none'],
    ['of another value', { 'p/k': 'w' }, 'projects/p', 'none'],
    ['of a project whose number is known', { 'p/k': 'v' }, 'projects/4711', 'unknown'],
    ['of nobody knows which project', { 'p/k': 'v' }, '${var.parent}', 'unknown'],
    ['by its id', { '${google_tags_tag_key.k.id}': VALUE }, 'projects/p', 'open'],
  ])('%s', (_, names, parent, expected) => expect(verdict(VALUE, names, key(parent))).toBe(expected));

  test('may be what a rule names by its id', () => {
    expect([verdict('tagValues/2', { 'p/k': 'v' }), verdict('tagValues/2', { 'tagKeys/1': 'tagValues/3' })]).toEqual(['unknown', 'none']);
  });
});
