/** Random core networks of Cloud WAN, and the Terraform that makes them. */
import fc from 'fast-check';
import { line, ref, soundStack, WORLD, type Stack } from '../sound-stack';
import { ATTACHMENTS, GROUP, REMOTES, SEGMENTS, SUBNETS, type Action, type Attachment, type Condition, type Domain, type Estate, type Firewall, type Network, type Route, type Rule, type Segment, type Shared, type SubnetName, type Target } from './core-packets';

const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const cidr = often<string>(WORLD, fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '8.8.8.0/24', '10.0.0.0/8'), 3);
const towards = (...targets: readonly Target[]) => fc.uniqueArray(fc.record<Route>({ to: cidr, target: fc.constantFrom(...targets) }), { selector: ({ to }) => to, minLength: 1, maxLength: 2 }).map((all): readonly Route[] => all);
const segment = fc.constantFrom<Segment>('red', 'red', ...SEGMENTS);
const some = fc.subarray<Segment>([...SEGMENTS], { minLength: 1 }).map((all): readonly Segment[] => all);
const shared: fc.Arbitrary<Shared> = fc.oneof(fc.constant<Shared>('*'), some, some.map((except) => ({ except })));

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('route' as const), segment, to: cidr, target: fc.constantFrom<Attachment | 'blackhole'>('egress', 'egress', 'inspect', 'inspect', 'remote', 'spoke', 'blackhole') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('share' as const), segment, with: shared }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('send-to' as const), segment }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('send-via' as const), segment, to: fc.oneof(fc.constant<'*'>('*'), some) }) },
);
/** AWS takes one route for a destination in a segment. */
const single = (each: Action): string => (each.kind === 'route' ? `${each.segment} ${each.to}` : each.kind === 'send-to' ? `${each.segment} ${WORLD}` : JSON.stringify(each));
/** Most often the first segment has a way out. */
const actions = fc.tuple(fc.option(fc.oneof(fc.record({ kind: fc.constant('route' as const), segment: fc.constant('red' as const), to: cidr, target: fc.constantFrom<Attachment>('egress', 'inspect') }), fc.constant<Action>({ kind: 'send-to', segment: 'red' })), { nil: undefined, freq: 2 }), fc.array(action, { maxLength: 3 }))
  .map(([first, more]): readonly Action[] => [...(first ? [first] : []), ...more].filter((each, at, all) => all.findIndex((other) => single(other) === single(each)) === at));

const condition = fc.record<Condition>({
  type: fc.constantFrom('tag-value', 'tag-value', 'tag-value', 'tag-exists', 'attachment-type', 'any'), operator: often('equals', fc.constantFrom('not-equals', 'contains', 'begins-with')), key: often('segment', fc.constant('team')), value: fc.constantFrom(...SEGMENTS, 'r', 'inspect'),
}).chain(({ operator, ...each }): fc.Arbitrary<Condition> => {
  // Whether a tag that is not there differs from a value AWS does not say.
  if (each.type !== 'attachment-type') return fc.constant({ ...each, operator: operator === 'not-equals' ? 'equals' : operator });
  return fc.constantFrom('vpc', ...REMOTES).map((value) => ({ ...each, value, operator: operator === 'not-equals' ? operator : 'equals' }));
});
const then = fc.constantFrom<Domain | 'by tag'>('by tag', 'by tag', GROUP, GROUP, ...SEGMENTS);
const rules = fc.tuple(
  fc.uniqueArray(fc.record<Rule>({ number: fc.integer({ min: 1, max: 98 }), logic: fc.constantFrom('and', 'or'), conditions: fc.array(condition, { minLength: 1, maxLength: 2 }), then }), { selector: (rule) => rule.number, maxLength: 2 }),
  often(true, fc.constant(false), 6),
).map(([all, isTagged]): readonly Rule[] => (isTagged ? [...all, { number: 99, logic: 'and', conditions: [{ type: 'tag-value', operator: 'begins-with', key: 'segment', value: 'inspect' }], then: GROUP }, { number: 100, logic: 'or', conditions: [{ type: 'tag-exists', operator: 'equals', key: 'segment', value: '' }], then: 'by tag' }] : all));
const tags = fc.tuple(fc.constantFrom<string>('red', 'red', 'red', 'red', 'red', ...SEGMENTS, 'inspect', ''), fc.boolean()).map(([own, hasTeam]): Readonly<Record<string, string>> => ({ ...(own === '' ? {} : { segment: own }), ...(hasTeam ? { team: 'red' } : {}) }));
const firewall = fc.constantFrom<Firewall>('names', 'passes', 'names', 'drops', 'names');

export const estates: fc.Arbitrary<Estate> = fc.record({
  routes: fc.record({
    spoke: towards('core', 'core', 'core', 'core', 'core', 'core', 'internet', 'nat'), 'spoke-nat': towards('internet', 'internet', 'core'),
    egress: towards('firewall', 'firewall', 'firewall', 'nat', 'core'), 'egress-firewall': towards('nat', 'nat', 'nat', 'core'), 'egress-nat': towards('internet', 'internet', 'internet', 'core', 'firewall'),
    inspect: towards('firewall', 'firewall', 'firewall', 'nat', 'core'), 'inspect-firewall': towards('nat', 'nat', 'core'), 'inspect-nat': towards('internet', 'internet', 'core'),
  }),
  isPublic: often(false, fc.constant(true)), firewalls: fc.record({ egress: firewall, inspect: firewall }),
  segments: fc.record({ red: segmentOf(), blue: segmentOf(), green: segmentOf() }),
  tags: fc.record({ spoke: tags, egress: tags, inspect: fc.oneof(fc.constant<Readonly<Record<string, string>>>({ segment: 'inspect' }), tags), remote: fc.constantFrom(...SEGMENTS, 'blue', 'green').map((own): Readonly<Record<string, string>> => ({ segment: own })) }), remote: fc.constantFrom(...REMOTES), rules, actions,
});

function segmentOf() {
  return fc.record({ isolated: fc.boolean(), denies: often<readonly Segment[]>([], some, 1) });
}

const CORE = ref('aws_networkmanager_core_network', 'core');
const TYPES = { 'site-to-site-vpn': 'aws_networkmanager_site_to_site_vpn_attachment', connect: 'aws_networkmanager_connect_attachment', 'direct-connect-gateway': 'aws_networkmanager_dx_gateway_attachment', 'transit-gateway-route-table': 'aws_networkmanager_transit_gateway_route_table_attachment' } as const;
const networkOf = (subnet: SubnetName) => subnet.split('-')[0] as Network;
const idOf = (attachment: Attachment, { remote }: Estate) => ref(attachment === 'remote' ? TYPES[remote] : 'aws_networkmanager_vpc_attachment', attachment);

function target(own: Network, to: Target): Record<string, string> {
  return {
    core: { core_network_arn: ref('aws_networkmanager_core_network', 'core', 'arn') }, internet: { gateway_id: ref('aws_internet_gateway', own) }, nat: { nat_gateway_id: ref('aws_nat_gateway', own) },
    firewall: { vpc_endpoint_id: `\${one([for s in aws_networkfirewall_firewall.${own}.firewall_status[0].sync_states : s.attachment[0].endpoint_id if s.availability_zone == "us-east-1a"])}` },
  }[to];
}

const RULES: Readonly<Record<Firewall, string>> = { drops: 'drop ip any any -> any any (sid:1;)', names: 'pass tls any any -> any any (tls.sni; content:"a.example.com"; startswith; endswith; sid:1;)\ndrop ip any any -> any any (sid:2;)', passes: 'pass ip any any -> any any (sid:1;)' };

/** The policy as JSON says it. */
function asText(estate: Estate): string {
  const names = (to: Shared) => (to === '*' || !('except' in to) ? to : { except: to.except });
  return JSON.stringify({
    version: '2021.12', 'core-network-configuration': { 'asn-ranges': ['64512-64555'], 'edge-locations': [{ location: 'us-east-1' }] },
    segments: SEGMENTS.map((name) => ({ name, 'isolate-attachments': estate.segments[name].isolated, ...(estate.segments[name].denies.length === 0 ? {} : { 'deny-filter': estate.segments[name].denies }) })),
    'network-function-groups': [{ name: GROUP, 'require-attachment-acceptance': false }],
    'segment-actions': estate.actions.map((each) => ({
      action: each.kind === 'route' ? 'create-route' : each.kind, segment: each.segment,
      ...(each.kind === 'route' ? { 'destination-cidr-blocks': [each.to], destinations: [each.target === 'blackhole' ? 'blackhole' : idOf(each.target, estate)] }
        : each.kind === 'share' ? { mode: 'attachment-route', 'share-with': names(each.with) }
          : { via: { 'network-function-groups': [GROUP] }, ...(each.kind === 'send-via' ? { mode: 'single-hop', 'when-sent-to': { segments: each.to } } : {}) }),
    })),
    'attachment-policies': estate.rules.map(({ number, logic, conditions, then: result }) => ({
      'rule-number': number, 'condition-logic': logic,
      conditions: conditions.map(({ type, operator, key, value }) => ({ type, ...(type === 'any' ? {} : type === 'tag-exists' ? { key } : { operator, value, ...(type === 'tag-value' ? { key } : {}) }) })),
      action: result === 'by tag' ? { 'association-method': 'tag', 'tag-value-of-key': 'segment' } : result === GROUP ? { 'add-to-network-function-group': GROUP } : { 'association-method': 'constant', segment: result },
    })),
  });
}

/** The same as blocks of the data source that writes this JSON. */
function asBlocks(estate: Estate): object {
  const blocks = (value: any, key = ''): any => {
    if (key === 'share-with') return undefined;
    if (Array.isArray(value)) return value.map((each) => blocks(each));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries<any>(value).flatMap(([name, own]) => {
      if (name === 'share-with') return typeof own === 'string' ? [['share_with', [own]]] : Array.isArray(own) ? [['share_with', own]] : [['share_with_except', own.except]];
      const isList = (name === 'segments' || name === 'network-function-groups') && typeof own === 'string';
      const isBlock = typeof own === 'object' && !Array.isArray(own);
      return [[name.replaceAll('-', '_'), isList ? [own] : isBlock ? [blocks(own)] : blocks(own)]];
    });
    return Object.fromEntries(entries);
  };
  return blocks(JSON.parse(asText(estate)));
}

/** @param form whether the policy is JSON, or what a data source makes of blocks */
export function written(estate: Estate, form: 'text' | 'blocks'): Stack {
  const { resource: sound } = soundStack();
  const { routes, isPublic, firewalls, tags: tagged, remote } = estate;
  const all = (make: (name: Network) => object) => ({ spoke: make('spoke'), egress: make('egress'), inspect: make('inspect') });
  const both = (make: (name: 'egress' | 'inspect') => object) => ({ egress: make('egress'), inspect: make('inspect') });
  const ranges = { spoke: 1, egress: 2, inspect: 3 };
  const resource: Stack['resource'] = {
    aws_vpc: all((name) => ({ cidr_block: `10.${ranges[name]}.0.0/16` })),
    aws_subnet: Object.fromEntries(SUBNETS.map((name, at) => [name, { vpc_id: ref('aws_vpc', networkOf(name)), cidr_block: `10.${ranges[networkOf(name)]}.${at}.0/24`, availability_zone: 'us-east-1a' }])),
    aws_route_table: Object.fromEntries(SUBNETS.map((name) => [name, { vpc_id: ref('aws_vpc', networkOf(name)), route: routes[name].map((route) => ({ cidr_block: route.to, ...target(networkOf(name), route.target) })) }])),
    aws_route_table_association: Object.fromEntries(SUBNETS.map((name) => [name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }])),
    aws_internet_gateway: all((name) => ({ vpc_id: ref('aws_vpc', name) })), aws_eip: all(() => ({ domain: 'vpc' })),
    aws_nat_gateway: all((name) => ({ subnet_id: ref('aws_subnet', `${name}-nat`), allocation_id: ref('aws_eip', name, 'allocation_id') })),
    aws_security_group: { app: { vpc_id: ref('aws_vpc', 'spoke'), ingress: [], egress: [line({ protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: [WORLD] })] } },
    aws_instance: { app: { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'spoke'), vpc_security_group_ids: [ref('aws_security_group', 'app')], associate_public_ip_address: isPublic } },
    aws_networkfirewall_rule_group: both((name) => { const group = structuredClone(sound.aws_networkfirewall_rule_group!.main!); group.rule_group.rules_source.rules_string = RULES[firewalls[name]]; return { ...group, name }; }),
    aws_networkfirewall_firewall_policy: both((name) => { const policy = structuredClone(sound.aws_networkfirewall_firewall_policy!.main!); policy.firewall_policy.stateful_rule_group_reference[0].resource_arn = ref('aws_networkfirewall_rule_group', name, 'arn'); return { ...policy, name }; }),
    aws_networkfirewall_firewall: both((name) => ({ name, vpc_id: ref('aws_vpc', name), firewall_policy_arn: ref('aws_networkfirewall_firewall_policy', name, 'arn'), subnet_mapping: [{ subnet_id: ref('aws_subnet', `${name}-firewall`) }] })),
    aws_networkmanager_global_network: { main: {} }, aws_networkmanager_core_network: { core: { global_network_id: ref('aws_networkmanager_global_network', 'main'), create_base_policy: true, base_policy_regions: ['us-east-1'] } },
    aws_networkmanager_core_network_policy_attachment: { core: { core_network_id: CORE, policy_document: form === 'text' ? asText(estate) : '${data.aws_networkmanager_core_network_policy_document.core.json}' } },
    aws_networkmanager_vpc_attachment: all((name) => ({ core_network_id: CORE, vpc_arn: ref('aws_vpc', name, 'arn'), subnet_arns: [ref('aws_subnet', name, 'arn')], tags: tagged[name], tags_all: tagged[name] })),
    aws_customer_gateway: { office: { bgp_asn: 65000, ip_address: '198.51.100.1', type: 'ipsec.1' } }, aws_vpn_connection: { office: { customer_gateway_id: ref('aws_customer_gateway', 'office'), type: 'ipsec.1' } },
    aws_ec2_transit_gateway: { hub: {} }, aws_ec2_transit_gateway_route_table: { hub: { transit_gateway_id: ref('aws_ec2_transit_gateway', 'hub') } },
    aws_networkmanager_transit_gateway_peering: { hub: { core_network_id: CORE, transit_gateway_arn: ref('aws_ec2_transit_gateway', 'hub', 'arn') } },
    [TYPES[remote]]: {
      remote: {
        tags: tagged.remote, tags_all: tagged.remote, ...(remote === 'transit-gateway-route-table' ? { peering_id: ref('aws_networkmanager_transit_gateway_peering', 'hub'), transit_gateway_route_table_arn: ref('aws_ec2_transit_gateway_route_table', 'hub', 'arn') } : { core_network_id: CORE }),
        ...(remote === 'site-to-site-vpn' ? { vpn_connection_arn: ref('aws_vpn_connection', 'office', 'arn') } : remote === 'connect' ? { transport_attachment_id: idOf('inspect', estate), edge_location: 'us-east-1', options: { protocol: 'GRE' } } : remote === 'direct-connect-gateway' ? { direct_connect_gateway_arn: 'arn:aws:directconnect::111122223333:dx-gateway/1', edge_locations: ['us-east-1'] } : {}),
      },
    },
  };
  return form === 'text' ? { resource } : { resource, data: { aws_networkmanager_core_network_policy_document: { core: asBlocks(estate) } } };
}

/** Whether a first plan can have the policy as JSON: it names no attachment. */
export const isTold = ({ actions }: Estate): boolean => actions.every((each) => each.kind !== 'route' || each.target === 'blackhole');
export { ATTACHMENTS };
