/** DNS of the networks: policies, private zones and their records. https://cloud.google.com/dns/docs/overview */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { GoogleNetwork, Networks } from './networks';
import { blocksAt, flagAt, textAt, textsAt } from './reading';

export interface DnsPolicy {
  readonly address: string;
  readonly resource: Resource;
  readonly networks: readonly GoogleNetwork[];
  readonly isLogged: boolean;
  readonly alternativeServers: readonly string[];
}

export interface DnsRecord {
  readonly address: string;
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

export interface DnsZone {
  readonly address: string;
  readonly resource: Resource;
  /** Lower case, with the dot at the end. */
  readonly dnsName: string;
  readonly isPrivate: boolean;
  readonly networks: readonly GoogleNetwork[];
  /** Answered by other name servers, or by another network. */
  readonly forwards: boolean;
  /** The networks in which it is answered instead. */
  readonly peers: readonly GoogleNetwork[];
  readonly records: readonly DnsRecord[];
}

export interface GoogleDns {
  readonly policies: readonly DnsPolicy[];
  readonly zones: readonly DnsZone[];
}

/** Where a record has its answers: itself, or by weight, place and health. https://cloud.google.com/dns/docs/policies-overview */
const RRDATAS: readonly (readonly string[])[] = [[], ['routing_policy', 'wrr'], ['routing_policy', 'geo'], ['routing_policy', 'primary_backup', 'backup_geo']];

export function dnsOf(graph: ResourceGraph, networks: Networks): GoogleDns {
  const networksIn = (resource: Resource, path: readonly (string | number)[]) => [...new Set(resource.elements(path).flatMap((each) => networks.namedAt(resource, [...each, 'network_url'])))];
  const records = new Map<Resource, DnsRecord[]>();
  for (const record of graph.ofType('google_dns_record_set')) {
    for (const zone of record.references('managed_zone', { types: ['google_dns_managed_zone'] }).targets) {
      const values = RRDATAS.flatMap((blocks) => blocksAt(record, blocks).flatMap((block) => textsAt(record, [...block, 'rrdatas']).values));
      const found = { address: record.address, name: (textAt(record, 'name') ?? '').toLowerCase(), type: textAt(record, 'type') ?? '', values };
      records.set(zone, [...(records.get(zone) ?? []), found]);
    }
  }
  return {
    policies: graph.ofType('google_dns_policy').map((resource) => ({
      address: resource.address,
      resource,
      networks: networksIn(resource, ['networks']),
      isLogged: flagAt(resource, 'enable_logging') === true,
      alternativeServers: resource.elements('alternative_name_server_config').flatMap((path) => resource.elements([...path, 'target_name_servers']).map((server) =>
        textAt(resource, [...server, 'ipv4_address']) ?? textAt(resource, [...server, 'ipv6_address']) ?? 'unknown')),
    })),
    zones: graph.ofType('google_dns_managed_zone').map((resource) => ({
      address: resource.address,
      resource,
      dnsName: (textAt(resource, 'dns_name') ?? '').toLowerCase(),
      isPrivate: textAt(resource, 'visibility') === 'private',
      networks: networksIn(resource, ['private_visibility_config', 0, 'networks']),
      forwards: resource.elements('forwarding_config').length > 0 || resource.elements('peering_config').length > 0,
      peers: [...new Set(resource.elements('peering_config').flatMap((each) => networks.namedAt(resource, [...each, 'target_network', 0, 'network_url'])))],
      records: records.get(resource) ?? [],
    })),
  };
}
