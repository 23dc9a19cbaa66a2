import { NO_POLICY, type Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { serviceEndpoints } from '../../model/google/private-endpoints';
import { blocksAt, hiddenAt, textAt, textsAt } from '../../model/google/reading';
import { servedByAttachment } from '../../model/google/served-by';
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource, ResourceGraph } from '../../plan/resource-graph';

export const check: Check<GoogleModel> = {
  id: 'endpoint-of-another-party',
  title: 'private endpoint of somebody else\'s service',
  severity: 'medium',
  why: 'Whatever is sent there leaves for another organization, past the firewall, its list of hosts and its log.',
  fix: 'Remove it, or name it in the policy file (publishedServices) with the segments that may call it.',
  references: ['https://cloud.google.com/vpc/docs/about-accessing-vpc-hosted-services-endpoints'],
  comparable: [],
  *run({ model, policy }) {
    const { graph } = model;
    const known = new Set(policy?.environments.flatMap(({ google }) => google?.publishedServices?.map(({ attachment }) => attachment) ?? []));
    for (const endpoint of [...serviceEndpoints(model), ...attachedElsewhere(graph)]) {
      if (('isApis' in endpoint && endpoint.isApis) || (endpoint.target !== undefined && known.has(endpoint.target))) continue;
      const { kind, why } = servedByAttachment(endpoint);
      if (kind === 'another') yield { address: endpoint.resource.address, message: policy ? why : `${why}${NO_POLICY}`, ...(policy ? {} : { severity: 'low' as const }) };
      if (kind === 'unknown') yield { address: endpoint.resource.address, message: why, severity: 'low', confidence: 'possible' };
    }
    for (const connections of graph.ofType('google_network_connectivity_service_connection_policy')) {
      const others = connections.mode === 'managed' ? producersOf(connections) : undefined;
      if (others !== undefined) yield { address: connections.address, message: `${others} get endpoints in its subnets, whoever makes one`, ...(policy ? {} : { severity: 'low' as const }) };
    }
  },
};

/**
 * Whose services a policy lets into its subnets beside those that Google makes for the own project; of Google's own
 * classes these are the ones of other projects that it names.
 * https://cloud.google.com/vpc/docs/about-service-connection-policies
 */
function producersOf(policy: Resource): string | undefined {
  const kind = textAt(policy, 'service_class');
  if (kind !== undefined && !/^(gcp|google)-/.test(kind)) return `services of ${kind}, which somebody publishes,`;
  const from = ['psc_config', 0];
  if (textAt(policy, [...from, 'producer_instance_location']) !== 'CUSTOM_RESOURCE_HIERARCHY_LEVELS') return undefined;
  const { values } = textsAt(policy, [...from, 'allowed_google_producers_resource_hierarchy_level']);
  return `services of ${values.length > 0 ? values.join(', ') : 'projects that the plan does not tell'}`;
}

interface Attached {
  readonly resource: Resource;
  /** Absent where the plan does not tell. */
  readonly target?: string;
  readonly at: AttributePath;
}

/** What leads to a published service otherwise than at an address of its own: balancers, and services of Google's. */
const ATTACHED: readonly (readonly [type: string, blocks: readonly string[], path: string])[] = [
  // https://cloud.google.com/vpc/docs/private-service-connect-backends
  ['google_compute_region_network_endpoint_group', [], 'psc_target_service'],
  // https://cloud.google.com/apigee/docs/api-platform/architecture/southbound-networking-patterns-endpoints
  ['google_apigee_endpoint_attachment', [], 'service_attachment'],
  // https://cloud.google.com/integration-connectors/docs/create-endpoint-attachment
  ['google_integration_connectors_endpoint_attachment', [], 'service_attachment'],
  // https://cloud.google.com/integration-connectors/docs/configure-psc
  ['google_integration_connectors_connection', ['destination_config', 'destination'], 'service_attachment'],
  ['google_integration_connectors_connection', ['eventing_config', 'registration_destination_config', 'destination'], 'service_attachment'],
  // https://cloud.google.com/looker/docs/looker-core-networking-options
  ['google_looker_instance', ['psc_config', 'service_attachments'], 'target_service_attachment_uri'],
];

function attachedElsewhere(graph: ResourceGraph): readonly Attached[] {
  return ATTACHED.flatMap(([type, blocks, path]) => graph.ofType(type).filter(({ mode }) => mode === 'managed').flatMap((resource) => blocksAt(resource, blocks).flatMap((block): readonly Attached[] => {
    const at = [...block, path];
    const target = textAt(resource, at);
    if (target === undefined) return hiddenAt(resource, at) === undefined ? [] : [{ resource, at }];
    return target.includes('serviceAttachments') ? [{ resource, target, at }] : [];
  })));
}
