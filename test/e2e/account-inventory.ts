/** Everything that the account holds: for "nothing was lost", "nothing twice" and "nothing is left". */
import {
  DescribeAddressesCommand, DescribeFlowLogsCommand, DescribeInternetGatewaysCommand, DescribeNatGatewaysCommand,
  DescribeNetworkAclsCommand, DescribeNetworkInterfacesCommand, DescribeRouteTablesCommand, DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand, DescribeVpcEndpointsCommand, DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { ListFirewallPoliciesCommand, ListFirewallsCommand, ListRuleGroupsCommand, ListTLSInspectionConfigurationsCommand } from '@aws-sdk/client-network-firewall';
import type { AwsAccount } from './aws-account';
import { plainCall, resolver } from './plain-call';

/** Ids or names by kind, sorted. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** Kinds that AWS makes by itself along with something else, so that no state has their ids. */
const MADE_BY_AWS = new Set(['network interface', 'firewall endpoint']);

export async function takeInventory(account: AwsAccount): Promise<Inventory> {
  const { ec2, firewall } = account;
  const [vpcs, subnets, tables, groups, acls, gateways, nats, addresses, endpoints, interfaces, flowLogs, walls, policies, ruleGroups, logGroups, roles, dnsLists, dnsGroups, dnsFilters, dnsLogs, inspections, buckets, aliases] = await Promise.all([
    ec2.send(new DescribeVpcsCommand({})),
    ec2.send(new DescribeSubnetsCommand({})),
    ec2.send(new DescribeRouteTablesCommand({})),
    ec2.send(new DescribeSecurityGroupsCommand({})),
    ec2.send(new DescribeNetworkAclsCommand({})),
    ec2.send(new DescribeInternetGatewaysCommand({})),
    ec2.send(new DescribeNatGatewaysCommand({})),
    ec2.send(new DescribeAddressesCommand({})),
    ec2.send(new DescribeVpcEndpointsCommand({})),
    ec2.send(new DescribeNetworkInterfacesCommand({})),
    ec2.send(new DescribeFlowLogsCommand({})),
    firewall.send(new ListFirewallsCommand({})),
    firewall.send(new ListFirewallPoliciesCommand({})),
    firewall.send(new ListRuleGroupsCommand({})),
    plainCall(account, 'logs', { 'x-amz-target': 'Logs_20140328.DescribeLogGroups', 'content-type': 'application/x-amz-json-1.1' }, '{}'),
    plainCall(account, 'iam', { 'content-type': 'application/x-www-form-urlencoded' }, 'Action=ListRoles&Version=2010-05-08'),
    resolver(account, 'ListFirewallDomainLists'),
    resolver(account, 'ListFirewallRuleGroups'),
    resolver(account, 'ListFirewallRuleGroupAssociations'),
    resolver(account, 'ListResolverQueryLogConfigs'),
    firewall.send(new ListTLSInspectionConfigurationsCommand({})),
    plainCall(account, 's3', {}),
    plainCall(account, 'kms', { 'x-amz-target': 'TrentService.ListAliases', 'content-type': 'application/x-amz-json-1.1' }, '{}'),
  ]);
  const live = (endpoints.VpcEndpoints ?? []).filter(({ State }) => State?.toLowerCase() === 'available');
  const ofFirewall = (type: string | undefined) => type === 'GatewayLoadBalancer';
  const ids = (list: readonly (string | undefined)[] | undefined) => (list ?? []).map(String).sort();
  return {
    vpc: ids(vpcs.Vpcs?.map(({ VpcId }) => VpcId)),
    subnet: ids(subnets.Subnets?.map(({ SubnetId }) => SubnetId)),
    'route table': ids(tables.RouteTables?.map(({ RouteTableId }) => RouteTableId)),
    'security group': ids(groups.SecurityGroups?.map(({ GroupId }) => GroupId)),
    // moto leaves the default ACL behind when its network goes.
    'network acl': ids(acls.NetworkAcls?.filter(({ VpcId }) => vpcs.Vpcs?.some((vpc) => vpc.VpcId === VpcId)).map(({ NetworkAclId }) => NetworkAclId)),
    'internet gateway': ids(gateways.InternetGateways?.map(({ InternetGatewayId }) => InternetGatewayId)),
    'nat gateway': ids(nats.NatGateways?.filter(({ State }) => State !== 'deleted').map(({ NatGatewayId }) => NatGatewayId)),
    address: ids(addresses.Addresses?.map(({ AllocationId }) => AllocationId)),
    endpoint: ids(live.filter(({ VpcEndpointType }) => !ofFirewall(VpcEndpointType)).map(({ VpcEndpointId }) => VpcEndpointId)),
    'firewall endpoint': ids(live.filter(({ VpcEndpointType }) => ofFirewall(VpcEndpointType)).map(({ VpcEndpointId }) => VpcEndpointId)),
    'network interface': ids(interfaces.NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId)),
    'flow log': ids(flowLogs.FlowLogs?.map(({ FlowLogId }) => FlowLogId)),
    firewall: ids(walls.Firewalls?.map(({ FirewallArn }) => FirewallArn)),
    'firewall policy': ids(policies.FirewallPolicies?.map(({ Arn }) => Arn)),
    'rule group': ids(ruleGroups.RuleGroups?.map(({ Arn }) => Arn)),
    'log group': ids([...logGroups.text.matchAll(/"logGroupName"\s*:\s*"([^"]+)"/g)].map((match) => match[1])),
    role: ids([...roles.text.matchAll(/<RoleName>([^<]+)</g)].map((match) => match[1])),
    'dns domain list': ids(dnsLists.FirewallDomainLists.map(({ Id }: any) => Id)),
    'dns rule group': ids(dnsGroups.FirewallRuleGroups.map(({ Id }: any) => Id)),
    'dns filter': ids(dnsFilters.FirewallRuleGroupAssociations.map(({ Id }: any) => Id)),
    'tls inspection': ids(inspections.TLSInspectionConfigurations?.map(({ Arn }) => Arn)),
    bucket: ids([...buckets.text.matchAll(/<Name>([^<]+)</g)].map((match) => match[1])),
    // A deleted key waits for a month; its name goes at once.
    'key alias': ids([...aliases.text.matchAll(/"AliasName"\s*:\s*"(alias\/(?!aws\/)[^"]+)"/g)].map((match) => match[1])),
    'dns query log': ids(dnsLogs.ResolverQueryLogConfigs.map(({ Id }: any) => Id)),
  };
}

/** What is in one inventory and not in another. */
export function beyond(later: Inventory, earlier: Inventory): string[] {
  return Object.entries(later).flatMap(([kind, ids]) => ids.filter((id) => !earlier[kind]?.includes(id)).map((id) => `${kind} ${id}`));
}

/** What came into the account and is not in Terraform's state, so that nobody will ever remove it. */
export function orphans(inventory: Inventory, before: Inventory, state: string): string[] {
  return beyond(inventory, before).filter((line) => {
    const kind = Object.keys(inventory).filter((each) => line.startsWith(`${each} `)).sort((a, b) => b.length - a.length)[0]!;
    return !MADE_BY_AWS.has(kind) && !state.includes(`"${line.slice(kind.length + 1)}"`);
  });
}
