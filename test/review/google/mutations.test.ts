/** Every control that the contract suite can break is missed by the review, too, by the right name and with its path. */
import { mutations } from '../../contract/google.observer';
import { add, drop, edit, first, hostRule, network, RULE, type Config } from '../../contract/google/mutating';
import { fixture, synthesized, type Synthesized } from '../../fixtures/stacks';
import { review } from './reviewing';

/** What the review says where a plan of somebody else must not be faulted for the same thing. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  // A review of any plan cannot fault every type that a policy does not make; this one has a check of its own.
  'unknown-resource': 'foreign-peering',
  // Two networks are no fault; what is wrong with the second is.
  'second-network': 'default-route-kept',
};

/** Mutations after which something reaches more than it should: the verdict says so, and the way is shown. */
const OPENS = new Set([
  'the IPv4 deny removed', 'the IPv4 deny disabled', 'the IPv4 deny for tcp only', 'the IPv4 deny for half of the world', 'the IPv4 deny for one segment only',
  'the IPv4 deny turned into goto_next', 'a goto_next in front of everything', 'an allow to 0.0.0.0/0 for one segment', 'an allow in two halves of the world',
  'an allow to a country', 'the policy not associated', 'the policy associated with another network',
]);

let full: Synthesized;
beforeAll(async () => {
  full = await synthesized(fixture('full'));
});

test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('caught: %s', (name, mutation) => {
  const stack = full.stack('google-prod');
  mutation.mutate(stack);
  const { hits, kinds } = review(stack, full.policy);
  const id = OTHER_NAMES[mutation.fault] ?? mutation.fault;
  expect(hits.map(({ rule }) => rule)).toContain(id);
  const opened = Object.values(kinds).includes('open');
  expect(opened).toBe(OPENS.has(name));
  if (!opened) return;
  const open = hits.find(({ rule }) => rule === 'open-egress');
  expect(open?.witness?.map(({ kind }) => kind).slice(-2)).toEqual(['route', 'nat']);
  expect(hits.filter((hit) => hit.rule === id).some((hit) => hit.witness !== undefined)).toBe(true);
});

test('a mutation is caught without the policy file as well, where the plan alone can tell', () => {
  const missed = mutations.filter((mutation) => {
    const stack = full.stack('google-prod');
    mutation.mutate(stack);
    return !review(stack).hits.some(({ rule }) => rule === (OTHER_NAMES[mutation.fault] ?? mutation.fault));
  });
  expect(missed.map(({ name }) => name)).toEqual([]);
});

describe('where accounts tell segments apart', () => {
  const NAMES = ['edge', 'ledger', 'payments', 'platform', 'reporting'];
  let byAccount: Synthesized;
  beforeAll(async () => {
    const accounts = NAMES.map((name, at) => `${name}: team-${'abcde'[at]}@acme-prod.iam.gserviceaccount.com`).join(', ');
    byAccount = await synthesized(fixture('full').replace('google: {', `google: { serviceAccounts: { ${accounts} },`));
  });
  const says = (text: string) => ({ description }: Config) => description === text;
  const subnet = (name: string) => (config: Config) => config.name === name;

  test('nothing is at fault', () => {
    expect(review(byAccount.stack('google-prod'), byAccount.policy).findings).toEqual([]);
    expect(review(byAccount.stack('google-prod')).findings).toEqual([]);
  });

  const SUBNET = 'google_compute_subnetwork';
  test.each([
    edit('a caller that may use other ports than its callee accepts', 'segment-sides-disagree', RULE, says('payments may call ledger'), (rule) => { rule.match.layer4_configs[0].ports = ['1']; }),
    drop('a callee that no longer accepts its caller', 'segment-sides-disagree', RULE, says('ledger accepts payments')),
    edit('a caller that may send to the whole network', 'segment-reach-too-wide', RULE, says('payments may call ledger'), (rule) => { rule.match.dest_ip_ranges = ['10.30.0.0/16']; }),
    add('a subnet of no segment', 'subnet-of-no-segment', SUBNET, (stack) => ({ ...first(stack, SUBNET, subnet('acme-prod-edge')), name: 'sandbox', ip_cidr_range: '10.99.0.0/24' })),
    drop('a segment without its subnet', 'segment-subnet-missing', SUBNET, subnet('acme-prod-edge')),
    edit('a default route by an unknown tag', 'internet-route-unknown-tag', 'google_compute_route', ({ dest_range: to }) => to === '0.0.0.0/0', (route) => { route.tags = ['web']; }),
    add('a classic ingress rule', 'classic-ingress-allow', 'google_compute_firewall', (stack) => ({ name: 'x', network: network(stack), source_ranges: ['10.30.0.0/16'], allow: [{ protocol: 'tcp', ports: ['22'] }] })),
    edit('a host rule for a second segment', 'rule-targets-several-segments', RULE, hostRule, (rule) => { rule.target_service_accounts.push('team-e@acme-prod.iam.gserviceaccount.com'); }),
  ])('caught: $name', ({ fault, mutate }) => {
    const stack = byAccount.stack('google-prod');
    mutate(stack);
    expect(review(stack, byAccount.policy).hits.map(({ rule }) => rule)).toContain(fault);
    expect(review(stack).hits.map(({ rule }) => rule)).toContain(fault);
  });
});
