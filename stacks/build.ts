import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadPolicyFile } from '../blueprints/policy/load';
import type { Policy } from '../blueprints/policy/model';
import { formatProblems } from '../blueprints/policy/problems';
import { lockPath, writeLock } from '../blueprints/policy/slots';
import { removeSynthesized, SynthesisError, synthesize } from './app';
import { buildPaths, type BuildPaths } from './build-paths';
import type { StackSummary } from './egress-stack';

/** Where a build reads and writes, and when. */
export interface BuildOptions extends BuildPaths {
  /** `YYYY-MM-DD`, what expiry dates are held against. Default: today. */
  readonly today?: string;
}

/** What came of it. `messages` are lines for a person: warnings of a good build, problems of a bad one. */
export type Build =
  | { readonly ok: true; readonly policy: Policy; readonly stacks: readonly StackSummary[]; readonly outdir: string; readonly messages: readonly string[] }
  | { readonly ok: false; readonly outdir: string; readonly messages: readonly string[] };

/**
 * From the policy file to synthesized stacks: the one path that the cdktf CLI, `npm start` and
 * the tests all take.
 *
 * A policy with problems leaves no synthesized file in the output folder, not even an earlier
 * one: what is there always belongs to the policy as it stands.
 */
export function buildFromFile(options: BuildOptions = {}): Build {
  const { config, outdir } = buildPaths(options);
  const loaded = loadPolicyFile(config, options.today === undefined ? {} : { today: options.today });
  const warnings = formatProblems(loaded.warnings);
  const fail = (problems: readonly string[]): Build => {
    removeSynthesized(outdir);
    return { ok: false, outdir, messages: [...problems, ...warnings, problemCount(config, problems.length)] };
  };
  if (!loaded.ok) return fail(formatProblems(loaded.problems));

  // As with package-lock.json: a build server checks what was committed and changes nothing.
  const inCi = process.env.CI === 'true';
  if (inCi && loaded.lockChanged && existsSync(lockPath(config))) {
    return fail([`${lockPath(config)} is out of step with ${config}; run 'npm run synth' and commit the file, so that no subnet moves later`]);
  }

  try {
    const stacks = synthesize(loaded.policy, resolve(outdir));
    if (loaded.lockChanged && !inCi) writeLock(lockPath(config), loaded.lock);
    return { ok: true, policy: loaded.policy, stacks, outdir, messages: [...warnings, ...leftBehind(config, outdir, stacks)] };
  } catch (error) {
    if (!(error instanceof SynthesisError)) throw error;
    return fail(error.problems.map((problem) => (problem.at ? `${problem.at} ${problem.message}` : problem.message)));
  }
}

/** Stacks that Terraform has worked on here and that left the policy: nothing destroys what they made. */
function leftBehind(config: string, outdir: string, stacks: readonly StackSummary[]): readonly string[] {
  const folder = join(outdir, 'stacks');
  const left = readdirSync(folder).filter((name) => !stacks.some(({ stack }) => stack === name) && existsSync(join(folder, name, '.terraform'))).sort();
  return left.map((name) => `${config}: warning: '${name}' is not in it any more, and what that stack deployed stays → put its lines back and run 'npx cdktf destroy ${name}' first; if nothing is left of it, remove ${join(folder, name)}`);
}

function problemCount(config: string, count: number): string {
  return `${config}: ${count} ${count === 1 ? 'problem' : 'problems'}; nothing was synthesized`;
}
