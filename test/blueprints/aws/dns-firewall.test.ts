import { AwsDnsFirewall, type AwsDnsFirewallProps } from '../../../blueprints/aws/dns-firewall';
import { internalNames } from '../../../blueprints/aws/dns-names';
import { allow, awsPolicy, awsStack, bodies, synthesize } from './policies';

const props: AwsDnsFirewallProps = {
  name: 'acme-test', region: 'us-east-1', vpcs: [{ name: 'network', id: 'vpc-1' }], segments: ['ledger', 'payments'],
  rules: [allow('api.stripe.com'), allow('*.docker.io'), allow('sftp.partner.com', { protocol: 'tcp', ports: [22], addresses: ['203.0.113.1/32'] })],
  services: [{ name: 'logs' }],
};
const made = (over: Partial<AwsDnsFirewallProps> = {}) => synthesize((stack) => new AwsDnsFirewall(stack, 'dns', { ...props, ...over }));
const construct = (over: Partial<AwsDnsFirewallProps> = {}) => {
  let result!: AwsDnsFirewall;
  synthesize((stack) => (result = new AwsDnsFirewall(stack, 'dns', { ...props, ...over })));
  return result;
};
const stackOf = (allowed: string) => awsStack(awsPolicy(allowed, '[{ name: payments, tier: private }, { name: ledger, tier: data }]', '[logs]'));
const domains = (stack: ReturnType<typeof made>, role: string): readonly string[] => bodies(stack, 'aws_route53_resolver_firewall_domain_list').find(({ name }) => name.endsWith(`-${role}`))?.domains.map((name: string) => name.replace(/\.$/, ''));
/** What of the rules matters, in the order of evaluation. */
const rules = (stack: ReturnType<typeof made>) => bodies(stack, 'aws_route53_resolver_firewall_rule').sort((a, b) => a.priority - b.priority)
  .map(({ name, action, block_response, q_type, firewall_domain_redirection_action: redirection }) => [name.replace('acme-test-dns-', ''), action, block_response ?? q_type, redirection.split('_')[0]]);

describe('GIVEN a policy', () => {
  test('THEN its hosts are resolved as they are written, over whatever protocol, and everything else is not there', () => {
    expect(domains(made(), 'hosts-1')).toEqual(['*.docker.io', 'api.stripe.com', 'sftp.partner.com']);
    expect(domains(made(), 'everything')).toEqual(['*']);
    expect(rules(made())).toEqual([
      ['https', 'BLOCK', 'NODATA', 'INSPECT'],
      ['internal', 'ALLOW', undefined, 'TRUST'],
      ['hosts-1', 'ALLOW', undefined, 'TRUST'],
      ['everything', 'BLOCK', 'NXDOMAIN', 'INSPECT'],
    ]);
  });

  test('THEN each name has the dot that AWS adds, so that the next plan is empty', () => {
    for (const list of bodies(made(), 'aws_route53_resolver_firewall_domain_list')) for (const name of list.domains) expect(name).toMatch(/^[^.].*\.$/);
    expect(construct().allowedNames).toContain('api.stripe.com');
  });

  test('THEN only the rule against HTTPS records has a type, and each rule a list of its own', () => {
    const all = bodies(made(), 'aws_route53_resolver_firewall_rule');
    expect(all.filter(({ q_type }) => q_type).map(({ name, q_type }) => [name, q_type])).toEqual([['acme-test-dns-https', 'TYPE65']]);
    expect(new Set(all.map(({ firewall_domain_list_id }) => firewall_domain_list_id)).size).toBe(all.length);
  });

  test('THEN every VPC fails closed, is logged, and is filtered only once every rule is there', () => {
    const stack = made({ vpcs: [{ name: 'two', id: 'vpc-2' }, { name: 'one', id: 'vpc-1' }] });
    expect(bodies(stack, 'aws_route53_resolver_firewall_config')).toHaveLength(2);
    for (const config of bodies(stack, 'aws_route53_resolver_firewall_config')) expect(config.firewall_fail_open).toBe('DISABLED');
    expect(bodies(stack, 'aws_route53_resolver_query_log_config_association').map(({ resource_id }) => resource_id).sort()).toEqual(['vpc-1', 'vpc-2']);
    for (const association of bodies(stack, 'aws_route53_resolver_firewall_rule_group_association')) {
      expect(association).toMatchObject({ priority: 101, mutation_protection: 'ENABLED', lifecycle: { prevent_destroy: true } });
      expect(association.depends_on).toHaveLength(1 + 4);
    }
  });

  test('THEN it says where it logs and what remains possible, for every segment', () => {
    const { logDestinations, residualRisks } = construct();
    expect(logDestinations.map(({ kind }) => kind)).toEqual(['dns']);
    expect(residualRisks.map(({ id, segments }) => [id, segments])).toEqual([
      ['dns-per-network', ['ledger', 'payments']], ['dns-redirection-trusted', ['ledger', 'payments']], ['dns-tunnelling', ['ledger', 'payments']],
    ]);
    expect(residualRisks[2]!.summary).toContain('below *.docker.io');
  });

  test('WHEN no host is a wildcard THEN what remains of tunnelling is a slow signal', () => {
    expect(construct({ rules: [allow('api.stripe.com')] }).residualRisks.find(({ id }) => id === 'dns-tunnelling')!.summary).toMatch(/slow signal/);
  });

  test('WHEN CNAMEs are inspected THEN no rule trusts them, and the risk is gone', () => {
    expect(rules(made({ redirection: 'inspect' })).map((rule) => rule[3])).toEqual(['INSPECT', 'INSPECT', 'INSPECT', 'INSPECT']);
    expect(construct({ redirection: 'inspect' }).residualRisks.map(({ id }) => id)).not.toContain('dns-redirection-trusted');
  });

  test('WHEN protection is off THEN the filter can be taken off', () => {
    const [association] = bodies(made({ deletionProtection: false }), 'aws_route53_resolver_firewall_rule_group_association');
    expect(association).toMatchObject({ mutation_protection: 'DISABLED' });
    expect(association.lifecycle).toBeUndefined();
  });

  test('WHEN retention, key and answer are given THEN they hold', () => {
    const stack = made({ logRetentionDays: 731, logKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/1', blockResponse: 'NODATA' });
    expect(bodies(stack, 'aws_cloudwatch_log_group')[0]).toMatchObject({ retention_in_days: 731, kms_key_id: 'arn:aws:kms:us-east-1:111122223333:key/1' });
    expect(rules(stack).at(-1)).toEqual(['everything', 'BLOCK', 'NODATA', 'INSPECT']);
  });
});

describe('GIVEN no allowed host', () => {
  test('THEN the network resolves its own names and nothing else', () => {
    const stack = stackOf('[]');
    expect(bodies(stack, 'aws_route53_resolver_firewall_rule').map(({ name }) => name.replace('acme-test-dns-', '')).sort()).toEqual(['everything', 'https', 'internal']);
    expect(domains(stack, 'internal')).toEqual(['*.ec2.internal', '*.us-east-1.compute.internal', '*.us-east-1.vpce.amazonaws.com', 'logs.us-east-1.amazonaws.com']);
    expect(construct({ rules: [] }).residualRisks).toEqual([]);
  });
});

test('a host more changes the domain list and nothing else of DNS', () => {
  const dnsOf = (stack: ReturnType<typeof made>) => Object.fromEntries(Object.entries<any>(stack.resource!).filter(([type]) => type.includes('resolver')));
  const [before, after] = [stackOf('[{ host: b.stripe.com, from: [payments], owner: o, reason: r }]'), stackOf('[{ host: b.stripe.com, from: [payments], owner: o, reason: r }, { host: a.stripe.com, from: [payments], owner: o, reason: r }]')].map(dnsOf);
  for (const list of Object.values<any>(after!.aws_route53_resolver_firewall_domain_list)) list.domains = list.domains.filter((name: string) => name !== 'a.stripe.com.');
  expect(after).toEqual(before);
});

test('when a list is cut, the list that loses names waits for those that take them', () => {
  const stack = made({ rules: Array.from({ length: 2_500 }, (_, index) => allow(`h${index}.example.com`)) });
  const list = bodies(stack, 'aws_route53_resolver_firewall_domain_list').find(({ name }) => name.endsWith('hosts-1'));
  expect(list.depends_on.map((address: string) => /rule-(hosts-\d)/.exec(address)![1])).toEqual(['hosts-2', 'hosts-3']);
});

describe('internal names', () => {
  const names = (over: object = {}) => internalNames({ region: 'eu-west-1', services: [], privateZones: [], ...over });

  test('without services: those of instances', () => {
    expect(names()).toEqual(['*.eu-west-1.compute.internal']);
  });

  test('of services: as their clients ask for them', () => {
    const all = names({ services: ['container-registry', 'kubernetes', 'database', 'secrets'].map((name) => ({ name })) });
    for (const name of [
      'api.ecr.eu-west-1.amazonaws.com', '*.dkr.ecr.eu-west-1.amazonaws.com', '*.s3.eu-west-1.amazonaws.com', '*.eu-west-1.eks.amazonaws.com',
      'eks-auth.eu-west-1.api.aws', 'sts.eu-west-1.amazonaws.com', 'dynamodb.eu-west-1.amazonaws.com', '*.eu-west-1.rds.amazonaws.com', 'kms.eu-west-1.amazonaws.com',
    ]) expect(all).toContain(name);
    for (const name of all) expect(name).toMatch(/eu-west-1|^(\*\.)?s3\.amazonaws\.com$/);
  });

  test('of services by AWS\'s name: turned round; a full name is left to its owner', () => {
    expect(names({ services: [{ name: 'codeartifact.api', cloud: 'aws' }] })).toContain('api.codeartifact.eu-west-1.amazonaws.com');
    expect(names({ services: [{ name: 'com.amazonaws.vpce.eu-west-1.vpce-svc-1', cloud: 'aws' }] })).toEqual(['*.eu-west-1.compute.internal', '*.eu-west-1.vpce.amazonaws.com']);
  });

  test('of the team\'s zones: the zone and all below it', () => {
    expect(names({ privateZones: ['corp.example.com'] })).toEqual(expect.arrayContaining(['corp.example.com', '*.corp.example.com']));
  });
});

describe('it refuses, with the way out,', () => {
  test.each<[string, Partial<AwsDnsFirewallProps>, RegExp]>([
    ['a star as a zone', { privateZones: ['*'] }, /'\*' is no private zone; write its name/],
    ['a zone with its dot', { privateZones: ['corp.example.com.'] }, /no private zone/],
    ['a single word as a zone', { privateZones: ['com'] }, /no private zone/],
    ['a public suffix as a zone', { privateZones: ['co.uk'] }, /'co.uk' is a public suffix, and every domain below it/],
    ['no vpc', { vpcs: [] }, /filters no vpc; pass vpcs/],
    ['a vpc without a usable name', { vpcs: [{ name: 'a b', id: 'vpc-1' }] }, /'a b' cannot name a vpc/],
    ['two vpcs of one name', { vpcs: [{ name: 'a', id: 'vpc-1' }, { name: 'a', id: 'vpc-2' }] }, /two vpcs are named 'a'/],
    ['a priority that is Firewall Manager\'s', { priority: 100 }, /priority is 101 to 8,999/],
    ['a priority behind all others', { priority: 9_000 }, /priority is 101 to 8,999, and '9000' is not/],
    ['more names than the account takes', { domainQuota: 8 }, /needs 9 domains, and the account takes 8; use wildcards, or raise the quota and set 'domainQuota'/],
    ['more hosts than lists take', { rules: Array.from({ length: 70_000 }, (_, index) => allow(`h${index}.example.com`)) }, /do not fit into 64 domain lists/],
  ])('%s', (_, over, message) => {
    expect(() => made(over)).toThrow(message);
  });

  test('all at once', () => {
    expect(() => made({ vpcs: [], privateZones: ['*'], priority: 1 })).toThrow(/no private zone[\s\S]*pass vpcs[\s\S]*priority/);
  });
});

test('10,000 hosts are sixteen lists and their rules', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => allow(`h${index}.example.com`));
  const stack = made({ rules: many });
  expect(bodies(stack, 'aws_route53_resolver_firewall_rule')).toHaveLength(16 + 3);
});
