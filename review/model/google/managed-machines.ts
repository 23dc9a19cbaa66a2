/** Services that make machines in a network of the project: notebooks, clusters, pipelines. */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';
import { ACCOUNT_TYPES } from './firewall-rule';
import type { Having } from './interfaces';
import { keysAt, NO_KEYS } from './keys';
import { placeOf, publicUnless, serviceInterface, type Workload } from './machines';
import type { Networks } from './networks';
import { hiddenAt, textAt } from './reading';

interface Service {
  readonly type: string;
  /** Where network and subnet stand. */
  readonly block: AttributePath;
  readonly subnet: string;
  readonly tags?: AttributePath;
  readonly account?: AttributePath;
  publicIpv4(resource: Resource): Having;
}

const SERVICES: readonly Service[] = [
  { type: 'google_workbench_instance', block: ['gce_setup', 0, 'network_interfaces', 0], subnet: 'subnet', tags: ['gce_setup', 0, 'tags'], account: ['gce_setup', 0, 'service_accounts', 0, 'email'], publicIpv4: (resource) => publicUnless(resource, ['gce_setup', 0, 'disable_public_ip']) },
  { type: 'google_notebooks_instance', block: [], subnet: 'subnet', tags: ['tags'], account: ['service_account'], publicIpv4: (resource) => publicUnless(resource, ['no_public_ip']) },
  { type: 'google_dataproc_cluster', block: ['cluster_config', 0, 'gce_cluster_config', 0], subnet: 'subnetwork', tags: ['cluster_config', 0, 'gce_cluster_config', 0, 'tags'], account: ['cluster_config', 0, 'gce_cluster_config', 0, 'service_account'], publicIpv4: (resource) => publicUnless(resource, ['cluster_config', 0, 'gce_cluster_config', 0, 'internal_ip_only']) },
  { type: 'google_dataflow_job', block: [], subnet: 'subnetwork', account: ['service_account_email'], publicIpv4: workers },
  { type: 'google_dataflow_flex_template_job', block: [], subnet: 'subnetwork', account: ['service_account_email'], publicIpv4: workers },
  { type: 'google_composer_environment', block: ['config', 0, 'node_config', 0], subnet: 'subnetwork', tags: ['config', 0, 'node_config', 0, 'tags'], account: ['config', 0, 'node_config', 0, 'service_account'], publicIpv4: (resource) => publicUnless(resource, ['config', 0, 'private_environment_config', 0, 'enable_private_endpoint']) },
  { type: 'google_tpu_v2_vm', block: ['network_config', 0], subnet: 'subnetwork', tags: ['tags'], account: ['service_account', 0, 'email'], publicIpv4: (resource) => (resource.valueAt(['network_config', 0, 'enable_external_ips']) === true ? 'yes' : 'no') },
];

function workers(resource: Resource): Having {
  const text = textAt(resource, 'ip_configuration');
  const hidden = hiddenAt(resource, 'ip_configuration');
  return text === 'WORKER_IP_PRIVATE' ? 'no' : hidden === undefined ? 'yes' : { unknown: hidden };
}

export function managedMachines(graph: ResourceGraph, networks: Networks): readonly Workload[] {
  return SERVICES.flatMap((service) => graph.ofType(service.type).map((resource): Workload => {
    const place = placeOf(resource, service.block, networks, { network: 'network', subnet: service.subnet });
    const named = place.named.length > 0 ? place.named : networks.namedOrDefault();
    return {
      address: resource.address,
      resource,
      interfaces: [serviceInterface(resource.address, { named, subnets: place.subnets }, {
        networkTags: service.tags ? keysAt(resource, service.tags, []) : NO_KEYS,
        accounts: service.account ? keysAt(resource, service.account, ACCOUNT_TYPES) : NO_KEYS,
      }, service.publicIpv4(resource))],
    };
  }));
}
