/** Plans hand-written HCL with the real Terraform: with the real provider where this machine has it, and with a stand-in. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachStandIns } from '../../../providers/offline/attach';
import { SchemaCache } from '../../../providers/offline/schema/cache';
import { findTerraform, offlineEnvironment, runTerraform } from '../../../providers/offline/terraform';
import { AWS, AWS_SETTINGS } from './real-provider';

/** The plan's JSON of a project in test/fixtures/hcl, by a provider that runs. */
export function plannedBy(reattach: string, project: string): Promise<string> {
  return inFolder(project, (folder) => plan(project, folder, attachedTo(folder, reattach)));
}

/** The same with a stand-in, which gives every default as null. */
export function plannedOffline(project: string): Promise<string> {
  const root = process.cwd();
  return inFolder(project, async (folder, work) => {
    const declared = join(folder, 'declared');
    mkdirSync(declared);
    writeFileSync(join(declared, 'cdk.tf.json'), JSON.stringify({
      terraform: { required_providers: { aws: { source: AWS } } },
      resource: Object.fromEntries(typesIn(work, 'resource').map((type) => [type, { any: {} }])),
      data: Object.fromEntries(typesIn(work, 'data').map((type) => [type, { any: {} }])),
    }));
    const attached = await attachStandIns({ stackFolder: declared, socketFolder: folder, root, cache: new SchemaCache(join(root, '.cache/offline-schemas')) });
    try {
      return await plan(project, folder, attachedTo(folder, attached.reattach));
    } finally {
      attached.close();
    }
  });
}

function attachedTo(folder: string, reattach: string): NodeJS.ProcessEnv {
  const config = join(folder, 'terraformrc');
  writeFileSync(config, '');
  return offlineEnvironment(config, reattach);
}

async function inFolder(project: string, work: (folder: string, copy: string) => Promise<string>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hcl-'));
  try {
    const copy = join(folder, 'w');
    cpSync(join(__dirname, '../../fixtures/hcl', project), copy, { recursive: true });
    writeFileSync(join(copy, 'versions.tf.json'), JSON.stringify({ terraform: { required_providers: { aws: { source: AWS } } }, provider: { aws: [AWS_SETTINGS] } }));
    return await work(folder, copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function plan(project: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runTerraform(findTerraform()!, args, join(folder, 'w'), env);
    if (code !== 0) throw new Error(`terraform ${args[0]} of ${project}: ${stderr}${stdout}`);
    return stdout;
  };
  await run('init', '-input=false', '-no-color');
  await run('plan', '-input=false', '-no-color', '-lock=false', '-refresh=false', `-out=${join(folder, 'plan')}`);
  return run('show', '-json', join(folder, 'plan'));
}

function typesIn(folder: string, kind: 'resource' | 'data'): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tf'));
  const found = files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(new RegExp(`^${kind} "(aws_\\w+)"`, 'gm'))].map((match) => match[1]!));
  return [...new Set(found)].sort();
}
