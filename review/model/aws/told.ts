/**
 * What names and numbers tell of several things that an expression may mean. A plan leaves out what a local stands
 * for, and which element an index picks behind an output. People name a local after what it holds
 * (`local.private_route_table_ids`), and instances after what they stand in. That is a guess: what it leaves out
 * stays possible, so that it closes nothing.
 */
import { toPath, type PathLike } from '../../plan/attribute-path';
import { isObject, ownTexts } from '../../plan/json';
import type { References, Resource } from '../../plan/resource-graph';

const NONE: readonly string[] = [];

/** The candidates that names and numbers point to; all where they tell nothing. */
export function told(resource: Resource, path: PathLike, references: References, candidates: readonly Resource[]): readonly Resource[] {
  if (candidates.length < 2 || candidates.length > MOST) return candidates;
  const texts = textsOf(resource, path);
  const named = byLocal(byKey(candidates, resource, texts), texts, references);
  return String(toPath(path).at(-1)).endsWith('s') ? named : byNumber(named, resource, texts);
}

/** Names of more things than that say little, and looking at them for each instance takes long. */
const MOST = 64;

function textsOf(resource: Resource, path: PathLike): readonly string[] {
  const expression = resource.configExpression(path) ?? resource.configExpression(toPath(path).slice(0, 1));
  return isObject(expression) ? ownTexts(expression, 'references') ?? NONE : NONE;
}

/** Some of them, or all where none fits. */
function some(candidates: readonly Resource[], fits: (candidate: Resource) => boolean): readonly Resource[] {
  const found = candidates.filter(fits);
  return found.length === 0 ? candidates : found;
}

/** `each.value`: what has the instance's key, or is called so. */
function byKey(candidates: readonly Resource[], { key }: Resource, texts: readonly string[]): readonly Resource[] {
  if (typeof key !== 'string' || !texts.some((text) => text.startsWith('each.'))) return candidates;
  const same = some(candidates, (candidate) => candidate.key === key || (candidate.key === undefined && wordsOf(candidate.name).join() === wordsOf(key).join()));
  return same.length < candidates.length ? same : some(candidates, ({ name }) => wordsOf(name).join() === wordsOf(key).join());
}

/** `local.private_route_table_ids`: what is called `private`. */
function byLocal(candidates: readonly Resource[], texts: readonly string[], { widened }: References): readonly Resource[] {
  if (candidates.length < 2) return candidates;
  const own = texts.flatMap((text) => /^local\.([\w-]+)/.exec(text)?.[1] ?? []);
  const locals = own.length > 0 ? own : widened.flatMap((reason) => /\blocal\.([\w-]+)/.exec(reason)?.[1] ?? []);
  for (const local of new Set(locals)) {
    const words = new Set(wordsOf(local));
    const matches = candidates.map(({ name }) => wordsOf(name)).map((name) => (name.every((word) => words.has(word)) ? name.length : 0));
    const best = Math.max(...matches);
    if (best > 0) return candidates.filter((_, at) => matches[at] === best);
  }
  return candidates;
}

/** `module.vpc.private_subnets[0]`, `count.index`: of one block's instances the one with this number; `element()` begins anew behind the last. */
function byNumber(candidates: readonly Resource[], { key }: Resource, texts: readonly string[]): readonly Resource[] {
  const [first] = candidates;
  if (!first || candidates.length < 2 || !candidates.every((each) => typeof each.key === 'number' && each.name === first.name && each.type === first.type && each.moduleAddress === first.moduleAddress)) return candidates;
  const numbers = new Set(texts.flatMap((text) => /^(?:module|local|var)\..*\[(\d+)\]$/.exec(text)?.[1] ?? []).map(Number));
  if (numbers.size > 1) return candidates;
  const [written] = numbers;
  const counted = typeof key === 'number' && texts.includes('count.index') ? key % candidates.length : undefined;
  return some(candidates, (each) => each.key === (written ?? counted));
}

function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
}
