/** The review as a whole: on our own stacks, on broken ones, and on two versions of one policy. */
import { parse, stringify } from 'yaml';
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import type { ReviewResult } from '../../review/result';
import { availableClouds } from '../../stacks/app';
import type { CloudContract, SynthesizedStack } from '../contract/observation';
import { fixture, policyOf, synthesized, TODAY, type Synthesized } from '../fixtures/stacks';

const FULL = fixture('full');

/** Names that the contract suite gives to what the review, which knows no blueprint, calls otherwise. */
const KNOWN_AS: Readonly<Record<string, string>> = {
  'unknown-resource': 'foreign-peering',
  'second-network': 'default-route-kept',
};

/** A domain list is judged by what gets through it, and that against the policy. By the mutation's name. */
const KNOWN_OF_LISTS: Readonly<Record<string, string>> = {
  'list for the whole network': 'plan-and-policy-disagree', 'list for two segments': 'plan-and-policy-disagree', 'list that allows what it does not name': 'plan-and-policy-disagree',
  'no rule that closes other ports to tls': 'domain-list-loose', 'no rule that closes other ports to http': 'domain-list-loose', 'list before the rules that narrow it': 'domain-list-loose',
};

/** Checks of what no packet to the internet passes or touches: records, names that are not queried, what hangs in the air. */
const NO_WAY_PASSES: ReadonlySet<string> = new Set([
  'default-acl-not-empty', 'default-route-kept', 'default-route-table-not-empty', 'default-outbound-access', 'dns-fail-open', 'dns-list-drifts', 'dns-list-too-long',
  'endpoint-dns-not-linked-to-hub', 'endpoint-policy-full-access', 'endpoint-private-dns-off', 'external-address', 'flow-logs-missing', 'log-delivery-refused', 'log-retention-short',
  'policy-unassociated', 'protection-off', 'segment-subnet-missing', 'segment-tag-not-secure', 'storage-public-access', 'storage-transport-weak', 'subnet-without-acl',
  'workspace-public-access',
  // On AWS a way to the bucket of the logs does.
  'azure log-records-deletable',
]);

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
    expect(reviewed(full.stack(name), full.stack(name)).diff).toEqual({ reach: [], ways: [], endpoints: [] });
  });

  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a fork may have deleted this cloud
  const { mutations, options } = require(`../contract/${cloud}.observer`) as CloudContract;
  if (options) {
    const text = fixture(options.fixture);
    let asked: Synthesized;
    beforeAll(async () => {
      asked = await synthesized(text);
    });
    const environments = policyOf(text).policy.environments.filter((environment) => environment[cloud]).map(({ name: environment }) => environment);

    test.each(environments)('our own stack with the options of %s has no finding but what they mean', (environment) => {
      const result = reviewed(asked.stack(`${cloud}-${environment}`), undefined, text);
      expect(result.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
      expect(result.verdicts.filter(({ verdict }) => verdict === 'open' || verdict === 'unknown')).toEqual([]);
    });

    const broken = Object.entries(options.mutations).flatMap(([environment, all]) => all
      .map((mutation) => [`${environment}: ${mutation.name}`, environment, mutation] as const));
    test.each(broken)('a finding that was not there: %s', (_, environment, mutation) => {
      const found = (stack: SynthesizedStack) => reviewed(stack, undefined, text).findings;
      const stack = asked.stack(`${cloud}-${environment}`);
      const before = found(stack).map(({ message }) => message);
      mutation.mutate(stack);
      expect(found(stack).filter(({ message }) => !before.includes(message)).map(({ rule }) => rule)).toContain(KNOWN_OF_LISTS[mutation.name] ?? KNOWN_AS[mutation.fault] ?? mutation.fault);
    });
  }
  test.each(mutations.filter(({ unreviewed }) => unreviewed === undefined).map((mutation) => [mutation.name, mutation] as const))('caught by its id, with a witness: %s', (_, mutation) => {
    const stack = full.stack(name);
    mutation.mutate(stack);
    const id = KNOWN_AS[mutation.fault] ?? mutation.fault;
    const found = reviewed(stack, undefined, FULL).findings.filter(({ rule }) => rule === id);
    expect(found.length).toBeGreaterThan(0);
    if (![id, `${cloud} ${id}`].some((each) => NO_WAY_PASSES.has(each))) expect(found.filter(({ witness }) => witness && witness.length > 0)).not.toEqual([]);
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
