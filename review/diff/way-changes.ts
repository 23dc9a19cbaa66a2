/** Gateways, addresses, peerings and firewalls that come, go, or become another way. */
import type { Resource, ResourceGraph } from '../plan/resource-graph';
import type { WayChange } from '../result';
import { settingChanges } from './setting-changes';
import { Moves } from './moves';
import { wayOf, type Way } from './ways';

/** Of these an internal one is an address of the network. */
const INTERNAL_TOO: ReadonlySet<string> = new Set(['google_compute_address', 'google_compute_global_address']);

/** Sorted by address; what only moved to another address is no change. */
export function wayChanges(input: string, before: ResourceGraph, after: ResourceGraph, moves = new Moves(before, after)): readonly WayChange[] {
  const was = waysOf(before);
  const is = waysOf(after);
  const changes: WayChange[] = [];
  const say = (change: WayChange['change'], { address, type }: Resource, settings?: WayChange['settings']): void => {
    const { kind, changesOnly } = wayOf(type) as Way;
    if (change === 'changed' || changesOnly !== true) changes.push({ change, input, kind, address, ...(settings ? { settings } : {}) });
  };
  const stayed = new Set<Resource>();
  for (const resource of is.values()) {
    const earlier = moves.before(resource.address);
    const old = earlier === undefined ? undefined : was.get(earlier);
    if (!old) {
      say('added', resource);
      continue;
    }
    stayed.add(old);
    const settings = settingChanges(wayOf(resource.type)?.settings ?? [], old, resource);
    if (settings.length > 0) say('changed', resource, settings);
  }
  for (const resource of was.values()) if (!stayed.has(resource)) say('removed', resource);
  return changes.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

function waysOf(graph: ResourceGraph): ReadonlyMap<string, Resource> {
  const ways = graph.resources.filter(({ mode, type, deposed, values }) => mode === 'managed' && deposed === undefined && wayOf(type) !== undefined
    // An internal address of Google is no way to anywhere.
    && !(INTERNAL_TOO.has(type) && values.address_type === 'INTERNAL'));
  return new Map(ways.map((resource) => [resource.address, resource]));
}
