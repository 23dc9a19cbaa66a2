/** The command line: parses arguments, calls the rest, sets the exit code. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { policyJsonSchema } from '../blueprints/policy/json-schema';
import { buildFromFile, type Build } from '../stacks/build';
import { renderSummaries } from './summary';

const program = new Command('egress')
  .description('One written egress policy, three clouds, no other way out.')
  .showHelpAfterError()
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

const withBuildOptions = (command: Command) => command
  .option('-c, --config <file>', 'policy file (default: EGRESS_CONFIG or egress.yaml)')
  .option('-o, --outdir <folder>', 'output folder (default: CDKTF_OUTDIR or cdktf.out)')
  .option('--json', 'print the result as JSON on standard output', false);

interface BuildFlags {
  readonly config?: string;
  readonly outdir?: string;
  readonly json: boolean;
}

async function build(flags: BuildFlags): Promise<Build> {
  const result = await buildFromFile(flags);
  for (const line of result.messages) console.error(line);
  if (!result.ok) process.exitCode = 2;
  return result;
}

withBuildOptions(program.command('start'))
  .description('the main job: synthesize every stack of the policy and show what each one lets out')
  .action(async (flags: BuildFlags) => {
    const result = await build(flags);
    if (!result.ok) return;
    console.log(flags.json ? JSON.stringify({ outdir: result.outdir, stacks: result.stacks }, null, 2) : renderSummaries(result.stacks, result.outdir));
  });

withBuildOptions(program.command('synth'))
  .description('synthesize every stack of the policy, without the tables')
  .action(async (flags: BuildFlags) => {
    const result = await build(flags);
    if (!result.ok) return;
    const names = result.stacks.map((stack) => stack.stack);
    console.log(flags.json ? JSON.stringify({ outdir: result.outdir, stacks: names }, null, 2) : names.map((name) => `${result.outdir}/stacks/${name}/cdk.tf.json`).join('\n'));
  });

program.command('schema')
  .description('write the JSON Schema that editors check a policy file against')
  .option('-o, --output <file>', 'where to', 'docs/egress.schema.json')
  .action(({ output }: { output: string }) => {
    writeFileSync(output, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
    console.log(output);
  });

void program.parseAsync();
