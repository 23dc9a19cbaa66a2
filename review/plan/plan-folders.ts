/** Folders of plans and states, as `terragrunt run --all plan --json-out-dir plans` writes them: one for each folder of a configuration. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const PASSED_OVER = new Set(['node_modules', '.git', '.terraform', '.terragrunt-cache']);
/** Configurations stand no deeper in anybody's repository. */
const DEEPEST = 16;
const BEGINNING = 64;

/** Paths of all files below a folder that begin as what `terraform show -json` writes, in the order of their names. */
export function planFilesIn(folder: string, depth = 0): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth < DEEPEST && !PASSED_OVER.has(entry.name) ? planFilesIn(path, depth + 1) : [];
    return entry.isFile() && entry.name.endsWith('.json') && beginsAsPlan(path) ? [path] : [];
  });
}

function beginsAsPlan(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(BEGINNING);
    return /^\uFEFF?\s*\{\s*"format_version"/.test(start.toString('utf8', 0, readSync(file, start)));
  } finally {
    closeSync(file);
  }
}
