/** Several clusters, told apart by the aliases of their providers, and by the files where several are reviewed as one network: a policy of one closes nothing in another. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

export interface Cluster {
  /** The file, and the alias; empty where the input is for one cluster, as far as it tells. */
  readonly name: string;
  has(resource: Resource): boolean;
}

const PROVIDERS = /^(kubernetes|kubectl|kustomization|helm)_/;

/** At least one. States do not say which provider block made what, and are read as one cluster. */
export function clustersIn(graph: ResourceGraph): readonly Cluster[] {
  const aliases = new Map<string, Set<string>>();
  for (const type of graph.typeNames) {
    const [, provider] = PROVIDERS.exec(type) ?? [];
    if (provider === undefined) continue;
    const known = aliases.get(provider) ?? new Set();
    aliases.set(provider, known);
    for (const resource of graph.ofType(type)) known.add(keyOf(resource));
  }
  const several = [...aliases.values()].filter(({ size }) => size > 1).flatMap((each) => [...each]);
  if (several.length === 0) return [{ name: '', has: () => true }];
  const names = [...new Set(several)].sort();
  // What stands under an alias of its own provider alone may be for any of them.
  return names.map((name) => ({ name: wordsOf(name), has: (resource) => keyOf(resource) === name || !names.includes(keyOf(resource)) }));
}

function keyOf(resource: Resource): string {
  return `${resource.file}${aliasOf(resource)}`;
}

function wordsOf(key: string): string {
  return key === '' ? 'default' : key.replace(/:$/, '').replace(':', ' ');
}

/** `kubernetes.eu` is `eu`; a provider block of a module without an alias is taken for that of the root. */
function aliasOf({ providerConfig = '' }: Resource): string {
  return /\.([^.:]+)$/.exec(providerConfig.replace(/^.*:/, ''))?.[1] ?? '';
}
