/** The stand-in alone, without Terraform: it must refuse what AWS refuses. */
import { answer } from './json-service';
import { route53Resolver } from './route53-resolver-endpoint';

function fresh(settleTime = 0) {
  let time = 0;
  const service = route53Resolver({ account: '123456789012', region: 'us-east-1', settleTime, now: () => time });
  const call = async (operation: string, input: object = {}): Promise<any> => {
    const { status, body } = await answer(service, operation, JSON.stringify(input));
    const result = JSON.parse(body);
    return status === 200 ? result : { error: result.__type, message: result.Message };
  };
  return { call, wait: (milliseconds: number) => { time += milliseconds; } };
}

/** A group with one rule that blocks everything. */
async function withRule(over: object = {}) {
  const service = fresh();
  const { FirewallDomainList: { Id: list } } = await service.call('CreateFirewallDomainList', { Name: 'all' });
  const { FirewallRuleGroup: { Id: group } } = await service.call('CreateFirewallRuleGroup', { Name: 'group' });
  const rule = { FirewallRuleGroupId: group, FirewallDomainListId: list, Name: 'all', Priority: 100, Action: 'BLOCK', BlockResponse: 'NXDOMAIN', ...over };
  return { ...service, list, group, rule, made: await service.call('CreateFirewallRule', rule) };
}

describe('domain lists', () => {
  const update = (Domains: string[], Operation = 'REPLACE') => ({ Operation, Domains });
  const withList = async () => {
    const service = fresh();
    const { FirewallDomainList: { Id } } = await service.call('CreateFirewallDomainList', { Name: 'list' });
    return { ...service, update: (domains: string[], operation?: string) => service.call('UpdateFirewallDomains', { FirewallDomainListId: Id, ...update(domains, operation) }), read: () => service.call('ListFirewallDomains', { FirewallDomainListId: Id, MaxResults: 5 }) };
  };

  test('give names back with a dot, by page', async () => {
    const { update: change, read } = await withList();
    await change(['a.com', '*.B.com', '*', 'c.com', 'd.com', 'e.com']);
    expect(await read()).toEqual({ Domains: ['a.com.', '*.b.com.', '*.', 'c.com.', 'd.com.'], NextToken: '5' });
  });

  test('can be added to and taken from', async () => {
    const { update: change, read } = await withList();
    await change(['a.com'], 'ADD');
    await change(['b.com'], 'ADD');
    await change(['a.com'], 'REMOVE');
    expect(await read()).toEqual({ Domains: ['b.com.'] });
  });

  test.each([['a star inside', ['a.*.com']], ['a URL', ['https://a.com']], ['too many at once', Array.from({ length: 1_001 }, (_, i) => `h${i}.com`)]])('refuse %s', async (_, domains) => {
    expect(await (await withList()).update(domains)).toMatchObject({ error: 'ValidationException' });
  });

  test('stay as long as a rule uses them', async () => {
    const { call, list, rule } = await withRule();
    expect(await call('DeleteFirewallDomainList', { FirewallDomainListId: list })).toMatchObject({ error: 'ConflictException', message: expect.stringContaining('all') });
    await call('DeleteFirewallRule', rule);
    expect(await call('DeleteFirewallDomainList', { FirewallDomainListId: list })).not.toHaveProperty('error');
    expect(await call('GetFirewallDomainList', { FirewallDomainListId: list })).toMatchObject({ error: 'ResourceNotFoundException' });
  });

  test('take time to change', async () => {
    const { call, wait } = fresh(1_000);
    const { FirewallDomainList } = await call('CreateFirewallDomainList', { Name: 'list' });
    expect(FirewallDomainList.Status).toBe('UPDATING');
    wait(1_000);
    expect(await call('GetFirewallDomainList', { FirewallDomainListId: FirewallDomainList.Id })).toMatchObject({ FirewallDomainList: { Status: 'COMPLETE' } });
  });
});

describe('rules', () => {
  test.each<[string, object, string]>([
    ['an action that does not exist', { Action: 'DROP' }, 'ValidationException'],
    ['a block without an answer', { BlockResponse: undefined }, 'ValidationException'],
    ['an answer to what is allowed', { Action: 'ALLOW' }, 'ValidationException'],
    ['a query type that does not exist', { Qtype: 'HTTPS' }, 'ValidationException'],
    ['a list that does not exist', { FirewallDomainListId: 'rslvr-fdl-0' }, 'ResourceNotFoundException'],
  ])('refuse %s', async (_, over, error) => {
    expect((await withRule(over)).made).toMatchObject({ error });
  });

  test('have one place and one list each, and inspect CNAMEs unless told otherwise', async () => {
    const { call, rule, made } = await withRule();
    expect(made.FirewallRule).toMatchObject({ FirewallDomainRedirectionAction: 'INSPECT_REDIRECTION_DOMAIN' });
    expect(await call('CreateFirewallRule', { ...rule, Priority: 200 })).toMatchObject({ error: 'ConflictException' });
    expect(await call('CreateFirewallRule', { ...rule, Qtype: 'TYPE65' })).toMatchObject({ error: 'ConflictException', message: expect.stringContaining('priority 100') });
    expect(await call('CreateFirewallRule', { ...rule, Qtype: 'TYPE65', Priority: 50 })).not.toHaveProperty('error');
    expect((await call('ListFirewallRules', rule)).FirewallRules.map(({ Priority }: any) => Priority)).toEqual([50, 100]);
  });
});

describe('associations', () => {
  const withFilter = async (MutationProtection: string) => {
    const service = await withRule();
    const associate = (over: object = {}) => service.call('AssociateFirewallRuleGroup', { FirewallRuleGroupId: service.group, VpcId: 'vpc-1', Name: 'filter', Priority: 101, MutationProtection, ...over });
    return { ...service, associate, id: { FirewallRuleGroupAssociationId: (await associate()).FirewallRuleGroupAssociation.Id } };
  };

  test('hold on to their group, and are made once per VPC', async () => {
    const { call, associate, group, rule, id } = await withFilter('DISABLED');
    expect(await associate({ Priority: 102 })).toMatchObject({ error: 'ConflictException' });
    await call('DeleteFirewallRule', rule);
    expect(await call('DeleteFirewallRuleGroup', { FirewallRuleGroupId: group })).toMatchObject({ error: 'ConflictException', message: expect.stringContaining('vpc-1') });
    await call('DisassociateFirewallRuleGroup', id);
    expect(await call('DeleteFirewallRuleGroup', { FirewallRuleGroupId: group })).not.toHaveProperty('error');
  });

  test('protected, neither go nor change until the protection is off', async () => {
    const { call, id } = await withFilter('ENABLED');
    expect(await call('DisassociateFirewallRuleGroup', id)).toMatchObject({ error: 'AccessDeniedException' });
    expect(await call('UpdateFirewallRuleGroupAssociation', { ...id, Priority: 500 })).toMatchObject({ error: 'AccessDeniedException' });
    await call('UpdateFirewallRuleGroupAssociation', { ...id, MutationProtection: 'DISABLED' });
    expect(await call('DisassociateFirewallRuleGroup', id)).not.toHaveProperty('error');
  });

  test.each([100, 9_000])('refuse the priority %i', async (Priority) => {
    expect(await (await withFilter('DISABLED')).associate({ VpcId: 'vpc-2', Priority })).toMatchObject({ error: 'ValidationException' });
  });
});

test('a VPC has one setting for when the filter is out of order', async () => {
  const { call } = fresh();
  await call('UpdateFirewallConfig', { ResourceId: 'vpc-1', FirewallFailOpen: 'ENABLED' });
  await call('UpdateFirewallConfig', { ResourceId: 'vpc-1', FirewallFailOpen: 'DISABLED' });
  expect((await call('ListFirewallConfigs')).FirewallConfigs).toEqual([expect.objectContaining({ ResourceId: 'vpc-1', FirewallFailOpen: 'DISABLED' })]);
  expect(await call('UpdateFirewallConfig', { ResourceId: 'vpc-1', FirewallFailOpen: 'MAYBE' })).toMatchObject({ error: 'ValidationException' });
});

test('a query log stays as long as a VPC writes to it', async () => {
  const { call } = fresh();
  expect(await call('CreateResolverQueryLogConfig', { Name: 'log', DestinationArn: 'arn:aws:sqs:us-east-1:1:q' })).toMatchObject({ error: 'InvalidParameterException' });
  const { ResolverQueryLogConfig: { Id, Arn } } = await call('CreateResolverQueryLogConfig', { Name: 'log', DestinationArn: 'arn:aws:logs:us-east-1:1:log-group:/dns', Tags: [{ Key: 'a', Value: '1' }] });
  const log = { ResolverQueryLogConfigId: Id, ResourceId: 'vpc-1' };
  await call('AssociateResolverQueryLogConfig', log);
  expect(await call('AssociateResolverQueryLogConfig', log)).toMatchObject({ error: 'ResourceExistsException' });
  expect(await call('DeleteResolverQueryLogConfig', log)).toMatchObject({ error: 'InvalidRequestException' });
  await call('TagResource', { ResourceArn: Arn, Tags: [{ Key: 'b', Value: '2' }] });
  await call('UntagResource', { ResourceArn: Arn, TagKeys: ['a'] });
  expect(await call('ListTagsForResource', { ResourceArn: Arn })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  await call('DisassociateResolverQueryLogConfig', log);
  expect(await call('DeleteResolverQueryLogConfig', log)).not.toHaveProperty('error');
});
