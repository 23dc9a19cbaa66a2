/**
 * One instance of a module's call, as what an expression of the call is written by: its keys are those of the
 * module's instances.
 *
 * `subnet_id = azurerm_subnet.s[each.key].id` in a call with `for_each` means for the module what it means in a
 * resource with `for_each`: whatever the module's resources take from `var.subnet_id` has the key of the module.
 */
import { inModule, parseModuleAddress, printModuleAddress, withoutFile, type InstanceKey } from './address';
import { isExpression } from './configuration';
import { own, ownTexts, type JsonObject } from './json';
import type { ModuleInstance } from './module-instance';
import { parseReference, primaryReferences, type Reference, type ResourceReference } from './reference';
import type { Instance, Resource, Written } from './resource-graph';
import type { Told, ToldValues } from './told-values';

/** Modules within modules, and no more: a chain that is longer is not followed. */
const MOST_STEPS = 16;

class CallInstance implements Instance {
  readonly type = 'module';
  readonly instanceKeys: readonly InstanceKey[];

  constructor(
    readonly moduleAddress: string,
    readonly name: string,
    private readonly module: ModuleInstance,
    private readonly caller: ModuleInstance,
    private readonly values: ToldValues,
  ) {
    this.instanceKeys = caller.called(name, undefined).flatMap(({ key }) => key ?? []);
  }

  get key(): InstanceKey | undefined { return this.module.key; }
  get instances(): number { return Math.max(this.instanceKeys.length, 1); }

  told(reference: Reference): Told {
    return this.values.of(reference, { module: this.caller, forEach: this.module.call?.forEach, key: this.key });
  }

  leadsTo(reference: Reference): Reference {
    return this.values.leadsTo(reference, { module: this.caller });
  }

  beside({ group }: ResourceReference, key: InstanceKey): Resource | undefined {
    return this.caller.groups.get(group)?.withKey(key);
  }
}

const kept = new WeakMap<ModuleInstance, CallInstance>();

/** @param start what the expression is written by where it is no variable; it stands in the module. */
export function writtenBy(expression: JsonObject, start: Instance, module: ModuleInstance, values: ToldValues): Written {
  let written: Written = { expression, by: start };
  let at = module;
  for (let steps = MOST_STEPS; steps > 0; steps -= 1) {
    const { call, parent } = at;
    const name = call && parent && onlyVariable(written.expression);
    const handed = name === undefined || name === '' ? undefined : own(call?.expressions, name);
    const by = parent && isExpression(handed) ? callOf(at, parent, written.by.moduleAddress, values) : undefined;
    if (!by || !parent) break;
    written = { expression: handed as JsonObject, by };
    at = parent;
  }
  return written;
}

/** The variable that an expression is, with nothing behind it and beside it. */
function onlyVariable(expression: JsonObject): string | undefined {
  const [only, ...others] = primaryReferences(ownTexts(expression, 'references') ?? []).map(parseReference);
  return only?.kind === 'var' && only.rest.length === 0 && others.length === 0 ? only.name : undefined;
}

function callOf(module: ModuleInstance, caller: ModuleInstance, moduleAddress: string, values: ToldValues): CallInstance | undefined {
  let found = kept.get(module);
  if (!found) {
    const bare = withoutFile(moduleAddress);
    const steps = parseModuleAddress(bare);
    const last = steps?.at(-1);
    if (!steps || !last) return undefined;
    const file = moduleAddress.slice(0, moduleAddress.length - bare.length);
    kept.set(module, (found = new CallInstance(inModule(file, printModuleAddress(steps.slice(0, -1))), last.name, module, caller, values)));
  }
  return found;
}
