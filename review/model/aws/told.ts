/**
 * What names and numbers tell of several things that an expression may mean. A plan leaves out what a local stands
 * for, and which element an index picks behind an output. People name a local after what it holds
 * (`local.private_route_table_ids`), and instances after what they stand in. That is a guess: what it leaves out
 * stays possible, so that it closes nothing.
 */
import { toPath, type PathLike } from '../../plan/attribute-path';
import { own } from '../../plan/json';
import type { References, Resource } from '../../plan/resource-graph';
import { referencesOf } from './written-references';

/** The candidates that names and numbers point to; all where they tell nothing. */
export function told(resource: Resource, path: PathLike, references: References, candidates: readonly Resource[]): readonly Resource[] {
  if (candidates.length < 2 || candidates.length > MOST) return candidates;
  // Of what a module hands out a table is rather meant than a network, which has one as well.
  const things = some(candidates, ({ type }) => !NETWORKS.has(type));
  return things.length < 2 ? things : pointed(resource, path, references, things);
}

const NETWORKS: ReadonlySet<string> = new Set(['aws_vpc', 'aws_default_vpc']);

function pointed(resource: Resource, path: PathLike, references: References, candidates: readonly Resource[]): readonly Resource[] {
  const texts = textsOf(resource, path);
  const key = typeof resource.key === 'string' && texts.some((text) => text.startsWith('each.')) ? resource.key : undefined;
  const named = key === undefined ? byBlock(resource, texts, references, candidates) : byNames(resource, texts, references, candidates, key);
  const near = named.length < candidates.length || key === undefined ? named : some(candidates, (candidate) => candidate.key === key);
  return String(toPath(path).at(-1)).endsWith('s') ? near : byNumber(near, resource, texts);
}

function byNames(resource: Resource, texts: readonly string[], references: References, candidates: readonly Resource[], key: string | undefined): readonly Resource[] {
  return byModules(byWords(candidates, localsOf(texts, references), resource.name, key), resource, key);
}

interface ByBlock {
  readonly name: string;
  readonly moduleAddress: string;
  readonly texts: readonly string[];
  readonly widened: readonly string[];
  readonly named: readonly Resource[];
}

/** By the candidates. A plan lists few blocks that choose among the same ones. */
const kept = new WeakMap<readonly Resource[], ByBlock[]>();

/** What an instance's own key says nothing of is told once for the whole block. */
function byBlock(resource: Resource, texts: readonly string[], references: References, candidates: readonly Resource[]): readonly Resource[] {
  const { name, moduleAddress } = resource;
  const { widened } = references;
  const before = kept.get(candidates);
  const known = before?.find((each) => each.texts === texts && each.widened === widened && each.name === name && each.moduleAddress === moduleAddress);
  if (known) return known.named;
  const named = byNames(resource, texts, references, candidates, undefined);
  const found = { name, moduleAddress, texts, widened, named };
  if (before) before.push(found);
  else kept.set(candidates, [found]);
  return named;
}

/** Names of more things than that say little, and looking at them for each instance takes long. */
const MOST = 64;

function textsOf(resource: Resource, path: PathLike): readonly string[] {
  return referencesOf(resource.configExpression(path) ?? resource.configExpression(toPath(path).slice(0, 1)));
}

/** Some of them, or all where none fits. */
function some(candidates: readonly Resource[], fits: (candidate: Resource) => boolean): readonly Resource[] {
  const found = candidates.filter(fits);
  return found.length === 0 || found.length === candidates.length ? candidates : found;
}

/** The locals that the expression names, or those behind what it names. */
function localsOf(texts: readonly string[], { widened }: References): readonly string[] {
  const named = texts.flatMap((text) => /^local\.([\w-]+(?:\["[^"]*"\])?)/.exec(text)?.[1] ?? []);
  return named.length > 0 ? named : widened.flatMap((reason) => /\blocal\.([\w-]+)/.exec(reason)?.[1] ?? []);
}

/** Those of which the local, the instance's key and what refers to them say the most: `local.private_ids` of what is called `private`. */
function byWords(candidates: readonly Resource[], locals: readonly string[], name: string, key: string | undefined): readonly Resource[] {
  for (const local of locals.length > 0 ? new Set(locals) : ['']) {
    const found = calledBy(candidates, `${local} ${name} ${key ?? ''}`);
    // What the key says goes before what the block is called.
    if (found) return found.length > 1 && key !== undefined ? calledBy(found, key) ?? found : found;
  }
  return key === undefined ? candidates : byOverlap(candidates, new Set(wordsOf(key)));
}

/** Those whose names have the most words of a text, and no others. */
function calledBy(candidates: readonly Resource[], text: string): readonly Resource[] | undefined {
  const wanted = new Set(wordsOf(text));
  const matches = candidates.map((candidate) => Math.max(...namesOf(candidate).map((name) => share(new Set(wordsOf(name)), wanted))));
  const best = Math.max(...matches);
  return best > 0 ? candidates.filter((_, at) => matches[at] === best) : undefined;
}

/** `dark/app`: rather `dark/isolated` than `shared/private`. */
function byOverlap(candidates: readonly Resource[], wanted: ReadonlySet<string>): readonly Resource[] {
  if (!candidates.every(({ key }) => typeof key === 'string')) return candidates;
  const shared = candidates.map(({ key }) => new Set(wordsOf(String(key)).filter((word) => wanted.has(word))).size);
  const best = Math.max(...shared);
  return best === 0 ? candidates : candidates.filter((_, at) => shared[at] === best);
}

/**
 * Of modules rather the one whose name and key say more of what refers to it: of `module.subnets["security-mgmt"]` and
 * `module.subnets["security-nat"]` the former for `module.routes["security-mgmt 0.0.0.0/0"]`, and for an interface called `mgmt`;
 * `module.production_vpc` for an attachment called `production`.
 */
function byModules(candidates: readonly Resource[], { moduleAddress }: Resource, key: string | undefined): readonly Resource[] {
  if (candidates.length < 2) return candidates;
  const wanted = new Set([...keysOf(moduleAddress), ...(key === undefined ? [] : [key])].flatMap(wordsOf));
  if (wanted.size === 0) return candidates;
  const shared = candidates.map((candidate) => new Set(wordsOf(candidate.moduleAddress).filter((word) => wanted.has(word))).size);
  const best = Math.max(...shared);
  return best === 0 ? candidates : candidates.filter((_, at) => shared[at] === best);
}

/** The keys of the module instances that an address goes through. */
function keysOf(moduleAddress: string): readonly string[] {
  return [...moduleAddress.matchAll(/\["((?:[^"\\]|\\.)*)"\]/g)].map(([, key = '']) => key);
}

/** What people call it: by its address, or by its tag. */
function namesOf(candidate: Resource): readonly string[] {
  const { name, key } = candidate;
  const tag = own(candidate.valueAt('tags'), 'Name');
  const names = typeof key === 'string' ? [`${name} ${key}`, key] : [name];
  return typeof tag === 'string' && tag !== '' ? [...names, tag] : names;
}

function share(words: ReadonlySet<string>, wanted: ReadonlySet<string>): number {
  return words.size > 0 && [...words].every((word) => wanted.has(word)) ? words.size : 0;
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
