/**
 * Pods that may reach hosts on the internet: by name where the CNI knows names, else by port, with
 * the cloud's firewall as the control of names.
 */
import type { AllowRule } from '../policy/model';
import type { Cni } from '../policy/pods';
import { compare, uniqueSorted } from '../policy/rules';
import { INTERNET } from './blocks';
import { hostRulesOf, type ClusterNetwork, type SegmentPods } from './cluster-network';
import { DNS_NAMESPACE, DNS_PODS, NAMES_ANNOTATION, policy, type Manifest, type Peer, type Port } from './manifest';

/** Whose policies know host names. */
export function namesBy(cni: Cni): 'cilium' | 'gke' | undefined {
  if (cni === 'cilium' || cni === 'acns') return 'cilium';
  return cni === 'dataplane-v2-fqdn' ? 'gke' : undefined;
}

/** Whether a CNI takes CiliumNetworkPolicy at all: the only way to deny, which NetworkPolicy cannot. */
export function isCilium(cni: Cni): boolean {
  return cni === 'cilium' || cni === 'acns' || cni === 'azure-cilium';
}

/** Whether a name travels that can be filtered. */
const isNamed = ({ protocol }: AllowRule): boolean => protocol !== 'tcp';

/** Whether the DNS of these pods is filtered by name, and nothing else may open port 53 for them. */
export function resolvesByName(pods: SegmentPods, network: ClusterNetwork): boolean {
  return namesBy(network.cluster.cni) === 'cilium' && hostRulesOf(pods, network).some(isNamed);
}

/** What opens the internet for a group; nothing for a group without hosts on this cloud. */
export function hostPolicies(pods: SegmentPods, network: ClusterNetwork): readonly Manifest[] {
  const rules = hostRulesOf(pods, network);
  const byName = rules.filter(isNamed);
  const byAddress = rules.filter(({ protocol }) => protocol === 'tcp');
  return [
    ...(byName.length > 0 ? [namePolicy(pods, byName, network)] : []),
    ...(byAddress.length > 0 ? [policy(pods.namespace, `addresses-${pods.name}`, {
      podSelector: { matchLabels: pods.labels },
      policyTypes: ['Egress'],
      egress: byPorts(byAddress).map(({ ports, rules: own }) => ({
        to: uniqueSorted(own.flatMap(({ addresses }) => addresses)).map((cidr): Peer => ({ ipBlock: { cidr } })),
        ports: tcp(ports),
      })),
    })] : []),
  ];
}

function namePolicy(pods: SegmentPods, rules: readonly AllowRule[], network: ClusterNetwork): Manifest {
  switch (namesBy(network.cluster.cni)) {
    case 'cilium': return ciliumPolicy(pods, rules, network);
    case 'gke': return gkePolicy(pods, rules);
    case undefined: return policy(pods.namespace, `hosts-${pods.name}`, {
      podSelector: { matchLabels: pods.labels },
      policyTypes: ['Egress'],
      egress: [{ to: [INTERNET], ports: tcp(portsOf(rules)) }],
    }, { [NAMES_ANNOTATION]: 'cloud-firewall' });
  }
}

/**
 * https://docs.cilium.io/en/stable/security/policy/language/#dns-based
 *
 * `*.` is one label and never the apex; `**.` is any number of them since Cilium 1.19, and the same
 * as `*.` before: older versions deny names at more depth, and none allows more than the policy.
 */
function ciliumPolicy(pods: SegmentPods, rules: readonly AllowRule[], network: ClusterNetwork): Manifest {
  const { cni } = network.cluster;
  const names = uniqueSorted(rules.map(({ host }) => host.text)).flatMap((text) => ciliumSelectors(text, cni));
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: `hosts-${pods.name}`, namespace: pods.namespace },
    spec: {
      endpointSelector: { matchLabels: pods.labels },
      egress: [
        ciliumDns([...names, ...searched(names, network), ...CLUSTER_NAMES, ...serviceNames(pods, network)]),
        ...byPorts(rules).map(({ ports, rules: own }) => ({
          toFQDNs: uniqueSorted(own.map(({ host }) => host.text)).flatMap((text) => ciliumSelectors(text, cni)),
          toPorts: [{ ports: ports.map((port) => ({ port: String(port), protocol: 'TCP' })) }],
        })),
      ],
    },
  };
}

type NameSelector = { readonly matchName: string } | { readonly matchPattern: string };

function ciliumSelectors(host: string, cni: Cni): readonly NameSelector[] {
  if (!host.startsWith('*.')) return [{ matchName: host }];
  // AKS documents the leading `*.` only.
  return cni === 'acns' ? [{ matchPattern: host }] : [{ matchPattern: `*${host}` }, { matchPattern: host }];
}

/**
 * Every name of the cluster, with the search domains that resolvers try because of `ndots:5`: a refused
 * question ends the search in musl (Alpine). kube-dns answers these itself and asks nobody, but for what a
 * Service of type ExternalName leads to (residual risk `pod-dns-by-external-name`). `*.` is one label: `api.stripe.com.payments.svc.cluster.local` has five before the domain.
 */
const CLUSTER_NAMES: readonly NameSelector[] = Array.from({ length: 10 }, (_, depth) => ({ matchPattern: `${'*.'.repeat(depth + 1)}cluster.local` }));

/** Names of the cloud's own services: pods that call one over a private endpoint have to resolve it. */
function serviceNames({ calls }: SegmentPods, { cloud, region }: ClusterNetwork): readonly NameSelector[] {
  if (!calls.some(({ to }) => to.kind === 'service')) return [];
  const domains = {
    aws: [`${region}.amazonaws.com`, `${region}.api.aws`],
    google: ['googleapis.com', 'pkg.dev', 'gcr.io'],
    azure: ['azure.net', 'azurecr.io', 'windows.net', 'monitor.azure.com', 'opinsights.azure.com'],
  }[cloud];
  return domains.flatMap((domain) => ['*.', '*.*.', '*.*.*.'].map((labels) => ({ matchPattern: `${labels}${domain}` })));
}

/** The search domain that a cloud gives its nodes, and kubelets give pods after those of the cluster. */
function searched(names: readonly NameSelector[], { cloud, region }: ClusterNetwork): readonly NameSelector[] {
  const domain = { aws: region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`, azure: '*.*.internal.cloudapp.net', google: undefined }[cloud];
  if (domain === undefined) return [];
  return names.map((name): NameSelector => {
    const text = `${'matchName' in name ? name.matchName : name.matchPattern}.${domain}`;
    return text.includes('*') ? { matchPattern: text } : { matchName: text };
  });
}

/** Names are learned from answers that pass Cilium's DNS proxy: without this rule, `toFQDNs` allows nothing. */
function ciliumDns(dns: readonly NameSelector[]): object {
  return {
    toEndpoints: DNS_PODS.map((app) => ({ matchLabels: { 'k8s:io.kubernetes.pod.namespace': DNS_NAMESPACE, 'k8s:k8s-app': app } })),
    toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns } }],
  };
}

/**
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 *
 * `*.` is exactly one label: names at more depth are denied.
 */
function gkePolicy(pods: SegmentPods, rules: readonly AllowRule[]): Manifest {
  return {
    apiVersion: 'networking.gke.io/v1alpha1',
    kind: 'FQDNNetworkPolicy',
    metadata: { name: `hosts-${pods.name}`, namespace: pods.namespace },
    spec: {
      podSelector: { matchLabels: pods.labels },
      egress: byPorts(rules).map(({ ports, rules: own }) => ({
        matches: uniqueSorted(own.map(({ host }) => host.text)).map((text) => (text.startsWith('*.') ? { pattern: text } : { name: text })),
        ports: tcp(ports),
      })),
    },
  };
}

/** Cilium can deny, which wins over every allow, of whoever writes it: a name that resolves to metadata, too. */
export function denyMetadata(namespace: string): Manifest {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'deny-metadata', namespace },
    spec: {
      endpointSelector: {},
      // Port 53 of NodeLocal DNSCache's address is in link-local, too; these are the addresses of metadata alone.
      egressDeny: [{ toCIDR: METADATA_ADDRESSES }],
    },
  };
}

/** AWS and Google, ECS and EKS Pod Identity, Azure's agent; IPv6 of AWS. */
const METADATA_ADDRESSES = ['169.254.169.254/32', '169.254.170.2/32', '169.254.170.23/32', '168.63.129.16/32', 'fd00:ec2::254/128'];

/** Rules with the same ports together, sorted. */
function byPorts(rules: readonly AllowRule[]): readonly { readonly ports: readonly number[]; readonly rules: readonly AllowRule[] }[] {
  const groups = new Map<string, AllowRule[]>();
  for (const rule of rules) groups.set(rule.ports.join(), [...(groups.get(rule.ports.join()) ?? []), rule]);
  return [...groups.values()]
    .map((own) => ({ ports: own[0]!.ports, rules: own }))
    .sort((a, b) => a.ports[0]! - b.ports[0]! || compare(a.ports.join(), b.ports.join()));
}

function portsOf(rules: readonly AllowRule[]): readonly number[] {
  return [...new Set(rules.flatMap(({ ports }) => ports))].sort((a, b) => a - b);
}

function tcp(ports: readonly number[]): readonly Port[] {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}
