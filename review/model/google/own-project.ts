/** Whose a bare name is: a resource's own project has something of that name, or another one. */
import { accountOf, isSameAccount } from '../../plan/accounts';
import type { AttributePath } from '../../plan/attribute-path';
import { own, ownTexts } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { textAt } from './reading';

/**
 * Whether a name that is written out may mean something in another project than that of what has it here: the resource tells its
 * project, and what has the name tells none, in a plan of several. What a reference names is what it refers to.
 */
export function mayBeElsewhere(resource: Resource, path: AttributePath | string, named: readonly Resource[], graph: ResourceGraph): boolean {
  const { providerAccounts } = graph;
  const text = textAt(resource, path);
  if (text === undefined || text.includes('/') || projectsOf(graph).size < 2 || accountOf(resource, providerAccounts) === undefined || isReference(resource, path)) return false;
  return named.length > 0 && named.every((each) => each.mode === 'managed' && each.file === resource.file && isSameAccount(resource, each, providerAccounts) === undefined);
}

const known = new WeakMap<ResourceGraph, ReadonlySet<string>>();

/** Those that resources of Compute Engine tell, or their provider blocks. Images are looked up in projects of others, and no more. */
export function projectsOf(graph: ResourceGraph): ReadonlySet<string> {
  let found = known.get(graph);
  if (!found) {
    const ofCompute = graph.resources.filter(({ type, mode }) => type.startsWith('google_compute_') && !(mode === 'data' && /^google_compute_images?$/.test(type)));
    known.set(graph, (found = new Set(ofCompute.flatMap((resource) => accountOf(resource, graph.providerAccounts) ?? []))));
  }
  return found;
}

function isReference(resource: Resource, path: AttributePath | string): boolean {
  const expression = resource.configExpression(path);
  const written = own(expression, 'constant_value') ?? expression;
  return (ownTexts(expression, 'references') ?? []).length > 0 || (typeof written === 'string' && written.includes('${'));
}
