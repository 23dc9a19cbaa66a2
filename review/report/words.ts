/** The words that every report uses for the same things. */
import { SEVERITIES, type Confidence, type EgressDiff, type EndpointChange, type Finding, type PlaceVerdict, type ReachChange, type Severity, type WayChange } from '../result';
import type { ServedKind } from '../model/served';
import type { AllowedHost, HopKind } from '../model/network-model';
import type { Step } from '../paths/trace';
import type { VerdictKind } from '../paths/verdict';

/** From the worst to the best. */
export const VERDICTS: readonly VerdictKind[] = ['open', 'unknown', 'allowlisted', 'none'];

/** What a verdict is called where people read it. */
export const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  open: 'open',
  unknown: 'unknown',
  allowlisted: 'allowlisted',
  none: 'closed',
};

/** One sentence for each verdict. */
export const VERDICT_MEANINGS: Readonly<Record<VerdictKind, string>> = {
  open: 'something reaches the internet with no control by host name',
  unknown: 'the plan does not say enough to exclude a way out',
  allowlisted: 'only listed hosts are reached',
  none: 'nothing reaches the internet',
};

/** What policies let pods call on the internet; the network decides as well. */
export const POD_WORDS: Readonly<Record<VerdictKind, string>> = {
  open: 'policies let them call addresses on the internet',
  unknown: 'whom policies let them call is not known',
  allowlisted: 'policies let them call listed hosts alone',
  none: 'policies let them call nobody on the internet',
};

/** The same for a cell of a table. */
export const POD_CELLS: Readonly<Record<VerdictKind, string>> = { open: 'addresses', unknown: 'not known', allowlisted: 'listed hosts', none: 'nobody' };

export const HOP_WORDS: Readonly<Record<HopKind | 'place' | 'public-address', string>> = {
  workload: 'workload',
  group: 'group',
  acl: 'network ACL',
  subnet: 'subnet',
  route: 'route table',
  firewall: 'firewall',
  proxy: 'proxy',
  nat: 'NAT',
  gateway: 'internet gateway',
  endpoint: 'private endpoint',
  peering: 'peering',
  transit: 'transit gateway',
  'network-policy': 'network policy',
  'provider-default': "provider's default",
  internet: 'internet',
  place: 'place',
  'public-address': 'public address',
};

export const CONFIDENCE_MEANINGS: Readonly<Record<Confidence, string>> = {
  certain: 'the plan says so',
  likely: 'it follows from what the plan says',
  possible: 'the plan leaves it open',
};

/** `true` for a change that lets something out that was not let out before, or that hides whether it does. */
export function opens({ change }: ReachChange): boolean {
  return change === 'opened' || change === 'became-open' || change === 'became-unknown';
}

/** Whether the plan does not tell what becomes of it. */
export function isUnsure({ change }: ReachChange): boolean {
  return change === 'became-unknown' || change === 'perhaps-closed';
}

/** From what opens most to what closes: what comes first is cut last. */
export function worstFirst(changes: readonly ReachChange[]): readonly ReachChange[] {
  return WEIGHTS.flatMap((weight) => changes.filter(({ change }) => weight.includes(change)));
}

const WEIGHTS: readonly (readonly ReachChange['change'][])[] = [['became-open'], ['became-unknown'], ['opened'], ['perhaps-closed'], ['became-guarded', 'became-known', 'closed']];

/** Phrases of traffic shown in one line. */
const TRAFFIC_SHOWN = 3;

/** What a change is about: a host, or what gets out, as far as that is one line. */
export function whatWords({ change, what, traffic = [] }: ReachChange): string {
  if (change === 'became-unknown') return `perhaps ${what}`;
  return traffic.length > 0 ? listed(traffic, TRAFFIC_SHOWN) : what;
}

/** Names of places shown in one line. */
const PLACES_SHOWN = 3;

/** Which places of a segment: `a, b and 2 more`; empty where the segment is meant as a whole. What stands in for groups is left out: `subnet + group`. */
export function placeWords({ places = [], more = 0 }: ReachChange): string {
  return listed([...new Set(places.map((place) => place.split(' + ', 1)[0] as string))], PLACES_SHOWN, more);
}

/** `2 others were so before`; empty where that goes without saying. */
export function otherWords(change: ReachChange): string {
  const { others = 0 } = change;
  if (others === 0) return '';
  const are = opens(change) ? (others === 1 ? 'was' : 'were') : others === 1 ? 'is' : 'are';
  const same = change.change === 'became-unknown' ? 'unknown' : change.change === 'opened' ? 'let there' : 'open';
  return `${count(others, 'other')} ${are} ${opens(change) ? `${same} before` : `still ${same}`}`;
}

/** Reasons shown in one line. */
const REASONS_SHOWN = 2;

/** Who owns a host and why it may be reached, or what the plan does not say. */
export function whyWords({ owner, reason, reasons = [] }: ReachChange): string {
  return reasons.length > 0 ? listed(reasons, REASONS_SHOWN) : [owner, reason].filter(Boolean).join(': ');
}

/** What a change lets out that was not let out before, or may: what `new-egress` counts. */
export function newWaysOut({ reach, endpoints = [], connections = [] }: EgressDiff): number {
  return reach.filter(opens).length + endpoints.filter(({ wayOut }) => wayOut).length + connections.filter(({ change, internet }) => change === 'opened' && internet).length;
}

/** Whether a comparison found no change at all. */
export function isNothing({ reach, ways, endpoints = [], connections = [] }: EgressDiff): boolean {
  return reach.length + ways.length + endpoints.length + connections.length === 0;
}

/** Beside what a rename opens and closes. */
export const RENAME_ADVICE = 'the same in all but its name: if it is renamed, a moved block keeps it';

/** `connectivity_type: private → public; nat_ips: + a, − b`; empty for what comes or goes. */
export function settingWords(way: WayChange): string {
  return settingTexts(way).join('; ');
}

/** The same, one by one. */
export function settingTexts({ settings = [] }: WayChange): readonly string[] {
  return settings.map(({ setting, was, is }) => {
    if (was.length < 2 && is.length < 2) return `${setting}: ${was[0] ?? 'nothing'} → ${is[0] ?? 'nothing'}`;
    const come = is.filter((text) => !was.includes(text));
    const gone = was.filter((text) => !is.includes(text));
    return `${setting}: ${[...(come.length > 0 ? [`+ ${listed(come, 6)}`] : []), ...(gone.length > 0 ? [`− ${listed(gone, 6)}`] : [])].join(', ')}`;
  });
}

/** `opened: s3 gateway, reached by app: it has no policy, …`, without the address. */
export function endpointWords({ change, serves, why, who, more = 0, names = [] }: EndpointChange): string {
  const callers = who.length === 0 ? 'nobody' : listed(who, 3, more);
  const reach = change === 'reached' ? `now also by ${callers}` : change === 'unreached' ? `no more by ${callers}` : change === 'removed' ? '' : `reached by ${callers}`;
  const served = change === 'removed' || change === 'unreached' ? '' : `${SERVED_WORDS[serves]}${why ? `: ${why}` : ''}`;
  const named = names.length > 0 ? `${change === 'closed' ? 'no more' : change === 'opened' ? 'now also' : 'names'} ${listed(names, 6)}` : '';
  return [reach, served, named].filter(Boolean).join('; ');
}

const SERVED_WORDS: Readonly<Record<ServedKind, string>> = {
  own: 'serves what is one\'s own',
  anybody: 'serves everybody\'s',
  another: 'serves what is somebody else\'s',
  unknown: 'whom it serves is not known',
};

/** `1 host`, `3 hosts`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${figure(n)} ${n === 1 ? one : many}`;
}

/** `1,234`. */
export function figure(n: number): string {
  return n.toLocaleString('en-US');
}

/** `api.stripe.com:443`, `http mirror.example:80`; TLS goes without saying, and so does every port. */
export function hostWords(host: AllowedHost): string {
  return `${host.protocol === 'http' ? 'http ' : ''}${host.host}${host.ports.length > 0 ? `:${host.ports.join(',')}` : ''}${hostLimits(host)}`;
}

/** Which names it does not stand for, and to which addresses alone it is let through. */
export function hostLimits({ addresses, except }: Pick<AllowedHost, 'addresses' | 'except'>): string {
  return `${except ? ` (not ${listed(except, 4)})` : ''}${addresses ? ` (at ${listed(addresses, 4)})` : ''}`;
}

/** Hops that every packet passes; a short form names them only where a way ends at one. */
const PASSED: readonly HopKind[] = ['workload', 'group', 'acl', 'subnet', 'network-policy'];

/** The kinds of a way, shortest readable form: `route table → firewall → NAT → internet`. */
export function wayWords(steps: readonly Step[], end: 'internet' | 'stop' | 'unknown'): string {
  const kinds = steps.filter(({ kind }, index) => !PASSED.includes(kind) || (index === steps.length - 1 && end !== 'internet')).map(({ kind }) => HOP_WORDS[kind]);
  const last = end === 'internet' ? 'internet' : end === 'unknown' ? '?' : '⊣';
  const words = kinds.filter((word, index) => word !== kinds[index - 1]);
  return (words.at(-1) === last ? words : [...words, last]).join(' → ');
}

/** The way that tells most about a verdict, and how it ends. */
export function tellingWay(verdict: PlaceVerdict): { readonly steps: readonly Step[]; readonly end: 'internet' | 'stop' | 'unknown' } {
  if (verdict.verdict === 'none') return { steps: verdict.blocker?.path ?? [], end: 'stop' };
  return { steps: verdict.witness ?? [], end: verdict.verdict === 'unknown' ? 'unknown' : 'internet' };
}

/** How many there are of each, the worst first, without the ones that there are none of. */
export function bySeverity(findings: readonly { readonly severity: Severity }[]): readonly (readonly [Severity, number])[] {
  return SEVERITIES.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const).filter(([, n]) => n > 0);
}

/**
 * `a`, `a and b`, `a, b and c`, `a, b and 7 more`.
 *
 * @param left how many there are besides the items
 */
export function listed(items: readonly string[], most = 3, left = 0): string {
  const all = items.length + left;
  const shown = all > most ? [...items.slice(0, most - 1), `${all - Math.min(items.length, most - 1)} more`] : items;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) as string}`;
}

/** The line of a file that a finding is of, where that is known: `infra/main.tf:12`. A construct's path is none. */
export function lineOf({ source }: { readonly source?: Finding['source'] }): string | undefined {
  return /:\d+$/.test(source?.constructPath ?? '') ? source?.constructPath : undefined;
}
