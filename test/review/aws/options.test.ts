/** Our stack with its options on: the review has nothing to say, and still sees what is broken. */
import { OPTION_MUTATIONS } from '../../contract/aws/option-mutations';
import { AWS_OPTIONS, withAwsOptions } from '../../fixtures/aws-options';
import { synthesized, type Synthesized } from '../../fixtures/stacks';
import { review } from './reviewed';

/** What a plan does not hold, or what only the policy demands. */
const NOT_IN_A_PLAN = ["written ranges that nothing holds against AWS's list", 'addresses that AWS does not have, unnoticed', 'public access blocked before the network is excluded', /* a bucket that is named may be the team's own */ "others' buckets writable"];

describe.each(Object.entries(AWS_OPTIONS))('%s', (title, options) => {
  let made: Synthesized;
  beforeAll(async () => {
    made = await synthesized(withAwsOptions(options));
  });

  test('no finding, and segments without hosts have no way out', () => {
    const { findings, verdicts } = review(made.stack('aws-prod'), made.policy);
    expect(findings).toEqual([]);
    const kinds = (segment: string) => new Set(verdicts.filter(({ place }) => place.segment === segment).map(({ kind }) => kind));
    expect([kinds('payments'), kinds('platform'), kinds('ledger'), kinds('reporting'), kinds('edge')]).toEqual([new Set(['allowlisted']), new Set(['allowlisted']), new Set(['none']), new Set(['none']), new Set(['none'])]);
  });

  test.each((OPTION_MUTATIONS[title] ?? [{ name: 'nothing of its own', fault: '', mutate: () => undefined }]).filter(({ name }) => !NOT_IN_A_PLAN.includes(name)).map((each) => [each.name, each] as const))('caught: %s', (_, { fault, mutate }) => {
    const stack = made.stack('aws-prod');
    mutate(stack);
    const { rules } = review(stack, made.policy);
    expect(fault === '' ? rules.length : rules.includes(fault)).toBe(fault === '' ? 0 : true);
  });
});

test('without the policy, zones that share a way out are told of, and no more than that', async () => {
  const made = await synthesized(withAwsOptions({ egressZones: 1 }));
  expect(review(made.stack('aws-prod')).findings.map(({ rule, severity }) => [rule, severity])).toEqual([['firewall-zone-missing', 'low'], ['firewall-zone-missing', 'low'], ['wildcard-host', 'low']]);
});
