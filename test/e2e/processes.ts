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
/** Only a program that will never end takes as long, also where the machine has much else to do. */
const PATIENCE = 600_000;

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
      const deadline = Date.now() + PATIENCE;
      for (let left = started; left.length > 0; left = running(left)) {
        if (Date.now() > deadline) throw new Error(`still running ${PATIENCE / 1000} s after an interrupt: ${left.join(', ')}`);
        await sleep(100);
      }
    },
  };
}

/** Runs a program to its end, or ends it when it hangs: then its code is `null`, and its output says so. */
export async function run(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Outcome> {
  const running = start(command, args, options);
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    void running.kill();
  }, PATIENCE);
  const outcome = await running.finished;
  clearTimeout(timer);
  return hung ? { ...outcome, output: `${outcome.output}\nended, as it ran for ${PATIENCE / 1000} s` } : outcome;
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

/** One line of the process table. */
interface Entry {
  readonly pid: number;
  readonly parent: number;
  /** Ended, and its parent has not asked how. */
  readonly zombie: boolean;
}

function processes(): readonly Entry[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [pid, parent, state = ''] = line.trim().split(/\s+/);
    return pid && parent ? [{ pid: Number(pid), parent: Number(parent), zombie: state.startsWith('Z') }] : [];
  });
}

/** The processes that a process started, and those that they started. */
function tree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of processes()) children.set(parent, [...children.get(parent) ?? [], pid]);
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

/** Those of them that have not ended. */
function running(pids: readonly number[]): number[] {
  return processes().filter(({ pid, zombie }) => !zombie && pids.includes(pid)).map(({ pid }) => pid);
}

function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
