/** Several policy files of one company: each by itself, and what no two may have in common. */
import { resolve } from 'node:path';
import { checkRegionQuotas } from './check-aws-quotas';
import { checkAzureNeighbours, haveZones } from './check-azure-neighbours';
import { declaredSegments, type CheckContext } from './check-context';
import { checkNeighbours, placedBlocks } from './check-environments';
import { currentDay } from './dates';
import type { SourceDocument } from './document';
import { loadPolicyFile, readInput, readSource } from './load';
import { CLOUDS } from './model';
import { excerpt, pathText, sortProblems, type Path, type PolicyProblem, type Severity } from './problems';
import type { PolicyInput } from './schema';
import type { Sound } from './schema-findings';

/** What is wrong with policy files, each by itself and with each other. */
export interface FilesResult {
  /** Of each file that has no error by itself, the names of its environments, sorted. */
  readonly environments: ReadonlyMap<string, readonly string[]>;
  /** Errors, by file and in the order of each. */
  readonly problems: readonly PolicyProblem[];
  readonly warnings: readonly PolicyProblem[];
}

interface ReadFile {
  readonly file: string;
  readonly input: Sound<PolicyInput>;
  readonly document: SourceDocument;
}

/**
 * Reads policy files, with the lock file beside each, and compares their environments: names and blocks, and what an
 * account, a project or a hub has once. A file that is named twice is one. Writes nothing, and no file makes it throw.
 *
 * @param options `today`: `YYYY-MM-DD`, default today
 */
export function loadPolicyFiles(paths: readonly string[], options: { readonly today?: string } = {}): FilesResult {
  const files = [...new Map(paths.map((path) => [resolve(path), path])).values()];
  const loaded = files.map((file) => ({ file, result: loadPolicyFile(file, options) }));
  const between = betweenFiles(files.flatMap(readFile), options.today ?? currentDay());
  const errors = loaded.flatMap(({ result }) => (result.ok ? [] : result.problems));
  return {
    environments: new Map(loaded.flatMap(({ file, result }) => (result.ok ? [[file, result.policy.environments.map(({ name }) => name)] as const] : []))),
    problems: sortProblems([...errors, ...between.filter(({ severity }) => severity === 'error')]),
    warnings: sortProblems([...loaded.flatMap(({ result }) => result.warnings), ...between.filter(({ severity }) => severity === 'warning')]),
  };
}

function readFile(file: string): readonly ReadFile[] {
  const source = readSource(file);
  const read = source.ok ? readInput(source.text) : undefined;
  return read ? [{ file, ...read }] : [];
}

/** What all of them have together, and none by itself. */
function betweenFiles(files: readonly ReadFile[], today: string): readonly PolicyProblem[] {
  const keyOf = ({ code, file, line, column }: PolicyProblem) => JSON.stringify([code, file, line, column]);
  const alone = new Set(files.flatMap((file) => problemsOf([file], today)).map(keyOf));
  return problemsOf(files, today).filter((problem) => !alone.has(keyOf(problem)));
}

function problemsOf(files: readonly ReadFile[], today: string): readonly PolicyProblem[] {
  const all = files.flatMap((of) => (of.input.environments ?? []).map((environment, index) => ({ environment, of, index })));
  const environments = all.map(({ environment }) => environment);
  const found: PolicyProblem[] = [];
  // In the list of all: the file, and the place in it.
  const placed = ([, at, ...rest]: Path): { readonly of: ReadFile; readonly path: Path } => {
    const { of, index } = all[at as number]!;
    return { of, path: ['environments', index, ...rest] };
  };
  const report = (severity: Severity, at: Path, code: string, message: string, fix: string, value: unknown) => {
    const { of: { file, document }, path } = placed(at);
    found.push({ code, severity, file, ...document.place(path), path: pathText(path), ...(value === undefined ? {} : { value: excerpt(value) }), message, fix });
  };
  const context: CheckContext = {
    today,
    segments: undefined,
    error: (path, code, message, fix, value) => report('error', path, code, message, fix, value),
    warning: (path, code, message, fix, value) => report('warning', path, code, message, fix, value),
    where: (at) => {
      const { of: { file, document }, path } = placed(at);
      return `${pathText(path)} of ${file} (line ${document.place(path).line})`;
    },
  };
  const organizationOf = (index: number) => all[index]?.of.input.organization;
  const segments = new Map(files.map((of) => [of, declaredSegments(of.document.value)]));
  // What is wrong with one by itself its file tells.
  const silent: CheckContext = { ...context, error: () => undefined, warning: () => undefined, where: () => '' };
  const blocks = environments.flatMap((environment, index) => (environment ? placedBlocks(environment, index, silent) : []));
  checkNames(environments, organizationOf, context);
  checkNeighbours(environments, blocks, { organizationOf, segmentsOf: (index) => segments.get(all[index]!.of) }, context);
  checkAzureNeighbours(environments, (index) => haveZones(all[index]!.of.input.privateServices), context);
  checkRegionQuotas(environments, (name, index) => (all[index]!.of.input.allow ?? []).some((rule) => rule === null || ((rule.clouds?.includes('aws') ?? true) && (rule.environments?.includes(name) ?? true))), context);
  return found;
}

/** Stacks, states and resources are told apart by the organization, the cloud and the environment. */
function checkNames(environments: readonly (Sound<PolicyInput['environments'][number]> | null)[], organizationOf: (index: number) => string | null | undefined, context: CheckContext): void {
  const first = new Map<string, number>();
  environments.forEach((environment, index) => {
    const [name, organization] = [environment?.name, organizationOf(index)];
    if (!environment || typeof name !== 'string' || typeof organization !== 'string') return;
    const keys = CLOUDS.filter((cloud) => environment[cloud]).map((cloud) => JSON.stringify([organization, cloud, name]));
    const taken = keys.find((key) => first.has(key));
    if (taken !== undefined) {
      const [, cloud] = JSON.parse(taken) as [string, string];
      context.error(['environments', index, 'name'], 'duplicate-environment', `is the name of ${context.where(['environments', first.get(taken)!])}, too: both would make the stack '${cloud}-${name}' and resources of the same names`, 'give one of the two another name', name);
    }
    for (const key of keys) if (!first.has(key)) first.set(key, index);
  });
}
