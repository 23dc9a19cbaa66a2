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
