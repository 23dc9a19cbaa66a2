import type { AzureCheck } from './azure-check';
import { elsewhere } from './rules-elsewhere';
import { internetOf, LISTED } from './wide-rules';
import { flag, isUnset, pointsTo, text } from '../../model/azure/read';
import { size } from '../../model/ranges';
import type { Resource } from '../../plan/resource-graph';
import type { Hit } from '../check';

/** Public unless an attribute says otherwise; where it does not know the attribute, it is left out. */
const BY_FLAG: Readonly<Record<string, string>> = {
  azurerm_mssql_server: 'public_network_access_enabled',
  azurerm_postgresql_server: 'public_network_access_enabled',
  azurerm_mysql_server: 'public_network_access_enabled',
  azurerm_mariadb_server: 'public_network_access_enabled',
  azurerm_postgresql_flexible_server: 'public_network_access_enabled',
  azurerm_cosmosdb_account: 'public_network_access_enabled',
  azurerm_redis_cache: 'public_network_access_enabled',
  azurerm_cosmosdb_postgresql_cluster: 'coordinator_public_ip_access_enabled',
};
const BY_WORD: Readonly<Record<string, string>> = { azurerm_mysql_flexible_server: 'public_network_access', azurerm_managed_redis: 'public_network_access', azurerm_mongo_cluster: 'public_network_access' };

export const check: AzureCheck = {
  id: 'database-public-access',
  title: 'database that the internet reaches',
  severity: 'medium',
  why: 'A database with a public endpoint gives its data to whoever holds a password, from anywhere and past every network of the plan.',
  fix: 'Set public_network_access_enabled to false (of MySQL and Redis: public_network_access to Disabled), or delegate a subnet to it, and use a private endpoint.',
  references: ['https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings', 'https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private'],
  comparable: ['checkov CKV_AZURE_113', 'checkov CKV_AZURE_68', 'checkov CKV_AZURE_53', 'checkov CKV_AZURE_101'],
  *run({ model: { graph } }) {
    for (const [type, attribute] of Object.entries(BY_FLAG)) {
      for (const resource of graph.ofType(type)) {
        if ((flag(resource, attribute) ?? isUnset(resource, attribute)) && !isInSubnet(resource)) yield { address: resource.address, message: `${attribute} is ${flag(resource, attribute) === true ? 'true' : 'not said, which means true'}` };
      }
    }
    for (const [type, attribute] of Object.entries(BY_WORD)) {
      for (const resource of graph.ofType(type)) {
        const said = text(resource, attribute)?.toLowerCase();
        if ((said === undefined ? isUnset(resource, attribute) : said !== 'disabled') && !isInSubnet(resource)) yield { address: resource.address, message: `${attribute} is ${said === undefined ? 'not said, which means Enabled' : 'Enabled'}` };
      }
    }
    for (const [type, owner, ...ownerTypes] of RULES) {
      for (const rule of elsewhere(graph, type, owner, ...ownerTypes)) yield* lettingIn(rule, `${text(rule, owner) ?? 'a server'}, which is not in the plan`);
    }
    for (const rule of graph.ofType('azurerm_synapse_firewall_rule')) {
      const workspaces = pointsTo(rule, 'synapse_workspace_id', 'azurerm_synapse_workspace').targets;
      if (workspaces.length === 0 || workspaces.some((workspace) => flag(workspace, 'public_network_access_enabled') !== false)) yield* lettingIn(rule, workspaces[0]?.address ?? 'a workspace that is not in the plan');
    }
    // The second is that of azurerm 3.
    for (const resource of ['azurerm_mssql_managed_instance', 'azurerm_sql_managed_instance'].flatMap((type) => graph.ofType(type))) {
      if (flag(resource, 'public_data_endpoint_enabled') === true) yield { address: resource.address, message: 'public_data_endpoint_enabled is true' };
    }
  },
};

/** A server with a subnet of its own, or a cache injected into one, has no public endpoint. */
function isInSubnet(resource: Resource): boolean {
  return ['delegated_subnet_id', 'subnet_id'].some((path) => text(resource, path) !== undefined || !isUnset(resource, path));
}

/** Rules of servers, what names the server, and what that may be: one that the plan makes says itself whether it is public. */
const RULES: readonly (readonly [type: string, owner: string, ...ownerTypes: string[]])[] = [
  ['azurerm_mssql_firewall_rule', 'server_id', 'azurerm_mssql_server'],
  ['azurerm_postgresql_flexible_server_firewall_rule', 'server_id', 'azurerm_postgresql_flexible_server'],
  ['azurerm_mysql_flexible_server_firewall_rule', 'server_name', 'azurerm_mysql_flexible_server'],
  ['azurerm_cosmosdb_postgresql_firewall_rule', 'cluster_id', 'azurerm_cosmosdb_postgresql_cluster'],
  ['azurerm_mongo_cluster_firewall_rule', 'mongo_cluster_id', 'azurerm_mongo_cluster'],
  ['azurerm_redis_firewall_rule', 'redis_cache_name', 'azurerm_redis_cache'],
  ['azurerm_sql_firewall_rule', 'server_name', 'azurerm_sql_server', 'azurerm_mssql_server'],
  ...['postgresql', 'mysql', 'mariadb'].map((kind) => [`azurerm_${kind}_firewall_rule`, 'server_name', `azurerm_${kind}_server`] as const),
];

/** Of machines in anybody's subscription. https://learn.microsoft.com/azure/azure-sql/database/firewall-configure#connections-from-inside-azure */
const ANY_CUSTOMER = '0.0.0.0';

function* lettingIn(rule: Resource, whom: string): Iterable<Hit> {
  const [start, end] = ['start', 'end'].map((which) => text(rule, `${which}_ip_address`) ?? text(rule, `${which}_ip`));
  if (start === undefined || end === undefined) return;
  const isAny = start === ANY_CUSTOMER && end === ANY_CUSTOMER;
  if (isAny || size(internetOf({ items: [`${start}-${end}`] })) > LISTED) yield { address: rule.address, message: `it lets ${isAny ? 'every customer of Azure' : `${start} to ${end}`} call ${whom}` };
}
