/** Where Suricata 7 is, or a system root with one that is made for the purpose. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
/** What Debian signs its releases with. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const FOUNDATION = 'base-files';

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
  if (!existsSync(KEYRING)) return missing(`making a system root with suricata 7 needs ${KEYRING} (apt-get install debian-archive-keyring); install suricata 7 or set SURICATA_ROOT`);
  const problem = unpack();
  return problem ? missing(problem) : found({ root: CACHE });
}

/** The command line that runs a program of the installation. */
export function commandOf({ root }: Installation, args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  return root ? { command: 'chroot', args: [root, 'suricata', ...args] } : { command: 'suricata', args };
}

/**
 * Downloads Suricata and what it needs, and unpacks that without installing it: no script of a package
 * runs, which takes a sixth of the time that debootstrap takes. apt checks the packages by Debian's key.
 * Half a root must never look like a whole one, so it gets its name last.
 */
function unpack(): string | undefined {
  const partial = `${CACHE}.${process.pid}`;
  const root = join(partial, 'root');
  try {
    const packages = download(join(partial, 'apt'));
    mkdirSync(root);
    for (const file of packages) run('dpkg-deb', ['--extract', file, root]);
    if (existsSync(CACHE)) rmSync(CACHE, { recursive: true });
    renameSync(root, CACHE);
  } catch (error) {
    return `making a system root of Debian ${RELEASE} failed: ${(error as Error).message}`;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return isSuricata7({ root: CACHE }) ? undefined : `Debian ${RELEASE} came without suricata 7`;
}

/** @returns the packages' files, the one first that has the links `/lib` and `/lib64` */
function download(folder: string): string[] {
  const archives = join(folder, 'archives');
  const sources = join(folder, 'sources.list');
  const status = join(folder, 'status');
  const lists = join(folder, 'lists');
  for (const each of [archives, lists]) mkdirSync(join(each, 'partial'), { recursive: true });
  writeFileSync(sources, `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${RELEASE} main\n`);
  writeFileSync(status, '');
  const settings = [
    `Dir::State=${folder}`, `Dir::State::lists=${lists}`, `Dir::State::status=${status}`, `Dir::Cache=${folder}`, `Dir::Cache::archives=${archives}`,
    `Dir::Etc::sourcelist=${sources}`, 'Dir::Etc::sourceparts=/dev/null', 'APT::Sandbox::User=root', 'APT::Install-Recommends=false', 'Acquire::Languages=none', 'Acquire::Retries=3',
  ].flatMap((setting) => ['-o', setting]);
  run('apt-get', [...settings, '-q', '--error-on=any', 'update']);
  run('apt-get', [...settings, '-q', '--yes', '--download-only', 'install', FOUNDATION, 'suricata']);
  const isFoundation = (name: string) => name.startsWith(`${FOUNDATION}_`);
  return readdirSync(archives).filter((name) => name.endsWith('.deb'))
    .sort((a, b) => Number(isFoundation(b)) - Number(isFoundation(a)) || a.localeCompare(b))
    .map((name) => join(archives, name));
}

function run(command: string, args: readonly string[]): void {
  const { error, status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error) throw new Error(`${command} cannot be run (${(error as NodeJS.ErrnoException).code ?? error.message})`);
  if (status === 0) return;
  const lines = `${stdout}${stderr}`.trim().split('\n');
  throw new Error(`${command}: ${lines.find((line) => line.startsWith('E: ')) ?? lines.at(-1)}`);
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
