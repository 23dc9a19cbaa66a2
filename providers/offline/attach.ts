/** Starts the stand-ins of one stack and tells Terraform where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Memory, stateTypes } from './memory';
import { type Binding, installedBindings, providerWithoutHost, type SchemaKind } from './schema/bindings';
import { type SchemaCache } from './schema/cache';
import { type Block, EMPTY_BLOCK, type ProviderSchema } from './schema/model';
import { type ProviderUse, providersOf, readStack, stackName } from './stack-file';
import { StandIn } from './stand-in';
import { serve } from './wire/server';

/** Stand-ins that run. */
export interface Attached {
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  /** Stops them; safe to call twice. */
  close(): void;
}

/** What {@link attachStandIns} needs. */
export interface AttachOptions {
  /** Folder of the synthesized stack. */
  readonly stackFolder: string;
  /** Folder for the sockets: private, and short, because a socket's path may have about 100 characters. */
  readonly socketFolder: string;
  /** Where bindings are looked for: the project's folder. */
  readonly root: string;
  readonly cache: SchemaCache;
  /** State that the plan starts from. @default - nothing exists */
  readonly stateFile?: string;
}

/**
 * Serves every provider of a stack from this process.
 *
 * @throws when a provider has no installed binding
 */
export async function attachStandIns(options: AttachOptions): Promise<Attached> {
  const { stackFolder, socketFolder, root, cache, stateFile } = options;
  const state = stateFile !== undefined && existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as object) : {};
  const memory = new Memory();
  const existing = stateTypes(state);
  const bindings = installedBindings(root);
  // Everything that can fail for a reason of the stack's comes before the first server starts.
  const prepared = providersOf(readStack(stackFolder)).map((use, index) => {
    const binding = bindingOf(bindings, use);
    const schema = schemaOf(cache, binding, use, existing);
    return { source: use.source, standIn: new StandIn(binding.prefix, schema, memory, stackName(stackFolder)), socket: join(socketFolder, String(index)) };
  });
  const servers: (() => void)[] = [];
  const close = (): void => servers.splice(0).forEach((stop) => stop());
  try {
    for (const { standIn, socket } of prepared) servers.push(await serve(standIn, socket, existing.resources));
  } catch (error) {
    close();
    throw error;
  }
  return { reattach: JSON.stringify(Object.fromEntries(prepared.map(({ source, socket }) => [source, reattachEntry(socket)]))), close };
}

function reattachEntry(socket: string): object {
  return {
    Protocol: 'grpc',
    ProtocolVersion: 6,
    Pid: process.pid,
    // Terraform leaves a provider under test alone when it is done; otherwise it would end this process.
    Test: true,
    Addr: { Network: 'unix', String: socket },
  };
}

function bindingOf(bindings: readonly Binding[], { source }: ProviderUse): Binding {
  const wanted = providerWithoutHost(source);
  const binding = bindings.find(({ provider }) => provider === wanted);
  if (binding === undefined) {
    throw new Error(`provider '${source}' has no binding to read its schema from: npm install @cdktf/provider-${wanted.slice(wanted.indexOf('/') + 1)}, or plan with --real`);
  }
  return binding;
}

/** The types that the stack names, and those that its state holds and the stack has dropped since. */
function schemaOf(cache: SchemaCache, binding: Binding, use: ProviderUse, existing: ReturnType<typeof stateTypes>): ProviderSchema {
  const ofBinding = (types: Iterable<string>) => [...types].filter((type) => type.startsWith(`${binding.prefix}_`));
  const read = (kind: SchemaKind, types: Iterable<string>): { [type: string]: Block } =>
    // A type that the binding lacks is left out, and Terraform reports it at its place in the stack.
    Object.fromEntries([...new Set(types)].sort().flatMap((type) => {
      const block = cache.block(binding, kind, type);
      return block === undefined ? [] : [[type, block]];
    }));
  return {
    provider: cache.block(binding, 'provider', binding.prefix) ?? EMPTY_BLOCK,
    resources: read('resource', [...use.resources, ...ofBinding(existing.resources.keys())]),
    dataSources: read('data', [...use.dataSources, ...ofBinding(existing.dataSources)]),
  };
}
