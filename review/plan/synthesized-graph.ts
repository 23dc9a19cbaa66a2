/**
 * A synthesized stack (`cdk.tf.json`, or any file of Terraform's JSON syntax) as a graph. Literals
 * are values; templates are references and leave their value unknown.
 */
import type { AttributePath } from './attribute-path';
import { commandsWarning, resourceKey, templateExpression, type ConfiguredModule, type ConfiguredResource, type ModuleCall } from './configuration';
import { Graph } from './graph';
import type { ResourceRecord } from './graph-resource';
import { printable } from './input-error';
import { blockBodies, isList, isObject, own, ownObject, ownText, ownTexts, type Json, type JsonObject } from './json';
import type { PlanFile } from './load';
import { secretsByName } from './masking';
import type { Origin } from './origin';
import type { Lifecycle, ResourceSource, Variable } from './resource-graph';
import { isTemplate, parseTemplate } from './template';

/** What stands in a resource's block and is none of its attributes. */
const META = new Set(['//', 'count', 'for_each', 'depends_on', 'lifecycle', 'provider', 'provisioner', 'connection', 'dynamic']);
/** What stands in a module's block and is none of its variables. */
const CALL_META = new Set([...META, 'source', 'version', 'providers']);

export function synthesizedGraph(file: PlanFile): Graph {
  const { document, name, stack, formatVersion } = file;
  const locals = new Map<string, Json>();
  for (const [key, value] of blocks(own(document, 'locals'))) locals.set(key, templateExpression(value));
  const resources = new Map<string, ConfiguredResource>();
  const records: ResourceRecord[] = [];
  const moves = movesOf(document);
  for (const mode of ['managed', 'data'] as const) {
    for (const [type, named] of blocks(own(document, mode === 'data' ? 'data' : 'resource'))) {
      for (const [resource, body] of blocks(named).flatMap(([each, node]) => blockBodies(node).map((body) => [each, body] as const))) {
        resources.set(resourceKey(mode, type, resource), configured(body));
        if (isOff(body)) continue;
        const made = record(mode, type, resource, body, providerOf(document, type), sourceIn(body, stack));
        records.push({ ...made, previousAddress: moves.get(made.address) });
      }
    }
  }
  const warnings = [...file.warnings];
  if (records.length === 0) warnings.push('the stack holds no resource');
  if (blocks(own(document, 'module')).length > 0) warnings.push('the stack calls modules, whose resources are not in it: review the plan');
  const configuration: ConfiguredModule = { resources, calls: callsOf(document), outputs: outputsOf(document), locals, sensitiveVariables: new Set(), defaults: new Map() };
  const commands = commandsWarning(configuration);
  if (commands !== undefined) warnings.push(printable(commands));
  return new Graph({
    kind: 'synthesized',
    name,
    formatVersion,
    ...(stack === undefined ? {} : { stack }),
    warnings,
    errored: false,
    providerSettings: file.providerSettings,
    providerRegions: file.providerRegions,
    providerAccounts: file.providerAccounts,
    variables: variablesOf(document),
    statePlace: file.statePlace,
    configuration,
    records,
    removed: [],
  });
}

/** Where each resource was before a `moved` block, by where it is. */
function movesOf(document: JsonObject): ReadonlyMap<string, string> {
  const moved = own(document, 'moved');
  return new Map((isList(moved) ? moved : [moved ?? null]).flatMap((move) => {
    const [from, to] = [ownText(move, 'from'), ownText(move, 'to')].map((address) => address?.replace(/^\$\{|\}$/g, ''));
    return from === undefined || to === undefined ? [] : [[to, from] as const];
  }));
}

/** Construct paths and lifecycles by address, for the plan of the same stack, which has neither. */
export function synthesizedOrigins(file: PlanFile): ReadonlyMap<string, Origin> {
  return new Map(synthesizedGraph(file).resources.map(({ address, source, lifecycle }) => [address, { source, lifecycle }]));
}

/** Blocks by name; JSON syntax also allows a list of objects, whose names add up. */
function blocks(node: Json | undefined): readonly (readonly [string, Json])[] {
  if (isList(node)) return node.flatMap(blocks);
  return isObject(node) ? Object.entries(node).filter(([name]) => name !== '//') : [];
}

/** Written for no instance at all: a plan of it has none. */
function isOff(body: JsonObject): boolean {
  const [count, forEach] = [own(body, 'count'), own(body, 'for_each')];
  return count === 0 || count === '0' || (isObject(forEach) && Object.keys(forEach).length === 0);
}

function configured(body: JsonObject): ConfiguredResource {
  const forEach = own(body, 'for_each');
  const count = own(body, 'count');
  const provider = ownText(body, 'provider');
  return {
    expressions: Object.fromEntries(Object.entries(attributes(body)).map(([name, value]) => [name, templateExpression(value)])),
    ...(forEach === undefined ? {} : { forEach: templateExpression(forEach) }),
    ...(count === undefined ? {} : { count: templateExpression(count) }),
    ...(provider === undefined ? {} : { providerConfig: provider.replace(/^\$\{|\}$/g, '') }),
    dependsOn: (ownTexts(body, 'depends_on') ?? []).map((address) => address.replace(/^\$\{|\}$/g, '')),
    ...(blocks(own(body, 'provisioner')).some(([type]) => type === 'local-exec') ? { runsCommand: true } : {}),
  };
}

/** A body's attributes. Of a block that a `dynamic` block makes too, all that is written of it is one unknown. */
function attributes(body: JsonObject): JsonObject {
  const plain = Object.entries(body).filter(([name]) => !META.has(name));
  const dynamic = dynamicBlocks(body);
  if (dynamic.size === 0) return Object.fromEntries(plain);
  const names = new Set([...plain.map(([name]) => name), ...dynamic.keys()]);
  return Object.fromEntries([...names].map((name) => [name, dynamic.has(name) ? [own(body, name) ?? null, dynamic.get(name) ?? null] : own(body, name) ?? null]));
}

function dynamicBlocks(body: JsonObject): ReadonlyMap<string, Json> {
  return new Map(blocks(own(body, 'dynamic')));
}

function record(mode: 'managed' | 'data', type: string, name: string, body: JsonObject, provider: string, source: ResourceSource | undefined): ResourceRecord {
  const all = attributes(body);
  const dynamic = dynamicBlocks(body);
  const hidden = (key: string, value: Json): Json => (dynamic.has(key) ? true : templatesIn(value));
  const unknown = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, hidden(key, value)]));
  const after = Object.fromEntries(Object.entries(all).filter(([key]) => unknown[key] !== true).map(([key, value]) => [key, literals(value)]));
  const address = `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
  return {
    address,
    moduleAddress: '',
    mode,
    type,
    name,
    provider,
    action: 'unplanned',
    repeated: Object.hasOwn(body, 'count') || Object.hasOwn(body, 'for_each'),
    after,
    unknown: { ...unknown, ...identityUnknown(after, unknown) },
    sensitive: secretsByName(after),
    ...(source ? { source } : {}),
    ...(mode === 'managed' ? { lifecycle: lifecycleOf(body) } : {}),
    unknownReason: (path) => reason(address, all, dynamic, path),
  };
}

/** Terraform takes no template there, so what is not written is not asked for. */
function lifecycleOf(body: JsonObject): Lifecycle {
  const block = own(body, 'lifecycle');
  const asks = (name: string) => (isList(block) ? block : [block]).some((each) => String(own(each, name)) === 'true');
  return { preventDestroy: asks('prevent_destroy'), createBeforeDestroy: asks('create_before_destroy') };
}

/** The provider gives these when it makes the resource. */
function identityUnknown(after: JsonObject, unknown: JsonObject): JsonObject {
  return Object.fromEntries(['id', 'arn', 'self_link'].filter((name) => !Object.hasOwn(after, name) && !Object.hasOwn(unknown, name)).map((name) => [name, true]));
}

function reason(address: string, all: JsonObject, dynamic: ReadonlyMap<string, Json>, path: AttributePath): string {
  const attribute = String(path[0]);
  if (dynamic.has(attribute)) return `a dynamic block decides how many '${attribute}' blocks there are`;
  return Object.hasOwn(all, attribute) ? 'a template, whose value only a plan has' : `known after apply of ${address}`;
}

/** The value without its templates: in objects they are absent, in lists null. */
function literals(value: Json): Json {
  if (typeof value === 'string') return isTemplate(value) ? parseTemplate(value).literal ?? null : value;
  if (isList(value)) return value.map(literals);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => templatesIn(item) !== true).map(([key, item]) => [key, literals(item)]));
}

/** A tree with `true` at each template, as `after_unknown` has it. */
function templatesIn(value: Json): Json {
  if (typeof value === 'string') return isTemplate(value) && parseTemplate(value).literal === undefined;
  if (isList(value)) return value.map(templatesIn);
  if (!isObject(value)) return false;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, templatesIn(item)]));
}

function sourceIn(body: JsonObject, stack: string | undefined): ResourceSource | undefined {
  const constructPath = ownText(ownObject(ownObject(body, '//'), 'metadata'), 'path');
  if (constructPath === undefined) return stack === undefined ? undefined : { stack };
  return { constructPath, ...(stack === undefined ? {} : { stack }) };
}

/** `aws` and `hashicorp/aws` are `registry.terraform.io/hashicorp/aws`; without a requirement the type's first word names it. */
function providerOf(document: JsonObject, type: string): string {
  const local = type.split('_')[0] as string;
  const requirement = blockBodies(own(document, 'terraform')).flatMap((settings) => blockBodies(own(settings, 'required_providers'))).map((required) => own(required, local)).find((each) => each !== undefined);
  const source = (typeof requirement === 'object' ? ownText(requirement, 'source') : undefined) ?? local;
  const parts = source.split('/');
  return ['registry.terraform.io', 'hashicorp'].slice(0, Math.max(0, 3 - parts.length)).concat(parts).join('/');
}

function callsOf(document: JsonObject): ReadonlyMap<string, ModuleCall> {
  return new Map(blocks(own(document, 'module')).map(([name, body]) => {
    const inputs = blocks(body).filter(([key]) => !CALL_META.has(key)).map(([key, value]) => [key, templateExpression(value)] as const);
    return [name, { expressions: Object.fromEntries(inputs) }];
  }));
}

function outputsOf(document: JsonObject): ReadonlyMap<string, Json> {
  return new Map(blocks(own(document, 'output')).map(([name, body]) => [name, templateExpression(own(blockBodies(body)[0] ?? null, 'value') ?? null)]));
}

function variablesOf(document: JsonObject): ReadonlyMap<string, Variable> {
  return new Map(blocks(own(document, 'variable')).map(([name, body]) => [name, { name, sensitive: blockBodies(body).some((each) => own(each, 'sensitive') === true) }]));
}
