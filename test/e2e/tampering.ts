/** Changes behind Terraform's back: each opens a way out, and each has to show in the next plan. */
import {
  AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand, CreateNetworkAclEntryCommand, CreateRouteCommand,
  CreateSecurityGroupCommand, DeleteFlowLogsCommand, DeleteSecurityGroupCommand, DescribeSecurityGroupsCommand,
  DisassociateRouteTableCommand, ModifyVpcEndpointCommand, ReplaceRouteTableAssociationCommand, type IpPermission,
} from '@aws-sdk/client-ec2';
import {
  DescribeFirewallPolicyCommand, DescribeRuleGroupCommand, UpdateFirewallDeleteProtectionCommand, UpdateFirewallPolicyCommand, UpdateRuleGroupCommand,
} from '@aws-sdk/client-network-firewall';
import type { AwsAccount } from './aws-account';
import { readNetwork, subnetAt, tableOf, type LiveNetwork } from './live-network';
import type { Expected } from './expected-network';
import { DNS_TAMPERINGS } from './tampering-dns';

/** One change by hand. */
export interface Tampering {
  readonly what: string;
  /** The check of the live network that has to see it; absent where no packet is let through. */
  readonly breaks?: string;
  /** Makes the change and says the id of what was changed, or what its address in the plan looks like. */
  make(account: AwsAccount, network: LiveNetwork, expected: Expected): Promise<string | RegExp>;
  /** Takes it back by hand, where a deploy cannot. */
  undo?(account: AwsAccount, network: LiveNetwork, expected: Expected): Promise<void>;
}

const WORLD: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'by hand' }] };
const ANYWHERE = '0.0.0.0/0';
/** A segment of the fixture with hosts, one without, and one of data. */
const [OPEN, CLOSED, DATA] = ['payments', 'reporting', 'ledger'] as const;

export const TAMPERINGS: readonly Tampering[] = [
  ...([['rules', OPEN], ['rules', CLOSED], ['member', DATA]] as const).map(([role, segment]): Tampering => ({
    what: `egress to the world on the ${role} group of '${segment}'`,
    breaks: 'world-ports',
    async make({ ec2 }, network) {
      const GroupId = groupOf(network, segment, role);
      await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [WORLD] }));
      return GroupId;
    },
  })),
  {
    what: 'ingress from the world on the default group',
    breaks: 'empty-defaults',
    async make({ ec2 }, network) {
      const GroupId = network.groups.find(({ GroupName }) => GroupName === 'default')!.GroupId!;
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [WORLD] }));
      return GroupId;
    },
  },
  ...([[DATA, ANYWHERE], [CLOSED, ANYWHERE], [OPEN, '8.8.8.8/32']] as const).map(([segment, cidr]): Tampering => ({
    what: `a route ${cidr} to the internet gateway in a table of '${segment}'`,
    breaks: segment === OPEN ? 'own-zone-exit' : 'no-exit',
    async make(account, network, expected) {
      const subnet = subnetAt(network, expected.addresses.segmentIn(segment, expected.zones[0]!));
      return addRoute(account, network, tableOf(network, subnet).RouteTableId!, cidr);
    },
  })),
  {
    what: 'a route to the internet gateway in the main table',
    breaks: 'main-table',
    make: (account, network) => addRoute(account, network, network.tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main))!.RouteTableId!, ANYWHERE),
  },
  {
    what: `a subnet of '${DATA}' moved to the table of a public segment`,
    breaks: 'no-exit',
    async make({ ec2 }, network, { addresses, zones, segments }) {
      const zone = zones.at(-1)!;
      const subnet = subnetAt(network, addresses.segmentIn(DATA, zone));
      const open = segments.find(({ tier }) => tier === 'public')!;
      const AssociationId = tableOf(network, subnet).Associations!.find(({ SubnetId }) => SubnetId === subnet.SubnetId)!.RouteTableAssociationId;
      const RouteTableId = tableOf(network, subnetAt(network, addresses.segmentIn(open.name, zone))).RouteTableId;
      await ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId }));
      return new RegExp(`aws_route_table_association\\.routes_segment-${DATA}_association-${zone.name}`);
    },
    // Terraform would associate the subnet anew, which AWS refuses while the other association stands.
    async undo(account, _network, { addresses, zones }) {
      const now = await readNetwork(account);
      const subnet = subnetAt(now, addresses.segmentIn(DATA, zones.at(-1)!));
      const AssociationId = tableOf(now, subnet).Associations!.find(({ SubnetId }) => SubnetId === subnet.SubnetId)!.RouteTableAssociationId;
      await account.ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
    },
  },
  ...[DATA, 'default'].map((owner): Tampering => ({
    what: `an entry for the world in the ACL of '${owner}'`,
    breaks: owner === 'default' ? 'empty-defaults' : 'closed-acls',
    async make({ ec2 }, network, { addresses, zones }) {
      const subnet = subnetAt(network, addresses.segmentIn(DATA, zones[0]!)).SubnetId;
      const acl = network.acls.find(({ IsDefault, Associations = [] }) => (
        owner === 'default' ? IsDefault : Associations.some(({ SubnetId }) => SubnetId === subnet)))!;
      await ec2.send(new CreateNetworkAclEntryCommand({
        NetworkAclId: acl.NetworkAclId, RuleNumber: 7, Protocol: '-1', RuleAction: 'allow', Egress: true, CidrBlock: ANYWHERE,
      }));
      return acl.NetworkAclId!;
    },
  })),
  {
    what: 'a rule that passes everything in a firewall rule group',
    breaks: 'nothing-else-passes',
    async make({ firewall }, network) {
      const RuleGroupArn = network.firewall!.policy.StatefulRuleGroupReferences![0]!.ResourceArn;
      const { RuleGroup, UpdateToken } = await firewall.send(new DescribeRuleGroupCommand({ RuleGroupArn }));
      const RulesString = `${RuleGroup!.RulesSource!.RulesString}pass ip any any -> any any (msg:"by hand"; sid:1;)\n`;
      await firewall.send(new UpdateRuleGroupCommand({ RuleGroupArn, UpdateToken, RuleGroup: { ...RuleGroup, RulesSource: { RulesString } } }));
      return RuleGroupArn!;
    },
  },
  {
    what: 'a firewall policy that passes packets uninspected',
    breaks: 'firewall-defaults',
    async make({ firewall }, network) {
      const FirewallPolicyArn = network.firewall!.firewall.FirewallPolicyArn;
      const { FirewallPolicy, UpdateToken } = await firewall.send(new DescribeFirewallPolicyCommand({ FirewallPolicyArn }));
      await firewall.send(new UpdateFirewallPolicyCommand({
        FirewallPolicyArn, UpdateToken, FirewallPolicy: { ...FirewallPolicy!, StatelessDefaultActions: ['aws:pass'] },
      }));
      return FirewallPolicyArn!;
    },
  },
  {
    what: 'the firewall\'s protection against deletion switched over',
    async make({ firewall }, network) {
      const { FirewallArn, DeleteProtection } = network.firewall!.firewall;
      await firewall.send(new UpdateFirewallDeleteProtectionCommand({ FirewallArn, DeleteProtection: !DeleteProtection }));
      return FirewallArn!;
    },
  },
  ...(['Interface', 'Gateway'] as const).map((type): Tampering => ({
    what: `a policy of full access on an endpoint of type ${type}`,
    breaks: type === 'Interface' ? 'interface-endpoints' : 'gateway-endpoints',
    async make({ ec2 }, network) {
      const VpcEndpointId = network.endpoints.find(({ VpcEndpointType }) => VpcEndpointType === type)!.VpcEndpointId!;
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] });
      await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PolicyDocument }));
      return VpcEndpointId;
    },
  })),
  {
    what: 'the flow log deleted',
    breaks: 'flow-log',
    async make({ ec2 }, network) {
      await ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: [network.flowLogs[0]!.FlowLogId!] }));
      return /aws_flow_log\./;
    },
  },
  ...DNS_TAMPERINGS,
];

/**
 * What no plan shows, because Terraform knows only what it made. A periodic comparison of the
 * account with the state finds it; see docs/e2e.md.
 */
export const UNSEEN: Tampering = {
  what: 'a new security group beside those of the stack',
  async make({ ec2 }, network) {
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'by-hand', Description: 'by hand', VpcId: network.vpc }));
    return GroupId!;
  },
  async undo({ ec2 }, { vpc }) {
    const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }));
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: SecurityGroups.find(({ GroupName }) => GroupName === 'by-hand')!.GroupId }));
  },
};

function groupOf(network: LiveNetwork, segment: string, role: 'rules' | 'member'): string {
  const group = network.groups.find(({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === 'Name' && Value?.endsWith(`-${segment}-${role}`)));
  if (!group) throw new Error(`no ${role} group of '${segment}'`);
  return group.GroupId!;
}

async function addRoute({ ec2 }: AwsAccount, network: LiveNetwork, RouteTableId: string, DestinationCidrBlock: string): Promise<string> {
  const GatewayId = network.tables.flatMap(({ Routes = [] }) => Routes).find((route) => route.GatewayId?.startsWith('igw-'))!.GatewayId;
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock, GatewayId }));
  return RouteTableId;
}
