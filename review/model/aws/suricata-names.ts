/**
 * Which host names a signature holds for: from the server name of a TLS handshake or the host of
 * an HTTP request.
 * https://docs.suricata.io/en/suricata-7.0.8/rules/tls-keywords.html
 */
import type { Signature } from './suricata';

export type NameMatch =
  /** It looks at no name. */
  | { readonly kind: 'none' }
  /** It holds for a name, and may be looser than it looks. */
  | { readonly kind: 'host'; readonly host: string; readonly protocol: 'tls' | 'http'; readonly loose?: string }
  /** It looks at names in a way that this review cannot read. */
  | { readonly kind: 'unreadable'; readonly protocol: 'tls' | 'http'; readonly reason: string };

interface Content {
  readonly text: string;
  readonly negated: boolean;
  readonly dotted: boolean;
  startsWith: boolean;
  endsWith: boolean;
}

const BUFFERS: Readonly<Record<string, 'tls' | 'http'>> = { 'tls.sni': 'tls', tls_sni: 'tls', 'http.host': 'http', http_host: 'http', 'http.host.raw': 'http', http_raw_host: 'http' };
/** Keywords that begin another buffer, so that what follows says nothing about the name. */
const OTHER_BUFFER = /^(tls|http|http2|dns|ssh|ssl|file|ja3|ja4|quic|smb|krb5|mqtt|snmp|sip|rfb)[._]|^(file_data|pkt_data)$/;

export function nameOf(signature: Signature): NameMatch {
  let protocol: 'tls' | 'http' | undefined;
  let buffer: 'tls' | 'http' | undefined;
  let dotted = false;
  let unreadable: string | undefined;
  let size: { readonly relation: string; readonly bytes: number } | undefined;
  const contents: Content[] = [];
  let last: Content | undefined;
  let loose: Content | undefined;
  for (const { name, value } of signature.options) {
    const named = BUFFERS[name];
    if (named) {
      protocol = named;
      buffer = named;
      dotted = false;
      // The old syntax puts the buffer behind the content that it is for.
      if (name === 'http_host' && loose) contents.push((last = loose));
      loose = undefined;
    } else if (OTHER_BUFFER.test(name)) buffer = undefined;
    else if (name === 'dotprefix') dotted = true;
    else if (name === 'content') {
      const content: Content = { text: plain(value ?? ''), negated: value?.startsWith('!') ?? false, dotted, startsWith: false, endsWith: false };
      if (buffer) contents.push(content);
      else loose = content;
      last = content;
      dotted = false;
    } else if (name === 'pcre' && buffer && value !== undefined && !value.startsWith('!')) {
      const pattern = patternOf(value);
      if (pattern) contents.push((last = pattern));
      else unreadable = value;
    } else if (last) mark(last, name, value);
    if (name === 'bsize' && buffer) size = sizeOf(value ?? '');
  }
  if (!protocol) return { kind: 'none' };
  return judged(protocol, contents.filter((content) => !content.negated && content.text !== ''), size, unreadable, contents.some((content) => content.negated));
}

function judged(protocol: 'tls' | 'http', contents: readonly Content[], size: { relation: string; bytes: number } | undefined, unreadable: string | undefined, excludes: boolean): NameMatch {
  const hosts = contents.map((content) => hostOf(content, size, excludes));
  // All of them have to hold, so the tightest bounds the rest.
  const best = hosts.sort((a, b) => looseness(a) - looseness(b))[0];
  if (best && (best.loose === undefined || unreadable === undefined)) return { kind: 'host', protocol, ...best };
  if (unreadable !== undefined) return { kind: 'unreadable', protocol, reason: `the pattern ${unreadable} is more than this review can read` };
  return { kind: 'host', protocol, host: '*', loose: 'it says which names it does not mean, or none at all' };
}

interface Host {
  readonly host: string;
  readonly loose?: string;
}

function hostOf(content: Content, size: { relation: string; bytes: number } | undefined, excludes: boolean): Host {
  const { text, dotted, endsWith } = content;
  const startsWith = content.startsWith || (size?.relation === '=' && size.bytes === text.length && endsWith);
  const isExact = (startsWith && endsWith) || (size?.relation === '=' && size.bytes === text.length);
  if (isExact) return { host: dotted && text.startsWith('.') ? text.slice(1) : text };
  if (!endsWith) return { host: '*', loose: `'${text}' is not anchored at its end: '${text}.attacker.example' matches, too` };
  if (!text.startsWith('.')) return { host: `*${text}`, loose: `'${text}' is not anchored at its start: 'evil${text}' matches, too` };
  if (dotted) return { host: excludes ? `*${text}` : text };
  if (size?.relation === '>' && size.bytes >= text.length) return { host: `*${text}` };
  return { host: `*${text}`, loose: `nothing has to stand before the dot of '${text}'` };
}

function looseness({ host, loose }: Host): number {
  return (host === '*' ? 4 : 0) + (loose === undefined ? 0 : 2) + (host.startsWith('*') || host.startsWith('.') ? 1 : 0);
}

function mark(content: Content, name: string, value: string | undefined): void {
  if (name === 'startswith') content.startsWith = true;
  else if (name === 'endswith') content.endsWith = true;
  else if (name === 'depth' && Number(value) === content.text.length) content.startsWith = true;
  else if (name === 'isdataat' && /^!\s*1\s*,\s*relative/.test(value ?? '')) content.endsWith = true;
}

/** `|2e|` is a dot; a backslash escapes. */
function plain(value: string): string {
  return value.replace(/^!/, '').replace(/\|([0-9a-fA-F ]+)\|/g, (_, hex: string) => hex.trim().split(/\s+/).map((byte) => String.fromCharCode(parseInt(byte, 16))).join('')).replace(/\\(.)/g, '$1').toLowerCase();
}

function sizeOf(value: string): { readonly relation: string; readonly bytes: number } | undefined {
  const match = /^([<>]?)\s*(\d+)$/.exec(value.trim());
  return match ? { relation: match[1] === '' ? '=' : (match[1] as string), bytes: Number(match[2]) } : undefined;
}

/** Patterns that are plain names with anchors: `/^(.*\.)?example\.com$/i`. */
function patternOf(value: string): Content | undefined {
  const match = /^\/(\^?)(\(\??:?\.[*+]\\\.\)\??|\.[*+]\\\.|\\\.)?((?:[a-z0-9-]|\\\.|\\-)+)(\$?)\/[a-zA-Z]*$/i.exec(value);
  if (!match) return undefined;
  const [, start, sub = '', name = '', end] = match;
  const text = name.replace(/\\(.)/g, '$1').toLowerCase();
  const apex = sub.endsWith('?');
  return { text: sub === '' ? text : `.${text}`, negated: false, dotted: apex, startsWith: start === '^' && sub === '', endsWith: end === '$' };
}
