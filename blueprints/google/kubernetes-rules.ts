/** What a private GKE cluster needs in a network that denies all egress; pure data. */
import type { ResidualRisk } from '../egress-control';
import { subnet } from '../policy/address-plan';
import type { GkeCluster } from '../policy/google-model';
import type { FirewallRule } from './firewall-rule';
import { singlePriority } from './priorities';

/** A cluster with all its ranges known. */
export interface ClusterRanges {
  readonly segment: string;
  /** The nodes' range: the segment's subnet. */
  readonly nodes: string;
  readonly pods: string;
  readonly services: string;
  readonly controlPlane: string;
  readonly webhookPorts: readonly number[];
}

/** The names of a subnet's secondary ranges, which a cluster has to repeat. */
export const POD_RANGE = 'pods';
/** See `POD_RANGE`. */
export const SERVICE_RANGE = 'services';

/** Kubelet, and metrics-server or an apiserver extension. https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules#cluster-fws */
const CONTROL_PLANE_CALLS = [443, 10250];
const CONTROL_PLANE_PREFIX = 28;

/**
 * The /28 of a segment's control plane: its slot's place in the block of all control planes.
 * GKE takes it for a control plane in a peered network (`master_ipv4_cidr_block`).
 */
export function controlPlaneRange(block: string, slot: number): string {
  return subnet(block, CONTROL_PLANE_PREFIX - Number(block.split('/')[1]), slot);
}

/** The cluster's ranges, those of the address plan filled in. */
export function clusterRanges(cluster: GkeCluster, nodes: string, slot: number, controlPlanes: string): ClusterRanges {
  const { segment, pods, services, webhookPorts } = cluster;
  return { segment, nodes, pods, services, webhookPorts, controlPlane: cluster.controlPlane ?? controlPlaneRange(controlPlanes, slot) };
}

/**
 * Four rules: to the control plane, among nodes and pods both ways, and from the control plane.
 *
 * GKE makes ingress rules of its own and relies on the implied allow for egress, which is denied
 * here. The control plane is always called on tcp/443; nodes and pods call each other on any port.
 * It calls webhooks on the pods' own ports, which GKE's rules leave out.
 * https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules
 */
export function kubernetesRules(cluster: ClusterRanges, slot: number): readonly FirewallRule[] {
  const { segment, nodes, pods, controlPlane, webhookPorts } = cluster;
  const inside = [nodes, pods].sort();
  const calls = [...new Set([...CONTROL_PLANE_CALLS, ...webhookPorts])].sort((a, b) => a - b).map(String);
  return [
    {
      id: `out-${segment}-to-control-plane`, priority: singlePriority(slot, 'control-plane'), action: 'allow', direction: 'EGRESS',
      ruleName: `out-${segment}-to-control-plane`, description: `Nodes of ${segment} call their control plane`,
      target: segment, to: { ranges: [controlPlane] }, layer4: [{ ipProtocol: 'tcp', ports: ['443'] }],
    },
    {
      id: `out-${segment}-cluster`, priority: singlePriority(slot, 'cluster-out'), action: 'allow', direction: 'EGRESS',
      ruleName: `out-${segment}-cluster`, description: `Nodes and pods of ${segment} call each other`,
      target: segment, to: { ranges: inside }, layer4: [{ ipProtocol: 'all' }],
    },
    {
      id: `in-${segment}-cluster`, priority: singlePriority(slot, 'cluster-in'), action: 'allow', direction: 'INGRESS',
      ruleName: `in-${segment}-cluster`, description: `Nodes and pods of ${segment} answer each other`,
      target: segment, from: { ranges: inside }, layer4: [{ ipProtocol: 'all' }],
    },
    {
      id: `in-control-plane-to-${segment}`, priority: singlePriority(slot, 'webhooks'), action: 'allow', direction: 'INGRESS',
      ruleName: `in-control-plane-to-${segment}`, description: `The control plane calls kubelets and webhooks of ${segment}`,
      target: segment, from: { ranges: [controlPlane] }, layer4: [{ ipProtocol: 'tcp', ports: calls }],
    },
  ];
}

/** What the rules cannot tell apart inside a cluster. */
export function kubernetesRisk(segments: readonly string[]): ResidualRisk {
  return {
    id: 'cluster-is-one-segment',
    summary: 'nodes and pods of a cluster reach each other on every port, and every pod has the hosts and callees of its segment, because the firewall sees nodes and no pods; '
      + 'callees know its pods by their range, because a tag as source leaves that out',
    mitigation: 'put network policies into the cluster, and workloads with other hosts into a cluster of another segment',
    segments: [...segments].sort(),
  };
}
