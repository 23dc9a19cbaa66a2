/**
 * Whatever the policy, with every option of Google Cloud: single packets get where the file says and nowhere
 * else, the review agrees, the order of the file does not matter, and nothing has the name of something else.
 * The policies are the same in every run; more of them: `ANY_POLICIES=1000 npm test -- test/contract/google/any-policy`.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parsePolicy } from '../../../blueprints/policy/load';
import { parsePlan } from '../../../review/plan/load';
import type { PlaceVerdict } from '../../../review/result';
import { review } from '../../../review/review';
import { hasClusters, SynthesisError } from '../../../stacks/app';
import { danglingReferences } from '../../fixtures/references';
import { synthesized, TODAY, type Synthesized } from '../../fixtures/stacks';
import { withPods } from '../random-pods';
import { untold } from '../told-pods';
import { Intent } from './any/intent';
import { differences } from './any/packets';
import { policies, type Written } from './any/policies';
import { listOf, resourcesOf } from './reading';

const RUNS = Number(process.env.ANY_POLICIES ?? 40);
const SEED = 20261127;

/** What cannot be built says so; anything else that is thrown is a fault. */
async function built(file: Written): Promise<Synthesized | undefined> {
  const text = stringify(file);
  const loaded = parsePolicy(text, { file: 'egress.yaml', today: TODAY });
  if (!loaded.ok) return undefined;
  try {
    return await synthesized(text);
  } catch (error) {
    if (!(error instanceof SynthesisError)) throw error;
    return undefined;
  }
}

/** Every list and map the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned).reverse();
  return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).reverse().map(([key, each]) => [key, turned(each)])) : value;
}

/** What the review may say above `low`, because the file asks for it. */
function askedFor({ google }: Written): readonly string[] {
  const everyPort = (google.accepts ?? []).some(({ ports }: Written) => ports.includes('1-65535') || (ports.includes(1) && ports.includes(65535)));
  return [
    ...(google.perimeter?.enforced === false ? ['perimeter-dry-run'] : []),
    ...(everyPort ? ['google-callers-every-port'] : []),
    ...(google.network ? ['verdict-unknown', 'way-out-elsewhere'] : []),
  ];
}

function reviewed(file: Written, { policy, texts }: Synthesized): void {
  for (const environment of file.environments) {
    const stack = `google-${environment.name}`;
    const { findings, verdicts } = review({ inputs: [{ ...parsePlan(texts[stack] as string, stack), stack }], policy, today: TODAY });
    const expected = askedFor(environment);
    expect(findings.filter(({ severity, rule }) => severity !== 'low' && !expected.includes(rule))).toEqual([]);
    const planned = policy.environments.find(({ name }) => name === environment.name)!;
    if (planned.google?.cluster) {
      const cluster = `${stack}-kubernetes`;
      expect(untold(review({ inputs: [{ ...parsePlan(texts[cluster] as string, cluster), stack: cluster }], policy, today: TODAY }), policy, planned, 'google')).toEqual([]);
    }
    // Of a network that was there before nothing is known.
    if (environment.google.network) continue;
    const intent = new Intent(file, environment);
    expect(verdicts.map(({ segment }) => segment).sort()).toEqual([...intent.segments].sort());
    for (const verdict of verdicts) expect([verdict.segment, verdict.verdict, reached(verdict)]).toEqual([verdict.segment, intent.granted(verdict.segment!).length > 0 ? 'allowlisted' : 'none', intent.granted(verdict.segment!)]);
  }
}

function reached({ hosts }: PlaceVerdict): readonly string[] {
  return [...new Set(hosts.flatMap(({ host, ports }) => ports.map((port) => `${host.replace(/\/32$/, '')}:${port}`)))].sort();
}

/** https://cloud.google.com/compute/docs/naming-resources */
const NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Named by a person for people, or by what they belong to. */
const NAMED_OTHERWISE = /tags_tag|dns_record_set|org_policy|perimeter|_association$|_rule$|subnetwork_iam|service_networking_connection|vpc_service_controls|shared_vpc|bucket_config/;

/** Names, priorities and blocks that two things would share, and names that Google refuses. */
function shared(file: Written, { stack }: Synthesized): readonly string[] {
  const names = file.environments.flatMap(({ name, google }: Written) => Object.entries<Record<string, Written>>(stack(`google-${name}`).resource ?? {})
    .filter(([type]) => !NAMED_OTHERWISE.test(type) || /forwarding_rule$/.test(type))
    .flatMap(([type, all]) => Object.values(all).map((config) => ({ name: String(config.name), key: `${google.project} ${config.region ?? config.location ?? 'global'} ${type} ${config.name}` }))));
  const perStack = file.environments.flatMap(({ name }: Written) => {
    const made = stack(`google-${name}`);
    const priorities = resourcesOf(made, 'google_compute_network_firewall_policy_rule').map(({ config }) => `${name} priority ${config.priority}`);
    const blocks = resourcesOf(made, 'google_compute_subnetwork').flatMap(({ config }) => [config, ...listOf(config.secondary_ip_range)].map((each) => `${name} block ${each.ip_cidr_range}`));
    return [...twice([...priorities, ...blocks]), ...danglingReferences(made)];
  });
  return [...perStack, ...twice(names.map(({ key }: Written) => key)), ...names.filter((each: Written) => !NAME.test(each.name)).map(({ key }: Written) => key)];
}

function twice(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

test('random policies with every option let through what they say, and nothing else', async () => {
  let count = 0;
  await fc.assert(fc.asyncProperty(policies, async (plain) => {
    // Some have pods, too, and always the same.
    const length = JSON.stringify(plain).length;
    const file: Written = length % 4 === 0 && hasClusters('google') ? withPods(plain, 'google', length) : plain;
    const made = await built(file);
    if (!made) return;
    count++;
    for (const environment of file.environments) expect(differences(made.stack(`google-${environment.name}`), file, environment)).toEqual([]);
    expect(shared(file, made)).toEqual([]);
    reviewed(file, made);
    if (count % 8 === 0) expect((await synthesized(stringify(turned(file)))).texts).toEqual(made.texts);
  }), { numRuns: RUNS, seed: SEED, endOnFailure: RUNS < 100 });
  expect(count).toBeGreaterThan(RUNS / 3);
}, 60_000 + RUNS * 1_000);
