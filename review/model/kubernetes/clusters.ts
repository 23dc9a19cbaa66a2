/** Several clusters, told apart by the files where several are reviewed as one network, and by the aliases of their providers: a policy of one closes nothing in another. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

export interface Cluster {
  /** The file, and the alias; empty where the input is for one cluster, as far as it tells. */
  readonly name: string;
  /** The file that its objects stand in; empty where only one is reviewed. */
  readonly file: string;
  /** Whether its file has objects of no other. */
  readonly isAlone: boolean;
  has(resource: Resource): boolean;
}

/** What the clouds say of the cluster that objects stand in. */
export interface Surroundings {
  readonly kind: ResourceGraph['kind'];
  /** Whether it is known which cluster is meant. */
  readonly isKnown: boolean;
  /** What is of it, or may be. */
  ofType(type: string): readonly Resource[];
  /** Without what another file may have for another cluster. */
  surelyOfType(type: string): readonly Resource[];
}

export const CLUSTER_TYPES = ['azurerm_kubernetes_cluster', 'google_container_cluster', 'aws_eks_cluster'] as const;

const PROVIDERS = /^(kubernetes|kubectl|kustomization|helm|k8s)_/;

/** At least one. States do not say which provider block made what, and each is read as one cluster. */
export function clustersIn(graph: ResourceGraph): readonly Cluster[] {
  const files = new Map<string, Map<string, Set<string>>>();
  for (const type of graph.typeNames) {
    const [, provider] = PROVIDERS.exec(type) ?? [];
    if (provider === undefined) continue;
    for (const resource of graph.ofType(type)) {
      const providers = files.get(resource.file) ?? new Map<string, Set<string>>();
      files.set(resource.file, providers.set(provider, (providers.get(provider) ?? new Set()).add(aliasOf(resource))));
    }
  }
  if (files.size === 0) return [{ name: '', file: '', isAlone: true, has: () => true }];
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([file, providers]) => clustersOf(file, providers, files.size > 1));
}

function clustersOf(file: string, providers: ReadonlyMap<string, ReadonlySet<string>>, hasOthers: boolean): readonly Cluster[] {
  const names = [...new Set([...providers.values()].filter(({ size }) => size > 1).flatMap((each) => [...each]))].sort();
  const fileName = file.replace(/:$/, '');
  if (names.length === 0) return [{ name: hasOthers ? fileName : '', file, isAlone: true, has: (resource) => resource.file === file }];
  // What stands under an alias of its own provider alone may be for any of them.
  return names.map((name) => ({
    name: `${fileName} ${name}`.trim() || 'default', file, isAlone: false,
    has: (resource) => resource.file === file && (aliasOf(resource) === name || !names.includes(aliasOf(resource))),
  }));
}

/** Where the file of the objects makes a cluster, they are for that one; else for what any file makes, if only one does. */
export function around(graph: ResourceGraph, { file }: Cluster): Surroundings {
  const makers = new Set(CLUSTER_TYPES.flatMap((type) => graph.ofType(type).map((cluster) => cluster.file)));
  const isOwn = (resource: Resource) => resource.file === file;
  const all = (type: string) => graph.ofType(type);
  const own = (type: string) => graph.ofType(type).filter(isOwn);
  const isKnown = makers.size < 2 || makers.has(file);
  return { kind: graph.kind, isKnown, ofType: makers.has(file) ? own : all, surelyOfType: makers.has(file) || !isKnown ? own : all };
}

/** `kubernetes.eu` is `eu`; a provider block of a module without an alias is taken for that of the root. */
function aliasOf({ providerConfig = '' }: Resource): string {
  return /\.([^.:]+)$/.exec(providerConfig.replace(/^.*:/, ''))?.[1] ?? '';
}
