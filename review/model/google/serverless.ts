/**
 * Cloud Run, functions and App Engine: they leave from Google's own network unless all of their
 * traffic is sent into a VPC. https://cloud.google.com/run/docs/configuring/vpc-direct-vpc
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Interface } from './interfaces';
import { keysAt, keysOf } from './keys';
import { placeOf, serviceInterface, type Workload } from './machines';
import type { Networks } from './networks';
import { hiddenAt, textAt } from './reading';

interface Kind {
  readonly type: string;
  /** `ALL_TRAFFIC`, or what stands for it. */
  readonly egress: AttributePath;
  readonly connector: AttributePath;
  /** Interfaces without a connector. */
  readonly direct?: AttributePath;
}

const ANNOTATIONS = ['template', 0, 'metadata', 0, 'annotations'];

const KINDS: readonly Kind[] = [
  { type: 'google_cloud_run_v2_service', egress: ['template', 0, 'vpc_access', 0, 'egress'], connector: ['template', 0, 'vpc_access', 0, 'connector'], direct: ['template', 0, 'vpc_access', 0, 'network_interfaces'] },
  { type: 'google_cloud_run_v2_worker_pool', egress: ['template', 0, 'vpc_access', 0, 'egress'], connector: ['template', 0, 'vpc_access', 0, 'connector'], direct: ['template', 0, 'vpc_access', 0, 'network_interfaces'] },
  { type: 'google_cloud_run_v2_job', egress: ['template', 0, 'template', 0, 'vpc_access', 0, 'egress'], connector: ['template', 0, 'template', 0, 'vpc_access', 0, 'connector'], direct: ['template', 0, 'template', 0, 'vpc_access', 0, 'network_interfaces'] },
  { type: 'google_cloud_run_service', egress: [...ANNOTATIONS, 'run.googleapis.com/vpc-access-egress'], connector: [...ANNOTATIONS, 'run.googleapis.com/vpc-access-connector'] },
  { type: 'google_cloudfunctions_function', egress: ['vpc_connector_egress_settings'], connector: ['vpc_connector'] },
  { type: 'google_cloudfunctions2_function', egress: ['service_config', 0, 'vpc_connector_egress_settings'], connector: ['service_config', 0, 'vpc_connector'] },
  { type: 'google_app_engine_standard_app_version', egress: ['vpc_access_connector', 0, 'egress_setting'], connector: ['vpc_access_connector', 0, 'name'] },
];

export function serverless(graph: ResourceGraph, networks: Networks): readonly Workload[] {
  const connectors = new Map(graph.ofType('google_vpc_access_connector').map((connector) => [connector, connectorInterface(connector, networks)]));
  return KINDS.flatMap((kind) => graph.ofType(kind.type).map((resource): Workload => {
    const interfaces = interfacesOf(resource, kind, networks, connectors);
    const egress = textAt(resource, kind.egress)?.toUpperCase().replaceAll('-', '_');
    const hidden = hiddenAt(resource, kind.egress);
    const sendsAll = egress === 'ALL_TRAFFIC' || egress === 'ALL';
    const through = sendsAll || hidden !== undefined ? interfaces : [];
    const reason = interfaces.length === 0 ? 'no vpc connector and no vpc interface'
      : sendsAll ? undefined : hidden ?? `egress setting ${egress ?? 'PRIVATE_RANGES_ONLY'}: public addresses are reached without the vpc`;
    return {
      address: resource.address,
      resource,
      interfaces: through,
      ...(reason === undefined ? {} : { leavesDirectly: { reason, isSure: through.length === 0 } }),
    };
  }));
}

function interfacesOf(resource: Resource, kind: Kind, networks: Networks, connectors: ReadonlyMap<Resource, Interface | undefined>): readonly Interface[] {
  const direct = kind.direct ? resource.elements(kind.direct) : [];
  if (direct.length > 0) {
    return direct.map((path) => serviceInterface(resource.address, placeOf(resource, path, networks), { networkTags: keysAt(resource, [...path, 'tags'], []) }, 'no'));
  }
  if (textAt(resource, kind.connector) === undefined && hiddenAt(resource, kind.connector) === undefined) return [];
  const targets = resource.references(kind.connector, { types: ['google_vpc_access_connector'] }).targets;
  const known = targets.flatMap((target) => connectors.get(target) ?? []);
  return known.length > 0 ? known : [serviceInterface(resource.address, { named: networks.stranger(`the network of ${resource.address}'s connector`), subnets: [] }, {}, 'no')];
}

/** https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#firewall-rules-connector: the tags that Google gives to connectors. */
function connectorInterface(connector: Resource, networks: Networks): Interface {
  const bySubnet = placeOf(connector, ['subnet', 0], networks, { network: 'network', subnet: 'name' });
  const place = bySubnet.named.length > 0 ? bySubnet : placeOf(connector, [], networks);
  const region = textAt(connector, 'region');
  const name = textAt(connector, 'name');
  const tags = ['vpc-connector', ...(region === undefined || name === undefined ? [] : [`vpc-connector-${region}-${name}`])];
  return serviceInterface(connector.address, { named: place.named.length > 0 ? place.named : networks.namedOrDefault(), subnets: place.subnets }, { networkTags: keysOf(tags) }, 'no');
}
