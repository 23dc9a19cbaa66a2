/** What one file lets go of and another takes over: a `removed` block that destroys nothing, beside an `import`. */
import { looksLikeIdentity } from './identity';
import type { Resource } from './resource-graph';

/** Undefined where the id is not known, or is a name that two accounts may have: its type and id, whatever a file calls it. */
export function inCloud({ mode, type, deposed, values: { id } }: Resource): string | undefined {
  return mode === 'managed' && deposed === undefined && typeof id === 'string' && looksLikeIdentity(id) ? `${type} ${id}` : undefined;
}

/** Of one file: addresses. */
export interface HandedOver {
  /** It forgets them, and one other file has them. Terraform leaves what it forgets as it is, so it would stand there twice. */
  readonly left: ReadonlySet<string>;
  /** It imports them from a file that forgets them. Its prior state has them as well, since Terraform reads what it imports. */
  readonly taken: ReadonlySet<string>;
}

/** One for each file, in their order; undefined where nothing is handed over. */
export function handedOver(files: readonly { readonly resources: readonly Resource[] }[]): readonly HandedOver[] | undefined {
  const forgotten = new Set(files.flatMap(({ resources }) => resources.filter(isForgotten).flatMap((each) => inCloud(each) ?? [])));
  if (forgotten.size === 0) return undefined;
  const holders = new Map<string, Resource[]>();
  for (const { resources } of files) {
    for (const resource of resources) {
      const key = isForgotten(resource) ? undefined : inCloud(resource);
      if (key !== undefined && forgotten.has(key)) holders.set(key, [...(holders.get(key) ?? []), resource]);
    }
  }
  // Two that take over the same are told as such, and stay.
  const holderOf = (resource: Resource) => {
    const found = holders.get(inCloud(resource) ?? '') ?? [];
    return found.length === 1 ? found[0] : undefined;
  };
  return files.map(({ resources }) => ({
    left: new Set(resources.filter((each) => isForgotten(each) && holderOf(each) !== undefined).map(({ address }) => address)),
    taken: new Set(resources.filter((each) => each.imported && holderOf(each) === each).map(({ address }) => address)),
  }));
}

function isForgotten({ action }: Resource): boolean {
  return action === 'forget';
}
