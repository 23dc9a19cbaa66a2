/** Whether a network ACL is as wide as the groups behind it need, and no wider; and where gateway endpoints lead. */
import type { Fault, ObservationSubject, SynthesizedStack } from '../observation';
import { aclPermits, dataSources, referent, resources, within, type GroupLine, type ObservedSubnet } from './resources';

/** What one segment exchanges with the internet by its groups. */
export interface FencedSegment {
  readonly name: string;
  readonly own: readonly ObservedSubnet[];
  readonly lines: readonly GroupLine[];
  /** Ports of its hosts. */
  readonly called: readonly number[];
  /** Group lines that callers on the internet use. */
  readonly callers: readonly GroupLine[];
}

/** A port in the range from which every system opens connections. */
const EPHEMERAL = 50_000;
const WORLD = '0.0.0.0/0';

/** The AWS service whose prefix list an id is of: `s3`. */
export function listedService(stack: SynthesizedStack, list: string): string | undefined {
  const name = dataSources(stack, 'aws_ec2_managed_prefix_list').find(({ address }) => address === referent(list))?.body.name;
  return /^com\.amazonaws\.[a-z0-9-]+\.(s3|dynamodb)$/.exec(name ?? '')?.[1];
}

/** Tables by service, of every gateway endpoint. */
function gatewayTables(stack: SynthesizedStack): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const gateways = resources(stack, 'aws_vpc_endpoint').filter(({ body }) => (body.vpc_endpoint_type ?? 'Gateway') === 'Gateway');
  return new Map(gateways.map(({ body }) => [String(body.service_name).split('.').at(-1)!, new Set((body.route_table_ids ?? []).map(referent))]));
}

export function fenceFaults(stack: SynthesizedStack, subject: ObservationSubject, segment: FencedSegment, isInside: (block: string) => boolean): readonly Fault[] {
  const { own, lines, called, callers } = segment;
  const services = [...new Set(lines.flatMap((line) => line.prefixLists.flatMap((list) => listedService(stack, list) ?? [])))];
  const tables = gatewayTables(stack);
  const ranges = services.flatMap((service) => subject.gatewayRanges?.[service] ?? []);
  // Without known ranges a gateway endpoint needs 443 to anywhere, which only a segment with hosts has.
  const named = new Set([...called, ...(called.length > 0 ? [443] : [])]);
  return own.flatMap((subnet): readonly Fault[] => {
    const { acl, address } = subnet;
    const fault = (id: string, detail: string): Fault => ({ id, where: address, detail });
    const wide = (['ingress', 'egress'] as const).flatMap((direction) => (acl?.[direction] ?? [])
      .filter((entry: any) => entry.action === 'allow' && (entry.ipv6_cidr_block || (entry.cidr_block && !isInside(entry.cidr_block))))
      .filter((entry: any) => !isUsed(entry, direction))
      .map((entry: any) => fault('acl-open-to-internet', `${direction} ${entry.protocol}/${entry.from_port}-${entry.to_port} ${entry.cidr_block ?? entry.ipv6_cidr_block}`)));
    function isUsed(entry: any, direction: 'ingress' | 'egress'): boolean {
      const block: string = entry.cidr_block ?? '';
      const isReply = entry.protocol !== '-1' && entry.from_port >= 1024;
      const isListed = entry.protocol === 'tcp' && blocksCover(ranges, block);
      if (direction === 'ingress') {
        const isCalled = callers.some((line) => line.protocol === entry.protocol && line.from <= entry.from_port && entry.to_port <= line.to);
        return isCalled || (isReply && (called.length > 0 || isListed));
      }
      const isHost = called.length > 0 && entry.protocol === 'tcp' && entry.to_port - entry.from_port < 1024 && span(entry).every((port) => named.has(port));
      return isHost || (isReply && callers.length > 0) || (isListed && entry.from_port === 443 && entry.to_port === 443);
    }
    const outwards = called.map((port) => [port, WORLD] as const).filter(([port]) => aclPermits(acl, 'egress', 'tcp', port, WORLD));
    const blocked = ranges.filter((block) => !aclPermits(acl, 'egress', 'tcp', 443, block));
    const deaf = [...outwards.map(([, block]) => block), ...ranges].filter((block) => !aclPermits(acl, 'ingress', 'tcp', EPHEMERAL, block));
    const mute = callers.filter((line) => aclPermits(acl, 'ingress', line.protocol, line.from, WORLD) && !aclPermits(acl, 'egress', line.protocol, EPHEMERAL, WORLD));
    return [
      ...wide,
      ...blocked.map((block) => fault('acl-blocks-gateway', `443 to ${block}`)),
      ...[...new Set(deaf)].map((block) => fault('acl-replies-missing', `from ${block}`)),
      ...mute.map((line) => fault('acl-replies-missing', `to callers on ${line.protocol}/${line.from}`)),
      ...services.filter((service) => !tables.get(service)?.has(subnet.table)).map((service) => fault('gateway-route-missing', `${subnet.table} leads ${service} nowhere`)),
    ];
  });
}

/** Firewall and NAT subnets pass on what a workload's subnet may call, and the replies: on these ports and no others. */
export function transitFaults(transit: ObservedSubnet, workload: ObservedSubnet, ports: readonly number[], every: readonly number[], isInside: (block: string) => boolean): readonly Fault[] {
  const { acl, address } = transit;
  const fault = (id: string, detail: string): Fault => ({ id, where: address, detail });
  const passes = (port: number) => aclPermits(acl, 'ingress', 'tcp', port, workload.cidr) && aclPermits(acl, 'egress', 'tcp', port, WORLD);
  const wide = (['ingress', 'egress'] as const).flatMap((direction) => (acl?.[direction] ?? [])
    .filter((entry: any) => entry.action === 'allow' && (entry.ipv6_cidr_block || !isInside(entry.cidr_block)))
    .filter((entry: any) => entry.protocol !== 'tcp' || !(direction === 'ingress' ? entry.from_port >= 1024 : span(entry).every((port) => every.includes(port))))
    .map((entry: any) => fault('acl-open-to-internet', `${direction} ${entry.protocol}/${entry.from_port}-${entry.to_port}`)));
  return [
    ...wide,
    ...ports.filter((port) => !passes(port)).map((port) => fault('acl-blocks-way-out', `${workload.cidr} on ${port}`)),
    ...(aclPermits(acl, 'ingress', 'tcp', EPHEMERAL, WORLD) ? [] : [fault('acl-replies-missing', 'from the internet')]),
    ...(aclPermits(acl, 'egress', 'tcp', EPHEMERAL, workload.cidr) ? [] : [fault('acl-replies-missing', `to ${workload.cidr}`)]),
  ];
}

/** The ports of an entry; of a wide one, enough of them to tell. */
function span({ from_port: from, to_port: to }: any): readonly number[] {
  return Array.from({ length: Math.min(to - from + 1, 1024) }, (_, index) => from + index);
}

/** Whether neighbours together hold a block: an ACL has fewer, wider entries for the same addresses. */
function blocksCover(blocks: readonly string[], block: string): boolean {
  if (blocks.some((own) => within(block, own))) return true;
  const [network, bits] = block.split('/');
  const length = Number(bits ?? 32);
  if (!network || length >= 32 || !blocks.some((own) => within(own, block))) return false;
  const [a, b, c, d] = network.split('.').map(Number);
  const half = ((a! * 256 + b!) * 256 + c!) * 256 + d! + 2 ** (31 - length);
  const upper = [24, 16, 8, 0].map((shift) => Math.floor(half / 2 ** shift) % 256).join('.');
  return blocksCover(blocks, `${network}/${length + 1}`) && blocksCover(blocks, `${upper}/${length + 1}`);
}

/** Where ranges are written down, something has to hold them against AWS's list. */
export function uncheckedRanges(stack: SynthesizedStack, subject: ObservationSubject): readonly Fault[] {
  return Object.entries(subject.gatewayRanges ?? {}).flatMap(([service, ranges]) => {
    const list = dataSources(stack, 'aws_ec2_managed_prefix_list').find(({ body }) => String(body.name).endsWith(`.${service}`));
    const conditions: readonly string[] = (list?.body.lifecycle?.postcondition ?? []).map(({ condition }: any) => condition);
    const written = JSON.stringify([...ranges].sort());
    const both = [`entry.cidr], ${written})`, `setsubtract(${written}, [`].every((part) => conditions.some((condition) => condition.includes(part)));
    return both ? [] : [{ id: 'gateway-ranges-unchecked', where: list?.address ?? service, detail: 'nothing says when AWS changes its list' }];
  });
}

/** A rule that says nothing of why it is there. */
export function silentRules(stack: SynthesizedStack): readonly Fault[] {
  const silent = (address: string): Fault => ({ id: 'rule-without-description', where: address, detail: 'nobody knows why it is there' });
  return [
    ...resources(stack, 'aws_security_group').flatMap(({ address, body }) => [...(body.ingress ?? []), ...(body.egress ?? [])].filter(({ description }) => !description).map(() => silent(address))),
    ...['aws_security_group_rule', 'aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule'].flatMap((type) => resources(stack, type)).filter(({ body }) => !body.description).map(({ address }) => silent(address)),
  ];
}
