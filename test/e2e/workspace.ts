/** A deployment of its own: a policy file, an output folder and a state in a temporary folder. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadPolicyFile } from '../../blueprints/policy/load';
import type { Policy } from '../../blueprints/policy/model';
import { run, start, type Outcome, type Running } from './processes';
import type { ProviderMirror } from './provider-mirror';
import type { StackJson } from './stack-order';

const ROOT = join(__dirname, '..', '..');

/** What a plan would change, from Terraform's own JSON. */
export interface PlanReport {
  /** Addresses of the resources that would change, with the actions: `update aws_x.y`. */
  readonly changes: readonly string[];
  /** Live ids of what would change. */
  readonly ids: readonly string[];
}

/** A command that failed; the message has the end of what it printed. */
export class CommandError extends Error {
  constructor({ command, code, output }: Outcome) {
    const lines = output.trimEnd().split('\n');
    super([`${command}: exit code ${code}`, ...lines.slice(-TAIL)].join('\n'));
    this.name = 'CommandError';
  }
}
const TAIL = 40;
/** https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode */
const PLAN_CHANGES = 2;

const open = new Set<Workspace>();

/** Removes whatever workspace still stands; safe to call at any time, also while the process exits. */
export function removeWorkspaces(): void {
  for (const workspace of open) workspace.remove();
}

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'egress-e2e-'));
  readonly policyFile = join(this.folder, 'egress.yaml');
  private readonly outdir = join(this.folder, 'cdktf.out');
  private readonly env: NodeJS.ProcessEnv;
  private planText: string | undefined;

  /** @param policy text of the policy file @param env what programs need to reach the account */
  constructor(policy: string, readonly stack: string, mirror: ProviderMirror, env: NodeJS.ProcessEnv) {
    open.add(this);
    this.write(policy);
    const home = join(this.folder, 'home');
    mkdirSync(home);
    const config = join(this.folder, 'terraform.tfrc');
    // Nothing but the mirror: a provider that it lacks is an error and not a download.
    writeFileSync(config, `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror.folder)}\n  }\n}\n`);
    this.env = {
      PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, LANG: process.env.LANG, HOME: home, CDKTF_HOME: join(home, '.cdktf'),
      CI: '1', CHECKPOINT_DISABLE: '1', DISABLE_VERSION_CHECK: '1', TF_CLI_CONFIG_FILE: config, TF_IN_AUTOMATION: '1',
      EGRESS_CONFIG: this.policyFile,
      ...env,
    };
  }

  /** Where Terraform works. */
  get stackFolder(): string {
    return join(this.outdir, 'stacks', this.stack);
  }

  /** The text of the state file, as `providers/backend.ts` places it. */
  get state(): string {
    return readFileSync(this.stateFile, 'utf8');
  }

  /** In milliseconds; 0 while there is no state. */
  get stateWrittenAt(): number {
    return statSync(this.stateFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  private get stateFile(): string {
    return join(this.folder, `terraform.${this.stack}.tfstate`);
  }

  /** The addresses of what the state has; none while there is no whole state file. */
  inState(): readonly string[] {
    let state: { resources?: { mode: string; type: string; name: string; instances: object[] }[] };
    try {
      state = JSON.parse(this.state);
    } catch {
      return []; // not there, or Terraform is just writing it
    }
    return (state.resources ?? []).filter(({ mode, instances }) => mode === 'managed' && instances.length > 0).map(({ type, name }) => `${type}.${name}`);
  }

  /** The stack as it was synthesized last. */
  stackJson(): StackJson {
    return JSON.parse(readFileSync(join(this.stackFolder, 'cdk.tf.json'), 'utf8'));
  }

  /** Puts another policy into the policy file. */
  write(policy: string): void {
    writeFileSync(this.policyFile, policy);
  }

  /** What the policy file says. @throws Error when it has problems */
  policy(): Policy {
    const loaded = loadPolicyFile(this.policyFile);
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
    return loaded.policy;
  }

  /** Starts `cdktf deploy` as a person would. */
  startDeploy(): Running {
    this.forget();
    return start(process.execPath, this.cdktf('deploy', '--auto-approve'), this.where);
  }

  /** @throws CommandError */
  async deploy(): Promise<Outcome> {
    this.forget();
    return succeeded(await run(process.execPath, this.cdktf('deploy', '--auto-approve'), this.where));
  }

  /** `cdktf diff`, and the plan that it wrote. @throws CommandError */
  async diff(): Promise<PlanReport> {
    this.forget();
    succeeded(await run(process.execPath, this.cdktf('diff'), this.where));
    return this.readPlan();
  }

  /** @throws CommandError */
  async destroy(): Promise<Outcome> {
    return succeeded(await this.attemptDestroy());
  }

  /** `cdktf destroy`, whatever becomes of it. */
  attemptDestroy(): Promise<Outcome> {
    return run(process.execPath, this.cdktf('destroy', '--auto-approve'), this.where);
  }

  /** Plans to destroy everything, with the state as it is, whatever becomes of it. */
  planDestroy(): Promise<Outcome> {
    return this.attempt('plan', '-destroy', '-refresh=false', '-input=false');
  }

  /** Takes back Terraform's judgement that a thing is broken and has to be made again. @throws CommandError */
  async untaint(address: string): Promise<void> {
    await this.terraform('untaint', address);
  }

  /** Puts the state in place that was there before the last command that wrote one, as Terraform keeps it beside the other. */
  restoreStateBefore(): void {
    copyFileSync(`${this.stateFile}.backup`, this.stateFile);
  }

  /** Puts a state in place. */
  writeState(text: string): void {
    writeFileSync(this.stateFile, text);
  }

  /** Tells Terraform that a thing is there, which its state does not have. @throws CommandError */
  async import(address: string, id: string): Promise<void> {
    await this.terraform('import', '-input=false', address, id);
  }

  private async synthesize(): Promise<void> {
    succeeded(await run(process.execPath, ['--require', 'tsx/cjs', join('stacks', 'main.ts')], { cwd: ROOT, env: { ...this.env, CDKTF_OUTDIR: this.outdir } }));
  }

  /** Synthesizes, so that Terraform's own commands can be run. @throws CommandError */
  async prepare(): Promise<void> {
    await this.synthesize();
    await this.terraform('init', '-input=false');
  }

  /** Lets the provider judge the stack without looking at the account. @throws CommandError */
  async validate(): Promise<void> {
    await this.terraform('validate');
  }

  /** Plans what was prepared, which validates it too. @throws CommandError */
  async plan(): Promise<PlanReport> {
    this.forget();
    await this.terraform('plan', '-input=false', '-out=plan');
    return this.readPlan();
  }

  /** Like `plan`, where nothing is expected to change: what would, and nothing where nothing does. @throws CommandError */
  async changesLeft(): Promise<readonly string[]> {
    this.forget();
    const outcome = await this.attempt('plan', '-input=false', '-out=plan', '-detailed-exitcode');
    if (outcome.code === 0) return [];
    if (outcome.code !== PLAN_CHANGES) throw new CommandError(outcome);
    const { changes } = await this.readPlan();
    return changes.length > 0 ? changes : ['outputs would change'];
  }

  /** Does what was planned last. @throws CommandError */
  async applyPlan(): Promise<void> {
    await this.terraform('apply', '-input=false', 'plan');
  }

  /** `terraform destroy`, which spends no time on synthesis. @throws CommandError */
  async takeDown(): Promise<void> {
    await this.terraform('destroy', '-auto-approve', '-input=false');
  }

  /** `terraform show -json` of a saved plan, or of the state. @throws CommandError */
  async show(file?: 'plan'): Promise<string> {
    if (file === undefined) return (await this.terraform('show', '-json')).stdout;
    // Each start of the provider takes two seconds.
    this.planText ??= (await this.terraform('show', '-json', file)).stdout;
    return this.planText;
  }

  remove(): void {
    open.delete(this);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private attempt(command: string, ...args: string[]): Promise<Outcome> {
    return run('terraform', [command, '-no-color', ...args], { cwd: this.stackFolder, env: this.env });
  }

  private async terraform(command: string, ...args: string[]): Promise<Outcome> {
    return succeeded(await this.attempt(command, ...args));
  }

  private get where(): { cwd: string; env: NodeJS.ProcessEnv } {
    return { cwd: ROOT, env: this.env };
  }

  private cdktf(command: string, ...options: string[]): string[] {
    const manifest = require.resolve('cdktf-cli/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { cdktf: string } };
    return [join(dirname(manifest), bin.cdktf), command, this.stack, ...options, '--output', this.outdir, '--skip-provider-lock', '--no-color'];
  }

  /** The plan file is about to be another. */
  private forget(): void {
    this.planText = undefined;
  }

  private async readPlan(): Promise<PlanReport> {
    const plan = JSON.parse(await this.show('plan')) as {
      resource_changes?: { address: string; mode: string; change: { actions: string[]; before?: { id?: string } | null } }[];
    };
    const changes = (plan.resource_changes ?? []).filter(({ mode, change }) => mode === 'managed' && change.actions.join() !== 'no-op');
    return {
      changes: changes.map(({ address, change }) => `${change.actions.join('+')} ${address}`).sort(),
      ids: changes.flatMap(({ change }) => change.before?.id ?? []),
    };
  }
}

function succeeded(outcome: Outcome): Outcome {
  if (outcome.code !== 0) throw new CommandError(outcome);
  return outcome;
}
