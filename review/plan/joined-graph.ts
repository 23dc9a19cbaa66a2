/**
 * Several files as one graph: the network of one stack, and what another one puts into it. Ids join what stands in
 * different files as they do within one, and in synthesized stacks the outputs that one hands another.
 */
import { filePrefix } from './address';
import { EMPTY_MODULE } from './configuration';
import { Graph, type GraphFile, type GraphParts } from './graph';
import { looksLikeIdentity } from './identity';
import { printable } from './input-error';
import type { ProviderRegions, ProviderSettings } from './provider-settings';
import type { PlanKind } from './recognize';

/** A file's graph, and what its addresses begin with. */
export interface NamedGraph {
  /** Different for each: see `shortNames`. */
  readonly name: string;
  readonly graph: Graph;
}

/** @param name of all of them together */
export function joinedGraph(name: string, all: readonly NamedGraph[]): Graph {
  const files = all.map((each): GraphFile => ({ parts: each.graph.parts, prefix: filePrefix(each.name) }));
  const [first] = all as readonly [NamedGraph, ...NamedGraph[]];
  const terraformVersion = onlyOf(all.map(({ graph }) => graph.terraformVersion));
  const isUnchanged = all.every(({ graph }) => graph.kind === 'state' || graph.parts.before === 'the same');
  const parts: GraphParts = {
    kind: kindOf(all.map(({ graph }) => graph.kind)),
    name,
    formatVersion: first.graph.formatVersion,
    ...(terraformVersion === undefined ? {} : { terraformVersion }),
    warnings: [...all.flatMap((each) => each.graph.warnings.map((warning) => `${each.name}: ${warning}`)), ...madeTwice(all)],
    errored: all.some(({ graph }) => graph.errored),
    variables: new Map(files.flatMap(({ parts: { variables }, prefix }) => [...variables].map(([key, variable]) => [`${prefix}${key}`, variable] as const))),
    configuration: EMPTY_MODULE,
    providerSettings: settingsOf(files),
    providerRegions: prefixed(files.map(({ parts: { providerRegions }, prefix }) => [prefix, providerRegions] as const)) as ProviderRegions,
    providerAccounts: prefixed(files.map(({ parts: { providerAccounts }, prefix }) => [prefix, providerAccounts] as const)),
    records: [],
    removed: [],
    before: isUnchanged ? 'the same' : () => joinedGraph(name, all.map((each) => ({ name: each.name, graph: beforeOf(each.graph) }))),
  };
  return new Graph(parts, files);
}

/** A network that is named twice, as a plan and as its state, would stand beside itself. */
function madeTwice(all: readonly NamedGraph[]): readonly string[] {
  const known = new Map<string, { readonly file: string; readonly address: string }>();
  const told = new Map<string, string>();
  for (const { name: file, graph } of all) {
    for (const { mode, type, address, values: { id } } of graph.resources) {
      if (mode !== 'managed' || typeof id !== 'string' || !looksLikeIdentity(id)) continue;
      const other = known.get(`${type} ${id}`);
      if (!other) known.set(`${type} ${id}`, { file, address });
      else if (other.file !== file) told.set(`${other.file} ${file}`, told.get(`${other.file} ${file}`) ?? `${other.file} and ${file} both make ${printable(address)}: is one network named twice?`);
    }
  }
  return [...told.values()];
}

/** What a state tells was there before as well. */
function beforeOf(graph: Graph): Graph {
  return graph.kind === 'state' ? graph : graph.before();
}

/** Beside a plan the others are what it starts from. */
function kindOf(kinds: readonly PlanKind[]): PlanKind {
  return kinds.includes('plan') ? 'plan' : kinds.includes('state') ? 'state' : 'synthesized';
}

/** Undefined where no file tells. Of one that does not, no resource has a configuration. */
function settingsOf(files: readonly GraphFile[]): ProviderSettings | undefined {
  const known = files.flatMap(({ parts: { providerSettings }, prefix }) => (providerSettings ? [[prefix, providerSettings] as const] : []));
  return known.length === 0 ? undefined : prefixed(known);
}

function prefixed<Value>(all: readonly (readonly [prefix: string, map: ReadonlyMap<string, Value> | undefined])[]): ReadonlyMap<string, Value> {
  return new Map(all.flatMap(([prefix, map]) => [...(map ?? [])].map(([key, value]) => [`${prefix}${key}`, value] as const)));
}

function onlyOf(texts: readonly (string | undefined)[]): string | undefined {
  return new Set(texts).size === 1 ? texts[0] : undefined;
}
