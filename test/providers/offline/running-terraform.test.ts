import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { planStacks } from '../../../providers/offline/plan';
import { providersOf } from '../../../providers/offline/stack-file';
import { diagnosticsOf, findTerraform, offlineEnvironment } from '../../../providers/offline/terraform';
import { removeFolders, temporaryFolder } from './fixtures/synthesized';

const root = resolve(__dirname, '../../..');

afterAll(removeFolders);

function program(folder: string, name: string, script = 'exit 0'): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the program to run', () => {
  test('is terraform before tofu, and what TERRAFORM_BINARY_NAME says before both', () => {
    const folder = temporaryFolder();
    const tofu = program(folder, 'tofu');
    expect(findTerraform({ PATH: folder })).toBe(tofu);
    const terraform = program(folder, 'terraform');
    expect(findTerraform({ PATH: folder })).toBe(terraform);
    expect(findTerraform({ PATH: folder, TERRAFORM_BINARY_NAME: 'tofu' })).toBe(tofu);
    expect(findTerraform({ PATH: folder, TERRAFORM_BINARY_NAME: 'absent' })).toBeUndefined();
  });

  test('a missing one is named', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = temporaryFolder();
    try {
      await expect(planStacks({ root, stackFolders: ['x'] })).rejects.toThrow('neither terraform nor tofu is on PATH: install one, or set TERRAFORM_BINARY_NAME');
    } finally {
      process.env['PATH'] = path;
    }
  });
});

test('a real plan runs in the stack\'s folder with the user\'s settings and no stand-ins', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const stack = join(folder, 'prod');
  mkdirSync(stack);
  const binary = program(folder, 'terraform', `echo "$1 $PWD [$TF_REATTACH_PROVIDERS] [$TF_CLI_ARGS_init]" >> ${log}; [ "$1" = show ] && echo '{"resource_changes":[{"change":{"actions":["delete","create"]}},{"change":{"actions":["read"]}}]}'; exit 0`);
  process.env['TF_CLI_ARGS_init'] = '-upgrade';
  try {
    const results = await planStacks({ root, stackFolders: [stack], planFolder: join(folder, 'plans'), binary, real: true });
    expect(results).toMatchObject([{ ok: true, stack: 'prod', add: 1, change: 0, destroy: 1 }]);
  } finally {
    delete process.env['TF_CLI_ARGS_init'];
  }
  const ran = readFileSync(log, 'utf8').trim().split('\n');
  expect(ran).toEqual(['init', 'validate', 'plan', 'show'].map((step) => `${step} ${realpathSync(stack)} [] [-upgrade]`));
  expect(existsSync(join(folder, 'plans', 'prod.json'))).toBe(true);
});

test('input variables reach Terraform, settings that change what it does do not', () => {
  process.env['TF_VAR_region'] = 'x';
  process.env['TF_CLI_ARGS_plan'] = '-destroy';
  try {
    const environment = offlineEnvironment('/rc', '{}');
    expect(environment).toMatchObject({ TF_VAR_region: 'x', TF_CLI_CONFIG_FILE: '/rc', CHECKPOINT_DISABLE: '1' });
    expect(environment['TF_CLI_ARGS_plan']).toBeUndefined();
  } finally {
    delete process.env['TF_VAR_region'];
    delete process.env['TF_CLI_ARGS_plan'];
  }
});

test('a failure without JSON keeps the words of the program, and not its announcement', () => {
  const stderr = '╷\n│ Error: Terraform encountered problems during initialisation, including problems\n│ with the configuration\n╵\n╷\n│ Error: Backend gone\n│ \n│ try later\n╵\n';
  expect(diagnosticsOf({ code: 1, stdout: 'Initializing the backend...', stderr })).toEqual([{ severity: 'error', summary: 'Backend gone', detail: 'try later' }]);
  expect(diagnosticsOf({ code: 1, stdout: '', stderr: 'killed' })).toEqual([{ severity: 'error', summary: 'Terraform failed without an error message', detail: 'killed' }]);
  expect(diagnosticsOf({ code: 0, stdout: 'Terraform has been initialized', stderr: '' })).toEqual([]);
});

test('types belong to the provider that a resource names, else to the one its type starts with', () => {
  const uses = providersOf({
    terraform: { required_providers: { aws: { source: 'aws' }, beta: { source: 'hashicorp/google-beta' } } },
    resource: { aws_vpc: { a: {} }, google_compute_network: { n: { provider: 'beta.west' } }, random_id: { r: {} }, terraform_data: { d: {} } },
    data: { aws_region: { r: {} } },
  });
  expect(uses.map(({ source, resources, dataSources }) => [source, [...resources], [...dataSources]])).toEqual([
    ['aws', ['aws_vpc'], ['aws_region']],
    ['hashicorp/google-beta', ['google_compute_network'], []],
    ['random', ['random_id'], []],
  ]);
});

test('a stopped run leaves neither Terraform nor its folder behind, and ends by the signal', async () => {
  const folder = temporaryFolder();
  const stack = join(folder, 'slow');
  const seen = join(folder, 'seen');
  // Stands for a Terraform that takes long: writes where it runs and its process id, and waits.
  const slow = program(folder, 'slow-terraform', `echo "$PWD $$" > ${seen}.draft; mv ${seen}.draft ${seen}; exec sleep 30`);
  const script = join(folder, 'run.ts');
  writeFileSync(script, `
    const { mkdirSync, writeFileSync } = require('node:fs');
    const { planStacks } = require(${JSON.stringify(join(root, 'providers/offline/plan.ts'))});
    mkdirSync(${JSON.stringify(stack)}); writeFileSync(${JSON.stringify(join(stack, 'cdk.tf.json'))}, '{}');
    planStacks({ root: ${JSON.stringify(root)}, stackFolders: [${JSON.stringify(stack)}], planFolder: ${JSON.stringify(folder)}, binary: ${JSON.stringify(slow)} });
  `);
  const child = spawn(process.execPath, ['--import', 'tsx', script], { cwd: root, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((done) => child.on('exit', (_, signal) => done(signal)));
  const until = async (what: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 150 && !what(); tries++) await new Promise((next) => setTimeout(next, 100));
    expect(what()).toBe(true);
  };
  await until(() => existsSync(seen));
  const [place = '', id = ''] = readFileSync(seen, 'utf8').trim().split(' ');
  expect(existsSync(place)).toBe(true);
  child.kill('SIGTERM');
  expect(await ended).toBe('SIGTERM');
  expect(existsSync(place)).toBe(false);
  await until(() => !runs(Number(id)));
}, 30_000);

function runs(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
