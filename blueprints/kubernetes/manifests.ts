/** Everything that closes a cluster and opens what the policy says, in the order in which it has to be applied. */
import { audited, flowLogs } from './audit';
import { namespacesOf, type ClusterNetwork } from './cluster-network';
import { denyMetadata, hostPolicies, isCilium } from './host-policies';
import type { Manifest } from './manifest';
import { namespace, nodePlacement } from './namespaces';
import { allowDns, defaultDeny, podPolicies } from './network-policies';

/** Objects that may be applied together, once those of the earlier stages are. */
export interface Stage {
  readonly name: 'namespaces' | 'deny' | 'allow';
  readonly manifests: readonly Manifest[];
}

/** The objects of one cluster, namespaces and what closes them first. */
export function clusterStages(network: ClusterNetwork): readonly Stage[] {
  const namespaces = namespacesOf(network);
  const segments = [...new Set(namespaces.map(({ segment }) => segment))].sort();
  const canDeny = isCilium(network.cluster.cni);
  const stages: readonly Stage[] = [
    { name: 'namespaces', manifests: namespaces.map(({ name, segment, hasHosts }) => namespace(name, segment, hasHosts)) },
    {
      name: 'deny',
      manifests: [
        ...namespaces.flatMap(({ name }) => [defaultDeny(name), ...(canDeny ? [denyMetadata(name)] : [])]),
        ...segments.flatMap((segment) => nodePlacement(segment, network.cluster.cni === 'vpc-cni')),
        ...flowLogs(namespaces, network),
      ],
    },
    {
      name: 'allow',
      manifests: [
        ...namespaces.flatMap((each) => allowDns(each, network)),
        ...podPolicies(network),
        ...network.groups.flatMap((pods) => hostPolicies(pods, network)),
      ],
    },
  ];
  return stages.map(({ name, manifests }) => ({ name, manifests: audited(manifests, namespaces, network) }));
}
