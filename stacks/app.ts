import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App } from 'cdktf';
import { BlueprintError, type BlueprintProblem } from '../blueprints/blueprint-error';
import { CLOUDS, type Cloud, type Policy } from '../blueprints/policy/model';
import type { EgressStack, StackModule, StackSummary } from './egress-stack';

/** The clouds that this checkout has a stack for: a fork may delete the others. */
export function availableClouds(): readonly Cloud[] {
  return CLOUDS.filter(isThere);
}

/** Whether this checkout has stacks of clusters on a cloud: a fork may delete them. */
export function hasClusters(cloud: Cloud): boolean {
  return isThere(`${cloud}-kubernetes`);
}

/** Whether `stacks/<name>` was kept. */
function isThere(name: string): boolean {
  return existsSync(join(__dirname, `${name}.ts`)) || existsSync(join(__dirname, `${name}.js`));
}

/** The parts of a policy that cannot be built, all at once. */
export class SynthesisError extends Error {
  constructor(readonly problems: readonly BlueprintProblem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'SynthesisError';
  }
}

/**
 * Makes a stack for every environment and cloud that the policy names, and one for its cluster.
 *
 * A cloud's code, and with it the provider's bindings, is loaded only when the policy names it.
 *
 * @throws SynthesisError with the problems of all stacks.
 */
export function addStacks(app: App, policy: Policy): readonly EgressStack[] {
  const available = availableClouds();
  const stacks: EgressStack[] = [];
  const problems: BlueprintProblem[] = [];
  for (const environment of policy.environments) {
    for (const cloud of CLOUDS.filter((name) => environment[name])) {
      if (!available.includes(cloud)) {
        problems.push({
          message: `environment '${environment.name}' names ${cloud}, and this checkout has no stacks/${cloud}.ts; restore it or drop '${cloud}' from the policy`,
        });
        continue;
      }
      const modules = [cloud as string, ...(environment[cloud]?.cluster ? [`${cloud}-kubernetes`] : [])];
      for (const name of modules) {
        if (!isThere(name)) {
          problems.push({
            message: `environment '${environment.name}' names a cluster on ${cloud}, and this checkout has no stacks/${name}.ts; restore it or drop 'cluster' from the policy`,
          });
          continue;
        }
        try {
          // Not a dynamic import: that needs a loader thread, which costs a fifth of the whole synthesis.
          // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded by name, and only when needed
          const module = require(`./${name}`) as StackModule;
          stacks.push(module.createStack(app, policy, environment));
        } catch (error) {
          if (!(error instanceof BlueprintError)) throw error;
          problems.push(...error.problems);
        }
      }
    }
  }
  if (problems.length > 0) throw new SynthesisError(distinct(problems));
  return stacks;
}

/** One need that two stacks cannot meet is one line to fix. */
function distinct(problems: readonly BlueprintProblem[]): readonly BlueprintProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.at} ${problem.message}`, problem])).values()];
}

/**
 * Synthesizes a policy into a folder: `manifest.json` and `stacks/<stack>/cdk.tf.json`.
 *
 * The files are written aside and moved into place when all of them are whole; a failure leaves
 * what was there before. Whatever else the folder holds (`.terraform`, plans) stays.
 *
 * @throws SynthesisError with the problems of all stacks.
 */
export function synthesize(policy: Policy, outdir: string): readonly StackSummary[] {
  mkdirSync(outdir, { recursive: true });
  const aside = mkdtempSync(join(outdir, '.synth-'));
  const restore = withoutSourceMaps();
  try {
    // Stack traces would put paths of this machine into the output.
    const app = new App({ outdir: aside, stackTraces: false });
    const stacks = addStacks(app, policy);
    app.synth();
    removeSynthesized(outdir);
    for (const file of synthesizedFiles(aside)) {
      mkdirSync(dirname(join(outdir, file)), { recursive: true });
      renameSync(join(aside, file), join(outdir, file));
    }
    return stacks.map((stack) => stack.summary);
  } finally {
    restore();
    rmSync(aside, { recursive: true, force: true });
  }
}

/** cdktf takes a stack trace for every token; mapping each of them to sources costs more than the synthesis itself. */
function withoutSourceMaps(): () => void {
  const enabled = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  return () => process.setSourceMapsEnabled(enabled);
}

/** Removes what `synthesize` wrote, so that a policy with problems cannot be mistaken for the last good one. */
export function removeSynthesized(outdir: string): void {
  for (const file of synthesizedFiles(outdir)) rmSync(join(outdir, file), { force: true });
}

function synthesizedFiles(outdir: string): readonly string[] {
  const stacks = join(outdir, 'stacks');
  const names = existsSync(stacks) ? readdirSync(stacks).sort() : [];
  return [...names.map((name) => join('stacks', name, 'cdk.tf.json')), 'manifest.json']
    .filter((file) => existsSync(join(outdir, file)));
}
