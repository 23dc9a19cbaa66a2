/**
 * Schemas of the types that a stack uses, read once per binding version and kept on disk.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Binding, readTypeSource, type SchemaKind, typeFolder } from './bindings';
import { type Block } from './model';
import { readBlock } from './read-binding';

/** Looks schemas up in a cache folder and reads the binding when they are not there. */
export class SchemaCache {
  private readonly memory = new Map<string, Block | undefined>();

  /**
   * @param folder where the schemas are kept; made when missing, safe to delete at any time
   */
  constructor(private readonly folder: string) {}

  /**
   * The schema of one type.
   *
   * @returns undefined when the binding has no such type
   */
  block(binding: Binding, kind: SchemaKind, type: string): Block | undefined {
    const file = join(this.folder, entryName(binding), kind, `${type}.json`);
    if (!this.memory.has(file)) this.memory.set(file, this.load(file, binding, kind, type));
    return this.memory.get(file);
  }

  private load(file: string, binding: Binding, kind: SchemaKind, type: string): Block | undefined {
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Block;
    const folder = typeFolder(binding, kind, type);
    if (folder === undefined) return undefined;
    const block = readBlock(readTypeSource(folder), type);
    writeAtomically(file, JSON.stringify(block));
    return block;
  }
}

let readerVersion: string | undefined;

/** Binding and reader in one name: a change of either makes a new entry, so stale schemas are never used. */
function entryName(binding: Binding): string {
  if (readerVersion === undefined) {
    const hash = createHash('sha256');
    for (const name of readdirSync(__dirname).sort()) hash.update(readFileSync(join(__dirname, name)));
    readerVersion = hash.digest('hex').slice(0, 12);
  }
  return `${binding.packageName.replace(/[@/]+/g, '-').replace(/^-/, '')}-${binding.packageVersion}-${readerVersion}`;
}

/** Writes a file so that a reader in another process sees all of it or nothing. */
export function writeAtomically(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
