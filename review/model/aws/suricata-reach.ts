/** Which packets a signature speaks of, once its variables have values. */
import { addressRange, EVERYWHERE, type Family } from '../addresses';
import { ICMP, packetsOf, protocolNumber, type Packets } from '../ip-protocols';
import { includes, intersect, isEmpty, rangesOf, subtract, unionOf, type Ranges } from '../ranges';
import { ALL_PORTS, IP_PROTOCOLS, ports, traffic, type IpProtocol, type Traffic } from '../traffic';
import { flowOf, hasOption, type Signature } from './suricata';

/** Values of variables: of addresses and of ports, by name without the dollar sign; those of other resources with their `@`. */
export interface Variables {
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly ports: ReadonlyMap<string, readonly string[]>;
}

/** Set of addresses that a text such as `[10.0.0.0/8,!10.1.0.0/16]` means; undefined when a part of it has no known value. */
export function addressSet(text: string, variables: Variables, family: Family, depth = 0): Ranges | undefined {
  return setOf(text, depth, EVERYWHERE[family], (item) => {
    if (depth > 5) return undefined;
    if (item.startsWith('@')) return variable(item.toUpperCase(), variables, family, depth);
    if (item.startsWith('$')) return variable(item.slice(1).toUpperCase(), variables, family, depth);
    const found = addressRange(item);
    return found ? (found.family === family ? [found.range] : []) : undefined;
  });
}

function variable(name: string, variables: Variables, family: Family, depth: number): Ranges | undefined {
  const values = variables.addresses.get(name);
  if (values) {
    // A list as in a rule: what it excludes counts for all of it. https://docs.suricata.io/en/suricata-7.0.10/configuration/suricata-yaml.html#rule-vars
    return values.length === 0 ? [] : addressSet(`[${values.join(',')}]`, variables, family, depth + 1);
  }
  const home = name === 'EXTERNAL_NET' ? variable('HOME_NET', variables, family, depth + 1) : undefined;
  return home ? subtract(EVERYWHERE[family], home) : undefined;
}

export function portSet(text: string, variables: Variables, depth = 0): Ranges | undefined {
  return setOf(text, depth, ALL_PORTS, (item) => {
    if (item.startsWith('$')) {
      const values = depth > 5 ? undefined : variables.ports.get(item.slice(1).toUpperCase());
      return values && (values.length === 0 ? [] : portSet(`[${values.join(',')}]`, variables, depth + 1));
    }
    const match = /^(\d{0,5})(:?)(\d{0,5})$/.exec(item);
    if (!match || item === '' || item === ':') return undefined;
    const from = BigInt(match[1] || 0);
    return rangesOf([[from, match[2] === '' ? from : BigInt(match[3] || 65535)]]);
  });
}

function setOf(text: string, depth: number, all: Ranges, one: (item: string) => Ranges | undefined): Ranges | undefined {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === 'any') return all;
  if (depth > 8) return undefined;
  if (trimmed.startsWith('!')) {
    const inner = setOf(trimmed.slice(1), depth + 1, all, one);
    return inner && subtract(all, inner);
  }
  if (!trimmed.startsWith('[')) return one(trimmed);
  const items = splitList(trimmed.slice(1, -1));
  const wanted = items.filter((item) => !item.startsWith('!')).map((item) => setOf(item, depth + 1, all, one));
  const unwanted = items.filter((item) => item.startsWith('!')).map((item) => setOf(item.slice(1), depth + 1, all, one));
  if ([...wanted, ...unwanted].some((set) => set === undefined)) return undefined;
  return subtract(wanted.length === 0 ? all : unionOf((wanted as Ranges[])), unionOf((unwanted as Ranges[])));
}

function splitList(text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let item = '';
  for (const letter of text) {
    if (letter === ',' && depth === 0) {
      items.push(item.trim());
      item = '';
      continue;
    }
    if (letter === '[') depth += 1;
    if (letter === ']') depth -= 1;
    item += letter;
  }
  return [...items, item.trim()].filter((each) => each !== '');
}

const TRANSPORT: Readonly<Record<string, readonly IpProtocol[]>> = {
  ip: IP_PROTOCOLS, any: IP_PROTOCOLS, pkthdr: IP_PROTOCOLS, ip4: IP_PROTOCOLS, ipv4: IP_PROTOCOLS, ip6: IP_PROTOCOLS, ipv6: IP_PROTOCOLS,
  tcp: ['tcp'], 'tcp-pkt': ['tcp'], 'tcp-stream': ['tcp'], udp: ['udp'], icmp: ['icmp'], icmpv4: ['icmp'], icmpv6: ['icmp'], sctp: ['other'],
  tls: ['tcp'], ssl: ['tcp'], http: ['tcp'], http1: ['tcp'], http2: ['tcp'], ssh: ['tcp'], ftp: ['tcp'], 'ftp-data': ['tcp'], smtp: ['tcp'], imap: ['tcp'], pop3: ['tcp'], smb: ['tcp'], rdp: ['tcp'], rfb: ['tcp'],
  telnet: ['tcp'], mqtt: ['tcp'], modbus: ['tcp'], pgsql: ['tcp'], quic: ['udp'], dhcp: ['udp'], ntp: ['udp'], tftp: ['udp'], snmp: ['udp'], ikev2: ['udp'], ike: ['udp'],
};
/** What runs over both, and what this review does not know. */
const EITHER: readonly IpProtocol[] = ['tcp', 'udp'];
/** Of one family alone. */
const FAMILIES: Readonly<Record<string, Family>> = { ip4: 4, ipv4: 4, icmpv4: 4, ip6: 6, ipv6: 6, icmpv6: 6 };
const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, 'ipv6-icmp': 58 };
const OWN_NUMBERS: Readonly<Record<Exclude<IpProtocol, 'other'>, Readonly<Record<Family, number>>>> = { tcp: { 4: 6, 6: 6 }, udp: { 4: 17, 6: 17 }, icmp: ICMP };
const SCTP = 132;

interface NumberCondition {
  readonly relation: string;
  /** Undefined for a name that is none of the known ones. */
  readonly number: number | undefined;
}

/** https://docs.suricata.io/en/suricata-7.0.8/rules/header-keywords.html#ip-proto */
function conditionsOf({ options }: Signature): readonly NumberCondition[] {
  return options.filter(({ name }) => name === 'ip_proto').map(({ value = '' }) => {
    const [, relation = '', text = ''] = /^([!<>]?)\s*(.*)$/s.exec(value.trim()) ?? [];
    return { relation, number: NUMBERS[text.toLowerCase()] ?? protocolNumber(text) };
  });
}

/** Whether a protocol may meet a condition; a name that is not known is none of tcp, udp and icmp. */
function mayMeet(own: number, { relation, number }: NumberCondition): boolean {
  if (number === undefined) return relation !== '';
  return relation === '!' ? own !== number : relation === '<' ? own < number : relation === '>' ? own > number : own === number;
}

/** Of the numbers of `other` those that may meet a condition. */
function othersMeeting({ relation, number }: NumberCondition, family: Family): Ranges {
  if (number === undefined) return ALL_PORTS;
  if (relation === '<') return number === 0 ? [] : ports(0, number - 1);
  if (relation === '>') return subtract(ALL_PORTS, ports(0, number));
  const { protocol, ports: own } = packetsOf(number, family);
  const isOther = protocol === 'other';
  return relation === '!' ? (isOther ? subtract(ALL_PORTS, own) : ALL_PORTS) : isOther ? own : [];
}

/** The packets that a signature's protocol and its conditions may stand for, on every port. */
function packetsIn(signature: Signature, family: Family): readonly Packets[] {
  if ((FAMILIES[signature.protocol] ?? family) !== family) return [];
  const conditions = conditionsOf(signature);
  return (TRANSPORT[signature.protocol] ?? EITHER).flatMap((protocol): readonly Packets[] => {
    if (protocol !== 'other') return conditions.every((each) => mayMeet(OWN_NUMBERS[protocol][family], each)) ? [{ protocol, ports: ALL_PORTS }] : [];
    const all = signature.protocol === 'sctp' ? ports(SCTP) : ALL_PORTS;
    const own = conditions.reduce<Ranges>((left, each) => intersect(left, othersMeeting(each, family)), all);
    return isEmpty(own) ? [] : [{ protocol, ports: own }];
  });
}

export interface SignatureReach {
  readonly traffic: Traffic;
  /** True when addresses or ports had no known value and everything was taken instead. */
  readonly widened: boolean;
}

/** Everything a signature may speak of. What has no known value is everything. */
export function reachOf(signature: Signature, variables: Variables, family: Family): SignatureReach {
  const destinations = addressSet(signature.destination, variables, family);
  const named = portSet(signature.destinationPorts, variables);
  const boxes = packetsIn(signature, family).map(({ protocol, ports: own }) => ({
    protocol,
    ports: protocol === 'tcp' || protocol === 'udp' ? named ?? ALL_PORTS : own,
    destinations: destinations ?? EVERYWHERE[family],
  }));
  return { traffic: traffic(family, boxes), widened: destinations === undefined || named === undefined };
}

/** Words of `flow` that say on which side of a connection a packet is, and not what kind of packet. */
const SIDES: ReadonlySet<string> = new Set(['to_server', 'from_client', 'established', 'not_established', 'stateless', '']);

/** What of its reach a signature speaks of whole, from whatever port it is sent: only that is stopped by one that drops. */
export function wholly(signature: Signature, { boxes, family }: Traffic, variables: Variables): Traffic {
  // SCTP has ports, of which nothing is known here; and of a name that is none of the known ones no packet is sure.
  const isSure = signature.protocol !== 'sctp' && conditionsOf(signature).every(({ number }) => number !== undefined);
  if (!isSure || !flowOf(signature).every((word) => SIDES.has(word))) return traffic(family, []);
  const anyPort = includes(portSet(signature.sourcePorts, variables) ?? [], ALL_PORTS);
  return traffic(family, boxes.filter(({ protocol }) => anyPort || protocol === 'icmp' || protocol === 'other'));
}

/** Whether some of the source's packets, and all of them, come from addresses that a rule names. */
export interface SourceMatch {
  readonly some: boolean;
  readonly all: boolean;
}

/** Whether a signature's source takes in some of the addresses, and all of them. Unknown addresses may be any. */
export function sourceMatch(text: string, source: Ranges | undefined, variables: Variables, family: Family): SourceMatch {
  return text.toLowerCase() === 'any' ? { some: true, all: true } : matchOf(addressSet(text, variables, family), source);
}

export function matchOf(set: Ranges | undefined, source: Ranges | undefined): SourceMatch {
  return !set || !source ? { some: true, all: false } : { some: !isEmpty(intersect(set, source)), all: includes(set, source) };
}

/**
 * Options that look at nothing in a packet: a signature with only these decides on addresses, ports
 * and protocols. Flags are not among them: a server that takes a SYN with one bit more is reached by it.
 */
const PLAIN = new Set(['msg', 'sid', 'rev', 'gid', 'flow', 'classtype', 'priority', 'reference', 'metadata', 'ip_proto', 'noalert', 'target']);

export function isPlain(signature: Signature): boolean {
  return isPlainBut(signature);
}

/** The same of a signature that looks at nothing besides but at what these options say. */
export function isPlainBut(signature: Signature, ...names: readonly string[]): boolean {
  return signature.options.every(({ name }) => PLAIN.has(name) || names.includes(name)) && ['ip', 'ip4', 'ip6', 'ipv4', 'ipv6', 'any', 'tcp', 'udp', 'icmp', 'icmpv4', 'icmpv6', 'tcp-pkt', 'tcp-stream'].includes(signature.protocol) && !hasOption(signature, 'app-layer-protocol');
}
