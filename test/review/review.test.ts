/** The review as a whole: on our own stacks, on broken ones, and on two versions of one policy. */
import { parse, stringify } from 'yaml';
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import type { ReviewResult } from '../../review/result';
import { availableClouds } from '../../stacks/app';
import type { CloudContract, SynthesizedStack } from '../contract/observation';
import { fixture, policyOf, synthesized, TODAY, type Synthesized } from '../fixtures/stacks';

const FULL = fixture('full');

/** What a plan does not show, by the mutation's name, and why. */
const BEYOND_A_PLAN: Readonly<Record<string, string>> = {
  'any subscription': 'settings of providers can hold credentials, so the review drops them unread',
  'destruction not refused in the plan': 'lifecycle is not part of a plan',
  'DNS filter whose destruction is not refused in the plan': 'lifecycle is not part of a plan',
  'rule group that is replaced in place': 'lifecycle is not part of a plan',
  'DNS filter on the network before its rules': 'the order of creation is no property of what is created',
};

function reviewed(stack: SynthesizedStack, base?: SynthesizedStack, text?: string): ReviewResult {
  return review({
    inputs: [parsePlan(JSON.stringify(stack), 'after.json')],
    ...(base ? { base: [parsePlan(JSON.stringify(base), 'before.json')] } : {}),
    ...(text === undefined ? {} : { policy: policyOf(text).policy }),
    today: TODAY,
  });
}

function edited(edit: (policy: any) => void): string {
  const policy = parse(FULL);
  edit(policy);
  return stringify(policy);
}

/** Segment to its verdicts, without the places that belong to none. */
function bySegment({ verdicts }: ReviewResult): Record<string, string[]> {
  const result: Record<string, Set<string>> = {};
  for (const { segment, verdict } of verdicts) if (segment !== undefined) (result[segment] ??= new Set()).add(verdict);
  return Object.fromEntries(Object.entries(result).map(([segment, kinds]) => [segment, [...kinds].sort()]));
}

describe.each(availableClouds())('%s', (cloud) => {
  const name = `${cloud}-prod`;
  let full: Synthesized;
  beforeAll(async () => {
    full = await synthesized(FULL);
  });

  test('our own stack has no finding, and the verdict that the policy asks for', () => {
    const result = reviewed(full.stack(name), undefined, FULL);
    expect(result.findings).toEqual([]);
    const kinds = bySegment(result);
    for (const segment of full.policy.segments) {
      const hasHosts = full.policy.allow.some((rule) => rule.segments.includes(segment.name) && rule.clouds.includes(cloud));
      expect({ segment: segment.name, kinds: kinds[segment.name]?.filter((kind) => kind !== 'none') }).toEqual({ segment: segment.name, kinds: hasHosts ? ['allowlisted'] : [] });
    }
    expect(result.verdicts.filter(({ verdict }) => verdict === 'open' || verdict === 'unknown')).toEqual([]);
  });

  test('one host more is one host opened, with its owner and reason', async () => {
    const text = edited((policy) => policy.allow.push({ host: 'api.github.com', from: ['platform'], owner: 'builders', reason: 'sources' }));
    const after = await synthesized(text, full.lock);
    const { diff } = reviewed(after.stack(name), full.stack(name), text);
    expect(diff?.reach.filter(({ family }) => family === 4)).toEqual([
      expect.objectContaining({ change: 'opened', who: 'platform', what: expect.stringContaining('api.github.com:443'), owner: 'builders', reason: 'sources' }),
    ]);
    expect(diff?.ways).toEqual([]);
  });

  test('the first host of all brings the ways that it needs', async () => {
    const sealed = await synthesized(edited((policy) => { policy.allow = []; }), full.lock);
    const { diff } = reviewed(full.stack(name), sealed.stack(name));
    expect(new Set(diff?.reach.map(({ change }) => change))).toEqual(new Set(['opened']));
    expect(diff?.ways.map(({ change }) => change)).toContain('added');
    expect(reviewed(sealed.stack(name), full.stack(name)).diff?.reach.every(({ change }) => change === 'closed')).toBe(true);
  });

  test('nothing changed, nothing opened', () => {
    expect(reviewed(full.stack(name), full.stack(name)).diff).toEqual({ reach: [], ways: [] });
  });

  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a fork may have deleted this cloud
  const { mutations } = require(`../contract/${cloud}.observer`) as CloudContract;
  test.each(mutations.filter((mutation) => !Object.hasOwn(BEYOND_A_PLAN, mutation.name)).map((mutation) => [mutation.name, mutation] as const))('a finding or an open verdict: %s', (_, mutation) => {
    const stack = full.stack(name);
    mutation.mutate(stack);
    const result = reviewed(stack, undefined, FULL);
    const verdicts = result.verdicts.filter(({ verdict }) => verdict === 'open' || verdict === 'unknown');
    expect(result.findings.length + verdicts.length).toBeGreaterThan(0);
  });
});

test('two inputs with the same addresses keep their places apart', async () => {
  const { texts } = await synthesized(FULL);
  const [stack] = Object.keys(texts) as [string];
  const input = (name: string) => ({ ...parsePlan(texts[stack] as string, name), stack: name });
  const { verdicts } = review({ inputs: [input('one'), input('two')], today: TODAY });
  const keys = verdicts.map(({ place, family }) => `${place} ${family}`);
  expect(new Set(keys).size).toBe(keys.length);
});
