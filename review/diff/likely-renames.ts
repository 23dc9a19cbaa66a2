/** What looks like another thing of before under another name: renamed, and nobody wrote a `moved` block. */
import { groupBy } from '../group-by';
import type { Action, Json, JsonObject, Resource, ResourceGraph } from '../plan/resource-graph';
import type { Finding, LikelyRename, ReachChange } from '../result';
import { opens } from '../report/words';
import type { Moves } from './moves';

/** Attributes that are a name, or follow from one. */
const NAMES = /^(id|arn|name|name_prefix|self_link|.*_name|tags|tags_all|labels|effective_labels|terraform_labels|urn|uid|etag|fingerprint|timeouts)$/;
/** With fewer attributes in common two things are alike by chance. */
const FEWEST = 3;
/** More pairs than this of one type are no renaming. */
const MOST_PAIRS = 40_000;

/** What a plan does to what its prior state has, and any file to compare with. */
const STAYS: ReadonlySet<Action> = new Set(['no-op', 'update', 'replace']);

/** Only pairs of which neither fits any other. Sorted by the new address. */
export function likelyRenames(input: string, before: ResourceGraph, after: ResourceGraph, moves: Moves): readonly LikelyRename[] {
  const isManaged = ({ mode, deposed }: Resource) => mode === 'managed' && deposed === undefined;
  const earlier = ({ address }: Resource) => {
    const text = moves.before(address);
    return text === undefined ? undefined : before.byAddress(text);
  };
  // Most of a plan stays, and says so; only of the types that come is it asked what else stays.
  const fresh = after.resources.filter((resource) => !STAYS.has(resource.action) && isManaged(resource) && earlier(resource) === undefined);
  if (fresh.length === 0) return [];
  const types = new Set(fresh.map(({ type }) => type));
  const stayed = new Set(after.resources.filter(({ type }) => types.has(type)).map(earlier));
  const gone = groupBy(before.resources.filter((resource) => types.has(resource.type) && isManaged(resource) && !stayed.has(resource)), ({ type }) => type);
  return [...groupBy(fresh, ({ type }) => type)]
    .flatMap(([type, own]) => pairsOf(input, gone.get(type) ?? [], own))
    .sort((a, b) => (a.to < b.to ? -1 : 1));
}

function pairsOf(input: string, gone: readonly Resource[], fresh: readonly Resource[]): readonly LikelyRename[] {
  if (gone.length * fresh.length > MOST_PAIRS) return [];
  const olds = gone.map((resource) => ({ address: resource.address, texts: textsOf(resource.values) }));
  const news = fresh.map((resource) => ({ address: resource.address, texts: textsOf(resource.values) }));
  const alike = news.map(({ texts }) => olds.filter((old) => areAlike(old.texts, texts)));
  return news.flatMap(({ address: to }, index) => {
    const [only, other] = alike[index] ?? [];
    return only && !other && alike.filter((each) => each.includes(only)).length === 1 ? [{ input, from: only.address, to }] : [];
  });
}

/** What is known of the new one is so of the old one. What is not known yet may be anything. */
function areAlike(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): boolean {
  return now.size >= FEWEST && [...now].every(([name, text]) => old.get(name) === text);
}

function textsOf(values: JsonObject): ReadonlyMap<string, string> {
  return new Map(Object.entries(values).filter(([name, value]) => !NAMES.test(name) && saysSomething(value)).map(([name, value]) => [name, JSON.stringify(value)]));
}

function saysSomething(value: Json | undefined): boolean {
  return value !== null && value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** Those that a reader meets: what opens something, what a way that opens passes, what has a new finding. */
export function toldRenames(renames: readonly LikelyRename[], reach: readonly ReachChange[], { findings, suppressed }: { readonly findings: readonly Finding[]; readonly suppressed: readonly Finding[] }): readonly LikelyRename[] {
  if (renames.length === 0) return [];
  const met = new Set<string>();
  for (const change of reach) if (opens(change)) for (const text of [change.who, ...(change.places ?? []), ...(change.path ?? []).map(({ address }) => address)]) met.add(text.split(/ \+ | in /, 1)[0] as string);
  for (const { baselineState, address } of [...findings, ...suppressed]) if (baselineState === 'new') met.add(address);
  return renames.filter(({ to }) => met.has(to));
}
