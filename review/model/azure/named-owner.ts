/**
 * The group, table or network that a part of it names. Azure's names are unique in one resource group
 * of one subscription alone, and the id of a part begins with that of the whole.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
import type { Resource } from '../../plan/resource-graph';
import { pointsTo, text, type Pointed } from './read';

export function namedOwner(part: Resource, attribute: string, ...types: readonly string[]): Pointed {
  const pointed = pointsTo(part, attribute, ...types);
  if (pointed.targets.length === 0) return pointed;
  const fits = pointed.targets.map((owner) => belongs(part, attribute, owner));
  if (fits.every((each) => each === undefined)) return pointed;
  const sure = pointed.targets.filter((_, index) => fits[index] === true);
  if (sure.length === 1) return { targets: sure, exact: true, isSet: true };
  const targets = pointed.targets.filter((_, index) => fits[index] !== false);
  if (targets.length === pointed.targets.length) return pointed;
  const unknown = targets.length === 0 ? `${part.address} ${attribute} is the name of something in another resource group` : pointed.unknown;
  return { targets, exact: false, isSet: true, ...(unknown === undefined ? {} : { unknown }) };
}

/** Why a part may not belong to any of what it may name. */
export function mayBelong({ address }: Resource, { targets }: Pointed, what: string): string {
  return targets.length === 1 ? `${address} may belong to another of the ${what} than ${(targets[0] as Resource).address}` : `${address} may belong to one of ${targets.length} ${what}`;
}

/** Undefined where the plan does not tell. */
function belongs(part: Resource, attribute: string, owner: Resource): boolean | undefined {
  const [partId, ownerId] = [text(part, 'id'), text(owner, 'id')];
  if (partId?.startsWith('/subscriptions/') === true && ownerId?.startsWith('/subscriptions/') === true) return partId.toLowerCase().startsWith(`${ownerId.toLowerCase()}/`);
  const [partGroup, ownerGroup] = [text(part, 'resource_group_name'), text(owner, 'resource_group_name')];
  if (partGroup === undefined || ownerGroup === undefined) return undefined;
  if (partGroup.toLowerCase() !== ownerGroup.toLowerCase()) return false;
  // Two configurations of the provider may be two subscriptions.
  if (part.providerConfig !== owner.providerConfig) return undefined;
  const name = text(part, attribute);
  return name !== undefined && name.toLowerCase() === text(owner, 'name')?.toLowerCase() ? true : undefined;
}
