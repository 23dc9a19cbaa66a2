/**
 * Reads an AWS stack as AWS would: route tables by association, network ACLs by number, security
 * groups added up, firewall rules from their text. Knows no blueprint.
 */
import { readFirewall, type FirewallReading } from './aws/firewall';
import { fenceFaults, listedService, silentRules, transitFaults, uncheckedRanges } from './aws/acl-fence';
import { networkFaults } from './aws/defaults-and-logs';
import { publicAccessFaults } from './aws/public-access';
import { dnsFaults } from './aws/dns';
import { aclPermits, groupLines, overlap, referent, resources, subnets, within, type GroupLine, type ObservedSubnet, type Route } from './aws/resources';
import type { Fault, Observation, ObservationSubject, Observe, SegmentObservation, SynthesizedStack, WayOut } from './observation';

export { mutations } from './aws/mutations';
export { options } from './aws/options';

interface Seen {
  readonly stack: SynthesizedStack;
  readonly subject: ObservationSubject;
  readonly all: readonly ObservedSubnet[];
  readonly firewall: FirewallReading;
  readonly faults: Fault[];
}

interface SeenSegment {
  readonly name: string;
  readonly cidrs: readonly string[];
  readonly own: readonly ObservedSubnet[];
  /** Addresses of the groups that a workload of the segment carries. */
  readonly groups: readonly string[];
  readonly lines: readonly GroupLine[];
}

export const observe: Observe = (stack, subject): Observation => {
  const all = subnets(stack);
  const firewall = readFirewall(stack, subject);
  const seen: Seen = { stack, subject, all, firewall, faults: [...firewall.faults] };
  const segments = subject.segments.map(({ name, cidrs }): SeenSegment => {
    // The outputs are what teams take ids from, so they say which groups a workload carries.
    const ids: readonly string[] = stack.output?.group_ids?.value?.[name] ?? [];
    const groups = ids.map((id) => referent(id) ?? id);
    return { name, cidrs, own: all.filter((subnet) => cidrs.includes(subnet.cidr)), groups, lines: groups.flatMap((group) => groupLines(stack, group)) };
  });
  seen.faults.push(...networkFaults(stack, all, segments.flatMap((segment) => segment.own)), ...unmanagedGroups(stack), ...silentRules(stack), ...uncheckedRanges(stack, subject), ...publicAccessFaults(stack, subject, all), ...dnsFaults(stack, firewall.grants.filter(({ implied }) => !implied), subject));
  strangers(seen, segments.flatMap(({ own }) => own));
  const observations = Object.fromEntries(segments.map((segment) => [segment.name, observeSegment(seen, segment, segments)]));
  return { segments: observations, faults: seen.faults };
};

/** Subnets of no segment, but for those that firewall endpoints and NAT gateways stand in: whatever is placed there may not get out either. */
function strangers(seen: Seen, known: readonly ObservedSubnet[]): void {
  const { stack } = seen;
  const mapped = resources(stack, 'aws_networkfirewall_firewall').flatMap(({ body }) => body.subnet_mapping.map(({ subnet_id: id }: any) => referent(id)));
  const plumbing = new Set([...mapped, ...resources(stack, 'aws_nat_gateway').map(({ body }) => referent(body.subnet_id))]);
  for (const subnet of seen.all.filter(({ address }) => !plumbing.has(address)).filter((each) => !known.includes(each))) {
    const leaving = subnet.routes.find((route) => route.ipv6 || !isInside(route.destination, seen.subject));
    if (leaving) fault(seen, 'open-egress', subnet.address, `of no segment, and leads ${leaving.destination} to ${leaving.hop.kind}`);
  }
}

/** An omitted list leaves what AWS or a person put there; a standalone rule is seen by no inline list. */
function unmanagedGroups(stack: SynthesizedStack): readonly Fault[] {
  const inline = resources(stack, 'aws_security_group')
    .filter(({ body }) => !Array.isArray(body.ingress) || !Array.isArray(body.egress))
    .map(({ address }) => ({ id: 'group-rules-unmanaged', where: address, detail: 'rules added by hand stay' }));
  const standalone = ['aws_security_group_rule', 'aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule']
    .flatMap((type) => resources(stack, type))
    .map(({ address }) => ({ id: 'group-rules-unmanaged', where: address, detail: 'fights with the inline rules of its group' }));
  return [...inline, ...standalone];
}

function observeSegment(seen: Seen, segment: SeenSegment, segments: readonly SeenSegment[]): SegmentObservation {
  const grants = seen.firewall.grants.filter((grant) => grant.segment === segment.name);
  const callers = internetLines(seen, segment, 'ingress');
  if (segment.own.length !== segment.cidrs.length) fault(seen, 'subnet-missing', segment.name, 'a part of the segment has no subnet');
  checkGroups(seen, segment);
  seen.faults.push(...fenceFaults(seen.stack, seen.subject, { name: segment.name, own: segment.own, lines: segment.lines, called: grants.flatMap((grant) => grant.ports), callers }, (block) => isInside(block, seen.subject)));

  const ways = segment.own.map((subnet) => wayOf(seen, segment, subnet, grants.length > 0, callers.length > 0));
  const wayOut = (['open', 'controlled', 'replies', 'none'] as const).find((way) => ways.includes(way)) ?? 'none';
  const reachable = grants.flatMap((grant) => grant.ports
    .filter((port) => ways.length > 0 && ways.every((way) => way === 'controlled') && letsOut(seen, segment, grant.protocol === 'tcp' ? grant.target : '0.0.0.0/0', port))
    .map((port) => `${grant.protocol} ${grant.target}:${port}`));
  // Callers are anywhere, and so have replies to be.
  const hasGateway = segment.own.some((subnet) => subnet.routes.some((route) => route.hop.kind === 'internet-gateway' && route.destination === '0.0.0.0/0'));
  return {
    wayOut,
    hosts: sorted(reachable),
    peers: sorted(segments.flatMap((callee) => calls(segment, callee))),
    internetPorts: hasGateway
      ? sorted(callers.filter((line) => segment.own.every((subnet) => aclPermits(subnet.acl, 'ingress', line.protocol, line.from, '0.0.0.0/0')
        && aclPermits(subnet.acl, 'egress', line.protocol, 50_000, '0.0.0.0/0'))).map(portText))
      : [],
  };
}

/** Whether group and ACL let a connection out to a port, and its replies back in. */
function letsOut(seen: Seen, segment: SeenSegment, target: string, port: number): boolean {
  const group = internetLines(seen, segment, 'egress').some((line) => line.protocol === 'tcp' && line.from <= port && port <= line.to && line.cidrs.some((block) => within(target, block)));
  return group && segment.own.every((subnet) => aclPermits(subnet.acl, 'egress', 'tcp', port, target) && aclPermits(subnet.acl, 'ingress', 'tcp', 50_000, target));
}

function internetLines(seen: Seen, segment: SeenSegment, direction: 'ingress' | 'egress'): readonly GroupLine[] {
  return segment.lines.filter((line) => line.direction === direction && line.cidrs.some((block) => !isInside(block, seen.subject)));
}

/** Both ends have to agree: the caller's egress names the callee, and the callee's ingress the caller. */
function calls(caller: SeenSegment, callee: SeenSegment): readonly string[] {
  const names = (line: GroupLine, other: SeenSegment) => line.groups.some((group) => other.groups.includes(group))
    || line.cidrs.some((block) => other.cidrs.some((own) => overlap(own, block)));
  const outs = caller.lines.filter((line) => line.direction === 'egress' && names(line, callee));
  const ins = callee.lines.filter((line) => line.direction === 'ingress' && names(line, caller));
  return outs.flatMap((out) => ins
    .filter((into) => into.protocol === out.protocol || into.protocol === '-1' || out.protocol === '-1')
    .map((into) => ({ ...out, protocol: out.protocol === '-1' ? into.protocol : out.protocol, from: Math.max(out.from, into.from), to: Math.min(out.to, into.to) }))
    .filter((line) => line.from <= line.to)
    .map((line) => `${callee.name} ${portText(line)}`));
}

function checkGroups(seen: Seen, segment: SeenSegment): void {
  if (segment.groups.length === 0) fault(seen, 'group-missing', segment.name, 'no output says what a workload carries');
  const grants = seen.firewall.grants.filter((grant) => grant.segment === segment.name);
  for (const line of segment.lines) {
    const where = `${segment.name} ${line.direction} ${portText(line)}`;
    const outside = line.cidrs.filter((block) => !isInside(block, seen.subject));
    if (line.ipv6.length > 0) fault(seen, line.direction === 'egress' ? 'wide-group-egress' : 'wide-group-ingress', where, 'IPv6');
    const inside = line.cidrs.some((block) => (line.direction === 'ingress' ? rangesOf(seen.subject).some((own) => overlap(block, own)) : isInside(block, seen.subject)));
    if (inside) fault(seen, 'segment-reach-too-wide', where, 'names addresses inside the network instead of a group');
    if (line.protocol === '-1') fault(seen, line.direction === 'egress' ? 'wide-group-egress' : 'wide-group-ingress', where, 'every protocol');
    if (line.direction !== 'egress') continue;

    const named = (port: number, block: string) => grants.some((grant) => grant.ports.includes(port) && (grant.protocol === 'tcp' ? within(block, grant.target) : true));
    for (const block of outside) {
      const narrow = line.protocol === 'tcp' && line.to - line.from < 1024 && range(line).every((port) => named(port, block));
      if (!narrow) fault(seen, 'wide-group-egress', where, `${block} on ports that no firewall rule of the segment names`);
    }
    for (const list of line.prefixLists) {
      const service = listedService(seen.stack, list);
      if (!service || line.protocol !== 'tcp' || line.from !== 443 || line.to !== 443) fault(seen, 'wide-group-egress', where, `prefix list ${service ?? list}`);
    }
  }
}

/** Follows the default route of one subnet hop by hop, and the replies back. */
function wayOf(seen: Seen, segment: SeenSegment, subnet: ObservedSubnet, granted: boolean, called: boolean): WayOut {
  const leaving = subnet.routes.filter((route) => route.ipv6 || !isInside(route.destination, seen.subject));
  if (leaving.length === 0) return 'none';
  const ways = leaving.map((route): WayOut => {
    if (route.hop.kind === 'internet-gateway' && called && !granted) return onlyReplies(seen, segment, subnet) ? 'replies' : 'open';
    if (route.hop.kind === 'firewall' && granted) return throughFirewall(seen, segment.name, subnet, route) ? 'controlled' : 'open';
    fault(seen, granted ? 'internet-route-bypasses-firewall' : 'data-internet-route', subnet.table, `${segment.name}: ${route.destination} to ${route.hop.kind}`);
    return 'open';
  });
  return ways.includes('open') ? 'open' : ways[0]!;
}

function onlyReplies(seen: Seen, segment: SeenSegment, subnet: ObservedSubnet): boolean {
  return internetLines(seen, segment, 'egress').length === 0 && !aclPermits(subnet.acl, 'egress', 'tcp', 443, '0.0.0.0/0');
}

function throughFirewall(seen: Seen, segment: string, subnet: ObservedSubnet, route: Route): boolean {
  if (route.hop.kind !== 'firewall') return false;
  const { zone, address } = route.hop;
  let sound = seen.firewall.faults.length === 0;
  const broken = (id: string, where: string, detail: string) => {
    fault(seen, id, where, detail);
    sound = false;
  };
  // A zone leaves by another only where the policy gives it no way out of its own.
  const own = seen.subject.egressZones;
  const served = own !== undefined && !own.includes(subnet.zone) && own.includes(zone);
  if (zone !== subnet.zone && !served) broken('asymmetric-zone-route', subnet.table, `from ${subnet.zone} to the endpoint in ${zone}`);

  const mappings = resources(seen.stack, 'aws_networkfirewall_firewall').find((firewall) => firewall.address === address)?.body.subnet_mapping ?? [];
  const inspection = seen.all.find((other) => other.zone === zone && mappings.some((mapping: any) => referent(mapping.subnet_id) === other.address));
  if (!inspection) return broken('firewall-zone-missing', subnet.table, `no firewall endpoint in ${zone}`), false;
  const next = inspection.routes.filter((hop) => !isInside(hop.destination, seen.subject));
  const nat = next.length === 1 && next[0]!.hop.kind === 'nat' ? next[0]!.hop.address : undefined;
  const natBody = resources(seen.stack, 'aws_nat_gateway').find((gateway) => gateway.address === nat)?.body;
  const natSubnet = seen.all.find((other) => other.address === referent(natBody?.subnet_id));
  if (!natSubnet) return broken('firewall-subnet-route', inspection.table, 'the inspected traffic does not go on to a NAT gateway'), false;
  if (natSubnet.zone !== zone) broken('asymmetric-zone-route', inspection.table, `from ${zone} to the NAT gateway in ${natSubnet.zone}`);
  if (!natSubnet.routes.some((hop) => hop.destination === '0.0.0.0/0' && hop.hop.kind === 'internet-gateway')) broken('nat-without-internet', natSubnet.table, 'no route to the internet gateway');

  const every = seen.firewall.grants.flatMap((grant) => grant.ports);
  const ports = seen.firewall.grants.filter((grant) => grant.segment === segment).flatMap((grant) => grant.ports);
  for (const transit of [inspection, natSubnet]) {
    for (const { id, where, detail } of transitFaults(transit, subnet, ports, every, (block) => isInside(block, seen.subject))) fault(seen, id, where, detail);
  }
  const back = natSubnet.routes.filter((hop) => isInside(hop.destination, seen.subject) && within(subnet.cidr, hop.destination));
  if (back.length === 0) broken('missing-return-route', natSubnet.table, `replies to ${subnet.cidr} go around the firewall`);
  for (const { hop } of back) {
    if (hop.kind !== 'firewall') broken('internet-route-bypasses-firewall', natSubnet.table, `replies to ${subnet.cidr} to ${hop.kind}`);
    else if (hop.zone !== zone || hop.address !== address) broken('asymmetric-zone-route', natSubnet.table, `replies to ${subnet.cidr} by ${hop.zone}`);
  }
  return sound;
}

/** Every range of the network. */
function rangesOf({ cidr, secondaryCidrs = [] }: ObservationSubject): readonly string[] {
  return [cidr, ...secondaryCidrs];
}

function isInside(block: string, subject: ObservationSubject): boolean {
  return rangesOf(subject).some((own) => within(block, own));
}

function fault(seen: Seen, id: string, where: string, detail: string): void {
  if (!seen.faults.some((known) => known.id === id && known.where === where && known.detail === detail)) seen.faults.push({ id, where, detail });
}

function range({ from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function portText({ protocol, from, to }: Pick<GroupLine, 'protocol' | 'from' | 'to'>): string {
  return `${protocol}/${from === to ? from : `${from}-${to}`}`;
}

function sorted(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort();
}
