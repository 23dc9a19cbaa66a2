/** Kubernetes objects as plain data: what YAML and Terraform both render. */
import type { Labels } from '../policy/pods';

/** An object of the Kubernetes API, without what a server adds. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** Absent for objects of the whole cluster. */
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: object;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
export interface NetworkPolicy extends Manifest {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly from: readonly Peer[]; readonly ports: readonly Port[] }[];
    readonly egress?: readonly { readonly to: readonly Peer[]; readonly ports: readonly Port[] }[];
  };
}

/** With nothing in it, everything. */
export interface Selector {
  readonly matchLabels?: Labels;
}

/** An address block, or pods: `podSelector` and `namespaceSelector` of one peer hold together. */
export type Peer =
  | { readonly ipBlock: { readonly cidr: string; readonly except?: readonly string[] } }
  | { readonly namespaceSelector: Selector; readonly podSelector?: Selector };

export interface Port {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  /** The last of a range. */
  readonly endPort?: number;
}

/** The domain of every label that this project gives and reads. */
export const OWN = 'zero-egress';
/** On namespaces, nodes and taints: the segment that they belong to. */
export const SEGMENT_LABEL = `${OWN}/segment`;
/** On a policy that opens the internet by address: what filters the names instead. */
export const NAMES_ANNOTATION = `${OWN}/names-filtered-by`;

/** Set by the API server on every namespace, so nobody else can take the name. Kubernetes 1.21 and later. */
export const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** The pods of a namespace, or some of them. */
export function podsOf(namespace: string, labels?: Labels): Peer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    ...(labels && Object.keys(labels).length > 0 ? { podSelector: { matchLabels: labels } } : {}),
  };
}

/** The pods that answer DNS in the clusters of all three clouds; the second where a cache takes the traffic over. */
export const DNS_PODS: readonly string[] = ['kube-dns', 'node-local-dns'];
export const DNS_NAMESPACE = 'kube-system';

/** A NetworkPolicy. */
export function policy(namespace: string, name: string, spec: NetworkPolicy['spec'], annotations?: Readonly<Record<string, string>>): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, ...(annotations ? { annotations } : {}) },
    spec,
  };
}
