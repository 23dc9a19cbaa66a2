/** Kubernetes YAML as a stack that can be reviewed: one resource per object, whose address says where it stands. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { PlanInputError } from './input-error';
import { isObject, own, ownText, type Json, type JsonObject } from './json';
import type { PlanFile } from './load';
import { itemsOf, valueOf, yamlDocuments } from './yaml-objects';

/** What kubectl takes from a folder. */
const YAML = /\.(ya?ml|json)$/i;
const KUSTOMIZATION = /^kustomization\.ya?ml$|^Kustomization$/;
/** Folders that hold no objects; others are read whatever their name begins with, as kubectl does. */
const PASSED_OVER = new Set(['node_modules', '.git', '.terraform', '.cache']);

const RENDER = 'render the chart first: `helm template … > manifests.yaml`';

/** Whether a path is a YAML file, or a folder that holds some at most two levels down. */
export function holdsManifests(path: string): boolean {
  if (!statSync(path).isDirectory()) return YAML.test(path) && !/\.json$/i.test(path);
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
    if (PASSED_OVER.has(name)) return [];
    if (statSync(path).isDirectory()) return depth > 0 ? yamlFiles(path, depth - 1) : [];
    return YAML.test(name) && looksLikeObjects(readFileSync(path, 'utf8')) ? [path] : [];
  });
}

/** Folders hold other YAML, too: settings of tools, and our own policy; and JSON that is no object of a cluster. */
function looksLikeObjects(text: string): boolean {
  // A plan has objects of Kubernetes in it, and is none.
  if (/^\s*\{\s*"format_version"/.test(text)) return false;
  if (!/^\s*\{/.test(text)) return /^["']?apiVersion["']?\s*:/m.test(text) && /^["']?kind["']?\s*:/m.test(text);
  if (!/"apiVersion"\s*:/.test(text) || !/"kind"\s*:/.test(text)) return false;
  const { documents } = yamlDocuments(text);
  return documents.some((document) => document.get('apiVersion') !== undefined && document.get('kind') !== undefined);
}

/** Folders in which kustomize changes what the files say. */
function kustomized(folder: string, depth: number): readonly string[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    if (PASSED_OVER.has(name)) return [];
    if (statSync(path).isDirectory()) return depth > 0 ? kustomized(path, depth - 1) : [];
    return KUSTOMIZATION.test(name) ? [path] : [];
  });
}

function planOf(name: string, files: readonly string[], root: string): PlanFile {
  const warnings = (files[0] === root ? [] : kustomized(root, 8)).map((path) => `${path} changes what the files say, and is not applied here: review the output of kustomize build`);
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
  const text = readFileSync(file, 'utf8');
  const { documents, lines } = yamlDocuments(text);
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      throw new PlanInputError(`${file}:${lines.linePos(error.pos[0]).line}`, error.code === 'DUPLICATE_KEY' ? 'a key is here twice, and clients differ in which of them counts' : 'this is not YAML', text.includes('{{') ? RENDER : 'correct the YAML');
    }
    const value = valueOf(document);
    const line = lines.linePos(document.contents?.range?.[0] ?? document.range[0]).line;
    if (value === null || value === undefined) return [];
    if (isObject(value) && typeof own(value, 'kind') === 'object' && text.includes('{{')) throw new PlanInputError(`${file}:${line}`, 'this is a template', RENDER);
    if (!isObject(value) || ownText(value, 'kind') === undefined || ownText(value, 'apiVersion') === undefined) {
      warnings.push(`${file}:${line} is no Kubernetes object: it has no apiVersion and kind`);
      return [];
    }
    return itemsOf(value).map((object) => ({ object, line }));
  });
}
