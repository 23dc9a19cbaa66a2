/** Whose a bare name is: a resource's own project has something of that name, or another one. */
import { accountOf, isSameAccount } from '../../plan/accounts';
import type { AttributePath } from '../../plan/attribute-path';
import { own, ownTexts } from '../../plan/json';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { textAt } from './reading';

/**
 * Whether a name that is written out may mean something in another project than that of what has it here: of a plan of several projects
 * the resource tells its own, and what has the name another one, or none. What a reference names is what it refers to.
 */
export function mayBeElsewhere(resource: Resource, path: AttributePath | string, named: readonly Resource[], graph: ResourceGraph): boolean {
  const { providerAccounts } = graph;
  const text = textAt(resource, path);
  if (text === undefined || text.includes('/') || projectsOf(graph).size < 2 || isReference(resource, path)) return false;
  const block = untoldBlock(resource, graph);
  if (block === undefined && accountOf(resource, providerAccounts) === undefined) return false;
  return named.length > 0 && named.every((each) => each.mode === 'managed' && each.file === resource.file
    && (block === undefined ? isSameAccount(resource, each, providerAccounts) !== true : untoldBlock(each, graph) !== block));
}

const BLOCK = /\bgoogle(?:-beta)?(?:\.[\w-]+)?$/;

/**
 * The provider block that has the resource and tells no project, where another block tells one: whose project that is the
 * environment says. https://registry.terraform.io/providers/hashicorp/google/latest/docs/guides/provider_reference
 */
function untoldBlock(resource: Resource, graph: ResourceGraph): string | undefined {
  const { providerAccounts, providerSettings } = graph;
  const block = resource.providerConfig ?? 'google';
  if (!providerAccounts || !providerSettings?.has(block) || accountOf(resource, providerAccounts) !== undefined) return undefined;
  // Blocks that all tell none are of one environment.
  const file = block.replace(BLOCK, '');
  return [...providerAccounts.keys()].some((other) => other.startsWith(file) && BLOCK.test(other.slice(file.length))) ? block : undefined;
}

const known = new WeakMap<ResourceGraph, ReadonlySet<string>>();

/** Those that resources of Compute Engine tell, or their provider blocks; and one for each block that tells none. Images are looked up in projects of others, and no more. */
export function projectsOf(graph: ResourceGraph): ReadonlySet<string> {
  let found = known.get(graph);
  if (!found) {
    const ofCompute = graph.resources.filter(({ type, mode }) => type.startsWith('google_compute_') && !(mode === 'data' && /^google_compute_images?$/.test(type)));
    known.set(graph, (found = new Set(ofCompute.flatMap((resource) => {
      const block = untoldBlock(resource, graph);
      return block === undefined ? accountOf(resource, graph.providerAccounts) ?? [] : `that of ${block}`;
    }))));
  }
  return found;
}

function isReference(resource: Resource, path: AttributePath | string): boolean {
  const expression = resource.configExpression(path);
  const written = own(expression, 'constant_value') ?? expression;
  return (ownTexts(expression, 'references') ?? []).length > 0 || (typeof written === 'string' && written.includes('${'));
}
