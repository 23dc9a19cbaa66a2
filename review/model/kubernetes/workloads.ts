/** Pods of a cluster: of workloads, and where there are none, those that policies speak of. */
import { own, ownObject, ownText, type JsonObject } from '../../plan/json';
import { forwarderIn, forwarderOf } from './forwarders';
import { nodeKind, type NodeKind } from './node-gaps';
import type { KubernetesObject } from './objects';
import { podTemplates, type PodTemplate } from './pod-templates';
import { list, type ClusterPolicy } from './policies';
import { rootOnNode } from './root-on-node';
import { isEmpty, matchLabels, selects, type Labels } from './selectors';

/** Pods that are told apart by their labels. */
export interface PodIdentity {
  readonly namespace: string;
  readonly labels: Labels;
  /** `payments/api`: a workload's name; else the labels that a policy selects. */
  readonly id: string;
  /** The workload, or the policy that selects these pods. */
  readonly address: string;
  /** Whether a workload is known, or a policy only speaks of such pods. */
  readonly known: boolean;
  /** On the network of their node, where no policy of pods holds. */
  readonly onHost: boolean;
  /** Whether they may have more labels, or others, than the input says. */
  readonly labelsUnknown?: boolean;
  /** Whether it is a Pod by itself, which no controller makes. */
  readonly hasNoOwner?: boolean;
  /** Whether the input does not say if they are on the network of their node. */
  readonly hostUnknown?: boolean;
  /** Where they run, if policies may not hold there. */
  readonly node?: NodeKind;
  /** The annotation, or the claim, that gives them more interfaces, on networks where no policy of pods holds. */
  readonly attachedBy?: string;
  /** What tells that they forward what others send to whomever these name: `squid`. */
  readonly forwards?: string;
  /** What makes root in them root on their node: `is privileged`. */
  readonly rootOnNode?: string;
  /** Ports of TCP that its containers name. */
  readonly listens?: readonly number[];
}

/** Workloads; and where there is none for it, what a policy of a namespace selects. */
export function podsIn(objects: readonly KubernetesObject[], policies: readonly ClusterPolicy[]): readonly PodIdentity[] {
  const claims = interfaceClaims(objects);
  const pods = objects.flatMap((object) => podTemplates(object).map((template): PodIdentity => ({
    namespace: object.namespace, labels: template.labels, id: `${object.namespace}/${object.name}${template.part === '' ? '' : ` (${template.part})`}`, address: object.address, known: true, onHost: isOnHost(template), ...(object.labelsUnknown ? { labelsUnknown: true } : {}), ...(object.kind === 'Pod' ? { hasNoOwner: true } : {}), ...(object.hostUnknown ? { hostUnknown: true } : {}), ...nodeOf(template), ...forwarding(template, object.name), ...rootOf(template), ...attachments({ ...template, annotations: { ...template.annotations, ...object.templateAnnotations } }, object.namespace, claims),
  })));
  const spoken = new Map<string, PodIdentity>();
  for (const { object, subject: { namespace, pods: selector } } of policies) {
    const labels = matchLabels(selector);
    if (namespace === undefined || isEmpty(selector) || Object.keys(labels).length === 0) continue;
    if (pods.some((pod) => pod.namespace === namespace && selects(selector, pod.labels))) continue;
    const id = podsId(namespace, labels);
    const forwards = forwarderOf(labels);
    if (!spoken.has(id)) spoken.set(id, { namespace, labels, id, address: object.address, known: false, onHost: false, ...(forwards === undefined ? {} : { forwards }) });
  }
  return [...pods, ...spoken.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** `payments/app=api`, or `payments/*`. */
export function podsId(namespace: string, labels: Labels): string {
  return `${namespace}/${Object.entries(labels).map(([key, value]) => `${key}=${value}`).sort().join(',') || '*'}`;
}

/**
 * Policies hold for the interface that the cluster's own plugin makes, and not for the tunnel to a gateway of AKS.
 * https://github.com/k8snetworkplumbingwg/multi-networkpolicy
 * https://cloud.google.com/kubernetes-engine/docs/how-to/setup-multinetwork-support-for-pods
 * https://learn.microsoft.com/azure/aks/configure-static-egress-gateway#limitations-and-considerations
 */
const ATTACHMENTS = ['k8s.v1.cni.cncf.io/networks', 'v1.multus-cni.io/default-network', 'networking.gke.io/interfaces', 'kubernetes.azure.com/static-gateway-configuration'];

function forwarding({ spec, labels }: PodTemplate, name: string): Pick<PodIdentity, 'forwards' | 'listens'> {
  const forwards = forwarderIn(spec, name, labels);
  if (forwards === undefined) return {};
  const containers = [...list(own(spec, 'containers')), ...list(own(spec, 'container'))];
  const ports = containers.flatMap((each) => [...list(own(each, 'ports')), ...list(own(each, 'port'))]).map((port) => Number(own(port, 'containerPort')));
  return { forwards, listens: ports.filter(Number.isInteger) };
}

function rootOf({ spec }: PodTemplate): Pick<PodIdentity, 'rootOnNode'> {
  const found = rootOnNode(spec);
  return found === undefined ? {} : { rootOnNode: found };
}

function nodeOf({ spec }: PodTemplate): Pick<PodIdentity, 'node'> {
  const node = nodeKind(spec);
  return node === undefined ? {} : { node };
}

function attachments({ annotations, spec }: PodTemplate, namespace: string, claims: ReadonlySet<string>): Pick<PodIdentity, 'attachedBy'> {
  const attachedBy = ATTACHMENTS.find((key) => annotations[key] !== undefined) ?? claimed(spec, namespace, claims) ?? (isOnOtherNetworks(spec) ? 'networks' : undefined);
  return attachedBy === undefined ? {} : { attachedBy };
}

/**
 * Classes of devices that are interfaces of networks. https://cloud.google.com/kubernetes-engine/docs/how-to/allocate-network-resources-dra,
 * https://github.com/kubernetes-sigs/dranet, https://github.com/kubernetes-sigs/cni-dra-driver
 */
const INTERFACES = /dra\.?net|^m?rdma\.|^netdev\.|^cni\.|sriov/i;

/** `ResourceClaimTemplate a/n` for those that ask for an interface. */
function interfaceClaims(objects: readonly KubernetesObject[]): ReadonlySet<string> {
  const claims = objects.filter(({ kind, group }) => group === 'resource.k8s.io' && /^ResourceClaim(Template)?$/.test(kind));
  return new Set(claims.flatMap(({ kind, namespace, name, spec }) => {
    const requests = list(own(ownObject(kind === 'ResourceClaim' ? spec : ownObject(spec, 'spec'), 'devices'), 'requests'));
    const classes = requests.flatMap((request) => [request, ownObject(request, 'exactly'), ...list(own(request, 'firstAvailable'))].map((each) => ownText(each, 'deviceClassName')));
    return classes.some((each) => each !== undefined && INTERFACES.test(each)) ? [`${kind} ${namespace}/${name}`] : [];
  }));
}

function claimed(spec: JsonObject, namespace: string, claims: ReadonlySet<string>): string | undefined {
  if (claims.size === 0) return undefined;
  return list(own(spec, 'resourceClaims'))
    .flatMap((each) => [['ResourceClaim', ownText(each, 'resourceClaimName')], ['ResourceClaimTemplate', ownText(each, 'resourceClaimTemplateName')]])
    .map(([kind, name]) => `${kind as string} ${namespace}/${name ?? ''}`).find((each) => claims.has(each));
}

/** A machine of KubeVirt names the networks that Multus attaches it to. https://kubevirt.io/user-guide/network/interfaces_and_networks/ */
function isOnOtherNetworks(spec: JsonObject): boolean {
  return ownObject(spec, 'domain') !== undefined && list(own(spec, 'networks')).some((network) => ownObject(network, 'multus') !== undefined);
}

function isOnHost({ spec }: PodTemplate): boolean {
  // As text it is what YAML 1.1 takes for true, which the clients of the API server read.
  return /^(true|yes|on|y)$/i.test(String(own(spec, 'hostNetwork')));
}
