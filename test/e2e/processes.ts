/** Programs that the run starts: each in a process group of its own, none left behind. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a program printed and how it ended. */
export interface Outcome {
  readonly command: string;
  /** `null` when a signal ended it. */
  readonly code: number | null;
  /** Standard output and error, in the order in which they came, without colours. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
  readonly seconds: number;
}

/** A program that runs. */
export interface Running {
  readonly finished: Promise<Outcome>;
  /** What it has printed so far. */
  output(): string;
  /** Ends the program and everything that it started, at once, as a lost machine would. */
  kill(): Promise<void>;
  /** Asks the program to end, as Ctrl-C does, and waits until all that it started has ended. */
  interrupt(): Promise<void>;
}

const groups = new Set<number>();

/** Starts a program; the environment is exactly the one given. */
export function start(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Running {
  const started = Date.now();
  // A group of its own lets us end grandchildren (terraform, the provider) with one signal.
  const child = spawn(command, [...args], { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) groups.add(child.pid);
  const chunks: { text: string; isError: boolean }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => chunks.push({ text, isError: stream === child.stderr }));
  }
  const text = (of: typeof chunks) => plain(of.map((chunk) => chunk.text).join(''));
  const finished = new Promise<Outcome>((resolve) => {
    const settle = (code: number | null, note = '') => {
      if (child.pid !== undefined) groups.delete(child.pid);
      resolve({
        command: [command, ...args].join(' '),
        code,
        output: text(chunks) + note,
        stdout: text(chunks.filter(({ isError }) => !isError)),
        seconds: (Date.now() - started) / 1000,
      });
    };
    child.on('error', (error) => settle(127, error.message));
    child.on('close', (code) => settle(code));
  });
  const pid = child.pid ?? 0;
  return {
    finished,
    output: () => text(chunks),
    async kill() {
      end(pid);
      await finished;
    },
    async interrupt() {
      const started = tree(pid);
      process.kill(-pid, 'SIGINT');
      await finished;
      // The CDKTF CLI does not wait for Terraform, which finishes what it is at.
      while (started.some(isAlive)) await sleep(100);
    },
  };
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Outcome> {
  return start(command, args, options).finished;
}

/** Ends whatever still runs; safe to call at any time, also while the process exits. */
export function killAll(): void {
  for (const group of groups) end(group);
  groups.clear();
}

/** The full path of a program, or nothing. */
export function onPath(program: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return (env.PATH ?? '').split(delimiter).map((folder) => join(folder, program)).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The CDKTF CLI gives Terraform a terminal, and with it a group of its own: so the whole tree. */
function end(leader: number): void {
  const descendants = tree(leader);
  for (const target of [-leader, ...descendants]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
}

/** The processes that a process started, and those that they started. */
function tree(root: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const children = new Map<number, number[]>();
  for (const line of (stdout ?? '').split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    if (pid && parent !== undefined) children.set(parent, [...children.get(parent) ?? [], pid]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function plain(text: string): string {
   
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
