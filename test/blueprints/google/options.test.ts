/** What each option builds, refuses and leaves open. */
import { parse, stringify } from 'yaml';
import { App, TerraformStack } from 'cdktf';
import { BlueprintError } from '../../../blueprints/blueprint-error';
import { GoogleServicePerimeter } from '../../../blueprints/google/service-perimeter';
import { fixture } from '../../fixtures/stacks';
import { expectationOf, subjectOf } from '../../contract/expectation';
import { observe } from '../../contract/google.observer';
import { review } from '../../review/google/reviewing';
import { byRole, googleStack } from './stack';

const RULE = 'google_compute_network_firewall_policy_rule';
const OPTIONS = fixture('google-options');

function edited(edit: (policy: any) => void, text = OPTIONS): string {
  const policy = parse(text);
  edit(policy);
  return stringify(policy);
}

const google = (change: object) => edited((policy) => { policy.environments = [{ name: 'prod', google: { ...policy.environments[0].google, ...change } }]; }, fixture('full'));
const all = googleStack(OPTIONS);
const resources = (type: string) => byRole(all.stack(), type);

test('requests name a project to be counted against only where an API of the organization asks for it', () => {
  const provider = (text: string) => (googleStack(text).stack() as any).provider.google[0];
  const counted = { billing_project: 'acme-prod', user_project_override: true };
  expect(provider(google({ denyExternalAddresses: true }))).toMatchObject(counted);
  expect(provider(google({ perimeter: { accessPolicy: '1', enforced: false } }))).toMatchObject(counted);
  expect(Object.keys(provider(google({ logs: { retentionDays: 30 } })))).toEqual(['default_labels', 'project', 'region']);
});

describe('Secure Web Proxy', () => {
  test('one gateway at a known address, with a certificate, in a region, in front of a policy that denies by default', () => {
    expect(resources('google_network_services_gateway').gateway).toMatchObject({
      type: 'SECURE_WEB_GATEWAY', location: 'europe-west1', addresses: ['10.30.0.2'], ports: [8080], delete_swg_autogen_router_on_destroy: true,
      certificate_urls: ['projects/acme-prod/locations/europe-west1/certificates/egress-proxy'],
    });
    expect(Object.values(resources('google_compute_subnetwork')).filter(({ purpose }) => purpose)).toEqual([
      expect.objectContaining({ purpose: 'REGIONAL_MANAGED_PROXY', role: 'ACTIVE', ip_cidr_range: '10.30.4.0/22' }),
    ]);
  });

  test('a rule names callers, ports and a list, all known in the plan', () => {
    expect(resources('google_network_security_gateway_security_policy_rule')['rule-platform-tls-443-0']).toMatchObject({
      basic_profile: 'ALLOW', enabled: true,
      session_matcher: "(inIpRange(source.ip, '10.30.40.0/22') || inIpRange(source.ip, '100.64.0.0/16')) && destination.port == 443 && inUrlList(host(), 'projects/acme-prod/locations/europe-west1/urlLists/acme-prod-platform-tls-443-0')",
    });
    expect(resources('google_network_security_url_lists')['hosts-platform-tls-443-0'].values).toEqual(['*.docker.io']);
  });

  test('the segment has no default route, no NAT and no network tag', () => {
    expect(Object.keys(resources('google_compute_route'))).toEqual(['default-route-payments']);
    expect(resources('google_compute_router_nat').nat.subnetwork).toHaveLength(1);
    expect(Object.keys(all.construct.egress.networkTags)).toEqual(['payments']);
  });

  test('with every segment behind it there is no NAT, no router and no public address of ours', () => {
    const { stack, construct } = googleStack(edited((policy) => {
      policy.allow = policy.allow.filter(({ protocol }: { protocol?: string }) => protocol !== 'tcp');
      policy.environments[0].google.secureWebProxy.segments = ['payments', 'platform'];
    }));
    for (const type of ['google_compute_router_nat', 'google_compute_router']) expect(stack().resource).not.toHaveProperty(type);
    expect(construct.egress.egressAddresses).toEqual([]);
    expect(construct.summary.segments.find(({ name }) => name === 'payments')?.wayOut).toContain('Secure Web Proxy');
  });

  test('a wildcard beside the proxy, and a tcp rule behind it, are errors that name the way out', () => {
    const build = () => googleStack(edited((policy) => {
      policy.allow.push({ host: '*.npmjs.org', wildcard: 'w', from: ['payments', 'platform'], owner: 'x', reason: 'x' });
      policy.allow.push({ host: 'git.example.com', protocol: 'tcp', ports: [22], addresses: ['151.101.1.70'], from: ['platform'], owner: 'x', reason: 'x' });
    }));
    expect(build).toThrow(BlueprintError);
    expect(build).toThrow(/'\*\.npmjs\.org' needs secureWebProxy for payments,.*'secureWebProxy: \{ segments: \[payments\]/);
    expect(build).toThrow(/'git\.example\.com' is a tcp rule, which secureWebProxy cannot carry for platform/);
  });

  test('the risks follow the way that a segment takes', () => {
    const risks = Object.fromEntries(all.construct.summary.residualRisks.map(({ id, segments }) => [id, segments]));
    expect(risks).toMatchObject({
      'shared-address': ['payments'], 'protocol-not-inspected': ['payments'], 'fqdn-limits': ['payments'],
      'proxy-limits': ['platform'], 'proxy-tunnel-not-inspected': ['platform'], 'proxy-by-source-address': ['platform'],
      'cluster-is-one-segment': ['platform'], 'health-check-is-front-end': ['payments'], 'peered-services-share-a-range': ['ledger'],
    });
    expect(risks).toHaveProperty('perimeter-exceptions');
    expect(risks).not.toHaveProperty('all-apis-on-one-address');
    expect(risks).not.toHaveProperty('machine-tokens');
    expect(risks['published-services']).toEqual(['payments', 'reporting']);
  });

  test('a host more behind the proxy changes its list and nothing else', () => {
    const more = googleStack(edited((policy) => policy.allow.push({ host: 'ghcr.io', from: ['platform'], owner: 'x', reason: 'x' })), all.lock).stack();
    const before = all.stack();
    const changed = Object.keys(more.resource!).flatMap((type) => Object.keys(more.resource![type]!)
      .filter((name) => JSON.stringify(more.resource![type]![name]) !== JSON.stringify(before.resource![type]?.[name])).map(() => type));
    expect(changed).toEqual(['google_network_security_url_lists']);
  });
});

describe('private ways', () => {
  test('the APIs at an address of the network: no route, an empty scheme, a name of letters and digits', () => {
    expect(resources('google_compute_global_forwarding_rule').endpoint).toMatchObject({ target: 'vpc-sc', load_balancing_scheme: '', name: expect.stringMatching(/^[a-z][a-z0-9]{0,19}$/) });
    expect(resources('google_compute_global_address')['endpoint-address']).toMatchObject({ address: '10.30.3.1', purpose: 'PRIVATE_SERVICE_CONNECT' });
    expect(Object.values(resources('google_dns_record_set')).filter(({ type }) => type === 'A').map(({ rrdatas }) => rrdatas)).toEqual([['10.30.3.1'], ['10.30.3.1'], ['10.30.3.1']]);
  });

  test('the producer of peered services loses its way to the internet', () => {
    expect(resources('google_service_networking_vpc_service_controls')['closed-producer']).toMatchObject({
      // The provider makes the network's path itself: an id here would name a network that is not there.
      enabled: true, service: 'servicenetworking.googleapis.com', network: expect.stringMatching(/^\$\{google_compute_network\.\w+\.name\}$/),
    });
  });

  test('a published service that comes moves no other', () => {
    const addresses = (text: string) => googleStack(text, all.lock).stack().output!.published_service_addresses!.value as Record<string, string>;
    const more = addresses(edited((policy) => policy.environments[0].google.publishedServices.unshift({ ...policy.environments[0].google.publishedServices[0], name: 'aaa' })));
    expect(more).toMatchObject(addresses(OPTIONS));
    expect(more.aaa).toMatch(/^10\.30\.0\.\d+$/);
  });

  test('two services on one address, and an address that is not free, are errors', () => {
    const services = (...changes: object[]) => () => googleStack(edited((policy) => {
      const [first] = policy.environments[0].google.publishedServices;
      policy.environments[0].google.publishedServices = changes.map((change, index) => ({ ...first, name: `s${index}`, ...change }));
    }));
    expect(services({ address: '10.30.0.9' }, { address: '10.30.0.9' })).toThrow(/'s0' and 's1' fall on the same address 10\.30\.0\.9/);
    expect(services({ address: '10.30.0.2' })).toThrow(/choose one from 10\.30\.0\.3 to 10\.30\.0\.253/);
  });

  test('a perimeter says whether it holds, and what the network may call', () => {
    const { perimeter } = resources('google_access_context_manager_service_perimeter');
    expect(perimeter).toMatchObject({ parent: 'accessPolicies/123456789012', perimeter_type: 'PERIMETER_TYPE_REGULAR', name: 'accessPolicies/123456789012/servicePerimeters/acme_prod' });
    expect(perimeter.status).toMatchObject({
      access_levels: ['accessPolicies/123456789012/accessLevels/deployers'],
      restricted_services: expect.arrayContaining(['storage.googleapis.com', 'artifactregistry.googleapis.com', 'bigquery.googleapis.com']),
      vpc_accessible_services: { enable_restriction: true, allowed_services: ['RESTRICTED-SERVICES'] },
    });
    const named = (name: string) => () => new GoogleServicePerimeter(new TerraformStack(new App({ stackTraces: false }), 'p'), 'perimeter', { name, project: 'acme-prod', accessPolicy: '1', enforced: true, services: ['storage.googleapis.com'], accessLevels: [], privateServices: [] });
    expect(named('a'.repeat(50))).not.toThrow();
    expect(named('a'.repeat(51))).toThrow(/has 51 characters and may have 50; shorten/);
    const dry = googleStack(edited((policy) => { policy.environments[0].google.perimeter.enforced = false; }));
    const [made] = Object.values(dry.stack().resource!.google_access_context_manager_service_perimeter!);
    expect(made).toMatchObject({ use_explicit_dry_run_spec: true, spec: expect.anything() });
    expect(made).not.toHaveProperty('status');
    expect(dry.construct.summary.residualRisks.map(({ id }) => id)).toEqual(expect.arrayContaining(['machine-tokens', 'perimeter-dry-run']));
  });
});

test('more rule attributes than the quota leaves are an error that says what uses them', () => {
  expect(() => googleStack(google({ ruleAttributeQuota: 50 }))).toThrow(/needs \d+ rule attributes and ruleAttributeQuota leaves 50 \(segments \d+, hosts \d+, private services \d+\); raise/);
});

test('a NAT without dynamic ports has one number of ports', () => {
  const [nat] = Object.values(googleStack(google({ nat: { addresses: ['one'], dynamicPorts: false, minPorts: 1024 } })).stack().resource!.google_compute_router_nat!);
  expect(nat).toMatchObject({ enable_dynamic_port_allocation: false, min_ports_per_vm: 1024 });
  expect(nat).not.toHaveProperty('max_ports_per_vm');
});

test('guardrail, log bucket and Shared VPC', () => {
  expect(resources('google_org_policy_policy').policy).toMatchObject({ name: 'projects/acme-prod/policies/compute.vmExternalIpAccess', spec: { rules: [{ deny_all: 'TRUE' }] } });
  expect(resources('google_logging_project_bucket_config').bucket).toMatchObject({ retention_days: 400, locked: false });
  expect(resources('google_logging_project_sink').sink.filter).toContain('log_id("compute.googleapis.com/nat_flows")');
  expect(Object.values(resources('google_compute_shared_vpc_service_project'))).toHaveLength(2);
  // Each in the subnet of its own segment.
  const users = Object.values(resources('google_compute_subnetwork_iam_member')).map(({ role, member, subnetwork }) => [role, member, subnetwork]);
  expect(users).toEqual([
    ['roles/compute.networkUser', 'group:payments@acme.com', expect.stringContaining('.network_subnet-payments_')],
    ['roles/compute.networkUser', 'serviceAccount:ci@acme-prod.iam.gserviceaccount.com', expect.stringContaining('.network_subnet-platform_')],
  ]);
});

const ALL = parse(OPTIONS).environments[0].google as Record<string, unknown>;
const SINGLE = Object.keys(ALL).filter((key) => !['region', 'cidr', 'project'].includes(key));

test.each([...SINGLE, 'network', 'serviceAccounts'])('taking up %s moves no subnet, and replaces no rule, route or address', (option) => {
  const value = option === 'network' ? { name: 'corp-vpc' }
    : option === 'serviceAccounts' ? Object.fromEntries(['edge', 'payments', 'platform', 'reporting', 'ledger'].map((name) => [name, `${name}@acme-prod.iam.gserviceaccount.com`])) : ALL[option];
  const before = googleStack();
  const after = googleStack(google({ [option]: value }), before.lock).stack();
  // What a proxied segment leaves, what other addresses replace, and what is somebody else's network.
  const mayGo: Readonly<Record<string, RegExp>> = { secureWebProxy: /platform/, nat: /nat-address/, apis: /endpoints_route/, network: /^network_network|^network_[A-F0-9]+$/, serviceAccounts: /tag/ };
  for (const type of ['google_compute_network', 'google_compute_subnetwork', RULE, 'google_compute_route', 'google_compute_address', 'google_dns_managed_zone']) {
    for (const [name, config] of Object.entries(before.stack().resource![type] ?? {})) {
      const now = after.resource![type]?.[name];
      if (now === undefined) expect(name).toMatch(mayGo[option] ?? /^$/);
      else expect([name, now.priority, now.ip_cidr_range, now.dest_range]).toEqual([name, config.priority, config.ip_cidr_range, type === 'google_compute_route' && option === 'apis' ? now.dest_range : config.dest_range]);
    }
  }
});

describe('service accounts instead of secure tags', () => {
  const accounts = Object.fromEntries(['edge', 'payments', 'platform', 'reporting', 'ledger'].map((name) => [name, `${name}@acme-prod.iam.gserviceaccount.com`]));
  const given = googleStack(google({ serviceAccounts: accounts }));

  test('rules target accounts, sources are ranges, and no tag is made', () => {
    const rules = byRole(given.stack(), RULE);
    expect(given.stack().resource).not.toHaveProperty('google_tags_tag_value');
    expect(rules['hosts-payments-tls-443-0']).toMatchObject({ target_service_accounts: [accounts.payments] });
    expect(rules['in-payments-to-ledger'].match).toMatchObject({ src_ip_ranges: ['10.30.20.0/22'] });
    expect(rules['in-payments-to-ledger'].match).not.toHaveProperty('src_secure_tags');
    expect(Object.values(rules).filter(({ target_secure_tags: tags }) => tags)).toEqual([]);
  });

  test('every segment reaches what the policy says, and nothing is at fault', () => {
    const observed = observe(given.stack(), subjectOf(given.policy, 'prod', 'google'));
    expect(observed.faults).toEqual([]);
    for (const segment of given.policy.segments) {
      const { wayOut, ...expected } = expectationOf(given.policy, segment, 'google');
      const { wayOut: actual, ...rest } = observed.segments[segment.name]!;
      expect(rest).toEqual(expected);
      expect(wayOut).toContain(actual);
    }
  });

  test('an allow without its account is missed', () => {
    const broken = given.stack();
    for (const rule of Object.values(broken.resource![RULE]!)) if (rule.match.dest_fqdns) delete rule.target_service_accounts;
    expect(observe(broken, subjectOf(given.policy, 'prod', 'google')).faults.map(({ id }) => id)).toContain('rule-without-target');
  });

  test('the risk is said, and the review opens nothing', () => {
    expect(given.construct.summary.residualRisks.map(({ id }) => id)).toContain('account-is-identity');
    const { kinds } = review(given.stack(), given.policy);
    expect(Object.values(kinds)).not.toContain('open');
  });

  describe('whatever accounts are called, the review knows whose they are', () => {
    // Words of other segments, and of none.
    const names = ['ledger', 'svc-1', 'edge', 'payments', 'svc-2'];
    const named = googleStack(google({ serviceAccounts: Object.fromEntries(Object.keys(accounts).map((segment, index) => [segment, `${names[index]}@acme-prod.iam.gserviceaccount.com`])) }));
    const hosts = (stack: unknown) => Object.fromEntries(review(stack, named.policy).verdicts.filter(({ family }) => family === 4).map(({ place, kind, hosts: own }) => [place.segment, [kind, ...new Set(own.map(({ host }) => host))]]));
    const rule = (id: string, change: (config: any) => void) => {
      const stack = named.stack();
      change(byRole(stack, RULE)[id]);
      return stack;
    };

    test('each has the hosts of its segment', () => {
      expect(review(named.stack(), named.policy).findings).toEqual([]);
      expect(hosts(named.stack())).toEqual(Object.fromEntries(named.policy.segments.map(({ name }) => {
        const own = expectationOf(named.policy, named.policy.segments.find((each) => each.name === name)!, 'google').hosts.map((host) => host.split(' ')[1]!.split(':')[0]);
        return [name, own.length > 0 ? ['allowlisted', ...new Set(own)] : ['none']];
      }).map(([name, own]) => [name, expect.arrayContaining(own as string[])])));
    });

    test.each<[string, string, (config: any) => void, string]>([
      ['a host rule for the account of another segment', 'hosts-payments-tls-443-0', (config) => { config.target_service_accounts.push('edge@acme-prod.iam.gserviceaccount.com'); }, 'plan-and-policy-disagree'],
      ['an allow without its account', 'hosts-payments-tls-443-0', (config) => { delete config.target_service_accounts; }, 'rule-without-target'],
      ['a caller from a foreign network', 'in-payments-to-ledger', (config) => { config.match.src_ip_ranges = ['203.0.113.0/24']; }, 'unexpected-ingress'],
    ])('%s is found', (_, id, change, finding) => {
      expect(review(rule(id, change), named.policy).hits.map((hit) => hit.rule)).toContain(finding);
    });

    test('a segment whose account no rule names has nothing of the others', () => {
      const { policy, text } = googleStack(stringify({
        organization: 'acme',
        allow: [{ host: 'sftp.partner.com', from: ['app'], protocol: 'tcp', ports: [22], addresses: ['8.8.8.8'], owner: 'x', reason: 'x' }],
        segments: [{ name: 'app', tier: 'private' }, { name: 'store', tier: 'data' }],
        environments: [{ name: 'prod', google: { region: 'europe-west1', cidr: '10.30.0.0/16', project: 'acme-prod', serviceAccounts: { app: 'svc-1@acme-prod.iam.gserviceaccount.com', store: 'svc-2@acme-prod.iam.gserviceaccount.com' } } }],
      }));
      expect(review(text, policy).findings).toEqual([]);
    });

    test("a producer's network that keeps its way to the internet is found", () => {
      const stack = googleStack(google({ serviceAccounts: accounts, privateServicesAccess: { from: ['ledger'], ports: [5432] } })).stack();
      delete stack.resource!.google_service_networking_vpc_service_controls;
      expect(review(stack, named.policy).hits.map((hit) => hit.rule)).toContain('service-network-internet-route');
    });
  });
});

describe('a network that is there already', () => {
  const given = googleStack(google({ network: { name: 'corp-vpc', dnsPolicy: false } }));

  test('the review says that it does not know, and not that hosts of the policy file are missing', () => {
    const { findings, verdicts } = review(given.stack(), given.policy);
    expect(verdicts.map(({ kind }) => kind)).toContain('unknown');
    expect(findings.filter((finding) => finding.startsWith('plan-and-policy-disagree'))).toEqual([]);
  });

  test('subnets, tags, policy and association are made in it, and neither network nor DNS policy', () => {
    const stack = given.stack();
    expect(stack.resource).not.toHaveProperty('google_compute_network');
    expect(stack.resource).not.toHaveProperty('google_dns_policy');
    const [name] = Object.keys(stack.data!.google_compute_network!);
    const id = `\${data.google_compute_network.${name}.id}`;
    for (const type of ['google_compute_subnetwork', 'google_compute_route', 'google_compute_router']) {
      for (const { network } of Object.values(stack.resource![type]!)) expect(network).toBe(id);
    }
    const [association] = Object.values(stack.resource!.google_compute_network_firewall_policy_association!);
    expect(association!.attachment_target).toBe(id);
  });

  test('what is not known of it is a risk, and the review does not call it closed', () => {
    expect(given.construct.summary.residualRisks.find(({ id }) => id === 'existing-network')?.mitigation).toContain('BEFORE_CLASSIC_FIREWALL');
    expect(new Set(Object.values(review(given.stack(), given.policy).kinds))).toContain('unknown');
  });
});

describe('names that read alike when they are joined', () => {
  const file = (segments: string, google: string, allow = '') => `organization: acme
allow: [${allow}]
segments: [${segments}]
environments: [{ name: prod, google: { region: europe-west1, cidr: 10.30.0.0/16, project: acme-prod, ${google} } }]
`;
  const attachment = 'projects/vendor/regions/europe-west1/serviceAttachments/s';
  test.each([
    ['segments that call', '{ name: a, tier: private }, { name: a-to-b, tier: private }, { name: c, tier: data, accepts: [{ from: a-to-b, ports: [1] }] }, { name: b-to-c, tier: data, accepts: [{ from: a, ports: [1] }] }', '', 'out-a-to-b-to-c'],
    ["a caller of Google's", '{ name: iap, tier: private }, { name: b, tier: data, accepts: [{ from: iap, ports: [1] }] }', 'accepts: [{ from: iap, to: [b], ports: [22] }]', 'in-iap-to-b'],
    ['published services', '{ name: a, tier: private }, { name: a-to-b, tier: private }', `publishedServices: [{ name: c, attachment: ${attachment}, from: [a-to-b], ports: [1] }, { name: b-to-c, attachment: ${attachment}, from: [a], ports: [1] }]`, 'published-a-to-b-to-c'],
  ])('%s are refused with a name to change', (_, segments, google, id) => {
    expect(() => googleStack(file(segments, google))).toThrow(new RegExp(`'${id}' .*rename the segment or service`));
  });

  test('a segment behind the proxy that is named like a part of it', () => {
    const text = file('{ name: only-subnet, tier: private }', 'secureWebProxy: { segments: [only-subnet], certificate: projects/acme-prod/locations/europe-west1/certificates/proxy }', '{ host: api.stripe.com, from: [only-subnet], owner: x, reason: x }');
    expect(() => googleStack(text)).toThrow(/'proxy-only-subnet' .*rename the segment/);
  });
});

test('pods are of their segment: others call them, and know them by their range', () => {
  const rules = byRole(googleStack(fixture('google-options')).stack(), RULE);
  expect(rules['out-payments-to-platform'].match.dest_ip_ranges).toEqual(['10.30.40.0/22', '100.64.0.0/16']);
  expect(rules['in-payments-to-platform'].match).not.toHaveProperty('src_ip_ranges');
  const calling = byRole(googleStack(fixture('google-options').replace('segment: platform, pods', 'segment: payments, pods')).stack(), RULE);
  expect(calling['in-payments-to-platform'].match).toMatchObject({ src_ip_ranges: ['100.64.0.0/16'], src_secure_tags: [{ name: expect.stringContaining('tag-payments') }] });
  expect(calling['out-payments-to-platform'].match.dest_ip_ranges).toHaveLength(1);
});

test('what the proxy sends goes past the denies, and that is said', () => {
  const risks = (text: string) => googleStack(text).construct.summary.residualRisks.filter(({ id }) => id === 'proxy-past-denies').map(({ segments }) => segments);
  expect(risks(fixture('google-options'))).toEqual([['platform']]);
  expect(risks(fixture('google-options').replace(/\n *deny:.*/, ''))).toEqual([]);
});
