import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parsePolicy, loadPolicyFile } from '../../blueprints/policy/load';
import { allowRulesFor, type Policy } from '../../blueprints/policy/model';
import { load, loaded, policyOf, REST, staged, TODAY, withHost, withRules } from './policies';

test('the policy of this checkout, which a fork edits, has no problem', () => {
  // On a day before all others: that a rule expires is for npm start to say, and no test fails by the calendar.
  expect(loadPolicyFile('egress.yaml', { today: '2000-01-01' })).toMatchObject({ ok: true });
});

describe('the example', () => {
  const result = parsePolicy(readFileSync('test/fixtures/policies/example.yaml', 'utf8'), { file: 'egress.yaml', today: TODAY });

  it('is without problems and warnings', () => {
    expect(result).toMatchObject({ ok: true, warnings: [] });
  });

  it('names three clouds, and grants hosts to private segments only', () => {
    if (!result.ok) throw new Error('not ok');
    const { environments, allow, segments } = result.policy;
    expect(environments.map(({ name, aws, google, azure }) => [name, aws?.cloud, google?.cloud, azure?.cloud])).toEqual([['prod', 'aws', 'google', 'azure']]);
    const tiers = new Map(segments.map(({ name, tier }) => [name, tier]));
    expect(new Set(allow.flatMap((rule) => rule.segments.map((name) => tiers.get(name))))).toEqual(new Set(['private']));
  });
});

describe('the example in docs/policy.md', () => {
  it('is a policy', () => {
    const [, text] = /```yaml\n([^]*?)```/.exec(readFileSync('docs/policy.md', 'utf8')) ?? [];
    expect(loaded(text ?? '').warnings).toEqual([]);
  });
});

describe('what is left out', () => {
  const policy = policyOf(withHost('API.acme.com.'));

  it('of a rule is tls on 443, on every cloud, in every environment, without end', () => {
    expect(policy.allow[0]).toEqual({
      host: { text: 'api.acme.com', kind: 'exact', domain: 'api.acme.com' },
      segments: ['app'],
      ports: [443],
      protocol: 'tls',
      addresses: [],
      clouds: ['aws', 'google', 'azure'],
      environments: ['prod'],
      owner: 'team',
      reason: 'why',
      position: { file: 'egress.yaml', line: 3, column: 5 },
    });
  });

  it('of an http rule is port 80', () => {
    expect(policyOf(withHost('a.acme.com', 'protocol: http')).allow[0]?.ports).toEqual([80]);
  });

  it('of the file is no rule, no service, local state', () => {
    expect(policyOf(`organization: acme${REST}`)).toMatchObject({ allow: [], privateServices: [], state: { kind: 'local' } });
  });

  it('of the zones is three', () => {
    const { aws, azure } = policy.environments[0]!;
    expect(aws?.zones).toEqual([{ name: 'us-east-1a', slot: 0 }, { name: 'us-east-1b', slot: 1 }, { name: 'us-east-1c', slot: 2 }]);
    expect(azure?.zones).toEqual([{ name: '1', slot: 0 }, { name: '2', slot: 1 }, { name: '3', slot: 2 }]);
  });
});

describe('what is written', () => {
  it('is put into one spelling', () => {
    const policy = policyOf(withRules(
      '{ host: a.acme.com, from: [jobs, app], ports: [9000, 22], protocol: tcp, addresses: [9.9.9.9, 8.8.8.0/24], clouds: [azure, aws], owner: x, reason: x, expires: 2031-01-01 }',
    ));
    expect(policy.allow[0]).toMatchObject({
      segments: ['app', 'jobs'], ports: [22, 9000], addresses: ['8.8.8.0/24', '9.9.9.9/32'], clouds: ['aws', 'azure'], expires: '2031-01-01',
    });
  });

  it('of a wildcard keeps the reason', () => {
    const [rule] = policyOf(withHost('"*.acme.com"', 'wildcard: shards')).allow;
    expect(rule).toMatchObject({ host: { kind: 'subdomains', domain: 'acme.com' }, wildcardReason: 'shards' });
  });

  it('about one caller in several places becomes one', () => {
    const [segment] = policyOf(`
organization: acme
segments:
  - name: app
    tier: private
    accepts:
      - { from: jobs, ports: [443] }
      - { from: app, ports: ["8081-8090", 8080], protocol: udp }
      - { from: jobs, ports: [80, 81] }
      - { from: app, ports: [53] }
  - { name: jobs, tier: private }
environments: [{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16 } }]
`).segments;
    expect(segment?.accepts).toEqual([
      { from: 'app', protocol: 'tcp', ports: [{ from: 53, to: 53 }] },
      { from: 'app', protocol: 'udp', ports: [{ from: 8080, to: 8090 }] },
      { from: 'jobs', protocol: 'tcp', ports: [{ from: 80, to: 81 }, { from: 443, to: 443 }] },
    ]);
  });

  it.each([
    ['{ local: {} }', { kind: 'local' }],
    ['{ s3: { bucket: acme-state, region: eu-west-1, kmsKey: alias/state } }', { kind: 's3', bucket: 'acme-state', region: 'eu-west-1', kmsKey: 'alias/state' }],
    ['{ gcs: { bucket: acme-state, prefix: net } }', { kind: 'gcs', bucket: 'acme-state', prefix: 'net' }],
    ['{ azurerm: { resourceGroup: state, storageAccount: acmestate, container: tfstate } }', { kind: 'azurerm', resourceGroup: 'state', storageAccount: 'acmestate', container: 'tfstate' }],
    ['{ cloud: { organization: acme } }', { kind: 'cloud', organization: 'acme' }],
  ])('as state: %s', (text, state) => {
    expect(policyOf(`organization: acme${REST}state: ${text}\n`).state).toEqual(state);
  });

  it('as a service may be a cloud\'s own', () => {
    expect(policyOf(`organization: acme\nprivateServices: ["google:x", logs, "aws:rds-data", database]${REST}`).privateServices).toEqual([
      { name: 'database' }, { name: 'logs' }, { name: 'rds-data', cloud: 'aws' }, { name: 'x', cloud: 'google' },
    ]);
  });

  it.each(['us-gov-west-1', 'ap-southeast-5', 'mx-central-1'])('as an AWS region: %s', (region) => {
    expect(load(`organization: acme${REST.replace('us-east-1', region)}`).ok).toBe(true);
  });

  it('stays text where YAML 1.1 made something else of it', () => {
    const policy = policyOf(withRules('{ host: a.acme.com, from: [app], owner: no, reason: on, expires: 2031-06-30 }'));
    expect(policy.allow[0]).toMatchObject({ owner: 'no', reason: 'on', expires: '2031-06-30' });
    expect(policyOf(`%YAML 1.1\n---\n${withRules('{ host: a.acme.com, from: [app], owner: no, reason: on }')}`).allow[0]?.owner).toBe('no');
  });

  it('may use anchors, have a byte order mark and Windows line ends', () => {
    const text = withRules('{ host: a.acme.com, from: &who [app, jobs], owner: x, reason: x }', '{ host: b.acme.com, from: *who, owner: x, reason: x }');
    const policy = policyOf(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
    expect(policy.allow.map((rule) => rule.segments)).toEqual([['app', 'jobs'], ['app', 'jobs']]);
    expect(policy.allow[1]?.position).toEqual({ file: 'egress.yaml', line: 4, column: 5 });
  });

  it('may be named like a property of every object', () => {
    const text = REST.replaceAll('app', 'constructor').replaceAll('jobs', 'valueof');
    expect(policyOf(`organization: acme${text}`).segments.map(({ name }) => name)).toContain('constructor');
  });
});

describe('a warning', () => {
  it.each([
    ['a rule that ends in 30 days', withHost('a.acme.com', 'expires: 2030-02-14'), 'expires-soon', 'is in 30 days'],
    ['a rule that ends today', withHost('a.acme.com', 'expires: 2030-01-15'), 'expires-soon', 'is today'],
    ['tls on 80', withHost('a.acme.com', 'ports: [80]'), 'unusual-port', 'rarely spoken tls'],
    ['http on 443', withHost('a.acme.com', 'protocol: http, ports: [443]'), 'unusual-port', 'rarely spoken http'],
    ['a resolver on the internet', withHost('dns.google'), 'host-public-resolver', 'DNS over HTTPS'],
    ['another resolver on the internet', withHost('unfiltered.joindns4.eu'), 'host-public-resolver', 'DNS over HTTPS'],
    ['the address of a resolver', withHost('a.acme.com', 'protocol: tcp, ports: [443], addresses: [8.8.8.8]'), 'host-public-resolver', 'answers DNS, also over HTTPS'],
    ['a block with a resolver', withHost('a.acme.com', 'protocol: tcp, ports: [443], addresses: [149.112.112.0/24]'), 'host-public-resolver', 'holds 149.112.112.112'],
    ['a wildcard over resolvers', withHost('"*.quad9.net"', 'wildcard: x'), 'host-public-resolver', "'dns.quad9.net'"],
    ['a port at which resolvers answer', withHost('a.acme.com', 'ports: [853]'), 'dns-port', 'where resolvers answer'],
    ['a path-style storage host', withHost('s3.amazonaws.com'), 'host-shared-tenant', 'every customer'],
    ['an unknown top-level domain', withHost('api.stripe.con'), 'host-unknown-suffix', "'.con'"],
    ['a look-alike', withHost('"p\\u0430ypal.com"'), 'host-mixed-script', 'xn--'],
    ["Docker's range", `organization: acme${REST.replace('10.20.0.0/16', '172.17.0.0/16')}`, 'cidr-docker', '172.17.0.0/16'],
    ['a rule for no environment', withHost('a.acme.com', 'clouds: [azure]').replace(/ {4}azure:.*\n/, ''), 'unused-rule', 'no cloud'],
    ['a rule for no cloud of its environments', staged('{ host: a.acme.com, from: [app], owner: x, reason: x, environments: [staging], clouds: [azure] }'), 'unused-rule', 'no cloud that one of its environments'],
    ['a service for no environment', `organization: acme\nprivateServices: ["azure:x"]${REST}`.replace(/ {4}azure:.*\n/, ''), 'unused-service', 'is for azure'],
  ])('%s', (_, text, code, part) => {
    const { warnings } = loaded(text);
    expect(warnings).toEqual([expect.objectContaining({ code, severity: 'warning', message: expect.stringContaining(part) })]);
  });

  it('comes with a broken file, too', () => {
    const result = load(withHost('api.stripe.con', 'ports: [0]'));
    expect(result).toMatchObject({ ok: false, warnings: [{ code: 'host-unknown-suffix' }] });
  });

  it('is not raised for 31 days, for other ports, for parted duplicates', () => {
    expect(loaded(withHost('a.acme.com', 'expires: 2030-02-15, ports: [8443]')).warnings).toEqual([]);
    expect(loaded(withRules(
      '{ host: a.acme.com, from: [app], owner: x, reason: x }',
      '{ host: a.acme.com, from: [jobs], owner: x, reason: x }',
      '{ host: a.acme.com, from: [app], ports: [8443], owner: x, reason: x }',
      '{ host: b.c.acme.com, from: [app], clouds: [google], owner: x, reason: x }',
      '{ host: "*.c.acme.com", wildcard: x, from: [app], clouds: [aws, azure], owner: x, reason: x }',
      '{ host: c.acme.com, from: [app], owner: x, reason: x }',
      '{ host: d.c.acme.com, from: [app], protocol: http, owner: x, reason: x }',
    )).warnings).toEqual([]);
  });
});

describe('the policy', () => {
  it('is frozen all the way down', () => {
    const frozen = (value: unknown): boolean => typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(policyOf(withHost('a.acme.com')))).toBe(true);
  });

  it('does not depend on the order of anything in the file', () => {
    const part = <T>(values: readonly T[]) => fc.shuffledSubarray([...values], { minLength: values.length });
    const rules = [
      '{ host: a.acme.com, from: [app, jobs], ports: [443, 8443], owner: x, reason: x }',
      '{ reason: x, owner: x, from: [jobs, app], ports: [8443, 443], host: b.acme.com }',
      '{ host: b.acme.com, from: [app], clouds: [azure, google], ports: [9000], owner: x, reason: x }',
      '{ host: b.acme.com, from: [app], clouds: [aws], ports: [9000], owner: x, reason: x }',
    ];
    const segments = ['{ name: app, tier: private, accepts: [{ from: jobs, ports: [1, 2] }, { from: app, ports: [3] }] }', '{ name: jobs, tier: private }', '{ name: web, tier: public }'];
    const environments = ['{ name: dev, aws: { region: us-east-1, cidr: 10.0.0.0/16, zones: [us-east-1e, us-east-1a] } }', '{ name: prod, azure: { region: westeurope, zones: [3, 1], cidr: 10.1.0.0/16, subscription: 00000000-0000-0000-0000-000000000000 } }'];
    const shuffled = fc.tuple(part(rules), part(segments), part(environments), part(['logs', 'queue', 'aws:x']), part([0, 1, 2, 3, 4]));
    const write = ([allow, cut, stages, services, order]: [string[], string[], string[], string[], number[]]) => {
      const list = (name: string, items: string[]) => `${name}:\n${items.map((item) => `  - ${item}\n`).join('')}`;
      const blocks = ['organization: acme\n', list('allow', allow), list('segments', cut), list('environments', stages), list('privateServices', services.map((each) => `"${each}"`))];
      return order.map((index) => blocks[index]).join('');
    };
    const bare = (policy: Policy) => JSON.stringify({ ...policy, allow: policy.allow.map((rule) => ({ ...rule, position: undefined })) });
    const expected = bare(policyOf(write([rules, segments, environments, ['logs', 'queue', 'aws:x'], [0, 1, 2, 3, 4]])));
    fc.assert(fc.property(shuffled, (parts) => expect(bare(policyOf(write(parts)))).toBe(expected)), { numRuns: 50 });
  });

  it('refuses a day that is none, because expired rules would live on', () => {
    expect(() => parsePolicy('', { file: 'x', today: 'tomorrow' })).toThrow("'tomorrow' is not a date");
  });
});

describe('regions', () => {
  const withRegions = (aws: string, google: string, azure: string) => load(`organization: acme${REST.replace('us-east-1', aws).replace('europe-west1', google).replace('westeurope', azure)}`);
  const warned = (result: ReturnType<typeof load>) => (result.ok ? result.warnings.map(({ code, path, fix }) => [code, path, fix]) : result.problems);

  it('that the clouds have are no reason to warn', () => {
    expect(warned(withRegions('us-gov-west-1', 'africa-south1', 'mexicocentral'))).toEqual([]);
  });

  it('that nobody knows are a warning and no error: a new one needs no release', () => {
    expect(warned(withRegions('us-esat-1', 'europe-west5', 'westeruope'))).toEqual([
      ['unknown-region', 'environments[0].aws.region', expect.stringContaining("did you mean 'us-east-1'?")],
      ['unknown-region', 'environments[0].google.region', expect.stringContaining('check it with your cloud')],
      ['unknown-region', 'environments[0].azure.region', expect.stringContaining("did you mean 'westeurope'?")],
    ]);
  });

  it('of Azure without zones say so, until the policy does', () => {
    expect(warned(withRegions('us-east-1', 'europe-west1', 'westus'))).toEqual([['region-without-zones', 'environments[0].azure.region', expect.stringContaining("'zones: []'")]]);
    const result = withRegions('us-east-1', 'europe-west1', 'westus, zones: []');
    expect(warned(result)).toEqual([]);
    expect(result.ok && result.policy.environments[0]!.azure!.zones).toEqual([]);
  });
});

describe('environments of a rule', () => {
  const rule = (environments: string, host = 'a.acme.com') => `{ host: ${host}, from: [app], owner: x, reason: x${environments ? `, environments: [${environments}]` : ''} }`;
  const hosts = (environment: string, ...rules: string[]) => allowRulesFor(policyOf(staged(...rules)), 'aws', environment).map(({ host }) => host.text);

  it('say where it holds, and every environment where there are none', () => {
    const rules = [rule('', 'all.acme.com'), rule('staging', 'sandbox.acme.com'), rule('prod', 'live.acme.com'), rule('staging, prod', 'both.acme.com')];
    expect(hosts('prod', ...rules)).toEqual(['all.acme.com', 'both.acme.com', 'live.acme.com']);
    expect(hosts('staging', ...rules)).toEqual(['all.acme.com', 'both.acme.com', 'sandbox.acme.com']);
    expect(hosts('another', ...rules)).toEqual([]);
  });

  it('part two rules for one host, and a host from a wildcard', () => {
    expect(load(staged(rule('prod'), rule('staging'))).ok).toBe(true);
    expect(loaded(staged(rule('prod'), '{ host: "*.acme.com", wildcard: x, from: [app], environments: [staging], owner: y, reason: y }')).ok).toBe(true);
  });

  it('in another order are the same policy', () => {
    const without = (text: string) => JSON.stringify(policyOf(text), (key, value) => (key === 'position' ? undefined : value));
    expect(without(staged(rule('staging, prod')))).toBe(without(staged(rule('prod, staging'))));
    expect(without(staged(rule('prod, staging')))).toBe(without(staged(rule(''))));
  });

  it('leave the quotas of an environment without hosts alone', () => {
    const many = (environments: string) => ['a', 'b', 'c', 'd', 'e'].reduce((text, name, index) => `${text}  - { name: more-${name}, aws: { region: us-east-1, cidr: 10.${50 + index}.0.0/16, zones: 1, egressZones: 1 } }\n`, staged(rule(environments)));
    const firewalls = (text: string) => loaded(text).warnings.filter(({ message }) => message.includes('firewalls'));
    expect(firewalls(many(''))).toHaveLength(1);
    expect(firewalls(many('more-a'))).toEqual([]);
  });
});
