/** NetworkPolicy objects: default deny, DNS, and one policy per group of pods. */
import type { PodPorts } from '../policy/pods';
import { compare } from '../policy/rules';
import type { ClusterNamespace, ClusterNetwork } from './cluster-network';
import { podRules, type PodRule } from './flows';
import { resolvesByName } from './host-policies';
import { DNS_NAMESPACE, DNS_PODS, podsOf, policy, type NetworkPolicy, type Peer, type Port, type Selector } from './manifest';

/** Where NodeLocal DNSCache listens. https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ */
const NODE_LOCAL_DNS = '169.254.20.10/32';
const DNS_PORTS: readonly Port[] = [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }];

/** Nothing in, nothing out, whatever a pod's labels are. */
export function defaultDeny(namespace: string): NetworkPolicy {
  return policy(namespace, 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
}

/** Without this, a closed namespace resolves no name, and everything in it fails in ways that look like something else. */
export function allowDns({ name, groups }: ClusterNamespace, network: ClusterNetwork): readonly NetworkPolicy[] {
  const byName = groups.filter((pods) => resolvesByName(pods, network));
  if (byName.length === 0) return [dnsPolicy(name, 'allow-dns', {}, network)];
  // In Cilium an open port 53 beside a rule for names would let every name through, so these pods have only the rule.
  return groups.filter((pods) => !byName.includes(pods)).map((pods) => dnsPolicy(name, `allow-dns-${pods.name}`, { matchLabels: pods.labels }, network));
}

function dnsPolicy(namespace: string, name: string, podSelector: Selector, { cluster }: ClusterNetwork): NetworkPolicy {
  const to: readonly Peer[] = [
    ...DNS_PODS.map((app) => podsOf(DNS_NAMESPACE, { 'k8s-app': app })),
    // Inside 169.254.0.0/16, where metadata services are: these addresses answer DNS and nothing else.
    ...[NODE_LOCAL_DNS, ...cluster.dns].map((cidr): Peer => ({ ipBlock: { cidr } })),
  ];
  return policy(namespace, name, { podSelector, policyTypes: ['Egress'], egress: [{ to, ports: DNS_PORTS }] });
}

/** One policy for each group that accepts or calls something. */
export function podPolicies(network: ClusterNetwork): readonly NetworkPolicy[] {
  const rules = new Map<unknown, PodRule[]>(network.groups.map((pods) => [pods, []]));
  for (const rule of podRules(network)) rules.get(rule.pods)?.push(rule);
  return network.groups.flatMap((pods) => {
    const own = rules.get(pods) ?? [];
    if (own.length === 0) return [];
    const ingress = sorted(own.filter(({ direction }) => direction === 'ingress').map((rule) => ({ from: rule.peers, ports: portsOf(rule) })));
    const egress = sorted(own.filter(({ direction }) => direction === 'egress').map((rule) => ({ to: rule.peers, ports: portsOf(rule) })));
    return [policy(pods.namespace, `pods-${pods.name}`, {
      podSelector: { matchLabels: pods.labels },
      policyTypes: [...(ingress.length ? ['Ingress' as const] : []), ...(egress.length ? ['Egress' as const] : [])],
      ...(ingress.length ? { ingress } : {}),
      ...(egress.length ? { egress } : {}),
    })];
  });
}

/** Ports as Kubernetes writes them; a range needs a CNI that knows `endPort`, which all of these do. */
export function portsOf({ ports, protocol }: PodPorts): readonly Port[] {
  return ports.map(({ from, to }) => ({ protocol: protocol === 'tcp' ? 'TCP' : 'UDP', port: from, ...(to > from ? { endPort: to } : {}) }));
}

/** Each rule once, in an order that the file has no part in. */
function sorted<T>(rules: readonly T[]): readonly T[] {
  const byText = new Map(rules.map((rule) => [JSON.stringify(rule), rule]));
  return [...byText].sort(([a], [b]) => compare(a, b)).map(([, rule]) => rule);
}

