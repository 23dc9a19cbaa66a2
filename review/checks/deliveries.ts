/** Services that deliver to an address which their resource names: by themselves, past every network. */
import { toPath, type PathLike } from '../plan/attribute-path';
import type { Resource, ResourceGraph } from '../plan/resource-graph';
import type { Hit } from './check';

/** What names an address to deliver to. */
export interface Delivery {
  readonly type: string;
  /** The block that the attribute is in; each of its elements counts. */
  readonly at?: PathLike;
  readonly path: PathLike;
  /** Whether it goes anywhere at all. */
  readonly counts?: (resource: Resource) => boolean;
}

/** @param isOwn whether a host is the cloud's own */
export function* deliveriesIn(graph: ResourceGraph, deliveries: readonly Delivery[], isOwn: (host: string) => boolean): Iterable<Hit> {
  for (const { type, at, path, counts } of deliveries) {
    for (const resource of graph.ofType(type)) {
      if (resource.mode !== 'managed' || counts?.(resource) === false) continue;
      for (const block of at === undefined ? [[]] : resource.elements(at)) {
        const steps = [...block, ...toPath(path)];
        const value = resource.valueAt(steps);
        const isUnknown = resource.unknownAt(steps) !== undefined && resource.isConfigured(steps.slice(0, 1));
        if (typeof value !== 'string' || value === '' ? !isUnknown : false) continue;
        const host = isUnknown ? undefined : hostOf(value as string);
        if (host === undefined || !isOwn(host)) yield delivery(resource, host);
      }
    }
  }
}

export function delivery({ address }: Resource, host: string | undefined): Hit {
  return { address, message: `${address} delivers to ${host ?? 'a host that the plan does not tell'}` };
}

/**
 * Of an address with or without a scheme; undefined for none, and for one that is made at run time. What ends the host
 * ends it here, too, a backslash among them: `https://evil.example?@sns.amazonaws.com` is a call of evil.example.
 * https://url.spec.whatwg.org/#authority-state
 */
export function hostOf(url: string | undefined): string | undefined {
  return /^(?:[a-z0-9+.-]+:[\\/]{2})?(?:[^\\/?#]*@)?(\[[^\]]*\]|[a-z0-9][^\\/:?#]*)/i.exec(url ?? '')?.[1]?.toLowerCase();
}
