/**
 * Where a synthesized stack and the policy file disagree, both ways: what packets reach and the file does not say, and
 * what the file says and packets do not reach.
 */
import { serviceNamesOf } from './intended-services';
import { intentOf, mayName, type IntendedHost, type IntendedSegment } from './intent';
import { answersName } from './resolver';
import type { Written } from './random-policies';
import { PAST_THE_FIREWALL, worldOf, type Workload, type World } from './single-packets';
import { within } from './resources';
import type { SynthesizedStack } from '../observation';

/** Somebody on the internet who is in no policy. */
const STRANGER = '198.35.26.96';
const PROTOCOLS = ['tls', 'http'] as const;

/** One line for each difference, beginning with `hole` or `fault`. */
export function differences(policy: Written, environment: Written, stack: SynthesizedStack): readonly string[] {
  const segments = intentOf(policy);
  const world = worldOf(stack, environment.aws.blockPublicAccess !== undefined);
  const found: string[] = [];
  const compare = (what: string, intended: boolean, obstacle: string | undefined) => {
    if (intended !== (obstacle === undefined)) found.push(`${intended ? `fault: ${what}: ${obstacle}` : `hole: ${what}`}`);
  };
  const of = (name: string) => world.workloads.filter(({ segment }) => segment === name);
  for (const { name } of segments) if (of(name).length === 0) found.push(`fault: ${name} has no subnet`);

  const lists = environment.aws.firewall?.rules === 'domain-lists';
  const everyHost = segments.flatMap(({ hosts }) => hosts);
  for (const segment of segments) outwards(world, segment, everyHost, lists, of(segment.name), compare);
  inwards(world, segments, of, compare);
  between(world, segments, of, compare);
  resolved(stack, everyHost, environment.aws.privateZones ?? [], compare);
  services(world, policy, environment, segments, compare);
  return found;
}

type Compare = (what: string, intended: boolean, obstacle: string | undefined) => void;

/** The ports that somebody names, their neighbours, and those that everybody tries. */
function tried(named: readonly number[]): readonly number[] {
  return [...new Set([...named.flatMap((port) => [port - 1, port, port + 1]), 22, 53, 80, 443, 8443, 65_535])].filter((port) => port > 0 && port < 65_536);
}

/** The names that somebody allows, and those that look like them. */
function names(hosts: readonly IntendedHost[]): readonly string[] {
  const own = [...new Set(hosts.filter(({ protocol }) => protocol !== 'tcp').map(({ name }) => name))];
  return [...new Set([...own.flatMap((name) => [name, `sub.${name}`, `a.b.${name}`, `evil${name}`, `${name}.evil.com`, name.slice(name.indexOf('.') + 1)]), 'evil.com'])];
}

function outwards(world: World, { name, hosts }: IntendedSegment, every: readonly IntendedHost[], lists: boolean, own: readonly Workload[], compare: Compare): void {
  const named = hosts.filter(({ protocol }) => protocol !== 'tcp');
  const blocks = [...new Set(every.filter(({ protocol }) => protocol === 'tcp').map((host) => host.name))];
  const places = [STRANGER, ...world.destinations, ...blocks.flatMap((block) => [first(block), beyond(block)])];
  const ports = tried(every.map(({ port }) => port));
  for (const from of own) {
    const where = `${name} in ${from.zone} (${from.address})`;
    for (const protocol of ['udp', 'icmp'] as const) for (const port of [443, 53]) compare(`${where} to ${STRANGER} by ${protocol}/${port}`, false, world.out(from, STRANGER, protocol, port));
    for (const port of ports) {
      for (const to of places) {
        const addressed = hosts.some((host) => host.protocol === 'tcp' && host.port === port && within(to, host.name));
        const path = world.path(from, to, 'tcp', port);
        // Names have no address: every address is theirs, as far as routes, groups and ACLs can tell.
        compare(`${where} to ${to} by a way on tcp/${port}`, addressed || named.some((host) => host.port === port), path === PAST_THE_FIREWALL ? undefined : path);
        if (path === PAST_THE_FIREWALL) compare(`${where} to ${to} past the firewall on tcp/${port}`, false, undefined);
        if (path) continue;
        compare(`${where} to ${to} says nothing known on tcp/${port}`, addressed, world.passes({ from: from.address, to, protocol: 'tcp', port, speech: { kind: 'raw' } }) ? undefined : 'firewall');
      }
      if (own[0] !== from && (port !== ports[0] || world.path(from, STRANGER, 'tcp', port))) continue;
      for (const host of names(every)) for (const kind of PROTOCOLS) {
        const opened = world.path(from, STRANGER, 'tcp', port) === undefined && world.passes({ from: from.address, to: STRANGER, protocol: 'tcp', port, speech: { kind, name: host } });
        compare(`${where} says ${kind} ${host} on tcp/${port}`, mayName(hosts, kind, host, port, lists), opened ? undefined : 'firewall');
      }
    }
  }
}

function inwards(world: World, segments: readonly IntendedSegment[], of: (name: string) => readonly Workload[], compare: Compare): void {
  for (const { name, accepts } of segments) {
    const open = accepts.filter(({ from }) => from === 'internet');
    for (const to of of(name)) for (const protocol of ['tcp', 'udp'] as const) for (const port of tried(accepts.flatMap(({ first: least, last }) => [least, last]))) {
      const intended = open.some((each) => each.protocol === protocol && each.first <= port && port <= each.last);
      compare(`the internet calls ${name} in ${to.zone} (${to.address}) on ${protocol}/${port}`, intended, world.into(to, STRANGER, protocol, port));
    }
  }
}

function between(world: World, segments: readonly IntendedSegment[], of: (name: string) => readonly Workload[], compare: Compare): void {
  const ports = tried(segments.flatMap(({ accepts }) => accepts.flatMap(({ first: least, last }) => [least, last])));
  for (const callee of segments) for (const caller of segments) {
    const [senders, receivers] = [of(caller.name), of(callee.name)];
    // Every zone with every other, but not every port for each pair.
    const pairs = senders.flatMap((from, index) => [[from, receivers[index % receivers.length]!], [from, receivers.at(-1)!]] as const);
    pairs.forEach(([from, to], index) => {
      for (const protocol of ['tcp', 'udp'] as const) for (const port of index === 0 ? ports : ports.slice(0, 4)) {
        const intended = callee.accepts.some((each) => each.from === caller.name && each.protocol === protocol && each.first <= port && port <= each.last);
        compare(`${caller.name} in ${from.zone} calls ${callee.name} in ${to.zone} on ${protocol}/${port}`, intended, world.between(from, to, protocol, port));
      }
    });
  }
}

function resolved(stack: SynthesizedStack, every: readonly IntendedHost[], zones: readonly string[], compare: Compare): void {
  const inZone = (name: string) => zones.some((zone) => name === zone || name.endsWith(`.${zone}`));
  // The name of a tcp host is resolved as well; its rule is held against addresses elsewhere.
  const hosts = every.filter(({ protocol }) => protocol !== 'tcp');
  for (const name of names(hosts)) {
    const intended = inZone(name) || hosts.some((host) => (host.wildcard ? name.endsWith(`.${host.name}`) : name === host.name));
    if (!intended && /amazonaws\.com$/.test(name)) continue;
    const answer = answersName(stack, name);
    if (!intended && answer === undefined && answersFor(stack, name)) continue;
    compare(`${name} is resolved`, intended, answer);
  }
  for (const zone of zones) for (const name of [zone, `db.${zone}`]) compare(`${name} is resolved`, true, answersName(stack, name));
}

/** A name of a host that is known by its addresses. */
function answersFor(stack: SynthesizedStack, name: string): boolean {
  return Object.values(stack.resource?.aws_networkfirewall_rule_group ?? {}).some((body) => String(body.rule_group.rules_source.rules_string ?? '').includes(`tcp ${name} from`));
}

function services(world: World, policy: Written, environment: Written, segments: readonly IntendedSegment[], compare: Compare): void {
  const { region, gatewayEndpoints = {} } = environment.aws;
  const served = serviceNamesOf(policy, environment);
  const hasHosts = (name: string) => segments.some((segment) => segment.name === name && segment.hosts.length > 0);
  for (const service of served) {
    const full = service.startsWith('com.amazonaws.') ? service : `com.amazonaws.${region}.${service}`;
    const isGateway = service === 's3' || service === 'dynamodb';
    const asked = isGateway ? gatewayEndpoints[service] : undefined;
    const uses = (segment: IntendedSegment) => isGateway && (asked ? (asked.segments?.includes(segment.name) ?? segment.tier !== 'public') : hasHosts(segment.name));
    const keepsInterface = asked === undefined || (asked.interfaceEndpoint ?? !segments.every(uses));
    for (const segment of segments) for (const from of world.workloads.filter((each) => each.segment === segment.name)) {
      const where = `${segment.name} in ${from.zone} to ${service}`;
      compare(`${where} by its interface endpoint`, keepsInterface, world.endpoint(from, full));
      if (isGateway) for (const range of asked?.ranges ?? ['52.216.0.0/15']) compare(`${where} by its gateway at ${range}`, uses(segment), world.gateway(from, full, first(range)));
    }
  }
}

const first = (block: string): string => block.split('/')[0]!;

/** The address after the last of a block. */
function beyond(block: string): string {
  const [base, prefix = '32'] = block.split('/') as [string, string?];
  const number = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + 2 ** (32 - Number(prefix));
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
