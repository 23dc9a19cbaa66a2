/**
 * Where this machine keeps the AWS provider, so that no run needs the registry.
 *
 * A mirror is a folder with `registry.terraform.io/hashicorp/aws/...` below it, as
 * `terraform providers mirror` makes it or as providers are installed by hand:
 * https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Names the mirror when it stands in none of the usual places. */
export const MIRROR_VARIABLE = 'EGRESS_PROVIDER_MIRROR';

const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws');
/** The range that the stacks ask for: see `providers/aws.ts`. */
const OLDEST = [5, 100, 0];
const TOO_NEW = 7;

/** Folders that are searched when nothing else names a mirror, and how far. */
const SYSTEM_FOLDERS = ['/opt', '/usr/local', '/usr/share', '/usr/lib', '/var/lib', '/srv'];
const SEARCH_DEPTH = 4;
const MOST_FOLDERS = 20_000;

/** A folder that Terraform can install the provider from. */
export interface ProviderMirror {
  readonly folder: string;
  /** The newest version in the stacks' range. */
  readonly version: string;
}

/** The first place that has the provider in a version that the stacks accept. */
export function findProviderMirror(env: NodeJS.ProcessEnv = process.env): ProviderMirror | undefined {
  const named = env[MIRROR_VARIABLE];
  if (named) return mirrorAt(named);
  for (const folder of usualPlaces(env)) {
    const mirror = mirrorAt(folder);
    if (mirror) return mirror;
  }
  return search(SYSTEM_FOLDERS);
}

/** Configuration first, then the folders that Terraform itself looks into. */
function usualPlaces(env: NodeJS.ProcessEnv): readonly string[] {
  const home = env.HOME ?? homedir();
  const configured = [env.TF_CLI_CONFIG_FILE, join(home, '.terraformrc')].flatMap((file) => (file && existsSync(file) ? mirrorsIn(readFileSync(file, 'utf8')) : []));
  const data = [env.XDG_DATA_HOME ?? join(home, '.local', 'share'), ...(env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(delimiter)];
  return [
    ...configured,
    ...(env.TF_PLUGIN_CACHE_DIR ? [env.TF_PLUGIN_CACHE_DIR] : []),
    join(home, '.terraform.d', 'plugins'),
    join(home, '.terraform.d', 'plugin-cache'),
    join(home, 'Library', 'Application Support', 'io.terraform', 'plugins'),
    '/Library/Application Support/io.terraform/plugins',
    ...data.map((folder) => join(folder, 'terraform', 'plugins')),
  ];
}

/** The mirrors and caches that a CLI configuration names. */
function mirrorsIn(config: string): string[] {
  const mirrors = [...config.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/g)];
  const caches = [...config.matchAll(/plugin_cache_dir\s*=\s*"([^"]+)"/g)];
  return [...mirrors, ...caches].map((match) => match[1]!.replace(/^\$HOME|^~/, homedir()));
}

function mirrorAt(folder: string): ProviderMirror | undefined {
  const versions = entries(join(folder, PROVIDER))
    .flatMap((name) => {
      // Unpacked: a folder per version. Packed: terraform-provider-aws_5.100.0_linux_amd64.zip.
      const version = /^(?:terraform-provider-aws_)?(\d+)\.(\d+)\.(\d+)(?:_.*\.zip)?$/.exec(name);
      return version ? [version.slice(1, 4).map(Number)] : [];
    })
    .filter((version) => compareVersions(version, OLDEST) >= 0 && version[0]! < TOO_NEW)
    .sort(compareVersions);
  const newest = versions.at(-1);
  return newest && { folder, version: newest.join('.') };
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  return a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!;
}

/** Breadth first, so that a shallow mirror is found before the budget is spent in a deep tree. */
function search(folders: readonly string[]): ProviderMirror | undefined {
  let level = [...folders];
  let seen = 0;
  for (let depth = 0; depth <= SEARCH_DEPTH; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++seen > MOST_FOLDERS) return undefined;
      const mirror = mirrorAt(folder);
      if (mirror) return mirror;
      next.push(...subfolders(folder));
    }
    level = next;
  }
  return undefined;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // not there, or not ours to read
  }
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      .map((entry) => join(folder, entry.name))
      .sort();
  } catch {
    return [];
  }
}
