/** Checks that hold a plan against the policy file: each on a network that does what the file says, and on one that does not. */
import { stringify } from 'yaml';
import { parsePlan } from '../../../review/plan/load';
import { review as judge } from '../../../review/review';
import { policyOf, TODAY } from '../../fixtures/stacks';
import { add, broken, firewallPolicy, rules, change, all, outward, inspected, type Break } from './breaks';
import { review } from './reviewed';
import { line, ref, RULES, soundStack } from '../sound-stack';

describe('with a policy file', () => {
  const policy = (allow: string) => policyOf(`organization: acme
allow:
${allow}
segments:
  - { name: app, tier: private }
  - { name: vault, tier: data }
environments:
  - { name: prod, aws: { region: us-east-1, zones: 1, cidr: 10.0.0.0/16 } }
`).policy;
  const API = '  - { host: api.example.com, from: [app], owner: us, reason: api, expires: 2027-01-31 }';

  test('a plan that does what the policy says has no finding', () => {
    expect(review(soundStack(), policy(API)).findings).toEqual([]);
  });

  test('plan-and-policy-disagree: a host that is only in the plan, one that is only in the policy', () => {
    const { findings } = review(soundStack(), policy('  - { host: other.example.com, from: [app], owner: us, reason: api }'));
    expect(findings.filter(({ rule }) => rule === 'plan-and-policy-disagree').map(({ message }) => message)).toEqual([
      'the plan lets app reach tls api.example.com:443, and the policy does not',
      'the policy lets app reach tls other.example.com:443, and the plan does not',
    ]);
  });

  describe('that asks for more than the default', () => {
    const asking = (option: string) => policyOf(`organization: acme
allow: [{ host: api.example.com, from: [app], owner: us, reason: api, expires: 2027-01-31 }]
segments: [{ name: app, tier: private }, { name: vault, tier: data }]
environments: [{ name: prod, aws: { region: us-east-1, zones: 1, cidr: 10.0.0.0/16, ${option} } }]`).policy;
    const opened = asking('firewall: { tlsInspection: { certificateAuthority: "arn:aws:acm:us-east-1:111122223333:certificate/x", segments: [app] } }');
    const of = (id: string, stack: ReturnType<typeof soundStack>, wanted: ReturnType<typeof asking>) => review(stack, wanted).findings.filter(({ rule }) => rule === id).map(({ message }) => message);

    test('tls-inspection-scope-narrow: a segment that nothing opens, or on another port', () => {
      const narrow = (edit: Break) => of('tls-inspection-scope-narrow', broken(edit), opened);
      const missing = ['the policy wants the TLS of app opened, and no inspection in use opens it from 10.0.1.0/24 on 443'];
      expect(narrow(inspected)).toEqual([]);
      expect(narrow(() => undefined)).toEqual(missing);
      expect(narrow(all(inspected, (resource) => void (outward(resource).scope[0].destination_ports = [{ from_port: 8443, to_port: 8443 }])))).toEqual(missing);
      expect(narrow(all(inspected, (resource) => void (outward(resource).scope[0].source = [{ address_definition: '10.0.1.0/25' }])))).toEqual(missing);
      expect(narrow(all(inspected, (resource) => void delete firewallPolicy(resource).tls_inspection_configuration_arn))).toEqual(missing);
      expect(of('tls-inspection-scope-narrow', soundStack(), asking('dnsRedirection: trust'))).toEqual([]);
    });

    test('tls-inspection-revocation-off: certificates that the policy wants refused', () => {
      const wanting = (revocation: string) => asking(`firewall: { tlsInspection: { certificateAuthority: "arn:aws:acm:us-east-1:111122223333:certificate/x", segments: [app], revocation: ${revocation} } }`);
      const refusing = (status: object) => broken(all(inspected, (resource) => void (outward(resource).check_certificate_revocation_status = [status])));
      const told = (stack: ReturnType<typeof soundStack>, revocation: string) => of('tls-inspection-revocation-off', stack, wanting(revocation)).map((message) => message.replace(/^.* whose certificate is /, ''));
      expect(told(broken(inspected), '{ revoked: drop, unknown: pass }')).toEqual(['revoked, and the policy says drop']);
      expect(told(refusing({ revoked_status_action: 'REJECT', unknown_status_action: 'PASS' }), '{ revoked: drop, unknown: reject }')).toEqual(['perhaps revoked, and the policy says reject']);
      expect(told(refusing({ revoked_status_action: 'DROP', unknown_status_action: 'REJECT' }), '{ revoked: drop, unknown: reject }')).toEqual([]);
      expect(of('tls-inspection-revocation-off', broken(inspected), opened)).toEqual([]);
      const inward = broken(all(inspected, (resource) => Object.assign(outward(resource), { certificate_authority_arn: undefined, server_certificate: [{ resource_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/y' }] })));
      expect(told(inward, '{ revoked: drop, unknown: pass }')).toEqual([]);
    });

    test('plan-and-policy-disagree: endpoints, segments and zones that the plan lacks, each once', () => {
      const wanting = (services: string, option = 'zones: 1', segments = '') => policyOf(`organization: acme
allow: [{ host: api.example.com, from: [app], owner: us, reason: api, expires: 2027-01-31 }]
segments: [{ name: app, tier: private }, { name: vault, tier: data }${segments}]
privateServices: [${services}]
environments: [{ name: prod, aws: { region: us-east-1, cidr: 10.0.0.0/16, ${option} } }]`).policy;
      const lacking = (stack: ReturnType<typeof soundStack>, ...asked: Parameters<typeof wanting>) => review(stack, wanting(...asked)).findings
        .filter(({ rule }) => rule === 'plan-and-policy-disagree').map(({ severity, message, address }) => [severity, address, message]);
      const told = (severity: string, what: string) => [[severity, 'aws_vpc.main', what]];
      expect(lacking(soundStack(), 'logs')).toEqual([]);
      expect(lacking(soundStack(), 'logs, secrets')).toEqual(told('medium', 'the policy asks for private endpoints for kms, secretsmanager in aws_vpc.main, and the plan has none: their names lead to public addresses'));
      expect(lacking(broken((resource) => void delete resource.aws_vpc_endpoint), 'logs')).toEqual(told('low', 'the policy asks for private endpoints for logs in aws_vpc.main, and this plan makes none: unless another one does, their names lead to public addresses'));
      const gateway = (tables: readonly string[]) => add('aws_vpc_endpoint', 's3', { vpc_id: ref('aws_vpc', 'main'), service_name: 'com.amazonaws.us-east-1.s3', route_table_ids: tables.map((table) => ref('aws_route_table', table)) });
      expect(lacking(broken(gateway(['app', 'vault'])), 'logs, object-storage')).toEqual([]);
      expect(lacking(broken(gateway(['app'])), 'logs, object-storage')).toHaveLength(1);
      const asked = (users: string) => `zones: 1, gatewayEndpoints: { s3: { ranges: [3.5.0.0/20], segments: [${users}], interfaceEndpoint: false } }`;
      expect([lacking(broken(gateway(['app'])), 'logs, object-storage', asked('app')), lacking(broken(gateway(['app'])), 'logs, object-storage', asked('app, vault')).length]).toEqual([[], 1]);
      // What is not known, and names that lead to another network's endpoints, may be what is asked for.
      expect(lacking(broken(add('aws_vpc_endpoint', 'more', { vpc_id: ref('aws_vpc', 'main'), vpc_endpoint_type: 'Interface', service_name: '${var.service}' })), 'logs, secrets')).toEqual([]);
      expect(lacking(broken(add('aws_route53_zone', 'central', { name: 'secretsmanager.us-east-1.amazonaws.com', vpc: [{ vpc_id: ref('aws_vpc', 'main') }] })), 'logs, secrets')).toEqual([]);
      expect(lacking(soundStack(), 'logs', 'zones: 2', ', { name: edge, tier: public }')).toEqual(told('low', 'the policy has subnets for app in us-east-1b, edge, vault in us-east-1b in aws_vpc.main, and the plan has none'));
      const untagged = broken((resource) => void Object.values(resource.aws_subnet!).forEach((subnet) => delete subnet.tags));
      expect(lacking(untagged, 'logs', 'zones: 2').filter(([, , message]) => /subnets/.test(message!))).toEqual([]);
    });

    test('plan-and-policy-disagree: records in another kind of place, and another authority', () => {
      const told = (stack: ReturnType<typeof soundStack>, wanted: ReturnType<typeof asking>) => of('plan-and-policy-disagree', stack, wanted);
      const s3 = asking('logs: { destination: s3, bucket: "arn:aws:s3:::ours" }');
      expect(told(soundStack(), s3)).toEqual(['the policy wants records in s3, and the flow logs of aws_vpc.main go to cloud-watch-logs']);
      const second = { vpc_id: ref('aws_vpc', 'main'), traffic_type: 'ALL', log_destination_type: 's3', log_destination: 'arn:aws:s3:::ours' };
      expect([told(broken(add('aws_flow_log', 'second', second)), s3), told(broken(change('aws_flow_log', 'main', { log_destination_type: '${var.kind}' })), s3)]).toEqual([[], []]);
      const signed = (authority: string) => told(broken(all(inspected, (resource) => void (outward(resource).certificate_authority_arn = authority))), opened);
      const [NAMED, OTHER] = ['x', 'y'].map((name) => `arn:aws:acm:us-east-1:111122223333:certificate/${name}`) as [string, string];
      expect([signed(NAMED), signed('${aws_acm_certificate.own.arn}')]).toEqual([[], []]);
      expect(signed(OTHER)).toEqual([expect.stringMatching(` opens TLS with ${OTHER}, and the policy names ${NAMED}$`)]);
    });

    test('key-not-used: another key than the one that the policy names', () => {
      const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
      const logGroup = (kms_key_id?: string) => broken((resource) => {
        for (const type of ['firewall', 'firewall_policy', 'rule_group'].map((part) => `aws_networkfirewall_${part}`)) for (const part of Object.values(resource[type]!)) part.encryption_configuration = [{ type: 'CUSTOMER_KMS', key_id: KEY }];
        Object.assign(resource.aws_cloudwatch_log_group!.main!, kms_key_id === undefined ? {} : { kms_key_id });
        resource.aws_kms_key = { own: { enable_key_rotation: true } };
      });
      const told = (kmsKey: string | undefined, wanted = `kmsKey: "${KEY}"`) => of('key-not-used', logGroup(kmsKey), asking(wanted)).map((message) => message.replace('aws_cloudwatch_log_group.main is ', ''));
      expect([KEY, KEY.split('/')[1], 'alias/ours', '${var.key}'].map((each) => told(each))).toEqual([[], [], [], []]);
      expect(told(KEY.replace('1111-', '9999-'))).toEqual([`under ${KEY.replace('1111-', '9999-')}, while the policy names ${KEY}`]);
      expect(told('${aws_kms_key.own.arn}')).toEqual([`under aws_kms_key.own, while the policy names ${KEY}`]);
      expect(told(undefined)).toEqual([`encrypted by a key that AWS owns, while the policy names ${KEY}`]);
      expect(told('${aws_kms_key.own.arn}', 'kmsKey: create').filter((message) => message.startsWith('under'))).toEqual([]);
      expect(told(KEY, 'kmsKey: create')[0]).toBe(`under ${KEY}, while the policy wants a key that the plan makes (kmsKey: create)`);
      expect(of('key-not-used', soundStack(), asking('kmsKey: create'))).toHaveLength(4);
    });

    test('public-access-not-blocked: only where the policy wants the account blocked', () => {
      expect(of('public-access-not-blocked', soundStack(), asking('blockPublicAccess: account'))).toEqual(['the policy wants public access blocked in the account of aws_vpc.main, and the plan does not block it']);
      expect(of('public-access-not-blocked', soundStack(), asking('blockPublicAccess: exclusions'))).toEqual([]);
      expect(of('public-access-not-blocked', broken(add('aws_vpc_block_public_access_options', 'own', { internet_gateway_block_mode: 'block-bidirectional' })), asking('blockPublicAccess: account'))).toEqual([]);
      // Another file may be for another account.
      const files = (...stacks: readonly object[]) => stacks.map((stack, at) => ({ ...parsePlan(JSON.stringify(stack), 'cdk.tf.json'), stack: `f${at}` }));
      const inputs = files(soundStack(), { resource: { aws_vpc_block_public_access_options: { own: { internet_gateway_block_mode: 'block-bidirectional' } } } });
      expect(judge({ inputs, policy: asking('blockPublicAccess: account'), today: TODAY, together: true }).findings.map(({ rule }) => rule)).toContain('public-access-not-blocked');
    });

    test('log-sent-elsewhere: a place that neither the plan makes nor the policy names', () => {
      const records = (log_destination: string, option = 'dnsRedirection: trust') => of('log-sent-elsewhere', broken(change('aws_flow_log', 'main', { log_destination, log_destination_type: 's3' })), asking(option));
      expect(records('arn:aws:s3:::theirs')).toEqual(['aws_flow_log.main sends records to arn:aws:s3:::theirs, which neither the plan makes nor the policy names']);
      expect(records('arn:aws:s3:::ours/flow', 'logs: { destination: s3, bucket: "arn:aws:s3:::ours" }')).toEqual([]);
      expect(records('arn:aws:s3:::theirs', 'logs: { destination: s3, bucket: "arn:aws:s3:::ours" }')).toHaveLength(1);
      const alerts = (log_destination: object) => of('log-sent-elsewhere', broken((resource) => void (resource.aws_networkfirewall_logging_configuration!.main!.logging_configuration.log_destination_config[0].log_destination = log_destination)), asking('dnsRedirection: trust'));
      expect(alerts({ logGroup: 'theirs' })).toHaveLength(1);
      expect(alerts({ logGroup: 'main' })).toEqual([]);
      expect(of('log-sent-elsewhere', broken(add('aws_route53_resolver_query_log_config', 'more', { name: 'more', destination_arn: 'arn:aws:firehose:us-east-1:999999999999:deliverystream/theirs' })), asking('dnsRedirection: trust'))).toHaveLength(1);
    });

    test('a network that another plan makes, and this one looks up, is not this plan\'s business', () => {
      const looking = { resource: { aws_sqs_queue: { own: { name: 'own' } } }, data: { aws_vpc: { there: { id: 'vpc-1', cidr_block: '10.0.0.0/16' } } } };
      expect(review(looking, asking('blockPublicAccess: account')).rules).toEqual([]);
    });

    test('log-retention-short: less than the policy says', () => {
      expect(of('log-retention-short', soundStack(), asking('logs: { destination: cloudwatch, retentionDays: 731 }'))).toEqual(['aws_cloudwatch_log_group.main keeps network logs for 365 days']);
      expect(of('log-retention-short', soundStack(), asking('logs: { destination: cloudwatch, retentionDays: 90 }'))).toEqual([]);
    });

    test('endpoint-writes-elsewhere: another organization or account than the policy\'s', () => {
      const serving = (Condition: object, option: string, more: object = {}) => of('endpoint-writes-elsewhere', broken((resource) => void (resource.aws_vpc_endpoint!.logs!.policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: Condition }, ...more }] }))), asking(option)).map((message) => message.replace('aws_vpc_endpoint.logs lets data be put into ', ''));
      expect(serving({ 'aws:ResourceOrgID': 'o-bbbbbbbbbb' }, 'organizationId: o-aaaaaaaaaa')).toEqual(['o-bbbbbbbbbb, and the organization is o-aaaaaaaaaa']);
      expect(serving({ 'aws:ResourceOrgID': 'o-aaaaaaaaaa' }, 'organizationId: o-aaaaaaaaaa')).toEqual([]);
      expect(serving({ 'aws:ResourceAccount': '999999999999' }, 'account: "111122223333"')).toEqual(['999999999999, and the plan is of 111122223333']);
      const bucket = (name: string) => ({ Condition: undefined, Resource: `arn:aws:s3:::${name}/*` });
      expect(serving({}, 'readableBuckets: [theirs]', bucket('theirs'))).toEqual(['arn:aws:s3:::theirs/*, which the policy has for reading alone']);
      expect(serving({}, 'logs: { destination: s3, bucket: "arn:aws:s3:::ours" }', bucket('ours'))).toEqual([]);
      expect(serving({}, 'readableBuckets: [al2023-repos-us-east-1-de612dc2]', bucket('al2023-repos-us-east-1-de612dc2'))).toEqual(['arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*, which the policy has for reading alone']);
    });

    test('dns-redirection-trusted: only where the policy wants each name of a chain', () => {
      const trusting = broken(change('aws_route53_resolver_firewall_rule', 'hosts', { firewall_domain_redirection_action: 'TRUST_REDIRECTION_DOMAIN' }));
      expect(of('dns-redirection-trusted', trusting, asking('dnsRedirection: inspect'))).toEqual([
        'aws_route53_resolver_firewall_rule.hosts lets its names lead to any other by CNAME, and the policy wants each name of a chain to be allowed',
      ]);
      expect([of('dns-redirection-trusted', trusting, asking('dnsRedirection: trust')), of('dns-redirection-trusted', soundStack(), asking('dnsRedirection: inspect'))]).toEqual([[], []]);
    });
  });

  test('plan-and-policy-disagree: addresses are compared as addresses, however they are cut', () => {
    const files = '  - { host: sftp.example.com, protocol: tcp, ports: [443], addresses: [9.9.9.0/25, 9.9.9.128/25], from: [app], owner: us, reason: files }';
    const addressed = (blocks: string) => review(broken(rules((lines) => [`pass tcp 10.0.1.0/24 any -> ${blocks} 443 (flow:to_server; sid:901; rev:1;)`, ...lines])), policy(`${API}\n${files}`)).findings
      .filter(({ rule }) => rule === 'plan-and-policy-disagree').map(({ message }) => message);
    expect(addressed('[9.9.9.0/25,9.9.9.128/25]')).toEqual([]);
    expect(addressed('[9.9.9.0/25,9.9.9.128/26]')).toEqual(['the policy lets app reach tcp 9.9.9.192/26:443, and the plan does not']);
    expect(addressed('[9.9.9.0/24,8.8.8.8]')).toEqual(['the plan lets app reach tcp 8.8.8.8/32:443, and the policy does not']);
    const grouped = broken((resource) => {
      rules((lines) => ['pass tcp 10.0.1.0/24 any -> 9.9.9.0/24 443 (flow:to_server; sid:901; rev:1;)', ...lines])(resource);
      change('aws_security_group', 'app', { egress: [line({ from_port: 443, to_port: 443, cidr_blocks: ['9.9.9.0/25'] })] })(resource);
    });
    expect(review(grouped, policy(`${API}\n${files}`)).findings.filter(({ rule }) => rule === 'plan-and-policy-disagree').map(({ message }) => message)).toEqual(['the policy lets app reach tcp 9.9.9.128/25:443, and the plan does not']);
  });

  describe('and a domain list', () => {
    const listed = (targets: string[], before: readonly string[], behind: readonly string[] = [], without = /^never/) => broken((resource) => {
      const [pass, ...all] = RULES.slice(1);
      const floor = [...behind, ...all.filter((text) => !without.test(text))];
      const lifecycle = { create_before_destroy: true };
      expect(pass).toMatch(/^pass tls/);
      resource.aws_networkfirewall_rule_group = {
        gate: { name: 'gate', type: 'STATEFUL', capacity: 100, lifecycle, rule_group: { rules_source: { rules_string: before.join('\n') }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } },
        main: { name: 'main', type: 'STATEFUL', capacity: 100, lifecycle, rule_group: { rules_source: { rules_source_list: { generated_rules_type: 'ALLOWLIST', target_types: ['TLS_SNI'], targets } }, rule_variables: { ip_sets: [{ key: 'HOME_NET', ip_set: { definition: ['10.0.1.0/24'] } }] }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } },
        floor: { name: 'floor', type: 'STATEFUL', capacity: 100, lifecycle, rule_group: { rules_source: { rules_string: floor.join('\n') }, stateful_rule_options: { rule_order: 'STRICT_ORDER' } } },
      };
      firewallPolicy(resource).stateful_rule_group_reference = ['gate', 'main', 'floor'].map((name, index) => ({ priority: index + 1, resource_arn: ref('aws_networkfirewall_rule_group', name, 'arn') }));
    });
    const PORTS = 'drop tcp 10.0.1.0/24 any -> any ![443,8443] (flow:to_server; sid:101; rev:1;)';
    const RECORD = 'alert tls 10.0.1.0/24 any -> any 443 (flow:to_server,established; ssl_state:client_hello; sid:103; rev:1;)';
    const TLS = 'drop tls 10.0.1.0/24 any -> any !443 (flow:to_server,established; ssl_state:client_hello; sid:102; rev:1;)';

    test('of exact names behind rules for their ports has no finding', () => {
      expect(review(listed(['api.example.com'], [PORTS, TLS, RECORD]), policy(API)).findings).toEqual([]);
    });

    test.each([
      ['no record of names', [PORTS, TLS], []],
      ['a record of some sources', [PORTS, TLS, RECORD.replace('10.0.1.0/24', '10.0.1.0/25')], []],
      ['a record of one name', [PORTS, TLS, RECORD.replace('ssl_state:client_hello', 'tls.sni; content:"x"')], []],
      ['a record behind it', [PORTS, TLS], [RECORD]],
    ])('allowed-traffic-unlogged, for information: %s', (_, before, behind) => {
      const { findings } = review(listed(['api.example.com'], before, behind), policy(API));
      expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([['allowed-traffic-unlogged', 'info']]);
    });

    test.each<[string, RegExp, string]>([
      ['other names', /ssl_state:client_hello/, 'server names that no rule allows'],
      ['other protocols', /app-layer-protocol:!/, 'other protocols on allowed ports'],
      ['streams without a name', /stream_size:client/, 'streams without a name'],
    ])('firewall-floor-missing: %s', (_, floor, what) => {
      const { findings } = review(listed(['api.example.com'], [PORTS, TLS, RECORD], [], floor), policy(API));
      expect(findings.find(({ rule }) => rule === 'firewall-floor-missing')?.message).toContain(what);
    });

    test('domain-list-loose: the apex, and a port of another', () => {
      const { findings } = review(listed(['.example.com'], [PORTS]), policy(API.replace('api.example.com', '"*.example.com", wildcard: many')));
      expect(findings.filter(({ rule }) => rule === 'domain-list-loose').map(({ message }) => message)).toEqual([
        'app may reach tls .example.com with more than the policy says: the apex example.com',
      ]);
      expect(findings.filter(({ rule }) => rule === 'plan-and-policy-disagree')).toEqual([]);
    });

    test('plan-and-policy-disagree: a name that no rule of the segment has', () => {
      const { rules } = review(listed(['api.example.com', 'evil.example.org'], [PORTS, TLS]), policy(API));
      expect(rules).toContain('plan-and-policy-disagree');
    });
  });

  test('expired-host', () => {
    const { findings } = review(soundStack(), policy(API), '2027-02-01');
    expect(findings).toEqual([expect.objectContaining({ rule: 'expired-host', segment: 'app', message: 'tls api.example.com:443 is allowed until 2027-01-31 (us: api)' })]);
  });
});

test.each<[string, object, readonly string[]]>([
  ['a wildcard with a reason', { host: '*.docker.io', wildcard: 'shards' }, []],
  ['the same wildcard, and only its exact names in the policy', { host: 'a.docker.io' }, ['wildcard-host']],
])('wildcard-host: %s', (_, rule, expected) => {
  const stack = broken(rules((lines) => lines.map((text) => text.replace('content:"api.example.com"; startswith; endswith; nocase', 'content:".docker.io"; endswith; nocase; bsize:>10'))));
  const { policy } = policyOf(stringify({
    organization: 'acme', allow: [{ from: ['app'], owner: 'us', reason: 'images', ...rule }], segments: [{ name: 'app', tier: 'private' }, { name: 'vault', tier: 'data' }],
    environments: [{ name: 'prod', aws: { region: 'us-east-1', zones: 1, cidr: '10.0.0.0/16' } }],
  }));
  const found = review(stack, policy).findings.filter((finding) => finding.rule === 'wildcard-host');
  expect(found.map((finding) => finding.rule)).toEqual(expected);
  for (const { message, witness } of found) {
    expect(message).toContain('*.docker.io');
    expect(witness?.length).toBeGreaterThan(0);
  }
  expect(review(stack).findings.filter((finding) => finding.rule === 'wildcard-host')).toEqual([expect.objectContaining({ severity: 'low', message: expect.stringContaining('no policy file was given') })]);
});

test('ownerless-host: a place that is no segment reaches a host that is in no rule; a rule without an owner', () => {
  const text = (name: string, host: string) => stringify({
    organization: 'acme', allow: [{ host, from: [name], owner: 'us', reason: 'api' }], segments: [{ name, tier: 'private' }],
    environments: [{ name: 'prod', aws: { region: 'us-east-1', zones: 1, cidr: '10.0.0.0/16' } }],
  });
  const ownerless = (policy: ReturnType<typeof policyOf>['policy']) => review(soundStack(), policy).findings.filter(({ rule }) => rule === 'ownerless-host').map(({ message }) => message);
  expect(ownerless(policyOf(text('app', 'api.example.com')).policy)).toEqual([]);
  expect(ownerless(policyOf(text('other', 'x.example.com')).policy)).toEqual(['nobody owns tls api.example.com:443: app is no segment of the policy, and the host is not in it']);
  const { policy } = policyOf(text('app', 'api.example.com'));
  expect(ownerless({ ...policy, allow: policy.allow.map((rule) => ({ ...rule, owner: ' ' })) })).toEqual(['nobody owns tls api.example.com:443: its rule names no owner']);
});
