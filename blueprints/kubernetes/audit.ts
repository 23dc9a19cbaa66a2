/** Records of what pods with hosts call and are refused: where a cluster takes them from an object in it. */
import type { ClusterNamespace, ClusterNetwork } from './cluster-network';
import { OWN, type Manifest } from './manifest';

/**
 * GKE records what these annotations ask for once the cluster's NetworkLogging object delegates.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging
 */
const ALLOWED = 'policy.network.gke.io/enable-logging';
const DENIED = 'policy.network.gke.io/enable-deny-logging';

/** Whether this project can ask for records; elsewhere they are a setting of the CNI, for the whole cluster. */
export function recordsDecisions({ cluster }: ClusterNetwork): boolean {
  return isGke(cluster.cni) || cluster.cni === 'acns';
}

/** Objects with the marks that make their decisions recorded: all of a namespace with hosts. */
export function audited(manifests: readonly Manifest[], namespaces: readonly ClusterNamespace[], { cluster }: ClusterNetwork): readonly Manifest[] {
  if (!isGke(cluster.cni)) return manifests;
  const names = new Set(namespaces.filter(({ hasHosts }) => hasHosts).map(({ name }) => name));
  const marked = (manifest: Manifest, annotation: string): Manifest => ({
    ...manifest,
    metadata: { ...manifest.metadata, annotations: { ...manifest.metadata.annotations, [annotation]: 'true' } },
  });
  return manifests.map((manifest) => {
    if (manifest.kind === 'Namespace' && names.has(manifest.metadata.name)) return marked(manifest, DENIED);
    return manifest.kind === 'NetworkPolicy' && names.has(manifest.metadata.namespace ?? '') ? marked(manifest, ALLOWED) : manifest;
  });
}

/** AKS with ACNS stores the flows that these name. https://learn.microsoft.com/azure/aks/container-network-observability-logs */
export function flowLogs(namespaces: readonly ClusterNamespace[], { cluster }: ClusterNetwork): readonly Manifest[] {
  if (cluster.cni !== 'acns') return [];
  return namespaces.filter(({ hasHosts }) => hasHosts).map(({ name }) => ({
    apiVersion: 'acn.azure.com/v1alpha1',
    kind: 'ContainerNetworkLog',
    metadata: { name: `${OWN}-${name}` },
    spec: {
      includefilters: [{
        name: 'egress',
        from: { labelSelector: { matchLabels: { 'k8s.io/namespace': name } } },
        protocol: ['tcp', 'udp', 'dns'],
        verdict: ['forwarded', 'dropped'],
      }],
    },
  }));
}

function isGke(cni: string): boolean {
  return cni.startsWith('dataplane-v2');
}
