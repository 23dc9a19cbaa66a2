/** Reads from a synthesized stack which providers and types it uses. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A Terraform configuration in JSON, as far as it is looked at here. */
export interface StackJson {
  readonly terraform?: { readonly required_providers?: { readonly [local: string]: { readonly source?: string } }; readonly [key: string]: unknown };
  readonly provider?: { readonly [local: string]: unknown };
  readonly resource?: Declarations;
  readonly data?: Declarations;
  readonly module?: { readonly [name: string]: unknown };
}

type Declarations = { readonly [type: string]: { readonly [name: string]: { readonly provider?: string } } };

/** What a stack wants from one provider. */
export interface ProviderUse {
  /** Source as the stack writes it: `aws`, `hashicorp/aws`, with or without a host. */
  readonly source: string;
  readonly resources: Set<string>;
  readonly dataSources: Set<string>;
}

/** Terraform's own provider: it is built in and needs no stand-in. */
const BUILT_IN = 'terraform';

/** The file name that CDKTF gives every stack. */
export const STACK_FILE = 'cdk.tf.json';

/** The name of a stack: that of its folder. */
export function stackName(folder: string): string {
  return basename(folder);
}

/**
 * A stack's configuration.
 *
 * @throws when the folder holds no synthesized stack
 */
export function readStack(folder: string): StackJson {
  const file = join(folder, STACK_FILE);
  if (!existsSync(file)) throw new Error(`no synthesized stack in ${folder}: ${STACK_FILE} is missing; synthesize first`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StackJson;
  } catch (error) {
    throw new Error(`${file} is not JSON (${(error as Error).message}): synthesize again`);
  }
}

/**
 * Providers that a stack uses, by source. A resource names its provider, or belongs to the one its type starts with.
 */
export function providersOf(stack: StackJson): ProviderUse[] {
  const uses = new Map<string, ProviderUse>();
  const use = (local: string): ProviderUse => {
    const source = stack.terraform?.required_providers?.[local]?.source ?? local;
    const known = uses.get(source) ?? { source, resources: new Set<string>(), dataSources: new Set<string>() };
    uses.set(source, known);
    return known;
  };
  for (const local of [...Object.keys(stack.terraform?.required_providers ?? {}), ...Object.keys(stack.provider ?? {})]) use(local);
  for (const [type, local] of declared(stack.resource)) if (local !== BUILT_IN) use(local).resources.add(type);
  for (const [type, local] of declared(stack.data)) if (local !== BUILT_IN) use(local).dataSources.add(type);
  uses.delete(BUILT_IN);
  return [...uses.values()];
}

function declared(declarations: Declarations = {}): [type: string, local: string][] {
  return Object.entries(declarations).flatMap(([type, named]) =>
    Object.values(named).map(({ provider }): [string, string] => [type, provider?.split('.')[0] ?? type.split('_')[0] ?? type]),
  );
}

/**
 * What keeps a stack from being planned without an account, in words for its author; undefined when nothing does.
 */
export function offlineObstacle(stack: StackJson): string | undefined {
  const states = Object.keys(stack.data?.['terraform_remote_state'] ?? {});
  if (states.length > 0) {
    return `it reads the state of another stack (terraform_remote_state.${states.join(', ')}), which only a real plan can reach; use --real, or pass the value in instead of a cross-stack reference`;
  }
  const modules = Object.keys(stack.module ?? {});
  if (modules.length > 0) return `it uses Terraform modules (${modules.join(', ')}), whose resource types are not in ${STACK_FILE}; use --real`;
  return undefined;
}
