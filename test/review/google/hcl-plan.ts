/** Plans a folder of plain HCL with the real Terraform and the stand-in provider. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachStandIns } from '../../../providers/offline/attach';
import { SchemaCache } from '../../../providers/offline/schema/cache';
import { findTerraform, offlineEnvironment, runTerraform } from '../../../providers/offline/terraform';

const ROOT = join(__dirname, '../../..');

/** The plan in JSON, as `terraform show -json` prints it. */
export async function planHcl(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hcl-'));
  const work = join(folder, 'w');
  const types = join(folder, 'types');
  try {
    cpSync(join(ROOT, 'test/fixtures/hcl', name), work, { recursive: true });
    mkdirSync(types);
    writeFileSync(join(types, 'cdk.tf.json'), JSON.stringify(typesOf(work)));
    const attached = await attachStandIns({ stackFolder: types, socketFolder: folder, root: ROOT, cache: new SchemaCache(join(ROOT, '.cache/offline-schemas')) });
    try {
      const config = join(folder, 'rc');
      writeFileSync(config, '');
      const env = offlineEnvironment(config, attached.reattach);
      const run = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await runTerraform(findTerraform() as string, args, work, env);
        if (code !== 0) throw new Error(`terraform ${args.join(' ')}: ${stderr || stdout}`);
        return stdout;
      };
      await run('init', '-input=false', '-no-color');
      await run('plan', '-input=false', '-no-color', '-lock=false', '-out=plan');
      return await run('show', '-json', 'plan');
    } finally {
      attached.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A stack that names every type of the folder, for the stand-in to learn what it has to serve. */
function typesOf(folder: string): unknown {
  const text = filesOf(folder).map((file) => readFileSync(file, 'utf8')).join('\n');
  const named = (word: string) => Object.fromEntries([...text.matchAll(new RegExp(`^${word} "(google_\\w+)"`, 'gm'))].map(([, type]) => [type, { x: {} }]));
  return { terraform: { required_providers: { google: { source: 'hashicorp/google' } } }, resource: named('resource'), data: named('data') };
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => join(folder, name)).flatMap((path) => (statSync(path).isDirectory() ? filesOf(path) : path.endsWith('.tf') ? [path] : []));
}
