/** The same questions as the suite over all clouds, asked of Google alone: quick to run while working on it. */
import { observe, mutations } from '../../contract/google.observer';
import { expectationOf, subjectOf } from '../../contract/expectation';
import { fixture } from '../../fixtures/stacks';
import { googleStack } from './stack';

describe('google as synthesized', () => {
  const { stack, policy } = googleStack();

  test.each([
    ['the full policy', googleStack()],
    ['the example', googleStack(fixture('example'))],
  ])('GIVEN %s WHEN the stack is read THEN every segment reaches what the policy says and nothing is at fault', (_, given) => {
    const observed = observe(given.stack(), subjectOf(given.policy, 'prod', 'google'));
    expect(observed.faults).toEqual([]);
    for (const segment of given.policy.segments) {
      const { wayOut, ...expected } = expectationOf(given.policy, segment, 'google');
      const actual = observed.segments[segment.name]!;
      expect(actual).toEqual({ ...expected, wayOut: actual.wayOut });
      expect(wayOut).toContain(actual.wayOut);
    }
  });

  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('WHEN broken by %s THEN it is missed by name', (_, mutation) => {
    const broken = stack();
    const before = JSON.stringify(broken);
    mutation.mutate(broken);
    expect(JSON.stringify(broken)).not.toEqual(before);
    expect(observe(broken, subjectOf(policy, 'prod', 'google')).faults.map(({ id }) => id)).toContain(mutation.fault);
  });

  test('a classic egress rule changes nothing while the policy is evaluated first', () => {
    const broken = stack();
    broken.resource!.google_compute_firewall = { open: { name: 'open', direction: 'EGRESS', destination_ranges: ['0.0.0.0/0'], allow: [{ protocol: 'all' }] } };
    const subject = subjectOf(policy, 'prod', 'google');
    expect(observe(broken, subject)).toEqual(observe(stack(), subject));
  });

  test.each([
    ['an unassociated policy', 'policy-unassociated'],
    ['classic rules first', 'classic-rules-first'],
    ['no IPv4 deny', 'firewall-default-pass'],
  ])('%s opens the segments that have a route and no other', (_, fault) => {
    const broken = stack();
    mutations.find((mutation) => mutation.fault === fault)!.mutate(broken);
    const { segments } = observe(broken, subjectOf(policy, 'prod', 'google'));
    expect(Object.fromEntries(Object.entries(segments).map(([name, { wayOut }]) => [name, wayOut])))
      .toEqual({ edge: 'none', ledger: 'none', payments: 'open', platform: 'open', reporting: 'none' });
  });
});
