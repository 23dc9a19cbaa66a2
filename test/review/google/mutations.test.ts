/** Every control that the contract suite can break is missed by the review, too, by the right name and with its path. */
import { mutations } from '../../contract/google.observer';
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
