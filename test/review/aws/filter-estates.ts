/** Random groups and ACLs, and the Terraform that makes them. */
import fc from 'fast-check';
import { line, ref, WORLD, type Stack } from '../sound-stack';
import { LISTS, type Entry, type Estate, type ListName, type Match } from './filter-packets';

const SIX = '::/0';
const often = <T>(value: T, other: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T> => fc.oneof({ weight, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const block = fc.constantFrom(WORLD, WORLD, SIX, SIX, '0.0.0.0/1', '128.0.0.0/1', '8.0.0.0/8', '10.0.0.0/8', '2600::/12', '2000::/3');
const ports = fc.constantFrom<readonly [number, number]>([443, 443], [0, 65535], [1, 52], [53, 65535]);
const protocol = often('-1', fc.constantFrom('tcp', 'tcp', '6', 'udp', '17', '47', '50'), 1);
const icmp = fc.constantFrom<readonly [number, number]>([-1, -1], [8, -1], [8, 0], [8, 3]);

/** Of ICMP each family has its own. */
const ping = (match: Match, own: readonly [number, number] | undefined): Match => (own && match.protocol === '47' ? { ...match, ports: own, protocol: match.to.includes(':') ? '58' : 'icmp' } : match);
const rule = fc.tuple(fc.record<Match>({ protocol, ports, to: fc.oneof({ weight: 3, arbitrary: block }, { weight: 1, arbitrary: fc.constantFrom('google', 'halves', 'six', 'self', 'peer') }) }), fc.option(icmp, { nil: undefined, freq: 2 })).map(([match, own]) => (match.to in LISTS && match.protocol === '47' ? { ...match, protocol: 'tcp' } : ping(match, own)));
const rules = fc.array(rule, { maxLength: 3 });
const acl = fc.array(fc.tuple(fc.record<Match>({ protocol, ports, to: block }), fc.option(icmp, { nil: undefined, freq: 2 }), often(true, fc.constant(false), 1)), { maxLength: 5 }).map((all) => all.map(([match, own, allow], at): Entry => ({ ...ping(match, own), allow, number: 100 + ((at * 37) % 50) })));
const maybe = <T>(value: fc.Arbitrary<T>, freq = 3) => fc.option(value, { nil: undefined, freq });

export const estates: fc.Arbitrary<Estate> = fc.record({
  groups: fc.record({ one: maybe(rules, 6), two: maybe(rules) }), default: maybe(rules, 2), carried: often<Estate['carried']>(['one'], fc.subarray(['one', 'two', 'default'])), added: maybe(fc.constantFrom('one' as const, 'two' as const), 2),
  acl: maybe(acl, 2), defaultAcl: maybe(acl, 2), natAcl: maybe(acl, 2), isPublic: fc.boolean(),
});

/** How the same is written, which must not matter. */
export interface Spelling {
  readonly rules: Readonly<Record<'one' | 'two' | 'default', 'inline' | 'rules' | 'older rules'>>;
  readonly entries: 'inline' | 'apart';
  readonly associated: 'in the ACL' | 'apart';
  /** Several blocks in one rule, as older rules and blocks can have. */
  readonly merged: boolean;
}

export const spellings: fc.Arbitrary<Spelling> = fc.record({
  rules: fc.record({ one: fc.constantFrom('inline', 'rules', 'older rules'), two: fc.constantFrom('inline', 'rules', 'older rules'), default: fc.constant('inline' as const) }),
  entries: fc.constantFrom('inline', 'apart'), associated: fc.constantFrom('in the ACL', 'apart'), merged: fc.boolean(),
});

const vpc_id = ref('aws_vpc', 'main');
const LIST_NAMES = new Set<string>(Object.keys(LISTS));
const listId = (name: string) => ref('aws_ec2_managed_prefix_list', name);
const ranged = ({ protocol, ports }: Match) => (['tcp', '6', 'udp', '17', 'icmp', '58'].includes(protocol) ? { from_port: ports[0], to_port: ports[1] } : { from_port: 0, to_port: 0 });

function destination(to: string) {
  if (LIST_NAMES.has(to)) return { prefix_list_ids: [listId(to)] };
  if (to === 'self') return { self: true };
  if (to === 'peer') return { security_groups: [ref('aws_security_group', 'peer')] };
  return to.includes(':') ? { ipv6_cidr_blocks: [to] } : { cidr_blocks: [to] };
}

export function written(estate: Estate, spelling: Spelling): Stack {
  const resource: Stack['resource'] = {
    aws_vpc: { main: { cidr_block: '10.0.0.0/16', ipv6_cidr_block: '2600:1f18::/56' } },
    aws_subnet: {
      app: { vpc_id, cidr_block: '10.0.1.0/24', ipv6_cidr_block: '2600:1f18::/64', assign_ipv6_address_on_creation: true, map_public_ip_on_launch: estate.isPublic },
      nat: { vpc_id, cidr_block: '10.0.2.0/24' },
    },
    aws_internet_gateway: { main: { vpc_id } }, aws_eip: { nat: { domain: 'vpc' } }, aws_nat_gateway: { main: { subnet_id: ref('aws_subnet', 'nat'), allocation_id: ref('aws_eip', 'nat', 'allocation_id') } },
    aws_route_table: {
      app: { vpc_id, route: [{ ipv6_cidr_block: SIX, gateway_id: ref('aws_internet_gateway', 'main') }, { cidr_block: WORLD, ...(estate.isPublic ? { gateway_id: ref('aws_internet_gateway', 'main') } : { nat_gateway_id: ref('aws_nat_gateway', 'main') }) }] },
      nat: { vpc_id, route: [{ cidr_block: WORLD, gateway_id: ref('aws_internet_gateway', 'main') }] },
    },
    aws_route_table_association: Object.fromEntries(['app', 'nat'].map((name) => [name, { subnet_id: ref('aws_subnet', name), route_table_id: ref('aws_route_table', name) }])),
    aws_ec2_managed_prefix_list: Object.fromEntries((Object.entries(LISTS) as [ListName, readonly string[]][]).map(([name, cidrs]) => [name, { name, address_family: name === 'six' ? 'IPv6' : 'IPv4', max_entries: 5, entry: cidrs.map((cidr) => ({ cidr })) }])),
    aws_security_group: { peer: { vpc_id, ingress: [], egress: [] } }, aws_vpc_security_group_egress_rule: {}, aws_security_group_rule: {}, aws_default_security_group: {},
    aws_network_acl: {}, aws_network_acl_rule: {}, aws_network_acl_association: {}, aws_default_network_acl: {}, aws_network_interface_sg_attachment: {},
    aws_instance: { app: { ami: 'ami-1', instance_type: 't3.micro', subnet_id: ref('aws_subnet', 'app'), ...(estate.carried.length > 0 ? { vpc_security_group_ids: estate.carried.map(groupId(estate)) } : {}) } },
  };
  for (const name of ['one', 'two'] as const) writeGroup(resource, name, estate.groups[name], spelling);
  if (estate.default) resource.aws_default_security_group!.main = { vpc_id, ingress: [], egress: blocks(estate.default, spelling.merged) };
  if (estate.added) resource.aws_network_interface_sg_attachment!.app = { security_group_id: ref('aws_security_group', estate.added), network_interface_id: ref('aws_instance', 'app', 'primary_network_interface_id') };
  writeAcls(resource, estate, spelling);
  return { resource };
}

const groupId = (estate: Estate) => (name: 'one' | 'two' | 'default') => (name !== 'default' ? ref('aws_security_group', name) : estate.default ? ref('aws_default_security_group', 'main') : ref('aws_vpc', 'main', 'default_security_group_id'));

function blocks(rules: readonly Match[], merged: boolean) {
  const made = rules.map((rule) => line({ ...destination(rule.to), protocol: rule.protocol, ...ranged(rule) }));
  const [first] = made;
  // The first two in one block, where they are of the same kind.
  const same = merged && first ? made.slice(1).find((each) => each.protocol === first.protocol && each.from_port === first.from_port && each.to_port === first.to_port) : undefined;
  if (!first || !same) return made;
  const both = Object.fromEntries(['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'security_groups'].map((key) => [key, [...new Set([...first[key], ...same[key]])]]));
  return [{ ...first, ...both, self: first.self || same.self }, ...made.slice(1).filter((each) => each !== same)];
}

function writeGroup(resource: Stack['resource'], name: 'one' | 'two', rules: readonly Match[] | undefined, spelling: Spelling): void {
  const kind = spelling.rules[name];
  resource.aws_security_group![name] = { vpc_id, ...(rules && kind === 'inline' ? { egress: blocks(rules, spelling.merged) } : {}) };
  if (!rules || kind === 'inline') return;
  for (const [at, rule] of rules.entries()) {
    const id = `${name}-${at}`;
    if (kind === 'older rules') {
      const { security_groups: [peer] = [], ...to } = destination(rule.to) as { security_groups?: string[] };
      resource.aws_security_group_rule![id] = { type: 'egress', security_group_id: ref('aws_security_group', name), protocol: rule.protocol, ...ranged(rule), ...to, ...(peer ? { source_security_group_id: peer } : {}) };
    } else {
      const to = LIST_NAMES.has(rule.to) ? { prefix_list_id: listId(rule.to) } : rule.to === 'self' ? { referenced_security_group_id: ref('aws_security_group', name) } : rule.to === 'peer' ? { referenced_security_group_id: ref('aws_security_group', 'peer') } : rule.to.includes(':') ? { cidr_ipv6: rule.to } : { cidr_ipv4: rule.to };
      resource.aws_vpc_security_group_egress_rule![id] = { security_group_id: ref('aws_security_group', name), ip_protocol: rule.protocol, ...to, ...(rule.protocol === '-1' ? {} : ranged(rule)) };
    }
  }
}

function writeAcls(resource: Stack['resource'], { acl, natAcl, defaultAcl }: Estate, { entries, associated }: Spelling): void {
  const body = (entry: Entry) => ({ protocol: entry.protocol, ...ranged(entry), ...(entry.protocol === 'icmp' || entry.protocol === '58' ? { icmp_type: entry.ports[0], icmp_code: entry.ports[1], from_port: 0, to_port: 0 } : {}), ...(entry.to.includes(':') ? { ipv6_cidr_block: entry.to } : { cidr_block: entry.to }) });
  const all = [WORLD, SIX].map((to, at): Entry => ({ to, protocol: '-1', ports: [0, 0], allow: true, number: at + 1 }));
  const inline = (some: readonly Entry[]) => some.map((entry) => ({ rule_no: entry.number, action: entry.allow ? 'allow' : 'deny', ...body(entry) }));
  for (const [name, own] of [['app', acl], ['nat', natAcl]] as const) {
    if (!own) continue;
    resource.aws_network_acl![name] = { vpc_id, ...(associated === 'in the ACL' ? { subnet_ids: [ref('aws_subnet', name)] } : {}), ...(entries === 'inline' ? { egress: inline(own), ingress: inline(all) } : {}) };
    if (associated === 'apart') resource.aws_network_acl_association![name] = { network_acl_id: ref('aws_network_acl', name), subnet_id: ref('aws_subnet', name) };
    if (entries === 'apart') for (const [egress, entry] of [...own.map((each) => [true, each] as const), ...all.map((each) => [false, each] as const)]) resource.aws_network_acl_rule![`${name}-${egress}-${entry.number}`] = { network_acl_id: ref('aws_network_acl', name), egress, rule_number: entry.number, rule_action: entry.allow ? 'allow' : 'deny', ...body(entry) };
  }
  if (defaultAcl) resource.aws_default_network_acl!.main = { default_network_acl_id: ref('aws_vpc', 'main', 'default_network_acl_id'), ingress: inline(all), egress: inline(defaultAcl) };
}
