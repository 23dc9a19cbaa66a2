/** The command line: parses arguments, calls the rest, sets the exit code. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { policyJsonSchema } from '../blueprints/policy/json-schema';
import { buildFromFile, type Build } from '../stacks/build';
import { missingTerraform, plan, renderPlans } from './plans';
import { renderSummaries } from './summary';

/** The policy or the arguments are wrong: nothing was done. */
const BAD_INPUT = 2;
/** Terraform refused a stack. */
const REFUSED = 1;

const program = new Command('egress')
  .description('One written egress policy, three clouds, no other way out.')
  .showHelpAfterError()
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : BAD_INPUT);
  });

interface BuildFlags {
  readonly config?: string;
  readonly outdir?: string;
  readonly json: boolean;
}

const withBuildFlags = (command: Command) => command
  .option('-c, --config <file>', 'policy file (default: EGRESS_CONFIG or egress.yaml)')
  .option('-o, --outdir <folder>', 'output folder (default: CDKTF_OUTDIR or cdktf.out)')
  .option('--json', 'print the result as JSON on standard output', false);

type GoodBuild = Extract<Build, { ok: true }>;

/** Builds, tells what there is to tell, and goes on only when all is well. */
async function built(flags: BuildFlags, then: (build: GoodBuild) => void | Promise<void>): Promise<void> {
  const result = buildFromFile(flags);
  for (const line of result.messages) console.error(line);
  if (result.ok) await then(result);
  else process.exitCode = BAD_INPUT;
}

const print = (value: unknown) => console.log(typeof value === 'string' ? value : JSON.stringify(value, null, 2));

withBuildFlags(program.command('start'))
  .description('the main job: synthesize every stack of the policy, show what each one lets out, plan them')
  .action((flags: BuildFlags) => built(flags, async ({ stacks, outdir }) => {
    const obstacle = missingTerraform();
    if (!flags.json) print(renderSummaries(stacks, outdir));
    const plans = obstacle ? [] : await plan({ stacks: stacks.map(({ stack }) => stack), outdir, real: false });
    if (flags.json) print({ outdir, stacks, plans, ...(obstacle ? { skipped: [obstacle] } : {}) });
    else print(obstacle ?? renderPlans(plans, outdir, false));
    if (plans.some(({ ok }) => !ok)) process.exitCode = REFUSED;
    // A build server that skips half of the job must not look green.
    if (obstacle && process.env.CI === 'true') process.exitCode = REFUSED;
  }));

withBuildFlags(program.command('synth'))
  .description('synthesize every stack of the policy, without the tables')
  .action((flags: BuildFlags) => built(flags, ({ stacks, outdir }) => {
    const names = stacks.map(({ stack }) => stack);
    print(flags.json ? { outdir, stacks: names } : names.map((name) => `${outdir}/stacks/${name}/cdk.tf.json`).join('\n'));
  }));

withBuildFlags(program.command('plan'))
  .description('synthesize, then plan with the real Terraform: by stand-in providers, or by your own with --real')
  .argument('[stacks...]', 'stacks to plan (default: all)')
  .option('--real', 'use your own providers, credentials and state', false)
  .action((wanted: string[], flags: BuildFlags & { readonly real: boolean }) => built(flags, async ({ stacks, outdir }) => {
    const names = stacks.map(({ stack }) => stack);
    const unknown = wanted.filter((name) => !names.includes(name));
    const obstacle = unknown.length > 0 ? `no stack '${unknown.join("', '")}'; there are ${names.join(', ')}` : missingTerraform();
    if (obstacle) {
      console.error(obstacle);
      process.exitCode = BAD_INPUT;
      return;
    }
    const plans = await plan({ stacks: wanted.length > 0 ? wanted : names, outdir, real: flags.real });
    print(flags.json ? plans : renderPlans(plans, outdir, flags.real));
    if (plans.some(({ ok }) => !ok)) process.exitCode = REFUSED;
  }));

program.command('schema')
  .description('write the JSON Schema that editors check a policy file against')
  .option('-o, --output <file>', 'where to', 'docs/egress.schema.json')
  .action(({ output }: { output: string }) => {
    writeFileSync(output, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
    print(output);
  });

void program.parseAsync();
