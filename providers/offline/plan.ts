/**
 * Plans synthesized stacks with the real Terraform and stand-in providers: no account, no registry, no network.
 * `real` uses the user's own providers, credentials and backends instead.
 */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { writeAtomically } from './schema/cache';
import { offlineObstacle, readStack, stackName } from './stack-file';
import { diagnosticsOf, findTerraform, type TerraformDiagnostic, type TerraformRun } from './terraform';
import { offlineWorkspace, realWorkspace, type Workspace } from './workspace';

/** The commands that a plan consists of, in order. */
export type PlanStep = 'init' | 'validate' | 'plan' | 'show' | 'apply';

/** Numbers of resources by what happens to them; a replacement is one added and one destroyed. */
export interface Changes {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
}

/** A stack that Terraform planned. */
export interface PlannedStack extends Changes {
  readonly ok: true;
  readonly stack: string;
  /** The plan in JSON, as `terraform show -json` prints it. */
  readonly planFile: string;
  readonly warnings: readonly TerraformDiagnostic[];
  readonly seconds: number;
}

/** A stack that Terraform refused. */
export interface RefusedStack {
  readonly ok: false;
  readonly stack: string;
  /** The command that failed. */
  readonly step: PlanStep;
  /** Terraform's messages, errors first. */
  readonly diagnostics: readonly TerraformDiagnostic[];
  readonly seconds: number;
}

/** What became of a stack. */
export type StackPlan = PlannedStack | RefusedStack;

/** Settings that all runs share. */
export interface OfflineOptions {
  /** The project's folder: bindings are looked for here. @default - the working directory */
  readonly root?: string;
  /** Where schemas of bindings are kept. @default - .cache/offline-schemas in the project's folder */
  readonly cacheFolder?: string;
  /** Terraform or OpenTofu. @default - see {@link findTerraform} */
  readonly binary?: string;
}

/** What {@link planStacks} needs. */
export interface PlanOptions extends OfflineOptions {
  /** Folders with a cdk.tf.json each, e.g. cdktf.out/stacks/aws-prod. */
  readonly stackFolders: readonly string[];
  /** Where the plans go, one <stack>.json each. @default - cdktf.out/plans in the project's folder */
  readonly planFolder?: string;
  /** Use the user's own providers, credentials and backends. @default false */
  readonly real?: boolean;
  /** State that a stack starts from. @default - nothing exists yet. Not with `real`, whose backend holds the state. */
  readonly stateFile?: (stack: string) => string | undefined;
  /** Stacks planned at the same time. @default - one per processor */
  readonly concurrency?: number;
  /** Called when a stack begins a step. */
  readonly onProgress?: (stack: string, step: PlanStep) => void;
}

/**
 * Plans stacks in parallel.
 *
 * @returns one result per stack, in the order of the folders; a refused stack is a result, not an exception
 * @throws when there is no Terraform
 */
export async function planStacks(options: PlanOptions): Promise<StackPlan[]> {
  const binary = requireTerraform(options);
  const folders = options.stackFolders.map((folder) => resolve(folder));
  const results = new Array<StackPlan>(folders.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < folders.length; index = next++) results[index] = await planStack(folders[index] ?? '', binary, options);
  };
  const workers = Math.max(1, Math.min(options.concurrency ?? availableParallelism(), folders.length));
  await Promise.all(Array.from({ length: workers }, worker));
  return results;
}

async function planStack(folder: string, binary: string, options: PlanOptions): Promise<StackPlan> {
  const stack = stackName(folder);
  const root = rootOf(options);
  const planFile = join(resolve(root, options.planFolder ?? join('cdktf.out', 'plans')), `${stack}.json`);
  // A plan of an earlier run must not be taken for this one's when this one is refused.
  rmSync(planFile, { force: true });
  return inWorkspace(stack, () => openWorkspace(folder, binary, options), async (workspace, step) => {
    await step('init', options.onProgress, () => workspace.run('init', '-input=false', '-no-color'));
    await step('validate', options.onProgress, () => workspace.run('validate', '-json'));
    const lock = options.real === true ? [] : ['-lock=false'];
    const run = await step('plan', options.onProgress, () => workspace.run('plan', '-input=false', '-json', ...lock, `-out=${workspace.planFile}`));
    const shown = await step('show', options.onProgress, () => workspace.run('show', '-json', workspace.planFile));
    writeAtomically(planFile, shown.stdout);
    return { planFile, warnings: diagnosticsOf(run), ...countChanges(shown.stdout) };
  });
}

function openWorkspace(folder: string, binary: string, options: PlanOptions): Promise<Workspace> {
  if (options.real === true) return Promise.resolve(realWorkspace(binary, folder));
  return openOffline(folder, binary, options, options.stateFile?.(stackName(folder)));
}

function openOffline(folder: string, binary: string, options: OfflineOptions, stateFile: string | undefined): Promise<Workspace> {
  const obstacle = offlineObstacle(readStack(folder));
  if (obstacle !== undefined) throw new Error(`stack '${stackName(folder)}' cannot be planned offline: ${obstacle}`);
  const root = rootOf(options);
  const cacheFolder = resolve(root, options.cacheFolder ?? join('.cache', 'offline-schemas'));
  return offlineWorkspace({ binary, stackFolder: folder, root, cacheFolder, ...(stateFile === undefined ? {} : { stateFile }) });
}

/** What {@link applyStack} needs. */
export interface ApplyOptions extends OfflineOptions {
  readonly stackFolder: string;
  /** State to start from and to write; made when missing. */
  readonly stateFile: string;
  /** Destroy everything in the state. @default false */
  readonly destroy?: boolean;
}

/** A stack that stand-ins built or destroyed. */
export type StackApply = { readonly ok: true; readonly stack: string; readonly seconds: number } | RefusedStack;

/**
 * Applies or destroys a stack with stand-ins: nothing happens but in the state file.
 *
 * @throws when there is no Terraform
 */
export async function applyStack(options: ApplyOptions): Promise<StackApply> {
  const binary = requireTerraform(options);
  const folder = resolve(options.stackFolder);
  return inWorkspace(stackName(folder), () => openOffline(folder, binary, options, options.stateFile), async (workspace, step) => {
    await step('init', undefined, () => workspace.run('init', '-input=false', '-no-color'));
    const destroy = options.destroy === true ? ['-destroy'] : [];
    await step('apply', undefined, () => workspace.run('apply', '-auto-approve', '-input=false', '-json', '-lock=false', ...destroy));
    return {};
  });
}

/**
 * Brings an existing thing into the state by its id, as `terraform import` does.
 *
 * @param address e.g. `aws_vpc.main`
 */
export async function importResource(options: ApplyOptions & { readonly address: string; readonly id: string }): Promise<StackApply> {
  const binary = requireTerraform(options);
  const folder = resolve(options.stackFolder);
  return inWorkspace(stackName(folder), () => openOffline(folder, binary, options, options.stateFile), async (workspace, step) => {
    await step('init', undefined, () => workspace.run('init', '-input=false', '-no-color'));
    await step('apply', undefined, () => workspace.run('import', '-input=false', '-no-color', '-lock=false', options.address, options.id));
    return {};
  });
}

type Step = (name: PlanStep, onProgress: PlanOptions['onProgress'], command: () => Promise<TerraformRun>) => Promise<TerraformRun>;

/** Ends a sequence of steps with the diagnostics of the one that failed. */
class StepFailure extends Error {
  constructor(readonly diagnostics: readonly TerraformDiagnostic[]) {
    super(diagnostics[0]?.summary);
  }
}

async function inWorkspace<T extends object>(
  stack: string,
  open: () => Promise<Workspace>,
  work: (workspace: Workspace, step: Step) => Promise<T>,
): Promise<({ ok: true; stack: string; seconds: number } & T) | RefusedStack> {
  const start = performance.now();
  const seconds = (): number => Math.round(performance.now() - start) / 1000;
  let current: PlanStep = 'init';
  let workspace: Workspace | undefined;
  try {
    workspace = await open();
    const result = await work(workspace, async (name, onProgress, command) => {
      current = name;
      onProgress?.(stack, name);
      const run = await command();
      if (run.code !== 0) throw new StepFailure([...diagnosticsOf(run)].sort((a, b) => a.severity.localeCompare(b.severity)));
      return run;
    });
    return { ok: true, stack, ...result, seconds: seconds() };
  } catch (error) {
    const diagnostics = error instanceof StepFailure ? error.diagnostics : [{ severity: 'error' as const, summary: (error as Error).message, detail: '' }];
    return { ok: false, stack, step: current, diagnostics, seconds: seconds() };
  } finally {
    workspace?.close();
  }
}

/** Counts the changes of a plan in JSON. */
function countChanges(planJson: string): Changes {
  const { resource_changes: changes = [] } = JSON.parse(planJson) as { resource_changes?: { change: { actions: string[] } }[] };
  const count = (action: string): number => changes.filter(({ change }) => change.actions.includes(action)).length;
  return { add: count('create'), change: count('update'), destroy: count('delete') };
}

function rootOf(options: OfflineOptions): string {
  return resolve(options.root ?? process.cwd());
}

function requireTerraform(options: OfflineOptions): string {
  const binary = options.binary ?? findTerraform();
  if (binary !== undefined) return binary;
  const wanted = process.env['TERRAFORM_BINARY_NAME'];
  throw new Error(
    wanted === undefined || wanted === ''
      ? 'neither terraform nor tofu is on PATH: install one, or set TERRAFORM_BINARY_NAME'
      : `TERRAFORM_BINARY_NAME is '${wanted}', which is not on PATH`,
  );
}
