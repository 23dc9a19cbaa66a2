/** What the network lets through between segments: the bound of everything that pods accept. */
import type { PortRange } from './model';
import { mergePorts, parsePort } from './ports';
import type { SegmentInput } from './schema';
import type { Sound } from './schema-findings';

/** Answers from the `accepts` of segments. */
export interface NetworkPorts {
  /** Whether a segment accepts all of these ports from a caller: a segment or `internet`. */
  accepts(callee: string, caller: string, protocol: 'tcp' | 'udp', ports: readonly PortRange[]): boolean;
}

/** Reads the `accepts`; parts that the schema refused count as accepted, for they were reported. */
export function networkPorts(segments: readonly (Sound<SegmentInput> | null)[]): NetworkPorts {
  const accepted = new Map<string, readonly PortRange[]>();
  const unsure = new Set<string>();
  for (const segment of segments) {
    if (!segment || typeof segment.name !== 'string') continue;
    if (segment.accepts === null) unsure.add(segment.name);
    for (const accept of segment.accepts ?? []) {
      if (!accept || typeof accept.from !== 'string' || accept.protocol === null || !accept.ports) {
        unsure.add(segment.name);
        continue;
      }
      const key = `${segment.name} ${accept.from} ${accept.protocol ?? 'tcp'}`;
      accepted.set(key, mergePorts([...(accepted.get(key) ?? []), ...rangesOf(accept.ports)]));
    }
  }
  return {
    accepts: (callee, caller, protocol, ports) => {
      if (unsure.has(callee)) return true;
      const known = accepted.get(`${callee} ${caller} ${protocol}`) ?? [];
      return ports.every((port) => known.some((range) => range.from <= port.from && port.to <= range.to));
    },
  };
}

/** The ports that can be read. */
export function rangesOf(ports: readonly (string | number | null)[]): readonly PortRange[] {
  return mergePorts(ports.flatMap((port) => {
    const parsed = port === null ? undefined : parsePort(port);
    return parsed?.ok ? [parsed.range] : [];
  }));
}
