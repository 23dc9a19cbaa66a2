/** Random networks behind Secure Web Proxies: what the review says of each host against what becomes of a request for it. */
import type { AllowedHost } from '../../../review/model/network-model';
import { isUnlisted, ProxyRequests, REQUESTS, type Request } from './proxy-requests';
import { asStack, asState, type Part } from './random-networks';
import { verdictsOf } from './reviewing';
import { proxiedNetworks, type Proxied } from './web-proxied';

function isListed({ host, ports }: AllowedHost, { host: asked, port }: Request): boolean {
  const isName = host === '*' || asked === host || (host.startsWith('*.') && asked.endsWith(host.slice(1))) || (host.startsWith('.') && `.${asked}`.endsWith(host));
  return isName && (ports.length === 0 || ports.includes(port));
}

/** What an attribute refers to, where a state has a text in its place. */
const NAMED: Readonly<Record<string, (name: string) => string>> = {
  network_security_url_lists: (name) => `projects/p/locations/r1/urlLists/${name}`, tags_tag_value: (name) => `tagValues/${name.charCodeAt(0)}`, service_account: (name) => `${name}@p.iam.gserviceaccount.com`,
};
const inWords = (value: unknown): unknown => (typeof value === 'string' ? value.replace(/\$\{google_(\w+)\.(\w+)\.\w+\}/g, (_, type: string, name: string) => NAMED[type]!(name)) : value);
const FORMS = [asStack, (parts: readonly Part[]) => asState(parts.map((part) => ({ ...part, values: Object.fromEntries(Object.entries(part.values).map(([key, value]) => [key, inWords(value)])) })))];

function compare(estate: Proxied, shown: unknown) {
  const { verdicts } = verdictsOf(shown);
  const walk = new ProxyRequests(estate);
  const missed: string[] = [];
  const seen = { reached: 0, refused: 0, wide: 0 };
  for (const machine of estate.parts.filter(({ type }) => type === 'google_compute_instance')) {
    const { kind, hosts } = verdicts.find(({ family, place }) => family === 4 && place.id === `google_compute_instance.${machine.name}`)!;
    const fates = REQUESTS.map((request) => ({ request, fate: walk.reaches(machine, request), isSaid: kind === 'open' || kind === 'unknown' || (kind === 'allowlisted' && hosts.some((host) => isListed(host, request))) }));
    missed.push(...fates.filter(({ fate, isSaid }) => fate === 'yes' && !isSaid).map(({ request: { host, port } }) => `${machine.name} to ${host}:${port}`));
    if (fates.some(({ fate }) => fate === 'yes')) seen.reached += 1;
    if (fates.every(({ fate }) => fate === 'no')) seen.refused += 1;
    // A condition on a part of a name is no list of names: what others say besides is not held against it.
    const isWide = kind === 'open' ? !fates.some(({ request, fate }) => fate !== 'no' && isUnlisted(request)) : kind === 'allowlisted' && fates.some(({ fate, isSaid }) => fate === 'no' && isSaid);
    if (isWide) seen.wide += 1;
  }
  return { missed, seen };
}

test('every host that a request reaches by random proxies is told', () => {
  const all = { reached: 0, refused: 0, wide: 0 };
  for (let seed = 0; seed < 120; seed += 1) {
    const estate = proxiedNetworks(seed);
    const { missed, seen } = compare(estate, FORMS[seed % 2]!(estate.parts));
    expect({ seed, missed }).toEqual({ seed, missed: [] });
    for (const key of ['reached', 'refused', 'wide'] as const) all[key] += seen[key];
  }
  expect([all.reached > 60, all.refused > 50, all.wide < 12]).toEqual([true, true, true]);
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
  expect(Array.from({ length: 200 }, (__, seed) => seed).some(isCaught)).toBe(true);
});
