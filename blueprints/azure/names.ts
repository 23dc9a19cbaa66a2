/** Names that Azure accepts, derived from content so that they are the same on every machine. */
import { createHash } from 'node:crypto';

/** The first hex digits of the SHA-256 of some text. */
export function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/**
 * A name for a storage account: 3-24 lower-case letters and digits, unique in all of Azure.
 *
 * The subscription is hashed in, so that two teams with the same organization and environment do
 * not fight for one name.
 * https://learn.microsoft.com/azure/storage/common/storage-account-overview#storage-account-name
 */
export function storageAccountName(name: string, purpose: 'logs', subscription: string): string {
  const readable = name.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 24 - purpose.length - 8);
  return `${readable}${purpose}${digest(`${name}/${purpose}/${subscription}`, 8)}`;
}

/**
 * A name that is short enough: as it is where it fits, or else cut, with a hash of the whole so
 * that two that begin alike stay apart.
 */
export function fitted(name: string, longest: number): string {
  if (name.length <= longest) return name;
  return `${name.slice(0, longest - 9).replace(/-+$/, '')}-${digest(name, 8)}`;
}

/** The parts of a resource id that the provider asks for by name. */
export interface ResourceIdParts {
  readonly subscription: string;
  readonly resourceGroupName: string;
  readonly name: string;
}

/** Takes apart `/subscriptions/…/resourceGroups/…/providers/…/<kind>/<name>`. @throws Error when it is no such id. */
export function resourceIdParts(id: string): ResourceIdParts {
  const match = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/.+\/([^/]+)$/i.exec(id);
  if (!match) throw new Error(`'${id}' is not the id of a resource`);
  return { subscription: match[1]!, resourceGroupName: match[2]!, name: match[3]! };
}
