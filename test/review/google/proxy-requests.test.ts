/** Random networks behind Secure Web Proxies: what the review says of each host against what becomes of a request for it. */
import type { AllowedHost } from '../../../review/model/network-model';
import type { Verdict } from '../../../review/paths/verdict';
import { parsePlan, type PlanFile } from '../../../review/plan/load';
import type { ReachChange } from '../../../review/result';
import { review } from '../../../review/review';
import { TODAY } from '../../fixtures/stacks';
import { isAbout } from '../told-changes';
import { isUnlisted, ProxyRequests, REQUESTS, type Request } from './proxy-requests';
import { asStack, asState, type Part } from './random-networks';
import { verdictsOf } from './reviewing';
import { editedNetworks, proxiedNetworks, type Proxied } from './web-proxied';

function isListed({ host, ports }: AllowedHost, { host: asked, port }: Request): boolean {
  const isName = host === '*' || asked === host || (host.startsWith('*.') && asked.endsWith(host.slice(1))) || (host.startsWith('.') && `.${asked}`.endsWith(host));
  return isName && (ports.length === 0 || ports.includes(port));
}

function isSaid({ kind, hosts }: Pick<Verdict, 'kind' | 'hosts'>, request: Request): boolean {
  return kind === 'open' || kind === 'unknown' || (kind === 'allowlisted' && hosts.some((host) => isListed(host, request)));
}

/** What an attribute refers to, where a state has a text in its place. */
const NAMED: Readonly<Record<string, (name: string) => string>> = {
  network_security_url_lists: (name) => `projects/p/locations/r1/urlLists/${name}`, tags_tag_value: (name) => `tagValues/${name.charCodeAt(0)}`, service_account: (name) => `${name}@p.iam.gserviceaccount.com`,
};
const inWords = (value: unknown): unknown => (typeof value === 'string' ? value.replace(/\$\{google_(\w+)\.(\w+)\.\w+\}/g, (_, type: string, name: string) => NAMED[type]!(name)) : value);
const asTold = (parts: readonly Part[]) => asState(parts.map((part) => ({ ...part, values: Object.fromEntries(Object.entries(part.values).map(([key, value]) => [key, inWords(value)])) })));
const FORMS = [asStack, asTold];

function compare(estate: Proxied, shown: unknown) {
  const { verdicts } = verdictsOf(shown);
  const walk = new ProxyRequests(estate);
  const missed: string[] = [];
  const seen = { reached: 0, refused: 0, wide: 0 };
  for (const machine of estate.parts.filter(({ type }) => type === 'google_compute_instance')) {
    const { kind, hosts } = verdicts.find(({ family, place }) => family === 4 && place.id === `google_compute_instance.${machine.name}`)!;
    const fates = REQUESTS.map((request) => ({ request, fate: walk.reaches(machine, request), isTold: isSaid({ kind, hosts }, request) }));
    missed.push(...fates.filter(({ fate, isTold }) => fate === 'yes' && !isTold).map(({ request: { host, port } }) => `${machine.name} to ${host}:${port}`));
    if (fates.some(({ fate }) => fate === 'yes')) seen.reached += 1;
    if (fates.every(({ fate }) => fate === 'no')) seen.refused += 1;
    // A condition on a part of a name is no list of names: what others say besides is not held against it.
    const isWide = kind === 'open' ? !fates.some(({ request, fate }) => fate !== 'no' && isUnlisted(request)) : kind === 'allowlisted' && fates.some(({ fate, isTold }) => fate === 'no' && isTold);
    if (isWide) seen.wide += 1;
  }
  return { missed, seen };
}

/** Besides the first ones those that tell a review which is wrong in one thing: the order of rules, who calls, by which addresses, what a `!` means. */
const SEEDS = [...Array.from({ length: 50 }, (_, seed) => seed), 59, 74, 80, 92, 121, 222, 266, 280, 366, 385];

test('every host that a request reaches by random proxies is told', () => {
  const all = { reached: 0, refused: 0, wide: 0 };
  for (const seed of SEEDS) {
    const estate = proxiedNetworks(seed);
    const { missed, seen } = compare(estate, FORMS[seed % 2]!(estate.parts));
    expect({ seed, missed }).toEqual({ seed, missed: [] });
    for (const key of ['reached', 'refused', 'wide'] as const) all[key] += seen[key];
  }
  expect([all.reached > 30, all.refused > 20, all.wide < 10]).toEqual([true, true, true]);
});

const OPENING: readonly string[] = ['opened', 'became-open', 'became-unknown'];
const file = ({ parts }: Proxied, name: string): PlanFile => ({ ...parsePlan(JSON.stringify(asTold(parts)), name), name });

/** @param spoil what the diff is made to overlook */
function untold(seed: number, spoil: (each: ReachChange) => boolean = () => true): { readonly untold: readonly string[]; readonly gained: number } {
  const own = proxiedNetworks(seed);
  const [before, after] = seed % 2 === 0 ? [own, editedNetworks(own, seed)] : [editedNetworks(own, seed), own];
  const reach = review({ inputs: [file(after, 'plan.json')], base: [file(before, 'base.json')], today: TODAY }).diff!.reach.filter(({ change }) => OPENING.includes(change)).filter(spoil);
  const verdicts = verdictsOf(asTold(before.parts)).verdicts;
  const [was, is] = [new ProxyRequests(before), new ProxyRequests(after)];
  const gained = after.parts.filter(({ type }) => type === 'google_compute_instance').flatMap((machine) => {
    const then = before.parts.find(({ type, name }) => type === machine.type && name === machine.name)!;
    const verdict = verdicts.find(({ family, place }) => family === 4 && place.id === `google_compute_instance.${machine.name}`)!;
    const about = reach.filter((each) => each.family === 4 && isAbout(each, verdict.place.id, verdict.place.segment));
    // What was told to be open, or not known, before is no news.
    return REQUESTS.filter((request) => was.reaches(then, request) === 'no' && is.reaches(machine, request) === 'yes' && !isSaid(verdict, request))
      .map((request) => ({ text: `${machine.name} to ${request.host}:${request.port}`, isTold: about.some(({ change, what }) => change !== 'opened' || isListed(hostOf(what), request)) }));
  });
  return { untold: gained.filter(({ isTold }) => !isTold).map(({ text }) => text), gained: gained.length };
}

/** `any a.example.com:443,8443` */
function hostOf(what: string): AllowedHost {
  const [, host = '', ports] = /^\S+ ([^\s:]+)(?::([\d,]+))?$/.exec(what) ?? [];
  return { host, protocol: 'any', ports: ports === undefined ? [] : ports.split(',').map(Number), rule: '' };
}

test('what a change opens by proxies is told', () => {
  let all = 0;
  for (let seed = 0; seed < 40; seed += 1) {
    const { untold: left, gained } = untold(seed);
    expect({ seed, left }).toEqual({ seed, left: [] });
    all += gained;
  }
  expect(all).toBeGreaterThan(10);
  expect(Array.from({ length: 40 }, (_, seed) => seed).some((seed) => untold(seed, ({ change }) => change === 'became-unknown').untold.length > 0)).toBe(true);
});

const RULE = 'google_network_security_gateway_security_policy_rule';
test.each<[string, (part: Part) => Part | undefined]>([
  ['priorities', (part) => (part.type === RULE ? { ...part, values: { ...part.values, priority: 100 - part.values.priority } } : part)],
  ['peerings', (part) => (part.type === 'google_compute_network_peering' ? undefined : part)],
  ['published proxies', (part) => (part.type === 'google_compute_service_attachment' ? undefined : part)],
  ['proxies as next hops', (part) => (part.values.next_hop_ilb || part.values.next_hop_ilb_ip ? undefined : part)],
  ['who calls', (part) => (part.type === 'google_compute_instance' ? { ...part, values: { ...part.values, service_account: [], params: [] } } : part)],
  ['callers of other regions', (part) => ({ ...part, values: { ...part.values, allow_global_access: false, allow_psc_global_access: false } })],
  ['names below others', (part) => (part.type.endsWith('url_lists') ? { ...part, values: { ...part.values, values: part.values.values.map((each: string) => each.replace(/^\*\.?/, '')) } } : part)],
])('a review that does not see %s is caught', (_, see) => {
  const isCaught = (seed: number): boolean => {
    const estate = proxiedNetworks(seed);
    return compare(estate, asStack(estate.parts.flatMap((part) => see(part) ?? []))).missed.length > 0;
  };
  expect(Array.from({ length: 150 }, (__, seed) => seed).some(isCaught)).toBe(true);
});
