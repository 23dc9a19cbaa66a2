/**
 * A plan together with the Terraform files that it was made of: where a key in an expression is not what the plan shows,
 * the expression may mean any instance, and each resource knows the line that makes it.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { parseAddress, printAddress } from '../plan/address';
import { isExpression, LOCALS, OTHER_KEYS, resourceKey, WRITTEN } from '../plan/configuration';
import { PlanInputError, printable } from '../plan/input-error';
import { blockBodies, isList, isObject, own, ownObject, ownObjects, ownText, ownTexts, without, type Json, type JsonObject } from '../plan/json';
import type { PlanFile } from '../plan/load';
import type { Origin } from '../plan/origin';
import { COMPOSED, parseReference, primaryReferences } from '../plan/reference';
import { isTemplate } from '../plan/template';
import { keysIn, textsIn } from './expression-tree';
import type { Scope } from './kept-keys';
import { isByKey, mayBeComposed, mayHandOn, OwnKeys } from './own-keys';
import { folderOfCall, installedModules, readCalled, readModule, type SourceBlock, type SourceModule } from './terraform-files';

/**
 * @param folder where `terraform plan` was run.
 * @throws PlanInputError when the folder is not the plan's, or a file in it cannot be read.
 */
export async function withSource(file: PlanFile, folder: string): Promise<PlanFile> {
  if (file.kind === 'synthesized') throw new PlanInputError(file.name, 'a synthesized stack is its own source', 'leave out --source');
  const configuration = ownObject(file.document, 'configuration');
  const root = ownObject(configuration, 'root_module');
  if (!configuration || !root) throw new PlanInputError(file.name, 'this says nothing of its configuration, as a state does', '--source is for plans: leave it out');
  // OpenTofu takes providers from a registry of its own.
  const isOpenTofu = ownObjects(file.document, 'resource_changes').some((change) => ownText(change, 'provider_name')?.startsWith('registry.opentofu.org/'));
  const reader = new SourceReader(folder, isOpenTofu);
  const scope = reader.scope(await readModule(folder, isOpenTofu), []);
  const told = await reader.module(root, scope, [], undefined);
  if (reader.found === 0 && reader.missing.length > 0) {
    throw new PlanInputError(folder, `this is not what ${file.name} was made of: it has none of its ${reader.blocks} blocks`, 'name the folder in which `terraform plan` was run');
  }
  return {
    ...file,
    document: { ...file.document, configuration: { ...configuration, root_module: told } },
    origins: reader.origins,
    warnings: [...file.warnings, ...reader.warnings(folder, unknownIn(file.document))],
  };
}

class SourceReader {
  /** By addresses without keys. */
  readonly origins = new Map<string, Origin>();
  readonly missing: string[] = [];
  found = 0;
  /** How many of a plan's blocks were looked for. */
  blocks = 0;
  private readonly keys = new OwnKeys();
  /** Attributes that take something by a key of which a plan shows only what it is made of. */
  private readonly composed: string[] = [];
  private readonly unread: string[] = [];
  private readonly installed: ReadonlyMap<string, string>;
  private readonly read = new Map<string, Promise<SourceModule>>();

  constructor(folder: string, private readonly isOpenTofu: boolean) {
    this.installed = installedModules(folder);
  }

  scope(source: SourceModule, path: readonly string[], caller?: Scope['caller']): Scope {
    const known = new Map<string, Promise<Scope | undefined>>();
    const scope: Scope = {
      source,
      ...(caller ? { caller } : {}),
      called: (name) => {
        let found = known.get(name);
        if (!found) known.set(name, (found = this.called(scope, path, name)));
        return found;
      },
    };
    return scope;
  }

  private async called(caller: Scope, path: readonly string[], name: string): Promise<Scope | undefined> {
    const call = caller.source.calls.get(name)?.body;
    const own = [...path, name];
    const folder = this.installed.get(own.join('.')) ?? (call && folderOfCall(caller.source.folder, call));
    if (!call || folder === undefined || !existsSync(folder)) {
      this.unread.push(addressOf(own));
      return undefined;
    }
    let source = this.read.get(folder);
    if (!source) this.read.set(folder, (source = readCalled(folder, this.isOpenTofu)));
    return this.scope(await source, own, { scope: caller, call });
  }

  /** @param call where the module is called, as far as that is in the repository */
  async module(config: JsonObject, scope: Scope, path: readonly string[], call: SourceBlock | undefined): Promise<JsonObject> {
    const missing = this.missing.length;
    const resources: JsonObject[] = [];
    for (const resource of ownObjects(config, 'resources')) {
      const said = ownText(resource, 'mode');
      const mode = said === 'data' || said === 'ephemeral' ? said : 'managed';
      const [type, name] = [ownText(resource, 'type') ?? '', ownText(resource, 'name') ?? ''];
      const block = scope.source.blocks.get(resourceKey(mode, type, name));
      const address = [...(path.length > 0 ? [addressOf(path)] : []), ...(mode === 'managed' ? [] : [mode]), type, name].join('.');
      this.blocks += 1;
      if (block) this.found += 1;
      else this.missing.push(address);
      const place = call && block && isInstalled(block.file) ? call : block;
      if (place) this.origins.set(address, { source: { constructPath: placeOf(place) } });
      resources.push({ ...resource, ...await this.repeated(resource, block?.body, scope, address) });
    }
    const calls = new Map<string, Json>();
    for (const [name, each] of Object.entries(ownObject(config, 'module_calls') ?? {})) {
      const own = scope.source.calls.get(name);
      const called = ownObject(each, 'module');
      const inner = called && await scope.called(name);
      const place = call && own && isInstalled(own.file) ? call : own;
      calls.set(name, { ...each as JsonObject, ...await this.repeated(each, own?.body, scope, addressOf([...path, name])), ...(inner ? { module: await this.module(called, inner, [...path, name], place) } : {}) });
    }
    const outputs = new Map<string, Json>();
    for (const [name, each] of Object.entries(ownObject(config, 'outputs') ?? {})) {
      const expression = own(each, 'expression');
      outputs.set(name, isExpression(expression) ? { ...each as JsonObject, expression: await this.output(expression, scope.source.outputs.get(name), scope, [...(path.length > 0 ? [addressOf(path)] : []), 'output', name].join('.')) } : each);
    }
    // Of files that are not those of the plan no local is taken.
    const isOther = this.missing.length > missing;
    return { ...config, ...(isOther ? {} : { [LOCALS]: await this.locals(scope.source) }), ...(resources.length > 0 ? { resources } : {}), ...(calls.size > 0 ? { module_calls: Object.fromEntries(calls) } : {}), ...(outputs.size > 0 ? { outputs: Object.fromEntries(outputs) } : {}) };
  }

  private async output(expression: JsonObject, source: Json | undefined, scope: Scope, address: string): Promise<JsonObject> {
    const told = await this.expression(expression, source, scope, address);
    const isKept = !isOfSeveral(ownTexts(expression, 'references') ?? []) || await this.keys.keepsKeys(source, scope);
    return isKept ? told : { ...told, [OTHER_KEYS]: true };
  }

  /** What each local names, as a plan would list it. */
  private async locals({ locals }: SourceModule): Promise<JsonObject> {
    const found = new Map<string, Json>();
    for (const [name, value] of locals) {
      const references = await this.keys.trees.references(value);
      if (references) found.set(name, { references, ...writtenIn(value) });
    }
    return Object.fromEntries(found);
  }

  /** The expressions of a block, and what repeats it. */
  private async repeated(config: Json, body: JsonObject | undefined, scope: Scope, address: string): Promise<JsonObject> {
    const expressions = ownObject(config, 'expressions');
    const forEach = own(config, 'for_each_expression');
    const references = ownTexts(forEach, 'references') ?? [];
    const isComposed = isObject(forEach) && isOfSeveral(references) && !(await this.keys.keepsKeys(own(body, 'for_each'), scope));
    return {
      ...(expressions ? { expressions: await this.block(expressions, body, scope, address) } : {}),
      ...(isComposed ? { for_each_expression: { ...forEach, references: [...references, COMPOSED] } } : {}),
    };
  }

  private async block(expressions: JsonObject, body: JsonObject | undefined, scope: Scope, address: string): Promise<JsonObject> {
    const told: Record<string, Json> = {};
    for (const [name, value] of Object.entries(expressions)) told[name] = await this.value(value, own(body, name), scope, `${address}.${name}`);
    return told;
  }

  private async value(value: Json, source: Json | undefined, scope: Scope, address: string): Promise<Json> {
    if (isExpression(value)) return this.expression(value, source, scope, address);
    const bodies = blockBodies(source);
    if (isObject(value)) return this.block(value, bodies[0], scope, address);
    if (!isList(value)) return value;
    const blocks: Json[] = [];
    for (const [at, each] of value.entries()) blocks.push(isObject(each) ? await this.block(each, bodies.length === value.length ? bodies[at] : undefined, scope, address) : each);
    return blocks;
  }

  /** What is not there, or otherwise, as the files are of another commit, is not known to be plain. */
  private async expression(expression: JsonObject, source: Json | undefined, scope: Scope, address: string): Promise<JsonObject> {
    const references = ownTexts(expression, 'references') ?? [];
    if (references.length === 0) return expression;
    const isWritten = isWrittenIn(source, references);
    if (!isWritten) this.missing.push(address);
    const written = writtenIn(source);
    const told = own(written, WRITTEN) === undefined ? expression : { ...expression, ...written };
    if (!mayBeComposed(references) || (isWritten && await this.keys.isPlain(source, scope))) return told;
    if (references.some(isByKey)) this.composed.push(address);
    return { ...told, references: [...references.filter((text) => !isByKey(text)), COMPOSED] };
  }

  /** @param isUnknown whether an attribute is known only after the apply */
  warnings(folder: string, isUnknown: (attribute: string) => boolean): readonly string[] {
    const [missing, unread, composed] = [this.missing, this.unread, this.composed.filter(isUnknown)].map(some) as [string, string, string];
    return [
      ...(missing === '' ? [] : [printable(`${folder} does not have ${missing}: was the plan made of these files?`, LONGEST)]),
      ...(unread === '' ? [] : [printable(`the files of ${unread} are not there, so that keys in them are taken as they are listed; run \`terraform init\` in ${folder} first`, LONGEST)]),
      ...(composed === '' ? [] : [printable(`keys are made by functions, texts or maps in ${composed}: which instance is meant is not known before its id is`, LONGEST)]),
    ];
  }
}

/** Of attributes by address without keys, `module.net.aws_route.r.gateway_id`, whether a plan leaves one of them unknown. */
function unknownIn(document: JsonObject): (attribute: string) => boolean {
  let unknown: Set<string> | undefined;
  const read = (): Set<string> => {
    const found = new Set<string>();
    for (const change of ownObjects(document, 'resource_changes')) {
      const after = ownObject(ownObject(change, 'change'), 'after_unknown') ?? {};
      const address = parseAddress(ownText(change, 'address') ?? '');
      if (!address) continue;
      const block = printAddress({ ...without(address, 'key'), module: address.module.map(({ name }) => ({ name })) });
      for (const [name, value] of Object.entries(after)) if (hasTrue(value)) found.add(`${block}.${name}`);
    }
    return found;
  };
  return (attribute) => {
    unknown ??= read();
    const steps = attribute.split('.');
    return steps.some((_, at) => unknown?.has(steps.slice(0, at + 1).join('.')));
  };
}

function hasTrue(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return value === true;
  return Object.values(value).some(hasTrue);
}

/** Ids that are written out beside what an expression names. */
function writtenIn(source: Json | undefined): JsonObject {
  const texts = textsIn(source).flatMap((text) => (isTemplate(text) ? [...text.matchAll(/"([a-z]{1,20}-\w+)"/g)].map(([, id]) => id as string) : /^[a-z]{1,20}-\w+$/.test(text) ? [text] : []));
  return texts.length > 0 ? { [WRITTEN]: texts } : {};
}

/** Whether all that a plan lists stands in a value, as far as texts tell; else the files are of another commit. */
function isWrittenIn(source: Json | undefined, references: readonly string[]): boolean {
  const text = [...textsIn(source), ...keysIn(source)].join('\n');
  return references.every((each) => {
    const [first = '', second = '', third = ''] = each.split(/[.[]/);
    return text.includes(first === 'data' ? `${second}.${third}` : `${first}.${second}`);
  });
}

/** Whether it names several things, or what there may be several of: one attribute of one thing is in any order the same. */
function isOfSeveral(references: readonly string[]): boolean {
  const [only, ...others] = primaryReferences(references).map(parseReference);
  return others.length > 0 ? mayHandOn(references) : only !== undefined && only.kind !== 'var' && !(only.kind === 'resource' && only.rest.length > 0);
}

/** A few of them, and how many there are besides. */
function some(all: readonly string[]): string {
  const distinct = [...new Set(all)];
  return distinct.length > 3 ? `${distinct.slice(0, 3).join(', ')} and ${distinct.length - 3} more` : distinct.join(', ');
}

const LONGEST = 600;

function addressOf(path: readonly string[]): string {
  return path.map((name) => `module.${name}`).join('.');
}

/** Modules that `terraform init` downloads are in no repository. */
function isInstalled(file: string): boolean {
  return file.split(/[\\/]/).includes('.terraform');
}

/** As a path in the repository, which is where the command runs. */
function placeOf({ file, line }: SourceBlock): string {
  return `${relative('', file).replaceAll('\\', '/')}:${line}`;
}
