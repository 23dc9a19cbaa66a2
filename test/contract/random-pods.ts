/**
 * Pods and a cluster for a policy file that has none: groups with hosts and without, every kind of caller and callee, and
 * the entries of the network that these need, as a person would add them. No code of the blueprints has a part in it.
 */
import type { Cloud } from '../../blueprints/policy/model';
import { Dice } from '../review/dice';

/** A policy file as plain data. */
type Written = any;

const CNIS: Readonly<Record<Cloud, readonly string[]>> = { aws: ['vpc-cni', 'cilium'], google: ['dataplane-v2', 'dataplane-v2-fqdn'], azure: ['azure-cilium', 'acns'] };
const MACHINES: Readonly<Record<Cloud, Written>> = { aws: { machine: 'm7i.large', role: 'arn:aws:iam::123456789012:role/nodes' }, google: { machine: 'e2-standard-4' }, azure: { machine: 'Standard_D4s_v5' } };
const PORTS = [[8443], [5432, 9090], ['7000-7010'], [443], ['7005-7020', 1]];
/** Private addresses that no environment has. */
const ELSEWHERE = ['172.31.77.0/28', '172.31.78.9'];

/** The policy with pods in one to three of its segments, and a cluster in each environment. */
export function withPods(policy: Written, cloud: Cloud, seed: number): Written {
  const dice = new Dice(seed);
  const changed = structuredClone(policy);
  const { segments, environments } = changed;
  const home: string | undefined = environments.flatMap((each: Written) => each[cloud].kubernetes?.segment ?? [])[0];
  const system = home ?? dice.of<Written>(segments).name as string;
  const placed: readonly Written[] = home === undefined ? pick<Written>(dice, segments, 3) : segments.filter(({ name }: Written) => name === home);
  for (const segment of placed) segment.pods = groups(dice, segment, changed, cloud);
  const all: readonly Placed[] = placed.flatMap((segment) => segment.pods.map((pods: Written) => ({ pods, segment: segment.name, namespace: pods.namespace ?? segment.name })));
  for (const { name } of placed) {
    for (const [callee, ports, protocol] of [[system, [53], 'udp'], [system, [53], 'tcp'], [system, [443], 'tcp'], [name, [10250], 'tcp']] as const) accept(segments, callee, callee === name && ports[0] === 10250 ? system : name, ports, protocol);
  }
  for (const one of all) {
    one.pods.accepts = some(dice, 4, () => caller(dice, one, all, system, segments));
    one.pods.calls = some(dice, 3, () => callee(dice, one, system, segments, changed.privateServices ?? []));
  }
  for (const environment of environments) {
    // Pods of an overlay are in the segment that the stack's own cluster is in.
    if ((environment[cloud].kubernetes?.segment ?? system) !== system) continue;
    environment[cloud].cluster = {
      // The stack's own is in an overlay, whose names nobody filters.
      cni: environment[cloud].kubernetes ? 'azure-cilium' : dice.of(CNIS[cloud]), system,
      ...(dice.chance(30) ? { name: environment[cloud].kubernetes ? undefined : 'team-cluster' } : {}),
      ...(dice.chance(30) ? { dns: ['172.31.99.10'] } : {}),
      ...(dice.chance(30) ? { apiServer: '172.31.98.0/28' } : {}),
      ...(dice.chance(40) ? { nodes: { ...MACHINES[cloud], ...(dice.chance(50) ? { min: 2, max: 5 } : {}) } } : {}),
    };
  }
  // Without these the stack's nodes would never be ready.
  changed.privateServices = [...new Set(['kubernetes', 'container-registry', 'object-storage', ...(changed.privateServices ?? [])])];
  return JSON.parse(JSON.stringify(changed));
}

interface Placed {
  readonly pods: Written;
  readonly segment: string;
  readonly namespace: string;
}

/** Nodes that may reach hosts are for the pods that do: all groups of a segment, or none. */
function groups(dice: Dice, segment: Written, policy: Written, cloud: Cloud): readonly Written[] {
  const granted: readonly string[] = [...new Set<string>((policy.allow ?? []).filter((rule: Written) => rule.from.includes(segment.name) && (rule.clouds ?? [cloud]).includes(cloud)).map(({ host }: Written) => host))];
  const hasHosts = granted.length > 0 && dice.chance(70);
  return ['one', 'two', 'three'].slice(0, 1 + dice.below(3)).map((name) => ({
    name,
    ...(dice.chance(40) ? { namespace: `${segment.name}-${dice.of(['x', 'y'])}` } : {}),
    labels: dice.chance(50) ? { app: name } : { app: name, 'example.com/part': 'of' },
    ...(hasHosts ? { hosts: pick(dice, granted, 3) } : {}),
  }));
}

function caller(dice: Dice, { pods, segment }: Placed, all: readonly Placed[], system: string, segments: readonly Written[]): Written {
  const [ports, protocol] = [dice.of(PORTS), dice.of(['tcp', 'tcp', 'udp'])];
  const said = { ports, ...(protocol === 'udp' || dice.chance(30) ? { protocol } : {}) };
  const other = dice.of(all);
  const internet = segments.find(({ name }) => name === segment).accepts?.find(({ from }: Written) => from === 'internet');
  switch (dice.below(6)) {
    case 0: {
      const from = dice.of(segments).name;
      accept(segments, segment, from, ports, protocol);
      return { from: { segment: from }, ...said };
    }
    case 1:
      accept(segments, segment, other.segment, ports, protocol);
      return { from: { namespace: other.namespace }, ...said };
    case 2:
      accept(segments, segment, system, ports, protocol);
      return { from: { namespace: 'ingress-nginx', ...(dice.chance(50) ? { labels: { app: 'controller' } } : {}) }, ...said };
    case 3: return { from: { cidr: dice.of(ELSEWHERE) }, ...said };
    default:
      if (internet && dice.chance(50)) return { from: { internet: true }, ports: internet.ports, ...(internet.protocol ? { protocol: internet.protocol } : {}) };
      if (other.pods === pods && all.length > 1) return caller(dice, { pods, segment, namespace: '' }, all, system, segments);
      accept(segments, segment, other.segment, ports, protocol);
      return { from: { pods: `${other.namespace}/${other.pods.name}` }, ...said };
  }
}

function callee(dice: Dice, { segment }: Placed, system: string, segments: readonly Written[], services: readonly string[]): Written {
  const [ports, protocol] = [dice.of(PORTS), dice.of(['tcp', 'udp'])];
  const without = segments.filter(({ pods }) => !pods);
  const neutral = services.filter((service) => !service.includes(':'));
  switch (dice.below(5)) {
    case 0: {
      if (without.length === 0) return { to: { apiServer: true } };
      const to = dice.of(without).name;
      accept(segments, to, segment, ports, protocol);
      return { to: { segment: to }, ports, protocol };
    }
    case 1:
      accept(segments, system, segment, ports, protocol);
      return { to: { namespace: 'shared-tools', labels: { app: 'tool' } }, ports, protocol };
    case 2: return { to: { cidr: dice.of(ELSEWHERE) }, ports, protocol };
    case 3: return neutral.length > 0 ? { to: { service: dice.of(neutral) } } : { to: { apiServer: true } };
    default: return { to: { apiServer: true } };
  }
}

/** What the network has to let through for what is said of pods. */
function accept(segments: readonly Written[], callee: string, from: string, ports: readonly (number | string)[], protocol: string): void {
  const segment = segments.find(({ name }) => name === callee);
  const entry = (segment.accepts ?? []).find((each: Written) => each.from === from && (each.protocol ?? 'tcp') === protocol);
  if (!entry) segment.accepts = [...(segment.accepts ?? []), { from, ports: [...ports], ...(protocol === 'udp' ? { protocol } : {}) }];
  else entry.ports = merged([...entry.ports, ...ports]);
}

/** Without ports that are listed twice. */
function merged(ports: readonly (number | string)[]): readonly (number | string)[] {
  const spans = ports.map((port) => String(port).split('-').map(Number)).map(([from = 0, to = from]): [number, number] => [from, to]).sort((a, b) => a[0] - b[0]);
  const found: [number, number][] = [];
  for (const [from, to] of spans) {
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found.map(([from, to]) => (from === to ? from : `${from}-${to}`));
}

function pick<T>(dice: Dice, from: readonly T[], most: number): readonly T[] {
  const left = [...from];
  return Array.from({ length: Math.min(from.length, 1 + dice.below(most)) }, () => left.splice(dice.below(left.length), 1)[0]!);
}

function some<T>(dice: Dice, most: number, each: () => T): readonly T[] {
  return Array.from({ length: dice.below(most + 1) }, each);
}
