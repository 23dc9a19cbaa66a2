/** The network as the account has it, read through the AWS SDK and not from Terraform's state. */
import {
  DescribeFlowLogsCommand, DescribeNatGatewaysCommand, DescribeNetworkAclsCommand, DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcBlockPublicAccessExclusionsCommand, DescribeVpcBlockPublicAccessOptionsCommand,
  DescribeVpcEndpointsCommand, DescribeVpcsCommand,
  type FlowLog, type NatGateway, type NetworkAcl, type Route, type RouteTable, type SecurityGroup, type Subnet, type VpcEndpoint,
} from '@aws-sdk/client-ec2';
import {
  DescribeFirewallCommand, DescribeFirewallPolicyCommand, DescribeLoggingConfigurationCommand, DescribeRuleGroupCommand,
  ListFirewallsCommand, type Firewall, type FirewallPolicy, type LogDestinationConfig,
} from '@aws-sdk/client-network-firewall';
import type { AwsAccount } from './aws-account';
import { readDns, type LiveDns } from './live-dns';

/** The firewall of a network. */
export interface LiveFirewall {
  readonly firewall: Firewall;
  readonly policy: FirewallPolicy;
  /** The rules of all groups, in the order in which the firewall evaluates them. */
  readonly rules: string;
  /** Lists of names that AWS makes rules from, in the same order, each for the addresses that it counts as home. */
  readonly lists: readonly { readonly action: string; readonly targets: readonly string[]; readonly homeNet: readonly string[] }[];
  /** Endpoint ids by zone, of endpoints that are ready. */
  readonly endpoints: ReadonlyMap<string, string>;
  readonly logs: readonly LogDestinationConfig[];
}

/** One VPC and what is in it. */
export interface LiveNetwork {
  readonly vpc: string;
  readonly subnets: readonly Subnet[];
  readonly tables: readonly RouteTable[];
  readonly groups: readonly SecurityGroup[];
  readonly acls: readonly NetworkAcl[];
  readonly endpoints: readonly VpcEndpoint[];
  readonly nats: readonly NatGateway[];
  readonly flowLogs: readonly FlowLog[];
  readonly firewall: LiveFirewall | undefined;
  readonly dns: LiveDns;
  /** VPC Block Public Access of the account, with what is left out: `allow-egress vpc-0123`. */
  readonly publicAccess: { readonly mode: string | undefined; readonly exclusions: readonly string[] };
}

/** @throws Error unless the account has exactly one VPC besides the default one */
export async function readNetwork(account: AwsAccount): Promise<LiveNetwork> {
  const { ec2, firewall } = account;
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['false'] }] }));
  if (Vpcs.length !== 1) throw new Error(`the account has ${Vpcs.length} networks, and should have one`);
  const vpc = Vpcs[0]!.VpcId!;
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const [subnets, tables, groups, acls, endpoints, nats, flowLogs, wall, dns, blocked, excluded] = await Promise.all([
    ec2.send(new DescribeSubnetsCommand({ Filters })),
    ec2.send(new DescribeRouteTablesCommand({ Filters })),
    ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    ec2.send(new DescribeNetworkAclsCommand({ Filters })),
    ec2.send(new DescribeVpcEndpointsCommand({ Filters })),
    ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters })),
    ec2.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [vpc] }] })),
    readFirewall(firewall, vpc),
    readDns(account, vpc),
    ec2.send(new DescribeVpcBlockPublicAccessOptionsCommand({})),
    ec2.send(new DescribeVpcBlockPublicAccessExclusionsCommand({})),
  ]);
  return {
    vpc,
    subnets: subnets.Subnets ?? [],
    tables: tables.RouteTables ?? [],
    groups: groups.SecurityGroups ?? [],
    acls: acls.NetworkAcls ?? [],
    // moto keeps deleted endpoints and gateways in its answers, as AWS does for an hour.
    endpoints: (endpoints.VpcEndpoints ?? []).filter(({ State }) => State?.toLowerCase() === 'available'),
    nats: (nats.NatGateways ?? []).filter(({ State }) => State === 'available'),
    flowLogs: flowLogs.FlowLogs ?? [],
    firewall: wall,
    dns,
    publicAccess: {
      mode: blocked.VpcBlockPublicAccessOptions?.InternetGatewayBlockMode,
      exclusions: (excluded.VpcBlockPublicAccessExclusions ?? []).map(({ InternetGatewayExclusionMode, ResourceArn }) => `${InternetGatewayExclusionMode} ${ResourceArn?.split('/').at(-1)}`),
    },
  };
}

async function readFirewall(client: AwsAccount['firewall'], vpc: string): Promise<LiveFirewall | undefined> {
  const { Firewalls = [] } = await client.send(new ListFirewallsCommand({ VpcIds: [vpc] }));
  if (Firewalls.length === 0) return undefined;
  const FirewallArn = Firewalls[0]!.FirewallArn;
  const [{ Firewall: firewall, FirewallStatus: status }, { LoggingConfiguration: logging }] = await Promise.all([
    client.send(new DescribeFirewallCommand({ FirewallArn })),
    client.send(new DescribeLoggingConfigurationCommand({ FirewallArn })),
  ]);
  const { FirewallPolicy: policy } = await client.send(new DescribeFirewallPolicyCommand({ FirewallPolicyArn: firewall!.FirewallPolicyArn }));
  const references = [...policy!.StatefulRuleGroupReferences ?? []].sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0));
  const groups = await Promise.all(references.map(async ({ ResourceArn }) => (await client.send(new DescribeRuleGroupCommand({ RuleGroupArn: ResourceArn }))).RuleGroup));
  const texts = groups.map((group) => group?.RulesSource?.RulesString ?? '');
  const lists = groups.flatMap((group) => {
    const { GeneratedRulesType, Targets = [] } = group?.RulesSource?.RulesSourceList ?? {};
    return GeneratedRulesType ? [{ action: GeneratedRulesType, targets: Targets, homeNet: group?.RuleVariables?.IPSets?.HOME_NET?.Definition ?? [] }] : [];
  });
  const ready = Object.entries(status?.SyncStates ?? {}).flatMap(([zone, { Attachment }]) => (
    Attachment?.Status === 'READY' && Attachment.EndpointId ? [[zone, Attachment.EndpointId] as const] : []));
  return {
    firewall: firewall!, policy: policy!, rules: texts.join('\n'), lists, endpoints: new Map(ready), logs: logging?.LogDestinationConfigs ?? [],
  };
}

/** The subnet with this CIDR. @throws Error when there is none */
export function subnetAt(network: LiveNetwork, cidr: string): Subnet {
  const subnet = network.subnets.find(({ CidrBlock }) => CidrBlock === cidr);
  if (!subnet) throw new Error(`no subnet ${cidr}`);
  return subnet;
}

/** The table that a subnet uses: its own, else the main one. */
export function tableOf(network: LiveNetwork, subnet: Subnet): RouteTable {
  const own = network.tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnet.SubnetId));
  const main = network.tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main));
  return (own ?? main)!;
}

/** A table's routes as text, sorted, without the local one: `0.0.0.0/0 -> nat-0123`. */
export function routesOf(table: RouteTable): string[] {
  return (table.Routes ?? []).filter(({ GatewayId }) => GatewayId !== 'local').map((route) => `${destination(route)} -> ${target(route)}`).sort();
}

function destination(route: Route): string {
  return route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? '?';
}

function target(route: Route): string {
  const { GatewayId, NatGatewayId, TransitGatewayId, VpcPeeringConnectionId, NetworkInterfaceId, EgressOnlyInternetGatewayId, InstanceId } = route;
  return GatewayId ?? NatGatewayId ?? TransitGatewayId ?? VpcPeeringConnectionId ?? EgressOnlyInternetGatewayId ?? NetworkInterfaceId ?? InstanceId ?? 'nothing';
}
