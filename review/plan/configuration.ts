/**
 * The configuration behind the resources: of a plan from its `configuration`, of a synthesized
 * stack from the stack itself. Both become the same, so that one resolver follows references.
 */
import type { Mode } from './address';
import { isList, isObject, own, ownObject, ownObjects, ownText, ownTexts, type Json, type JsonObject } from './json';

/** A resource's expressions, for all of its instances. */
export interface ConfiguredResource {
  /** By attribute: an expression, or a block's list of such objects. */
  readonly expressions: JsonObject;
  readonly forEach?: Json;
  readonly count?: Json;
  readonly providerConfig?: string;
  /** What its `depends_on` names, as it stands there: addresses within the module, without keys. */
  readonly dependsOn?: readonly string[];
  /** True when making it runs a command on the machine that applies: `local-exec`. */
  readonly runsCommand?: boolean;
}

/** A `module` block: what it hands in, and the module that it calls. */
export interface ModuleCall {
  readonly expressions: JsonObject;
  readonly forEach?: Json;
  readonly count?: Json;
  /** Absent where the file has only the call. */
  readonly module?: ConfiguredModule;
}

/** A module's blocks, the same for all of its instances. */
export interface ConfiguredModule {
  /** By `resourceKey`. */
  readonly resources: ReadonlyMap<string, ConfiguredResource>;
  readonly calls: ReadonlyMap<string, ModuleCall>;
  readonly outputs: ReadonlyMap<string, Json>;
  /** Plans leave locals out; a synthesized stack has them, and the files of a plan may. */
  readonly locals?: ReadonlyMap<string, Json>;
  /** The variables that the module marks as sensitive. */
  readonly sensitiveVariables: ReadonlySet<string>;
  /** What variables hold that nobody hands anything, unless they are sensitive. */
  readonly defaults: ReadonlyMap<string, Json>;
}

/** The configuration of a state, and of modules that no configuration mentions. */
export const EMPTY_MODULE: ConfiguredModule = { resources: new Map(), calls: new Map(), outputs: new Map(), sensitiveVariables: new Set(), defaults: new Map() };

/** One text for a resource within its module. */
export function resourceKey(mode: Mode, type: string, name: string): string {
  return `${mode}.${type}.${name}`;
}

/** `{references: […]}`, `{constant_value: …}`, both, or `{}`: anything but a block. */
export function isExpression(node: Json | undefined): node is JsonObject {
  if (!isObject(node)) return false;
  const references = own(node, 'references');
  if (isList(references) && references.every((each) => typeof each === 'string')) return true;
  for (const key in node) if (key !== 'constant_value') return false;
  return true;
}

/** Where a module of a plan has its locals, which come from its Terraform files: no plan has such a key. */
export const LOCALS = 'locals told by files';

/** True in an output of which the Terraform files do not show that what it holds by a key is what has that key where it comes from. */
export const OTHER_KEYS = 'other keys by files';

/** In an expression the texts that its Terraform file writes beside what it names, where a plan lists names alone. */
export const WRITTEN = 'texts told by files';

/** A plan's `configuration.root_module`, with all that it calls. */
export function plannedModule(module: JsonObject): ConfiguredModule {
  const resources = new Map<string, ConfiguredResource>();
  for (const resource of ownObjects(module, 'resources')) {
    const mode = ownText(resource, 'mode') === 'data' ? 'data' : 'managed';
    const providerConfig = ownText(resource, 'provider_config_key');
    resources.set(resourceKey(mode, ownText(resource, 'type') ?? '', ownText(resource, 'name') ?? ''), {
      expressions: ownObject(resource, 'expressions') ?? {},
      ...repetition(resource),
      ...(providerConfig === undefined ? {} : { providerConfig }),
      dependsOn: ownTexts(resource, 'depends_on') ?? [],
      ...(ownObjects(resource, 'provisioners').some((each) => ownText(each, 'type') === 'local-exec') ? { runsCommand: true } : {}),
    });
  }
  const calls = new Map<string, ModuleCall>();
  for (const [name, call] of Object.entries(ownObject(module, 'module_calls') ?? {})) {
    const called = ownObject(call, 'module');
    calls.set(name, { expressions: ownObject(call, 'expressions') ?? {}, ...repetition(call), ...(called ? { module: plannedModule(called) } : {}) });
  }
  const outputs = new Map<string, Json>();
  for (const [name, output] of Object.entries(ownObject(module, 'outputs') ?? {})) outputs.set(name, own(output, 'expression') ?? {});
  const sensitiveVariables = new Set<string>();
  const defaults = new Map<string, Json>();
  for (const [name, variable] of Object.entries(ownObject(module, 'variables') ?? {})) {
    const value = own(variable, 'default');
    if (own(variable, 'sensitive') === true) sensitiveVariables.add(name);
    else if (value !== undefined) defaults.set(name, value);
  }
  const locals = ownObject(module, LOCALS);
  return { resources, calls, outputs, sensitiveVariables, defaults, ...(locals ? { locals: new Map(Object.entries(locals)) } : {}) };
}

/** Addresses, without keys, of what runs a command when it is made, in the order of the configuration. */
function runningCommands(module: ConfiguredModule, prefix = ''): readonly string[] {
  const own = [...module.resources].flatMap(([key, { runsCommand }]) => (runsCommand ? [`${prefix}${key.replace('managed.', '')}`] : []));
  const called = [...module.calls].flatMap(([name, call]) => (call.module ? runningCommands(call.module, `${prefix}module.${name}.`) : []));
  return [...own, ...called];
}

/** What to tell of them; undefined when there is none. */
export function commandsWarning(module: ConfiguredModule): string | undefined {
  const [first, ...others] = runningCommands(module);
  if (first === undefined) return undefined;
  return others.length === 0 ? `${first} runs a command when it is made (local-exec): what that changes is in no plan` : `${first} and ${others.length} more run commands when they are made (local-exec): what these change is in no plan`;
}

function repetition(node: Json): { forEach?: Json; count?: Json } {
  const forEach = own(node, 'for_each_expression');
  const count = own(node, 'count_expression');
  return { ...(forEach === undefined ? {} : { forEach }), ...(count === undefined ? {} : { count }) };
}

/** An expression of JSON syntax, as a plan would write it: the template is all that is known. */
export function templateExpression(template: Json): JsonObject {
  return { constant_value: template, references: [] };
}
