/** Addresses of resources and modules, as types. */
import { parseTraversal, printTraversal, type Step } from './traversal';

/** `managed` for `resource`, `data` for `data`; `ephemeral` resources are in no plan but can be referred to. */
export type Mode = 'managed' | 'data' | 'ephemeral';

/** The number of a `count` instance, or the key of a `for_each` instance. */
export type InstanceKey = number | string;

export interface ModuleStep {
  readonly name: string;
  readonly key?: InstanceKey;
}

export interface ResourceAddress {
  /** From the root down; empty in the root module. */
  readonly module: readonly ModuleStep[];
  readonly mode: Mode;
  readonly type: string;
  readonly name: string;
  readonly key?: InstanceKey;
}

const MODES: ReadonlyMap<string, Mode> = new Map([['data', 'data'], ['ephemeral', 'ephemeral']]);

/** `module.a["x.y"].data.aws_vpc.main[0]`; undefined when the text is no address of a resource. */
export function parseAddress(text: string): ResourceAddress | undefined {
  const steps = parseTraversal(text);
  if (!steps) return undefined;
  const { module, at } = moduleSteps(steps);
  const resource = resourceSteps(steps, at);
  return resource && resource.at === steps.length ? { module, ...resource.resource } : undefined;
}

/** `module.a["x.y"].module.b[0]`; an empty text is the root module. */
export function parseModuleAddress(text: string): readonly ModuleStep[] | undefined {
  if (text === '') return [];
  const steps = parseTraversal(text);
  if (!steps) return undefined;
  const { module, at } = moduleSteps(steps);
  return at === steps.length ? module : undefined;
}

/** What ends the name of a file that stands before an address where several files are reviewed together: `network:aws_vpc.main`. */
const OF_FILE = ':';

/** What stands before each address of a file. */
export function filePrefix(name: string): string {
  return `${name}${OF_FILE}`;
}

/** An address as it is in its own file. */
export function withoutFile(address: string): string {
  return address.replace(/^[\w./-]+:/, '');
}

/** True for the root module of any file. */
export function isRootModule(moduleAddress: string): boolean {
  return moduleAddress === '' || moduleAddress.endsWith(OF_FILE);
}

/** What stands in a module, by its address there: a resource, or a module that it calls. */
export function inModule(moduleAddress: string, inner: string): string {
  return isRootModule(moduleAddress) ? `${moduleAddress}${inner}` : `${moduleAddress}.${inner}`;
}

export function printAddress(address: ResourceAddress): string {
  const mode: Step[] = address.mode === 'managed' ? [] : [named(address.mode)];
  return printTraversal([...moduleTraversal(address.module), ...mode, named(address.type), named(address.name), ...keyed(address.key)]);
}

export function printModuleAddress(module: readonly ModuleStep[]): string {
  return printTraversal(moduleTraversal(module));
}

/** The modules that an address, or the rest of one, begins with. */
export function moduleSteps(steps: readonly Step[]): { readonly module: readonly ModuleStep[]; readonly at: number } {
  const module: ModuleStep[] = [];
  let at = 0;
  while (nameOf(steps[at]) === 'module') {
    const name = nameOf(steps[at + 1]);
    if (name === undefined) break;
    const key = keyOf(steps[at + 2]);
    module.push(key === undefined ? { name } : { name, key });
    at += key === undefined ? 2 : 3;
  }
  return { module, at };
}

/** The resource at a place in a traversal, and the place behind it. */
export function resourceSteps(
  steps: readonly Step[],
  start: number,
): { readonly resource: Omit<ResourceAddress, 'module'>; readonly at: number } | undefined {
  const prefix = nameOf(steps[start]);
  if (prefix === undefined) return undefined;
  const mode = MODES.get(prefix) ?? 'managed';
  const at = mode === 'managed' ? start : start + 1;
  const type = nameOf(steps[at]);
  const name = nameOf(steps[at + 1]);
  if (type === undefined || name === undefined) return undefined;
  const key = keyOf(steps[at + 2]);
  return { resource: { mode, type, name, ...(key === undefined ? {} : { key }) }, at: key === undefined ? at + 2 : at + 3 };
}

function nameOf(step: Step | undefined): string | undefined {
  return step?.kind === 'name' ? step.name : undefined;
}

function keyOf(step: Step | undefined): InstanceKey | undefined {
  if (step?.kind === 'index') return step.index;
  return step?.kind === 'key' ? step.key : undefined;
}

function named(name: string): Step {
  return { kind: 'name', name };
}

function keyed(key: InstanceKey | undefined): readonly Step[] {
  if (key === undefined) return [];
  return [typeof key === 'number' ? { kind: 'index', index: key } : { kind: 'key', key }];
}

function moduleTraversal(module: readonly ModuleStep[]): readonly Step[] {
  return module.flatMap((step) => [named('module'), named(step.name), ...keyed(step.key)]);
}
