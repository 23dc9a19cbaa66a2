/** A private folder in which Terraform runs over a stack, so that the stack's own folder stays as it was synthesized. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { attachStandIns } from './attach';
import { atEnd } from './cleanup';
import { SchemaCache } from './schema/cache';
import { without } from './schema/model';
import { readStack, STACK_FILE, type StackJson } from './stack-file';
import { offlineEnvironment, runTerraform, type TerraformRun } from './terraform';

/** A place to run Terraform in. */
export interface Workspace {
  /** Runs one Terraform command. */
  run(...args: string[]): Promise<TerraformRun>;
  /** Path of the binary plan. */
  readonly planFile: string;
  /** Stops stand-ins and removes the folder. */
  close(): void;
}

/** What {@link offlineWorkspace} needs. */
export interface WorkspaceOptions {
  /** Terraform or OpenTofu. */
  readonly binary: string;
  readonly stackFolder: string;
  /** The project's folder, in which bindings are looked for. */
  readonly root: string;
  /** Folder of the schema cache. */
  readonly cacheFolder: string;
  /** State to start from and to write. @default - an empty state that is thrown away */
  readonly stateFile?: string;
}

/**
 * A workspace with stand-ins: the stack without its backend, with its state in a local file.
 */
export async function offlineWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const folder = temporaryFolder();
  const close = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const work = join(folder, 'w');
    const stateFile = resolve(options.stateFile ?? join(folder, 'terraform.tfstate'));
    copyStack(options.stackFolder, work, stateFile);
    const attached = await attachStandIns({
      stackFolder: options.stackFolder,
      socketFolder: folder,
      root: options.root,
      cache: new SchemaCache(options.cacheFolder),
      stateFile,
    });
    const configFile = join(folder, 'terraformrc');
    writeFileSync(configFile, '');
    const env = offlineEnvironment(configFile, attached.reattach);
    return {
      run: (...args) => runTerraform(options.binary, args, work, env),
      planFile: join(folder, 'plan'),
      close: () => {
        attached.close();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** A workspace with the user's own providers, credentials and backend: the stack's folder itself. */
export function realWorkspace(binary: string, stackFolder: string): Workspace {
  const folder = temporaryFolder();
  const env = { ...process.env, TF_IN_AUTOMATION: '1', TF_INPUT: '0' };
  return {
    run: (...args) => runTerraform(binary, args, stackFolder, env),
    planFile: join(folder, 'plan'),
    close: atEnd(() => rmSync(folder, { recursive: true, force: true })),
  };
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'offline-'));
}

/** Everything but earlier Terraform runs' leavings; assets are linked, because they can be large. */
function copyStack(stackFolder: string, work: string, stateFile: string): void {
  mkdirSync(work, { recursive: true });
  for (const name of readdirSync(stackFolder)) {
    if (name === STACK_FILE || name.startsWith('.terraform') || /tfstate|^plan$/.test(name)) continue;
    symlinkSync(resolve(stackFolder, name), join(work, name));
  }
  writeFileSync(join(work, STACK_FILE), JSON.stringify(withLocalBackend(readStack(stackFolder), stateFile)));
}

function withLocalBackend(stack: StackJson, stateFile: string): StackJson {
  return { ...stack, terraform: { ...without(stack.terraform ?? {}, ['cloud']), backend: { local: { path: stateFile } } } };
}
