/**
 * Whatever the policy, with every option: single packets reach what the file says and nothing else, the review
 * agrees, the provider would take it, the order of lists means nothing, and what comes moves nothing that is there.
 * The policies are the same in every run; SEED and RUNS in the environment ask for others.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parsePolicy } from '../../../blueprints/policy/load';
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { ask } from './evaluation/probe';
import { completed } from './completed';
import { hasWayOut, questions } from './intent';
import { POLICIES, type WrittenAzure, type WrittenPolicy } from './random-policies';
import { subjectOf } from '../expectation';
import { withPods } from '../random-pods';
import { untold } from '../told-pods';
import { hasClusters } from '../../../stacks/app';
import { danglingReferences } from '../../fixtures/references';
import { synthesized, TODAY, type Synthesized } from '../../fixtures/stacks';
import { ruleProblems } from '../../blueprints/azure/azure-rules';
import { schemaProblems } from '../../blueprints/azure/provider-schema';

const RUNS = Number(process.env['RUNS'] ?? 9);
const SEED = Number(process.env['SEED'] ?? 24);
/** Of the questions of one environment, so many are put. */
const MOST_QUESTIONS = 700;
/** What the loader does not see, and a construct says with the way out. */
const SAID = /^azure: .*(; use |; name |; join |; list )/;

/** Policies that the loader takes: of what it refuses, `test/policy` knows more. */
const sound = fc.sample(POLICIES, { numRuns: RUNS * 2, seed: SEED })
  // Every second one has pods, in a cluster of the team's or of the stack's own.
  .map((policy, index) => (index % 2 === 1 && hasClusters('azure') ? withPods(policy, 'azure', SEED * 1000 + index) as WrittenPolicy : policy))
  .filter((policy) => parsePolicy(stringify(policy), { file: 'egress.yaml', today: TODAY }).ok).slice(0, RUNS);

const stackOf = (environment: { readonly name: string }) => `azure-${environment.name}`;

async function built(policy: WrittenPolicy, lock?: Synthesized['lock']): Promise<Synthesized | undefined> {
  try {
    return await synthesized(stringify(policy), lock);
  } catch (error) {
    for (const line of (error as Error).message.split('\n')) if (!SAID.test(line)) throw error;
    return undefined;
  }
}

function wrongAnswers(policy: WrittenPolicy, { stack, policy: canonical }: Synthesized): readonly string[] {
  return policy.environments.flatMap((environment) => {
    const answer = ask(completed(stack(stackOf(environment)), environment.azure), subjectOf(canonical, environment.name, 'azure'));
    const all = questions(policy, environment.azure);
    const step = Math.ceil(all.length / MOST_QUESTIONS);
    return all.filter((_, index) => index % step === 0).flatMap(({ probe, expected }) => {
      const given = answer(probe);
      return expected.test(given) ? [] : [`${stackOf(environment)}: ${probe}: ${given}, not ${expected}`];
    });
  });
}

/** Nobody knows what a firewall of others lets out, nor a parent policy. */
function verdictOf(policy: WrittenPolicy, azure: WrittenAzure, segment: string, family: number): string {
  if (family === 6 || !hasWayOut(policy, azure, segment)) return 'none';
  return azure.hub ?? azure.firewall?.parentPolicy ? 'unknown' : 'allowlisted';
}

function reviewed(policy: WrittenPolicy, { texts, policy: canonical }: Synthesized): readonly string[] {
  const result = review({ inputs: Object.entries(texts).map(([stack, text]) => ({ ...parsePlan(text, stack), stack })), policy: canonical, today: TODAY });
  const { findings, verdicts } = result;
  // Who writes `alert` is told of it.
  const told = findings.filter(({ severity, rule }) => severity !== 'low' && !(rule === 'threat-intel-off' && policy.environments.some(({ azure }) => azure.firewall?.['threatIntelligence'] === 'alert')));
  return [
    ...told.map(({ rule, message }) => `${rule}: ${message}`),
    ...canonical.environments.flatMap((environment) => (environment.azure?.cluster ? untold(result, canonical, environment, 'azure') : [])),
    ...verdicts.flatMap(({ input, segment, family, verdict, place }) => {
      // Nodes of a cluster stand in the network of another stack.
      if (input.endsWith('-kubernetes')) return verdict === 'unknown' ? [] : [`${place} is ${verdict}, not unknown`];
      const environment = policy.environments.find((each) => stackOf(each) === input)!;
      const expected = segment === undefined ? verdict === 'open' ? 'not open' : verdict : verdictOf(policy, environment.azure, segment, family);
      return verdict === expected ? [] : [`${place} is ${verdict}, not ${expected}`];
    }),
    ...policy.environments.flatMap((environment) => policy.segments.flatMap(({ name }) => (verdicts.some((each) => each.input === stackOf(environment) && each.segment === name) ? [] : [`no verdict for ${name}`]))),
  ];
}

/** What places a thing, or is its name. */
function fixed({ texts }: Synthesized): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts).flatMap(([stack, text]) => Object.entries<Record<string, any>>(JSON.parse(text).resource).flatMap(([type, instances]) => Object.entries(instances).map(([id, config]) => {
    const { name, priority, address_prefixes, address_space, cidrs, security_rule: rules } = config;
    return [`${stack} ${type}.${id}`, JSON.stringify({ name, priority, address_prefixes, address_space, cidrs, rules: rules?.map((rule: any) => [rule.name, rule.priority]) })] as const;
  }))));
}

/** Rules of groups may come; those that are there stay as they are. */
function moved(before: Synthesized, after: Synthesized): readonly string[] {
  const there = fixed(after);
  return [...fixed(before)].flatMap(([address, text]) => {
    const now = there.get(address);
    if (now === undefined) return [`${address} is gone`];
    const [{ rules: old = [], ...was }, { rules: rest = [], ...is }] = [JSON.parse(text), JSON.parse(now)];
    const lost = old.filter((rule: unknown) => !rest.some((each: unknown) => JSON.stringify(each) === JSON.stringify(rule)));
    return JSON.stringify(was) === JSON.stringify(is) && lost.length === 0 ? [] : [`${address}: ${text} became ${now}`];
  });
}

const ORDERED = ['publicAddresses', 'dnsServers'];

/** Every list and map the other way round, but for those whose order means something. */
function reversed(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return ORDERED.includes(key) ? value : value.map((each) => reversed(each)).reverse();
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, reversed(each, name)] as const).reverse());
  return value;
}

function withMore(policy: WrittenPolicy): WrittenPolicy {
  const granted = policy.segments.find(({ tier }) => tier === 'private')?.name;
  const extended = policy.environments.map(({ azure, ...rest }) => ({ ...rest, azure: { ...azure, ...(azure.spoke ? { spoke: { ...azure.spoke, subnets: { ...azure.spoke.subnets, 'aa-new': { id: `${azure.spoke.network}/subnets/aa-new`, cidr: `${azure.spoke.privateEndpoints.cidr.replace('200.0', '201.0')}` } } } } : {}) } }));
  const more = { owner: 'team', reason: 'why' };
  return {
    ...policy,
    allow: [...(granted ? [{ host: 'aa.one-more.com', from: [granted], ...more }] : []), ...policy.allow],
    segments: policy.segments.length === 60 ? policy.segments : [{ name: 'aa-new', tier: 'private', accepts: [{ from: policy.segments[0]!.name, ports: [9443] }] }, ...policy.segments],
    privateServices: policy.privateServices.includes('azure:app-configuration') ? policy.privateServices : ['azure:app-configuration', ...policy.privateServices],
    environments: [{ name: 'aa', azure: { region: 'northeurope', subscription: '00000000-0000-0000-0000-000000000000', cidr: '10.96.0.0/16' } }, ...(policy.segments.length === 60 ? policy.environments : extended)],
  };
}

test.each(sound.map((policy, index) => [index, policy] as const))('policy %i', async (_, policy) => {
  const made = await built(policy);
  if (!made) return;
  expect(wrongAnswers(policy, made).slice(0, 10)).toEqual([]);
  expect(reviewed(policy, made)).toEqual([]);
  for (const environment of policy.environments) {
    const stack = made.stack(stackOf(environment));
    expect([...danglingReferences(stack), ...schemaProblems(stack), ...ruleProblems(stack)]).toEqual([]);
  }
  expect((await synthesized(stringify(reversed(policy)), made.lock)).texts).toEqual(made.texts);
  const more = await built(withMore(policy), made.lock);
  if (more) expect(moved(made, more)).toEqual([]);
});

test('most of the policies are synthesized, and between them they use every option', () => {
  const options = new Set(sound.flatMap(({ environments }) => environments.flatMap(({ azure }) => Object.keys(azure))));
  expect(sound.length).toBe(RUNS);
  if (SEED === 24) for (const option of ['firewall', 'hub', 'spoke', 'dnsPolicy', 'kubernetes', 'serviceEndpoints', 'withoutMetadata', 'logs', 'zones', 'privateEndpoints']) expect([...options]).toContain(option);
});
