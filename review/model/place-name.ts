import type { Resource } from '../plan/resource-graph';

/** How a place is called that is a resource. A deposed object runs until it is deleted, beside its successor of the same address. */
export function placeName({ deposed }: Pick<Resource, 'deposed'>, address: string): string {
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}
