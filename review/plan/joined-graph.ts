/**
 * Several files as one graph: the network of one stack, and what another one puts into it. Ids join what stands in
 * different files as they do within one, and in synthesized stacks the outputs that one hands another.
 */
import { filePrefix } from './address';
import { EMPTY_MODULE } from './configuration';
import { Graph, type GraphFile, type GraphParts } from './graph';
import { handedOver, inCloud, withoutAddresses } from './handed-over';
import { printable } from './input-error';
import type { ProviderRegions, ProviderSettings } from './provider-settings';
import type { PlanKind } from './recognize';

/** A file's graph, and what its addresses begin with. */
export interface NamedGraph {
  /** Different for each: see `shortNames`. */
  readonly name: string;
  readonly graph: Graph;
}

/** What is left out of a graph: see `handed-over.ts`. */
type WithoutAddresses = NamedGraph & { readonly leave?: ReadonlySet<string> | undefined };

/** @param name of all of them together */
export function joinedGraph(name: string, graphs: readonly NamedGraph[]): Graph {
  const handed = handedOver(graphs.map(({ graph }) => graph));
  if (!handed) return joined(name, graphs, () => undefined);
  return joined(name, graphs.map((each, index) => ({ ...each, leave: handed[index]?.left })), (index) => handed[index]?.taken);
}

/** @param taken of a file by its index: what its prior state has only because it imports it */
function joined(name: string, all: readonly WithoutAddresses[], taken: (index: number) => ReadonlySet<string> | undefined): Graph {
  const files = all.map(({ name: file, graph: { parts }, leave }): GraphFile => ({
    parts: leave && leave.size > 0 ? { ...parts, records: withoutAddresses(parts.records, leave) } : parts,
    prefix: filePrefix(file),
  }));
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
    before: isUnchanged ? 'the same' : () => joined(name, all.map((each, index) => ({ name: each.name, graph: beforeOf(each.graph), leave: taken(index) })), () => undefined),
  };
  return new Graph(parts, files);
}

/** A network that is named twice, as a plan and as its state, would stand beside itself. */
function madeTwice(all: readonly WithoutAddresses[]): readonly string[] {
  const known = new Map<string, { readonly file: string; readonly address: string }>();
  const told = new Map<string, string>();
  for (const { name: file, graph, leave } of all) {
    for (const resource of graph.resources) {
      const { address } = resource;
      const key = inCloud(resource);
      if (key === undefined || leave?.has(address)) continue;
      const other = known.get(key);
      if (!other) known.set(key, { file, address });
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
