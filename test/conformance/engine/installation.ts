/** Where Suricata 7 is, or a system root with one that is made for the purpose. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A Suricata to run: the machine's own, or one in a system root of its own. */
export interface Installation {
  /** Absent: the machine's own. */
  readonly root?: string;
}

export type Found = { readonly ok: true; readonly installation: Installation } | { readonly ok: false; readonly reason: string };

const PROJECT = resolve(__dirname, '../../..');
/** Where the project keeps what it made itself. */
const CACHE = join(PROJECT, '.cache', 'suricata');
/** Debian's release with Suricata 7, the major version that AWS Network Firewall documents. */
const RELEASE = 'trixie';

/**
 * `SURICATA_ROOT`, then a Suricata 7 on the path, then the cache, then a new root from Debian.
 *
 * @param make whether a root may be made: the first run only, as tests run in parallel
 */
export function findSuricata(make: boolean): Found {
  const told = process.env.SURICATA_ROOT;
  if (told) return isSuricata7({ root: told }) ? found({ root: told }) : missing(`SURICATA_ROOT=${told} has no suricata 7 that can be run (chroot needs root)`);
  if (isSuricata7({})) return found({});
  if (isSuricata7({ root: CACHE })) return found({ root: CACHE });
  if (!make) return missing('suricata 7 is neither on the path nor in .cache/suricata');
  if (process.getuid?.() !== 0) return missing('making a system root with suricata 7 needs root; install suricata 7 or set SURICATA_ROOT');
  if (spawnSync('debootstrap', ['--version']).error) return missing('making a system root with suricata 7 needs debootstrap (apt-get install debootstrap), or set SURICATA_ROOT');
  const problem = debootstrap();
  return problem ? missing(problem) : found({ root: CACHE });
}

/** The command line that runs a program of the installation. */
export function commandOf({ root }: Installation, args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  return root ? { command: 'chroot', args: [root, 'suricata', ...args] } : { command: 'suricata', args };
}

/** Half a root must never look like a whole one, so it gets its name last. */
function debootstrap(): string | undefined {
  const partial = `${CACHE}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const result = spawnSync('debootstrap', ['--variant=minbase', '--include=suricata', RELEASE, partial], { encoding: 'utf8' });
  if (result.status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    return `debootstrap of Debian ${RELEASE} failed: ${`${result.stderr}${result.stdout}`.trim().split('\n').at(-1)}`;
  }
  if (existsSync(CACHE)) rmSync(CACHE, { recursive: true });
  renameSync(partial, CACHE);
  return isSuricata7({ root: CACHE }) ? undefined : `Debian ${RELEASE} came without suricata 7`;
}

function isSuricata7(installation: Installation): boolean {
  if (installation.root && !existsSync(join(installation.root, 'usr/bin/suricata'))) return false;
  const { command, args } = commandOf(installation, ['-V']);
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.status === 0 && /version 7\./.test(result.stdout);
}

function found(installation: Installation): Found {
  return { ok: true, installation };
}

function missing(reason: string): Found {
  return { ok: false, reason };
}
