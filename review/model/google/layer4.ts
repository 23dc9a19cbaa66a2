/** Protocols and ports of a firewall rule. https://cloud.google.com/firewall/docs/firewall-policies-rule-details#protocols_and_ports */
import type { AttributePath } from '../../plan/attribute-path';
import type { Resource } from '../../plan/resource-graph';
import type { Family } from '../addresses';
import { packetsOf, protocolNumber } from '../ip-protocols';
import { rangesOf, type Range, type Ranges } from '../ranges';
import { ALL_PORTS, IP_PROTOCOLS, type Box } from '../traffic';
import { hiddenAt, textsAt } from './reading';

/** One `layer4_configs` of a policy rule, or one `allow` or `deny` of a classic one. */
export interface Layer4 {
  /** Lower case; `all` for every protocol; `?` where the plan does not tell. */
  readonly protocol: string;
  readonly ports: Ranges;
  /** Where some of the ports are not known, those that are. */
  readonly knownPorts?: Ranges;
  /** Why protocol or ports may be others. */
  readonly unknown?: string;
}

/** Every protocol on every port. */
export const EVERY_PROTOCOL: Layer4 = { protocol: 'all', ports: ALL_PORTS };

export function layer4At(resource: Resource, path: AttributePath, protocolName: 'ip_protocol' | 'protocol'): Layer4 {
  const value = resource.valueAt([...path, protocolName]);
  const hidden = hiddenAt(resource, [...path, protocolName]);
  const ports = textsAt(resource, [...path, 'ports']);
  const protocol = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '?';
  const unknown = hidden ?? ports.unknown ?? (protocol === '?' ? `${resource.address}: no protocol` : undefined);
  const ranges = ports.values.flatMap(portRange);
  return {
    protocol: protocol === '-1' ? 'all' : protocol,
    // One of several that is not known may be any.
    ports: ranges.length > 0 && ports.unknown === undefined ? rangesOf(ranges) : ALL_PORTS,
    ...(hidden === undefined && ports.unknown !== undefined && ranges.length > 0 ? { knownPorts: rangesOf(ranges) } : {}),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

function portRange(text: string): readonly Range[] {
  const match = /^(\d{1,5})\s*(?:-\s*(\d{1,5}))?$/.exec(text.trim());
  return match ? [[BigInt(match[1] as string), BigInt(match[2] ?? (match[1] as string))]] : [];
}

/** The packets meant, to some destinations. A protocol that is known by no number may be any of those without ports, and is none for sure. */
export function boxesOf(layer4: readonly Layer4[], family: Family, destinations: Ranges, sureOnly: boolean): readonly Box[] {
  return layer4.flatMap(({ protocol, ports: every, knownPorts, unknown }) => {
    if (sureOnly && unknown !== undefined && !knownPorts) return [];
    const ports = sureOnly && knownPorts ? knownPorts : every;
    if (protocol === 'all' || protocol === '?') return IP_PROTOCOLS.map((each) => ({ protocol: each, ports: ALL_PORTS, destinations }));
    const number = protocolNumber(protocol);
    if (number === undefined && sureOnly) return [];
    const own = packetsOf(number, family);
    return [{ ...own, ...(own.protocol === 'tcp' || own.protocol === 'udp' ? { ports } : {}), destinations }];
  });
}

/** Whether it is known which packets they mean: then those that they may mean are those that they mean. */
export function isTold(layer4: readonly Layer4[]): boolean {
  return layer4.every(({ protocol, unknown }) => unknown === undefined && protocol !== '?' && (protocol === 'all' || protocolNumber(protocol) !== undefined));
}

/** `tcp/443`, `tcp/8000-8100,8443`, `all`. */
export function layer4Text({ protocol, ports }: Layer4): string {
  if (protocol === 'all' || isEveryPort({ protocol, ports })) return protocol;
  return `${protocol}/${ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')}`;
}

/** True when no port is left out that anybody listens on. */
export function isEveryPort({ protocol, ports }: Layer4): boolean {
  if (protocol !== 'tcp' && protocol !== 'udp') return true;
  return ports.length === 1 && (ports[0] as Range)[0] <= 1n && (ports[0] as Range)[1] >= 65535n;
}

/** Single ports for an allowlist; empty, which means every port, when they are too many to list. */
export function portNumbers(layer4: readonly Layer4[]): readonly number[] {
  const ranges = rangesOf(layer4.flatMap(({ protocol, ports }) => (protocol === 'tcp' || protocol === 'udp' ? ports : ALL_PORTS)));
  const count = ranges.reduce((sum, [from, to]) => sum + Number(to - from) + 1, 0);
  if (count > MOST_PORTS) return [];
  return ranges.flatMap(([from, to]) => Array.from({ length: Number(to - from) + 1 }, (_, index) => Number(from) + index));
}

const MOST_PORTS = 128;
