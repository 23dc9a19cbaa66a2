/**
 * Whatever the policy file says, with every option of AWS beside every other: packets reach what it says and nothing
 * else, the review agrees, the order of lists changes nothing, and what is added or taken away moves nothing of the rest.
 */
import { stringify } from 'yaml';
import { parsePlan } from '../../../review/plan/load';
import { review } from '../../../review/review';
import { parsePolicy } from '../../../blueprints/policy/load';
import { synthesized, TODAY, type Synthesized } from '../../fixtures/stacks';
import { danglingReferences } from '../../fixtures/references';
import { hasClusters, SynthesisError } from '../../../stacks/app';
import { withPods } from '../random-pods';
import { untold } from '../told-pods';
import { observe } from '../aws.observer';
import { subjectOf } from '../expectation';
import { differences } from './differences';
import { intentOf } from './intent';
import { chooser, randomPolicy, type Chooser, type Written } from './random-policies';

/** Seeds of small policies that together have every option, tier, kind of rule and of caller; thousands more were tried by hand. */
const EVERY = [52, 349, 663, 1009, 2349, 3058, 3076, 3989, 3993, 4069, 4510, 4634, 4699, 4740];

/** Those of them that have pods, too: of both CNIs, with nodes of the stack and without. */
const CLUSTERS = new Set([1009, 3076, 4510, 4634]);

/** What the reader or a blueprint refuses, in words with a way out, is no network. */
async function built(policy: Written, lock?: Synthesized['lock']): Promise<Synthesized | undefined> {
  if (!parsePolicy(stringify(policy), { file: 'egress.yaml', today: TODAY }).ok) return undefined;
  try {
    return await synthesized(stringify(policy), lock);
  } catch (error) {
    if (!(error instanceof SynthesisError)) throw error;
    for (const { message } of error.problems) expect(message).toMatch(/^aws: .*[;,] .+/);
    return undefined;
  }
}

/** Lists and maps in another order. */
function shuffled(value: Written, choose: Chooser): Written {
  const reorder = <T>(items: readonly T[]): T[] => {
    const left = [...items];
    return items.map(() => left.splice(choose.below(left.length), 1)[0]!);
  };
  if (Array.isArray(value)) return reorder(value.map((each) => shuffled(each, choose)));
  if (value && typeof value === 'object') return Object.fromEntries(reorder(Object.entries(value)).map(([key, each]) => [key, shuffled(each, choose)]));
  return value;
}

/** One thing more, where the policy has room for it. */
const ADDITIONS: readonly ((policy: Written) => void)[] = [
  (policy) => {
    const from = policy.segments.find(({ tier }: Written) => tier === 'private')?.name;
    if (from) policy.allow = [...(policy.allow ?? []), { host: 'one-more.partner.com', ports: [8444], from: [from], owner: 'team', reason: 'why' }];
  },
  ({ segments }) => segments.push({ name: 'one-more', tier: 'private', accepts: [{ from: segments[0].name, ports: [7000] }] }),
  ({ environments: [{ aws }] }) => {
    if (typeof aws.zones === 'number' && aws.zones < 4 && aws.egressZones === undefined) aws.zones += 1;
  },
  ({ privateServices }) => privateServices?.push('aws:athena'),
  ({ environments }) => environments.push({ name: 'one-more', aws: { region: 'eu-north-1', zones: 1, cidr: '10.99.0.0/16', aclEntries: 40, rulesPerGroup: 500 } }),
];

/** By Terraform address, what may never change when something else comes. */
function fixed({ texts }: Synthesized): ReadonlyMap<string, unknown> {
  return new Map(resourcesOf(texts).map(({ address, body: { name, name_prefix, priority, cidr_block, availability_zone, service_name, subnet_id } }) => [address, { name, name_prefix, priority, cidr_block, availability_zone, service_name, subnet_id }]));
}

/** The number of each ACL entry, by what it says: an entry that stays keeps its own. */
function numbers({ texts }: Synthesized): ReadonlyMap<string, unknown> {
  return new Map(resourcesOf(texts).filter(({ type }) => type === 'aws_network_acl').flatMap(({ address, body }) => ['ingress', 'egress']
    .flatMap((way) => body[way].map((entry: any): [string, unknown] => [`${address} ${way} ${entry.protocol} ${entry.from_port} ${entry.to_port} ${entry.cidr_block}`, entry.rule_no]))));
}

function resourcesOf(texts: Synthesized['texts']): readonly { readonly address: string; readonly type: string; readonly body: any }[] {
  return Object.entries(texts).flatMap(([stack, text]) => Object.entries<Record<string, any>>(JSON.parse(text).resource).flatMap(([type, all]) => Object.entries(all).map(([id, body]) => ({ address: `${stack} ${type}.${id}`, type, body }))));
}

function reviewed({ texts, policy }: Synthesized) {
  return review({ inputs: Object.entries(texts).map(([stack, text]) => ({ ...parsePlan(text, stack), stack })), policy, today: TODAY });
}

let whole = 0;
test.each(EVERY)('policy %i', async (seed) => {
  const plain = randomPolicy(chooser(seed));
  const policy = CLUSTERS.has(seed) && hasClusters('aws') ? withPods(plain, 'aws', seed) : plain;
  const made = await built(policy);
  if (!made) return;
  whole += 1;
  for (const environment of policy.environments) {
    const stack = made.stack(`aws-${environment.name}`);
    expect(danglingReferences(stack)).toEqual([]);
    expect(differences(policy, environment, stack)).toEqual([]);
    const { faults } = observe(stack, subjectOf(made.policy, environment.name, 'aws'));
    expect(faults.filter(({ id }) => environment.deletionProtection !== false || !/^(protection-off|log-records-deletable)$/.test(id))).toEqual([]);
  }

  const result = reviewed(made);
  const { findings, verdicts } = result;
  // A list of domains is loose by itself, and what may be deleted is told where the policy wants that.
  const told = new Set(['domain-list-loose', ...(policy.environments.some(({ deletionProtection }: Written) => deletionProtection === false) ? ['protection-off', 'log-records-deletable'] : [])]);
  expect(findings.filter(({ rule, severity }) => !told.has(rule) && !(rule === 'pod-egress-open' && severity === 'low'))).toEqual([]);
  for (const environment of made.policy.environments) if (environment.aws?.cluster) expect(untold(result, made.policy, environment, 'aws')).toEqual([]);
  for (const { name, hosts } of intentOf(policy)) {
    const own = verdicts.filter(({ segment }) => segment === name);
    expect([name, [...new Set(own.filter(({ family }) => family === 4).map(({ verdict }) => verdict))]]).toEqual([name, [hosts.length > 0 ? 'allowlisted' : 'none']]);
    expect(own.filter(({ family, verdict }) => family === 6 && verdict !== 'none')).toEqual([]);
  }

  const choose = chooser(seed + 1_000_000);
  expect((await built(shuffled(policy, choose)))?.texts).toEqual(made.texts);
  const more = structuredClone(policy);
  ADDITIONS[EVERY.indexOf(seed) % ADDITIONS.length]!(more);
  const after = await built(more, made.lock);
  if (!after) return;
  const there = fixed(after);
  for (const [address, config] of fixed(made)) expect([address, there.get(address)]).toEqual([address, config]);
  const kept = numbers(after);
  for (const [entry, number] of numbers(made)) expect([entry, kept.get(entry) ?? number]).toEqual([entry, number]);
}, 30_000);

test('all of these policies are built, so that every option was tried', () => {
  expect(whole).toBe(EVERY.length);
});
