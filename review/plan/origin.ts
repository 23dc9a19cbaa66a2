/** What only the synthesized stack knows of a plan's resources. */
import { parseAddress, printAddress } from './address';
import { without } from './json';
import type { Lifecycle, ResourceSource } from './resource-graph';

export interface Origin {
  readonly source?: ResourceSource | undefined;
  readonly lifecycle?: Lifecycle | undefined;
}

/** Of one address, or of what makes all of its instances: a construct, or a block in a module that may be called several times. */
export function originAt(origins: ReadonlyMap<string, Origin>, address: string): Origin | undefined {
  if (origins.size === 0) return undefined;
  const exact = origins.get(address);
  if (exact) return exact;
  const parsed = parseAddress(address);
  if (!parsed) return undefined;
  const block = without(parsed, 'key');
  return origins.get(printAddress(block)) ?? origins.get(printAddress({ ...block, module: block.module.map(({ name }) => ({ name })) }));
}
