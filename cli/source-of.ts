/** Where in our own source a finding comes from, as far as a construct's path tells. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Finding } from '../review/result';

const ROOT = join(__dirname, '..');

/** The line of `stacks/<cloud>.ts` that makes the construct which the resource is part of; of YAML and of Terraform files, where the object or the block begins. */
export function sourceOf({ source }: Finding): { readonly file: string; readonly line: number } | undefined {
  const [, file, line] = /^(.+\.(?:ya?ml|(?:tf|tofu)(?:\.json)?)):(\d+)$/.exec(source?.constructPath ?? '') ?? [];
  if (file !== undefined) return { file, line: Number(line) };
  // In another repository a stack of the same name comes from a file of theirs.
  if (relative(ROOT, process.cwd()).startsWith('..')) return undefined;
  const [stack, construct] = source?.constructPath?.split('/') ?? [];
  const cloud = stack?.split('-')[0];
  if (!cloud || !/^[a-z]+$/.test(cloud)) return undefined;
  const own = stack?.endsWith('-kubernetes') && construct === 'segmentation' ? 'stacks/kubernetes-stack.ts' : `stacks/${cloud}${stack?.endsWith('-kubernetes') ? '-kubernetes' : ''}.ts`;
  const lines = linesOf(join(ROOT, own));
  if (!lines) return undefined;
  const at = lines.findIndex((text) => text.includes(`(this, '${construct}'`));
  return { file: own, line: at < 0 ? 1 : at + 1 };
}

const read = new Map<string, readonly string[] | undefined>();

function linesOf(path: string): readonly string[] | undefined {
  if (!read.has(path)) read.set(path, existsSync(path) ? readFileSync(path, 'utf8').split('\n') : undefined);
  return read.get(path);
}
