import { LEFT_IN_PLACE } from '../plan/deposed';
import type { Resource } from '../plan/resource-graph';

/** How a place is called that is a resource. A deposed object runs until it is deleted, beside its successor of the same address; what a replacement leaves in place runs on. */
export function placeName({ deposed }: Pick<Resource, 'deposed'>, address: string): string {
  if (deposed === undefined) return address;
  return `${address} (${deposed === LEFT_IN_PLACE ? deposed : `deposed ${deposed}`})`;
}
