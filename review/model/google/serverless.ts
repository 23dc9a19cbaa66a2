/**
 * Cloud Run, functions and App Engine: they leave from Google's own network unless all of their
 * traffic is sent into a VPC. https://cloud.google.com/run/docs/configuring/vpc-direct-vpc
 */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { Interface } from './interfaces';
import { isList, own, ownText, type Json } from '../../plan/json';
import { keysAt, keysOf, unknownKeys, type Keys } from './keys';
import { accountAt, ipv6Of, placeOf, placesOf, serviceInterface, type Place, type Workload } from './machines';
import type { GoogleNetwork, GoogleSubnet, Networks } from './networks';
import { flagAt, hiddenAt, hiddenBlockAt, nameOf, regionOf, textAt, whyElsewhere } from './reading';

interface Kind {
  readonly type: string;
  /** `ALL_TRAFFIC`, or what stands for it. */
  readonly egress: AttributePath;
  readonly connector: AttributePath;
  /** Interfaces without a connector. */
  readonly direct?: AttributePath;
  /** `egress` of these, where that is said elsewhere. */
  readonly directEgress?: AttributePath;
  /** What it runs as. Through a connector nobody sees that. */
  readonly account?: AttributePath;
  /** Where callers, or instances, are divided among revisions, and how they are named. */
  readonly shares?: { readonly block: string; readonly revision: string; readonly own: AttributePath };
  /** What is false where callers are divided by something that no plan shows. */
  readonly latest?: AttributePath;
  /** The same as JSON in an annotation. https://cloud.google.com/run/docs/configuring/vpc-direct-vpc */
  readonly written?: AttributePath;
}

const ANNOTATIONS = ['template', 0, 'metadata', 0, 'annotations'];

const KINDS: readonly Kind[] = [
  { type: 'google_cloud_run_v2_service', egress: ['template', 0, 'vpc_access', 0, 'egress'], connector: ['template', 0, 'vpc_access', 0, 'connector'], direct: ['template', 0, 'vpc_access', 0, 'network_interfaces'], account: ['template', 0, 'service_account'], shares: { block: 'traffic', revision: 'revision', own: ['template', 0, 'revision'] } },
  { type: 'google_cloud_run_v2_worker_pool', egress: ['template', 0, 'vpc_access', 0, 'egress'], connector: ['template', 0, 'vpc_access', 0, 'connector'], direct: ['template', 0, 'vpc_access', 0, 'network_interfaces'], account: ['template', 0, 'service_account'], shares: { block: 'instance_splits', revision: 'revision', own: ['template', 0, 'revision'] } },
  { type: 'google_cloud_run_v2_job', egress: ['template', 0, 'template', 0, 'vpc_access', 0, 'egress'], connector: ['template', 0, 'template', 0, 'vpc_access', 0, 'connector'], direct: ['template', 0, 'template', 0, 'vpc_access', 0, 'network_interfaces'], account: ['template', 0, 'template', 0, 'service_account'] },
  // An instance has no template. https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.instances
  { type: 'google_cloud_run_v2_instance', egress: ['vpc_access', 0, 'egress'], connector: ['vpc_access', 0, 'connector'], direct: ['vpc_access', 0, 'network_interfaces'], account: ['service_account'] },
  { type: 'google_cloud_run_service', egress: [...ANNOTATIONS, 'run.googleapis.com/vpc-access-egress'], connector: [...ANNOTATIONS, 'run.googleapis.com/vpc-access-connector'], written: [...ANNOTATIONS, 'run.googleapis.com/network-interfaces'], account: ['template', 0, 'spec', 0, 'service_account_name'], shares: { block: 'traffic', revision: 'revision_name', own: ['template', 0, 'metadata', 0, 'name'] } },
  { type: 'google_cloudfunctions_function', egress: ['vpc_connector_egress_settings'], connector: ['vpc_connector'] },
  // https://docs.cloud.google.com/functions/docs/running/direct-vpc: from provider 7.21 on.
  { type: 'google_cloudfunctions2_function', egress: ['service_config', 0, 'vpc_connector_egress_settings'], connector: ['service_config', 0, 'vpc_connector'], direct: ['service_config', 0, 'direct_vpc_network_interface'], directEgress: ['service_config', 0, 'direct_vpc_egress'], account: ['service_config', 0, 'service_account_email'], latest: ['service_config', 0, 'all_traffic_on_latest_revision'] },
  { type: 'google_app_engine_standard_app_version', egress: ['vpc_access_connector', 0, 'egress_setting'], connector: ['vpc_access_connector', 0, 'name'] },
];

export function serverless(graph: ResourceGraph, networks: Networks): readonly Workload[] {
  const connectors = new Map(graph.ofType('google_vpc_access_connector').map((connector) => [connector, connectorInterface(connector, graph, networks)]));
  return KINDS.flatMap((kind) => graph.ofType(kind.type).map((resource): Workload => {
    const interfaces = interfacesOf(resource, kind, networks, connectors);
    const said = kind.directEgress && kind.direct && resource.elements(kind.direct).length > 0 ? kind.directEgress : kind.egress;
    const egress = textAt(resource, said)?.toUpperCase().replaceAll('-', '_').replace(/^VPC_EGRESS_/, '');
    const hidden = hiddenAt(resource, said);
    const sendsAll = egress === 'ALL_TRAFFIC' || egress === 'ALL';
    const through = sendsAll || hidden !== undefined ? interfaces : [];
    const reason = interfaces.length === 0 ? 'no vpc connector and no vpc interface'
      : sendsAll ? olderRevision(resource, kind) : hidden ?? `egress setting ${egress ?? 'PRIVATE_RANGES_ONLY'}: public addresses are reached without the vpc`;
    return {
      address: resource.address,
      resource,
      interfaces: through,
      ...(reason === undefined ? {} : { leavesDirectly: { reason, isSure: through.length === 0 } }),
    };
  }));
}

/**
 * Why something else may answer than what the template says: a revision keeps the settings that it was made with.
 * https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
 */
function olderRevision(resource: Resource, { shares, latest }: Kind): string | undefined {
  if (latest && flagAt(resource, latest) === false) return 'all_traffic_on_latest_revision is off: what the revision that answers was made with is not in the plan';
  if (!shares) return undefined;
  const own = textAt(resource, shares.own);
  const named = resource.elements(shares.block).map((path) => [...path, shares.revision]);
  const older = named.map((path) => textAt(resource, path)).find((revision) => revision !== undefined && revision !== own);
  return older === undefined
    ? named.map((path) => hiddenAt(resource, path)).find((hidden) => hidden !== undefined)
    : `revision ${older} serves callers, too, and what it was made with is not in the plan`;
}

function interfacesOf(resource: Resource, kind: Kind, networks: Networks, connectors: ReadonlyMap<Resource, Interface | undefined>): readonly Interface[] {
  const direct = kind.direct ? resource.elements(kind.direct) : [];
  if (direct.length > 0) {
    return direct.flatMap((path) => placesOf(resource, path, networks).map((place) => directInterface(resource, kind, place, keysAt(resource, [...path, 'tags'], []))));
  }
  const written = kind.written && writtenInterfaces(resource, kind, kind.written, networks);
  if (written && written.length > 0) return written;
  if (textAt(resource, kind.connector) === undefined && hiddenAt(resource, kind.connector) === undefined) return [];
  const references = resource.references(kind.connector, { types: ['google_vpc_access_connector'] });
  const known = references.targets.flatMap((target) => connectors.get(target) ?? []);
  return known.length > 0 && whyElsewhere(resource, references) === undefined ? known : [...known, serviceInterface(resource.address, { named: networks.stranger(`the network of ${resource.address}'s connector`), subnets: [] }, {}, 'no')];
}

/**
 * Straight into a subnet, with addresses of both families where that has them. Nothing of it is handed to a firewall endpoint.
 * https://docs.cloud.google.com/run/docs/configuring/vpc-dual-stack-subnet
 */
function directInterface(resource: Resource, { account }: Kind, place: Place, networkTags: Keys): Interface {
  const made = serviceInterface(resource.address, place, { networkTags, ...(account ? { accounts: accountAt(resource, account) } : {}) }, 'no');
  return { ...made, isOfPrimary: true, ...ipv6Of(resource, place.subnets), carrier: { ...made.carrier, isUninspected: true } };
}

/** `[{"network":"n","subnetwork":"s","tags":["t"]}]`; a text that is no such list names a network that nobody knows. */
function writtenInterfaces(resource: Resource, kind: Kind, path: AttributePath, networks: Networks): readonly Interface[] {
  const text = textAt(resource, path);
  if (text === undefined) {
    if (hiddenAt(resource, path) === undefined) return [];
    const subnets = networks.subnetsAt(resource, path);
    return [directInterface(resource, kind, { named: [...new Set([...networks.namedAt(resource, path), ...subnets.flatMap((subnet) => subnet.networks)])], subnets }, unknownKeys(`${resource.address}: the annotation of its interfaces is not known`))];
  }
  const listed = parsed(text);
  return (isList(listed) && listed.length > 0 ? listed : [{}]).map((each) => {
    const [network, subnet] = [ownText(each, 'network'), ownText(each, 'subnetwork')];
    const subnets = subnet === undefined ? [] : networks.subnetsCalled(subnet);
    const named = network === undefined ? [...new Set(subnets.flatMap((known) => known.networks))] : networks.called(network);
    const tags = own(each, 'tags');
    return directInterface(resource, kind, {
      named: named.length > 0 ? named : networks.stranger(`the network of ${resource.address}`),
      subnets: subnets.length > 0 ? subnets : named.flatMap((known) => networks.subnetsOf(known)),
    }, keysOf(isList(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : []));
  });
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#firewall-rules-connector: the tags that Google gives to connectors. */
function connectorInterface(connector: Resource, graph: ResourceGraph, networks: Networks): Interface {
  const bySubnet = placeOf(connector, ['subnet', 0], networks, { network: 'network', subnet: 'name' });
  const place = bySubnet.named.length > 0 ? bySubnet : placeOf(connector, [], networks);
  const region = textAt(connector, 'region');
  const name = textAt(connector, 'name');
  const tags = ['vpc-connector', ...(region === undefined || name === undefined ? [] : [`vpc-connector-${region}-${name}`])];
  const named = place.named.length > 0 ? place.named : networks.namedOrDefault(connector);
  const isInSubnet = connector.elements('subnet').length > 0 || hiddenBlockAt(connector, 'subnet') !== undefined;
  return { ...serviceInterface(connector.address, { named, subnets: isInSubnet ? place.subnets : [subnetOfItsOwn(connector, graph, named)] }, { networkTags: keysOf(tags) }, 'no'), isOfPrimary: true };
}

/** Of a connector with a range Google makes the subnet, which nobody sees or lists. https://cloud.google.com/vpc/docs/serverless-vpc-access#ip_address_ranges */
function subnetOfItsOwn(connector: Resource, graph: ResourceGraph, networks: readonly GoogleNetwork[]): GoogleSubnet {
  const [range, region] = [textAt(connector, 'ip_cidr_range'), regionOf(connector, graph)];
  return {
    address: connector.address, name: nameOf(connector), networks, ...(region === undefined ? { isRegionHidden: true as const } : { region }), cidrs: range === undefined ? [] : [range], ...(range === undefined ? {} : { primary: range }),
    ipv6: 'none', hasIpv4: true, hasPrivateAccess: true, canHoldMachines: true, holdsMachines: false, isForeign: false, isHybrid: false,
  };
}
