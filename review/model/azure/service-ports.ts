/**
 * Where services answer that a service endpoint leads to: its route is for addresses of the service
 * alone, and nobody listens there on other ports.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
 */
import { INTERNET, type Family } from '../addresses';
import { rangesOf, type Ranges } from '../ranges';
import { ALL_PORTS, traffic, type Traffic } from '../traffic';

const HTTPS = [[443, 443]] as const;

const PORTS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  // Blobs and files over SFTP, HTTP, HTTPS, SMB and NFS.
  'microsoft.storage': [[22, 22], [80, 80], [443, 443], [445, 445], [2049, 2049]],
  // SQL Server with its redirects, MySQL, PostgreSQL and its pooler.
  'microsoft.sql': [[1433, 1434], [3306, 3306], [5432, 5432], [6432, 6432], [11000, 11999]],
  'microsoft.azurecosmosdb': [[443, 443], [10000, 20000]],
  'microsoft.keyvault': HTTPS,
  'microsoft.containerregistry': HTTPS,
  'microsoft.cognitiveservices': HTTPS,
  'microsoft.azureactivedirectory': HTTPS,
  'microsoft.servicebus': [[80, 80], [443, 443], [5671, 5672], [9350, 9354]],
  'microsoft.eventhub': [[80, 80], [443, 443], [5671, 5672], [9093, 9093]],
};

/** tcp ports of a service by its name, with or without `.Global`; all of them where it is not known. */
export function servicePorts(service: string): Ranges {
  const known = PORTS[service.toLowerCase().replace(/\.global$/, '')];
  return known ? rangesOf(known.map(([from, to]) => [BigInt(from), BigInt(to)])) : ALL_PORTS;
}

/** All that it answers. The plan does not tell its addresses. */
export function ofService(service: string, family: Family): Traffic {
  const name = service.replace(/\.global$/i, '');
  return traffic(family, [{ protocol: 'tcp', ports: servicePorts(service), destinations: INTERNET[family], service: /^microsoft\.storage$/i.test(name) ? STORAGE_ACCOUNTS : `${name} of every customer` }]);
}

export const STORAGE_ACCOUNTS = 'storage accounts of every customer';
