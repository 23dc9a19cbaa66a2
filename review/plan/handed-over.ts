/** What one file lets go of and another takes over, or the same one by another address: a `removed` block that destroys nothing, beside an `import`. */
import type { ResourceRecord } from './graph-resource';
import { looksLikeIdentity } from './identity';
import { isObject, type Json } from './json';
import type { Resource } from './resource-graph';

/** What of a resource tells whether it is the same thing as another. */
type Held = Pick<Resource, 'mode' | 'type' | 'address' | 'action' | 'imported'> & { readonly deposed?: string | undefined; readonly values: Readonly<Record<string, Json>> };

/** Undefined where the id is not known, or is a name that two accounts may have: its type and id, whatever a file calls it. */
export function inCloud({ mode, type, deposed, values: { id } }: Omit<Held, 'action' | 'address' | 'imported'>): string | undefined {
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
export function handedOver(files: readonly { readonly resources: readonly Held[] }[]): readonly HandedOver[] | undefined {
  const forgotten = new Set(files.flatMap(({ resources }) => resources.filter(isForgotten).flatMap((each) => inCloud(each) ?? [])));
  if (forgotten.size === 0) return undefined;
  const holders = new Map<string, Held[]>();
  for (const { resources } of files) {
    for (const resource of resources) {
      const key = isForgotten(resource) ? undefined : inCloud(resource);
      if (key !== undefined && forgotten.has(key)) holders.set(key, [...(holders.get(key) ?? []), resource]);
    }
  }
  // Two that take over the same are told as such, and stay.
  const holderOf = (resource: Held) => {
    const found = holders.get(inCloud(resource) ?? '') ?? [];
    return found.length === 1 ? found[0] : undefined;
  };
  return files.map(({ resources }) => ({
    left: new Set(resources.filter((each) => isForgotten(each) && holderOf(each) !== undefined).map(({ address }) => address)),
    taken: new Set(resources.filter((each) => each.imported && holderOf(each) === each).map(({ address }) => address)),
  }));
}

function isForgotten({ action }: Held): boolean {
  return action === 'forget';
}

/** Within one file: an import takes over what a `removed` block lets go of. */
export function handedWithin(records: readonly ResourceRecord[]): HandedOver | undefined {
  const some = records.filter(({ action, imported }) => action === 'forget' || imported === true);
  if (some.length < 2) return undefined;
  return handedOver([{ resources: some.map(({ address, mode, type, deposed, action, imported = false, after }): Held => ({ address, mode, type, deposed, action, imported, values: isObject(after) ? after : {} })) }])?.[0];
}

/** Without what somebody else has now. */
export function withoutAddresses(records: readonly ResourceRecord[], leave: ReadonlySet<string> | undefined): readonly ResourceRecord[] {
  return leave && leave.size > 0 ? records.filter(({ address, deposed }) => deposed !== undefined || !leave.has(address)) : records;
}
