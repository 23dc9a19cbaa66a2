/**
 * Allow rules as Suricata signatures, for a firewall that evaluates them in strict order.
 *
 * Generated signatures and not domain lists, because a domain list's `.example.com` also matches
 * `example.com`, and because a list cannot say which segment it is for.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-examples.html
 *
 * How one connection meets them, first match wins:
 * 1. its SYN: a `tcp` rule passes it, or the floor drops it when no rule of its segment names the port;
 * 2. the ClientHello or the request: the `alert` records it, the `pass` lets the flow go on;
 * 3. whatever is left: the floor drops names that no rule allows, the wrong protocol on an allowed
 *    port, streams that show no name, servers that speak first, data outside connections, UDP, ICMP,
 *    IPv6 and other IP protocols, and the policy's default action drops the rest.
 *
 * Each line is held against a real Suricata by `npm run conformance`; why each is there is told in
 * docs/aws-firewall-rules.md.
 */
import type { AllowRule, HostPattern } from '../policy/model';
import { compare, rulesOf } from '../policy/rules';

/** A segment and the addresses that its packets come from when the firewall sees them. */
export interface FirewallSource {
  readonly name: string;
  readonly cidrs: readonly string[];
  /**
   * Whether the firewall opens its TLS: the engine then sees the requests inside, and the server
   * name beside them. @default - false
   */
  readonly inspected?: boolean;
}

/** A signature without its number. */
export interface Signature {
  /** What it is for, in a form that changes only when its purpose does: the SID comes from it. */
  readonly key: string;
  /** `pass tls [10.20.20.0/24] any -> $EXTERNAL_NET 443` */
  readonly header: string;
  readonly options: readonly string[];
}

/** Signatures that belong together and stay in one rule group, in this order. */
export interface SignatureSet {
  readonly key: string;
  readonly signatures: readonly Signature[];
}

/** For each allow rule an `alert`, so that allowed traffic is on record, and then the `pass`. */
export function allowSignatures(rules: readonly AllowRule[], sources: readonly FirewallSource[]): readonly SignatureSet[] {
  const cidrs = new Map(sources.map((source) => [source.name, source.cidrs]));
  const sets = rules.map((rule) => {
    const from = rule.segments.flatMap((segment) => cidrs.get(segment) ?? []);
    return rule.protocol === 'tcp' ? allowAddresses(rule, list(from)) : allowName(rule, list(from));
  });
  // Two entries that ask for the same are one set: a SID may occur once.
  return [...new Map(sets.map((set) => [set.key, set])).values()];
}

/** What is dropped by name, so that the log says why; each drop is also on record as an alert. */
export function floorSignatures(rules: readonly AllowRule[], sources: readonly FirewallSource[]): SignatureSet {
  const known = [...sources].sort((a, b) => compare(a.name, b.name)).filter((source) => rulesOf(rules, source.name).length > 0);
  const signatures = [
    // A SYN with data (TCP Fast Open) is forwarded before anybody can look; clients repeat it without.
    signature('floor data', 'drop tcp any any -> any any', ['msg:"egress denied: data outside a connection"', 'flags:!A', 'dsize:>0']),
    ...outsideOfStreams(),
    ...['tls', 'http'].map((protocol) => signature(`floor spoken ${protocol}`, `alert ${protocol} any any -> any any`, [
      `msg:"${protocol} is spoken"`, 'flow:to_server', `flowbits:set,${SPOKEN}`, 'noalert',
    ])),
    ...known.flatMap((source) => [
      ...unnamedPort(source, rulesOf(rules, source.name)),
      ...wrongProtocol(source, rulesOf(rules, source.name)),
      ...unnamedHost(source, rulesOf(rules, source.name)),
    ]),
    signature('floor stranger', `drop tcp ${not(known.flatMap((source) => source.cidrs))} any -> any any`, [
      'msg:"egress denied: not a segment with allowed hosts"', 'flow:to_server',
    ]),
    // A list of IPv4 addresses, negated or not, says nothing of IPv6.
    signature('floor ipv6', 'drop ip ::/0 any -> ::/0 any', ['msg:"egress denied: ipv6"']),
    // Nothing may use UDP: QUIC would carry a name that no rule has looked at.
    signature('floor udp', 'drop udp any any -> any any', ['msg:"egress denied: udp"']),
    signature('floor icmp', 'drop icmp any any -> any any', ['msg:"egress denied: icmp"']),
    signature('floor ip', 'drop ip any any -> any any', ['msg:"egress denied: neither tcp, udp nor icmp"', 'ip_proto:!6']),
  ];
  return { key: 'floor', signatures };
}

/** The signature as one line of a rule group. */
export function signatureText({ header, options }: Signature, sid: number): string {
  return `${header} (${[...options, `sid:${sid}`, 'rev:1'].join('; ')};)`;
}

/** The first packet of a connection, with or without the two congestion bits. */
const SYN = 'flags:S,CE';

/** Set on a connection once the engine knows it for TLS or HTTP. */
const SPOKEN = 'egress.spoken';
/** Set on a connection once either side has closed or reset it. */
const ENDED = 'egress.ended';
/** How many segments with data a client has sent before a verdict. */
const SEGMENTS = 'egress.segments';

function allowName(rule: AllowRule, from: string): SignatureSet {
  const { protocol, host } = rule;
  const key = ruleKey(rule);
  const rest = `${protocol} ${from} any -> $EXTERNAL_NET ${list(rule.ports)}`;
  const match = ['flow:to_server', protocol === 'tls' ? 'tls.sni' : 'http.host', ...nameMatch(host, protocol === 'tls')];
  return {
    key,
    signatures: [
      signature(`${key} alert`, `alert ${rest}`, [message(rule), ...match]),
      signature(`${key} pass`, `pass ${rest}`, [message(rule), ...match]),
    ],
  };
}

/**
 * Anchored at both ends for a name; for subdomains anchored at the end, with a leading dot and at
 * least one more character, so that `docker.io` and `evildocker.io` both stay out. What stands before
 * that has to be labels: no empty one, and no character that a host name cannot have.
 *
 * `http.host` is lower case already, and Suricata complains when told to ignore case there.
 */
function nameMatch(host: HostPattern, ignoreCase: boolean): readonly string[] {
  const nocase = ignoreCase ? ['nocase'] : [];
  return host.kind === 'exact'
    ? [`content:"${host.domain}"`, 'startswith', 'endswith', ...nocase]
    : [`content:".${host.domain}"`, 'endswith', ...nocase, `bsize:>${host.domain.length + 1}`, `pcre:!"${NO_LABELS}"`];
}

/** A dot with nothing before it, or a character that is no part of a name. */
const NO_LABELS = '/(^|\\.)\\.|[^A-Za-z0-9._-]/';

/**
 * No name travels on the wire, so the verdict falls on addresses. A `pass` with a direction holds
 * for packets of that direction only, hence one for each; `to_client` cannot start a connection.
 */
function allowAddresses(rule: AllowRule, from: string): SignatureSet {
  const key = ruleKey(rule);
  const addresses = list(rule.addresses);
  const ports = list(rule.ports);
  return {
    key,
    signatures: [
      signature(`${key} alert`, `alert tcp ${from} any -> ${addresses} ${ports}`, [message(rule), 'flow:to_server', SYN]),
      signature(`${key} pass`, `pass tcp ${from} any -> ${addresses} ${ports}`, [message(rule), 'flow:to_server']),
      signature(`${key} replies`, `pass tcp ${addresses} ${ports} -> ${from} any`, [message(rule), 'flow:to_client']),
    ],
  };
}

/**
 * A port on which the segment may reach no name. `tcp` rules have passed theirs before.
 *
 * Every packet and not only the SYN: a server that takes a SYN with one bit more is reached by it.
 */
function unnamedPort(source: FirewallSource, rules: readonly AllowRule[]): readonly Signature[] {
  const named = portsOf(rules, 'tls', 'http');
  return [signature(`floor port ${source.name}`, `drop tcp ${list(source.cidrs)} any -> any ${not(named)}`, [
    `msg:"egress denied: port that no rule names, from ${source.name}"`, 'flow:to_server',
  ])];
}

/** SSH on 443, TLS on 80: an allowed port is allowed for what the rules say is spoken there. */
function wrongProtocol(source: FirewallSource, rules: readonly AllowRule[]): readonly Signature[] {
  const tls = new Set(portsOf(rules, 'tls'));
  const http = new Set(portsOf(rules, 'http'));
  const both = [...tls].filter((port) => http.has(port));
  const drop = (ports: readonly number[], ...protocols: readonly string[]) => (ports.length === 0 ? [] : [
    signature(`floor protocol ${source.name} ${protocols.join(' ')}`, `drop tcp ${list(source.cidrs)} any -> any ${list(ports)}`, [
      `msg:"egress denied: not ${protocols.join(' or ')}, from ${source.name}"`,
      'flow:to_server,established',
      ...protocols.map((protocol) => `app-layer-protocol:!${protocol}`),
    ]),
  ]);
  return [
    // What is opened is HTTP by then; `unnamedHost` drops what no server name has let through.
    ...drop([...tls].filter((port) => !http.has(port)), 'tls', ...(source.inspected ? ['http', 'http2'] : [])),
    ...drop([...http].filter((port) => !tls.has(port)), 'http'),
    ...drop(both, 'tls', 'http'),
  ];
}

/**
 * Data that is sent past the stream: the engine lets it go on and counts it to no stream, so neither `stream_size` nor a
 * default action for established connections sees it. Each would be one-way, without end and without a record.
 *
 * What a `pass` has taken does not come here.
 * https://docs.suricata.io/en/suricata-7.0.10/rules/flow-keywords.html
 */
function outsideOfStreams(): readonly Signature[] {
  const drop = (kind: string, text: string, ...match: readonly string[]) =>
    signature(`floor ${kind}`, 'drop tcp any any -> any any', [`msg:"egress denied: ${text}"`, ...match, 'dsize:>0']);
  const note = (kind: string, ...match: readonly string[]) =>
    signature(`floor ${kind}`, 'alert tcp any any -> any any', [`msg:"${kind}"`, ...match, 'noalert']);
  return [
    // A client that goes on though nobody has answered its SYN, or somebody has refused it.
    drop('early', 'data before the connection stands', 'flow:to_server,not_established'),
    note('end seen', 'flags:*FR', `flowbits:set,${ENDED}`),
    drop('end', 'data after the end of the connection', 'flow:to_server', `flowbits:isset,${ENDED}`),
    // Repeated bytes that were never sent, wrong acknowledgements: in the middle of a ClientHello that stays half.
    note('segments seen', 'flow:to_server', 'dsize:>0', `flowint:${SEGMENTS},+,1`),
    drop('segments', `no name within ${NAMELESS_SEGMENTS} segments`, 'flow:to_server', `flowint:${SEGMENTS},>,${NAMELESS_SEGMENTS}`),
  ];
}

/**
 * A ClientHello or a request that no `pass` has taken, and a connection that shows neither: passed
 * flows are inspected no more, so one that is still here after so many bytes is a tunnel.
 */
function unnamedHost(source: FirewallSource, rules: readonly AllowRule[]): readonly Signature[] {
  const from = list(source.cidrs);
  const named = portsOf(rules, 'tls', 'http');
  const http = portsOf(rules, 'http');
  const drop = (kind: string, protocol: string, ports: readonly number[], text: string, ...match: readonly string[]) => (ports.length === 0 ? [] : [
    signature(`floor ${kind} ${source.name}`, `drop ${protocol} ${from} any -> any ${list(ports)}`, [
      `msg:"egress denied: ${text}, from ${source.name}"`, 'flow:to_server,established', ...match,
    ]),
  ]);
  return [
    // Set when the whole ClientHello is in, also when it came in pieces or has no server name.
    ...drop('name', 'tls', portsOf(rules, 'tls'), 'server name that no rule allows', 'ssl_state:client_hello'),
    ...drop('host', 'http', http, 'http host that no rule allows', 'http.host', 'bsize:>0'),
    // A request may have no host at all; this buffer is there once its headers end.
    ...drop('hostless', 'http', http, 'http without a host', 'http.start', 'bsize:>0'),
    ...drop('http2', 'http2', http, 'http/2 without tls'),
    ...(source.inspected ? [
      ...drop('opened http', 'http', portsOf(rules, 'tls'), 'http in tls to a server name that no rule allows', 'http.start', 'bsize:>0'),
      ...drop('opened http2', 'http2', portsOf(rules, 'tls'), 'http/2 in tls to a server name that no rule allows'),
    ] : []),
    ...drop('speech', 'tcp', named, `neither tls nor http within ${SPEECHLESS_BYTES} bytes`, `flowbits:isnotset,${SPOKEN}`, `stream_size:client,>,${SPEECHLESS_BYTES}`),
    ...drop('tunnel', 'tcp', named, `no name within ${NAMELESS_BYTES} bytes`, `stream_size:client,>,${NAMELESS_BYTES}`),
    ...(named.length === 0 ? [] : [signature(`floor greeting ${source.name}`, `drop tcp any ${list(named)} -> ${from} any`, [
      `msg:"egress denied: the server spoke first, to ${source.name}"`, 'flow:to_client,established', 'stream_size:server,>,1',
    ])]),
  ];
}

/** The longest method and the space behind it: what the engine needs to know HTTP. For TLS it needs less. */
const SPEECHLESS_BYTES = 18;
/** Several times the largest ClientHello with post-quantum keys, and more than servers take as request headers. */
const NAMELESS_BYTES = 16_384;
/** Twice what so many bytes take in the smallest usual segments (536). */
const NAMELESS_SEGMENTS = 64;

function portsOf(rules: readonly AllowRule[], ...protocols: readonly AllowRule['protocol'][]): readonly number[] {
  const ports = rules.filter((rule) => protocols.includes(rule.protocol)).flatMap((rule) => rule.ports);
  return [...new Set(ports)].sort((a, b) => a - b);
}

function ruleKey({ host, protocol, ports, segments, addresses }: AllowRule): string {
  return ['allow', protocol, host.text, ports.join(), segments.join(), addresses.join()].join(' ');
}

function message({ host, protocol, segments }: AllowRule): string {
  return `msg:"egress allowed: ${protocol} ${host.text} from ${segments.join(' ')}"`;
}

function signature(key: string, header: string, options: readonly string[]): Signature {
  return { key, header, options };
}

function list(items: readonly (string | number)[]): string {
  return items.length === 1 ? String(items[0]) : `[${[...new Set(items)].join(',')}]`;
}

/** Everything else: of nothing, that is everything. */
function not(items: readonly (string | number)[]): string {
  if (items.length === 0) return 'any';
  return `!${list(items)}`;
}
