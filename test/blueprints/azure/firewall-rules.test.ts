import { cannotEnforce, groupPriority, limitProblems, segmentCollections, sharedDenyPriority, shardsOf } from '../../../blueprints/azure/firewall-rules';
import type { AllowRule } from '../../../blueprints/policy/model';

function rule(change: Partial<AllowRule> & { name?: string } = {}): AllowRule {
  const { name = 'api.example.com', ...rest } = change;
  const subdomains = name.startsWith('*.');
  return {
    host: { text: name, kind: subdomains ? 'subdomains' : 'exact', domain: subdomains ? name.slice(2) : name },
    segments: ['payments'], ports: [443], protocol: 'tls', addresses: [], clouds: ['azure'], environments: ['prod'], owner: 'x', reason: 'x',
    position: { file: 'egress.yaml', line: 1, column: 1 }, ...rest,
  };
}

describe('what cannot be enforced', () => {
  test.each([['api.example.com'], ['*.docker.io'], ['xn--bcher-kva.example'], ['_dmarc.example.com']])('%s can', (name) => {
    expect(cannotEnforce(rule({ name }))).toBeUndefined();
  });

  test.each([['*'], ['*.com'], ['*x.com'], ['a.*.com'], ['www.x.*'], ['single'], ['UPPER.example.com'], [`${'a'.repeat(64)}.com`], [`${'ab.'.repeat(84)}com`]])('%s cannot', (name) => {
    expect(cannotEnforce(rule({ name }))).toMatch(/^azure: .*write a full name/);
  });

  test('a port above 64000 cannot, but over tcp it can', () => {
    expect(cannotEnforce(rule({ ports: [443, 65001] }))).toBe("azure: port 65001 of 'api.example.com' is above 64000, where application rules end; use a lower port, or tcp with addresses");
    expect(cannotEnforce(rule({ protocol: 'tcp', ports: [65001], addresses: ['203.0.113.10/32'] }))).toBeUndefined();
  });

  test('tcp without addresses cannot', () => {
    expect(cannotEnforce(rule({ protocol: 'tcp', ports: [22] }))).toMatch(/has no addresses/);
  });
});

describe('collections of a segment', () => {
  test('are folded by protocol and port, sorted, without duplicates', () => {
    const rules = [
      rule({ name: 'b.example.com' }), rule({ name: 'a.example.com', ports: [443, 8443] }), rule({ name: 'b.example.com', segments: ['other', 'payments'] }),
      rule({ name: 'c.example.com', protocol: 'http', ports: [80] }), rule({ name: 'other.example.com', segments: ['other'] }),
    ];
    expect(segmentCollections(rules, 'payments')).toEqual({
      application: [
        { name: 'http-80', type: 'Http', port: 80, fqdns: ['c.example.com'] },
        { name: 'tls-443', type: 'Https', port: 443, fqdns: ['a.example.com', 'b.example.com'] },
        { name: 'tls-8443', type: 'Https', port: 8443, fqdns: ['a.example.com'] },
      ],
      network: [],
    });
  });

  test('keep pairs of address and port apart: no product of both', () => {
    const rules = [
      rule({ protocol: 'tcp', ports: [22], addresses: ['203.0.113.10/32'] }),
      rule({ protocol: 'tcp', ports: [2222], addresses: ['198.51.100.0/24'] }),
    ];
    expect(segmentCollections(rules, 'payments').network).toEqual([
      { name: 'tcp-22', port: 22, addresses: ['203.0.113.10/32'] },
      { name: 'tcp-2222', port: 2222, addresses: ['198.51.100.0/24'] },
    ]);
  });
});

test('priorities of groups fit between 100 and the last deny for every slot', () => {
  const priorities = Array.from({ length: 60 }, (_, index) => [0, 63].map((shard) => groupPriority(index + 4, shard))).flat();
  expect(new Set(priorities).size).toBe(120);
  expect(Math.min(...priorities)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...priorities)).toBeLessThan(65_000);
  expect(sharedDenyPriority(1_000)).toBeGreaterThan(Math.max(...priorities));
  expect(sharedDenyPriority(56_000)).toBeLessThanOrEqual(65_000);
});

describe('limits', () => {
  const hosts = (count: number) => segmentCollections(Array.from({ length: count }, (_, index) => rule({ name: `host-${index}.some-quite-long-name.example.com` })), 'payments');

  test('10,000 hosts in one segment fit into one group', () => {
    expect(shardsOf(hosts(10_000)).map(({ index }) => index)).toEqual([0]);
    expect(limitProblems(new Map([['payments', shardsOf(hosts(10_000))]]))).toEqual([]);
  });
  test('more are spread over several groups, every host in one of them', () => {
    const all = hosts(60_000);
    const shards = shardsOf(all);
    expect(shards.length).toBeGreaterThan(1);
    for (const { collections } of shards) expect(JSON.stringify(collections).length).toBeLessThan(1_000_000);
    const spread = shards.flatMap(({ collections }) => collections.application.flatMap(({ fqdns }) => fqdns));
    expect(spread.sort()).toEqual([...all.application[0]!.fqdns].sort());
  });
  test('a group that no host falls into is not made', () => {
    const [first, second] = [shardsOf(hosts(12), 40), shardsOf(hosts(1))];
    expect(limitProblems(new Map([['app', first], ['app-x', second]]))).toEqual([]);
    expect(limitProblems(new Map([['app', first], [`app-${first.at(-1)!.index}`, second]]))).toEqual([expect.stringMatching(/^azure: the hosts of 'app' need more than one group .* another name for one of the two segments$/)]);
    const few = Array.from({ length: 12 }, (_, count) => shardsOf(hosts(count + 2), 40));
    expect(few.flat().filter(({ collections: { application, network } }) => application.length + network.length === 0)).toEqual([]);
    expect(few.some((shards) => shards.some(({ index }) => index >= shards.length))).toBe(true);
  });
  test('a host more moves no other', () => {
    const of = (count: number) => new Map(shardsOf(hosts(count), 20_000).flatMap(({ index, collections }) => collections.application.flatMap(({ fqdns }) => fqdns.map((fqdn) => [fqdn, index] as const))));
    const [before, after] = [of(1_000), of(1_001)];
    for (const [fqdn, index] of before) expect(after.get(fqdn)).toBe(index);
  });
  test('so many that 60 groups do not take them are refused', () => {
    expect(limitProblems(new Map([['payments', shardsOf(hosts(2_000), 1_000)]]))).toEqual([expect.stringMatching(/takes 60; .*use wildcards/)]);
  });
  test('60 segments with hosts do not', () => {
    expect(limitProblems(new Map(Array.from({ length: 60 }, (_, index) => [`s${index}`, shardsOf(hosts(1))])))).toEqual([expect.stringMatching(/takes 60; join segments/)]);
  });
  test('20,001 addresses do not', () => {
    const addresses = Array.from({ length: 20_001 }, (_, index) => `198.${index >> 8}.${index & 255}.1/32`);
    const collections = segmentCollections([rule({ protocol: 'tcp', ports: [22], addresses })], 'payments');
    expect(limitProblems(new Map([['payments', shardsOf(collections)]]))).toEqual([expect.stringMatching(/takes 20000; list larger blocks/)]);
  });
});
