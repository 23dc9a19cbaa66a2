/** What a review has to say of a cluster's pods, read from the policy alone: who calls whom, and what leaves. */
import type { Cloud, Environment, Policy } from '../../blueprints/policy/model';
import type { ReviewResult } from '../../review/result';

type Group = NonNullable<Policy['segments'][number]['pods']>[number] & { readonly segment: string };
type Ports = Pick<Group['accepts'][number], 'ports' | 'protocol'>;

/** CNIs that compare names of hosts. */
const KNOWS_NAMES = ['cilium', 'acns', 'dataplane-v2-fqdn'];

/** Differences between what a review says of an environment's cluster and what the policy does, in words; empty when there are none. */
export function untold(result: ReviewResult, policy: Policy, environment: Environment, cloud: Cloud): readonly string[] {
  const input = `${cloud}-${environment.name}-kubernetes`;
  const hasNames = KNOWS_NAMES.includes(environment[cloud]!.cluster!.cni);
  const groups = policy.segments.flatMap(({ name, pods = [] }) => pods.map((group): Group => ({ ...group, segment: name })));
  const said = new Map((result.connections ?? []).filter((each) => each.input === input).map((each) => [`${each.from} -> ${each.to}`, each]));
  const found: string[] = [];
  const differ = (what: string, told: string, meant: string) => { if (told !== meant) found.push(`${what}: told ${told}, meant ${meant}`); };
  for (const caller of groups) {
    // Pods of one kind are one end of the connections that are told.
    for (const callee of groups.filter((each) => each !== caller)) {
      const meant = callee.accepts.filter(({ from }) => (from.kind === 'segment' && from.segment === caller.segment)
        || (from.kind === 'namespace' && from.namespace === caller.namespace) || (from.kind === 'pods' && from.namespace === caller.namespace && from.pods === caller.name));
      differ(`${idOf(caller)} -> ${idOf(callee)}`, spans((said.get(`${idOf(caller)} -> ${idOf(callee)}`)?.ports ?? []).map(spanOf)), spans(meant.flatMap(spansOf)));
    }
    const rules = policy.allow.filter(({ clouds, segments, host }) => clouds.includes(cloud) && segments.includes(caller.segment) && caller.hosts.includes(host.text));
    const named = rules.filter(({ protocol }) => protocol !== 'tcp');
    const own = (result.pods ?? []).find((each) => each.input === input && each.pods === idOf(caller));
    const byAddress = rules.length > named.length || (named.length > 0 && !hasNames) || callsGateways(caller, policy, environment);
    differ(`what leaves ${idOf(caller)}`, own?.egress ?? 'none', byAddress ? 'open' : named.length > 0 ? 'allowlisted' : 'none');
    if (own?.egress === 'allowlisted') differ(`hosts of ${idOf(caller)}`, withoutDepth(own.reached), hostTexts(named));
    const out = [...said.values()].filter(({ from, internet, by }) => from === idOf(caller) && internet && by === 'name').map(({ to, ports }) => `${to} ${ports.join(' ')}`);
    if (hasNames) differ(`hosts that ${idOf(caller)} calls`, withoutDepth(out), hostTexts(named));
  }
  const open = result.findings.filter(({ rule, input: of }) => rule === 'pod-egress-open' && of === input).length > 0;
  const isByAddress = !hasNames && groups.some((group) => policy.allow.some(({ protocol, clouds, segments, host }) => protocol !== 'tcp' && clouds.includes(cloud) && segments.includes(group.segment) && group.hosts.includes(host.text)));
  differ('pods that may call any address', String(open), String(isByAddress));
  return found;
}

function idOf({ namespace, labels }: Group): string {
  return `${namespace}/${Object.entries(labels).map(([key, value]) => `${key}=${value}`).sort().join()}`;
}

/** Where a star is one label, Cilium is given a second pattern for all below. */
function withoutDepth(hosts: readonly string[]): string {
  return [...new Set(hosts.map((host) => host.replace(/^\*\*\./, '*.')))].sort().join();
}

/** By several rules for one host, too. */
function hostTexts(rules: readonly Policy['allow'][number][]): string {
  const ports = new Map<string, number[]>();
  for (const { host, ports: own } of rules) ports.set(host.text, [...(ports.get(host.text) ?? []), ...own]);
  return [...ports].map(([host, own]) => [host, ...[...new Set(own.map((port) => `tcp/${port}`))].sort()].join(' ')).sort().join();
}

/** Gateway endpoints of AWS are public addresses; those that name no segments serve all but public ones. */
function callsGateways({ calls, segment }: Group, policy: Policy, { aws }: Environment): boolean {
  const served = policy.segments.filter(({ tier }) => tier !== 'public').map(({ name }) => name);
  return calls.some(({ to }) => to.kind === 'service') && Object.values(aws?.gatewayEndpoints ?? {}).some(({ segments, ranges }) => ranges.length > 0 && (segments ?? served).includes(segment));
}

type Span = readonly [protocol: string, from: number, to: number];

function spansOf({ ports, protocol }: Ports): readonly Span[] {
  return ports.map(({ from, to }) => [protocol, from, to]);
}

function spanOf(text: string): Span {
  const [, protocol = text, from = '0', to = from] = /^(\w+)\/(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return [protocol, Number(from), Number(to)];
}

/** Joined where they touch, sorted. */
function spans(all: readonly Span[]): string {
  const joined: [string, number, number][] = [];
  for (const [protocol, from, to] of [...all].sort((a, b) => a[0].localeCompare(b[0]) || a[1] - b[1])) {
    const last = joined.at(-1);
    if (last && last[0] === protocol && from <= last[2] + 1) last[2] = Math.max(last[2], to);
    else joined.push([protocol, from, to]);
  }
  return joined.map(([protocol, from, to]) => `${protocol}/${from}${to === from ? '' : `-${to}`}`).join(' ') || 'nothing';
}
