/** From a file, or a folder of synthesized stacks, to plans that can become graphs. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { tooLong, utf8Of } from './decode';
import { PlanInputError } from './input-error';
import { holdsManifests, loadManifests } from './manifests';
import { blockBodies, isObject, own, ownObject, ownText, without, type Json, type JsonObject } from './json';
import { parseOnce } from './parse-once';
import { providerAccounts, providerRegions, providerSettings, type ProviderAccounts, type ProviderRegions, type ProviderSettings } from './provider-settings';
import type { Origin } from './origin';
import { planFilesIn } from './plan-folders';
import { placeOfOwn, type StatePlace } from './remote-state';
import { recognize, type PlanKind } from './recognize';
import { DEEPEST, scan } from './scan';
import { beginsAsObject, lineAmongOthers, refuseBuried } from './surroundings';

export { PlanInputError } from './input-error';

/** One plan, state or synthesized stack, parsed and recognised. */
export interface PlanFile {
  /** The file's name as given, for messages. */
  readonly name: string;
  readonly kind: PlanKind;
  /** The CDKTF stack, where the file or its folder names one. */
  readonly stack?: string;
  /** `1.2`; of a synthesized stack `cdktf 0.21.0` or `tf.json`. */
  readonly formatVersion: string;
  readonly terraformVersion?: string;
  readonly warnings: readonly string[];
  readonly providerSettings?: ProviderSettings;
  readonly providerRegions?: ProviderRegions;
  readonly providerAccounts?: ProviderAccounts;
  /** Where a synthesized stack keeps its state. */
  readonly statePlace?: StatePlace | undefined;
  /** Which lines of Terraform make its resources, by addresses without keys, where somebody told its files: see `withSource`. */
  readonly origins?: ReadonlyMap<string, Origin>;
  /** The file as it is but for provider and backend settings. Sensitive values are in the clear: build a graph, print no part of this. */
  readonly document: JsonObject;
}

/**
 * Reads one file, or every stack of a folder that `cdktf synth` wrote (`cdktf.out`, or one stack
 * in it), sorted by name; or Kubernetes YAML, a file or a folder; or a folder of plans and states.
 *
 * @throws PlanInputError when there is nothing to review, with the way out.
 */
export function loadPlan(path: string): PlanFile[] {
  const folder = orRefuse(path, () => statSync(path).isDirectory());
  if (!folder) return orRefuse(path, () => (holdsManifests(path) ? loadManifests(path) : [parsePlan(readBytes(path), path)]));
  const stacks = stackFiles(path);
  if (stacks.length === 0 && orRefuse(path, () => holdsManifests(path))) return orRefuse(path, () => loadManifests(path));
  if (stacks.length === 0) {
    // Below a whole project there are plans that nobody means, as those of tests.
    const isProject = ['cdktf.json', 'cdktf.out', '.git'].some((name) => existsSync(join(path, name)));
    const plans = isProject ? [] : orRefuse(path, () => planFilesIn(path));
    if (plans.length > 0) return plans.map((file) => parsePlan(readBytes(file), file));
    throw new PlanInputError(path, 'this folder holds no synthesized stack (stacks/<name>/cdk.tf.json), and no plan', folderAdvice(path));
  }
  return stacks.map((file) => {
    const plan = parsePlan(readBytes(file), file);
    return plan.stack === undefined ? { ...plan, stack: basename(dirname(file)) } : plan;
  });
}

/**
 * Reads a plan from bytes (UTF-8, or UTF-16 as PowerShell writes it) or from text.
 * `name` stands for the file in messages.
 *
 * @throws PlanInputError, and nothing else.
 */
export function parsePlan(source: Uint8Array | string, name: string): PlanFile {
  const bytes = typeof source === 'string' ? Buffer.from(source.replace(/^\uFEFF/, '')) : utf8Of(source, name);
  const recognized = recognize(parseJson(beginsAsObject(bytes) ? bytes : lineAmongOthers(bytes, name) ?? bytes, name), name);
  const stack = ownText(ownObject(ownObject(recognized.document, '//'), 'metadata'), 'stackName');
  const settings = providerSettings(recognized.document, recognized.kind);
  const statePlace = recognized.kind === 'synthesized' ? placeOfOwn(recognized.document) : undefined;
  return { name, ...recognized, document: withoutSettings(recognized.document), ...(settings ? { providerSettings: settings, providerRegions: providerRegions(recognized.document, recognized.kind), providerAccounts: providerAccounts(recognized.document, recognized.kind) } : {}), ...(statePlace === undefined ? {} : { statePlace }), ...(stack === undefined ? {} : { stack }) };
}

/** So much of a file is looked at to say what it is, in bytes. */
const START = 4000;

function parseJson(bytes: Buffer, name: string): Json {
  const start = bytes.toString('utf8', 0, START);
  if (start.trim() === '' && bytes.toString('utf8').trim() === '') throw new PlanInputError(name, 'the file holds only blanks', 'did the command that wrote it fail?');
  const { tooDeep, duplicate, unclosed, ...repetition } = scan(bytes);
  if (tooDeep) throw new PlanInputError(name, `the file nests deeper than ${DEEPEST} levels`, 'no plan of Terraform does: is this the right file?');
  let document: Json;
  try {
    document = parseOnce(bytes, repetition) ?? JSON.parse(textOf(bytes, name)) as Json;
  } catch (error) {
    if (error instanceof PlanInputError) throw error;
    const line = lineAmongOthers(bytes, name);
    return line ? parseJson(line, name) : notJson(bytes, name, unclosed, error);
  }
  if (duplicate !== undefined && isObject(document)) {
    throw new PlanInputError(name, 'one of its top-level keys is there twice', 'Terraform writes each once: was the file merged or edited?');
  }
  return document;
}

function textOf(bytes: Buffer, name: string): string {
  try {
    return bytes.toString('utf8');
  } catch (error) {
    return tooLong(name, bytes.length, error);
  }
}

/** The engine's own message is left out: it quotes the text around the fault. */
function notJson(bytes: Buffer, name: string, unclosed: boolean, error: unknown): never {
  const start = bytes.toString('utf8', 0, START).trimStart();
  const refuse = (what: string, wayOut: string): never => {
    throw new PlanInputError(name, what, wayOut);
  };
  const json = 'review the output of `terraform show -json <plan file>`';
  if (/^\{"@level"/.test(start)) refuse('this is the log of `terraform plan -json`, one message per line', 'save the plan and print it: `terraform plan -out=tfplan && terraform show -json tfplan > plan.json`');
  if (/Terraform (will perform|used the selected)|^No changes\.|Refreshing state\.\.\.|^(Note: )?Objects have changed/m.test(start)) refuse('this is a plan for people, not JSON', json);
  if (/^(?:\u001b\[[\d;]*m)*# [\w.[\]"-]+:(?:\u001b\[[\d;]*m)*\r?\n(?:resource|data) "/.test(start)) refuse('this is a state for people, not JSON', 'review the output of `terraform show -json`');
  if (/^(?:\u001b\[[\d;]*m)*(?:╷|│|Error: )/.test(start)) refuse('this is an error of the command that should have written a plan', `mend it, then ${json}`);
  if (/^(resource|terraform|provider|module|variable|data|locals)\b[^{=]*\{/m.test(start)) refuse('this is Terraform source, not a plan', `plan it first, then ${json}`);
  if (/^apiVersion: *["']?[\w./-]+["']?\r?$/m.test(start)) refuse('this is Kubernetes YAML', 'save it with the ending .yaml and name that file, or its folder');
  if (/^<(\?xml|!doctype|html)/i.test(start)) refuse('this is XML or HTML, not JSON', 'was a login or error page saved in its place?');
  if (unclosed && /^[{[]/.test(start)) refuse('the JSON ends in the middle', 'the file was cut off: write or download it again');
  if (!beginsAsObject(bytes)) refuseBuried(bytes, name);
  const at = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return refuse(`this is not JSON${at === undefined ? '' : ` (from character ${at} on)`}`, json);
}

/** Settings of providers and backends can hold credentials, and no review needs them. */
function withoutSettings(document: JsonObject): JsonObject {
  const kept: JsonObject = without(document, 'provider', 'provider_config');
  const terraform = own(kept, 'terraform');
  const configuration = ownObject(kept, 'configuration');
  return {
    ...kept,
    ...(configuration ? { configuration: withoutSettings(configuration) } : {}),
    ...(terraform === undefined ? {} : { terraform: blockBodies(terraform).map((settings) => ({ required_providers: own(settings, 'required_providers') ?? {} })) }),
  };
}

/** The stacks of a folder, in a fixed order. */
function stackFiles(folder: string): string[] {
  const own = join(folder, 'cdk.tf.json');
  if (existsSync(own)) return [own];
  const stacks = join(folder, 'stacks');
  if (!existsSync(stacks)) return [];
  return orRefuse(stacks, () => readdirSync(stacks))
    .sort()
    .map((stack) => join(stacks, stack, 'cdk.tf.json'))
    .filter((file) => existsSync(file));
}

function folderAdvice(folder: string): string {
  const names = orRefuse(folder, () => readdirSync(folder));
  if (names.includes('cdktf.out')) return `did you mean ${join(folder, 'cdktf.out')}?`;
  if (names.includes('Chart.yaml')) return 'render the chart first: `helm template … > manifests.yaml`';
  if (names.some((name) => name.endsWith('.tf'))) return 'plan the configuration and name the file: `terraform plan -out=tfplan && terraform show -json tfplan > plan.json`';
  return 'run `cdktf synth` first, or name a plan file';
}

function readBytes(path: string): Uint8Array {
  return orRefuse(path, () => {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      // Node reads no more than 2 GiB at once, and one string holds a quarter of it.
      if (size > 2 ** 31 - 1) tooLong(path, size, undefined);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  });
}

function orRefuse<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlanInputError) throw error;
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new PlanInputError(path, 'there is no such file', 'name a plan, a state or a cdktf.out folder', { cause: error });
    if (code === 'EACCES' || code === 'EPERM') throw new PlanInputError(path, 'the file cannot be read', 'check its permissions', { cause: error });
    throw new PlanInputError(path, `reading failed (${code ?? 'unknown error'})`, 'is it a file on a readable disk?', { cause: error });
  }
}
