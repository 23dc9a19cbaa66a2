/**
 * One suite over every cloud: what is synthesized does what the policy says and nothing else, and
 * each control, once removed, is missed by name.
 */
import { App } from 'cdktf';
import type { Environment } from '../../blueprints/policy/model';
import { addStacks, availableClouds } from '../../stacks/app';
import { danglingReferences } from '../fixtures/references';
import { fixture, synthesized, type Synthesized } from '../fixtures/stacks';
import { expectationOf, subjectOf } from './expectation';
import type { CloudContract } from './observation';

describe.each(availableClouds())('%s', (cloud) => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a fork may have deleted this cloud
  const { observe, mutations, options } = require(`./${cloud}.observer`) as CloudContract;
  let full: Synthesized;
  beforeAll(async () => {
    full = await synthesized(fixture('full'));
  });

  const policies: [string, () => string][] = [['the full policy', () => fixture('full')], ['the example policy', () => fixture('example')], ['closed.yaml', () => fixture('closed')]];
  if (options) policies.push([`${options.fixture}.yaml`, () => fixture(options.fixture)]);
  describe.each(policies)('%s', (_, text) => {
    let made: Synthesized;
    beforeAll(async () => {
      made = await synthesized(text());
    });

    test('a stack refers to nothing that it does not make', () => {
      const { summaries, stack } = made;
      for (const { stack: name } of summaries.filter((each) => each.cloud === cloud)) expect([name, danglingReferences(stack(name))]).toEqual([name, []]);
    });

    test('every segment reaches exactly what the policy says, by no way around the control', () => {
      const { policy, summaries, stack } = made;
      for (const summary of summaries.filter((each) => each.cloud === cloud && !each.cluster)) {
        const observed = observe(stack(summary.stack), subjectOf(policy, summary.environment, cloud));
        expect(observed.faults).toEqual([]);
        for (const segment of policy.segments) {
          const { wayOut, ...expected } = expectationOf(policy, segment, cloud, summary.environment);
          const actual = observed.segments[segment.name];
          expect({ segment: segment.name, ...actual }).toEqual({ segment: segment.name, wayOut: expect.anything(), ...expected });
          expect(wayOut).toContain(actual?.wayOut);
        }
      }
    });
  });

  test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('caught: %s', (_, mutation) => {
    const stack = full.stack(`${cloud}-prod`);
    const before = JSON.stringify(stack);
    mutation.mutate(stack);
    expect(JSON.stringify(stack)).not.toEqual(before);
    const { faults } = observe(stack, subjectOf(full.policy, 'prod', cloud));
    expect(faults.map(({ id }) => id)).toContain(mutation.fault);
  });

  const asked = Object.entries(options?.mutations ?? {}).flatMap(([environment, all]) => all.map((mutation) => [`${environment}: ${mutation.name}`, environment, mutation] as const));
  // A cloud without options has nothing to break here.
  if (asked.length > 0) {
    let built: Synthesized;
    beforeAll(async () => {
      built = await synthesized(fixture(options!.fixture));
    });
    test.each(asked)('caught: %s', (_, environment, mutation) => {
      const stack = built.stack(`${cloud}-${environment}`);
      const before = JSON.stringify(stack);
      mutation.mutate(stack);
      expect(JSON.stringify(stack)).not.toEqual(before);
      const { faults } = observe(stack, subjectOf(built.policy, environment, cloud));
      expect(faults.map(({ id }) => id)).toContain(mutation.fault);
    });
  }

  test('a type of resource that is gone is missed where others refer to it', () => {
    for (const type of Object.keys(full.stack(`${cloud}-prod`).resource!)) {
      const stack = full.stack(`${cloud}-prod`);
      const refers = JSON.stringify({ ...stack.resource, [type]: {}, output: stack.output }).includes(`${type}.`);
      delete stack.resource![type];
      expect([type, danglingReferences(stack).length > 0]).toEqual([type, refers]);
    }
  });

  test('a rule that no policy file may hold is refused by the control, too', () => {
    // What the reader would refuse, handed to this cloud's stack as if it had not.
    const first = full.policy.allow.find(({ clouds, protocol, host }) => clouds.includes(cloud) && protocol === 'tls' && host.kind === 'exact')!;
    const [{ name, deletionProtection, [cloud]: part }] = full.policy.environments as readonly [Environment];
    const widened = { ...full.policy, allow: [{ ...first, ports: [] }], environments: [{ name, deletionProtection, [cloud]: part }] };
    expect(() => addStacks(new App({ stackTraces: false }), widened)).toThrow(/name one or more from 1 to 65535/);
  });

  test('a stack says its backend, its provider by full source and range, and no absolute path', () => {
    const { terraform } = full.stack(`${cloud}-prod`);
    expect(Object.keys(terraform.backend)).toEqual(['local']);
    expect(terraform.backend.local.path).toMatch(/^\.\./);
    for (const provider of Object.values<{ source: string; version: string }>(terraform.required_providers)) {
      expect(provider.source).toMatch(/^hashicorp\//);
      expect(provider.version).toMatch(/^>= .*, < /);
    }
    expect(full.texts[`${cloud}-prod`]).not.toContain(process.cwd());
  });
});
