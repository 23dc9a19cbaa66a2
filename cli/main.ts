/**
 * The command line: parses arguments, calls the rest, sets the exit code. Each command loads what it
 * needs: CDKTF, gRPC and schemas take a second, and a review needs none of them.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Command, Help } from 'commander';
import type { Policy } from '../blueprints/policy/model';
import type { Build } from '../stacks/build';
import { buildPaths } from '../stacks/build-paths';
import { fileErrorText } from './file-error';
import { ownNetwork, withNetworks } from './own-network';
import type { ReviewFlags } from './review';
import { VERSION } from './version';

/** The policy or the arguments are wrong: nothing was done. */
const BAD_INPUT = 2;
/** Terraform refused a stack. */
const REFUSED = 1;
/** What a shell shows of a program whose reader went away: 128 and the number of SIGPIPE. */
const NO_READER = 141;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed */
const load = {
  build: () => require('../stacks/build') as typeof import('../stacks/build'),
  docs: () => require('./generated-docs') as typeof import('./generated-docs'),
  /** May not be there. */
  manifests: () => require('./manifests') as { writeManifests(policy: Policy, folder: string): readonly string[] },
  plans: () => require('./plans') as typeof import('./plans'),
  policies: () => require('../blueprints/policy/load-together') as typeof import('../blueprints/policy/load-together'),
  policy: () => require('../blueprints/policy/load') as typeof import('../blueprints/policy/load'),
  problems: () => require('../blueprints/policy/problems') as typeof import('../blueprints/policy/problems'),
  review: () => require('./review') as typeof import('./review'),
  summary: () => require('./summary') as typeof import('./summary'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

// `npm start | head`: who has read enough wants neither a stack trace nor a verdict that nobody saw.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(NO_READER);
});

const program = new Command('egress')
  .description('One written egress policy, three clouds, no other way out.')
  .version(VERSION)
  .showHelpAfterError()
  // That a switch is off unless it is given goes without saying.
  .configureHelp({ optionDescription: (option) => (option.defaultValue === false ? option.description : Help.prototype.optionDescription(option)) })
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
  const { buildFromFile } = load.build();
  const result = buildFromFile(flags);
  for (const line of result.messages) console.error(line);
  if (result.ok) await then(result);
  else process.exitCode = BAD_INPUT;
}

const print = (value: unknown) => console.log(typeof value === 'string' ? value : JSON.stringify(value, null, 2));

withBuildFlags(program.command('start'))
  .description('the main job: synthesize every stack of the policy, show what each one lets out, plan them')
  .action((flags: BuildFlags) => built(flags, async ({ stacks, outdir }) => {
    const { missingTerraform, plan, renderPlans } = load.plans();
    const obstacle = missingTerraform();
    if (!flags.json) print(load.summary().renderSummaries(stacks, outdir));
    const plans = obstacle ? [] : await plan({ stacks: stacks.map(({ stack }) => stack), outdir, real: false });
    // Without Terraform the synthesized stacks are reviewed: less is known of them, and the answer is the same.
    const planned = obstacle ? [outdir] : plans.flatMap((result) => (result.ok ? [relative('', result.planFile)] : []));
    if (!flags.json) print(`\n${obstacle ? `${obstacle}; the review below is of the synthesized stacks` : renderPlans(plans, outdir, false)}`);
    const page = join(outdir, 'review.html');
    const { renderConclusion, runReview } = load.review();
    const reviewed = planned.length > 0 ? await runReview(planned, { together: ownNetwork, html: page, policy: buildPaths(flags).config, allowUnknown: false }) : undefined;
    if (flags.json) print({ outdir, stacks, plans, ...(reviewed ? { review: reviewed.result } : {}), ...(obstacle ? { skipped: [obstacle] } : {}) });
    else if (reviewed) print([`\n${renderConclusion(reviewed.result, page)}`, ...(reviewed.exit.code === 0 && plans.every(({ ok }) => ok) ? ['  deploy one: npx cdktf diff <stack>, then npx cdktf deploy <stack>'] : [])].join('\n'));
    if (plans.some(({ ok }) => !ok)) process.exitCode = REFUSED;
    if (reviewed && reviewed.exit.code !== 0) process.exitCode = reviewed.exit.code;
    // A build server that skips half of the job must not look green.
    if (obstacle && process.env.CI === 'true') process.exitCode = REFUSED;
  }));

withBuildFlags(program.command('synth'))
  .description('synthesize every stack of the policy, without the tables')
  .action((flags: BuildFlags) => built(flags, ({ stacks, outdir }) => {
    const names = stacks.map(({ stack }) => stack);
    print(flags.json ? { outdir, stacks: names } : names.map((name) => `${outdir}/stacks/${name}/cdk.tf.json`).join('\n'));
  }));

program.command('check')
  .description('say what is wrong with policy files, and what no two of them may have in common; synthesizes nothing')
  .argument('[files...]', 'policy files of one company, which are compared with each other (default: EGRESS_CONFIG or egress.yaml)')
  .option('--json', 'print the problems as JSON on standard output', false)
  .action((files: string[], { json }: { readonly json: boolean }) => {
    const { environments, problems, warnings } = load.policies().loadPolicyFiles(files.length > 0 ? files : [buildPaths().config]);
    const all = [...problems, ...warnings];
    if (json) print(all);
    else for (const line of load.problems().formatProblems(all)) console.error(line);
    if (!json && problems.length === 0) print([...environments].map(([file, names]) => `${file}: no problem (${names.join(', ')})`).join('\n'));
    if (problems.length > 0) process.exitCode = BAD_INPUT;
  });

withBuildFlags(program.command('plan'))
  .description('synthesize, then plan with the real Terraform: by stand-in providers, or by your own with --real')
  .argument('[stacks...]', 'stacks to plan (default: all)')
  .option('--real', 'use your own providers, credentials and state', false)
  .option('--with-network', "also plan the stacks in whose networks a cluster's nodes stand, which judge what these reach", false)
  .action((wanted: string[], flags: BuildFlags & { readonly real: boolean; readonly withNetwork: boolean }) => built(flags, async ({ stacks, outdir }) => {
    const { missingTerraform, plan, renderPlans } = load.plans();
    const names = stacks.map(({ stack }) => stack);
    const unknown = wanted.filter((name) => !names.includes(name));
    const obstacle = unknown.length > 0 ? `no stack '${unknown.join("', '")}'; there are ${names.join(', ')}` : missingTerraform();
    if (obstacle) {
      console.error(obstacle);
      process.exitCode = BAD_INPUT;
      return;
    }
    const asked = wanted.length > 0 ? wanted : names;
    const plans = await plan({ stacks: flags.withNetwork ? withNetworks(asked, outdir) : asked, outdir, real: flags.real });
    print(flags.json ? plans : renderPlans(plans, outdir, flags.real));
    if (plans.some(({ ok }) => !ok)) process.exitCode = REFUSED;
  }));

program.command('review')
  .description('say what plans let out to the internet, through what, and what they change')
  .argument('[inputs...]', 'plans or states (terraform show -json) or folders of them, folders of synthesized stacks, Kubernetes YAML, or - for standard input (default: the plans of the last npm run plan)')
  .option('--base <files...>', 'what to compare with: plans, states, or earlier results of --json (default: the prior state in each plan)')
  .option('--together', 'the inputs are parts of one network: join them by ids, and by what stacks hand each other', false)
  .option('--policy <file>', 'the policy that the plans should match (default: with the plans of the last npm run plan, the one they were made of)')
  .option('--environment <name>', 'the environment of the policy that all these plans are of, where their addresses do not tell')
  .option('--source <folders...>', 'the folders of Terraform files in which the plans were made: says which line a finding is of, and which keys are not what a plan shows')
  .option('--suppressions <file>', 'findings that somebody accepted (default: egress-review.yaml, if there)')
  .option('--fail-on <what>', 'severity, new-<severity> (findings that the change brings), new-egress, several with commas, or none (default: medium)')
  .option('--allow-unknown', 'pass although some verdict is unknown', false)
  .option('--name <name>', 'tells apart the reviews of one commit: in headings, the mark of the comment, the category of SARIF')
  .option('--json', 'print the result as JSON on standard output', false)
  .option('--html <file>', 'write one self-contained page')
  .option('--sarif <file>', 'write SARIF 2.1.0')
  .option('--markdown <file>', 'write a pull request comment')
  .option('--summary <file>', 'write a job summary')
  .option('--junit <file>', 'write JUnit XML')
  .action(async (inputs: string[], flags: ReviewFlags & { readonly json: boolean }) => {
    const { plansOf, renderReview, runReview } = load.review();
    const { config, outdir } = buildPaths();
    const own = inputs.length === 0;
    // The plans of this checkout are held against its policy.
    const policy = flags.policy ?? (own && existsSync(config) ? config : undefined);
    const reviewed = await runReview(own ? plansOf(outdir, flags.environment) : inputs, { ...flags, ...(own && !flags.together ? { together: ownNetwork } : {}), ...(policy === undefined ? {} : { policy }) });
    print(flags.json ? reviewed.result : renderReview(reviewed.result));
    for (const line of [...reviewed.written.map((file) => `wrote ${file}`), ...reviewed.exit.reasons]) console.error(line);
    process.exitCode = reviewed.exit.code;
  });

/** A fork without clusters deletes this file with `blueprints/kubernetes`, and loses the command. */
if (existsSync(join(__dirname, 'manifests.ts'))) {
  program.command('manifests')
    .description('write what closes the Kubernetes clusters of the policy as YAML, one folder per cluster')
    .option('-c, --config <file>', 'policy file (default: EGRESS_CONFIG or egress.yaml)')
    .option('-o, --outdir <folder>', 'where to', 'manifests')
    .option('--json', 'print the names of the files as JSON', false)
    .action(({ config, outdir, json }: { config?: string; outdir: string; json: boolean }) => {
      const loaded = load.policy().loadPolicyFile(buildPaths(config === undefined ? {} : { config }).config);
      for (const line of load.problems().formatProblems([...(loaded.ok ? [] : loaded.problems), ...loaded.warnings])) console.error(line);
      const { writeManifests } = load.manifests();
      const files = loaded.ok ? writeManifests(loaded.policy, outdir) : [];
      if (loaded.ok && files.length === 0) console.error("no environment has a cluster; add 'cluster' to a cloud of one, see docs/kubernetes.md");
      if (json) print(files);
      else if (files.length > 0) print(files.join('\n'));
      if (files.length === 0) process.exitCode = BAD_INPUT;
    });
}

program.command('docs')
  .description('write the pages that are generated: the schema of the policy, the schema of reviews, the list of checks')
  .option('-o, --outdir <folder>', 'where to', 'docs')
  .action(({ outdir }: { outdir: string }) => {
    const { generatedDocs } = load.docs();
    for (const [name, text] of Object.entries(generatedDocs())) {
      writeFileSync(join(outdir, name), text);
      print(join(outdir, name));
    }
  });

/** What a person can mend, in lines; nothing for a fault of ours. */
function refusal(error: unknown): readonly string[] | undefined {
  const text = fileErrorText(error);
  if (text !== undefined) return [text];
  return error instanceof load.review().ReviewRefused ? error.messages : undefined;
}

program.parseAsync().catch((error: unknown) => {
  const lines = refusal(error);
  if (lines === undefined) throw error;
  for (const line of lines) console.error(line);
  process.exitCode = BAD_INPUT;
});
