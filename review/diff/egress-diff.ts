/** What a change opens and closes, from the verdicts before and after. */
import type { AllowRule, Policy } from '../../blueprints/policy/model';
import type { AllowedHost } from '../model/network-model';
import type { Verdict, VerdictKind } from '../paths/verdict';
import type { ResourceGraph } from '../plan/resource-graph';
import type { EgressDiff, ReachChange } from '../result';
import { wayChanges } from './way-changes';

/** One input, before and after. */
export interface Compared {
  readonly name: string;
  readonly before: readonly Verdict[];
  readonly after: readonly Verdict[];
  readonly beforeGraph: ResourceGraph;
  readonly afterGraph: ResourceGraph;
}

/** What a segment, or a place that belongs to none, can reach in one family: the most that any of its places can. */
interface Reach {
  readonly who: string;
  readonly family: 4 | 6;
  readonly kind: VerdictKind;
  readonly hosts: ReadonlyMap<string, AllowedHost>;
  readonly verdict: Verdict;
}

/** From the one that gets furthest. */
const FURTHEST: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

/** @param policy names the owner and the reason of each host that it lists. */
export function diffOf(compared: readonly Compared[], policy: Policy | undefined): EgressDiff {
  const changing = compared.filter(({ beforeGraph, afterGraph }) => beforeGraph !== afterGraph);
  return {
    reach: changing.flatMap((each) => reachChanges(each, policy)),
    ways: changing.flatMap(({ name, beforeGraph, afterGraph }) => wayChanges(name, beforeGraph, afterGraph)),
  };
}

function reachChanges({ name, before, after }: Compared, policy: Policy | undefined): readonly ReachChange[] {
  const was = reachOf(before);
  const is = reachOf(after);
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort();
  return keys.flatMap((key) => {
    const old = was.get(key);
    const now = is.get(key);
    const { who, family } = (now ?? old) as Reach;
    const common = { input: name, who, family };
    const oldKind = old?.kind ?? 'none';
    const newKind = now?.kind ?? 'none';
    const oldHosts = old?.hosts ?? new Map<string, AllowedHost>();
    const newHosts = now?.hosts ?? new Map<string, AllowedHost>();
    // What could reach everything gains nothing by a host, and loses everything but the hosts that are left.
    const opened = oldKind === 'open' ? [] : [...newHosts].filter(([text]) => !oldHosts.has(text));
    const closed = newKind === 'open' ? [] : [...oldHosts].filter(([text]) => !newHosts.has(text));
    return [
      ...kindChange(oldKind, newKind).map((change): ReachChange => ({ ...common, change, what: 'anything', ...pathOf(change === 'closed' ? old : now) })),
      ...opened.map(([text, host]): ReachChange => ({ ...common, change: 'opened', what: text, ...pathOf(now), ...sourceOf(host, who, policy) })),
      ...closed.map(([text]): ReachChange => ({ ...common, change: 'closed', what: text, ...pathOf(old) })),
    ];
  });
}

function kindChange(before: VerdictKind, after: VerdictKind): readonly ReachChange['change'][] {
  if (before === after) return [];
  if (after === 'open') return ['became-open'];
  if (after === 'unknown') return ['became-unknown'];
  if (before === 'open') return [after === 'allowlisted' ? 'became-guarded' : 'closed'];
  return before === 'unknown' ? ['became-known'] : [];
}

function reachOf(verdicts: readonly Verdict[]): ReadonlyMap<string, Reach> {
  const result = new Map<string, Reach>();
  for (const verdict of verdicts) {
    const who = verdict.place.segment ?? verdict.place.id;
    const key = `${who}\n${verdict.family}`;
    const known = result.get(key);
    const hosts = new Map(known?.hosts);
    for (const host of verdict.hosts) for (const text of hostTexts(host)) hosts.set(text, host);
    const further = known && FURTHEST.indexOf(known.kind) <= FURTHEST.indexOf(verdict.kind) ? known : undefined;
    result.set(key, { who, family: verdict.family, hosts, kind: further?.kind ?? verdict.kind, verdict: further?.verdict ?? verdict });
  }
  return result;
}

/** One text per port, so that a port more is one change and not two. */
function hostTexts({ host, protocol, ports }: AllowedHost): readonly string[] {
  return ports.length === 0 ? [`${protocol} ${host}`] : ports.map((port) => `${protocol} ${host}:${port}`);
}

function pathOf(reach: Reach | undefined): Pick<ReachChange, 'path'> {
  const path = reach?.verdict.witness;
  return path ? { path } : {};
}

/** The rule of the policy that grants the host, by its exact text: a host that only a wildcard covers has no owner of its own. */
function sourceOf({ host }: AllowedHost, who: string, policy: Policy | undefined): Pick<ReachChange, 'owner' | 'reason'> {
  const rule: AllowRule | undefined = policy?.allow.find((each) => each.host.text === host && each.segments.includes(who));
  return rule ? { owner: rule.owner, reason: rule.reason } : {};
}
