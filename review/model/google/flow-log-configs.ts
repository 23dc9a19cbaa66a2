/** Flow logs that are switched on beside the subnet, for it or for its whole network. */
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import type { GoogleSubnet } from './networks';
import { numberAt, textAt } from './reading';

const TARGETS = [['subnet', 'google_compute_subnetwork'], ['network', 'google_compute_network']] as const;
/** `projects/p/regions/r/subnetworks/s` without its project. */
const LINK = /(?:regions\/[^/]+\/subnetworks|global\/networks)\/[^/]+$/;

/**
 * Whether a configuration of its own records all of a subnet's flows. One that may be meant for another subnet counts for none.
 * https://cloud.google.com/vpc/docs/flow-logs#config-options
 */
export function recordedBeside(graph: ResourceGraph): (subnet: GoogleSubnet) => boolean {
  const meant = new Set<Resource>();
  const links = new Set<string>();
  for (const config of graph.ofType('google_network_management_vpc_flow_logs_config')) {
    if (config.mode !== 'managed' || !isWhole(config)) continue;
    for (const [path, type] of TARGETS) {
      const text = textAt(config, path);
      const link = text === undefined ? undefined : LINK.exec(text)?.[0];
      if (link !== undefined) links.add(link);
      const targets = text === undefined ? config.references(path, { types: [type] }).targets : [];
      if (targets.length === 1) meant.add(targets[0] as Resource);
    }
  }
  const isNamed = (resource: Resource | undefined, link: string) => links.has(link) || (resource !== undefined && meant.has(resource));
  return ({ resource, name, region, networks }) => isNamed(resource, `regions/${region}/subnetworks/${name}`)
    || (networks.length === 1 && networks.every((network) => isNamed(network.resource, `global/networks/${network.name}`)));
}

/** Without words of its own it records everything. */
function isWhole(config: Resource): boolean {
  return (textAt(config, 'state') ?? 'ENABLED') === 'ENABLED' && (textAt(config, 'metadata') ?? 'INCLUDE_ALL_METADATA') === 'INCLUDE_ALL_METADATA'
    && (textAt(config, 'filter_expr') ?? 'true') === 'true' && (numberAt(config, 'flow_sampling') ?? 1) === 1;
}
