/** A plan as an Azure network: what `review/paths` traces and the checks of Azure look at. */
import type { ResourceGraph } from '../../plan/resource-graph';
import type { Place } from '../network-model';
import { interfaceWorkloads, scaleSetWorkloads } from './interfaces';
import { LoadBalancing } from './load-balancers';
import { placesOf } from './places';
import { platformWorkloads } from './platform-workloads';
import { dnsZones, privateEndpoints, type DnsZone, type PrivateEndpoint } from './services';
import { SubnetView } from './subnet-view';
import { readTopology, type Topology } from './topology';
import { Ways } from './ways';
import type { Workload } from './workload';

export interface AzureModel extends Topology {
  readonly cloud: 'azure';
  readonly places: readonly Place[];
  readonly workloads: readonly Workload[];
  /** Every subnet, with what holds in it. */
  readonly views: readonly SubnetView[];
  readonly privateEndpoints: readonly PrivateEndpoint[];
  readonly dnsZones: readonly DnsZone[];
}

/** Reads the Azure part of any plan; a plan without one gives a model without places. */
export function buildAzureModel(graph: ResourceGraph): AzureModel {
  const topology = readTopology(graph);
  const ways = new Ways(topology);
  const balancing = new LoadBalancing(graph);
  const workloads = [...interfaceWorkloads(graph, balancing), ...scaleSetWorkloads(graph, balancing), ...platformWorkloads(graph, balancing)];
  return {
    ...topology,
    cloud: 'azure',
    places: placesOf(topology, workloads, ways),
    workloads,
    views: topology.subnets.map((subnet) => new SubnetView(subnet, topology, ways)),
    privateEndpoints: privateEndpoints(graph),
    dnsZones: dnsZones(graph),
  };
}
