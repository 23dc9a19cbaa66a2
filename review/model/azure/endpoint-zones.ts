/**
 * Private DNS zones in which the names of a service are answered, by what an endpoint leads to.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-dns#public
 */

/** As zones of every Azure cloud begin, without `privatelink.`; of Azure Monitor all of them are asked. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  azuremonitor: ['monitor.azure', 'oms.opinsights', 'ods.opinsights', 'agentsvc.azure-automation', 'blob.core'],
  ...Object.fromEntries(['blob', 'dfs', 'file', 'queue', 'table', 'web'].flatMap((kind) => [kind, `${kind}_secondary`].map((name) => [name, [`${kind}.core`, `${kind}.storage`]]))),
  // Of storage, and of Cosmos DB.
  table: ['table.core', 'table.storage', 'table.cosmos'],
  vault: ['vaultcore', 'vault'],
  managedhsm: ['managedhsm'],
  registry: ['azurecr'],
  sqlserver: ['database'],
  // Of Cosmos DB, and of Synapse.
  sql: ['documents', 'sql.azuresynapse'],
  mongodb: ['mongo.cosmos'],
  postgresqlserver: ['postgres.database'],
  mysqlserver: ['mysql.database'],
  rediscache: ['redis.cache'],
  namespace: ['servicebus'],
  sites: ['azurewebsites', 'appservice'],
  configurationstores: ['azconfig'],
  searchservice: ['search'],
};

/** Beginnings of the zones that an endpoint needs and does not have; none where Azure's list is not known here. */
export function missingZones(subresources: readonly string[], zones: readonly string[]): readonly string[] {
  const names = zones.map((zone) => `${zone.toLowerCase().replace(/^(z\d+\.)?privatelink\./, '')}.`);
  return subresources.flatMap((subresource) => {
    const wanted = ZONES[subresource.toLowerCase()] ?? [];
    const missing = wanted.filter((beginning) => !names.some((name) => name.startsWith(`${beginning}.`)));
    return subresource === 'azuremonitor' ? missing : missing.length === wanted.length ? missing.slice(0, 1) : [];
  }).map((beginning) => `privatelink.${beginning}`);
}
