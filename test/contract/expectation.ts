/** What the policy says a stack must do, in the observers' words. */
import { planAddresses, subnet } from '../../blueprints/policy/address-plan';
import type { AwsEnvironment, Cloud, CloudEnvironment, Policy, PortRange, Segment } from '../../blueprints/policy/model';
import type { ObservationSubject, SegmentObservation, WayOut } from './observation';

export function subjectOf(policy: Policy, environmentName: string, cloud: Cloud): ObservationSubject {
  const environment = policy.environments.find(({ name }) => name === environmentName)?.[cloud] as CloudEnvironment;
  const addresses = planAddresses(policy, environment);
  const zones = 'zones' in environment && cloud === 'aws' ? (environment as unknown as { zones: { name: string; slot: number }[] }).zones : [];
  const secondary: Readonly<Record<string, string>> = 'secondaryCidrs' in environment ? environment.secondaryCidrs as Record<string, string> : {};
  const inSecondary = (name: string) => (secondary[name] ? zones.map((zone) => subnet(secondary[name]!, 2, zone.slot)) : []);
  const existing = 'spoke' in environment ? (environment as unknown as { spoke?: { subnets: Record<string, { cidr: string }> } }).spoke?.subnets : undefined;
  return {
    name: `${policy.organization}-${environmentName}`,
    cidr: environment.cidr,
    ...('blockPublicAccess' in environment ? { blocksPublicAccess: environment.blockPublicAccess === 'account' } : {}),
    ...(Object.keys(secondary).length > 0 ? { secondaryCidrs: Object.values(secondary) } : {}),
    ...('gatewayEndpoints' in environment ? { gatewayRanges: Object.fromEntries(Object.entries(environment.gatewayEndpoints as Record<string, { ranges: readonly string[] }>).map(([service, { ranges }]) => [service, ranges])) } : {}),
    ...('privateZones' in environment ? { privateZones: environment.privateZones as readonly string[] } : {}),
    ...(cloud === 'aws' ? { inspected: (environment as AwsEnvironment).firewall?.tlsInspection?.segments ?? [], inspectsRedirection: (environment as AwsEnvironment).dnsRedirection === 'inspect' } : {}),
    ...('egressZones' in environment ? { egressZones: environment.egressZones as readonly string[] } : {}),
    segments: policy.segments.map(({ name }) => ({
      name,
      cidrs: existing?.[name] ? [existing[name].cidr] : zones.length > 0 ? [...zones.map((zone) => addresses.segmentIn(name, zone)), ...inSecondary(name)] : [addresses.segment(name)],
    })),
  };
}

/** `wayOut` lists what is acceptable: a public segment needs a route for replies on some clouds only. */
export interface Expectation extends Omit<SegmentObservation, 'wayOut'> {
  readonly wayOut: readonly WayOut[];
}

export function expectationOf(policy: Policy, segment: Segment, cloud: Cloud, environment?: string): Expectation {
  const lists = cloud === 'aws' && policy.environments.find(({ name }) => name === environment)?.aws?.firewall?.rules === 'domain-lists';
  const hosts = lists ? listedHosts(policy, segment) : policy.allow
    .filter((rule) => rule.clouds.includes(cloud) && rule.segments.includes(segment.name))
    .flatMap((rule) => rule.ports.flatMap((port) => (rule.protocol === 'tcp'
      ? rule.addresses.map((address) => `tcp ${address}:${port}`)
      : [`${rule.protocol} ${rule.host.text}:${port}`])));
  const peers = policy.segments.flatMap((callee) => callee.accepts
    .filter((accept) => accept.from === segment.name)
    .flatMap((accept) => accept.ports.map((range) => `${callee.name} ${accept.protocol}/${portText(range)}`)));
  const internetPorts = segment.accepts
    .filter((accept) => accept.from === 'internet')
    .flatMap((accept) => accept.ports.map((range) => `${accept.protocol}/${portText(range)}`));
  const wayOut: readonly WayOut[] = hosts.length > 0 ? ['controlled'] : internetPorts.length > 0 ? ['none', 'replies'] : ['none'];
  return { hosts: hosts.sort(), peers: peers.sort(), internetPorts: internetPorts.sort(), wayOut };
}

/** What AWS's domain lists make of the same rules: the apex of a wildcard, and every port of the segment's protocol. */
function listedHosts(policy: Policy, segment: Segment): string[] {
  const own = policy.allow.filter((rule) => rule.clouds.includes('aws') && rule.segments.includes(segment.name));
  const ports = (protocol: string) => [...new Set(own.filter((rule) => rule.protocol === protocol).flatMap((rule) => rule.ports))];
  return [...new Set(own.flatMap((rule) => (rule.protocol === 'tcp'
    ? rule.ports.flatMap((port) => rule.addresses.map((address) => `tcp ${address}:${port}`))
    : (rule.host.kind === 'exact' ? [rule.host.text] : [rule.host.text, rule.host.domain]).flatMap((host) => ports(rule.protocol).map((port) => `${rule.protocol} ${host}:${port}`)))))];
}

function portText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}
