/** In a VPC that somebody else made, the named subnets keep the contract of those that are made here. */
import { parse, stringify } from 'yaml';
import { withExistingNetwork } from '../../fixtures/aws-existing';
import { synthesized, type Synthesized } from '../../fixtures/stacks';
import { mutations, observe } from '../aws.observer';
import { expectationOf, subjectOf } from '../expectation';
import { mutation } from './mutating';

let made: Synthesized;
beforeAll(async () => {
  made = await synthesized(withExistingNetwork());
});

test('every segment reaches exactly what the policy says, by no way around the control', () => {
  const { policy } = made;
  const observed = observe(made.stack('aws-prod'), subjectOf(policy, 'prod', 'aws'));
  expect(observed.faults).toEqual([]);
  for (const segment of policy.segments) {
    const { wayOut, ...expected } = expectationOf(policy, segment, 'aws');
    const actual = observed.segments[segment.name];
    expect({ segment: segment.name, ...actual }).toEqual({ segment: segment.name, wayOut: expect.anything(), ...expected });
    expect(wayOut).toContain(actual?.wayOut);
  }
});

test('neither the network nor its gateway nor a segment\'s subnet is made, and the defaults are left alone', () => {
  const { resource } = made.stack('aws-prod');
  for (const type of ['aws_vpc', 'aws_internet_gateway', 'aws_default_security_group', 'aws_default_network_acl', 'aws_default_route_table']) expect(resource![type]).toBeUndefined();
  const cidrs = Object.values(resource!.aws_subnet!).map((body) => body.cidr_block).sort();
  expect(cidrs).toEqual(['10.20.240.0/26', '10.20.240.64/26', '10.20.241.0/26', '10.20.241.64/26', '10.20.242.0/26', '10.20.242.64/26']);
});

test('the defaults are emptied where the policy says so', async () => {
  const { resource } = (await synthesized(withExistingNetwork({ emptyDefaults: true }))).stack('aws-prod');
  expect(Object.values(resource!.aws_default_security_group!)[0]).toMatchObject({ ingress: [], egress: [] });
  expect(Object.values(resource!.aws_default_network_acl!)[0]!.default_network_acl_id).toMatch(/^\$\{one\(data\.aws_network_acls\.\S+\.ids\)\}$/);
  expect(Object.values(resource!.aws_default_route_table!)[0]).toMatchObject({ route: [] });
  // Subnets of others stay on the ACL, and must not show in every plan.
  expect(Object.values(resource!.aws_default_network_acl!)[0]).toMatchObject({ ingress: [], egress: [], lifecycle: { ignore_changes: ['subnet_ids'] } });
});

test('a gateway that is missing is asked for where the policy file has it', async () => {
  const without = parse(withExistingNetwork({ internetGatewayId: undefined }));
  await expect(synthesized(stringify(without))).rejects.toThrow(/hosts are allowed and there is no internet gateway; pass internetGatewayId, in a policy file under existingNetwork/);
  await expect(synthesized(stringify({ ...without, allow: [] }))).rejects.toThrow(/'edge' has no next hop in us-east-1a; pass the internet gateway \(internetGatewayId, in a policy file under existingNetwork\)/);
});

/** What is said of the network by its own resources has nothing to be broken here. */
const OF_A_MADE_NETWORK = [/^default /, /^IPv6 range$/, /by address$/, /^public addresses on launch/, /^VPC /];

test.each([
  ...mutations.filter(({ name }) => !OF_A_MADE_NETWORK.some((pattern) => pattern.test(name))),
  mutation('a subnet that may give out public addresses', 'public-address-on-launch', (stack) => void Object.values(stack.data!.aws_subnet!)[0]!.lifecycle.postcondition.shift()),
  mutation('a subnet that may have IPv6', 'ipv6-egress-open', (stack) => void Object.values(stack.data!.aws_subnet!)[0]!.lifecycle.postcondition.pop()),
  mutation('a network that may resolve no names', 'endpoint-private-dns-off', (stack) => void Object.values(stack.data!.aws_vpc!)[0]!.lifecycle.postcondition.pop()),
  mutation('a network that may have IPv6', 'ipv6-egress-open', (stack) => void Object.values(stack.data!.aws_vpc!)[0]!.lifecycle.postcondition.shift()),
].map((each) => [each.name, each] as const))('caught: %s', (_, { mutate, fault }) => {
  const stack = made.stack('aws-prod');
  mutate(stack);
  expect(observe(stack, subjectOf(made.policy, 'prod', 'aws')).faults.map(({ id }) => id)).toContain(fault);
});
