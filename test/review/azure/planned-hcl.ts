/** Plans hand-written HCL with the real Terraform and stand-in providers. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachStandIns } from '../../../providers/offline/attach';
import { SchemaCache } from '../../../providers/offline/schema/cache';
import { findTerraform, offlineEnvironment, runTerraform } from '../../../providers/offline/terraform';

const SOURCE = 'hashicorp/azurerm';

/** The plan's JSON of a project in test/fixtures/hcl. */
export async function plannedHcl(project: string): Promise<string> {
  const root = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'hcl-'));
  try {
    const work = join(folder, 'w');
    cpSync(join(__dirname, '../../fixtures/hcl', project), work, { recursive: true });
    // Terraform would write the same; a stand-in is found by its source.
    writeFileSync(join(work, 'versions.tf.json'), JSON.stringify({ terraform: { required_providers: { azurerm: { source: SOURCE } } }, provider: { azurerm: [{ features: [{}], subscription_id: '00000000-0000-0000-0000-000000000000' }] } }));
    const declared = join(folder, 'declared');
    mkdirSync(declared);
    writeFileSync(join(declared, 'cdk.tf.json'), JSON.stringify({
      terraform: { required_providers: { azurerm: { source: SOURCE } } },
      resource: Object.fromEntries(typesIn(work).map((type) => [type, { any: {} }])),
    }));
    const attached = await attachStandIns({ stackFolder: declared, socketFolder: folder, root, cache: new SchemaCache(join(root, '.cache/offline-schemas')) });
    try {
      const config = join(folder, 'terraformrc');
      writeFileSync(config, '');
      const env = offlineEnvironment(config, attached.reattach);
      const run = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await runTerraform(findTerraform()!, args, work, env);
        if (code !== 0) throw new Error(`terraform ${args[0]} of ${project}: ${stderr}${stdout}`);
        return stdout;
      };
      await run('init', '-input=false', '-no-color');
      await run('plan', '-input=false', '-no-color', '-lock=false', `-out=${join(folder, 'plan')}`);
      return await run('show', '-json', join(folder, 'plan'));
    } finally {
      attached.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function typesIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tf'));
  const found = files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/^resource "(azurerm_\w+)"/gm)].map((match) => match[1]!));
  return [...new Set(found)].sort();
}
