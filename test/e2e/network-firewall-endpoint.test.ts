/** The stand-in alone, without moto and Terraform: it must refuse what AWS refuses. */
import { answer } from './json-service';
import { networkFirewall } from './network-firewall-endpoint';
import type { FirewallEndpoints } from './network-firewall/endpoints';

const VPC = 'vpc-1';

/** Subnets are named after their zone; endpoints are kept in a list. */
function fakeEndpoints(): FirewallEndpoints & { readonly live: string[] } {
  const live: string[] = [];
  return {
    live,
    place: async (subnet) => ({ vpc: subnet.startsWith('other') ? 'vpc-2' : VPC, zone: subnet.replace(/^.*-/, '') }),
    create: async (_firewall, subnet) => {
      live.push(`vpce-${subnet}`);
      return `vpce-${subnet}`;
    },
    remove: async (endpoint) => {
      live.splice(live.indexOf(endpoint), 1);
    },
  };
}

function fresh(settleTime = 0) {
  const endpoints = fakeEndpoints();
  let time = 0;
  const service = networkFirewall({ account: '123456789012', region: 'us-east-1', endpoints, settleTime, now: () => time });
  const call = async (operation: string, input: object = {}): Promise<any> => {
    const { status, body } = await answer(service, operation, JSON.stringify(input));
    const result = JSON.parse(body);
    return status === 200 ? result : { error: result.__type, message: result.Message };
  };
  return { call, endpoints, wait: (milliseconds: number) => { time += milliseconds; } };
}

const RULE = 'pass tls [10.0.0.0/24,10.0.1.0/24] any -> $EXTERNAL_NET 443 (tls.sni; content:"a.com"; startswith; endswith; flow:to_server; sid:1; rev:1;)';
const group = (over: object = {}) => ({
  RuleGroupName: 'g', Type: 'STATEFUL', Capacity: 10,
  RuleGroup: { RulesSource: { RulesString: RULE }, StatefulRuleOptions: { RuleOrder: 'STRICT_ORDER' } },
  ...over,
});
const GROUP_ARN = 'arn:aws:network-firewall:us-east-1:123456789012:stateful-rulegroup/g';
const POLICY = {
  StatelessDefaultActions: ['aws:forward_to_sfe'],
  StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
  StatefulDefaultActions: ['aws:drop_established_app_layer', 'aws:alert_established_app_layer'],
  StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' },
  StatefulRuleGroupReferences: [{ ResourceArn: GROUP_ARN, Priority: 1 }],
};
const POLICY_ARN = 'arn:aws:network-firewall:us-east-1:123456789012:firewall-policy/p';

async function withFirewall(over: object = {}, settleTime = 0) {
  const service = fresh(settleTime);
  await service.call('CreateRuleGroup', group());
  await service.call('CreateFirewallPolicy', { FirewallPolicyName: 'p', FirewallPolicy: POLICY });
  const made = await service.call('CreateFirewall', {
    FirewallName: 'f', FirewallPolicyArn: POLICY_ARN, VpcId: VPC, SubnetMappings: [{ SubnetId: 'subnet-a' }, { SubnetId: 'subnet-b' }], ...over,
  });
  return { ...service, made };
}

describe('rule groups', () => {
  test.each<[string, object, string]>([
    ['a rule without sid', { RuleGroup: { RulesSource: { RulesString: 'drop ip any any -> any any (msg:"x";)' } } }, 'no sid'],
    ['a sid used twice', { RuleGroup: { RulesSource: { RulesString: `${RULE}\n${RULE}` } } }, 'Duplicate'],
    ['what is no rule', { RuleGroup: { RulesSource: { RulesString: 'allow everything' } } }, 'invalid'],
    ['more rules than capacity', { Capacity: 1, RuleGroup: { RulesSource: { RulesString: `${RULE}\n${RULE.replace('sid:1', 'sid:2')}` } } }, 'capacity of 2'],
    ['a rule that is too long', { RuleGroup: { RulesSource: { RulesString: RULE.replace('a.com', 'a'.repeat(8200)) } } }, '8192'],
    ['no rule at all', { RuleGroup: { RulesSource: { RulesString: '# nothing\n' } } }, 'at least one'],
    ['rules in two forms', { Rules: RULE }, 'either'],
    ['a capacity beyond the quota', { Capacity: 30_001 }, '30000'],
    ['a name with a dot', { RuleGroupName: 'g.1' }, 'not a name'],
  ])('refuses %s', async (_, over, message) => {
    const { call } = fresh();
    expect(await call('CreateRuleGroup', group(over))).toEqual({ error: 'InvalidRequestException', message: expect.stringContaining(message) });
  });

  test('takes a name once, and gives back what it was given', async () => {
    const { call } = fresh();
    await call('CreateRuleGroup', group());
    expect(await call('CreateRuleGroup', group())).toMatchObject({ error: 'InvalidRequestException', message: expect.stringContaining('already exists') });
    const described = await call('DescribeRuleGroup', { RuleGroupName: 'g', Type: 'STATEFUL' });
    expect(described).toMatchObject({ RuleGroup: group().RuleGroup, RuleGroupResponse: { Capacity: 10, ConsumedCapacity: 1, NumberOfAssociations: 0 } });
    expect(await call('DescribeRuleGroup', { RuleGroupName: 'other', Type: 'STATEFUL' })).toMatchObject({ error: 'ResourceNotFoundException' });
  });

  test('takes an update with the current token only', async () => {
    const { call } = fresh();
    const { UpdateToken } = await call('CreateRuleGroup', group());
    const update = { RuleGroupArn: GROUP_ARN, RuleGroup: group().RuleGroup };
    expect(await call('UpdateRuleGroup', update)).toMatchObject({ error: 'InvalidRequestException' });
    const next = await call('UpdateRuleGroup', { ...update, UpdateToken });
    expect(next.UpdateToken).not.toBe(UpdateToken);
    expect(await call('UpdateRuleGroup', { ...update, UpdateToken })).toMatchObject({ error: 'InvalidTokenException' });
  });

  test('stays as long as a policy uses it', async () => {
    const { call } = fresh();
    await call('CreateRuleGroup', group());
    await call('CreateFirewallPolicy', { FirewallPolicyName: 'p', FirewallPolicy: POLICY });
    expect(await call('DeleteRuleGroup', { RuleGroupArn: GROUP_ARN })).toEqual({ error: 'InvalidOperationException', message: expect.stringContaining('still in use by: p') });
    await call('DeleteFirewallPolicy', { FirewallPolicyName: 'p' });
    await call('DeleteRuleGroup', { RuleGroupArn: GROUP_ARN });
    expect(await call('ListRuleGroups')).toEqual({ RuleGroups: [] });
  });
});

describe('firewall policies', () => {
  test.each<[string, object, string]>([
    ['two stateless defaults', { StatelessDefaultActions: ['aws:pass', 'aws:drop'] }, 'InvalidRequestException'],
    ['a stateful default that does not exist', { StatefulDefaultActions: ['aws:drop_everything'] }, 'InvalidRequestException'],
    ['established mixed with app_layer', { StatefulDefaultActions: ['aws:drop_established', 'aws:alert_established_app_layer'] }, 'InvalidRequestException'],
    ['stateful defaults without strict order', { StatefulEngineOptions: {}, StatefulRuleGroupReferences: [] }, 'InvalidRequestException'],
    ['a group without priority', { StatefulRuleGroupReferences: [{ ResourceArn: GROUP_ARN }] }, 'InvalidRequestException'],
    ['a group that does not exist', { StatefulRuleGroupReferences: [{ ResourceArn: `${GROUP_ARN}2`, Priority: 1 }] }, 'ResourceNotFoundException'],
    ['a group of another rule order', { StatefulDefaultActions: [], StatefulEngineOptions: {}, StatefulRuleGroupReferences: [{ ResourceArn: GROUP_ARN }] }, 'InvalidRequestException'],
  ])('refuses %s', async (_, over, error) => {
    const { call } = fresh();
    await call('CreateRuleGroup', group());
    expect(await call('CreateFirewallPolicy', { FirewallPolicyName: 'p', FirewallPolicy: { ...POLICY, ...over } })).toMatchObject({ error });
  });

  test('stays as long as a firewall uses it', async () => {
    const { call } = await withFirewall();
    expect(await call('DeleteFirewallPolicy', { FirewallPolicyName: 'p' })).toMatchObject({ error: 'InvalidOperationException' });
  });
});

describe('firewalls', () => {
  test('has one endpoint per zone, which has no id until it is ready', async () => {
    const { call, made, wait } = await withFirewall({}, 1000);
    expect(made.FirewallStatus).toMatchObject({ Status: 'PROVISIONING', ConfigurationSyncStateSummary: 'PENDING' });
    expect(Object.values<any>(made.FirewallStatus.SyncStates).map(({ Attachment }) => Attachment.EndpointId)).toEqual([undefined, undefined]);
    wait(1000);
    const { FirewallStatus } = await call('DescribeFirewall', { FirewallName: 'f' });
    expect(FirewallStatus).toMatchObject({
      Status: 'READY',
      SyncStates: {
        a: { Attachment: { SubnetId: 'subnet-a', EndpointId: 'vpce-subnet-a', Status: 'READY' } },
        b: { Attachment: { SubnetId: 'subnet-b', EndpointId: 'vpce-subnet-b', Status: 'READY' } },
      },
    });
  });

  test.each<[string, object]>([
    ['two subnets in one zone', { SubnetMappings: [{ SubnetId: 'subnet-a' }, { SubnetId: 'second-a' }] }],
    ['a subnet of another network', { SubnetMappings: [{ SubnetId: 'other-a' }] }],
    ['no subnet', { SubnetMappings: [] }],
  ])('refuses %s', async (_, over) => {
    const { made, endpoints } = await withFirewall(over);
    expect(made).toMatchObject({ error: 'InvalidRequestException' });
    expect(endpoints.live).toEqual([]);
  });

  test.each<[string, string, string, object]>([
    ['DeleteProtection', 'DeleteFirewall', 'UpdateFirewallDeleteProtection', {}],
    ['SubnetChangeProtection', 'AssociateSubnets', 'UpdateSubnetChangeProtection', { SubnetMappings: [{ SubnetId: 'subnet-c' }] }],
    ['SubnetChangeProtection', 'DisassociateSubnets', 'UpdateSubnetChangeProtection', { SubnetIds: ['subnet-a'] }],
    ['FirewallPolicyChangeProtection', 'AssociateFirewallPolicy', 'UpdateFirewallPolicyChangeProtection', { FirewallPolicyArn: POLICY_ARN }],
  ])('%s refuses %s until it is off', async (flag, operation, switchOff, input) => {
    const { call } = await withFirewall({ [flag]: true });
    expect(await call(operation, { FirewallName: 'f', ...input })).toMatchObject({ error: 'InvalidOperationException' });
    await call(switchOff, { FirewallName: 'f', [flag]: false });
    expect(await call(operation, { FirewallName: 'f', ...input })).not.toHaveProperty('error');
  });

  test('takes its endpoints along, and holds on to its policy until it is gone', async () => {
    const { call, endpoints, wait } = await withFirewall({}, 1000);
    expect(endpoints.live).toEqual(['vpce-subnet-a', 'vpce-subnet-b']);
    await call('DeleteFirewall', { FirewallName: 'f' });
    expect(endpoints.live).toEqual([]);
    expect(await call('DescribeFirewall', { FirewallName: 'f' })).toMatchObject({ FirewallStatus: { Status: 'DELETING' } });
    expect(await call('DeleteFirewallPolicy', { FirewallPolicyName: 'p' })).toMatchObject({ error: 'InvalidOperationException' });
    wait(1000);
    expect(await call('DescribeFirewall', { FirewallName: 'f' })).toMatchObject({ error: 'ResourceNotFoundException' });
    expect(await call('DeleteFirewallPolicy', { FirewallPolicyName: 'p' })).not.toHaveProperty('error');
  });

  test('a stale token changes nothing', async () => {
    const { call } = await withFirewall();
    expect(await call('UpdateFirewallDeleteProtection', { FirewallName: 'f', DeleteProtection: true, UpdateToken: 'old' })).toMatchObject({ error: 'InvalidTokenException' });
    expect(await call('DescribeFirewall', { FirewallName: 'f' })).toMatchObject({ Firewall: { DeleteProtection: false } });
  });
});

describe('tls inspection configurations', () => {
  const scope = { Protocols: [6], Sources: [{ AddressDefinition: '10.0.0.0/24' }], SourcePorts: [{ FromPort: 0, ToPort: 65535 }], Destinations: [{ AddressDefinition: '0.0.0.0/0' }], DestinationPorts: [{ FromPort: 443, ToPort: 443 }] };
  const AUTHORITY = 'arn:aws:acm:us-east-1:123456789012:certificate/x';
  const configuration = (over: object = {}) => ({ TLSInspectionConfigurationName: 't', TLSInspectionConfiguration: { ServerCertificateConfigurations: [{ CertificateAuthorityArn: AUTHORITY, Scopes: [scope], ...over }] } });
  const ARN = 'arn:aws:network-firewall:us-east-1:123456789012:tls-configuration/t';
  const policy = (over: object = {}) => ({ FirewallPolicyName: 'p', FirewallPolicy: { ...POLICY, ...over } });

  test.each<[string, object]>([
    ['without an authority', { CertificateAuthorityArn: undefined }],
    ['with an authority that is not in ACM', { CertificateAuthorityArn: 'arn:aws:acm-pca:us-east-1:123456789012:certificate-authority/x' }],
    ['without a scope', { Scopes: [] }],
    ['of udp', { Scopes: [{ ...scope, Protocols: [17] }] }],
    ['without ports', { Scopes: [{ ...scope, DestinationPorts: [] }] }],
  ])('one %s is refused', async (_, over) => {
    expect(await fresh().call('CreateTLSInspectionConfiguration', configuration(over))).toMatchObject({ error: 'InvalidRequestException' });
  });

  test('one belongs to the policies that were made with it, and stays as long as they do', async () => {
    const { call } = fresh();
    await call('CreateRuleGroup', group());
    expect(await call('CreateFirewallPolicy', policy({ TLSInspectionConfigurationArn: ARN }))).toMatchObject({ error: 'InvalidRequestException' });
    await call('CreateTLSInspectionConfiguration', configuration());
    const { UpdateToken } = await call('CreateFirewallPolicy', policy({ TLSInspectionConfigurationArn: ARN }));
    expect(await call('UpdateFirewallPolicy', { ...policy(), UpdateToken })).toMatchObject({ error: 'InvalidRequestException', message: expect.stringContaining('cannot be added to a policy or taken off') });
    expect(await call('DeleteTLSInspectionConfiguration', { TLSInspectionConfigurationArn: ARN })).toMatchObject({ error: 'InvalidOperationException' });
    await call('DeleteFirewallPolicy', { FirewallPolicyName: 'p' });
    expect(await call('DeleteTLSInspectionConfiguration', { TLSInspectionConfigurationArn: ARN })).not.toHaveProperty('error');
  });
});

test('what is encrypted with a key is said so, and is otherwise under a key of AWS', async () => {
  const { call } = fresh();
  const key = { Type: 'CUSTOMER_KMS', KeyId: 'arn:aws:kms:us-east-1:123456789012:key/1' };
  await call('CreateRuleGroup', group());
  expect(await call('DescribeRuleGroup', { RuleGroupArn: GROUP_ARN })).toMatchObject({ RuleGroupResponse: { EncryptionConfiguration: { Type: 'AWS_OWNED_KMS_KEY' } } });
  await call('CreateRuleGroup', group({ RuleGroupName: 'k', EncryptionConfiguration: key }));
  expect(await call('DescribeRuleGroup', { RuleGroupArn: GROUP_ARN.replace(/g$/, 'k') })).toMatchObject({ RuleGroupResponse: { EncryptionConfiguration: key } });
});

describe('logging', () => {
  const destination = (LogType: string) => ({ LogType, LogDestinationType: 'CloudWatchLogs', LogDestination: { logGroup: `/${LogType}` } });
  const update = (...LogDestinationConfigs: object[]) => ({ FirewallName: 'f', LoggingConfiguration: { LogDestinationConfigs } });

  test('takes one change of one destination at a time', async () => {
    const { call } = await withFirewall();
    expect(await call('UpdateLoggingConfiguration', update(destination('ALERT'), destination('FLOW')))).toMatchObject({ error: 'InvalidRequestException' });
    await call('UpdateLoggingConfiguration', update(destination('ALERT')));
    await call('UpdateLoggingConfiguration', update(destination('ALERT'), destination('FLOW')));
    expect(await call('UpdateLoggingConfiguration', update())).toMatchObject({ error: 'InvalidRequestException' });
    expect(await call('DescribeLoggingConfiguration', { FirewallName: 'f' })).toMatchObject({ LoggingConfiguration: { LogDestinationConfigs: [{ LogType: 'ALERT' }, { LogType: 'FLOW' }] } });
  });

  test('refuses a destination that is not named as its type is', async () => {
    const { call } = await withFirewall();
    const wrong = { ...destination('ALERT'), LogDestination: { bucketName: 'b' } };
    expect(await call('UpdateLoggingConfiguration', update(wrong))).toMatchObject({ error: 'InvalidRequestException' });
  });
});

test('an operation that the stand-in does not have is an error', async () => {
  expect(await fresh().call('CreateProxy')).toMatchObject({ error: 'UnknownOperationException' });
});

test('tags come and go', async () => {
  const { call } = fresh();
  await call('CreateRuleGroup', group({ Tags: [{ Key: 'a', Value: '1' }] }));
  await call('TagResource', { ResourceArn: GROUP_ARN, Tags: [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '3' }] });
  await call('UntagResource', { ResourceArn: GROUP_ARN, TagKeys: ['b'] });
  expect(await call('ListTagsForResource', { ResourceArn: GROUP_ARN })).toEqual({ Tags: [{ Key: 'a', Value: '2' }] });
});
