/** The resources of an AWS stack as the observer reads them: by address, with references resolved. */
import type { SynthesizedStack } from '../observation';

/** One resource: its Terraform address and its body. */
export interface Resource {
  readonly address: string;
  readonly body: any;
}

/** Every resource of a type, in the order of the file. */
export function resources(stack: SynthesizedStack, type: string): readonly Resource[] {
  return Object.entries(stack.resource?.[type] ?? {}).map(([name, body]) => ({ address: `${type}.${name}`, body }));
}

/** Every data source of a type: what the stack reads and does not make. */
export function dataSources(stack: SynthesizedStack, type: string): readonly Resource[] {
  return Object.entries(stack.data?.[type] ?? {}).map(([name, body]) => ({ address: `data.${type}.${name}`, body }));
}

/** The networks that the stack makes or works in. */
export function networks(stack: SynthesizedStack): readonly Resource[] {
  return [...resources(stack, 'aws_vpc'), ...dataSources(stack, 'aws_vpc')];
}

/** A subnet that is read says by its conditions what one that is made says by its settings. */
function readSubnets(stack: SynthesizedStack): readonly Resource[] {
  return dataSources(stack, 'aws_subnet').map(({ address, body }) => {
    const conditions: readonly string[] = (body.lifecycle?.postcondition ?? []).map((each: any) => each.condition);
    const closed = conditions.includes('${!self.map_public_ip_on_launch}');
    const withoutIpv6 = conditions.includes('${self.ipv6_cidr_block == ""}');
    return { address, body: { ...body, map_public_ip_on_launch: !closed, ...(withoutIpv6 ? {} : { ipv6_cidr_block: 'whatever it has' }) } };
  });
}

/** The address that `${aws_subnet.x.id}` names; undefined for anything that is not one reference. */
export function referent(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\$\{((?:data\.)?[a-z0-9_]+\.[A-Za-z0-9_-]+)\.[a-z_]+\}$/.exec(value)?.[1] : undefined;
}

export interface Cidr {
  readonly first: number;
  readonly last: number;
}

/** The same blocks are asked for in every one of a thousand mutations. */
const cidrs = new Map<string, Cidr>();

export function cidr(text: string): Cidr {
  let known = cidrs.get(text);
  if (!known) cidrs.set(text, (known = parsed(text)));
  return known;
}

function parsed(text: string): Cidr {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (a === undefined) return { first: 0, last: 2 ** 32 - 1 };
  const address = ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d);
  const size = 2 ** (32 - Number(bits ?? 32));
  const first = Math.floor(address / size) * size;
  return { first, last: first + size - 1 };
}

export function within(inner: string, outer: string): boolean {
  const [a, b] = [cidr(inner), cidr(outer)];
  return a.first >= b.first && a.last <= b.last;
}

export function overlap(one: string, other: string): boolean {
  const [a, b] = [cidr(one), cidr(other)];
  return a.first <= b.last && b.first <= a.last;
}

/** Where a route leads. */
export type Hop =
  | { readonly kind: 'internet-gateway' | 'nat'; readonly address: string }
  | { readonly kind: 'firewall'; readonly address: string; readonly zone: string }
  | { readonly kind: 'unknown'; readonly text: string };

export interface Route {
  readonly destination: string;
  readonly ipv6: boolean;
  readonly hop: Hop;
}

const BY_ZONE = /^\$\{one\(\[for s in (aws_networkfirewall_firewall\.[A-Za-z0-9_-]+)\.firewall_status\[0\]\.sync_states : s\.attachment\[0\]\.endpoint_id if s\.availability_zone == "([a-z0-9-]+)"\]\)\}$/;

function hopOf(route: any): Hop {
  const gateway = referent(route.gateway_id);
  if (gateway && /^(data\.)?aws_internet_gateway\./.test(gateway)) return { kind: 'internet-gateway', address: gateway };
  const nat = referent(route.nat_gateway_id);
  if (nat) return { kind: 'nat', address: nat };
  const [, firewall, zone] = BY_ZONE.exec(route.vpc_endpoint_id ?? '') ?? [];
  if (firewall && zone) return { kind: 'firewall', address: firewall, zone };
  return { kind: 'unknown', text: JSON.stringify(route) };
}

function routeOf(body: any): Route {
  const ipv6 = Boolean(body.ipv6_cidr_block ?? body.destination_ipv6_cidr_block);
  const destination = body.cidr_block ?? body.destination_cidr_block ?? (ipv6 ? '::/0' : 'prefix-list');
  return { destination, ipv6, hop: hopOf(body) };
}

/** A subnet with the routes that really apply to it. */
export interface ObservedSubnet {
  readonly address: string;
  readonly cidr: string;
  readonly zone: string;
  readonly body: any;
  readonly table: string;
  readonly routes: readonly Route[];
  readonly acl: any | undefined;
}

/** A subnet without an association hangs on the main route table, and without an ACL on the default one. */
export function subnets(stack: SynthesizedStack): readonly ObservedSubnet[] {
  const tables = new Map([...resources(stack, 'aws_route_table'), ...resources(stack, 'aws_default_route_table')].map((table) => [table.address, table]));
  const main = resources(stack, 'aws_default_route_table')[0]?.address ?? 'main route table';
  const associations = resources(stack, 'aws_route_table_association');
  const standalone = resources(stack, 'aws_route');
  const acls = resources(stack, 'aws_network_acl');
  return [...resources(stack, 'aws_subnet'), ...readSubnets(stack)].map(({ address, body }) => {
    const association = associations.find(({ body: candidate }) => referent(candidate.subnet_id) === address);
    const table = association ? (referent(association.body.route_table_id) ?? 'unknown') : main;
    const inline = tables.get(table)?.body.route ?? [];
    const own = standalone.filter(({ body: route }) => referent(route.route_table_id) === table).map((route) => route.body);
    return {
      address,
      cidr: body.cidr_block,
      zone: body.availability_zone,
      // Whose a subnet is that somebody else made, its route table says.
      body: body.tags ? body : { ...body, tags: tables.get(table)?.body.tags },
      table,
      routes: [...inline, ...own].map(routeOf),
      acl: acls.find(({ body: acl }) => (acl.subnet_ids ?? []).some((id: string) => referent(id) === address))?.body,
    };
  });
}

/** One line of a security group, wherever it is written. */
export interface GroupLine {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
  readonly ipv6: readonly string[];
  readonly groups: readonly string[];
  readonly prefixLists: readonly string[];
}

/** Inline rules and standalone ones: AWS adds them up, and so does an attacker. */
export function groupLines(stack: SynthesizedStack, group: string): readonly GroupLine[] {
  const body = resources(stack, 'aws_security_group').find(({ address }) => address === group)?.body ?? {};
  const inline = (['ingress', 'egress'] as const).flatMap((direction) => (body[direction] ?? []).map((rule: any) => line(direction, rule, group)));
  const standalone = [
    ...resources(stack, 'aws_security_group_rule').map(({ body: rule }) => ({ direction: rule.type, rule })),
    ...resources(stack, 'aws_vpc_security_group_egress_rule').map(({ body: rule }) => ({ direction: 'egress', rule })),
    ...resources(stack, 'aws_vpc_security_group_ingress_rule').map(({ body: rule }) => ({ direction: 'ingress', rule })),
  ].filter(({ rule }) => referent(rule.security_group_id) === group);
  return [...inline, ...standalone.map(({ direction, rule }) => line(direction, rule, group))];
}

function line(direction: 'ingress' | 'egress', rule: any, self: string): GroupLine {
  const everything = String(rule.protocol ?? rule.ip_protocol) === '-1';
  const groups = [...(rule.security_groups ?? []), rule.referenced_security_group_id, rule.source_security_group_id].filter(Boolean);
  return {
    direction,
    protocol: everything ? '-1' : String(rule.protocol ?? rule.ip_protocol),
    from: everything ? 0 : rule.from_port,
    to: everything ? 65535 : rule.to_port,
    cidrs: [...(rule.cidr_blocks ?? []), rule.cidr_ipv4].filter(Boolean),
    ipv6: [...(rule.ipv6_cidr_blocks ?? []), rule.cidr_ipv6].filter(Boolean),
    groups: [...groups.map((id: string) => referent(id) ?? id), ...(rule.self ? [self] : [])],
    prefixLists: [...(rule.prefix_list_ids ?? []), rule.prefix_list_id].filter(Boolean),
  };
}

/** An ACL evaluates its entries by number; the first that matches decides, and at the end is a deny. */
export function aclPermits(acl: any, direction: 'ingress' | 'egress', protocol: string, port: number, block: string): boolean {
  const entries = [...(acl?.[direction] ?? [])].sort((a: any, b: any) => a.rule_no - b.rule_no);
  const decisive = entries.find((entry: any) => entry.cidr_block && within(block, entry.cidr_block)
    && (String(entry.protocol) === '-1' || (entry.protocol === protocol && entry.from_port <= port && port <= entry.to_port)));
  return decisive?.action === 'allow';
}
