/** Sets of ports of policies; of protocols that have none, the whole protocol. */
import { isList, isObject, own, ownText, type Json } from '../../plan/json';

/** Both ends are included. ICMP and what is none of the others have one span, which is all of them. */
export interface PortSpan {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'OTHER';
  readonly from: number;
  readonly to: number;
}

const LAST = 65535;

/** Every port of every protocol. */
export const ANY_PORT: readonly PortSpan[] = (['TCP', 'UDP', 'SCTP', 'ICMP', 'OTHER'] as const).map((protocol) => ({ protocol, from: 1, to: LAST }));

/** What has no ports, as a whole. */
export function wholeOf(protocol: PortSpan['protocol']): readonly PortSpan[] {
  return ANY_PORT.filter((span) => span.protocol === protocol);
}

/** `ports` of a rule of a NetworkPolicy: left out or empty, all of them. A named port can be any. */
export function portSpans(ports: Json | undefined): readonly PortSpan[] {
  if (!isList(ports) || ports.length === 0) return ANY_PORT;
  return ports.flatMap((each): readonly PortSpan[] => {
    if (!isObject(each)) return [];
    const protocol = protocolOf(ownText(each, 'protocol') ?? 'TCP');
    // Of ICMP it is a type.
    if (protocol === 'ICMP') return wholeOf(protocol);
    const port = Number(own(each, 'port'));
    if (!Number.isInteger(port) || port < 1) return [{ protocol, from: 1, to: LAST }];
    const end = Number(own(each, 'endPort'));
    return [{ protocol, from: port, to: Number.isInteger(end) && end > port ? end : port }];
  });
}

/**
 * `toPorts` of a rule of a CiliumNetworkPolicy. `ANY` stands for SCTP as well, where Cilium has it switched on.
 * https://github.com/cilium/cilium/blob/main/pkg/policy/api/l4.go
 *
 * @param certain leaves out what may be fewer ports than it seems: named ones
 */
export function ciliumSpans(toPorts: Json | undefined, certain = false): readonly PortSpan[] {
  if (!isList(toPorts) || toPorts.length === 0) return ANY_PORT;
  return toPorts.flatMap((each) => {
    const ports = isObject(each) ? own(each, 'ports') : undefined;
    if (!isList(ports) || ports.length === 0) return ANY_PORT;
    return ports.flatMap((one) => {
      if (!isObject(one)) return [];
      const protocol = ownText(one, 'protocol') ?? 'ANY';
      if (certain && !(/^\d+$/.test(String(own(one, 'port') ?? '0')) && /^(TCP|UDP|SCTP|ANY)$/.test(protocol))) return [];
      const spans = portSpans([{ ...one, protocol: protocol === 'ANY' ? 'TCP' : protocol }]);
      return protocol === 'ANY' ? spans.flatMap((span) => [span, { ...span, protocol: 'UDP' as const }, ...(certain ? [] : [{ ...span, protocol: 'SCTP' as const }])]) : spans;
    });
  });
}

/** Of the first what is not in the second. */
export function withoutSpans(a: readonly PortSpan[], b: readonly PortSpan[]): readonly PortSpan[] {
  return b.reduce<readonly PortSpan[]>((left, cut) => left.flatMap((span): readonly PortSpan[] => {
    if (span.protocol !== cut.protocol || cut.to < span.from || cut.from > span.to) return [span];
    return [
      ...(span.from < cut.from ? [{ ...span, to: cut.from - 1 }] : []),
      ...(span.to > cut.to ? [{ ...span, from: cut.to + 1 }] : []),
    ];
  }), a);
}

/** The ports in both. */
export function commonSpans(a: readonly PortSpan[], b: readonly PortSpan[]): readonly PortSpan[] {
  return a.flatMap((one) => b.flatMap((other): readonly PortSpan[] => {
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    return one.protocol === other.protocol && from <= to ? [{ protocol: one.protocol, from, to }] : [];
  }));
}

/** Whether a port is among them. */
export function hasPort(spans: readonly PortSpan[], protocol: PortSpan['protocol'], port: number): boolean {
  return spans.some((span) => span.protocol === protocol && span.from <= port && port <= span.to);
}

/** `tcp/8443`, `udp/8000-8100`, `icmp`, `other` for what is none of these, or `any`; sorted, each once. */
export function spanTexts(spans: readonly PortSpan[]): readonly string[] {
  if (ANY_PORT.every(({ protocol }) => spans.some((span) => span.protocol === protocol && span.from === 1 && span.to === LAST))) return ['any'];
  return [...new Set(spans.map(({ protocol, from, to }) => {
    if (protocol === 'ICMP') return 'icmp';
    return protocol === 'OTHER' ? 'other' : `${protocol.toLowerCase()}/${from === 1 && to === LAST ? 'any' : from === to ? from : `${from}-${to}`}`;
  }))].sort();
}

function protocolOf(text: string): PortSpan['protocol'] {
  if (/^ICMP(V6)?$/i.test(text)) return 'ICMP';
  return text === 'UDP' || text === 'SCTP' ? text : 'TCP';
}
