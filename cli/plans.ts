/** Plans synthesized stacks with the real Terraform and shows how that goes. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { planStacks, type StackPlan } from '../providers/offline/plan';
import { findTerraform } from '../providers/offline/terraform';
import { nameColumn } from './name-column';

/** Where things are, and which providers to use. */
export interface PlanRequest {
  /** Names of stacks. */
  readonly stacks: readonly string[];
  readonly outdir: string;
  /** The user's own providers, credentials and state instead of stand-ins. */
  readonly real: boolean;
}

/** What to tell a person when there is no Terraform; nothing when there is. */
export function missingTerraform(): string | undefined {
  if (findTerraform() !== undefined) return undefined;
  const named = process.env['TERRAFORM_BINARY_NAME'];
  return named === undefined || named === ''
    ? 'no plans: neither terraform nor tofu is on the PATH; install one, or name it in TERRAFORM_BINARY_NAME'
    : `no plans: TERRAFORM_BINARY_NAME is '${named}', which is not on the PATH; correct it, or unset it to use terraform or tofu`;
}

/**
 * Plans the stacks side by side; progress goes to standard error.
 *
 * Afterwards the plans in the output folder are those of this run alone: `npm run review` takes what it finds
 * there, and the plan of a stack that has left the policy, or of an older policy, proves nothing.
 *
 * @throws Error when there is no Terraform.
 */
export async function plan({ stacks, outdir, real }: PlanRequest): Promise<readonly StackPlan[]> {
  removePlans(resolve(outdir, 'plans'));
  const started = performance.now();
  const say = progressLine(process.stderr);
  const at = new Map<string, string>();
  try {
    return await planStacks({
      stackFolders: stacks.map((stack) => resolve(outdir, 'stacks', stack)),
      planFolder: resolve(outdir, 'plans'),
      root: join(__dirname, '..'),
      real,
      onProgress: (stack, step) => {
        at.set(stack, step);
        say(`planning ${[...at].map(([name, now]) => `${name}: ${now}`).join(', ')} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
      },
    });
  } finally {
    say('');
  }
}

function removePlans(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((each) => each.endsWith('.json'))) rmSync(join(folder, name));
}

/** A line that rewrites itself on a terminal, and nothing elsewhere: logs need no moving parts. */
function progressLine(stream: NodeJS.WriteStream): (text: string) => void {
  return (text) => {
    if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
}

/** One line per stack, and Terraform's own words for those that it refused. */
export function renderPlans(plans: readonly StackPlan[], outdir: string, real: boolean): string {
  const named = nameColumn(plans);
  const lines = plans.flatMap((result) => {
    if (result.ok) {
      const changes = `${pc.green(`+${result.add}`)} ${pc.yellow(`~${result.change}`)} ${pc.red(`-${result.destroy}`)}`;
      return [
        `  ${named(result.stack)} ${changes}  ${pc.dim(`${result.seconds.toFixed(1)} s`)}  ${outdir}/plans/${result.stack}.json`,
        ...result.warnings.map(({ summary }) => `    ${pc.yellow('!')} ${summary}`),
      ];
    }
    return [
      `  ${named(result.stack)} ${pc.red(`refused by terraform ${result.step}`)}`,
      ...result.diagnostics.flatMap(({ summary, detail, address }) => [
        `    ${pc.red('x')} ${address ? `${address}: ` : ''}${summary}`,
        ...detail.split('\n').filter(Boolean).map((line) => `      ${line}`),
      ]),
    ];
  });
  return [pc.bold(real ? 'Planned' : 'Planned with stand-in providers (no account, no network)'), ...lines].join('\n');
}
