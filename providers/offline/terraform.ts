/** Finds and runs Terraform or OpenTofu. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { atEnd } from './cleanup';

/** A message of Terraform's, in the form of its `-json` output. */
export interface TerraformDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** The resource that the message is about. */
  readonly address?: string;
}

/** What a run of Terraform left. */
export interface TerraformRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The program to run: TERRAFORM_BINARY_NAME when set, as for the cdktf CLI, else terraform, else tofu.
 *
 * @returns its path, or undefined when there is none on PATH
 */
export function findTerraform(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = environment['TERRAFORM_BINARY_NAME'];
  const names = chosen === undefined || chosen === '' ? ['terraform', 'tofu'] : [chosen];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const extensions = process.platform === 'win32' ? ['.exe', ''] : [''];
  for (const name of names) {
    const candidates = isAbsolute(name) ? [name] : folders.flatMap((folder) => extensions.map((extension) => join(folder, name + extension)));
    const found = candidates.find((file) => isExecutable(file));
    if (found !== undefined) return found;
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Runs one command to its end. A program that cannot be started is an error; a failing one is a result. */
export function runTerraform(binary: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<TerraformRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = atEnd(() => child.kill('SIGTERM'));
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => {
      stop();
      reject(new Error(`cannot run ${binary}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      stop();
      const ended = signal === null ? '' : `\n${binary} was ended by ${signal}`;
      resolve({ code: code ?? 1, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') + ended });
    });
  });
}

/**
 * The environment for a run without account, registry or user settings: variables that would change what
 * Terraform does are dropped, input variables (`TF_VAR_…`) are kept.
 */
export function offlineEnvironment(configFile: string, reattach: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TF_') || name.startsWith('TF_VAR_'));
  return {
    ...Object.fromEntries(kept),
    TF_CLI_CONFIG_FILE: configFile,
    TF_REATTACH_PROVIDERS: reattach,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
}

/** The diagnostics in a run's output: of `-json` logs, of one JSON document (validate), or else the plain error text. */
export function diagnosticsOf(run: TerraformRun): TerraformDiagnostic[] {
  const found = jsonDiagnostics(run.stdout);
  if (found.length > 0 || run.code === 0) return found;
  return plainDiagnostics(run);
}

/** `init` and `import` write for people: blocks that begin with "Error: " in a frame. */
function plainDiagnostics({ stdout, stderr }: TerraformRun): TerraformDiagnostic[] {
  const text = (stderr.trim() === '' ? stdout : stderr).replace(/^[╷│╵] ?/gm, '');
  const [, ...blocks] = text.split(/^Error: /m);
  const errors = blocks.map((block): TerraformDiagnostic => {
    const [summary = '', ...detail] = block.trim().split('\n');
    return { severity: 'error', summary, detail: detail.join('\n').trim() };
  });
  // The first block only announces those that follow it.
  const named = errors.filter(({ summary }) => !/^Terraform encountered problems during initiali[sz]ation/.test(summary));
  if (named.length > 0) return named;
  return errors.length > 0 ? errors : [{ severity: 'error', summary: 'Terraform failed without an error message', detail: text.trim() }];
}

interface Raw {
  readonly type?: string;
  readonly diagnostic?: TerraformDiagnostic & { readonly snippet?: { readonly context?: string | null } };
  readonly diagnostics?: readonly TerraformDiagnostic[];
}

function jsonDiagnostics(text: string): TerraformDiagnostic[] {
  const documents = text.trimStart().startsWith('{\n') ? [text] : text.split('\n');
  return documents.flatMap((document) => {
    if (!document.startsWith('{')) return [];
    const raw = JSON.parse(document) as Raw;
    return (raw.diagnostics ?? (raw.diagnostic === undefined ? [] : [raw.diagnostic])).map((diagnostic) => readable(diagnostic));
  });
}

function readable(diagnostic: TerraformDiagnostic & { readonly snippet?: { readonly context?: string | null } }): TerraformDiagnostic {
  const { severity, summary, detail } = diagnostic;
  // In JSON configuration the context reads resource.aws_vpc.main: the address with a word in front.
  const address = diagnostic.address ?? diagnostic.snippet?.context?.replace(/^resource\./, '');
  return { severity, summary, detail, ...(address === undefined ? {} : { address }) };
}
