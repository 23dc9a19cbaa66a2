/** A network that is given a firewall policy which another plan makes: what that lets out or refuses, nobody here knows. */
import { classic, DENY, INSIDE, kind, network, outside, policy, type Resources } from './one-machine';
import { review, stack } from './reviewing';

const GLOBAL = 'google_compute_network_firewall_policy';
const REGIONAL = 'google_compute_region_network_firewall_policy';
const FIRST: Resources = { google_compute_network: { n: { name: 'n', auto_create_subnetworks: false, delete_default_routes_on_create: true, network_firewall_policy_enforcement_order: 'BEFORE_CLASSIC_FIREWALL' } } };
const given = (type: string, firewall_policy: string, more: object = {}): Resources => ({ [`${type}_association`]: { theirs: { name: 'a', firewall_policy, attachment_target: network, ...more } } });
const THEIRS = 'projects/hub/global/firewallPolicies/theirs';
const closed = classic({ d: DENY });

test.each<[string, readonly Resources[], string]>([
  ['before classic rules that refuse everything', [FIRST, closed, given(GLOBAL, THEIRS)], 'unknown'],
  ['by a data source', [FIRST, closed, given(GLOBAL, '${data.google_compute_network_firewall_policy.x.id}')], 'unknown'],
  ['by a variable', [FIRST, closed, given(GLOBAL, '${var.policy}')], 'unknown'],
  ['of the region, before them', [FIRST, closed, given(REGIONAL, 'theirs', { region: 'r' })], 'unknown'],
  ['of another region, before them', [FIRST, closed, given(REGIONAL, 'theirs', { region: 'q' })], 'none'],
  ['before a policy of the region that refuses everything', [policy(REGIONAL, {}, { region: 'r' }), given(GLOBAL, THEIRS)], 'unknown'],
  ['behind classic rules that refuse everything', [closed, given(GLOBAL, THEIRS)], 'none'],
  ['that may refuse what nothing else does', [given(GLOBAL, THEIRS)], 'unknown'],
  ['of another network', [FIRST, closed, given(GLOBAL, THEIRS, { attachment_target: 'projects/p/global/networks/o' })], 'none'],
])('%s', (_, parts, expected) => expect(kind(outside(), ...parts)).toBe(expected));

test('beside one of the plan, of which one holds', () => {
  const both = policy(GLOBAL, {});
  const beside: Resources = { ...both, [`${GLOBAL}_association`]: { ...both[`${GLOBAL}_association`], ...given(GLOBAL, THEIRS)[`${GLOBAL}_association`] } };
  expect([kind(outside(), both), kind(outside(), beside)]).toEqual(['none', 'unknown']);
});

test('where nothing leads out its rules do not matter', () => {
  expect(kind(FIRST, given(GLOBAL, THEIRS))).toBe('none');
});

test('the reason names the policy and the network, and no check takes it for one of the plan', () => {
  const { hits } = review(stack({ ...INSIDE, ...outside(), ...FIRST, ...closed, ...given(GLOBAL, THEIRS) }));
  const told = hits.filter(({ rule }) => rule === 'verdict-unknown').map(({ message }) => message);
  expect(told).toEqual([expect.stringContaining(`the rules of ${THEIRS}, which network n is given, are not in the plan`)]);
  expect(hits.filter(({ address }) => address === `${GLOBAL}_association.theirs`)).toEqual([]);
});
