/**
 * The policy's services in Azure's terms: what a private endpoint connects to, the private DNS
 * zones that lead there, and the ports.
 * https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
import type { PrivateService } from './model';

/** A kind of resource that takes a private endpoint. */
export interface PrivateServiceKind {
  /** Azure's name of the part of the resource that the endpoint connects to. */
  readonly subresource: string;
  /** Sorted. */
  readonly zones: readonly string[];
  /** TCP ports, sorted. */
  readonly ports: readonly number[];
  /** Types of resources that have the subresource. */
  readonly types: readonly string[];
}

const kind = (type: string | readonly string[], subresource: string, zones: readonly string[], ports: readonly number[] = [443]): PrivateServiceKind =>
  ({ subresource, zones: zones.map((zone) => `privatelink.${zone}`).sort(), ports, types: [type].flat() });
const STORAGE = 'Microsoft.Storage/storageAccounts';

/** Azure Monitor's private link scope needs all five. https://learn.microsoft.com/azure/azure-monitor/logs/private-link-security */
const MONITOR_ZONES = [
  'agentsvc.azure-automation.net',
  'blob.core.windows.net',
  'monitor.azure.com',
  'ods.opinsights.azure.com',
  'oms.opinsights.azure.com',
];

/** Names of the policy that mean something here; `region` is part of some zones. */
function catalog(region: string): Readonly<Record<string, PrivateServiceKind>> {
  return {
    'app-configuration': kind('Microsoft.AppConfiguration/configurationStores', 'configurationStores', ['azconfig.io']),
    'container-registry': kind('Microsoft.ContainerRegistry/registries', 'registry', ['azurecr.io']),
    cosmos: kind('Microsoft.DocumentDB/databaseAccounts', 'Sql', ['documents.azure.com']),
    database: kind('Microsoft.Sql/servers', 'sqlServer', ['database.windows.net'], [1433]),
    'event-hubs': kind('Microsoft.EventHub/namespaces', 'namespace', ['servicebus.windows.net'], [443, 5671]),
    'file-storage': kind(STORAGE, 'file', ['file.core.windows.net'], [445]),
    kubernetes: kind('Microsoft.ContainerService/managedClusters', 'management', [`${region}.azmk8s.io`]),
    logs: kind('Microsoft.Insights/privateLinkScopes', 'azuremonitor', MONITOR_ZONES),
    metrics: kind('Microsoft.Monitor/accounts', 'prometheusMetrics', [`${region}.prometheus.monitor.azure.com`]),
    mysql: kind(['Microsoft.DBforMySQL/flexibleServers', 'Microsoft.DBforMySQL/servers'], 'mysqlServer', ['mysql.database.azure.com'], [3306]),
    'object-storage': kind(STORAGE, 'blob', ['blob.core.windows.net']),
    postgresql: kind(['Microsoft.DBforPostgreSQL/flexibleServers', 'Microsoft.DBforPostgreSQL/servers'], 'postgresqlServer', ['postgres.database.azure.com'], [5432]),
    queue: kind('Microsoft.ServiceBus/namespaces', 'namespace', ['servicebus.windows.net'], [443, 5671]),
    'queue-storage': kind(STORAGE, 'queue', ['queue.core.windows.net']),
    redis: kind('Microsoft.Cache/Redis', 'redisCache', ['redis.cache.windows.net'], [6380]),
    secrets: kind('Microsoft.KeyVault/vaults', 'vault', ['vaultcore.azure.net']),
    'table-storage': kind(STORAGE, 'table', ['table.core.windows.net']),
  };
}

/** What a service is on Azure, or nothing when it has no private endpoint there. */
export function kindOf(service: PrivateService, region: string): PrivateServiceKind | undefined {
  const kinds = catalog(region);
  return Object.hasOwn(kinds, service.name) ? kinds[service.name] : undefined;
}

/**
 * Whether Azure offers what a service stands for in some way other than a private endpoint:
 * machines are reached by Bastion, which needs no endpoint.
 */
export function needsNoEndpoint(service: PrivateService): boolean {
  return !service.cloud && service.name === 'session-access';
}

/** Why Azure has no private endpoint for a service, with the way out. */
export function unsupportedService(service: PrivateService, region: string): string | undefined {
  if (kindOf(service, region)) return undefined;
  if (service.name === 'session-access') {
    return "azure: 'session-access' has no private endpoint; reach machines by Azure Bastion or the serial console, and name the service for the clouds that have it ('aws:ssm')";
  }
  return `azure: no private endpoint is known for '${service.name}'; use one of ${Object.keys(catalog(region)).sort().join(', ')}`;
}

/** Why a service's endpoint cannot lead to a resource: Azure would refuse it while everything else is made. Of what the stack makes itself, the id is not known yet. */
export function otherKind(service: string, resourceId: string, region: string): string | undefined {
  const types = kindOf({ name: service }, region)?.types;
  const type = /\/providers\/([^/]+\/[^/]+)\/[^/]+$/i.exec(resourceId)?.[1];
  if (!types || type === undefined || types.some((each) => each.toLowerCase() === type.toLowerCase())) return undefined;
  return `azure: '${resourceId}' is not of the kind ${types.join(' or ')}, which '${service}' stands for; name one that is, or use the service that it belongs to`;
}

/** The ports of all private endpoints, sorted: what segments may call in their subnet. */
export function endpointPorts(services: readonly PrivateService[], region: string): readonly number[] {
  const ports = services.flatMap((service) => kindOf(service, region)?.ports ?? []);
  return [...new Set(ports)].sort((a, b) => a - b);
}
