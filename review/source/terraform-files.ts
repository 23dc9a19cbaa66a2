/**
 * The Terraform files that a plan was made of, as they are written. A plan leaves out what stands in the brackets of
 * `aws_subnet.s[replace(each.key, "app", "db")]`, what a local is, and in which line a block begins.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { LineCounter, parseDocument } from 'yaml';
import { resourceKey } from '../plan/configuration';
import { PlanInputError, printable } from '../plan/input-error';
import { blockBodies, isObject, own, ownObjects, ownText, type Json, type JsonObject } from '../plan/json';

/** A block, and where it begins. Expressions are templates: `${aws_subnet.s[each.key].id}`. */
export interface SourceBlock {
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
  readonly body: JsonObject;
}

/** All blocks of one module's folder. */
export interface SourceModule {
  readonly folder: string;
  /** By `resourceKey`. */
  readonly blocks: ReadonlyMap<string, SourceBlock>;
  readonly calls: ReadonlyMap<string, SourceBlock>;
  readonly locals: ReadonlyMap<string, Json>;
  readonly outputs: ReadonlyMap<string, Json>;
}

/** No file of Terraform is as long as that. */
const LONGEST = 5e6;
/** https://developer.hashicorp.com/terraform/language/files/override */
const OVERRIDE = /^(?:.*_)?override\.(?:tf|tofu)(?:\.json)?$/;
/** Hidden files are passed over, as Terraform does: those of editors and of macOS. OpenTofu reads `main.tofu` instead of `main.tf`. https://opentofu.org/docs/language/files/ */
const FILE = /^[^.].*\.(?:tf|tofu)(?:\.json)?$/;
const TOFU = /\.tofu(?:\.json)?$/;

/**
 * Reads the `*.tf` and `*.tf.json` files of a folder, not those below it; for a plan of OpenTofu its `*.tofu` files, too. Where
 * there are such and nothing tells that the plan is OpenTofu's, no local is told: it may be that of either.
 *
 * @throws PlanInputError when there is none, or one cannot be read.
 */
export async function readModule(folder: string, isOpenTofu = false): Promise<SourceModule> {
  const all = namesIn(folder);
  if (all.length === 0) throw new PlanInputError(folder, 'this folder holds no Terraform file', 'name the folder in which `terraform plan` was run');
  return readFiles(folder, all, isOpenTofu);
}

/** The same of a module that another calls, which Terraform lets be empty. */
export async function readCalled(folder: string, isOpenTofu: boolean): Promise<SourceModule> {
  return readFiles(folder, namesIn(folder), isOpenTofu);
}

async function readFiles(folder: string, all: readonly string[], isOpenTofu: boolean): Promise<SourceModule> {
  const names = isOpenTofu ? all.filter((name) => !all.includes(name.replace(/\.tf(?=$|\.json$)/, '.tofu')) || !/\.tf(?:\.json)?$/.test(name)) : all.filter((name) => !TOFU.test(name));
  const found = { blocks: new Map<string, SourceBlock>(), calls: new Map<string, SourceBlock>(), locals: new Map<string, Json>(), outputs: new Map<string, Json>() };
  // What overrides is merged over the rest, in the order of the names.
  for (const name of [...names.filter((each) => !OVERRIDE.test(each)), ...names.filter((each) => OVERRIDE.test(each))]) {
    const file = join(folder, name);
    const text = textOf(file);
    const { body, lineOf } = name.endsWith('.json') ? ofJson(file, text) : await ofHcl(file, text);
    const add = (into: Map<string, SourceBlock>, key: string, header: readonly string[], own: Json) => {
      const [first] = blockBodies(own);
      const before = into.get(key);
      if (first) into.set(key, { file: before?.file ?? file, line: before?.line ?? lineOf(header), body: { ...before?.body, ...first } });
    };
    // A check may read something of its own, which a plan lists beside the rest.
    for (const part of [body, ...labelled(own(body, 'check')).flatMap(({ value }) => blockBodies(value))]) {
      for (const [kind, mode] of [['resource', 'managed'], ['data', 'data'], ['ephemeral', 'ephemeral']] as const) {
        for (const type of labelled(own(part, kind))) for (const block of labelled(type.value)) add(found.blocks, resourceKey(mode, type.label, block.label), [kind, type.label, block.label], block.value);
      }
    }
    for (const call of labelled(own(body, 'module'))) add(found.calls, call.label, ['module', call.label], call.value);
    for (const locals of blockBodies(own(body, 'locals'))) for (const [local, value] of Object.entries(locals)) found.locals.set(local, value);
    for (const output of labelled(own(body, 'output'))) for (const { value } of blockBodies(output.value)) if (value !== undefined) found.outputs.set(output.label, value);
  }
  return { folder, ...found, ...(names.length < all.length && !isOpenTofu ? { locals: new Map<string, Json>() } : {}) };
}

/** Where `terraform init` put the modules that a root module calls, by `network.subnets`. Empty before. */
export function installedModules(root: string): ReadonlyMap<string, string> {
  const file = join(root, '.terraform/modules/modules.json');
  if (!existsSync(file)) return new Map();
  let manifest: unknown;
  try {
    manifest = JSON.parse(textOf(file));
  } catch (error) {
    if (error instanceof PlanInputError) throw error;
    throw new PlanInputError(file, 'this is not JSON', 'run `terraform init` again', { cause: error });
  }
  return new Map(ownObjects(manifest, 'Modules').flatMap((each) => {
    const [key, folder] = [ownText(each, 'Key'), ownText(each, 'Dir')];
    return key === undefined || folder === undefined ? [] : [[key, join(root, folder)]];
  }));
}

function namesIn(folder: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter((name) => FILE.test(name));
  } catch (error) {
    throw new PlanInputError(folder, existsSync(folder) ? 'this is no folder that can be read' : 'there is no such folder', 'name the folder in which `terraform plan` was run', { cause: error });
  }
  return names.filter((name) => isFile(join(folder, name))).sort();
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    throw new PlanInputError(path, 'the file cannot be read', 'is it a link to nothing?', { cause: error });
  }
}

function textOf(file: string): string {
  try {
    const { size } = statSync(file);
    if (size <= LONGEST) return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new PlanInputError(file, 'the file cannot be read', 'check its permissions', { cause: error });
  }
  throw new PlanInputError(file, `the file is longer than ${LONGEST / 1e6} MB`, 'is it Terraform?');
}

interface Parsed {
  readonly body: JsonObject;
  /** The line in which a block begins, by its kind and its labels; 1 where that is not found. */
  readonly lineOf: (header: readonly string[]) => number;
}

async function ofHcl(file: string, text: string): Promise<Parsed> {
  let body: unknown;
  try {
    body = await parse(file, text);
  } catch (error) {
    // The parser says where: `main.tf:12,3-8: Unclosed configuration block; …`.
    const [, said = 'it is not HCL'] = /:(\d+,\d[^\]]*)/.exec(error instanceof Error ? error.message : String(error)) ?? [];
    throw new PlanInputError(file, `Terraform could not read this (line ${printable(said)})`, 'is it the file that was planned?', { cause: error });
  }
  const lines = headersOf(text);
  return { body: isObject(body) ? body : {}, lineOf: (header) => lines.get(header.join(' ')) ?? 1 };
}

function ofJson(file: string, text: string): Parsed {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new PlanInputError(file, 'this is not JSON', 'is it the file that was planned?', { cause: error });
  }
  let lines: { readonly counter: LineCounter; readonly document: ReturnType<typeof parseDocument> } | undefined;
  const lineOf = (header: readonly string[]): number => {
    if (!lines) {
      const counter = new LineCounter();
      lines = { counter, document: parseDocument(text, { lineCounter: counter }) };
    }
    const node = lines.document.getIn(header, true) as { readonly range?: readonly number[] } | undefined;
    return node?.range ? lines.counter.linePos(node.range[0] as number).line : 1;
  };
  return { body: isObject(body) ? body : {}, lineOf };
}

const HEADER = /^\s*(resource|data|ephemeral|module)\s+"?([\w-]+)"?(?:\s+"?([\w-]+)"?)?\s*\{/;
const HEREDOC = /<<[-~]?\s*([\w-]+)\s*$/;

/** Where blocks begin: the parser keeps no lines. What stands in a comment, or in a text of many lines, is none. */
function headersOf(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let end: string | undefined;
  let isComment = false;
  text.split('\n').forEach((line, index) => {
    if (isComment) isComment = !line.includes('*/');
    else if (end !== undefined) end = line.trim() === end ? undefined : end;
    else if (/^\s*\/\*/.test(line)) isComment = !line.includes('*/');
    else {
      const [, kind, ...labels] = HEADER.exec(line) ?? [];
      const name = kind === undefined ? '' : [kind, ...labels.filter((label) => label !== undefined)].join(' ');
      if (name !== '' && !found.has(name)) found.set(name, index + 1);
      end = HEREDOC.exec(line)?.[1];
    }
  });
  return found;
}

/** What stands below the labels of a kind of block, of which JSON syntax allows an object or a list of them. */
function labelled(blocks: Json | undefined): readonly { readonly label: string; readonly value: Json }[] {
  return blockBodies(blocks).flatMap((each) => Object.entries(each).filter(([label]) => label !== '//').map(([label, value]) => ({ label, value })));
}

/** The expression of a `module` block's `source`, where it is a folder beside. */
export function folderOfCall(caller: string, call: JsonObject): string | undefined {
  const source = ownText(call, 'source');
  return source !== undefined && /^\.\.?(?:\/|$)/.test(source) ? join(caller, source) : undefined;
}

