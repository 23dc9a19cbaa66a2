/**
 * Finds the generated binding of a Terraform provider and the source of one of its types.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type GeneratedSource, indexGeneratedSource } from './generated-source';

const SOURCE_MAP = 'sourceMappingURL=data:application/json;base64,';

/** An installed `@cdktf/provider-*` package, or one of CDK Terrain, `@cdktn/provider-*`: their generated code differs in the name of the library only. */
export interface Binding {
  /** npm name, e.g. `@cdktf/provider-aws`. */
  readonly packageName: string;
  readonly packageVersion: string;
  /** Terraform provider, e.g. `hashicorp/aws`, without a registry host. */
  readonly provider: string;
  /** Terraform provider's version that the binding was generated from. */
  readonly providerVersion: string;
  /** Last part of the provider's address, which starts most of its types: `aws`. */
  readonly prefix: string;
  /** Folder with one folder per type. */
  readonly lib: string;
}

/** What kind of schema is asked for; bindings keep each kind in a folder of its own name. */
export type SchemaKind = 'resource' | 'data' | 'provider';

const SCOPES = ['@cdktf', '@cdktn'];

/**
 * All bindings that Node would find from a folder, nearest first.
 *
 * @param root the project's folder
 */
export function installedBindings(root: string): Binding[] {
  const found: Binding[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    for (const scope of SCOPES.map((each) => join(folder, 'node_modules', each))) {
      if (existsSync(scope)) found.push(...readdirSync(scope).sort().flatMap((name) => bindingAt(join(scope, name))));
    }
    if (dirname(folder) === folder) return found;
  }
}

function bindingAt(folder: string): Binding[] {
  const manifest = join(folder, 'package.json');
  if (!/provider-[^/\\]+$/.test(folder) || !existsSync(manifest)) return [];
  const { name, version, cdktf } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    name: string;
    version: string;
    cdktf?: { provider?: { name: string; version: string } };
  };
  if (cdktf?.provider === undefined) return [];
  const provider = providerWithoutHost(cdktf.provider.name);
  return [
    {
      packageName: name,
      packageVersion: version,
      provider,
      providerVersion: cdktf.provider.version,
      prefix: provider.slice(provider.indexOf('/') + 1),
      lib: join(folder, 'lib'),
    },
  ];
}

/**
 * A provider's address as `namespace/name`: `aws`, `hashicorp/aws` and `registry.example.com/hashicorp/aws` are the same binding.
 */
export function providerWithoutHost(source: string): string {
  const parts = source.split('/');
  return parts.length === 1 ? `hashicorp/${source}` : parts.slice(-2).join('/');
}

/** The folder of a type inside its binding, or undefined when the binding has no such type. */
export function typeFolder(binding: Binding, kind: SchemaKind, type: string): string | undefined {
  const short = type.startsWith(`${binding.prefix}_`) ? type.slice(binding.prefix.length + 1) : type;
  const kebab = short.replace(/_/g, '-');
  const name = { provider: 'provider', data: `data-${binding.prefix}-${kebab}`, resource: kebab }[kind];
  const folder = join(binding.lib, name);
  return existsSync(folder) ? folder : undefined;
}

/**
 * The generated TypeScript of one type. Published bindings carry it in the source map at the end of
 * their JavaScript, with the comments that the JavaScript itself has lost.
 *
 * @throws when a file carries no TypeScript, which means that the binding was built in another way
 */
export function readTypeSource(folder: string): GeneratedSource {
  // Types with very many blocks spread over further files in a folder of this name.
  const folders = [folder, join(folder, 'index-structs')].filter((name) => existsSync(name));
  const files = folders.flatMap((name) => readdirSync(name).filter((file) => file.endsWith('.js')).sort().map((file) => join(name, file)));
  return indexGeneratedSource(files.map((file) => typeScriptOf(file)).join('\n'));
}

function typeScriptOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  const at = text.lastIndexOf(SOURCE_MAP);
  const map = at < 0 ? undefined : (JSON.parse(Buffer.from(text.slice(at + SOURCE_MAP.length).trim(), 'base64').toString('utf8')) as { sourcesContent?: string[] });
  const source = map?.sourcesContent?.[0];
  if (source === undefined) throw new Error(`${file} carries no source map with its TypeScript: reinstall the binding from npm`);
  return source;
}
