/**
 * Networks that a plan builds by providers which no model reads: what they let out is unknown, and
 * a review must not end as if nothing was there. azapi and awscc write the clouds' own schemas, and
 * modules of Microsoft's make their virtual networks with the former.
 */
import type { Resource, ResourceGraph } from '../plan/resource-graph';
import type { Cloud, Hop, Place } from './network-model';

interface Unread {
  readonly provider: string;
  readonly cloud: Cloud;
  readonly prefix: string;
  /** Whether it is part of a network, or something that could send. */
  readonly counts: (resource: Resource) => boolean;
}

const AZURE_TYPE = /^Microsoft\.(Network\/(virtualNetworks|virtualHubs|natGateways|azureFirewalls|firewallPolicies|routeTables|networkSecurityGroups|networkInterfaces|publicIPAddresses)|Compute\/virtualMachine|ContainerService\/managedClusters)/i;

const UNREAD: readonly Unread[] = [
  {
    provider: 'azapi', cloud: 'azure', prefix: 'azapi_',
    counts: (resource) => {
      const type = resource.valueAt('type');
      return typeof type === 'string' ? AZURE_TYPE.test(type) : resource.unknownAt('type') !== undefined;
    },
  },
  { provider: 'awscc', cloud: 'aws', prefix: 'awscc_', counts: ({ type }) => /^awscc_(ec2|eks|ecs|networkfirewall|autoscaling)_/.test(type) },
];

/** One place per provider that the review cannot read, with an unknown fate. */
export function unreadPlaces(graph: ResourceGraph): readonly Place[] {
  return UNREAD.flatMap(({ provider, cloud, prefix, counts }) => {
    const types = [...graph.typeNames].filter((type) => type.startsWith(prefix));
    const found = types.length === 0 ? [] : graph.resources.filter((resource) => resource.mode === 'managed' && resource.type.startsWith(prefix) && counts(resource));
    const [first] = found;
    if (!first) return [];
    const others = found.length > 1 ? ` and ${found.length - 1} more` : '';
    const reason = `${first.address}${others}: the provider ${provider} is not read by this review`;
    const start: Hop = { address: first.address, kind: 'subnet', forward: (traffic) => [{ kind: 'unknown', traffic, reason }] };
    return [{ id: first.address, kind: 'subnet', cloud, addresses: [first.address], cidrs: [], families: [4], hypothetical: true, start } satisfies Place];
  });
}
