/** What only the synthesized stack knows of a plan's resources. */
import { parseAddress, printAddress } from './address';
import { without } from './json';
import type { Lifecycle, ResourceSource } from './resource-graph';

export interface Origin {
  readonly source?: ResourceSource | undefined;
  readonly lifecycle?: Lifecycle | undefined;
}

/** Of one address, or of the construct that makes all of its instances. */
export function originAt(origins: ReadonlyMap<string, Origin>, address: string): Origin | undefined {
  if (origins.size === 0) return undefined;
  const exact = origins.get(address);
  if (exact) return exact;
  const parsed = parseAddress(address);
  return parsed && origins.get(printAddress(without(parsed, 'key')));
}
