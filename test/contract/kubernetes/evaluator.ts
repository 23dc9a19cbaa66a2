/**
 * What a cluster would let through, from its objects alone.
 *
 * Written from the documentation of NetworkPolicy, CiliumNetworkPolicy and FQDNNetworkPolicy, and
 * knowing nothing of how the blueprint makes them:
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * https://docs.cilium.io/en/stable/security/policy/language/
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 */

/** An object as YAML or a plan holds it. */
export type KubernetesObject = any;

/** A pod; addresses do not matter, as pods are told apart by labels. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface PortOf {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** Either end of a conversation: a pod, or an address outside of the cluster. */
export type End = Pod | string;

const isPod = (end: End): end is Pod => typeof end !== 'string';

/** Evaluates one set of objects. */
export class Evaluator {
  private readonly namespaceLabels = new Map<string, Readonly<Record<string, string>>>();
  private readonly byPlace = new Map<string, KubernetesObject[]>();
  private readonly bySelection = new Map<string, readonly KubernetesObject[]>();

  constructor(objects: readonly KubernetesObject[]) {
    for (const each of objects) {
      if (each.kind === 'Namespace') this.namespaceLabels.set(each.metadata.name, each.metadata.labels ?? {});
      const place = `${each.kind} ${each.metadata.namespace}`;
      this.byPlace.set(place, [...(this.byPlace.get(place) ?? []), each]);
    }
  }

  /** Whether a connection is let out of its source and into its destination. */
  reaches(from: End, to: End, port: PortOf): boolean {
    return (!isPod(from) || this.leaves(from, to, port)) && (!isPod(to) || this.enters(from, to, port));
  }

  /** Whether a pod's own policies let a connection out. */
  leaves(from: Pod, to: End, port: PortOf): boolean {
    return this.passes('Egress', from, to, port);
  }

  /** Whether a pod's own policies let a connection in. */
  enters(from: End, to: Pod, port: PortOf): boolean {
    return this.passes('Ingress', to, from, port);
  }

  /** Whether a pod may ask the cluster's DNS for a name. */
  resolves(pod: Pod, name: string): boolean {
    const dns: Pod = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    if (!this.leaves(pod, dns, { protocol: 'UDP', port: 53 })) return false;
    // A rule with names filters; another that opens the port without names lets every name through.
    const opened = this.ciliumRules(pod).filter((rule) => rule.toEndpoints?.some((selector: any) => this.ciliumSelects(selector, dns, pod.namespace)) && ciliumPorts(rule, { protocol: 'UDP', port: 53 }));
    const filters = opened.flatMap((rule) => rule.toPorts.filter((each: any) => each.rules?.dns).map((each: any) => each.rules.dns));
    if (filters.length === 0 || opened.some((rule) => rule.toPorts.some((each: any) => !each.rules?.dns))) return true;
    if (this.networkPolicies('Egress', pod).some((policy) => this.ruleOpens(policy.spec.egress, 'to', dns, { protocol: 'UDP', port: 53 }, policy.metadata.namespace))) return true;
    return filters.flat().some((selector: any) => ciliumMatches(selector, name));
  }

  /** Whether a pod reaches a host by its name: it resolves to a public address that nobody else has. */
  reachesHost(pod: Pod, name: string, port: PortOf): boolean {
    if (!this.resolves(pod, name)) return false;
    const byCilium = this.ciliumRules(pod).some((rule) => rule.toFQDNs?.some((selector: any) => ciliumMatches(selector, name)) && ciliumPorts(rule, port));
    const byGoogle = this.selected('FQDNNetworkPolicy', pod).some(({ spec }) => (spec.egress ?? []).some((rule: any) => (
      rule.matches.some((match: any) => googleMatches(match, name)) && networkPorts(rule.ports, port)
    )));
    return byCilium || byGoogle || this.leaves(pod, '198.51.100.7', port);
  }

  private passes(type: 'Ingress' | 'Egress', pod: Pod, peer: End, port: PortOf): boolean {
    if (type === 'Egress' && typeof peer === 'string' && this.ciliumDenies(pod, peer)) return false;
    const policies = this.networkPolicies(type, pod);
    const cilium = this.selected('CiliumNetworkPolicy', pod).filter(({ spec }) => spec[type.toLowerCase()] ?? spec[`${type.toLowerCase()}Deny`]);
    const google = type === 'Egress' ? this.selected('FQDNNetworkPolicy', pod) : [];
    if (policies.length + cilium.length + google.length === 0) return true;
    if (policies.some(({ spec, metadata }) => this.ruleOpens(spec[type.toLowerCase()], type === 'Ingress' ? 'from' : 'to', peer, port, metadata.namespace))) return true;
    return type === 'Egress' && isPod(peer) && this.ciliumRules(pod).some((rule) => (
      rule.toEndpoints?.some((selector: any) => this.ciliumSelects(selector, peer, pod.namespace)) && ciliumPorts(rule, port)
    ));
  }

  private networkPolicies(type: 'Ingress' | 'Egress', pod: Pod): readonly KubernetesObject[] {
    return this.selected('NetworkPolicy', pod).filter(({ spec }) => {
      // Left out, the types follow from what is there; ingress always counts.
      const types: readonly string[] = spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
      return types.includes(type);
    });
  }

  private selected(kind: string, pod: Pod): readonly KubernetesObject[] {
    const key = `${kind} ${pod.namespace} ${JSON.stringify(pod.labels)}`;
    const known = this.bySelection.get(key);
    if (known) return known;
    const found = (this.byPlace.get(`${kind} ${pod.namespace}`) ?? []).filter(({ spec }) => selects(spec.podSelector ?? spec.endpointSelector, pod.labels));
    this.bySelection.set(key, found);
    return found;
  }

  private ruleOpens(rules: readonly any[] | undefined, side: 'from' | 'to', peer: End, port: PortOf, namespace: string): boolean {
    return (rules ?? []).some((rule) => networkPorts(rule.ports, port) && (
      // No peers at all, not even an empty list of them, is everybody.
      !rule[side]?.length || rule[side].some((each: any) => this.peerIs(each, peer, namespace))
    ));
  }

  private peerIs(peer: any, end: End, namespace: string): boolean {
    if (peer.ipBlock) return !isPod(end) && inBlock(end, peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some((block: string) => inBlock(end, block));
    if (!isPod(end)) return false;
    const inNamespace = peer.namespaceSelector ? selects(peer.namespaceSelector, this.labelsOf(end.namespace)) : end.namespace === namespace;
    return inNamespace && (!peer.podSelector || selects(peer.podSelector, end.labels));
  }

  private labelsOf(namespace: string): Readonly<Record<string, string>> {
    return { ...this.namespaceLabels.get(namespace), 'kubernetes.io/metadata.name': namespace };
  }

  private ciliumRules(pod: Pod): readonly any[] {
    return this.selected('CiliumNetworkPolicy', pod).flatMap(({ spec }) => spec.egress ?? []);
  }

  private ciliumDenies(pod: Pod, address: string): boolean {
    return this.selected('CiliumNetworkPolicy', pod).flatMap(({ spec }) => spec.egressDeny ?? []).some((rule: any) => (
      (rule.toCIDR ?? []).some((block: string) => !block.includes(':') && inBlock(address, block))
    ));
  }

  private ciliumSelects(selector: any, pod: Pod, namespace: string): boolean {
    const labels: Record<string, string> = { 'io.kubernetes.pod.namespace': pod.namespace, ...pod.labels };
    const wanted = Object.entries<string>(selector.matchLabels ?? {}).map(([key, value]) => [key.replace(/^k8s:/, ''), value] as const);
    // Without a namespace, an endpoint selector stays in its own.
    if (!wanted.some(([key]) => key === 'io.kubernetes.pod.namespace') && pod.namespace !== namespace) return false;
    return wanted.every(([key, value]) => labels[key] === value);
  }
}

function selects(selector: any, labels: Readonly<Record<string, string>>): boolean {
  if (selector?.matchExpressions) throw new Error('matchExpressions are not evaluated');
  return Object.entries<string>(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

function networkPorts(ports: readonly any[] | undefined, { protocol, port }: PortOf): boolean {
  if (!ports?.length) return true;
  return ports.some((each) => (each.protocol ?? 'TCP') === protocol && (each.port === undefined || (each.port <= port && port <= (each.endPort ?? each.port))));
}

function ciliumPorts(rule: any, { protocol, port }: PortOf): boolean {
  if (!rule.toPorts?.length) return true;
  return rule.toPorts.some((each: any) => each.ports.some((one: any) => Number(one.port) === port && ['ANY', protocol].includes(one.protocol ?? 'ANY')));
}

/** Cilium 1.19 and later. */
function ciliumMatches({ matchName, matchPattern }: any, name: string): boolean {
  if (matchName !== undefined) return matchName === name;
  if (matchPattern === '*') return true;
  const [prefix, rest] = matchPattern.startsWith('**.') ? ['([-a-z0-9_]+[.])+', matchPattern.slice(3)] : ['', matchPattern];
  return new RegExp(`^${prefix}${rest.replace(/[.]/g, '[.]').replace(/[*]+/g, '[-a-z0-9_]*')}$`).test(name);
}

function googleMatches({ name: exact, pattern }: any, name: string): boolean {
  if (exact !== undefined) return exact === name;
  return new RegExp(`^${pattern.replace(/[.]/g, '[.]').replace('*', '[-a-z0-9]+')}$`).test(name);
}

export function inBlock(address: string, block: string): boolean {
  const [base, bits] = block.split('/') as [string, string];
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(base) / size);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
