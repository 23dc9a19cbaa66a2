/** Files that are parts of one network, and are judged each by itself. */
import type { Graph } from './plan/graph';

interface NamedGraph {
  readonly name: string;
  readonly graph: Graph;
}

/** What to tell of files that refer to each other, after each was judged. */
export function apartNotices(all: readonly NamedGraph[]): readonly string[] {
  return all.flatMap(({ name, graph }) => all.flatMap((other) => {
    if (other.graph === graph) return [];
    const refers = graph.readsStateOf(other.graph) ? 'reads the state' : [...graph.strangers].some((id) => other.graph.makes(id)) ? 'has ids' : undefined;
    return refers === undefined ? [] : [`${name}: ${refers} of ${other.name}, which is judged by itself; --together judges both as one network`];
  }));
}
