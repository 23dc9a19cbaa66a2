/** Every option keeps the contract of the network without it, and each control is still missed by name. */
import { AWS_OPTIONS, withAwsOptions } from '../../fixtures/aws-options';
import { synthesized, type Synthesized } from '../../fixtures/stacks';
import { mutations, observe } from '../aws.observer';
import { expectationOf, subjectOf } from '../expectation';
import type { Mutation } from '../observation';
import { OPTION_MUTATIONS } from './option-mutations';

/** Mutations that need something which the option takes away, by option. */
const NOTHING_TO_BREAK: Readonly<Record<string, readonly string[]>> = {};

describe.each(Object.entries(AWS_OPTIONS))('%s', (title, options) => {
  let made: Synthesized;
  beforeAll(async () => {
    made = await synthesized(withAwsOptions(options));
  });

  test('every segment reaches exactly what the policy says, by no way around the control', () => {
    const { policy } = made;
    const observed = observe(made.stack('aws-prod'), subjectOf(policy, 'prod', 'aws'));
    expect(observed.faults).toEqual([]);
    for (const segment of policy.segments) {
      const { wayOut, ...expected } = expectationOf(policy, segment, 'aws');
      const actual = observed.segments[segment.name];
      expect({ segment: segment.name, ...actual }).toEqual({ segment: segment.name, wayOut: expect.anything(), ...expected });
      expect(wayOut).toContain(actual?.wayOut);
    }
  });

  test.each([...mutations, ...(OPTION_MUTATIONS[title] ?? [])].filter(({ name }) => !NOTHING_TO_BREAK[title]?.includes(name)).map((each) => [each.name, each] as const))('caught: %s', (_, mutation: Mutation) => {
    const stack = made.stack('aws-prod');
    mutation.mutate(stack);
    expect(JSON.stringify(stack)).not.toEqual(JSON.stringify(made.stack('aws-prod')));
    expect(observe(stack, subjectOf(made.policy, 'prod', 'aws')).faults.map(({ id }) => id)).toContain(mutation.fault);
  });
});
