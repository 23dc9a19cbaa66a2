/**
 * Single packets through a synthesized stack, hop by hop and back, by AWS's documented rules: group, ACL by number,
 * longest route, the firewall's endpoint, NAT, gateway; and the same in the other direction.
 *
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
 * https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/architectures.html
 */
import { readPolicy, type Conversation, type Speech } from './conversations';
import { aclPermits, cidr, groupLines, networks, referent, resources, subnets, type GroupLine, type ObservedSubnet, type Route } from './resources';
import type { SynthesizedStack } from '../observation';

/** A machine in one subnet of a segment, with what teams are told to give it. */
export interface Workload {
  readonly segment: string;
  readonly zone: string;
  readonly address: string;
  readonly subnet: ObservedSubnet;
  readonly groups: readonly string[];
  readonly lines: readonly GroupLine[];
}

/** The first and the last port that connections are opened from: NAT gateways use all of them. */
const EPHEMERAL = [1024, 65_535] as const;

/** What is said of a packet that no firewall sees on its way out, and whose answer comes back. */
export const PAST_THE_FIREWALL = 'past the firewall';

/** Why a packet does not arrive; undefined when it does, and its answer comes back. */
export type Obstacle = string | undefined;

/** A stack as packets meet it. */
export interface World {
  readonly workloads: readonly Workload[];
  /** Where routes lead that are not of the network, one address of each. */
  readonly destinations: readonly string[];
  /** To somebody outside, and back. */
  out(from: Workload, to: string, protocol: Conversation['protocol'], port: number, speech?: Speech): Obstacle;
  /** The network without the firewall's rules: whether a packet would come to the internet and back. */
  path(from: Workload, to: string, protocol: Conversation['protocol'], port: number): Obstacle;
  /** What the firewall makes of it. */
  passes(conversation: Conversation): boolean;
  /** From one machine to another. */
  between(from: Workload, to: Workload, protocol: 'tcp' | 'udp', port: number): Obstacle;
  /** From somebody on the internet. */
  into(to: Workload, from: string, protocol: 'tcp' | 'udp', port: number): Obstacle;
  /** To the interface endpoint of a service, in every zone. */
  endpoint(from: Workload, service: string): Obstacle;
  /** To an address of a service by its gateway endpoint. */
  gateway(from: Workload, service: string, address: string): Obstacle;
}

/** @param blocked whether AWS blocks public access to all that is not excluded, by this stack or by somebody else. */
export function worldOf(stack: SynthesizedStack, blocked: boolean): World {
  const all = subnets(stack);
  const byAddress = new Map(all.map((subnet) => [subnet.address, subnet]));
  const ids = (output: string): Readonly<Record<string, readonly string[]>> => stack.output?.[output]?.value ?? {};
  const workloads = Object.keys(ids('subnet_ids')).flatMap((segment) => [...ids('subnet_ids')[segment]!, ...(ids('secondary_subnet_ids')[segment] ?? [])].map((id): Workload => {
    const subnet = byAddress.get(referent(id)!)!;
    const groups = ids('group_ids')[segment]!.map((group) => referent(group)!);
    return { segment, zone: subnet.zone, address: dotted(cidr(subnet.cidr).first + 10), subnet, groups, lines: groups.flatMap((group) => groupLines(stack, group)) };
  }));
  const ranges = [...networks(stack).map(({ body }) => body.cidr_block as string), ...resources(stack, 'aws_vpc_ipv4_cidr_block_association').map(({ body }) => body.cidr_block as string)];
  const firewall = readPolicy(stack);
  // How long the local route for an address is; -1 where none holds.
  const local = (address: string) => Math.max(-1, ...ranges.filter((range) => holds(range, address)).map(bits));

  const exclusions = resources(stack, 'aws_vpc_block_public_access_exclusion').map(({ body }) => ({ whom: referent(body.vpc_id ?? body.subnet_id), mode: body.internet_gateway_exclusion_mode }));
  const isNetwork = (whom: string | undefined) => networks(stack).some(({ address }) => address === whom);
  // What passes a firewall is blocked though the subnets of the firewall are excluded: only the whole network will do.
  // https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
  const mayLeave = () => !blocked || exclusions.some(({ whom }) => isNetwork(whom));
  const mayEnter = (subnet: ObservedSubnet) => !blocked || exclusions.some(({ whom, mode }) => mode === 'allow-bidirectional' && (isNetwork(whom) || whom === subnet.address));

  const path: World['path'] = (from, to, protocol, port) => EPHEMERAL.map((own): Obstacle => {
    if (!groupLets(from, 'egress', protocol, port, to)) return 'group of the sender';
    if (!acl(from.subnet, 'egress', protocol, port, to)) return 'acl of the sender';
    const hop = route(from.subnet, to, local);
    if (!hop) return 'no route';
    if (hop.hop.kind !== 'firewall') return acl(from.subnet, 'ingress', protocol, own, to) ? PAST_THE_FIREWALL : 'acl of the sender, replies';
    if (!mayLeave()) return 'public access is blocked';
    return through(hop.hop.address, hop.hop.zone, from, to, protocol, port, own);
  }).find((obstacle) => obstacle !== undefined);

  /** Endpoint, NAT gateway, internet gateway; and the answer by the same endpoint. */
  function through(address: string, zone: string, from: Workload, to: string, protocol: Conversation['protocol'], port: number, own: number): Obstacle {
    const mapped: readonly string[] = resources(stack, 'aws_networkfirewall_firewall').find((each) => each.address === address)?.body.subnet_mapping.map((mapping: any) => referent(mapping.subnet_id)) ?? [];
    const inspection = all.find((subnet) => subnet.zone === zone && mapped.includes(subnet.address));
    if (!inspection) return `no endpoint in ${zone}`;
    if (!acl(inspection, 'ingress', protocol, port, from.address) || !acl(inspection, 'egress', protocol, port, to)) return 'acl of the firewall subnet';
    const next = route(inspection, to, local);
    if (next?.hop.kind !== 'nat') return 'no route behind the firewall';
    const nat = byAddress.get(referent(resources(stack, 'aws_nat_gateway').find((each) => each.address === (next.hop as { address: string }).address)?.body.subnet_id) ?? '');
    if (!nat) return 'no nat gateway';
    if (!acl(nat, 'ingress', protocol, port, from.address) || !acl(nat, 'egress', protocol, port, to)) return 'acl of the nat subnet';
    if (route(nat, to, local)?.hop.kind !== 'internet-gateway') return 'no route behind the nat gateway';
    if (!acl(nat, 'ingress', protocol, own, to) || !acl(nat, 'egress', protocol, own, from.address)) return 'acl of the nat subnet, replies';
    const back = route(nat, from.address, local)?.hop;
    if (back?.kind !== 'firewall' || back.zone !== zone || back.address !== address) return 'replies take another way';
    if (!acl(inspection, 'ingress', protocol, own, to) || !acl(inspection, 'egress', protocol, own, from.address)) return 'acl of the firewall subnet, replies';
    return acl(from.subnet, 'ingress', protocol, own, to) ? undefined : 'acl of the sender, replies';
  }

  return {
    workloads,
    destinations: [...new Set(all.flatMap(({ routes }) => routes.filter(({ ipv6, destination }) => !ipv6 && bits(destination) > 0).map(({ destination }) => dotted(cidr(destination).first))))].filter((address) => local(address) < 0),
    path,
    passes: (conversation) => firewall?.(conversation) ?? false,
    out: (from, to, protocol, port, speech = { kind: 'raw' }) => path(from, to, protocol, port) ?? (firewall!({ from: from.address, to, protocol, port, speech }) ? undefined : 'firewall'),
    between: (from, to, protocol, port) => EPHEMERAL.map((own): Obstacle => {
      if (!groupLets(from, 'egress', protocol, port, to.address, to.groups)) return 'group of the sender';
      if (!groupLets(to, 'ingress', protocol, port, from.address, from.groups)) return 'group of the receiver';
      if (route(from.subnet, to.address, local) || route(to.subnet, from.address, local)) return 'a route leads elsewhere';
      if (from.subnet === to.subnet) return undefined;
      if (!acl(from.subnet, 'egress', protocol, port, to.address) || !acl(to.subnet, 'ingress', protocol, port, from.address)) return 'acl';
      return acl(to.subnet, 'egress', protocol, own, from.address) && acl(from.subnet, 'ingress', protocol, own, to.address) ? undefined : 'acl, replies';
    }).find((obstacle) => obstacle !== undefined),
    into: (to, from, protocol, port) => EPHEMERAL.map((own): Obstacle => {
      if (route(to.subnet, from, local)?.hop.kind !== 'internet-gateway') return 'no route';
      if (!mayEnter(to.subnet)) return 'public access is blocked';
      if (!acl(to.subnet, 'ingress', protocol, port, from)) return 'acl';
      if (!groupLets(to, 'ingress', protocol, port, from)) return 'group';
      return acl(to.subnet, 'egress', protocol, own, from) ? undefined : 'acl, replies';
    }).find((obstacle) => obstacle !== undefined),
    endpoint: (from, service) => {
      const found = resources(stack, 'aws_vpc_endpoint').find(({ body }) => body.vpc_endpoint_type === 'Interface' && body.service_name === service)?.body;
      if (!found) return 'no endpoint';
      const groups: readonly string[] = found.security_group_ids.map((id: string) => referent(id));
      if (found.private_dns_enabled !== !/\.dynamodb(-streams)?$/.test(service)) return 'its usual name leads elsewhere';
      const places = found.subnet_ids.map((id: string) => byAddress.get(referent(id)!)!) as readonly ObservedSubnet[];
      if (!places.some(({ zone }) => zone === from.zone)) return `no address in ${from.zone}`;
      return places.map((subnet) => {
        const endpoint: Workload = { segment: '', zone: subnet.zone, subnet, groups, address: dotted(cidr(subnet.cidr).first + 5), lines: groups.flatMap((group) => groupLines(stack, group)) };
        if (!groupLets(from, 'egress', 'tcp', 443, endpoint.address, groups)) return 'group of the sender';
        if (!groupLets(endpoint, 'ingress', 'tcp', 443, from.address, from.groups)) return 'group of the endpoint';
        if (!acl(from.subnet, 'egress', 'tcp', 443, endpoint.address) || !acl(subnet, 'ingress', 'tcp', 443, from.address)) return 'acl';
        return EPHEMERAL.every((own) => acl(subnet, 'egress', 'tcp', own, from.address) && acl(from.subnet, 'ingress', 'tcp', own, endpoint.address)) ? undefined : 'acl, replies';
      }).find((obstacle) => obstacle !== undefined);
    },
    gateway: (from, service, address) => {
      const found = resources(stack, 'aws_vpc_endpoint').find(({ body }) => body.vpc_endpoint_type === 'Gateway' && body.service_name === service)?.body;
      if (!found?.route_table_ids.some((id: string) => referent(id) === from.subnet.table)) return 'no route';
      const list = Object.entries(stack.data?.aws_ec2_managed_prefix_list ?? {}).find(([, body]: any) => body.name === service)?.[0];
      if (!from.lines.some((line) => line.direction === 'egress' && line.protocol === 'tcp' && line.from <= 443 && 443 <= line.to
        && (line.prefixLists.some((id) => referent(id) === `data.aws_ec2_managed_prefix_list.${list}`) || line.cidrs.some((block) => holds(block, address))))) return 'group of the sender';
      if (!acl(from.subnet, 'egress', 'tcp', 443, address)) return 'acl';
      return EPHEMERAL.every((own) => acl(from.subnet, 'ingress', 'tcp', own, address)) ? undefined : 'acl, replies';
    },
  };
}

/** The longest route that a packet takes; none where the local one is longer, and it stays inside. */
function route(subnet: ObservedSubnet, to: string, local: (address: string) => number): Route | undefined {
  const [longest] = subnet.routes.filter(({ destination, ipv6 }) => !ipv6 && holds(destination, to)).sort((a, b) => bits(b.destination) - bits(a.destination));
  return longest && bits(longest.destination) > local(to) ? longest : undefined;
}

function acl(subnet: ObservedSubnet, direction: 'ingress' | 'egress', protocol: string, port: number, address: string): boolean {
  return aclPermits(subnet.acl, direction, protocol, port, `${address}/32`);
}

function groupLets({ lines }: Workload, direction: 'ingress' | 'egress', protocol: string, port: number, address: string, groups: readonly string[] = []): boolean {
  return lines.some((line) => line.direction === direction && (line.protocol === '-1' || line.protocol === protocol) && line.from <= port && port <= line.to
    && (line.cidrs.some((block) => holds(block, address)) || line.groups.some((group) => groups.includes(group))));
}

function holds(block: string, address: string): boolean {
  const [range, { first }] = [cidr(block), cidr(address)];
  return range.first <= first && first <= range.last;
}

const bits = (block: string): number => Number(block.split('/')[1] ?? 32);

const dotted = (number: number): string => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
