import { KubernetesClusterNodePool } from '@cdktf/provider-azurerm/lib/kubernetes-cluster-node-pool';
import { Construct } from 'constructs';
import { digest } from './names';

/** Private services that AKS nodes need, by the policy's names; images of AKS itself come through the firewall. */
export const AKS_NODE_SERVICES: readonly string[] = ['container-registry'];

/** What nodes for one segment need. */
export interface AzureNodePoolProps {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly segment: string;
  readonly subscription: string;
  readonly clusterId: string;
  /** The segment's subnet. @default - the one that the network's stack makes */
  readonly subnetId?: string;
  readonly zones: readonly string[];
  readonly machine: string;
  readonly min: number;
  readonly max: number;
  /** Key of the label and the taint; their value is the segment. */
  readonly segmentKey: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Nodes in a segment's subnet: what runs on them is the segment to its security group and its route.
 *
 * No public address; disks encrypted by the host; a taint that keeps other pods away. The subnet is
 * named as the network stack names it, so neither stack reads the other's state. Pods have no way to
 * the instance metadata of Azure because their policies have none; AKS itself conceals it with
 * `imdsRestriction`, which the provider's range does not know.
 */
export class AzureNodePool extends Construct {
  readonly nodePool: KubernetesClusterNodePool;

  constructor(scope: Construct, id: string, props: AzureNodePoolProps) {
    super(scope, id);
    const { name, segment, segmentKey } = props;
    const network = `/subscriptions/${props.subscription}/resourceGroups/${name}-network/providers/Microsoft.Network/virtualNetworks/${name}-spoke`;
    this.nodePool = new KubernetesClusterNodePool(this, 'nodes', {
      name: poolName(segment),
      kubernetesClusterId: props.clusterId,
      vmSize: props.machine,
      mode: 'User',
      osSku: 'AzureLinux',
      vnetSubnetId: props.subnetId ?? `${network}/subnets/segment-${segment}`,
      zones: [...props.zones],
      autoScalingEnabled: true,
      minCount: props.min,
      maxCount: props.max,
      nodePublicIpEnabled: false,
      hostEncryptionEnabled: true,
      nodeLabels: { [segmentKey]: segment },
      nodeTaints: [`${segmentKey}=${segment}:NoSchedule`],
      upgradeSettings: { maxSurge: '33%' },
      temporaryNameForRotation: `t${digest(segment, 11)}`,
      tags: { ...props.tags, segment },
    });
  }
}

/** A pool's name has at most 12 lower-case letters and digits. https://learn.microsoft.com/azure/aks/create-node-pools#limitations */
function poolName(segment: string): string {
  const readable = segment.replace(/[^a-z0-9]/g, '');
  return readable === segment && segment.length <= 12 ? segment : `${readable.slice(0, 8)}${digest(segment, 4)}`;
}
