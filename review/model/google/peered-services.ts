/**
 * Managed services with an address in a network: Cloud SQL, Memorystore and others, in a network of
 * Google's that is peered with ours, or at an endpoint that Google makes in a subnet.
 * https://cloud.google.com/vpc/docs/private-services-access
 */
import { canonicalIdentity } from '../../plan/identity';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import { addressRange } from '../addresses';
import type { GoogleModel } from './google-model';
import type { GoogleNetwork } from './networks';
import { hiddenAt, numberAt, textAt } from './reading';

export interface PeeredService {
  readonly resource: Resource;
  /** `Cloud SQL` */
  readonly label: string;
  /** Of the plan; undefined where it does not tell which. `elsewhere`: one that nothing of the plan is in. */
  readonly network: GoogleNetwork | 'elsewhere' | undefined;
  /** CIDRs; empty where the plan does not tell. */
  readonly ranges: readonly string[];
  /** Empty: any. */
  readonly ports: readonly number[];
  /** At endpoints of Private Service Connect, instead of in a peered network. */
  readonly isEndpoint?: true;
}

interface Kind {
  readonly type: string;
  readonly label: string;
  /** The first that is set counts. */
  readonly networks: readonly AttributePath[];
  readonly ports: readonly number[] | ((resource: Resource) => readonly number[]);
  /** Where it says its own range. */
  readonly range?: AttributePath;
  /** At an endpoint in a subnet that a policy gives for it, instead of in a peered network. */
  readonly isEndpoint?: true;
  /** The default network where none is named. */
  readonly hasDefault?: true;
}

const KINDS: readonly Kind[] = [
  { type: 'google_sql_database_instance', label: 'Cloud SQL', networks: [['settings', 0, 'ip_configuration', 0, 'private_network']], ports: databasePorts },
  { type: 'google_alloydb_cluster', label: 'AlloyDB', networks: [['network_config', 0, 'network'], ['network']], ports: [5432] },
  { type: 'google_redis_instance', label: 'Memorystore', networks: [['authorized_network']], ports: [6378, 6379], range: ['reserved_ip_range'], hasDefault: true },
  { type: 'google_memcache_instance', label: 'Memcached', networks: [['authorized_network']], ports: [11211], hasDefault: true },
  { type: 'google_redis_cluster', label: 'Memorystore', networks: [['psc_configs', 0, 'network']], ports: [6379], isEndpoint: true },
  { type: 'google_memorystore_instance', label: 'Memorystore', networks: [['desired_auto_created_endpoints', 0, 'network'], ['desired_psc_auto_connections', 0, 'network']], ports: [6379], isEndpoint: true },
  { type: 'google_filestore_instance', label: 'Filestore', networks: [['networks', 0, 'network']], ports: [111, 2049], range: ['networks', 0, 'reserved_ip_range'] },
  { type: 'google_netapp_storage_pool', label: 'NetApp Volumes', networks: [['network']], ports: [111, 445, 2049] },
  { type: 'google_looker_instance', label: 'Looker', networks: [['consumer_network']], ports: [443] },
  // https://cloud.google.com/managed-lustre/docs/vpc, https://cloud.google.com/parallelstore/docs/vpc, https://cloud.google.com/dataproc-metastore/docs/configure-vpc-network: of what is not said of their ports, any.
  { type: 'google_lustre_instance', label: 'Lustre', networks: [['network']], ports: [] },
  { type: 'google_parallelstore_instance', label: 'Parallelstore', networks: [['network']], ports: [] },
  { type: 'google_dataproc_metastore_service', label: 'Dataproc Metastore', networks: [['network']], ports: [] },
  { type: 'google_active_directory_domain', label: 'Managed Microsoft AD', networks: [['authorized_networks', 0]], ports: [] },
  { type: 'google_vertex_ai_index_endpoint', label: 'Vertex AI index', networks: [['network']], ports: [] },
];

/** Those with a network; and a connection for them whose services are in another plan. */
export function peeredServices(model: GoogleModel): readonly PeeredService[] {
  const { graph } = model;
  const connections = graph.ofType('google_service_networking_connection').map((resource) => ({
    resource, network: networkAt(resource, ['network'], model), ranges: reservedBy(resource),
  }));
  const services = KINDS.flatMap((kind) => graph.ofType(kind.type).flatMap((resource): PeeredService[] => {
    const path = kind.networks.find((each) => textAt(resource, each) !== undefined || hiddenAt(resource, each) !== undefined);
    if (!path && !kind.hasDefault) return [];
    const network = path ? networkAt(resource, path, model) : model.networks.find(({ isDefault }) => isDefault) ?? 'elsewhere';
    const own = kind.range && textAt(resource, kind.range);
    const ranges = kind.isEndpoint ? endpointRanges(network, model) : own !== undefined && addressRange(own) !== undefined ? [own] : connections.filter((each) => each.network === network).flatMap((each) => each.ranges);
    return [{ resource, label: kind.label, network, ranges, ports: typeof kind.ports === 'function' ? kind.ports(resource) : kind.ports, ...(kind.isEndpoint ? { isEndpoint: true as const } : {}) }];
  }));
  const served = new Set(services.map(({ network }) => network));
  const idle = connections.filter(({ network }) => !served.has(network)).map(({ resource, network, ranges }): PeeredService => ({ resource, label: 'peered services', network, ranges, ports: [] }));
  return [...services, ...endpointsOfKafka(model), ...idle];
}

/**
 * Brokers, at endpoints in each of the subnets that a cluster is given; of their ports any.
 * https://cloud.google.com/managed-service-for-apache-kafka/docs/networking-kafka
 */
function endpointsOfKafka({ graph, subnets }: GoogleModel): readonly PeeredService[] {
  return graph.ofType('google_managed_kafka_cluster').flatMap((resource) => resource.elements(['gcp_config', 0, 'access_config', 0, 'network_configs']).flatMap((block): readonly PeeredService[] => {
    const { targets } = resource.references([...block, 'subnet'], { types: ['google_compute_subnetwork'] });
    const found = subnets.filter((subnet) => subnet.resource !== undefined && targets.includes(subnet.resource));
    const at = (network: PeeredService['network'], ranges: readonly string[]): PeeredService => ({ resource, label: 'Kafka', network, ranges, ports: [], isEndpoint: true });
    if (found.length === 0) return [at(textAt(resource, [...block, 'subnet']) === undefined ? undefined : 'elsewhere', [])];
    return found.flatMap((subnet) => subnet.networks.map((network) => at(network, subnet.primary === undefined ? [] : [subnet.primary].flat())));
  }));
}

/** https://cloud.google.com/sql/docs/mysql/connect-overview: and the port that its connectors use. */
function databasePorts(resource: Resource): readonly number[] {
  const version = textAt(resource, 'database_version')?.toUpperCase() ?? '';
  const port = version.startsWith('MYSQL') ? 3306 : version.startsWith('POSTGRES') ? 5432 : version.startsWith('SQLSERVER') ? 1433 : undefined;
  return port === undefined ? [] : [port, 3307].sort((a, b) => a - b);
}

function networkAt(resource: Resource, path: AttributePath, { networks }: GoogleModel): PeeredService['network'] {
  const { targets } = resource.references(path, { types: ['google_compute_network'] });
  const found = networks.filter((network) => network.resource !== undefined && targets.includes(network.resource));
  if (found.length === 1) return found[0];
  const text = textAt(resource, path);
  if (found.length > 1 || text === undefined) return undefined;
  const key = canonicalIdentity(text);
  return networks.find(({ address, isDefault }) => address === key || (isDefault && key.endsWith('/default')) || (isDefault && key === 'default')) ?? 'elsewhere';
}

function reservedBy(connection: Resource): readonly string[] {
  return connection.references('reserved_peering_ranges', { types: ['google_compute_global_address'] }).targets.flatMap((reserved) => {
    const [address, prefix] = [textAt(reserved, 'address'), numberAt(reserved, 'prefix_length')];
    return address === undefined || prefix === undefined ? [] : [`${address}/${prefix}`];
  });
}

/** https://cloud.google.com/vpc/docs/about-service-connection-policies */
function endpointRanges(network: PeeredService['network'], model: GoogleModel): readonly string[] {
  return model.graph.ofType('google_network_connectivity_service_connection_policy').filter((policy) => networkAt(policy, ['network'], model) === network).flatMap((policy) => {
    const subnets = policy.references(['psc_config', 0, 'subnetworks'], { types: ['google_compute_subnetwork'] }).targets;
    return model.subnets.filter(({ resource }) => resource !== undefined && subnets.includes(resource)).flatMap(({ primary }) => primary ?? []);
  });
}
