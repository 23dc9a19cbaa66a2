/** The pods of a policy, and the clusters that they run in, as everything downstream sees them. */
import type { PortRange } from './model';

/** Who may call pods. */
export type PodCaller =
  /** Everything in a segment: its namespaces where it has pods, its addresses where it has none. */
  | { readonly kind: 'segment'; readonly segment: string }
  /** One group of pods of this policy. */
  | { readonly kind: 'pods'; readonly namespace: string; readonly pods: string }
  /** A namespace, of this policy or of somebody else; `labels` narrow somebody else's. */
  | { readonly kind: 'namespace'; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'cidr'; readonly cidr: string }
  /** Clients of a load balancer that keeps their addresses. Public segments only. */
  | { readonly kind: 'internet' };

/** What pods call that no `accepts` of other pods says already. */
export type PodCallee =
  /** The addresses of a segment without pods. */
  | { readonly kind: 'segment'; readonly segment: string }
  /** A namespace that is not of this policy. */
  | { readonly kind: 'namespace'; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'cidr'; readonly cidr: string }
  /** The private endpoints of the network. */
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'api-server' };

/** Kubernetes labels, sorted by key. */
export type Labels = Readonly<Record<string, string>>;

/** Ports of one protocol. */
export interface PodPorts {
  /** Sorted, merged where they touch. */
  readonly ports: readonly PortRange[];
  readonly protocol: 'tcp' | 'udp';
}

/** Who may call a group of pods, and on which of the pods' own ports (not those of a Service). */
export interface PodAccept extends PodPorts {
  readonly from: PodCaller;
}

/** What a group of pods may call. */
export interface PodCall extends PodPorts {
  readonly to: PodCallee;
}

/** Pods that are treated alike: one selector. */
export interface PodGroup {
  /** Unique in its namespace. Same letters as a segment's name. */
  readonly name: string;
  /** Default: the segment's name. */
  readonly namespace: string;
  /** The selector: no pod of the namespace matches two groups unless somebody labels it so. */
  readonly labels: Labels;
  readonly accepts: readonly PodAccept[];
  readonly calls: readonly PodCall[];
  /** Hosts, as `allow` writes them, that these pods may reach; sorted. */
  readonly hosts: readonly string[];
}

/**
 * What enforces policies in a cluster.
 *
 * - `vpc-cni` (EKS): NetworkPolicy. Knows no names.
 * - `cilium` (EKS): NetworkPolicy, names by CiliumNetworkPolicy. Self-managed.
 * - `dataplane-v2` (GKE): NetworkPolicy. `dataplane-v2-fqdn`: names by FQDNNetworkPolicy, too.
 * - `azure-cilium` (AKS): NetworkPolicy, CiliumNetworkPolicy without names. `acns`: with names, by Advanced
 *   Container Networking Services.
 */
export type Cni = 'vpc-cni' | 'cilium' | 'dataplane-v2' | 'dataplane-v2-fqdn' | 'azure-cilium' | 'acns';

/** The choices that each cloud has, the managed one without names first. */
export const CNIS = {
  aws: ['vpc-cni', 'cilium'],
  google: ['dataplane-v2', 'dataplane-v2-fqdn'],
  azure: ['azure-cilium', 'acns'],
} as const satisfies Record<string, readonly Cni[]>;

/** Nodes that the stack makes for the segments with pods. */
export interface NodePools {
  /** The cloud's name of a machine type: `m7i.large`, `e2-standard-4`, `Standard_D4s_v5`. */
  readonly machine: string;
  /** Nodes of each segment: at least 1. Default: 1 to 3. */
  readonly min: number;
  readonly max: number;
  /** AWS only: the ARN of the nodes' role. */
  readonly role?: string;
}

/** An existing cluster in an environment's network. */
export interface KubernetesCluster {
  /** Its name in the cloud. Default: `<organization>-<environment>`. */
  readonly name: string;
  /** Azure only: the resource group of the cluster. Default: the cluster's name. */
  readonly resourceGroup?: string;
  readonly cni: Cni;
  /** The segment on whose nodes the cluster's own pods run: kube-dns, controllers. */
  readonly system: string;
  /** More addresses that answer DNS: the kube-dns Service, where NodeLocal DNSCache listens on it. Sorted /32. */
  readonly dns: readonly string[];
  /** Where the API server is reached, when it is not where the cloud puts it by default. */
  readonly apiServer?: string;
  /** Absent: the team makes node pools of its own. */
  readonly nodes?: NodePools;
}
