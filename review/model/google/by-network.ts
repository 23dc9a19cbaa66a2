/** Things of a plan by the network that they are in: a way looks at those of its own network, and a plan has thousands of both. */
import type { GoogleNetwork } from './networks';

interface InNetworks {
  readonly networks: readonly GoogleNetwork[];
}

const kept = new WeakMap<readonly InNetworks[], { readonly own: ReadonlyMap<GoogleNetwork, readonly InNetworks[]>; readonly loose: readonly InNetworks[] }>();

/** Those of the network, in their order. */
export function inNetwork<T extends InNetworks>(all: readonly T[], network: GoogleNetwork): readonly T[] {
  return (indexed(all).own.get(network) ?? []) as readonly T[];
}

/** Those whose network the plan does not tell. */
export function inNoNetwork<T extends InNetworks>(all: readonly T[]): readonly T[] {
  return indexed(all).loose as readonly T[];
}

function indexed(all: readonly InNetworks[]) {
  let index = kept.get(all);
  if (!index) {
    const own = new Map<GoogleNetwork, InNetworks[]>();
    for (const each of all) {
      for (const network of new Set(each.networks)) {
        const known = own.get(network);
        if (known) known.push(each);
        else own.set(network, [each]);
      }
    }
    kept.set(all, (index = { own, loose: all.filter(({ networks }) => networks.length === 0) }));
  }
  return index;
}
