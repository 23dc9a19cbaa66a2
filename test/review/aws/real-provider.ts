/** The real AWS provider, started once for many plans: to find, check and start its 700 MB anew for each takes longer than to plan. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTerraform, runTerraform } from '../../../providers/offline/terraform';
import { findProviderMirror } from '../../e2e/provider-mirror';

const AWS = 'hashicorp/aws';

/** How long it may take to start. */
const PATIENCE = 60_000;

export const hasRealProvider = (): boolean => findTerraform() !== undefined && findProviderMirror() !== undefined;

/** A provider that runs. */
export interface RunningProvider {
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  /** Ends it. */
  close(): void;
}

/**
 * Starts the provider of this machine's mirror in the way in which its developers attach a debugger.
 *
 * @throws when there is no mirror, or the provider does not start
 */
export async function startRealProvider(): Promise<RunningProvider> {
  const mirror = findProviderMirror();
  if (!mirror) throw new Error('no provider mirror');
  const folder = mkdtempSync(join(tmpdir(), 'aws-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const { reattach, stop } = await started(await installed(folder, mirror.folder));
    return {
      reattach,
      close: () => {
        stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Terraform installs it, whether the mirror is packed or not. */
async function installed(folder: string, mirror: string): Promise<string> {
  const config = join(folder, 'terraformrc');
  writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`);
  const work = join(folder, 'w');
  mkdirSync(work);
  writeFileSync(join(work, 'versions.tf.json'), JSON.stringify({ terraform: { required_providers: { aws: { source: AWS } } } }));
  const { code, stdout, stderr } = await runTerraform(findTerraform()!, ['init', '-input=false', '-no-color'], work, { ...process.env, TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: '1' });
  if (code !== 0) throw new Error(`terraform init: ${stderr}${stdout}`);
  // .terraform/providers/<host>/hashicorp/aws/<version>/<platform>/terraform-provider-aws_v<version>_x5
  let found = join(work, '.terraform/providers');
  while (statSync(found).isDirectory()) {
    const [inside] = readdirSync(found).filter((name) => !/\.(txt|md)$/i.test(name));
    if (inside === undefined) throw new Error(`no provider in ${found}`);
    found = join(found, inside);
  }
  return found;
}

/**
 * It ends with its input, and so with this process, however that ends. What the machine says of accounts and
 * proxies is none of its business, and some of it cannot be configured twice (AWS_CA_BUNDLE).
 */
function started(binary: string): Promise<{ reattach: string; stop(): void }> {
  const child = spawn('sh', ['-c', '"$0" -debug <&- & cat; kill $!', binary], { env: { PATH: process.env['PATH'] }, stdio: ['pipe', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const fail = (why: string): void => {
      clearTimeout(patience);
      child.stdin.end();
      reject(new Error(`${binary} ${why}\n${said.join('')}`));
    };
    const patience = setTimeout(() => fail(`did not start in ${PATIENCE / 1000} s`), PATIENCE);
    const listen = (chunk: Buffer): void => {
      said.push(chunk.toString('utf8'));
      const told = /TF_REATTACH_PROVIDERS='([^']+)'/.exec(said.join(''))?.[1];
      if (told === undefined) return;
      clearTimeout(patience);
      resolve({ reattach: told, stop: () => child.stdin.end() });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', ({ message }) => fail(`cannot be run: ${message}`));
    child.on('close', () => fail('ended'));
  });
}
