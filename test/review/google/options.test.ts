/** A stack with every option: no finding, the right verdicts, planned and applied; and each control, once broken, is found. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyStack, planStacks } from '../../../providers/offline/plan';
import { synthesize } from '../../../stacks/app';
import { optionMutations } from '../../contract/google/option-mutations';
import { fixture, policyOf, synthesized, type Synthesized } from '../../fixtures/stacks';
import { describeWithTerraform } from '../../fixtures/terraform';
import { review, type Reviewed } from './reviewing';

const REACHED: Readonly<Record<string, readonly string[]>> = {
  payments: ['151.101.1.69/32:22', '151.101.64.0/24:22', 'api.stripe.com:443', 'status.stripe.com:443,8443'],
  platform: ['*.docker.io:443', 'deb.debian.org:80', 'status.stripe.com:443,8443'],
};

function expectSound({ hits, verdicts }: Reviewed, found: readonly string[] = []): void {
  expect(hits.map(({ rule }) => rule)).toEqual(found);
  for (const { place, family, kind, hosts } of verdicts) {
    const own = family === 4 ? REACHED[place.segment as string] ?? [] : [];
    expect({ segment: place.segment, kind, hosts: hosts.map(({ host, ports }) => `${host}:${ports.join()}`) }).toEqual({ segment: place.segment, kind: own.length > 0 ? 'allowlisted' : 'none', hosts: own });
  }
  const platform = verdicts.find(({ place, family }) => place.segment === 'platform' && family === 4);
  expect(platform?.witness?.map(({ kind }) => kind)).toEqual(['subnet', 'proxy']);
}

/** What the review calls the same thing. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'hosts-differ': 'plan-and-policy-disagree',
  'proxy-rule-wide': 'private-rule-every-port', 'published-service-wide': 'private-rule-every-port', 'control-plane-wide': 'private-rule-every-port',
  'kubernetes-rules-incomplete': 'kubernetes-webhooks-unreachable',
  'session-access-wide': 'google-callers-every-port', 'health-check-wide': 'google-callers-every-port',
};

/** What a review cannot know: what should be there is written nowhere in the plan. */
const UNSEEN: Readonly<Record<string, string>> = {
  'no threat lists': 'a deny that is not there was perhaps never wanted',
  'a segment that may call the proxy, and has no host there': 'the proxy refuses the caller: nothing is opened',
  'nodes that cannot call their control plane': 'the cluster is in another plan; one in this plan has a check of its own',
  'pods that cannot call pods': 'the cluster is in another plan',
  'a NAT for the endpoints': 'a NAT for a subnet in which nothing runs translates nothing',
};

let sound: Synthesized;
beforeAll(async () => {
  sound = await synthesized(fixture('google-options'));
});

test('synthesized, with the policy file and without', () => {
  expectSound(review(sound.texts['google-prod'], sound.policy));
  // Only the policy can say that a wildcard is meant, and a service of others.
  expectSound(review(sound.texts['google-prod']), ['endpoint-of-another-party', 'endpoint-of-another-party', 'wildcard-host']);
});

/** Found by something else than what others of their kind are found by. */
const BY_OTHERS: Readonly<Record<string, string>> = {
  'a cluster that accepts any private address': 'segment-sides-disagree',
  'pods of one cluster for another segment': 'segment-sides-disagree',
  // Which hosts it lets through nobody knows, so none is missing.
  'a proxy with other rules': 'proxy-rules-elsewhere',
};

test.each(optionMutations.filter(({ name }) => !Object.hasOwn(UNSEEN, name)).map((mutation) => [mutation.name, mutation] as const))('found: %s', (_, mutation) => {
  const stack = sound.stack('google-prod');
  mutation.mutate(stack);
  expect(review(stack, sound.policy).hits.map(({ rule }) => rule)).toContain(BY_OTHERS[mutation.name] ?? OTHER_NAMES[mutation.fault] ?? mutation.fault);
});

test('what it cannot know is a mutation that there is', () => {
  expect(optionMutations.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(UNSEEN)));
});

describeWithTerraform('with the real Terraform', () => {
  const folder = mkdtempSync(join(tmpdir(), 'options-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('plan, apply, plan again and destroy are clean, and the plans are reviewed alike', async () => {
    const { policy } = policyOf(fixture('google-options'));
    await synthesize(policy, folder);
    const stackFolder = join(folder, 'stacks/google-prod');
    const [plan] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'plans') });
    expect(plan).toMatchObject({ ok: true, change: 0, destroy: 0, warnings: [] });
    expectSound(review(readFileSync(join(folder, 'plans/google-prod.json'), 'utf8'), policy));

    const stateFile = join(folder, 'state.tfstate');
    expect(await applyStack({ stackFolder, stateFile })).toMatchObject({ ok: true });
    const [again] = await planStacks({ stackFolders: [stackFolder], planFolder: join(folder, 'again'), stateFile: () => stateFile });
    expect(again).toMatchObject({ ok: true, add: 0, change: 0, destroy: 0 });
    expectSound(review(readFileSync(join(folder, 'again/google-prod.json'), 'utf8'), policy));

    expect(await applyStack({ stackFolder, stateFile, destroy: true })).toMatchObject({ ok: true });
    expect(JSON.parse(readFileSync(stateFile, 'utf8')).resources).toEqual([]);
  }, 90_000);
});
