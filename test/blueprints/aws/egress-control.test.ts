import { AwsEgressControl, type AwsEgressControlProps } from '../../../blueprints/aws/egress-control';
import { AwsSegmentRoutes } from '../../../blueprints/aws/segment-routes';
import { allow, bodies, synthesize } from './policies';

const props: AwsEgressControlProps = {
  name: 'acme-test',
  rules: [allow('api.stripe.com')],
  segments: [
    { name: 'ledger', cidrs: ['10.20.20.0/24'], subnets: [{ zone: 'us-east-1a', cidr: '10.20.20.0/24' }] },
    { name: 'payments', cidrs: ['10.20.16.0/24', '10.20.17.0/24'], subnets: [{ zone: 'us-east-1a', cidr: '10.20.16.0/24' }, { zone: 'us-east-1b', cidr: '10.20.17.0/24' }] },
  ],
  vpcId: 'vpc-1',
  vpcCidr: '10.20.0.0/16',
  internetGatewayId: 'igw-1',
  zones: [
    { name: 'us-east-1b', firewallCidr: '10.20.5.0/24', natCidr: '10.20.1.0/24' },
    { name: 'us-east-1a', firewallCidr: '10.20.4.0/24', natCidr: '10.20.0.0/24' },
  ],
};
const made = (over: Partial<AwsEgressControlProps> = {}) => synthesize((stack) => new AwsEgressControl(stack, 'egress', { ...props, ...over }));
const control = (over: Partial<AwsEgressControlProps> = {}) => {
  let result!: AwsEgressControl;
  synthesize((stack) => (result = new AwsEgressControl(stack, 'egress', { ...props, ...over })));
  return result;
};

describe('GIVEN rules', () => {
  test('THEN each zone leads from its endpoint to its NAT gateway, and back', () => {
    const natTables = bodies(made(), 'aws_route_table').filter((table) => table.tags.Name.includes('-nat-'));
    const returns = Object.fromEntries(natTables.map((table) => [table.tags.Name, table.route.map((route: any) => [route.cidr_block, /availability_zone == "([^"]+)"/.exec(route.vpc_endpoint_id ?? '')?.[1] ?? route.gateway_id])]));
    expect(returns).toEqual({
      'acme-test-nat-us-east-1a': [['0.0.0.0/0', 'igw-1'], ['10.20.16.0/24', 'us-east-1a']],
      'acme-test-nat-us-east-1b': [['0.0.0.0/0', 'igw-1'], ['10.20.17.0/24', 'us-east-1b']],
    });
  });

  // AWS deletes neither while the firewall uses it, and Terraform deletes first unless told otherwise: the end to end run takes a zone away and switches the policy.
  test('THEN its policy and the subnets that its endpoints stand in are let go of before they are deleted', () => {
    const held = [...bodies(made(), 'aws_networkfirewall_firewall_policy'), ...bodies(made(), 'aws_subnet').filter(({ tags }) => tags.Name.includes('-firewall-'))];
    expect(held.map(({ lifecycle }) => lifecycle)).toEqual([{ create_before_destroy: true }, { create_before_destroy: true }, { create_before_destroy: true }]);
  });

  test('THEN an endpoint is found by its zone and not by a position', () => {
    expect(control().endpointIds['us-east-1a']).toMatch(/^\$\{one\(\[for s in aws_networkfirewall_firewall\.\S+\.firewall_status\[0\]\.sync_states : s\.attachment\[0\]\.endpoint_id if s\.availability_zone == "us-east-1a"\]\)\}$/);
  });

  test('THEN it says where it logs, what remains possible and from which addresses traffic comes', () => {
    const { logDestinations, residualRisks, egressAddresses, protectedSegments } = control();
    expect(logDestinations.map(({ kind }) => kind)).toEqual(['firewall-alert', 'firewall-flow']);
    expect(residualRisks.map(({ id, segments }) => [id, segments])).toEqual([
      ['dns-tunnelling', ['ledger', 'payments']],
      ['encrypted-client-hello', ['payments']],
      ['handshake-before-verdict', ['payments']],
      ['sni-spoofing', ['payments']],
    ]);
    expect(egressAddresses).toHaveLength(2);
    expect(protectedSegments).toEqual(['payments']);
  });

  test('WHEN protection is off THEN all three flags are', () => {
    const [firewall] = bodies(made({ deletionProtection: false }), 'aws_networkfirewall_firewall');
    expect(firewall).toMatchObject({ delete_protection: false, subnet_change_protection: false, firewall_policy_change_protection: false });
  });

  test('WHEN it serves other networks THEN HOME_NET lists theirs', () => {
    const [policy] = bodies(made({ homeNet: ['100.64.0.0/10', '10.20.0.0/16'] }), 'aws_networkfirewall_firewall_policy');
    expect(policy.firewall_policy.policy_variables.rule_variables).toEqual([{ key: 'HOME_NET', ip_set: { definition: ['10.20.0.0/16', '100.64.0.0/10'] } }]);
  });
});

test('GIVEN no rule THEN nothing at all is made', () => {
  expect(made({ rules: [] }).resource).toBeUndefined();
  expect(control({ rules: [] })).toMatchObject({ logDestinations: [], egressAddresses: [], endpointIds: {} });
});

describe('it refuses, with the way out,', () => {
  test.each<[string, Partial<AwsEgressControlProps>, RegExp]>([
    ['a tcp rule without addresses', { rules: [allow('sftp.partner.com', { protocol: 'tcp', ports: [22] })] }, /egress.yaml:3:5 aws: 'sftp.partner.com' is allowed over tcp.*list its addresses/],
    ['a rule for a segment that is not there', { rules: [allow('a.example.com', { segments: ['nowhere'] })] }, /allowed to 'nowhere'.*add the segment/],
    ['a segment in a zone without an endpoint', { zones: props.zones.slice(0, 1) }, /'payments' has a subnet in us-east-1a.*add the zone/],
    ['hosts without an internet gateway', { internetGatewayId: undefined }, /pass internetGatewayId/],
    ['more ports than an acl takes', { rules: Array.from({ length: 20 }, (_, i) => allow(`h${i}.example.com`, { ports: [1000 + 2 * i] })) }, /acl of the firewall and nat subnets needs 22 ingress entries.*'aclEntries'/],
  ])('%s', (_, over, message) => {
    expect(() => made(over)).toThrow(message);
  });
});

describe('segment routes', () => {
  const segments = [{ name: 'payments', defaultRoute: 'egress-control' as const, subnets: [{ zone: 'us-east-1a', id: 'subnet-1' }] }];
  test('a zone without a next hop is an error', () => {
    expect(() => synthesize((stack) => new AwsSegmentRoutes(stack, 'routes', { name: 'acme', vpcId: 'vpc-1', segments, egressEndpointIds: { 'us-east-1b': 'vpce-1' } })))
      .toThrow(/'payments' has no next hop in us-east-1a/);
  });
  test('a table without a route says so', () => {
    const stack = synthesize((scope) => new AwsSegmentRoutes(scope, 'routes', { name: 'acme', vpcId: 'vpc-1', segments: [{ ...segments[0]!, defaultRoute: 'none' }] }));
    expect(bodies(stack, 'aws_route_table')[0].route).toEqual([]);
  });
});
