/** How long planning takes: with stand-ins against the real AWS provider, and with more stacks. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { parse, stringify } from 'yaml';
import { planStacks } from '../../providers/offline/plan';
import { findTerraform } from '../../providers/offline/terraform';
import { buildFromFile } from '../../stacks/build';
import { openAccount } from '../e2e/aws-account';
import { onPath, run } from '../e2e/processes';
import { findProviderMirror } from '../e2e/provider-mirror';

const ROOT = join(__dirname, '../..');
const RUNS = 3;

/** Stacks per cloud in the larger of two runs. */
const MANY = 10;

export async function benchPlans(folder: string): Promise<void> {
  if (!findTerraform()) {
    console.log('plans: not measured, terraform is not on the PATH');
    return;
  }
  const outdir = join(folder, 'out');
  const example = buildFromFile({ config: join(ROOT, 'egress.yaml'), outdir });
  if (!example.ok) throw new Error(example.messages.join('\n'));
  const stacks = example.stacks.map(({ stack }) => stack);
  const offline = async (names: readonly string[], from = outdir) => best(RUNS, async () => {
    const results = await planStacks({ stackFolders: names.map((name) => join(from, 'stacks', name)), planFolder: join(folder, 'plans'), root: ROOT });
    for (const result of results) if (!result.ok) throw new Error(JSON.stringify(result));
  });

  const table = new Table({ head: ['plan', 'seconds'], style: { head: [], border: [] }, colAligns: ['left', 'right'] });
  const each = new Map<string, number>();
  for (const stack of stacks) each.set(stack, await offline([stack]));
  for (const [stack, seconds] of each) table.push([`${stack}, stand-ins`, seconds.toFixed(2)]);
  const real = stacks.includes('aws-prod') ? await realPlan(join(outdir, 'stacks', 'aws-prod'), folder) : undefined;
  if (real !== undefined) table.push(['aws-prod, real provider', real.toFixed(2)]);
  const three = await offline(stacks);
  const manyOut = join(folder, 'many');
  const many = manyStacks(folder, manyOut);
  const thirty = await offline(many, manyOut);
  table.push([`${stacks.length} stacks side by side`, three.toFixed(2)], [`${many.length} stacks side by side`, thirty.toFixed(2)]);
  console.log(table.toString());
  const offlineAws = each.get('aws-prod');
  if (real !== undefined && offlineAws !== undefined) console.log(`stand-ins take ${(offlineAws / real).toFixed(2)} x the real provider on the same JSON`);
  console.log(`${stacks.length} -> ${many.length} stacks: x${(thirty / three).toFixed(1)} (${(many.length / stacks.length).toFixed(0)} is linear)`);
}

/** Ten environments of the example. */
function manyStacks(folder: string, outdir: string): readonly string[] {
  const policy = parse(readFileSync(join(ROOT, 'egress.yaml'), 'utf8'));
  const [first] = policy.environments;
  policy.environments = Array.from({ length: MANY }, (_, index) => ({
    ...first,
    name: `e${index}`,
    ...Object.fromEntries(['aws', 'google', 'azure'].filter((cloud) => first[cloud]).map((cloud, place) => [cloud, { ...first[cloud], cidr: `10.${60 + place * MANY + index}.0.0/16` }])),
  }));
  const file = join(folder, 'many.yaml');
  writeFileSync(file, stringify(policy));
  const build = buildFromFile({ config: file, outdir });
  if (!build.ok) throw new Error(build.messages.join('\n'));
  return build.stacks.map(({ stack }) => stack);
}

/** `init`, `validate`, `plan` and `show` by the real provider, as `npm run plan` does, against moto. Nothing when something is missing. */
async function realPlan(stackFolder: string, folder: string): Promise<number | undefined> {
  const moto = onPath('moto_server');
  const mirror = findProviderMirror();
  if (!moto || !mirror) {
    console.log('real provider: not measured, moto_server or a mirror with the provider is missing (docs/e2e.md)');
    return undefined;
  }
  const account = await openAccount(moto, 'us-east-1');
  try {
    const config = join(folder, 'terraform.tfrc');
    writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror.folder)}\n  }\n}\n`);
    const env = { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: config, ...account.env };
    let attempt = 0;
    return await best(RUNS, async () => {
      const work = join(folder, `real-${attempt++}`);
      mkdirSync(work);
      cpSync(join(stackFolder, 'cdk.tf.json'), join(work, 'cdk.tf.json'));
      for (const command of [['init', '-input=false'], ['validate'], ['plan', '-input=false', '-out=tfplan'], ['show', '-json', 'tfplan']]) {
        await terraform(command, work, env);
      }
    });
  } finally {
    await account.close();
  }
}

/** The account lives in this process, so the command must not block it. */
async function terraform(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await run('terraform', [...args], { cwd, env });
  if (code !== 0) throw new Error(`terraform ${args.join(' ')}: ${output}`);
}

async function best(runs: number, work: () => Promise<void>): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    await work();
    least = Math.min(least, (performance.now() - started) / 1000);
  }
  return least;
}
