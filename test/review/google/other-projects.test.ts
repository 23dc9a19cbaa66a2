/** Names that several projects may have: what is written for the one closes nothing in the other. */
import { INSIDE, network, subnetwork } from './one-machine';
import { verdictsOf } from './reviewing';
import { asPlan } from '../as-plan';

type Resources = Record<string, Record<string, any>>;

const OPEN = { access_config: [{}] };
const machine = (more: object, nic: object = { subnetwork, ...OPEN }) => ({ google_compute_instance: { m: { name: 'm', zone: 'r-a', network_interface: [nic], ...more } } });
const deny = (more: object) => ({ google_compute_firewall: { d: { name: 'd', network: 'n', direction: 'EGRESS', priority: 1, deny: [{ protocol: 'all' }], destination_ranges: ['0.0.0.0/0'], ...more } } });
const verdictIn = (document: unknown) => verdictsOf(document).verdicts.find(({ place, family }) => place.id.endsWith('google_compute_instance.m') && family === 4)?.kind;
const verdict = (resource: Resources, more: object = {}) => verdictIn({ resource: { ...INSIDE, ...resource }, ...more });

describe('a deny of a project, by the name of a network that tells none', () => {
  const Q = { project: 'q' };
  test.each<[string, Resources, object, string]>([
    ['in a plan of that project alone', { ...machine({}), ...deny(Q) }, {}, 'none'],
    ['in a plan of two', { ...machine({ project: 'p' }), ...deny(Q) }, {}, 'unknown'],
    ['in a plan of two, by a reference', { ...machine({ project: 'p' }), ...deny({ ...Q, network: '${google_compute_network.n.name}' }) }, {}, 'none'],
    ['in a plan of two, by its path', { ...machine({ project: 'p' }), ...deny({ ...Q, network }) }, {}, 'none'],
    ['in a plan of two, whose provider says that it is the same', { ...machine({ project: 'p' }), ...deny(Q) }, { provider: { google: [{ project: 'q' }] } }, 'none'],
    ['whose network tells the same', { ...machine({ project: 'p' }), ...deny(Q), google_compute_network: { n: { ...INSIDE['google_compute_network']!['n'], ...Q } } }, {}, 'none'],
  ])('%s', (_, resources, more, kind) => {
    expect(verdict(resources, more)).toBe(kind);
  });

  test('the same in a plan', () => {
    expect(verdictIn(asPlan({ ...INSIDE, ...machine({ project: 'p' }), ...deny(Q) }))).toBe('unknown');
    expect(verdictIn(asPlan({ ...INSIDE, ...machine({ project: 'p' }), ...deny({ ...Q, network: '${google_compute_network.n.name}' }) }))).toBe('none');
  });
});

test('a rule of a project, by the name of a policy that tells none', () => {
  const policy = 'google_compute_network_firewall_policy';
  const RULE = { priority: 1, action: 'deny', direction: 'EGRESS', match: [{ dest_ip_ranges: ['0.0.0.0/0'], layer4_configs: [{ ip_protocol: 'all' }] }] };
  const ruled = (rule: object) => verdict({
    ...machine({ project: 'p' }), [policy]: { f: { name: 'f' } },
    [`${policy}_association`]: { a: { name: 'a', firewall_policy: `\${${policy}.f.name}`, attachment_target: network } }, [`${policy}_rule`]: { r: { ...RULE, ...rule } },
    google_compute_address: { a: { name: 'a', project: 'q' } },
  });
  expect([ruled({ firewall_policy: 'f', project: 'q' }), ruled({ firewall_policy: `\${${policy}.f.name}`, project: 'q' }), ruled({ firewall_policy: 'f' })]).toEqual(['unknown', 'none', 'none']);
});

test('a machine of a project, by the name of a subnet that tells none', () => {
  const other = { google_compute_address: { a: { name: 'a', project: 'p' } } };
  const closed = deny({ network });
  expect(verdict({ ...other, ...closed, ...machine({ project: 'q' }, { subnetwork: 's', ...OPEN }) })).toBe('unknown');
  expect(verdict({ ...other, ...closed, ...machine({ project: 'q' }, { subnetwork: '${google_compute_subnetwork.s.name}', ...OPEN }) })).toBe('none');
  expect(verdict({ ...closed, ...machine({ project: 'q' }, { subnetwork: 's', ...OPEN }) })).toBe('none');
});

/** Which project a block is of that tells none, the environment says: that of another block, or not. */
describe('provider blocks of a plan, and a machine of the second one', () => {
  const other = { provider: 'google.other' };
  const closed = deny({ network });
  const [P, UNTOLD, Q] = [{ project: 'p' }, {}, { project: 'q' }];
  test.each<[string, object, object, string]>([
    ['both tell one project', P, P, 'none'],
    ['both tell none', UNTOLD, UNTOLD, 'none'],
    ['they tell two', P, Q, 'unknown'],
    ['the second tells none', P, UNTOLD, 'unknown'],
    ['the first tells none', UNTOLD, P, 'unknown'],
  ])('%s', (_, first, second, kind) => {
    const blocks = { provider: { google: [first, { alias: 'other', ...second }], aws: [{ allowed_account_ids: ['1'] }] } };
    const named = { ...closed, ...machine(other, { subnetwork: 's', ...OPEN }) };
    expect(verdict(named, blocks)).toBe(kind);
    expect(verdict({ ...machine(other), ...deny(other) }, blocks)).toBe(kind);
    expect(verdict({ ...machine(other), ...deny({ ...other, network }) }, blocks)).toBe('none');
    expect(verdict({ ...closed, ...machine(other, { subnetwork: '${google_compute_subnetwork.s.name}', ...OPEN }) }, blocks)).toBe('none');
  });

  test.each<[string, object, object, string]>([['tells none', P, UNTOLD, 'open'], ['tells the same', P, P, 'none']])('the default network of one that %s', (_, first, second, kind) => {
    const parts = { ...machine(other, { network: 'default', ...OPEN }), ...deny({ network: 'default' }) };
    expect(verdict(parts, { provider: { google: [first, { alias: 'other', ...second }] } })).toBe(kind);
  });
});
