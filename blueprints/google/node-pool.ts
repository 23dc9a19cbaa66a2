import { ContainerNodePool } from '@cdktf/provider-google/lib/container-node-pool';
import { DataGoogleTagsTagKey } from '@cdktf/provider-google/lib/data-google-tags-tag-key';
import { DataGoogleTagsTagValue } from '@cdktf/provider-google/lib/data-google-tags-tag-value';
import { Construct } from 'constructs';
import { resourceName } from './names';

/**
 * Private services that GKE nodes need without a way to the internet, by the policy's names: all are
 * behind restricted.googleapis.com. https://cloud.google.com/kubernetes-engine/docs/how-to/latest/network-isolation
 */
export const GKE_NODE_SERVICES: readonly string[] = ['container-registry', 'kubernetes'];

/** What nodes for one segment need. */
export interface GoogleNodePoolProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly segment: string;
  readonly project: string;
  readonly location: string;
  readonly clusterName: string;
  readonly machine: string;
  readonly min: number;
  readonly max: number;
  /** Key of the label and the taint; their value is the segment. */
  readonly segmentKey: string;
  /** Whether the segment may reach hosts: its nodes then see the default route. */
  readonly hasHosts: boolean;
  /** The account that tells the segment's machines, where accounts do that. @default - the segment's secure tag */
  readonly serviceAccount?: string;
}

/**
 * Nodes that carry a segment's secure tag, or run as its account: what runs on them is the segment to the firewall policy.
 *
 * No public address; metadata by the GKE metadata server, which hands pods no credentials of the
 * node; a taint that keeps other pods away. The nodes are in the cluster's subnet: which subnet a pool
 * has is not among the options of the provider's range, so the cluster itself belongs into the subnet
 * of a segment with hosts, whose NAT serves it (docs/kubernetes.md).
 */
export class GoogleNodePool extends Construct {
  readonly nodePool: ContainerNodePool;

  constructor(scope: Construct, id: string, props: GoogleNodePoolProps) {
    super(scope, id);
    const { name, segment, project, segmentKey } = props;
    this.nodePool = new ContainerNodePool(this, 'nodes', {
      name: segment,
      cluster: props.clusterName,
      location: props.location,
      autoscaling: { totalMinNodeCount: props.min, totalMaxNodeCount: props.max, locationPolicy: 'BALANCED' },
      management: { autoRepair: true, autoUpgrade: true },
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: {
        machineType: props.machine,
        imageType: 'COS_CONTAINERD',
        labels: { [segmentKey]: segment },
        taint: [{ key: segmentKey, value: segment, effect: 'NO_SCHEDULE' }],
        metadata: { 'disable-legacy-endpoints': 'true' },
        // https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity#metadata_server
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        ...(props.serviceAccount ? { serviceAccount: props.serviceAccount } : { resourceManagerTags: this.secureTag(project, resourceName(name, 'segment'), segment) }),
        ...(props.hasHosts ? { tags: [resourceName(name, segment, 'egress')] } : {}),
        oauthScopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
    });
  }

  private secureTag(project: string, shortName: string, segment: string): Record<string, string> {
    const key = new DataGoogleTagsTagKey(this, 'tag-key', { parent: `projects/${project}`, shortName });
    return { [key.id]: new DataGoogleTagsTagValue(this, 'tag-value', { parent: key.id, shortName: segment }).id };
  }
}
