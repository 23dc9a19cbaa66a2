/** Whether what pods accept and call can be, and is said in one place. */
import type { CheckContext } from './check-context';
import type { PlacedPods, PodsScene } from './check-pods';
import { intersects, parseBlock, privateBlock, METADATA_BLOCKS } from './cidr';
import type { PortRange } from './model';
import { rangesOf } from './network-ports';
import { NEUTRAL_SERVICES } from './model';
import { isLabelKey, type PodsInput } from './pods-schema';
import { portText } from './ports';
import type { Path } from './problems';
import type { Sound } from './schema-findings';
import { suggestion } from './suggest';

type Accept = Sound<NonNullable<PodsInput['accepts']>[number]>;
type Call = Sound<NonNullable<PodsInput['calls']>[number]>;

const CALLERS = ['segment', 'pods', 'namespace', 'cidr', 'internet'] as const;
const CALLEES = ['segment', 'namespace', 'cidr', 'service', 'apiServer'] as const;

/** One entry of `accepts`. */
export function checkCaller(accept: Accept, path: Path, group: PlacedPods, scene: PodsScene, context: CheckContext): void {
  const { from } = accept;
  if (!from) return;
  const at = [...path, 'from'];
  if (!choice(from, CALLERS, 'caller-choice', at, context)) return;
  const { segment, pods, namespace, cidr, internet } = from;
  if (typeof segment === 'string') {
    if (context.segments && !context.segments.has(segment)) {
      context.error([...at, 'segment'], 'unknown-segment', 'is not a segment', suggestion(segment, context.segments.keys(), 'segments'), segment);
    } else refusedByNetwork(segment, group.segment, accept, path, `'${segment}'`, scene, context);
  } else if (typeof pods === 'string') {
    const known = scene.byId.get(pods);
    if (!known) {
      context.error([...at, 'pods'], 'unknown-pods', 'are no pods of this policy', suggestion(pods, scene.byId.keys(), 'pods'), pods);
    } else refusedByNetwork(known.segment, group.segment, accept, path, `'${pods}' in segment '${known.segment}'`, scene, context);
  } else if (typeof namespace === 'string') {
    checkNamespace(namespace, from.labels, at, scene, context);
    const segments = scene.namespaces.has(namespace) ? [scene.namespaces.get(namespace)!] : scene.systems;
    segments.forEach((each) => refusedByNetwork(each, group.segment, accept, path, `namespace '${namespace}' in segment '${each}'`, scene, context));
  } else if (typeof cidr === 'string') {
    checkBlock(cidr, [...at, 'cidr'], context);
  } else if (internet) {
    if (!['public', undefined].includes(context.segments?.get(group.segment)?.tier)) {
      context.error([...at, 'internet'], 'internet-not-public', `may be accepted by pods of public segments only, and '${group.segment}' is none`, 'let pods of a public segment accept it and call these');
    } else refusedByNetwork('internet', group.segment, accept, path, 'the internet', scene, context);
  }
}

/** One entry of `calls`. */
export function checkCallee(call: Call, path: Path, group: PlacedPods, scene: PodsScene, context: CheckContext): void {
  const { to } = call;
  if (!to) return;
  const at = [...path, 'to'];
  if (!choice(to, CALLEES, 'callee-choice', at, context)) return;
  const { segment, namespace, cidr, service } = to;
  if (typeof segment === 'string') {
    if (context.segments && !context.segments.has(segment)) {
      context.error([...at, 'segment'], 'unknown-segment', 'is not a segment', suggestion(segment, context.segments.keys(), 'segments'), segment);
    } else if (scene.segmentsWithPods.has(segment)) {
      callOfPods([...at, 'segment'], segment, context);
    } else refusedByNetwork(group.segment, segment, call, path, `'${group.segment}'`, scene, context);
  } else if (typeof namespace === 'string') {
    if (scene.namespaces.has(namespace)) callOfPods([...at, 'namespace'], namespace, context);
    else {
      checkLabelKeys(to.labels, at, context);
      scene.systems.forEach((system) => refusedByNetwork(group.segment, system, call, path, `'${group.segment}'`, scene, context));
    }
  } else if (typeof cidr === 'string') {
    checkBlock(cidr, [...at, 'cidr'], context);
  } else if (typeof service === 'string' && !scene.services.includes(service)) {
    const fix = `add it to privateServices; ${suggestion(service, scene.services.length ? scene.services : NEUTRAL_SERVICES, 'services')}`;
    context.error([...at, 'service'], 'call-without-endpoint', 'is not among the private services', fix, service);
  }
  if (call.ports === undefined && (segment ?? namespace ?? cidr) !== undefined) {
    context.error(path, 'missing-field', "has no 'ports', and only service and apiServer have a default", "add 'ports: [<port>]'");
  }
}

function choice(peer: Readonly<Record<string, unknown>>, kinds: readonly string[], code: string, at: Path, context: CheckContext): boolean {
  const named = kinds.filter((kind) => peer[kind] !== undefined);
  if (named.length > 1 || (named.length === 0 && Object.keys(peer).every((key) => key === 'labels'))) {
    context.error(at, code, named.length ? `names ${named.length} things: ${named.join(', ')}` : 'names nothing', `name one of ${kinds.join(', ')}`);
    return false;
  }
  if (peer['labels'] !== undefined && named[0] !== 'namespace') {
    context.error([...at, 'labels'], 'labels-without-namespace', 'narrow a namespace, and none is named', "name the pods instead, as 'pods: namespace/name'");
    return false;
  }
  return named.length === 1;
}

function checkNamespace(namespace: string, labels: Readonly<Record<string, unknown>> | null | undefined, at: Path, scene: PodsScene, context: CheckContext): void {
  if (labels && scene.namespaces.has(namespace)) {
    const pods = scene.groups.filter((each) => each.namespace === namespace).map(({ name }) => `${namespace}/${name}`);
    context.error([...at, 'labels'], 'labels-of-own-namespace', 'are said by the pods of this policy already', `name the pods: ${pods.join(', ')}`);
  }
  checkLabelKeys(labels, at, context);
}

function checkLabelKeys(labels: Readonly<Record<string, unknown>> | null | undefined, at: Path, context: CheckContext): void {
  for (const key of Object.keys(labels ?? {}).filter((each) => !isLabelKey(each))) {
    context.error([...at, 'labels', key], 'bad-label', 'is not the key of a label', 'write letters, digits, dots, hyphens and underscores, after at most one prefix and a slash', key);
  }
}

function callOfPods(at: Path, value: string, context: CheckContext): void {
  context.error(at, 'call-of-pods', 'has pods, whose accepts say who may call them', 'remove the call, and let those pods accept these; both sides are made of that one statement', value);
}

/** Blocks in `accepts` and `calls` are of private networks: the internet has `internet` and `allow`. */
function checkBlock(text: string, at: Path, context: CheckContext): void {
  const parsed = parseBlock(text, true);
  if (!parsed.ok) return;
  if (METADATA_BLOCKS.some((block) => intersects(block, parsed.block))) {
    context.error(at, 'cidr-metadata', 'holds an address that hands out credentials of nodes', 'name the addresses that are meant; metadata is never reachable from pods', text);
  } else if (!privateBlock(parsed.block)) {
    context.error(at, 'cidr-not-private', 'is not in a private range', "hosts on the internet are named by 'allow' and 'hosts', its clients by 'internet: true'", text);
  }
}

function refusedByNetwork(
  caller: string,
  callee: string,
  { ports, protocol }: { readonly ports?: readonly (string | number | null)[] | null | undefined; readonly protocol?: 'tcp' | 'udp' | null | undefined },
  path: Path,
  who: string,
  { network }: PodsScene,
  context: CheckContext,
): void {
  if (!ports || protocol === null) return;
  const wanted = rangesOf(ports);
  const missing = wanted.filter((range) => !network.accepts(callee, caller, protocol ?? 'tcp', [range]));
  if (missing.length === 0) return;
  const text = missing.map(portText);
  const entry = `{ from: ${caller}, ports: [${text.map((port) => (port.includes('-') ? `"${port}"` : port)).join(', ')}]${protocol === 'udp' ? ', protocol: udp' : ''} }`;
  context.error(
    [...path, 'ports'],
    'refused-by-network',
    `${ranges(missing, protocol ?? 'tcp')} from ${who} is refused by the network: segment '${callee}' does not accept it`,
    `add ${entry} to the accepts of segment '${callee}', or remove it here`,
  );
}

function ranges(ports: readonly PortRange[], protocol: string): string {
  return ports.map((port) => `${protocol}/${portText(port)}`).join(', ');
}
