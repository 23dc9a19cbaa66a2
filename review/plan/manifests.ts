/** Kubernetes YAML as a stack that can be reviewed: one resource per object, whose address says where it stands. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { PlanInputError } from './input-error';
import { isList, isObject, own, ownText, type Json, type JsonObject } from './json';
import type { PlanFile } from './load';

const YAML = /\.ya?ml$/i;
/** Kustomize and Helm settings are no objects. */
const NOT_OBJECTS = /^(kustomization|values|chart)\b.*\.ya?ml$/i;

const RENDER = 'render the chart first: `helm template … > manifests.yaml`';

/** Whether a path is a YAML file, or a folder that holds some at most two levels down. */
export function holdsManifests(path: string): boolean {
  if (!statSync(path).isDirectory()) return YAML.test(path);
  return yamlFiles(path, 2).length > 0;
}

/**
 * Reads a file or a folder of manifests. A folder whose YAML is in its subfolders is one input for each of
 * them, as `egress manifests` writes one per cluster.
 *
 * @throws PlanInputError for YAML that cannot be read, with its place.
 */
export function loadManifests(path: string): PlanFile[] {
  if (!statSync(path).isDirectory()) return [planOf(path, [path], path)];
  if (yamlFiles(path, 0).length > 0) return [planOf(path, yamlFiles(path, 8), path)];
  return readdirSync(path).sort()
    .map((name) => join(path, name))
    .filter((folder) => statSync(folder).isDirectory())
    .flatMap((folder) => {
      const files = yamlFiles(folder, 8);
      return files.length > 0 ? [{ ...planOf(folder, files, folder), stack: basename(folder) }] : [];
    });
}

function yamlFiles(folder: string, depth: number): readonly string[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    if (name.startsWith('.') || name === 'node_modules') return [];
    if (statSync(path).isDirectory()) return depth > 0 ? yamlFiles(path, depth - 1) : [];
    return YAML.test(name) && !NOT_OBJECTS.test(name) && looksLikeObjects(readFileSync(path, 'utf8')) ? [path] : [];
  });
}

/** Folders hold other YAML, too: settings of tools, and our own policy. */
function looksLikeObjects(text: string): boolean {
  return /^"?apiVersion"?:/m.test(text) && /^"?kind"?:/m.test(text);
}

function planOf(name: string, files: readonly string[], root: string): PlanFile {
  const warnings: string[] = [];
  const manifests: Record<string, Json> = {};
  for (const file of files) {
    for (const { object, line } of objectsIn(file, warnings)) {
      const metadata = own(object, 'metadata');
      const of = isObject(metadata) ? metadata : {};
      const id = [ownText(of, 'namespace'), ownText(of, 'name')].filter(Boolean).join('/');
      // No line in the address: what is accepted once stays accepted when lines move.
      const address = `${relative(root, file) || basename(file)} ${ownText(object, 'kind') ?? 'object'} ${id}`;
      const twins = Object.keys(manifests).filter((known) => known === address || known.startsWith(`${address} #`)).length;
      manifests[twins === 0 ? address : `${address} #${twins + 1}`] = { manifest: object, '//': { metadata: { path: `${file}:${line}` } } };
    }
  }
  return {
    name,
    kind: 'synthesized',
    formatVersion: 'kubernetes yaml',
    warnings,
    document: { resource: { kubernetes_manifest: manifests } },
  };
}

function objectsIn(file: string, warnings: string[]): readonly { readonly object: JsonObject; readonly line: number }[] {
  const lines = new LineCounter();
  const text = readFileSync(file, 'utf8');
  return parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, logLevel: 'silent' }).flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      throw new PlanInputError(`${file}:${lines.linePos(error.pos[0]).line}`, 'this is not YAML', text.includes('{{') ? RENDER : 'correct the YAML');
    }
    const value = document.toJS({ maxAliasCount: 100 }) as Json;
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    if (value === null || value === undefined) return [];
    if (isObject(value) && typeof own(value, 'kind') === 'object' && text.includes('{{')) throw new PlanInputError(`${file}:${line}`, 'this is a template', RENDER);
    if (!isObject(value) || ownText(value, 'kind') === undefined || ownText(value, 'apiVersion') === undefined) {
      warnings.push(`${file}:${line} is no Kubernetes object: it has no apiVersion and kind`);
      return [];
    }
    const items = own(value, 'items');
    const isListKind = ownText(value, 'kind')?.endsWith('List') === true && isList(items);
    return (isListKind ? items.filter(isObject) : [value]).map((object) => ({ object, line }));
  });
}
