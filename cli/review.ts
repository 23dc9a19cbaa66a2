/**
 * The review command: reads files, calls the review, writes reports. What only some reviews need (the
 * policy's schema, the page's layout) is loaded when it is asked for: it takes longer than a small review.
 */
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import pc from 'picocolors';
import { CLOUDS, policyOfEnvironment, type Policy } from '../blueprints/policy/model';
import { formatProblems } from '../blueprints/policy/problems';
import { suggestion } from '../blueprints/policy/suggest';
import { CLOUD_REVIEWS } from '../review/clouds';
import { exitOf, parseFailOn, type Exit, type ExitOptions } from '../review/exit-code';
import { loadPlan, parsePlan, PlanInputError, type PlanFile } from '../review/plan/load';
import { headline } from '../review/report/headline';
import { isReportName, LONGEST_NAME } from '../review/report/report-name';
import { textReport } from '../review/report/text';
import type { ReviewResult } from '../review/result';
import { review, type ReviewRequest } from '../review/review';
import { SUPPRESSIONS_FILE, type Suppression } from '../review/suppressions';
import { fileErrorText } from './file-error';
import { VERSION } from './version';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed */
const load = {
  earlier: () => require('../review/diff/earlier-result') as typeof import('../review/diff/earlier-result'),
  junit: () => require('../review/report/junit') as typeof import('../review/report/junit'),
  markdown: () => require('../review/report/markdown') as typeof import('../review/report/markdown'),
  page: () => require('../review/report/html/page') as typeof import('../review/report/html/page'),
  policy: () => require('../blueprints/policy/load') as typeof import('../blueprints/policy/load'),
  sarif: () => require('../review/report/sarif') as typeof import('../review/report/sarif'),
  source: () => require('./source-of') as typeof import('./source-of'),
  files: () => require('../review/source/with-source') as typeof import('../review/source/with-source'),
  suppressions: () => require('../review/suppressions-file') as typeof import('../review/suppressions-file'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** What the command line says. */
export interface ReviewFlags {
  readonly base?: readonly string[];
  /** See `ReviewRequest.together`. */
  readonly together?: ReviewRequest['together'];
  readonly policy?: string;
  /** The environment of the policy that all inputs are of. Default: what their addresses tell. */
  readonly environment?: string;
  /** The folders in which the plans were made, in the order of the inputs; one for all of them. */
  readonly source?: readonly string[];
  readonly suppressions?: string;
  readonly failOn?: string;
  readonly allowUnknown: boolean;
  /** Tells apart several reviews of one commit. Default: there is one. */
  readonly name?: string;
  /** `YYYY-MM-DD`. Default: today. */
  readonly today?: string;
  /** Files to write, by format. */
  readonly html?: string;
  readonly sarif?: string;
  readonly markdown?: string;
  readonly summary?: string;
  readonly junit?: string;
}

/** What cannot be reviewed, in lines for a person. Exit code 2. */
export class ReviewRefused extends Error {
  constructor(readonly messages: readonly string[]) {
    super(messages.join('\n'));
  }
}

/** A plan by this name is read from a pipe. */
const STDIN = '-';

/** A result, what its exit code is, and the files that were written. */
export interface Reviewed {
  readonly result: ReviewResult;
  readonly exit: Exit;
  readonly written: readonly string[];
}

/** Every check of every cloud, for the texts of reports. */
export const CHECKS = CLOUD_REVIEWS.flatMap(({ checks }) => checks);

/**
 * Reviews files or folders and writes the reports that were asked for.
 *
 * @throws ReviewRefused with everything that is wrong with what was given, or with where reports should go.
 */
export async function runReview(paths: readonly string[], flags: ReviewFlags): Promise<Reviewed> {
  const problems: string[] = [];
  const inputs = await withFiles(loadPlans(paths, problems), flags.source, problems);
  const bases = loadBases(flags.base, problems);
  // Of another commit: what these files do not have, or have otherwise, is no mistake there.
  const base = bases.base && await withFiles(bases.base, flags.source);
  const { baseResults } = bases;
  const policy = flags.policy === undefined ? undefined : loadPolicy(flags.policy, flags.environment, problems);
  if (flags.environment !== undefined && flags.policy === undefined) problems.push(`--environment '${flags.environment}' is one of a policy; name its file with --policy`);
  const suppressions = loadSuppressions(flags.suppressions, problems);
  const exitOptions = exitOptionsOf(flags, problems);
  if (flags.name !== undefined && !isReportName(flags.name)) problems.push(`--name '${flags.name}' cannot stand in every report; write letters, digits, '.', '_', and between them '-' or '/', ${LONGEST_NAME} characters at most`);
  if (problems.length > 0) throw new ReviewRefused(problems);

  const today = flags.today ?? new Date().toISOString().slice(0, 10);
  const result = review({ inputs, suppressions, today, synthesized: synthesizedStacks(inputs), together: flags.together ?? false, ...(base ? { base } : {}), ...(baseResults ? { baseResults } : {}), ...(policy ? { policy } : {}) });
  const exit = exitOf(result, exitOptions);
  return { result, exit, written: await writeReports(result, flags, exitOptions, exit) };
}

async function writeReports(result: ReviewResult, flags: ReviewFlags, exitOptions: ExitOptions, { reasons }: Exit): Promise<readonly string[]> {
  const named = flags.name === undefined ? {} : { name: flags.name };
  const reports: readonly (readonly [file: string | undefined, report: () => string | Promise<string>])[] = [
    [flags.html, () => load.page().htmlReport(result, { ...named, checks: CHECKS })],
    [flags.sarif, () => load.sarif().sarifReport(result, { ...named, checks: CHECKS, toolVersion: VERSION, sourceOf: load.source().sourceOf })],
    [flags.markdown, () => load.markdown().markdownReport(result, { ...named, target: 'comment', failure: reasons })],
    [flags.summary, () => load.markdown().markdownReport(result, { ...named, target: 'summary', failure: reasons })],
    [flags.junit, () => load.junit().junitReport(result, { ...named, ...exitOptions, checksOf: (input) => checksOf(result, input) })],
  ];
  const written: string[] = [];
  const problems: string[] = [];
  for (const [file, report] of reports) {
    if (file === undefined) continue;
    const text = await report();
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      written.push(file);
    } catch (error) {
      const text = fileErrorText(error, file);
      if (text === undefined) throw error;
      problems.push(text);
    }
  }
  if (problems.length > 0) throw new ReviewRefused(problems);
  return written;
}

/** The checks of the clouds that an input has places of. */
function checksOf({ verdicts }: ReviewResult, input: string): readonly string[] {
  const clouds = new Set<string>(verdicts.filter((verdict) => verdict.input === input).map(({ cloud }) => cloud));
  return CLOUD_REVIEWS.filter(({ cloud }) => clouds.has(cloud)).flatMap(({ checks }) => checks.map(({ id }) => id));
}

function loadPlans(paths: readonly string[], problems: string[]): readonly PlanFile[] {
  return paths.flatMap((path) => {
    try {
      return path === STDIN ? [parsePlan(readFileSync(0), 'standard input')] : loadPlan(path);
    } catch (error) {
      if (!(error instanceof PlanInputError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
}

/** The plans with the Terraform files that they were made of. @param problems by default whatever has no such files is left as it is */
async function withFiles(inputs: readonly PlanFile[], folders: readonly string[] | undefined, problems?: string[]): Promise<readonly PlanFile[]> {
  if (!folders || (problems && problems.length > 0)) return inputs;
  // A state, or a synthesized stack, beside plans needs no files; where nothing else is named, who asks for them is told so.
  const plans = inputs.filter(({ kind }) => kind === 'plan');
  const asked = plans.length > 0 ? plans : inputs;
  if (folders.length !== 1 && folders.length !== asked.length) {
    problems?.push(`--source names ${folders.length} folders for ${asked.length} ${plans.length > 0 ? 'plan' : 'input'}${asked.length === 1 ? '' : 's'}: name one for each, in their order, or one for all`);
    return inputs;
  }
  const found = new Map<PlanFile, PlanFile>();
  for (const [at, plan] of asked.entries()) {
    try {
      found.set(plan, await load.files().withSource(plan, folders[folders.length === 1 ? 0 : at] as string));
    } catch (error) {
      if (!(error instanceof PlanInputError)) throw error;
      problems?.push(error.message);
    }
  }
  return inputs.map((input) => found.get(input) ?? input);
}

/** Plans and states, or earlier results. What was found then and how the network was then must be of one time. */
function loadBases(paths: readonly string[] | undefined, problems: string[]): Pick<ReviewRequest, 'base' | 'baseResults'> {
  if (!paths) return {};
  const results = paths.filter(isResult);
  if (results.length === 0) return { base: loadPlans(paths, problems) };
  if (results.length < paths.length) problems.push(`--base: ${results[0] as string} is a result of a review, and ${paths.find((path) => !results.includes(path)) as string} is none; name plans and states, or results, not both`);
  return {
    baseResults: results.flatMap((path) => {
      try {
        return load.earlier().parseEarlierResult(readFileSync(path, 'utf8'), path);
      } catch (error) {
        if (!(error instanceof PlanInputError)) throw error;
        problems.push(error.message);
        return [];
      }
    }),
  };
}

/** By its first fields: a file of any size may stand here. */
function isResult(path: string): boolean {
  if (path === STDIN || !existsSync(path) || !statSync(path).isFile()) return false;
  const start = Buffer.alloc(200);
  const file = openSync(path, 'r');
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  return /^\uFEFF?\s*\{\s*"version":\s*\d+,\s*"inputs":/.test(start.toString('utf8'));
}

/** For plans that `npm run plan` wrote: the synthesized stack that each was made of. */
function synthesizedStacks(inputs: readonly PlanFile[]): ReadonlyMap<PlanFile, PlanFile> {
  const found = new Map<PlanFile, PlanFile>();
  for (const input of inputs) {
    const file = join(dirname(dirname(input.name)), 'stacks', basename(input.name, '.json'), 'cdk.tf.json');
    if (input.kind === 'plan' && basename(dirname(input.name)) === 'plans' && existsSync(file)) found.set(input, ...loadPlan(file) as [PlanFile]);
  }
  return found;
}

function loadPolicy(path: string, environment: string | undefined, problems: string[]): Policy | undefined {
  const loaded = load.policy().loadPolicyFile(path);
  if (loaded.ok) {
    if (environment === undefined) return loaded.policy;
    const names = loaded.policy.environments.map(({ name }) => name);
    if (names.includes(environment)) return policyOfEnvironment(loaded.policy, environment);
    problems.push(`--environment '${environment}' is none of ${path}: ${suggestion(environment, names, 'environments')}`);
    return undefined;
  }
  // An expired rule fails the policy; the review is where that has to be seen, with everything else.
  problems.push(...formatProblems(loaded.problems));
  return undefined;
}

function loadSuppressions(path: string | undefined, problems: string[]): readonly Suppression[] {
  if (path === undefined && !existsSync(SUPPRESSIONS_FILE)) return [];
  const file = path ?? SUPPRESSIONS_FILE;
  if (!existsSync(file)) {
    problems.push(`${file}: there is no such file; name the one with your suppressions, or leave the option out`);
    return [];
  }
  const parsed = load.suppressions().parseSuppressions(readFileSync(file, 'utf8'), file);
  if (parsed.ok) return parsed.suppressions;
  problems.push(...formatProblems(parsed.problems));
  return [];
}

function exitOptionsOf({ failOn, allowUnknown }: ReviewFlags, problems: string[]): ExitOptions {
  if (failOn === undefined) return { allowUnknown };
  const parsed = parseFailOn(failOn);
  if (!parsed) problems.push(`--fail-on '${failOn}' is not known; write a severity (critical, high, medium, low, info), new-<severity>, new-egress, several with commas, or none`);
  return { allowUnknown, ...(parsed ? { failOn: parsed } : {}) };
}

/**
 * The plans of the last `npm run plan`, sorted by stack: a network before its cluster.
 *
 * @param environment those of its stacks alone
 * @throws ReviewRefused when there are none.
 */
export function plansOf(outdir: string, environment?: string): readonly string[] {
  const folder = join(outdir, 'plans');
  const plans = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json')).sort() : [];
  if (plans.length === 0) throw new ReviewRefused([`there is no plan in ${folder}; run 'npm run plan' first, or name the files to review`]);
  const own = plans.filter((name) => environment === undefined || CLOUDS.some((cloud) => [`${cloud}-${environment}`, `${cloud}-${environment}-kubernetes`].includes(name)));
  if (own.length === 0) throw new ReviewRefused([`--environment '${environment}' has no plan in ${folder}: ${plans.join(', ')}`]);
  return own.map((name) => join(folder, `${name}.json`));
}

/** The whole review for a terminal. */
export function renderReview(result: ReviewResult): string {
  return textReport(result, { color: pc.isColorSupported, width: process.stdout.columns ?? 120 });
}

/** So many mild findings are named at the end of `npm start`. */
const MOST_MILD = 10;

/** The end of `npm start`: the answer in a line when all is well, and mild findings in one each; everything when it is not. */
export function renderConclusion(result: ReviewResult, page: string): string {
  const { tone, verdict, findings } = headline(result);
  const lines = tone === 'good' ? [pc.bold('Reviewed'), `  ${pc.green(verdict)}; ${findings}`, ...mildLines(result)] : [pc.bold('Reviewed'), renderReview(result)];
  return [...lines, `  the picture: ${page}`].join('\n');
}

function mildLines({ findings }: ReviewResult): readonly string[] {
  if (findings.length === 0) return [];
  const more = findings.length > MOST_MILD ? `${findings.length - MOST_MILD} more; ` : '';
  return [...findings.slice(0, MOST_MILD).map(({ severity, rule, address }) => `    ${severity}  ${rule}  ${address}`), `    ${more}why, and how to fix: npm run review`];
}
