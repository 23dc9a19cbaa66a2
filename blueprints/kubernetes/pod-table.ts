/** The rows of `npm start`: who may call which pods, and whom they may call. */
import type { PodCallee, PodCaller, PodPorts } from '../policy/pods';
import { portText } from '../policy/ports';
import { hostRulesOf, type ClusterNetwork, type SegmentPods } from './cluster-network';
import { callingPods } from './flows';

/** One group of pods. */
export interface PodRow {
  /** `payments/api` */
  readonly pods: string;
  readonly segment: string;
  /** `api-gateway tcp/8443` */
  readonly accepts: readonly string[];
  /** What other pods accept from it, then what its own statements say. */
  readonly calls: readonly string[];
  /** `api.stripe.com:443` */
  readonly hosts: readonly string[];
}

/** In the order of the network's groups: namespace, then name. */
export function podTable(network: ClusterNetwork): readonly PodRow[] {
  const accepted = new Map<SegmentPods, string[]>(network.groups.map((pods) => [pods, []]));
  for (const pods of network.groups) {
    for (const accept of pods.accepts) {
      for (const caller of callingPods(accept.from, network)) accepted.get(caller)?.push(`${pods.namespace}/${pods.name} ${portsText(accept)}`);
    }
  }
  return network.groups.map((pods) => ({
    pods: `${pods.namespace}/${pods.name}`,
    segment: pods.segment,
    accepts: pods.accepts.map((accept) => `${callerText(accept.from)} ${portsText(accept)}`),
    calls: [...accepted.get(pods) ?? [], ...pods.calls.map((call) => `${calleeText(call.to)} ${portsText(call)}`)],
    hosts: hostRulesOf(pods, network).flatMap((rule) => rule.ports.map((port) => `${rule.host.text}:${port}`)),
  }));
}

function callerText(from: PodCaller): string {
  switch (from.kind) {
    case 'segment': return `segment ${from.segment}`;
    case 'pods': return `${from.namespace}/${from.pods}`;
    case 'namespace': return [`${from.namespace}/*`, ...labelTexts(from.labels)].join(' ');
    case 'cidr': return from.cidr;
    case 'internet': return 'internet';
  }
}

function calleeText(to: PodCallee): string {
  switch (to.kind) {
    case 'segment': return `segment ${to.segment}`;
    case 'namespace': return [`${to.namespace}/*`, ...labelTexts(to.labels)].join(' ');
    case 'cidr': return to.cidr;
    case 'service': return `service ${to.service}`;
    case 'api-server': return 'API server';
  }
}

function labelTexts(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function portsText({ ports, protocol }: PodPorts): string {
  return ports.map((port) => `${protocol}/${portText(port)}`).join(' ');
}
