/**
 * Holds the live network against the policy.
 *
 * Each check answers with what it saw instead; nothing seen means that the claim holds. Subnets
 * are found by the addresses of the plan, and not by names that the blueprint gives.
 */
import { planAddresses, subnet, type AddressPlan } from '../../blueprints/policy/address-plan';
import { allowRulesFor, type AllowRule, type AwsEnvironment, type Policy, type Segment, type Zone } from '../../blueprints/policy/model';
import { egressPorts, rulesOf, segmentsWithHosts } from '../../blueprints/policy/rules';
import type { IpPermission } from '@aws-sdk/client-ec2';
import { gatewayRangesOf } from './expected-gateways';
import { routesOf, subnetAt, tableOf, type LiveNetwork } from './live-network';

/** What the network has to be. */
export interface Expected {
  /** `acme-lab`: what names of resources begin with. */
  readonly name: string;
  readonly environment: AwsEnvironment;
  readonly segments: readonly Segment[];
  readonly rules: readonly AllowRule[];
  readonly zones: readonly Zone[];
  readonly addresses: AddressPlan<'aws'>;
  /** The zones with a firewall endpoint and a NAT gateway. */
  readonly egressZones: readonly Zone[];
  /** What a segment has in a zone: its block of the plan, and its part of a range that was added for it. */
  blocksIn(segment: string, zone: Zone): readonly string[];
  /** Every range of the network. */
  readonly ranges: readonly string[];
  /** By zone, the zone that its traffic leaves by. */
  readonly servedBy: Readonly<Record<string, string>>;
}

export function expectedOf(policy: Policy, environment: AwsEnvironment): Expected {
  const { egressZones: names = environment.zones.map(({ name }) => name) } = environment;
  const egressZones = environment.zones.filter(({ name }) => names.includes(name));
  // Where one zone serves all, there is no choice to get wrong.
  const servedBy = Object.fromEntries(environment.zones.map(({ name }) => [name, names.includes(name) ? name : names.length === 1 ? names[0]! : 'one of several']));
  const addresses = planAddresses(policy, environment);
  const secondary = environment.secondaryCidrs ?? {};
  const blocksIn = (segment: string, zone: Zone) => [addresses.segmentIn(segment, zone), ...(secondary[segment] ? [subnet(secondary[segment]!, 2, zone.slot)] : [])];
  const stage = policy.environments.find(({ aws }) => aws === environment)!;
  return { name: `${policy.organization}-${stage.name}`, environment, segments: policy.segments, rules: allowRulesFor(policy, 'aws', stage.name), zones: environment.zones, addresses, egressZones, servedBy, ranges: [environment.cidr, ...Object.values(secondary)], blocksIn };
}

/** A claim about the network, and how to find what speaks against it. */
export interface NetworkCheck {
  /** Stable, kebab-case. */
  readonly id: string;
  readonly claim: string;
  seen(network: LiveNetwork, expected: Expected): string[];
}

/** A check that finds a part of the network missing speaks against its claim; it does not end the run. */
export function seen(check: NetworkCheck, network: LiveNetwork, expected: Expected): string[] {
  try {
    return check.seen(network, expected);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

const ANYWHERE = '0.0.0.0/0';
const acceptsInternet = ({ accepts }: Segment) => accepts.some(({ from }) => from === 'internet');

export const NETWORK_CHECKS: readonly NetworkCheck[] = [
  {
    id: 'own-zone-exit',
    claim: 'segments with hosts leave by the firewall endpoint of their zone, and by nothing else',
    seen: (network, { rules, zones, blocksIn, servedBy }) => segmentsWithHosts(rules).flatMap((segment) => zones.flatMap((zone) => (
      blocksIn(segment, zone).flatMap((block) => unlike(network, block, [`${ANYWHERE} -> ${network.firewall?.endpoints.get(servedBy[zone.name]!)}`]))))),
  },
  {
    id: 'no-exit',
    claim: 'data segments and private ones without hosts have no route out',
    seen: (network, { segments, rules, zones, blocksIn }) => segments
      .filter((segment) => !acceptsInternet(segment) && rulesOf(rules, segment.name).length === 0)
      .flatMap(({ name }) => zones.flatMap((zone) => blocksIn(name, zone).flatMap((block) => unlike(network, block, [])))),
  },
  {
    id: 'public-exit',
    claim: 'public segments answer by the internet gateway',
    seen: (network, { segments, zones, addresses }) => segments.filter(acceptsInternet).flatMap(({ name }) => zones.flatMap((zone) => {
      const routes = routesOf(tableOf(network, subnetAt(network, addresses.segmentIn(name, zone))));
      return /^0\.0\.0\.0\/0 -> igw-\w+$/.test(worldRoutes(routes).join()) ? [] : [`${name} in ${zone.name}: ${routes.join(', ')}`];
    })),
  },
  {
    id: 'nat-of-own-zone',
    claim: 'firewall subnets lead to the NAT gateway of their own zone',
    seen: (network, { egressZones, addresses }) => egressZones.flatMap((zone) => {
      const own = subnetAt(network, addresses.infrastructureIn('nat', zone)).SubnetId;
      const nat = network.nats.find(({ SubnetId }) => SubnetId === own)?.NatGatewayId;
      return unlike(network, addresses.infrastructureIn('firewall', zone), [`${ANYWHERE} -> ${nat}`]);
    }),
  },
  {
    id: 'return-routes',
    claim: 'NAT subnets lead out, and back to each segment through the firewall endpoint that it left by',
    seen: (network, { rules, zones, addresses, egressZones, servedBy, blocksIn }) => egressZones.flatMap((zone) => {
      const table = tableOf(network, subnetAt(network, addresses.infrastructureIn('nat', zone)));
      const gateway = table.Routes?.find((route) => route.DestinationCidrBlock === ANYWHERE)?.GatewayId ?? 'nothing';
      const back = segmentsWithHosts(rules).flatMap((segment) => zones.filter(({ name }) => servedBy[name] === zone.name)
        .flatMap((each) => blocksIn(segment, each).map((block) => `${block} -> ${network.firewall?.endpoints.get(zone.name)}`)));
      return [
        ...(gateway.startsWith('igw-') ? [] : [`${zone.name} leads to ${gateway}`]),
        ...unlike(network, addresses.infrastructureIn('nat', zone), [`${ANYWHERE} -> ${gateway}`, ...back]),
      ];
    }),
  },
  {
    id: 'main-table',
    claim: 'no subnet hangs on the main route table, and that table is empty',
    seen: (network) => network.tables.filter(isMain).flatMap((main) => [
      ...routesOf(main),
      ...network.subnets.filter((subnet) => tableOf(network, subnet) === main).map(({ CidrBlock }) => `${CidrBlock} is on the main table`),
    ]),
  },
  {
    id: 'world-ports',
    claim: 'only groups of segments with hosts reach the world, on the ports that the policy names',
    seen: (network, { segments, rules }) => {
      const wanted = segments.flatMap(({ name }) => worldPorts(rules, name).map((port) => `${name} tcp/${port}`));
      const actual = network.groups.flatMap((group) => {
        const segment = group.Tags?.find(({ Key }) => Key === 'segment')?.Value ?? group.GroupName;
        return (group.IpPermissionsEgress ?? []).filter(reachesWorld).flatMap((permission) => ports(permission).map((port) => `${segment} ${permission.IpProtocol}/${port}`));
      });
      return difference(wanted, actual);
    },
  },
  {
    id: 'empty-defaults',
    claim: 'the default group, ACL and route table of the network let nothing through',
    seen: (network) => [
      ...network.groups.filter(({ GroupName }) => GroupName === 'default')
        .flatMap(({ GroupId, IpPermissions = [], IpPermissionsEgress = [] }) => (IpPermissions.length + IpPermissionsEgress.length > 0 ? [`${GroupId} has rules`] : [])),
      ...network.acls.filter(({ IsDefault }) => IsDefault).flatMap(({ NetworkAclId, Entries = [], Associations = [] }) => [
        ...Entries.filter(({ RuleAction }) => RuleAction === 'allow').map(({ RuleNumber }) => `${NetworkAclId} allows by rule ${RuleNumber}`),
        ...Associations.map(({ SubnetId }) => `${SubnetId} is on the default ACL`),
      ]),
    ],
  },
  {
    id: 'closed-acls',
    claim: 'the ACLs of segments without a way out know no address outside the network but those of their gateway endpoints',
    seen: (network, { segments, rules, zones, ranges, blocksIn, environment }) => segments
      .filter((segment) => !acceptsInternet(segment) && rulesOf(rules, segment.name).length === 0)
      .flatMap(({ name }) => zones.flatMap((zone) => blocksIn(name, zone)).flatMap((block) => {
        const { SubnetId: own } = subnetAt(network, block);
        const acl = network.acls.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === own));
        return (acl?.Entries ?? []).filter(({ RuleAction, CidrBlock = '' }) => RuleAction === 'allow' && ![...ranges, ...gatewayRangesOf(environment, name)].includes(CidrBlock))
          .map(({ RuleNumber, CidrBlock }) => `${name}: rule ${RuleNumber} allows ${CidrBlock}`);
      })),
  },
  {
    id: 'interface-endpoints',
    claim: 'interface endpoints stand in every zone, with private DNS, a group and a policy of their own',
    seen: (network, { zones, addresses }) => {
      const subnets = zones.map((zone) => subnetAt(network, addresses.infrastructureIn('endpoints', zone)).SubnetId!).sort();
      const interfaces = network.endpoints.filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface');
      return [
        ...(interfaces.length === 0 ? ['there are none'] : []),
        ...interfaces.flatMap(({ ServiceName, SubnetIds = [], PrivateDnsEnabled, Groups = [], PolicyDocument }) => [
          ...([...SubnetIds].sort().join() === subnets.join() ? [] : [`${ServiceName} is in ${SubnetIds.join(', ')}`]),
          // AWS offers none for DynamoDB.
          ...(PrivateDnsEnabled || ServiceName?.endsWith('.dynamodb') ? [] : [`${ServiceName} has no private DNS`]),
          ...(Groups.length === 1 && Groups[0]?.GroupName !== 'default' ? [] : [`${ServiceName} has ${Groups.length} groups`]),
          ...(isOpen(PolicyDocument) ? [`${ServiceName} allows everything`] : []),
        ]),
      ];
    },
  },
  {
    id: 'gateway-endpoints',
    claim: 'gateway endpoints have a policy of their own',
    seen: (network) => network.endpoints.filter(({ VpcEndpointType, PolicyDocument }) => VpcEndpointType === 'Gateway' && isOpen(PolicyDocument))
      .map(({ ServiceName }) => `${ServiceName} allows everything`),
  },
  {
    id: 'flow-log',
    claim: 'all traffic of the network is on record',
    seen: ({ flowLogs }) => (flowLogs.some(({ TrafficType, FlowLogStatus }) => TrafficType === 'ALL' && FlowLogStatus === 'ACTIVE') ? [] : ['no flow log of ALL traffic']),
  },
];

/** What the routes of the subnet at an address have too much or too little. */
function unlike(network: LiveNetwork, cidr: string, wanted: readonly string[]): string[] {
  // Gateway endpoints add a route to a prefix list of one AWS service; their own policy guards it.
  const actual = routesOf(tableOf(network, subnetAt(network, cidr))).filter((route) => !/^pl-\w+ -> vpce-/.test(route));
  return difference(wanted, actual).map((line) => `${cidr}: ${line}`);
}

function difference(wanted: readonly string[], actual: readonly string[]): string[] {
  return [
    ...wanted.filter((line) => !actual.includes(line)).map((line) => `missing ${line}`),
    ...actual.filter((line) => !wanted.includes(line)).map((line) => `unexpected ${line}`),
  ];
}

function worldRoutes(routes: readonly string[]): string[] {
  return routes.filter((route) => !route.startsWith('pl-'));
}

function isMain({ Associations = [] }: LiveNetwork['tables'][number]): boolean {
  return Associations.some(({ Main }) => Main);
}

/** Ports open to every address: those of rules that go by name, for a transparent firewall. */
function worldPorts(rules: readonly AllowRule[], segment: string): readonly number[] {
  return egressPorts(rules.filter(({ protocol }) => protocol !== 'tcp'), segment);
}

function reachesWorld({ IpRanges = [], Ipv6Ranges = [] }: IpPermission): boolean {
  return IpRanges.some(({ CidrIp }) => CidrIp === ANYWHERE) || Ipv6Ranges.length > 0;
}

function ports({ FromPort, ToPort }: IpPermission): string[] {
  return FromPort === undefined || ToPort === undefined ? ['all']
    : ToPort - FromPort > 20 ? [`${FromPort}-${ToPort}`]
      : Array.from({ length: ToPort - FromPort + 1 }, (_, index) => String(FromPort + index));
}

/** Whether some statement allows everything to everybody without a condition. */
function isOpen(document: string | undefined): boolean {
  const { Statement = [] } = JSON.parse(document ?? '{}') as { Statement?: { Effect: string; Action: unknown; Resource: unknown; Condition?: unknown }[] };
  return Statement.length === 0 || Statement.some(({ Effect, Action, Resource, Condition }) => (
    Effect === 'Allow' && [Action].flat().includes('*') && [Resource].flat().includes('*') && !Condition));
}
