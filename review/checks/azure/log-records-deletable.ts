/** Storage accounts that flow logs go to, and how long what is deleted there can be brought back. */
import type { AzureCheck } from './azure-check';
import { archivesOf } from './records';
import { isUnset, numberAt, unknownBlocks } from '../../model/azure/read';
import type { Resource } from '../../plan/resource-graph';

/** Days. */
const SHORTEST = 7;
/** Azure's own where the block is written without them. */
const DEFAULT_DAYS = 7;

export const check: AzureCheck = {
  id: 'log-records-deletable',
  title: 'storage account of flow logs whose records are gone once deleted',
  severity: 'low',
  why: 'Whoever breaks in takes the traces away. A lock keeps the account, not the blobs and containers in it.',
  fix: 'Set blob_properties.delete_retention_policy and container_delete_retention_policy to 7 days or more, or make the account immutable with immutability_policy.',
  references: ['https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview', 'https://learn.microsoft.com/azure/storage/blobs/soft-delete-container-overview'],
  comparable: [],
  *run({ model: { graph } }) {
    const stores = new Set(archivesOf(graph));
    for (const account of stores) {
      if (!isUnset(account, 'immutability_policy') || account.elements('immutability_policy').length > 0 || unknownBlocks(account, 'blob_properties') !== undefined) continue;
      const short = POLICIES.filter(([, policy]) => days(account, policy) < SHORTEST).map(([what, policy]) => `${what} for ${days(account, policy)} days`);
      if (short.length > 0) yield { address: account.address, message: `it holds flow logs and keeps deleted ${short.join(' and ')}` };
    }
  },
};

const POLICIES = [['blobs', 'delete_retention_policy'], ['containers', 'container_delete_retention_policy']] as const;

function days(account: Resource, policy: string): number {
  const blocks = account.elements(`blob_properties[0].${policy}`);
  if (blocks.length === 0) return account.unknownAt(`blob_properties[0].${policy}`) === undefined ? 0 : SHORTEST;
  return numberAt(account, `blob_properties[0].${policy}[0].days`) ?? DEFAULT_DAYS;
}
