/** What makes a text a public DNS name, and the one spelling that is compared. */
import { domainToASCII, domainToUnicode } from 'node:url';
import { isPrintable, type Finding } from './problems';

/** A name in its canonical spelling, or why it is none. */
export type HostName = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly problem: Finding };

/** The longest name that DNS carries, without the trailing dot (RFC 1035, 2.3.4). */
const LONGEST_NAME = 253;
/** No spelling of a name is longer, in any alphabet; the checks below need not read more. */
const LONGEST_TEXT = 4 * LONGEST_NAME;
/** The longest part between two dots (RFC 1035, 2.3.4). */
const LONGEST_LABEL = 63;

/** Names that no public resolver answers for (RFC 6761, RFC 8375, RFC 9476, ICANN's `.internal`). */
const SPECIAL_USE = ['localhost', 'local', 'internal', 'test', 'example', 'invalid', 'onion', 'alt', 'arpa', 'lan', 'home', 'corp', 'localdomain'];

/** Lower case, punycode, no trailing dot. No judgement: use `parseHostName` for what people write. */
export function canonicalHost(text: string): string {
  const name = text.toLowerCase().replace(/\.$/, '');
  // domainToASCII would also decode `%41` and read `0x7f.1` as an address; plain names need none of it.
  if (/^[\x20-\x7e]*$/.test(name)) return name;
  return name.includes('%') ? '' : domainToASCII(name).replace(/\.$/, '');
}

/**
 * Checks a name without its wildcard, and says what to write instead when it is none.
 *
 * @param wildcard what stood before the name, for that advice
 */
export function parseHostName(text: string, wildcard: '' | '*.' = ''): HostName {
  const problem = notAName(text, wildcard);
  if (problem) return { ok: false, problem };
  const name = canonicalHost(text);
  // Translation can make ASCII of look-alikes, even a star; what comes out is checked like what goes in.
  const flaw = (/^[a-z0-9.-]+$/.test(name) ? undefined : badIdn()) ?? ipAddress(name) ?? badLabels(name) ?? badPunycode(name) ?? notPublic(name);
  return flaw ? { ok: false, problem: flaw } : { ok: true, name };
}

function finding(code: string, message: string, fix: string): Finding {
  return { code, message, fix };
}

/** What was written is something else than a name: a URL, an address, a typing accident. */
function notAName(text: string, wildcard: string): Finding | undefined {
  if (text === '') return finding('host-empty', 'is empty', "write a name such as 'api.example.com'");
  if (text.length > LONGEST_TEXT) return finding('host-too-long', `has ${text.length} characters`, `DNS names have at most ${LONGEST_NAME}`);
  // First, because such characters hide what the rest of the text says.
  if (!isPrintable(text)) return finding(
    'host-unprintable',
    'holds a character that cannot be seen',
    'type the name again, without control or zero-width characters',
  );
  if (/\s/.test(text)) return finding('host-space', 'holds a space', 'remove the space; one host per rule');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  const rest = text.slice(scheme?.length ?? 0);
  const authority = rest.split(/[/?#\\]/)[0]!;
  const bare = authority.replace(/^.*@/, '').replace(/:\d*$/, '');
  const instead = bare ? `write '${wildcard}${bare}'` : 'write the name alone';
  if (scheme) return finding('host-url', 'is a URL', `${instead}; a firewall sees the name, not the path`);
  if (authority !== rest) return finding('host-path', 'has a path', `${instead}; inside TLS a firewall cannot see the path`);
  if (text.includes('@')) return finding('host-userinfo', 'has a user name', instead);
  if (/^\[|:.*:/.test(text)) return finding(
    'host-ip-address',
    'is an IPv6 address',
    'name the host; for traffic without a name use protocol: tcp with addresses',
  );
  const port = /^[^:]*:(\d*)$/.exec(text);
  if (port) return finding('host-port', 'has a port', `${instead} and ports: [${port[1] || '443'}]`);
  if (text.includes('_')) return finding(
    'host-underscore',
    'has an underscore, which host names cannot have',
    'check the spelling; host names have letters, digits and hyphens',
  );
  const odd = /[^\p{L}\p{M}\p{N}.。．｡-]/u.exec(text)?.[0];
  if (odd) return finding('host-character', `holds '${odd}'`, 'host names have letters, digits, hyphens and dots');
  return undefined;
}

function badIdn(): Finding {
  return finding('host-idn', 'is not a valid international name', 'check the spelling, or write its punycode (xn--…)');
}

/** Everything that a URL parser or a C library would read as an IPv4 address: `10.1`, `0x7f.1`, `2130706433`. */
function ipAddress(name: string): Finding | undefined {
  const last = name.split('.').at(-1)!;
  if (!/^(\d+|0x[0-9a-f]*)$/.test(last)) return undefined;
  return finding('host-ip-address', 'is an IP address', 'name the host; for traffic without a name use protocol: tcp with addresses');
}

function badLabels(name: string): Finding | undefined {
  if (name.startsWith('.')) return finding('host-leading-dot', 'starts with a dot', `write '${name.slice(1)}', or '*${name}' for its subdomains`);
  const labels = name.split('.');
  if (labels.includes('')) return finding('host-empty-label', 'has two dots in a row', 'remove one of the dots');
  if (name.length > LONGEST_NAME) return finding('host-too-long', `has ${name.length} characters`, `DNS names have at most ${LONGEST_NAME}`);
  const long = labels.find((label) => label.length > LONGEST_LABEL);
  if (long) return finding('host-label-too-long', `has a part of ${long.length} characters`, `the parts of a DNS name have at most ${LONGEST_LABEL}`);
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-'))) {
    return finding('host-hyphen', 'has a part that starts or ends with a hyphen', 'check the spelling');
  }
  if (labels.length === 1 && !SPECIAL_USE.includes(name)) {
    return finding('host-single-label', 'is a single word, not a public name', `write the full name, such as '${name}.example.com'`);
  }
  return undefined;
}

/** `xn--` must decode, and to something that encodes back to itself: no two spellings of one name. */
function badPunycode(name: string): Finding | undefined {
  if (!/(^|\.)xn--/.test(name)) return undefined;
  const unicode = domainToUnicode(name);
  if (unicode && unicode !== name && domainToASCII(unicode) === name) return undefined;
  return finding('host-punycode', 'is not valid punycode', "write the name in its own letters; it is translated");
}

function notPublic(name: string): Finding | undefined {
  const last = name.split('.').at(-1)!;
  if (!SPECIAL_USE.includes(last)) return undefined;
  return finding(
    'host-not-public',
    `'.${last}' names do not exist on the internet`,
    'name a public host; private names need no rule here (see accepts and privateServices)',
  );
}
