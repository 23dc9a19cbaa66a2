/**
 * Whatever the policy: each segment reaches its own hosts and no others, the review has nothing to say,
 * and one host more moves nothing that was there. The policies are the same in every run.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { allowRulesFor, type Cloud, type Policy } from '../../blueprints/policy/model';
import { parsePlan } from '../../review/plan/load';
import { review } from '../../review/review';
import { synthesized, TODAY, type Synthesized } from '../fixtures/stacks';

/** Words of clouds, of our own resources, and names that begin and end alike. */
const NAMES = ['app', 'app-eu', 'eu', 'vpc', 'prod', 'egress-x', 'a', 'a-b', 'b', 'default-x', 'web-proxy', 'hosts', 'internal', 'subnet', 'private-endpoints', 'z9'];
const TLS = ['api.stripe.com', 'status.stripe.com', 'bücher.example.com', 'github.com.', 'sub.api.github.com', 'xn--bcher-kva.ch', '1.example.com'];
const ANYWHERE = ['151.101.1.69', '151.101.64.0/24', '8.8.8.8'];

const rule = fc.record({
  kind: fc.constantFrom('tls', 'tls', 'http', 'tcp', 'wildcard'),
  host: fc.constantFrom(...TLS),
  from: fc.nat(30),
  where: fc.constantFrom('everywhere', 'everywhere', 'first', 'second', 'named'),
  both: fc.boolean(),
  ports: fc.constantFrom(undefined, [8443], [443, 8443], [1023]),
  addresses: fc.uniqueArray(fc.constantFrom(...ANYWHERE), { minLength: 1 }),
});
const segment = fc.record({ tier: fc.constantFrom('public', 'private', 'private', 'data'), internet: fc.boolean(), caller: fc.option(fc.nat(30)), protocol: fc.constantFrom('tcp', 'udp'), ports: fc.constantFrom([443], ['8000-8100', 9090], [1, 65535]) });
const policies = fc.record({
  organization: fc.constantFrom('acme', 'a', 'prod', 'x'.repeat(20)),
  environment: fc.constantFrom('prod', 'a', 'eu', 'e'.repeat(12)),
  names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 3, maxLength: 6 }),
  segments: fc.array(segment, { minLength: 6, maxLength: 6 }),
  rules: fc.array(rule, { minLength: 1, maxLength: 6 }),
  services: fc.subarray(['object-storage', 'secrets', 'kubernetes', 'container-registry', 'database', 'queue']),
  zones: fc.integer({ min: 1, max: 4 }),
});

type Made = typeof policies extends fc.Arbitrary<infer T> ? T : never;

function written({ organization, environment, names, segments, rules, services, zones }: Made, extra: readonly object[] = []): string {
  const all = names.map((name, index) => {
    const { tier, internet, caller, protocol, ports } = segments[index]!;
    const accepts = [
      ...(tier === 'public' && internet ? [{ from: 'internet', ports: [443] }] : []),
      ...(caller === null ? [] : [{ from: names[caller % names.length], ports, protocol }]),
    ];
    // One of them may always be granted hosts.
    return { name, tier: index === 0 ? 'private' : tier, ...(accepts.length > 0 ? { accepts: index === 0 ? accepts.filter(({ from }) => from !== 'internet') : accepts } : {}) };
  });
  const granted = all.filter(({ tier }) => tier === 'private').map(({ name }) => name);
  const allow = new Map(rules.map(({ kind, host, from, where, both, ports, addresses }): readonly [string, object] => {
    const callers = both ? granted : [granted[from % granted.length]!];
    const stages = { everywhere: undefined, first: [environment], second: ['second'], named: ['second', environment] }[where];
    const common = { from: callers, ...(stages ? { environments: stages } : {}), owner: 'team', reason: 'why', ...(ports ? { ports } : {}) };
    switch (kind) {
      case 'wildcard': return ['*.docker.io', { host: '*.docker.io', wildcard: 'shards', clouds: ['aws', 'azure'], ...common }];
      case 'tcp': return [`tcp ${host}`, { host, protocol: 'tcp', addresses, ...common, ports: ports ?? [22] }];
      default: return [`${kind} ${host}`, { host, protocol: kind, ...common }];
    }
  }));
  return stringify({
    organization,
    allow: [...allow.values(), ...extra.map((each) => ({ owner: 'team', reason: 'why', from: [granted[0]], ...each }))],
    segments: all,
    privateServices: services,
    environments: [{
      name: environment,
      aws: { region: 'eu-west-1', zones, cidr: '10.20.0.0/16', aclEntries: 40 },
      google: { region: 'europe-west1', cidr: '10.32.0.0/14', project: 'acme-prod' },
      azure: { region: 'westeurope', cidr: '10.40.0.0/20', subscription: '00000000-0000-0000-0000-000000000000' },
    }, {
      name: 'second',
      aws: { region: 'eu-west-1', zones: 1, cidr: '10.21.0.0/16', account: '111122223333' },
      google: { region: 'europe-west1', cidr: '10.36.0.0/16', project: 'acme-second' },
      azure: { region: 'westeurope', cidr: '10.41.0.0/20', subscription: '11111111-0000-0000-0000-000000000000' },
    }],
  });
}

/** `api.stripe.com:443`, by segment, of one stack. */
function expected(policy: Policy, cloud: Cloud, stack: string, name: string): readonly string[] {
  const words = allowRulesFor(policy, cloud, stack.replace(`${cloud}-`, '')).filter(({ segments }) => segments.includes(name))
    .flatMap(({ protocol, addresses, host, ports }) => (protocol === 'tcp' ? addresses : [host.text]).flatMap((each) => ports.map((port) => `${each}:${port}`)));
  return [...new Set(words)].sort();
}

function check({ policy, texts }: Synthesized): void {
  const inputs = Object.entries(texts).map(([stack, text]) => ({ ...parsePlan(text, stack), stack }));
  const { findings, verdicts } = review({ inputs, policy, today: TODAY });
  expect(findings.filter(({ severity }) => severity !== 'low')).toEqual([]);
  for (const { input, segment: name, cloud, family, verdict, hosts } of verdicts.filter((each) => each.segment !== undefined)) {
    const own = family === 4 ? expected(policy, cloud as Cloud, input, name!) : [];
    const reached = [...new Set(hosts.flatMap(({ host, ports }) => ports.map((port) => `${host}:${port}`)))].sort();
    expect({ name, input, verdict, reached }).toEqual({ name, input, verdict: own.length > 0 ? 'allowlisted' : 'none', reached: own });
  }
  for (const cloud of new Set(verdicts.map((each) => each.cloud))) {
    expect([...new Set(verdicts.filter((each) => each.cloud === cloud).flatMap((each) => each.segment ?? []))].sort()).toEqual(policy.segments.map(({ name }) => name));
  }
}

/** By Terraform address, what may never change when something else comes. */
function fixed({ texts }: Synthesized): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(texts).flatMap(([stack, text]) => Object.entries<Record<string, any>>(JSON.parse(text).resource).flatMap(([type, all]) => Object.entries(all).map(([id, config]) => {
    const { name, name_prefix, priority, cidr_block, ip_cidr_range, address_prefixes, availability_zone, rule_name, address } = config;
    return [`${stack} ${type}.${id}`, { name, name_prefix, priority, cidr_block, ip_cidr_range, address_prefixes, availability_zone, rule_name, address }] as const;
  }))));
}

test('random policies do what they say, and one host more moves nothing', async () => {
  await fc.assert(fc.asyncProperty(policies, async (made) => {
    const before = await synthesized(written(made));
    check(before);
    const after = await synthesized(written(made, [{ host: 'one-more.partner.com' }]), before.lock);
    check(after);
    const there = fixed(after);
    for (const [address, config] of fixed(before)) expect([address, there.get(address)]).toEqual([address, config]);
  }), { numRuns: 4, seed: 20261126 });
}, 60_000);
